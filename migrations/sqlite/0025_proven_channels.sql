-- The time when a channel was proven: its provider has accepted the credentials. A webhook proves nothing, because whoever
-- made up the credentials can sign it. An unproven channel lays no claim to an address. Channels of earlier versions count
-- as proven.
ALTER TABLE channels ADD COLUMN proven_at TEXT;
UPDATE channels SET proven_at = created_at;
