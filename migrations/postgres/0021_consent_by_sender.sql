-- Suppressions belong to the sender that the client knows, and no longer to the channel: a number that is removed and
-- connected again keeps them. `sender` is an own address of the tenant, or its account at a provider for all addresses of
-- the account.
ALTER TABLE suppressions RENAME TO suppressions_of_channels;
ALTER TABLE suppressions_of_channels RENAME CONSTRAINT suppressions_pkey TO suppressions_of_channels_pkey;
CREATE TABLE suppressions (
    tenant_id BIGINT NOT NULL,
    transport TEXT NOT NULL,
    address TEXT NOT NULL,
    sender TEXT NOT NULL,
    reason TEXT NOT NULL,
    suppressed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, transport, address, sender),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);

-- The rows of all tenants.
SET LOCAL aloqa.operator = 'on';

-- The addresses of a removed channel are not known any more, so its suppressions apply to the whole account. Of several
-- reasons an opt-out remains, whose name is the last in the alphabet.
INSERT INTO suppressions (tenant_id, transport, address, sender, reason, suppressed_at)
SELECT f.tenant_id, f.transport, f.address, f.sender, MAX(f.reason), MIN(f.suppressed_at) FROM (
    SELECT s.tenant_id, s.transport, s.address, a.address AS sender, s.reason, s.suppressed_at
    FROM suppressions_of_channels s
    JOIN channels c ON c.tenant_id = s.tenant_id AND c.id = s.channel_id
    JOIN channel_addresses a ON a.tenant_id = c.tenant_id AND a.channel_id = c.id
    WHERE (s.transport = 'sms' AND a.kind IN ('sms_number', 'messaging_service_sid'))
        OR (s.transport = 'whatsapp' AND a.kind = 'whatsapp_number')
        OR (s.transport = 'telegram' AND a.kind = 'bot')
    UNION ALL
    SELECT s.tenant_id, s.transport, s.address, c.account, s.reason, s.suppressed_at
    FROM suppressions_of_channels s
    JOIN channels c ON c.tenant_id = s.tenant_id AND c.id = s.channel_id
    WHERE c.removed_at IS NOT NULL
) f
GROUP BY f.tenant_id, f.transport, f.address, f.sender;

SET LOCAL aloqa.operator = 'off';

DROP TABLE suppressions_of_channels;

CALL aloqa_enable_row_level_security('suppressions');
