-- Full-text search (docs/adr/0009-full-text-search.md). The words are made by the program, each led by its tenant's
-- number, so that both engines find the same; here they are parted by blanks and are nothing to be parsed: every
-- character that is not a blank belongs to a word. The rows have the ids of the clients and messages that they are of.
CREATE VIRTUAL TABLE client_search USING fts5 (
    words, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);
CREATE TRIGGER clients_leave_search AFTER DELETE ON clients BEGIN
    DELETE FROM client_search WHERE rowid = OLD.id;
END;

CREATE VIRTUAL TABLE message_search USING fts5 (
    words, content = '', contentless_delete = 1, detail = none,
    tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);
CREATE TRIGGER messages_leave_search AFTER DELETE ON messages BEGIN
    DELETE FROM message_search WHERE rowid = OLD.id;
END;

-- What was stored before there was an index: clients and messages with these ids and lower ones are still to be indexed,
-- which the program does in the background.
ALTER TABLE tenants ADD COLUMN client_backlog INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN message_backlog INTEGER NOT NULL DEFAULT 0;
UPDATE tenants SET
    client_backlog = COALESCE((SELECT MAX(c.id) FROM clients c WHERE c.tenant_id = tenants.id), 0),
    message_backlog = COALESCE((SELECT MAX(m.id) FROM messages m WHERE m.tenant_id = tenants.id), 0);

-- How many clients there are, kept by the statement that numbers events: counting them would take longer than showing
-- a page of them.
ALTER TABLE event_counters ADD COLUMN client_count INTEGER NOT NULL DEFAULT 0;
UPDATE event_counters SET
    client_count = (SELECT COUNT(*) FROM clients c WHERE c.tenant_id = event_counters.tenant_id);
