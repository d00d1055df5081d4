-- Staff who are told of messages by a bot.

-- Whom to tell of what, and when not: minutes of the company's day. `address` is the account of Telegram that the user
-- has linked by `channel_id`; `lost_at` says when it was found to have blocked the bot. `code` is what links one.
CREATE TABLE notification_settings (
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    inbound TEXT NOT NULL,
    failed INTEGER NOT NULL,
    with_text INTEGER NOT NULL,
    quiet_from INTEGER,
    quiet_to INTEGER,
    channel_id BLOB,
    address TEXT,
    name TEXT,
    lost_at TEXT,
    code TEXT,
    code_channel_id BLOB,
    code_until TEXT,
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
    tenant_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    due_at TEXT NOT NULL,
    told_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    leased_until TEXT,
    PRIMARY KEY (tenant_id, user_id, chat_id, kind),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX notifications_due ON notifications (due_at) WHERE amount > 0;

-- Up to which event those who are to be told are known.
CREATE TABLE notification_cursors (
    tenant_id INTEGER PRIMARY KEY NOT NULL,
    last_id INTEGER NOT NULL,
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
