-- The countries to whose numbers a workspace sends: nothing for its own and those of `inbound_countries`, `*` for all, or
-- codes separated by blanks. Workspaces that exist already go on sending to all.
ALTER TABLE tenants ADD COLUMN outbound_countries TEXT;
SET LOCAL aloqa.operator = 'on';
UPDATE tenants SET outbound_countries = '*';
SET LOCAL aloqa.operator = 'off';

-- Other countries from whose numbers clients of a workspace have written.
CREATE TABLE inbound_countries (
    tenant_id BIGINT NOT NULL,
    country TEXT NOT NULL,
    PRIMARY KEY (tenant_id, country),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CALL aloqa_enable_row_level_security('inbound_countries');

-- Rows of the full-text index are written in transactions of their tenant only. Reading has no such policy: behind one,
-- a search could not use its index (docs/adr/0009-full-text-search.md).
CALL aloqa_enable_row_level_security('client_search');
CREATE POLICY reading ON client_search FOR SELECT USING (true);
CALL aloqa_enable_row_level_security('message_search');
CREATE POLICY reading ON message_search FOR SELECT USING (true);
