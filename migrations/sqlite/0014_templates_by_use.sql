-- Message templates in the order in which they are needed.
CREATE INDEX message_templates_by_use ON message_templates (tenant_id, uses DESC, name, id);
