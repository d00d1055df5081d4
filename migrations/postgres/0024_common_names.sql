-- A name that more than ten clients of a tenant have is no reason any more to take two of them for one person.
SET LOCAL aloqa.operator = 'on';

DELETE FROM duplicates WHERE dismissed = 0 AND reasons = 1 AND EXISTS (
    SELECT 1 FROM match_keys k WHERE k.tenant_id = duplicates.tenant_id AND k.client_id = duplicates.first_id AND k.reason = 1
        AND (SELECT COUNT(*) FROM match_keys s
            WHERE s.tenant_id = k.tenant_id AND s.reason = 1 AND s.value = k.value) > 10);

SET LOCAL aloqa.operator = 'off';
