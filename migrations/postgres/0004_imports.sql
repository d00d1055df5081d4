-- Imports of clients. The uploaded file is in the file store under `file_key` until it is purged; what is to be done
-- and how far it got is here, so that whoever holds the lease can go on after a crash.
CREATE TABLE imports (
    tenant_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    user_id BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    file_key TEXT,
    charset TEXT NOT NULL,
    delimiter BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    sample TEXT NOT NULL,
    mapping TEXT NOT NULL,
    state TEXT NOT NULL,
    updates BIGINT NOT NULL DEFAULT 0,
    whole BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL,
    position BIGINT NOT NULL DEFAULT 0,
    good BIGINT NOT NULL DEFAULT 0,
    duplicates BIGINT NOT NULL DEFAULT 0,
    bad BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL DEFAULT 0,
    updated BIGINT NOT NULL DEFAULT 0,
    kept BIGINT NOT NULL DEFAULT 0,
    lease TEXT,
    leased_until TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX imports_by_state ON imports (state, leased_until);
CREATE INDEX imports_by_file ON imports (created_at, file_key);

-- What is wrong with rows, by their number in the file, as JSON.
CREATE TABLE import_flaws (
    tenant_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    bad BIGINT NOT NULL,
    flaws TEXT NOT NULL,
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

-- What an import that is to be whole or not at all has done so far, so that it can be undone. `before` is what an
-- updated client was, as JSON; none for one that was made.
CREATE TABLE import_steps (
    tenant_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    before TEXT,
    contacts TEXT NOT NULL,
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

CALL aloqa_wall('imports');
CALL aloqa_wall('import_flaws');
CALL aloqa_wall('import_steps');
