-- WhatsApp by Twilio: when a client wrote last, and the texts that it takes at any time.

-- Since when an address has not written by a channel.
CREATE INDEX messages_by_arrival ON messages (tenant_id, member_id, channel_id, id) WHERE direction = 'inbound';

-- Texts that WhatsApp approved for a channel's sender, by Twilio's id of each. `defaults` are what its variables are
-- filled with at first, one a line.
CREATE TABLE approved_templates (
    tenant_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    channel_id UUID NOT NULL,
    name TEXT NOT NULL,
    content_sid TEXT NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    defaults TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, channel_id, content_sid),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id) ON DELETE CASCADE
);

CALL aloqa_wall('approved_templates');
