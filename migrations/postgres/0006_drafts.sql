-- What each user has begun to write in each chat. `written_at` is when it was typed, so that a save that was long on its
-- way does not overwrite a newer one; what was sent or emptied stays as a row without text, for the same reason.
CREATE TABLE drafts (
    tenant_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    transport TEXT,
    template_id BIGINT,
    idempotency_key TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant_id, chat_id, user_id),
    FOREIGN KEY (tenant_id, chat_id) REFERENCES chats (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, template_id) REFERENCES message_templates (tenant_id, id)
);
CREATE INDEX drafts_by_user ON drafts (tenant_id, user_id);
CREATE INDEX drafts_by_template ON drafts (tenant_id, template_id);
CALL aloqa_wall('drafts');

-- How often a template went out.
ALTER TABLE message_templates ADD COLUMN uses BIGINT NOT NULL DEFAULT 0;

-- What is to go out later, the soonest first.
CREATE INDEX messages_by_schedule ON messages (tenant_id, scheduled_at, id) WHERE status = 'scheduled';
