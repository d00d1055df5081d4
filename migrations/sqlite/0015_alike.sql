-- Words are kept in another spelling now, in which letters that people take for each other are one (q and k, x and h).
-- All are made again, by the program and in the background.
DELETE FROM client_search;
DELETE FROM message_search;
UPDATE tenants SET
    client_backlog = COALESCE((SELECT MAX(c.id) FROM clients c WHERE c.tenant_id = tenants.id), 0),
    message_backlog = COALESCE((SELECT MAX(m.id) FROM messages m WHERE m.tenant_id = tenants.id), 0);
