-- The audit log: events with their authors and origins, their objects, and old and new values. The author's user is
-- `actor_id`. Entries are the events with an object; the traffic of chats has none.
ALTER TABLE events ADD COLUMN author_type TEXT;
ALTER TABLE events ADD COLUMN author_name TEXT;
ALTER TABLE events ADD COLUMN token_id BIGINT;
ALTER TABLE events ADD COLUMN session_id BIGINT;
ALTER TABLE events ADD COLUMN address TEXT;
ALTER TABLE events ADD COLUMN device TEXT;
ALTER TABLE events ADD COLUMN object_type TEXT;
ALTER TABLE events ADD COLUMN object_id TEXT;
ALTER TABLE events ADD COLUMN object_title TEXT;
-- JSON: {"field": ["old", "new"]}.
ALTER TABLE events ADD COLUMN changes TEXT;
-- The folded text of the title, the author, the address and the values.
ALTER TABLE events ADD COLUMN search_text TEXT;

SET LOCAL aloqa.operator = 'on';
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
    object_id = COALESCE(
        CAST(payload AS JSONB) ->> 'token_id', CAST(payload AS JSONB) ->> 'role_id',
        CAST(payload AS JSONB) ->> 'channel_id', CAST(payload AS JSONB) ->> 'template_id',
        CAST(payload AS JSONB) ->> 'link_id', CAST(payload AS JSONB) ->> 'chat_id',
        CAST(payload AS JSONB) ->> 'client_id', CAST(payload AS JSONB) ->> 'user_id')
WHERE kind NOT IN ('MessageReceived', 'MessageEdited', 'MessageFilesChanged', 'MessageReactionsChanged', 'MessageRead',
        'MessageUnread')
    AND (kind NOT IN ('MessageStatusChanged', 'ReachChanged') OR actor_id IS NOT NULL);
SET LOCAL aloqa.operator = 'off';

CREATE INDEX events_audited ON events (tenant_id, created_at, id) WHERE object_type IS NOT NULL;
CREATE INDEX events_by_kind ON events (tenant_id, kind, created_at, id) WHERE object_type IS NOT NULL;
CREATE INDEX events_by_actor ON events (tenant_id, actor_id, created_at, id) WHERE object_type IS NOT NULL;
CREATE INDEX events_by_object ON events (tenant_id, object_type, object_id, created_at, id)
    WHERE object_type IS NOT NULL;

-- A workspace that the operator has suspended, or whose deletion has begun.
ALTER TABLE tenants ADD COLUMN suspended_at TIMESTAMPTZ;
ALTER TABLE tenants ADD COLUMN deletion_began_at TIMESTAMPTZ;

-- Events are append-only, also for the role of the application. Two changes are accepted: the removal of what an entry
-- tells of a deleted client, and the deletion of all events of a workspace whose deletion has begun.
CREATE FUNCTION aloqa_events_are_append_only() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    erased CONSTANT TEXT[] := ARRAY['object_title', 'changes', 'search_text'];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.object_title IS NULL AND NEW.changes IS NULL AND NEW.search_text IS NULL
        AND to_jsonb(NEW) - erased = to_jsonb(OLD) - erased THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM tenants t WHERE t.id = OLD.tenant_id AND t.deletion_began_at IS NOT NULL) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION aloqa_events_are_append_only();
CREATE TRIGGER events_not_truncated BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION aloqa_events_are_append_only();
