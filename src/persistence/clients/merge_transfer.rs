//! What a merge moves from one client to another, and back when it is undone: all by sets, whatever their size.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::Tx;
use crate::{
    domain::{ChatId, Client, ClientId, ContactId, MergeId, fold},
    error::Result,
};

/// Moves of a tenant's merges.
pub struct MergeTransfer<'t> {
    tx: &'t mut Tx,
}

/// A chat that went into another, and its members.
#[derive(Serialize, Deserialize)]
pub struct MovedChat {
    /// The chat.
    pub id: ChatId,
    created_at: DateTime<Utc>,
    members: Vec<MovedMember>,
}

#[derive(FromRow, Serialize, Deserialize)]
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

impl<'t> MergeTransfer<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// How many contacts and messages a client has.
    pub async fn count_contacts_and_messages(&mut self, client: ClientId) -> Result<(i64, i64)> {
        Ok(sql!(
            self.tx,
            one((i64, i64)),
            "
            SELECT (SELECT COUNT(*) FROM contacts WHERE tenant_id = $1 AND client_id = $2),
                (SELECT COUNT(*) FROM chats c JOIN messages m ON m.tenant_id = c.tenant_id AND m.chat_id = c.id
                 WHERE c.tenant_id = $1 AND c.client_id = $2)",
            client.0
        )?)
    }

    /// Moves the contacts.
    pub async fn move_contacts(&mut self, from: ClientId, to: ClientId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE contacts SET client_id = $3 WHERE tenant_id = $1 AND client_id = $2",
            from.0,
            to.0
        )?;
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
        let created_at = sql!(
            self.tx,
            val(DateTime<Utc>),
            "SELECT created_at FROM chats WHERE tenant_id = $1 AND id = $2",
            from.0
        )?;
        let members = sql!(
            self.tx,
            all(MovedMember),
            "
            SELECT l.id, l.transport, l.participant, l.sender_type, l.user_id, l.contact_id, l.address, l.data,
                l.created_at, k.id AS joined
            FROM members l
            LEFT JOIN members k ON k.tenant_id = l.tenant_id AND k.chat_id = $3 AND k.transport = l.transport
                AND k.participant = l.participant
            WHERE l.tenant_id = $1 AND l.chat_id = $2 ORDER BY l.created_at, l.id",
            from.0,
            to.0
        )?;
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO merge_messages (tenant_id, merge_id, message_id, member_id)
            SELECT tenant_id, $3, id, member_id FROM messages WHERE tenant_id = $1 AND chat_id = $2",
            from.0,
            merge.0
        )?;
        // The same key in both chats is two clicks; which it was matters only to who presses again in the chat that goes.
        sql!(
            self.tx,
            exec,
            "
            UPDATE messages SET idempotency_key = NULL
            WHERE tenant_id = $1 AND chat_id = $2 AND idempotency_key IN (
                SELECT idempotency_key FROM messages
                WHERE tenant_id = $1 AND chat_id = $3 AND idempotency_key IS NOT NULL)",
            from.0,
            to.0
        )?;
        sql!(
            self.tx,
            exec,
            "
            UPDATE messages SET chat_id = $3, member_id = COALESCE((
                    SELECT k.id FROM members l
                    JOIN members k ON k.tenant_id = l.tenant_id AND k.chat_id = $3 AND k.transport = l.transport
                        AND k.participant = l.participant
                    WHERE l.tenant_id = $1 AND l.id = messages.member_id), member_id)
            WHERE tenant_id = $1 AND chat_id = $2",
            from.0,
            to.0
        )?;
        for member in members.iter().filter(|member| member.joined.is_none()) {
            self.move_member(member, to, survivor).await?;
        }
        // What someone has begun to write goes along, unless the same one has begun something in the other chat too.
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO drafts (tenant_id, chat_id, user_id, text, transport, template_id, idempotency_key, written_at)
            SELECT tenant_id, $3, user_id, text, transport, template_id, idempotency_key, written_at
            FROM drafts WHERE tenant_id = $1 AND chat_id = $2 AND text <> ''
            ON CONFLICT (tenant_id, chat_id, user_id) DO UPDATE SET text = excluded.text,
                transport = excluded.transport, template_id = excluded.template_id,
                idempotency_key = excluded.idempotency_key, written_at = excluded.written_at
            WHERE drafts.text = ''",
            from.0,
            to.0
        )?;
        // What staff are still to be told of is told of the chat that stays, and does not go back.
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO pending_notifications (tenant_id, user_id, chat_id, kind, message_count, due_at)
            SELECT tenant_id, user_id, $3, kind, message_count, due_at FROM pending_notifications
            WHERE tenant_id = $1 AND chat_id = $2 AND message_count > 0
            ON CONFLICT (tenant_id, user_id, chat_id, kind) DO UPDATE
                SET message_count = pending_notifications.message_count + excluded.message_count, due_at = excluded.due_at",
            from.0,
            to.0
        )?;
        sql!(self.tx, exec, "DELETE FROM chats WHERE tenant_id = $1 AND id = $2", from.0)?;
        Ok(MovedChat { id: from, created_at, members })
    }

    /// Moves what was said of the merged client: who is not the same person as one is not the other either.
    pub async fn move_dismissals(&mut self, from: ClientId, to: ClientId) -> Result<Vec<ClientId>> {
        let rows = sql!(
            self.tx,
            all((i64,)),
            "
            SELECT second_id FROM duplicates WHERE tenant_id = $1 AND first_id = $2 AND dismissed = 1
            UNION ALL
            SELECT first_id FROM duplicates WHERE tenant_id = $1 AND second_id = $2 AND dismissed = 1",
            from.0
        )?;
        let others: Vec<ClientId> = rows.into_iter().map(|(id,)| ClientId(id)).collect();
        for other in others.iter().filter(|other| **other != to) {
            self.tx.duplicates().dismiss(*other, to).await?;
        }
        Ok(others)
    }

    /// Makes a client again under the id that it had, so far with nothing but its name.
    pub async fn restore_client(&mut self, client: &Client) -> Result<()> {
        let name = fold(&client.data().full_name());
        // PostgreSQL gives ids itself unless it is told otherwise, in words that SQLite does not know.
        sql!(self.tx, exec, {
            sqlite: "
                INSERT INTO clients (tenant_id, id, first_name, sort_name, search, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $4, $5, $6)",
            postgres: "
                INSERT INTO clients (tenant_id, id, first_name, sort_name, search, created_at, updated_at)
                OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $4, $5, $6)"
        }, client.id.0, client.data().first_name(), &name, client.created_at, client.updated_at)?;
        self.tx.count_clients(1);
        Ok(())
    }

    /// Moves those of the contacts back that the survivor still has.
    pub async fn return_contacts(
        &mut self,
        ids: &[ContactId],
        survivor: ClientId,
        merged: ClientId,
    ) -> Result<()> {
        let list = json!(ids).to_string();
        sql!(self.tx, exec, {
            "UPDATE contacts SET client_id = $4 WHERE tenant_id = $1 AND client_id = $3 AND id" in "$2"
        }, &list, survivor.0, merged.0)?;
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
        sql!(self.tx, exec, {
            sqlite: "
                INSERT INTO chats (tenant_id, id, client_id, active_at, created_at) VALUES ($1, $2, $3, $4, $4)",
            postgres: "
                INSERT INTO chats (tenant_id, id, client_id, active_at, created_at)
                OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $4)"
        }, moved.id.0, merged.0, moved.created_at)?;
        for member in moved.members.iter().filter(|member| member.joined.is_some()) {
            self.copy_member(member, member.id, moved.id, merged).await?;
        }
        sql!(
            self.tx,
            exec,
            "
            UPDATE messages SET chat_id = $4, member_id = (
                    SELECT b.member_id FROM merge_messages b
                    WHERE b.tenant_id = $1 AND b.merge_id = $2 AND b.message_id = messages.id)
            WHERE tenant_id = $1 AND chat_id = $3
                AND id IN (SELECT message_id FROM merge_messages WHERE tenant_id = $1 AND merge_id = $2)",
            merge.0,
            from.0,
            moved.id.0
        )?;
        for member in moved.members.iter().filter(|member| member.joined.is_none()) {
            self.move_member(member, moved.id, merged).await?;
            let stays = sql!(
                self.tx,
                maybe(i64),
                "
                SELECT id FROM messages WHERE tenant_id = $1 AND member_id = $2 AND chat_id = $3 LIMIT 1",
                member.id,
                from.0
            )?;
            if stays.is_some() {
                let clone = Uuid::now_v7();
                self.copy_member(member, clone, from, survivor).await?;
                sql!(
                    self.tx,
                    exec,
                    "
                    UPDATE messages SET member_id = $4 WHERE tenant_id = $1 AND member_id = $2 AND chat_id = $3",
                    member.id,
                    from.0,
                    clone
                )?;
            }
        }
        Ok(())
    }

    /// Has members forget contacts that are not their client's any more.
    pub async fn unlink_foreign_contacts(&mut self, client: ClientId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE members SET contact_id = NULL
            WHERE tenant_id = $1 AND client_id = $2 AND contact_id IS NOT NULL
                AND contact_id NOT IN (SELECT id FROM contacts WHERE tenant_id = $1 AND client_id = $2)",
            client.0
        )?;
        Ok(())
    }

    /// Puts a member into a chat of a client.
    async fn move_member(&mut self, member: &MovedMember, chat: ChatId, client: ClientId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE members SET chat_id = $3, client_id = CASE WHEN client_id IS NULL THEN NULL ELSE $4 END
            WHERE tenant_id = $1 AND id = $2",
            member.id,
            chat.0,
            client.0
        )?;
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
        let client = (member.sender_type == "client").then_some(client.0);
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO members (tenant_id, id, chat_id, transport, participant, sender_type, user_id, client_id,
                contact_id, address, data, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM users WHERE tenant_id = $1 AND id = $7), $8,
                (SELECT id FROM contacts WHERE tenant_id = $1 AND id = $9), $10, $11, $12)",
            id,
            chat.0,
            &member.transport,
            &member.participant,
            &member.sender_type,
            member.user_id,
            client,
            member.contact_id,
            member.address.as_deref(),
            &member.data,
            member.created_at
        )?;
        Ok(())
    }
}
