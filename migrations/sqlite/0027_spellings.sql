-- Words are stored in several spellings now, and whole words and names for the rank of a match. All are made again,
-- by the program and in the background, the newest first; until then a search finds what is indexed already.
DELETE FROM client_search;
DELETE FROM message_search;
UPDATE tenants SET
    client_backlog = COALESCE((SELECT MAX(c.id) FROM clients c WHERE c.tenant_id = tenants.id), 0),
    message_backlog = COALESCE((SELECT MAX(m.id) FROM messages m WHERE m.tenant_id = tenants.id), 0);
