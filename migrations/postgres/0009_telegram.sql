-- Telegram, and what came with it: bots as channels, messages that are more than a text, ways that are closed.

-- `username` is the bot's. The webhook's secret token is kept twice: hashed, to be found by, and encrypted, for the
-- operator's commands. A bot posts to one address only, so it is connected once, whoever's it is.
ALTER TABLE channels ADD COLUMN username TEXT;
ALTER TABLE channels ADD COLUMN webhook_hash BYTEA;
ALTER TABLE channels ADD COLUMN webhook_secret BYTEA;
CREATE UNIQUE INDEX channels_by_webhook ON channels (webhook_hash);
CREATE UNIQUE INDEX channels_by_bot ON channels (account_sid) WHERE provider = 'telegram' AND webhook_hash IS NOT NULL;

-- `details` is what a message holds besides its text, as JSON. `parts` are the provider's ids of the parts that have
-- gone out of one that goes in several, as JSON.
ALTER TABLE messages ADD COLUMN details TEXT;
ALTER TABLE messages ADD COLUMN parts TEXT;

-- The texts that a message had before its sender changed it.
CREATE TABLE message_edits (
    tenant_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    message_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_edits_by_message ON message_edits (tenant_id, message_id, written_at);

-- Addresses that a channel can't send to any more, until they write again, and why.
CREATE TABLE closed_ways (
    tenant_id BIGINT NOT NULL,
    channel_id UUID NOT NULL,
    transport TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    closed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, channel_id, transport, address),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id) ON DELETE CASCADE
);

-- Links by which a client that is known already comes to write by a bot.
CREATE TABLE invitations (
    tenant_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    channel_id UUID NOT NULL,
    client_id BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, code),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX invitations_by_client ON invitations (tenant_id, client_id);
CREATE INDEX invitations_by_channel ON invitations (tenant_id, channel_id);

CALL aloqa_wall('message_edits');
CALL aloqa_wall('closed_ways');
CALL aloqa_wall('invitations');
