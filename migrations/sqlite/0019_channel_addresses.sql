-- The addresses of a channel are rows of one table instead of a column for each kind, and what only its provider reads is
-- JSON: a provider can be added without a column (docs/adr/0023-provider-contract.md).

-- The provider's id of the account or bot.
DROP INDEX channels_by_sms_number;
DROP INDEX channels_by_whatsapp_number;
DROP INDEX channels_by_messaging_service;
DROP INDEX channels_by_bot;
ALTER TABLE channels RENAME COLUMN account_sid TO account;
CREATE INDEX channels_by_account ON channels (provider, account);

-- An address of an account belongs to one channel of all tenants, so that a webhook can't be claimed by two
-- tenants. `kind` is a word of the provider, and `provider` and `account` are the channel's own, which never change.
CREATE TABLE channel_addresses (
    tenant_id INTEGER NOT NULL,
    channel_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (tenant_id, channel_id, kind),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX channel_addresses_by_address ON channel_addresses (provider, account, kind, address);

INSERT INTO channel_addresses (tenant_id, channel_id, kind, address, provider, account)
SELECT tenant_id, id, 'sms_number', sms_number, provider, account FROM channels
WHERE sms_number IS NOT NULL;
INSERT INTO channel_addresses (tenant_id, channel_id, kind, address, provider, account)
SELECT tenant_id, id, 'whatsapp_number', whatsapp_number, provider, account FROM channels
WHERE whatsapp_number IS NOT NULL;
INSERT INTO channel_addresses (tenant_id, channel_id, kind, address, provider, account)
SELECT tenant_id, id, 'messaging_service_sid', messaging_service_sid, provider, account FROM channels
WHERE messaging_service_sid IS NOT NULL;
-- A bot is connected once. A removed one has no webhook any more, and may be connected again.
INSERT INTO channel_addresses (tenant_id, channel_id, kind, address, provider, account)
SELECT tenant_id, id, 'bot', account, provider, account FROM channels
WHERE provider = 'telegram' AND webhook_hash IS NOT NULL;

ALTER TABLE channels ADD COLUMN settings TEXT;
UPDATE channels SET settings = json_object('username', username) WHERE username IS NOT NULL;

ALTER TABLE channels DROP COLUMN sms_number;
ALTER TABLE channels DROP COLUMN whatsapp_number;
ALTER TABLE channels DROP COLUMN messaging_service_sid;
ALTER TABLE channels DROP COLUMN username;
