-- The secret of a user's authenticator app (RFC 6238), sealed with the key of the program. It counts from the time at which a
-- first code confirmed it. A step of 30 seconds is used once.
CREATE TABLE second_factors (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    secret BLOB NOT NULL,
    created_at TEXT NOT NULL,
    confirmed_at TEXT,
    last_step INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- Codes for a user whose app is lost, by their SHA-256. A code that was used is deleted.
CREATE TABLE recovery_codes (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    code_hash BLOB NOT NULL,
    PRIMARY KEY (tenant_id, user_id, code_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

-- The roles whose users need a second factor: `*` for all, or the references of roles, separated by blanks.
ALTER TABLE tenants ADD COLUMN two_factor_roles TEXT;
