-- The client that an event is about, so that a client's history is read from an index.
ALTER TABLE events ADD COLUMN client_id BIGINT;
SET LOCAL aloqa.operator = 'on';
UPDATE events SET client_id = CAST(CAST(payload AS JSONB) ->> 'client_id' AS BIGINT);
CREATE INDEX events_by_client ON events (tenant_id, client_id, id);
