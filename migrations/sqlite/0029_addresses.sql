-- An address that was removed from a client leads to its chat again when it writes.
CREATE INDEX members_by_address ON members (tenant_id, address, transport);

-- The addresses of a removed channel as JSON by kind, by which it is recognised when it is connected again.
ALTER TABLE channels ADD COLUMN removed_addresses TEXT;
