-- Staff who are told of messages by a bot.

-- Whom to tell of what, and when not: minutes of the company's day. `address` is the account of Telegram that the user
-- has linked by `channel_id`; `lost_at` says when it was found to have blocked the bot. `code` is what links one.
CREATE TABLE notification_settings (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    inbound TEXT NOT NULL,
    failed BIGINT NOT NULL,
    with_text BIGINT NOT NULL,
    quiet_from BIGINT,
    quiet_to BIGINT,
    channel_id UUID,
    address TEXT,
    name TEXT,
    lost_at TIMESTAMPTZ,
    code TEXT,
    code_channel_id UUID,
    code_until TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, user_id),
    UNIQUE (tenant_id, code),
    UNIQUE (tenant_id, channel_id, address),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id),
    FOREIGN KEY (tenant_id, code_channel_id) REFERENCES channels (tenant_id, id)
);

-- What is still to be told: `amount` messages of a chat together. The row stays when they are told, so that the next
-- ones wait a little.
CREATE TABLE notifications (
    tenant_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ,
    attempts BIGINT NOT NULL DEFAULT 0,
    leased_until TIMESTAMPTZ,
    PRIMARY KEY (tenant_id, user_id, chat_id, kind),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX notifications_due ON notifications (due_at) WHERE amount > 0;

-- Up to which event those who are to be told are known.
CREATE TABLE notification_cursors (
    tenant_id BIGINT PRIMARY KEY,
    last_id BIGINT NOT NULL,
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

CALL aloqa_wall('notification_settings');
CALL aloqa_wall('notifications');
CALL aloqa_wall('notification_cursors');
