-- What the settings page knows of a channel: whether it is on, when its provider was last heard, and what went wrong.

-- A channel that was removed keeps its row, since its messages name it, but neither addresses nor secret, and nobody
-- finds it any more. `previous_secret` still proves webhooks until `previous_until`. `failing` says that what went wrong
-- last was the channel's own fault, and that nothing has been handed over since.
ALTER TABLE channels ADD COLUMN disabled_at TIMESTAMPTZ;
ALTER TABLE channels ADD COLUMN removed_at TIMESTAMPTZ;
ALTER TABLE channels ADD COLUMN previous_secret BYTEA;
ALTER TABLE channels ADD COLUMN previous_until TIMESTAMPTZ;
ALTER TABLE channels ADD COLUMN last_webhook_at TIMESTAMPTZ;
ALTER TABLE channels ADD COLUMN last_error_at TIMESTAMPTZ;
ALTER TABLE channels ADD COLUMN last_error_code TEXT;
ALTER TABLE channels ADD COLUMN last_error_detail TEXT;
ALTER TABLE channels ADD COLUMN failing BIGINT NOT NULL DEFAULT 0;

-- What waits in a channel's queue, and what it did not deliver.
CREATE INDEX deliveries_by_channel ON deliveries (tenant_id, channel_id, due_at);
CREATE INDEX messages_by_failure ON messages (tenant_id, channel_id, id) WHERE status IN ('failed', 'unknown');
