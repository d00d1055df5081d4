-- Roles that a workspace has made itself. Their ids begin after those of the built-in ones, which are not stored.
CREATE TABLE roles (
    tenant_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 101),
    name TEXT NOT NULL,
    -- The names of the permissions, separated by spaces.
    permissions TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CALL aloqa_enable_row_level_security('roles');

-- A user with an own role has it instead of the built-in one in `role`. A service account is a user without a password,
-- through which a program acts that belongs to no person. (SQLite can't add a foreign key of two columns to a table; a role
-- is deleted only if no user has it, and a user whose role is missing has the one in `role`.)
ALTER TABLE users ADD COLUMN role_id BIGINT;
ALTER TABLE users ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';
CREATE INDEX users_by_role ON users (tenant_id, role_id) WHERE role_id IS NOT NULL;

-- The permissions that a token is restricted to, and the beginning of the token, by which people recognise it.
ALTER TABLE api_tokens ADD COLUMN permissions TEXT;
ALTER TABLE api_tokens ADD COLUMN prefix TEXT;

-- Where a session was begun, and when it was last used.
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN user_agent TEXT;
ALTER TABLE sessions ADD COLUMN last_used_at TIMESTAMPTZ;

-- Links by which an invited user sets a name and a password, or a user a new password. One link for each address; the token
-- itself is never stored, only its SHA-256.
CREATE TABLE access_links (
    tenant_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    email TEXT NOT NULL,
    -- The user whose password is set; absent for an invitation, which has a role instead.
    user_id BIGINT,
    first_name TEXT,
    last_name TEXT,
    role TEXT,
    role_id BIGINT,
    token_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id)
);
CREATE UNIQUE INDEX access_links_by_token ON access_links (token_hash);
CALL aloqa_enable_row_level_security('access_links');
