-- The secret of a user's authenticator app (RFC 6238), sealed with the key of the program. It counts from the time at which a
-- first code confirmed it. A step of 30 seconds is used once.
CREATE TABLE second_factors (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    secret BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    last_step BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CALL aloqa_enable_row_level_security('second_factors');

-- Codes for a user whose app is lost, by their SHA-256. A code that was used is deleted.
CREATE TABLE recovery_codes (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, user_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CALL aloqa_enable_row_level_security('recovery_codes');

-- The roles whose users need a second factor: `*` for all, or the references of roles, separated by blanks.
ALTER TABLE tenants ADD COLUMN two_factor_roles TEXT;
