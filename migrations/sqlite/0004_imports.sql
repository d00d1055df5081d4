-- Imports of clients. The uploaded file is in the file store under `file_key` until it is purged; what is to be done
-- and how far it got is here, so that whoever holds the lease can go on after a crash.
CREATE TABLE imports (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file_key TEXT,
    charset TEXT NOT NULL,
    delimiter INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    sample TEXT NOT NULL,
    mapping TEXT NOT NULL,
    state TEXT NOT NULL,
    updates INTEGER NOT NULL DEFAULT 0,
    whole INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL,
    position INTEGER NOT NULL DEFAULT 0,
    good INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    bad INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0,
    lease TEXT,
    leased_until TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX imports_by_state ON imports (state, leased_until);
CREATE INDEX imports_by_file ON imports (created_at, file_key);

-- What is wrong with rows, by their number in the file, as JSON.
CREATE TABLE import_flaws (
    tenant_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    row_number INTEGER NOT NULL,
    bad INTEGER NOT NULL,
    flaws TEXT NOT NULL,
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);

-- What an import that is to be whole or not at all has done so far, so that it can be undone. `before` is what an
-- updated client was, as JSON; none for one that was made.
CREATE TABLE import_steps (
    tenant_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    row_number INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    before TEXT,
    contacts TEXT NOT NULL,
    PRIMARY KEY (tenant_id, import_id, row_number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports (tenant_id, id) ON DELETE CASCADE
);
