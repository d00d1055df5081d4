-- An address that was removed from a client leads to its chat again when it writes.
CREATE INDEX members_by_address ON members (tenant_id, address, transport);

-- The addresses of a removed channel as JSON by kind, by which it is recognised when it is connected again.
ALTER TABLE channels ADD COLUMN removed_addresses TEXT;

-- The time until which the provider's list of inbound messages was read, and the time and the number of messages when some
-- were found that no webhook had brought.
ALTER TABLE channels ADD COLUMN history_read_at TIMESTAMPTZ;
ALTER TABLE channels ADD COLUMN filled_at TIMESTAMPTZ;
ALTER TABLE channels ADD COLUMN filled_count BIGINT NOT NULL DEFAULT 0;
