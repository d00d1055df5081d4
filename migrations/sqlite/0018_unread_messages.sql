-- The messages of a chat that no one has read. They were looked for among all messages of the chat, to show them, to mark
-- them as read and to count them again after a merge.
CREATE INDEX messages_unread ON messages (tenant_id, chat_id, id) WHERE direction = 'inbound' AND read_at IS NULL;
