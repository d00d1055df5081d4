-- The countries to whose numbers a workspace sends: nothing for its own and those of `inbound_countries`, `*` for all, or
-- codes separated by blanks. Workspaces that exist already go on sending to all.
ALTER TABLE tenants ADD COLUMN outbound_countries TEXT;
UPDATE tenants SET outbound_countries = '*';

-- Other countries from whose numbers clients of a workspace have written.
CREATE TABLE inbound_countries (
    tenant_id INTEGER NOT NULL,
    country TEXT NOT NULL,
    PRIMARY KEY (tenant_id, country),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
