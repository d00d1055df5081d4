-- The client that an event is about, so that a client's history is read from an index.
ALTER TABLE events ADD COLUMN client_id INTEGER;
UPDATE events SET client_id = json_extract(payload, '$.client_id');
CREATE INDEX events_by_client ON events (tenant_id, client_id, id);
