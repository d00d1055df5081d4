//! Moves rows from one client to another in a merge, and back when it is undone: by set statements, whatever their
//! number.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{ChatId, Client, ClientId, ContactId, MergeId, MessageId, fold},
    error::Result,
};

/// Moves of a tenant's merges.
pub struct MergeTransfer<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// Changes of merge transfer.
pub struct MergeTransferMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A chat that went into another, and its members.
#[derive(Serialize, Deserialize)]
pub struct MovedChat {
    /// The chat.
    pub id: ChatId,
    created_at: DateTime<Utc>,
    members: Vec<MovedMember>,
}

#[derive(Serialize, Deserialize)]
struct MovedMember {
    id: Uuid,
    transport: String,
    participant: String,
    sender_type: String,
    user_id: Option<i64>,
    contact_id: Option<i64>,
    address: Option<String>,
    data: String,
    created_at: DateTime<Utc>,
    /// The member of the other chat that is the same participant on the same transport, and now speaks for both.
    joined: Option<Uuid>,
}

impl FromRow for MovedMember {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            transport: row.get("transport")?,
            participant: row.get("participant")?,
            sender_type: row.get("sender_type")?,
            user_id: row.get("user_id")?,
            contact_id: row.get("contact_id")?,
            address: row.get("address")?,
            data: row.get("data")?,
            created_at: row.get("created_at")?,
            joined: row.get("joined")?,
        })
    }
}

impl MergeTransfer<'_> {
    /// How many contacts and messages a client has.
    pub async fn count_contacts_and_messages(&mut self, client: ClientId) -> Result<(i64, i64)> {
        self.snapshot
            .query(
                "SELECT (SELECT COUNT(*) FROM contacts WHERE tenant_id = $1 AND client_id = $2),
                 (SELECT COUNT(*) FROM chats c JOIN messages m ON m.tenant_id = c.tenant_id
                     AND m.chat_id = c.id
                  WHERE c.tenant_id = $1 AND c.client_id = $2)",
            )
            .bind(client)
            .one()
            .await
    }
}

impl MergeTransferMut<'_> {
    /// Moves the contacts.
    pub async fn move_contacts(&mut self, from: ClientId, to: ClientId) -> Result<()> {
        self.work
            .query("UPDATE contacts SET client_id = $3 WHERE tenant_id = $1 AND client_id = $2")
            .bind(from)
            .bind(to)
            .execute()
            .await?;
        Ok(())
    }

    /// Moves members, messages and all that hangs on them into another chat, and removes the empty one.
    pub async fn move_chat(
        &mut self,
        merge: MergeId,
        from: ChatId,
        to: ChatId,
        survivor: ClientId,
    ) -> Result<MovedChat> {
        let created_at: DateTime<Utc> = self
            .work
            .query("SELECT created_at FROM chats WHERE tenant_id = $1 AND id = $2")
            .bind(from)
            .one()
            .await?;
        let members: Vec<MovedMember> = self
            .work
            .query(
                "SELECT l.id, l.transport, l.participant, l.sender_type, l.user_id, l.contact_id,
                     l.address, l.data,
                     l.created_at, k.id AS joined
                 FROM members l
                 LEFT JOIN members k ON k.tenant_id = l.tenant_id AND k.chat_id = $3
                     AND k.transport = l.transport
                     AND k.participant = l.participant
                 WHERE l.tenant_id = $1 AND l.chat_id = $2 ORDER BY l.created_at, l.id",
            )
            .bind(from)
            .bind(to)
            .all()
            .await?;
        self.work
            .query(
                "INSERT INTO merge_messages (tenant_id, merge_id, message_id, member_id)
                 SELECT tenant_id, $3, id, member_id FROM messages WHERE tenant_id = $1 AND chat_id = $2",
            )
            .bind(from)
            .bind(merge)
            .execute()
            .await?;
        // The same key in both chats is two clicks; which it was matters only to who presses again in the chat that goes.
        self.work
            .query(
                "UPDATE messages SET idempotency_key = NULL
                 WHERE tenant_id = $1 AND chat_id = $2 AND idempotency_key IN (
                     SELECT idempotency_key FROM messages
                     WHERE tenant_id = $1 AND chat_id = $3 AND idempotency_key IS NOT NULL)",
            )
            .bind(from)
            .bind(to)
            .execute()
            .await?;
        self.work
            .query(
                "UPDATE messages SET chat_id = $3, member_id = COALESCE((
                         SELECT k.id FROM members l
                         JOIN members k ON k.tenant_id = l.tenant_id AND k.chat_id = $3
                             AND k.transport = l.transport
                             AND k.participant = l.participant
                         WHERE l.tenant_id = $1 AND l.id = messages.member_id), member_id)
                 WHERE tenant_id = $1 AND chat_id = $2",
            )
            .bind(from)
            .bind(to)
            .execute()
            .await?;
        for member in members.iter().filter(|member| member.joined.is_none()) {
            self.move_member(member, to, survivor).await?;
        }
        // What someone has begun to write goes along, unless the same one has begun something in the other chat too.
        self.work
            .query(
                "INSERT INTO drafts (tenant_id, chat_id, user_id, text, transport, template_id,
                     idempotency_key, written_at)
                 SELECT tenant_id, $3, user_id, text, transport, template_id, idempotency_key, written_at
                 FROM drafts WHERE tenant_id = $1 AND chat_id = $2 AND text <> ''
                 ON CONFLICT (tenant_id, chat_id, user_id) DO UPDATE SET text = excluded.text,
                     transport = excluded.transport, template_id = excluded.template_id,
                     idempotency_key = excluded.idempotency_key, written_at = excluded.written_at
                 WHERE drafts.text = ''",
            )
            .bind(from)
            .bind(to)
            .execute()
            .await?;
        // What staff are still to be told of is told of the chat that stays, and does not go back.
        self.work
            .query(
                "INSERT INTO pending_notifications (tenant_id, user_id, chat_id, kind, message_count,
                     due_at)
                 SELECT tenant_id, user_id, $3, kind, message_count, due_at FROM pending_notifications
                 WHERE tenant_id = $1 AND chat_id = $2 AND message_count > 0
                 ON CONFLICT (tenant_id, user_id, chat_id, kind) DO UPDATE
                     SET message_count = pending_notifications.message_count + excluded.message_count,
                         due_at = excluded.due_at",
            )
            .bind(from)
            .bind(to)
            .execute()
            .await?;
        self.work.query("DELETE FROM chats WHERE tenant_id = $1 AND id = $2").bind(from).execute().await?;
        Ok(MovedChat { id: from, created_at, members })
    }

    /// Moves what was said of the merged client: who is not the same person as one is not the other either.
    pub async fn move_dismissals(&mut self, from: ClientId, to: ClientId) -> Result<Vec<ClientId>> {
        let others: Vec<ClientId> = self
            .work
            .query(
                "SELECT second_id FROM duplicates WHERE tenant_id = $1 AND first_id = $2
                     AND dismissed = 1
                 UNION ALL
                 SELECT first_id FROM duplicates WHERE tenant_id = $1 AND second_id = $2
                     AND dismissed = 1",
            )
            .bind(from)
            .all()
            .await?;
        for other in others.iter().filter(|other| **other != to) {
            self.work.duplicates_mut().dismiss(*other, to).await?;
        }
        Ok(others)
    }

    /// Makes a client again under the id that it had, so far with nothing but its name.
    pub async fn restore_client(&mut self, client: &Client) -> Result<()> {
        let name = fold(&client.data().full_name());
        // PostgreSQL gives ids itself unless it is told otherwise, in words that SQLite does not know.
        self.work
            .query(Sql::by_engine(
                "INSERT INTO clients (tenant_id, id, first_name, sort_name, search, created_at,
                     updated_at)
                 VALUES ($1, $2, $3, $4, $4, $5, $6)",
                "INSERT INTO clients (tenant_id, id, first_name, sort_name, search, created_at,
                     updated_at)
                 OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $4, $5, $6)",
            ))
            .bind(client.id)
            .bind(client.data().first_name())
            .bind(&name)
            .bind(client.created_at)
            .bind(client.updated_at)
            .execute()
            .await?;
        self.work.count_clients(1);
        Ok(())
    }

    /// Moves those of the contacts back that the survivor still has.
    pub async fn return_contacts(
        &mut self,
        ids: &[ContactId],
        survivor: ClientId,
        merged: ClientId,
    ) -> Result<()> {
        self.work
            .query("UPDATE contacts SET client_id = $4 WHERE tenant_id = $1 AND client_id = $3 AND id IN $2")
            .bind(ids)
            .bind(survivor)
            .bind(merged)
            .execute()
            .await?;
        Ok(())
    }

    /// Makes the chat again under its id and moves back the messages that had moved. What was said since stays, with a
    /// member of its own where its member goes.
    pub async fn restore_chat(
        &mut self,
        merge: MergeId,
        moved: &MovedChat,
        from: ChatId,
        survivor: ClientId,
        merged: ClientId,
    ) -> Result<()> {
        // As in `revive`.
        self.work
            .query(Sql::by_engine(
                "INSERT INTO chats (tenant_id, id, client_id, active_at, created_at)
                 VALUES ($1, $2, $3, $4, $4)",
                "INSERT INTO chats (tenant_id, id, client_id, active_at, created_at)
                 OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $4)",
            ))
            .bind(moved.id)
            .bind(merged)
            .bind(moved.created_at)
            .execute()
            .await?;
        for member in moved.members.iter().filter(|member| member.joined.is_some()) {
            self.copy_member(member, member.id, moved.id, merged).await?;
        }
        self.work
            .query(
                "UPDATE messages SET chat_id = $4, member_id = (
                         SELECT b.member_id FROM merge_messages b
                         WHERE b.tenant_id = $1 AND b.merge_id = $2 AND b.message_id = messages.id)
                 WHERE tenant_id = $1 AND chat_id = $3
                     AND id IN (SELECT message_id FROM merge_messages WHERE tenant_id = $1
                         AND merge_id = $2)",
            )
            .bind(merge)
            .bind(from)
            .bind(moved.id)
            .execute()
            .await?;
        for member in moved.members.iter().filter(|member| member.joined.is_none()) {
            self.move_member(member, moved.id, merged).await?;
            let query = self.work.query(
                "SELECT id FROM messages WHERE tenant_id = $1 AND member_id = $2 AND chat_id = $3 LIMIT 1",
            );
            let stays: Option<MessageId> = query.bind(member.id).bind(from).optional().await?;
            if stays.is_some() {
                let clone = Uuid::now_v7();
                self.copy_member(member, clone, from, survivor).await?;
                self.work
                    .query(
                        "UPDATE messages SET member_id = $4 WHERE tenant_id = $1 AND member_id = $2
                         AND chat_id = $3",
                    )
                    .bind(member.id)
                    .bind(from)
                    .bind(clone)
                    .execute()
                    .await?;
            }
        }
        Ok(())
    }

    /// Has members forget contacts that are not their client's any more.
    pub async fn unlink_foreign_contacts(&mut self, client: ClientId) -> Result<()> {
        self.work
            .query(
                "UPDATE members SET contact_id = NULL
                 WHERE tenant_id = $1 AND client_id = $2 AND contact_id IS NOT NULL
                     AND contact_id NOT IN (SELECT id FROM contacts WHERE tenant_id = $1
                         AND client_id = $2)",
            )
            .bind(client)
            .execute()
            .await?;
        Ok(())
    }

    /// Puts a member into a chat of a client.
    async fn move_member(&mut self, member: &MovedMember, chat: ChatId, client: ClientId) -> Result<()> {
        self.work
            .query(
                "UPDATE members SET chat_id = $3, client_id = CASE WHEN client_id IS NULL THEN NULL
                     ELSE $4 END
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(member.id)
            .bind(chat)
            .bind(client)
            .execute()
            .await?;
        Ok(())
    }

    /// Makes a member like this one; its user and contact may be gone.
    async fn copy_member(
        &mut self,
        member: &MovedMember,
        id: Uuid,
        chat: ChatId,
        client: ClientId,
    ) -> Result<()> {
        let client = (member.sender_type == "client").then_some(client);
        self.work
            .query(
                "INSERT INTO members (tenant_id, id, chat_id, transport, participant, sender_type,
                     user_id, client_id,
                     contact_id, address, data, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM users WHERE tenant_id = $1
                     AND id = $7), $8,
                     (SELECT id FROM contacts WHERE tenant_id = $1 AND id = $9), $10, $11, $12)",
            )
            .bind(id)
            .bind(chat)
            .bind(&member.transport)
            .bind(&member.participant)
            .bind(&member.sender_type)
            .bind(member.user_id)
            .bind(client)
            .bind(member.contact_id)
            .bind(&member.address)
            .bind(&member.data)
            .bind(member.created_at)
            .execute()
            .await?;
        Ok(())
    }
}
