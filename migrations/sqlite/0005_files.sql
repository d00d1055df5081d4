-- Files of messages: where their contents are, what they really are, and how inbound ones come from the provider.

-- `file_key` names the content in the store; without it the file is still to be fetched, or `failure` says why it never
-- came. Width and height are those of a picture as it is to be seen.
ALTER TABLE attachments ADD COLUMN file_key TEXT;
ALTER TABLE attachments ADD COLUMN sha256 BLOB;
ALTER TABLE attachments ADD COLUMN thumbnail_key TEXT;
ALTER TABLE attachments ADD COLUMN width INTEGER;
ALTER TABLE attachments ADD COLUMN height INTEGER;
ALTER TABLE attachments ADD COLUMN failure TEXT;
CREATE INDEX attachments_by_id ON attachments (id);
CREATE INDEX attachments_by_file ON attachments (tenant_id, file_key);
CREATE INDEX attachments_by_thumbnail ON attachments (tenant_id, thumbnail_key);

-- Inbound files that are still to be fetched. Whoever claims a row moves `due_at` beyond the time that a fetch may take,
-- so a row of a worker that died comes due again by itself.
CREATE TABLE media_fetches (
    tenant_id INTEGER NOT NULL,
    attachment_id INTEGER NOT NULL,
    due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, attachment_id),
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachments (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX media_fetches_by_due_at ON media_fetches (due_at);

-- Contents that no row names any more, to be removed from the store.
CREATE TABLE discarded_files (
    tenant_id INTEGER NOT NULL,
    file_key TEXT NOT NULL,
    PRIMARY KEY (tenant_id, file_key),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

-- A trigger, since files go with messages, chats and clients, by cascades that no statement of ours sees.
CREATE TRIGGER attachments_discard_files AFTER DELETE ON attachments
BEGIN
    INSERT OR IGNORE INTO discarded_files (tenant_id, file_key)
    SELECT OLD.tenant_id, k FROM (SELECT OLD.file_key AS k UNION SELECT OLD.thumbnail_key) WHERE k IS NOT NULL;
END;

-- What earlier versions left at the provider.
INSERT INTO media_fetches (tenant_id, attachment_id, due_at)
SELECT a.tenant_id, a.id, m.created_at
FROM attachments a JOIN messages m ON m.tenant_id = a.tenant_id AND m.id = a.message_id
WHERE a.source_url IS NOT NULL;
