-- Duplicates of clients: what they share, which pairs may be one person, and merges that can still be undone.

-- 0 until the client's keys and pairs are worked out; whatever changes the client sets it back.
ALTER TABLE clients ADD COLUMN matched BIGINT NOT NULL DEFAULT 0;
CREATE INDEX clients_unmatched ON clients (tenant_id, id) WHERE matched = 0;

-- What is equal where two clients are alike: folded names, phones, e-mails and so on, by the bit of the likeness.
CREATE TABLE client_keys (
    tenant_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    likeness BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, client_id, likeness, value),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_keys_by_value ON client_keys (tenant_id, likeness, value, client_id);

-- Pairs that share keys, the older client first; `likeness` is the sum of the bits. A dismissed pair stays dismissed.
CREATE TABLE duplicates (
    tenant_id BIGINT NOT NULL,
    first_id BIGINT NOT NULL,
    second_id BIGINT NOT NULL,
    likeness BIGINT NOT NULL,
    dismissed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, first_id, second_id),
    FOREIGN KEY (tenant_id, first_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, second_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX duplicates_by_second ON duplicates (tenant_id, second_id);
CREATE INDEX duplicates_by_likeness ON duplicates (tenant_id, likeness DESC, first_id DESC, second_id DESC)
    WHERE dismissed = 0;

-- Merges that can be undone. `record` is what it takes, as JSON; `under_id` is a later merge that took in the kept
-- client. It goes with the kept client.
CREATE TABLE merges (
    tenant_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    kept_id BIGINT NOT NULL,
    lost_id BIGINT NOT NULL,
    lost_chat_id BIGINT,
    lost_name TEXT NOT NULL,
    record TEXT NOT NULL,
    under_id BIGINT,
    user_id BIGINT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, kept_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, under_id) REFERENCES merges (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX merges_by_kept ON merges (tenant_id, kept_id, id);
CREATE INDEX merges_by_lost ON merges (tenant_id, lost_id);
CREATE INDEX merges_by_lost_chat ON merges (tenant_id, lost_chat_id);
CREATE INDEX merges_by_under ON merges (tenant_id, under_id);
CREATE INDEX merges_by_age ON merges (created_at);

-- The messages that a merge moved, and whose they were.
CREATE TABLE merge_messages (
    tenant_id BIGINT NOT NULL,
    merge_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    member_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, merge_id, message_id),
    FOREIGN KEY (tenant_id, merge_id) REFERENCES merges (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX merge_messages_by_message ON merge_messages (tenant_id, message_id);

CALL aloqa_wall('client_keys');
CALL aloqa_wall('duplicates');
CALL aloqa_wall('merges');
CALL aloqa_wall('merge_messages');
