-- Every page says how many chats are unread, and counted them among all.
CREATE INDEX chats_unread ON chats (tenant_id, active_at, id) WHERE unread_count > 0;

-- The last message of a member, of whom there may be a hundred thousand: with the id in the index, it is its end.
DROP INDEX messages_by_member;
CREATE INDEX messages_by_member ON messages (tenant_id, member_id, id);
