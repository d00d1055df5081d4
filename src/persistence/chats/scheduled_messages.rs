//! Scheduled messages.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Page, PageRequest, Snapshot, Start, UnitOfWork,
    clients::summaries::full_name,
    engine::{FromRow, Key, List, Row, Sql},
};
use crate::{
    domain::{ChatId, MessageId, MessageText, ScheduledMessage, Transport},
    error::Result,
};

/// Scheduled messages of a tenant.
pub struct ScheduledMessages<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's scheduled messages, for writing.
pub struct ScheduledMessagesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

const SOONEST_FIRST: &[Key] = &[Key::time("m.scheduled_at"), Key::number("m.id")];

fn list() -> List {
    List::new(
        "SELECT m.id, m.chat_id, c.client_id, k.first_name, k.middle_name, k.last_name,
         u.first_name || COALESCE(' ' || u.last_name, '') AS sender, m.transport, m.text,
             m.scheduled_at",
        "FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id
         JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
         JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id
         LEFT JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id
         WHERE m.tenant_id = $1 AND m.status = 'scheduled' AND m.scheduled_at IS NOT NULL",
        SOONEST_FIRST,
    )
    .counted_from(
        "FROM messages m WHERE m.tenant_id = $1 AND m.status = 'scheduled'
         AND m.scheduled_at IS NOT NULL",
    )
}

impl FromRow for ScheduledMessage {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            chat: row.get("chat_id")?,
            client: row.get("client_id")?,
            client_name: full_name(row)?,
            sender: row.get_or("sender", String::new())?,
            transport: row.get_or("transport", Transport::Other)?,
            text: row.get("text")?,
            at: row.get("scheduled_at")?,
        })
    }
}

impl ScheduledMessages<'_> {
    /// Lists a page of all scheduled messages, the soonest first.
    pub async fn page(&mut self, request: PageRequest) -> Result<Page<ScheduledMessage>> {
        self.snapshot.page(&list(), request).await
    }

    /// Lists the scheduled messages of a chat, the soonest first, at most `limit`.
    pub async fn of_chat(&mut self, chat: ChatId, limit: i64) -> Result<Vec<ScheduledMessage>> {
        let list = list().filter(Sql::equals("m.chat_id", chat));
        Ok(self.snapshot.part(&list, Start::Offset(0), limit).await?.items)
    }
}

impl ScheduledMessagesMut<'_> {
    /// Removes a message from the outbox; returns `false` if a worker has leased it or it is not
    /// there.
    pub async fn remove_from_outbox(&mut self, id: MessageId) -> Result<bool> {
        Ok(self
            .work
            .query("DELETE FROM deliveries WHERE tenant_id = $1 AND message_id = $2 AND leased_until IS NULL")
            .bind(id)
            .execute()
            .await?
            == 1)
    }

    /// Deletes a cancelled message.
    pub async fn delete(&mut self, id: MessageId) -> Result<()> {
        self.work
            .query("DELETE FROM messages WHERE tenant_id = $1 AND id = $2 AND status = 'scheduled'")
            .bind(id)
            .execute()
            .await?;
        Ok(())
    }

    /// Gives a message that a user wants to be sent now the priority of one that a user writes.
    pub async fn prioritise(&mut self, id: MessageId) -> Result<()> {
        self.work
            .query("UPDATE deliveries SET priority = 0 WHERE tenant_id = $1 AND message_id = $2 AND leased_until IS NULL")
            .bind(id)
            .execute()
            .await?;
        Ok(())
    }

    /// Changes the time of a message, in the outbox as well; returns `false` if a worker has leased
    /// it or it was sent.
    pub async fn reschedule(&mut self, id: MessageId, at: DateTime<Utc>) -> Result<bool> {
        let rows = self
            .work
            .query(
                "UPDATE deliveries SET due_at = $3, created_at = $3
                 WHERE tenant_id = $1 AND message_id = $2 AND leased_until IS NULL",
            )
            .bind(id)
            .bind(at)
            .execute()
            .await?;
        if rows == 1 {
            self.work
                .query(
                    "UPDATE messages SET scheduled_at = $3 WHERE tenant_id = $1 AND id = $2
                     AND status = 'scheduled'",
                )
                .bind(id)
                .bind(at)
                .execute()
                .await?;
            self.work.wake_delivery_worker();
        }
        Ok(rows == 1)
    }

    /// Replaces the text of a message, also in the full-text table.
    pub async fn set_text(&mut self, id: MessageId, text: &MessageText) -> Result<()> {
        let rows = self
            .work
            .query("UPDATE messages SET text = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'scheduled'")
            .bind(id)
            .bind(text)
            .execute()
            .await?;
        if rows == 1 { self.work.messages_mut().index(id, text.as_str()).await } else { Ok(()) }
    }
}
