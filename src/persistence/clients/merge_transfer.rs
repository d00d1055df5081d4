//! Moves records from one client to another in a merge, and back when it is undone. The number of
//! statements does not depend on the number of records.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::persistence::{
    Snapshot, UnitOfWork,
    clients::repository::sort_name,
    engine::{FromRow, Row, Sql},
};
use crate::{
    domain::{ChatId, Client, ClientId, ContactId, MergeId, MessageId},
    error::Result,
};

/// Merge transfers of a tenant.
pub struct MergeTransfer<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's merge transfers, for writing.
pub struct MergeTransferMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A chat that was merged into another, with its members.
#[derive(Serialize, Deserialize)]
pub struct MovedChat {
    /// The id of the chat.
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
    /// The member of the other chat with the same participant and transport, which has the messages
    /// of both.
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
    /// Counts the contacts and messages of a client.
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
    /// Moves all contacts of a client to another.
    pub async fn move_contacts(&mut self, from: ClientId, to: ClientId) -> Result<()> {
        self.work
            .query("UPDATE contacts SET client_id = $3 WHERE tenant_id = $1 AND client_id = $2")
            .bind(from)
            .bind(to)
            .execute()
            .await?;
        Ok(())
    }

    /// Moves members, messages and everything that refers to them into another chat, and deletes
    /// the empty one.
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
        // The same idempotency key in both chats belongs to different messages; the key of the
        // moved message is only needed for repeated requests to the merged chat.
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
        // Drafts are moved, unless the user has a draft in the other chat as well.
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
        // Pending notifications are moved to the other chat, and undoing the merge does not move
        // them back.
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

    /// Moves the dismissals of the merged client to the survivor, and returns the other clients of
    /// the pairs.
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

    /// Creates a client again under its former id, with its name only.
    pub async fn restore_client(&mut self, client: &Client) -> Result<()> {
        let name = sort_name(client.data());
        // PostgreSQL generates ids unless it is told otherwise, in a syntax that SQLite does not
        // have.
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

    /// Moves contacts back to the restored client, as far as the survivor still has them.
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

    /// Creates the chat again under its id and moves back the messages that were moved. Later
    /// messages stay in the survivor's chat; if their member moves back, they get a copy of it.
    pub async fn restore_chat(
        &mut self,
        merge: MergeId,
        moved: &MovedChat,
        from: ChatId,
        survivor: ClientId,
        merged: ClientId,
    ) -> Result<()> {
        // Like in [`Self::restore_client`].
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

    /// Removes from members the contacts that no longer belong to their client.
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

    /// Moves a member into a chat of a client.
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

    /// Creates a copy of a member; its user and contact may no longer exist.
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
