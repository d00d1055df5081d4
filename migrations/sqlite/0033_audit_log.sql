-- The audit log: events with their authors and origins, their objects, and old and new values. The author's user is
-- `actor_id`. Entries are the events with an object; the traffic of chats has none.
ALTER TABLE events ADD COLUMN author_type TEXT;
ALTER TABLE events ADD COLUMN author_name TEXT;
ALTER TABLE events ADD COLUMN token_id INTEGER;
ALTER TABLE events ADD COLUMN session_id INTEGER;
ALTER TABLE events ADD COLUMN address TEXT;
ALTER TABLE events ADD COLUMN device TEXT;
ALTER TABLE events ADD COLUMN object_type TEXT;
ALTER TABLE events ADD COLUMN object_id TEXT;
ALTER TABLE events ADD COLUMN object_title TEXT;
-- JSON: {"field": ["old", "new"]}.
ALTER TABLE events ADD COLUMN changes TEXT;
-- The folded text of the title, the author, the address and the values.
ALTER TABLE events ADD COLUMN search_text TEXT;

UPDATE events SET
    object_type = CASE
        WHEN kind IN ('TokenCreated', 'TokenRevoked') THEN 'api_key'
        WHEN kind LIKE 'Role%' THEN 'role'
        WHEN kind LIKE 'Channel%' THEN 'channel'
        WHEN kind LIKE 'Template%' THEN 'template'
        WHEN kind IN ('UserInvited', 'InvitationWithdrawn') THEN 'invitation'
        WHEN kind = 'ClientsExported' THEN 'workspace'
        WHEN kind LIKE 'Client%' THEN 'client'
        WHEN payload LIKE '%"chat_id":%' THEN 'chat'
        ELSE 'user'
    END,
    object_id = CAST(COALESCE(
        json_extract(payload, '$.token_id'), json_extract(payload, '$.role_id'),
        json_extract(payload, '$.channel_id'), json_extract(payload, '$.template_id'),
        json_extract(payload, '$.link_id'), json_extract(payload, '$.chat_id'),
        json_extract(payload, '$.client_id'), json_extract(payload, '$.user_id')) AS TEXT)
WHERE kind NOT IN ('MessageReceived', 'MessageEdited', 'MessageFilesChanged', 'MessageReactionsChanged', 'MessageRead',
        'MessageUnread')
    AND (kind NOT IN ('MessageStatusChanged', 'ReachChanged') OR actor_id IS NOT NULL);

CREATE INDEX events_audited ON events (tenant_id, created_at, id) WHERE object_type IS NOT NULL;
CREATE INDEX events_by_kind ON events (tenant_id, kind, created_at, id) WHERE object_type IS NOT NULL;
CREATE INDEX events_by_actor ON events (tenant_id, actor_id, created_at, id) WHERE object_type IS NOT NULL;
CREATE INDEX events_by_object ON events (tenant_id, object_type, object_id, created_at, id)
    WHERE object_type IS NOT NULL;

-- A workspace that the operator has suspended, or whose deletion has begun.
ALTER TABLE tenants ADD COLUMN suspended_at TEXT;
ALTER TABLE tenants ADD COLUMN deletion_began_at TEXT;

-- Events are append-only, also for the role of the application. Two changes are accepted: the removal of what an entry
-- tells of a deleted client, and the deletion of all events of a workspace whose deletion has begun.
CREATE TRIGGER events_append_only BEFORE UPDATE ON events
WHEN NOT (
    NEW.object_title IS NULL AND NEW.changes IS NULL AND NEW.search_text IS NULL
        AND NEW.tenant_id IS OLD.tenant_id
        AND NEW.id IS OLD.id
        AND NEW.kind IS OLD.kind
        AND NEW.payload IS OLD.payload
        AND NEW.actor_id IS OLD.actor_id
        AND NEW.created_at IS OLD.created_at
        AND NEW.client_id IS OLD.client_id
        AND NEW.author_type IS OLD.author_type
        AND NEW.author_name IS OLD.author_name
        AND NEW.token_id IS OLD.token_id
        AND NEW.session_id IS OLD.session_id
        AND NEW.address IS OLD.address
        AND NEW.device IS OLD.device
        AND NEW.object_type IS OLD.object_type
        AND NEW.object_id IS OLD.object_id
)
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;
CREATE TRIGGER events_not_deleted BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = OLD.tenant_id AND t.deletion_began_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;
