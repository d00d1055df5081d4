//! Messages that are to go out later.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{Page, PageRequest, Tx, chats::repository::parsed};
use crate::{
    domain::{ChatId, ClientId, MessageId, MessageText, ScheduledMessage, Transport},
    error::Result,
};

/// Scheduled messages of a tenant.
pub struct ScheduledMessages<'t> {
    tx: &'t mut Tx,
}

#[derive(FromRow)]
struct ScheduledRow {
    id: i64,
    chat_id: i64,
    client_id: i64,
    first_name: String,
    middle_name: Option<String>,
    last_name: Option<String>,
    sender: Option<String>,
    transport: String,
    text: String,
    scheduled_at: DateTime<Utc>,
}

impl From<ScheduledRow> for ScheduledMessage {
    fn from(row: ScheduledRow) -> Self {
        let parts = [Some(row.first_name), row.middle_name, row.last_name];
        Self {
            id: MessageId(row.id),
            chat: ChatId(row.chat_id),
            client: ClientId(row.client_id),
            client_name: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
            sender: row.sender.unwrap_or_default(),
            transport: parsed(Some(&row.transport), Transport::Other),
            text: row.text,
            at: row.scheduled_at,
        }
    }
}

macro_rules! columns {
    ($condition:literal) => {
        concat!(
            "SELECT m.id, m.chat_id, c.client_id, k.first_name, k.middle_name, k.last_name, \
             u.first_name || COALESCE(' ' || u.last_name, '') AS sender, m.transport, m.text, m.scheduled_at \
             FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id \
             JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id \
             JOIN members b ON b.tenant_id = m.tenant_id AND b.id = m.member_id \
             LEFT JOIN users u ON u.tenant_id = b.tenant_id AND u.id = b.user_id \
             WHERE m.tenant_id = $1 AND m.status = 'scheduled' AND m.scheduled_at IS NOT NULL ",
            $condition
        )
    };
}

impl<'t> ScheduledMessages<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// How many there are.
    pub async fn count(&mut self) -> Result<i64> {
        Ok(sql!(
            self.tx,
            val(i64),
            "
            SELECT COUNT(*) FROM messages
            WHERE tenant_id = $1 AND status = 'scheduled' AND scheduled_at IS NOT NULL"
        )?)
    }

    /// A page of all of them, the soonest first.
    pub async fn page(&mut self, request: PageRequest) -> Result<Page<ScheduledMessage>> {
        let total = self.count().await?;
        let rows = sql!(
            self.tx,
            all(ScheduledRow),
            (columns!("ORDER BY m.scheduled_at, m.id LIMIT $2 OFFSET $3")),
            request.limit,
            request.offset()
        )?;
        Ok(Page { items: rows.into_iter().map(Into::into).collect(), request, total })
    }

    /// The soonest of a chat.
    pub async fn of_chat(&mut self, chat: ChatId, limit: i64) -> Result<Vec<ScheduledMessage>> {
        let rows = sql!(
            self.tx,
            all(ScheduledRow),
            (columns!("AND m.chat_id = $2 ORDER BY m.scheduled_at, m.id LIMIT $3")),
            chat.0,
            limit
        )?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Takes it out of the outbox, unless a worker holds it; `false` then, or when it is out already.
    pub async fn remove_from_outbox(&mut self, id: MessageId) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            DELETE FROM deliveries WHERE tenant_id = $1 AND message_id = $2 AND leased_until IS NULL",
            id.0
        )?;
        Ok(rows == 1)
    }

    /// Deletes one that was withdrawn.
    pub async fn delete(&mut self, id: MessageId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            DELETE FROM messages WHERE tenant_id = $1 AND id = $2 AND status = 'scheduled'",
            id.0
        )?;
        Ok(())
    }

    /// Gives one that no worker holds another time, in the outbox as well; `false` when one does, or when it is out.
    pub async fn reschedule(&mut self, id: MessageId, at: DateTime<Utc>) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE deliveries SET due_at = $3, created_at = $3
            WHERE tenant_id = $1 AND message_id = $2 AND leased_until IS NULL",
            id.0,
            at
        )?;
        if rows == 1 {
            sql!(
                self.tx,
                exec,
                "UPDATE messages SET scheduled_at = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'scheduled'",
                id.0,
                at
            )?;
            self.tx.wake_delivery_worker();
        }
        Ok(rows == 1)
    }

    /// Gives one another text, by which it is found from then on.
    pub async fn set_text(&mut self, id: MessageId, text: &MessageText) -> Result<()> {
        let rows = sql!(
            self.tx,
            exec,
            "UPDATE messages SET text = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'scheduled'",
            id.0,
            text.as_str()
        )?;
        if rows == 1 { self.tx.messages().index(id, text.as_str()).await } else { Ok(()) }
    }
}
