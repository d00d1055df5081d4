-- The first schema. Every table of a tenant leads with `tenant_id`, and foreign keys carry it along, so that no row
-- can point across workspaces. The other engine's file beside this one says the same; a test compares them.

-- Workspaces. Everything below belongs to one of them.
CREATE TABLE tenants (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    country TEXT NOT NULL,
    created_at TEXT NOT NULL
);

-- Staff.
CREATE TABLE users (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT,
    role TEXT NOT NULL,
    locale TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, email),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX users_by_email ON users (email);

-- Browsers that are signed in. The cookie's token itself is never stored, only its SHA-256.
CREATE TABLE sessions (
    tenant_id INTEGER NOT NULL,
    token_hash BLOB NOT NULL,
    user_id INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX sessions_by_user ON sessions (tenant_id, user_id);

-- Programs that may act as a user, by the SHA-256 of their bearer token.
CREATE TABLE api_tokens (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX api_tokens_by_token ON api_tokens (token_hash);
CREATE INDEX api_tokens_by_user ON api_tokens (tenant_id, user_id);

-- Connections to providers. The secret is encrypted (XChaCha20-Poly1305, bound to the channel's id). An address
-- leads to one channel only, whoever's it is, so that a webhook can't be claimed by two workspaces.
CREATE TABLE channels (
    tenant_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    provider TEXT NOT NULL,
    account_sid TEXT NOT NULL,
    secret BLOB NOT NULL,
    sms_number TEXT,
    whatsapp_number TEXT,
    messaging_service_sid TEXT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX channels_by_sms_number ON channels (account_sid, sms_number);
CREATE UNIQUE INDEX channels_by_whatsapp_number ON channels (account_sid, whatsapp_number);
CREATE UNIQUE INDEX channels_by_messaging_service ON channels (account_sid, messaging_service_sid);

-- Clients. `search` holds the folded names, phone digits and e-mail that lists look through.
CREATE TABLE clients (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT,
    middle_name TEXT,
    phone TEXT,
    email TEXT,
    address TEXT,
    date_of_birth TEXT,
    gender TEXT,
    passport_series TEXT,
    passport_number TEXT,
    pin TEXT,
    pin_country TEXT,
    comments TEXT,
    sort_name TEXT NOT NULL,
    search TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, phone),
    UNIQUE (tenant_id, pin, pin_country),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX clients_by_created_at ON clients (tenant_id, created_at, id);
CREATE INDEX clients_by_name ON clients (tenant_id, sort_name, id);
CREATE INDEX clients_by_email ON clients (tenant_id, email);

-- Ways to reach a client; each leads to one client in the tenant.
CREATE TABLE contacts (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    client_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, type, value),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX contacts_by_client ON contacts (tenant_id, client_id, id);

-- Conversations, one per client. What a list shows of the last message is kept here, in the transaction of that
-- message; `active_at` is its time, or the chat's own while nothing was said.
CREATE TABLE chats (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    client_id INTEGER NOT NULL,
    unread_count INTEGER NOT NULL DEFAULT 0,
    active_at TEXT NOT NULL,
    last_message_id INTEGER,
    last_message_preview TEXT,
    last_message_direction TEXT,
    last_message_transport TEXT,
    last_message_status TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, client_id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, last_message_id) REFERENCES messages (tenant_id, id)
);
CREATE INDEX chats_by_activity ON chats (tenant_id, active_at DESC, id DESC);
CREATE INDEX chats_by_last_message ON chats (tenant_id, last_message_id);

-- Participants of a chat, one per person (or address) and transport. `data` is the transport's own, as JSON.
CREATE TABLE members (
    tenant_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    chat_id INTEGER NOT NULL,
    transport TEXT NOT NULL,
    participant TEXT NOT NULL,
    sender_type TEXT NOT NULL,
    user_id INTEGER,
    client_id INTEGER,
    contact_id INTEGER,
    address TEXT,
    data TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, chat_id, transport, participant),
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contact_id) REFERENCES contacts (tenant_id, id)
);
CREATE INDEX members_by_contact ON members (tenant_id, contact_id);
CREATE INDEX members_by_client ON members (tenant_id, client_id);

-- Messages. `provider_id` is the provider's own id, by which its status reports find the message; `retries` tells the
-- reports about an earlier try from those about this one.
CREATE TABLE messages (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    chat_id INTEGER NOT NULL,
    member_id BLOB NOT NULL,
    direction TEXT NOT NULL,
    transport TEXT NOT NULL,
    channel_id BLOB,
    provider_id TEXT,
    text TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code TEXT,
    error_detail TEXT,
    idempotency_key TEXT,
    retries INTEGER NOT NULL DEFAULT 0,
    scheduled_at TEXT,
    sent_at TEXT,
    delivered_at TEXT,
    read_at TEXT,
    edited_at TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, channel_id, provider_id),
    UNIQUE (tenant_id, chat_id, idempotency_key),
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id)
);
CREATE INDEX messages_by_chat ON messages (tenant_id, chat_id, id);
CREATE INDEX messages_by_member ON messages (tenant_id, member_id);

-- Files of messages. Inbound ones name where the provider keeps them until they are fetched.
CREATE TABLE attachments (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    message_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size INTEGER,
    source_url TEXT,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX attachments_by_message ON attachments (tenant_id, message_id, id);

-- The outbox: messages that are still to be handed to a provider. A row that is leased is being sent.
CREATE TABLE deliveries (
    tenant_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    channel_id BLOB NOT NULL,
    recipient TEXT NOT NULL,
    due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    leased_until TEXT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, message_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id)
);
CREATE INDEX deliveries_by_due_at ON deliveries (due_at);

-- What providers have posted already. Its key makes a webhook that is posted twice one message.
CREATE TABLE inbound_receipts (
    tenant_id INTEGER NOT NULL,
    channel_id BLOB NOT NULL,
    provider_key TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, channel_id, provider_key),
    FOREIGN KEY (tenant_id, channel_id) REFERENCES channels (tenant_id, id) ON DELETE CASCADE
);

-- Ready answers.
CREATE TABLE message_templates (
    tenant_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    search TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE INDEX message_templates_by_name ON message_templates (tenant_id, name, id);

-- The number of each tenant's newest event. Its row is locked by the last statements of a transaction, so that the
-- order of the numbers is the order of the commits (docs/adr/0003-event-sequence.md).
CREATE TABLE event_counters (
    tenant_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    PRIMARY KEY (tenant_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

-- What happened, append-only: the audit log and the source of live pages. `payload` is the event as JSON.
CREATE TABLE events (
    tenant_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    actor_id INTEGER,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
