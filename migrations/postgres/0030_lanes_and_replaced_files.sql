-- The lane of a delivery: the own sender, which is the channel with the transport, and the priority. A message that a user
-- writes by hand has the priority 0, one of a program or of a schedule 1.
ALTER TABLE deliveries ADD COLUMN transport TEXT;
ALTER TABLE deliveries ADD COLUMN priority BIGINT NOT NULL DEFAULT 1;

SET LOCAL aloqa.operator = 'on';

UPDATE deliveries SET transport = (
    SELECT m.transport FROM messages m
    WHERE m.tenant_id = deliveries.tenant_id AND m.id = deliveries.message_id);

SET LOCAL aloqa.operator = 'off';

CREATE INDEX deliveries_by_lane ON deliveries (tenant_id, channel_id, transport, priority, due_at, message_id);
CREATE INDEX deliveries_by_recipient ON deliveries (tenant_id, channel_id, transport, recipient);

-- The time when the sender replaced a file by another one. The file remains as a part of the message's history.
ALTER TABLE attachments ADD COLUMN replaced_at TIMESTAMPTZ;
