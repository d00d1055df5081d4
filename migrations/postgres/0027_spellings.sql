-- Words are stored in several spellings now, and whole words and names for the rank of a match. All are made again,
-- by the program and in the background, the newest first; until then a search finds what is indexed already.
TRUNCATE client_search, message_search;

-- A migration belongs to no tenant, and the wall would hide the rows.
SET LOCAL aloqa.operator = 'on';
UPDATE tenants SET
    client_backlog = COALESCE((SELECT MAX(c.id) FROM clients c WHERE c.tenant_id = tenants.id), 0),
    message_backlog = COALESCE((SELECT MAX(m.id) FROM messages m WHERE m.tenant_id = tenants.id), 0);
SET LOCAL aloqa.operator = 'off';
