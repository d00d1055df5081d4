-- Full-text search (docs/adr/0009-full-text-search.md). The words are made by the program, each led by its tenant's
-- number, so that both engines find the same; no parser or dictionary of PostgreSQL's is asked.
--
-- These two tables have no row-level security: behind a policy, a search (`@@` is not leakproof) could not use its index.
-- They hold folded words and ids only, statements name the tenant twice (in the column and in the words), and
-- what they find is shown only by way of the walled tables.
CREATE TABLE client_search (
    tenant_id BIGINT NOT NULL,
    client_id BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (tenant_id, client_id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_search_words ON client_search USING gin (words);

CREATE TABLE message_search (
    tenant_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (tenant_id, message_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_search_words ON message_search USING gin (words);

-- A migration belongs to no tenant, and the wall would hide the rows that it fills in.
SET LOCAL aloqa.operator = 'on';

-- What was stored before there was an index: clients and messages with these ids and lower ones are still to be indexed,
-- which the program does in the background.
ALTER TABLE tenants ADD COLUMN client_backlog BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN message_backlog BIGINT NOT NULL DEFAULT 0;
UPDATE tenants SET
    client_backlog = COALESCE((SELECT MAX(c.id) FROM clients c WHERE c.tenant_id = tenants.id), 0),
    message_backlog = COALESCE((SELECT MAX(m.id) FROM messages m WHERE m.tenant_id = tenants.id), 0);

-- How many clients there are, kept by the statement that numbers events: counting them would take longer than showing
-- a page of them.
ALTER TABLE event_counters ADD COLUMN client_count BIGINT NOT NULL DEFAULT 0;
UPDATE event_counters SET
    client_count = (SELECT COUNT(*) FROM clients c WHERE c.tenant_id = event_counters.tenant_id);

SET LOCAL aloqa.operator = 'off';
