//! What waits and what was not delivered, by channel.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::{Page, PageRequest, Tx, chats::repository::parsed};
use crate::{
    domain::{ChannelId, ChatId, FailedMessage, Failure, MessageId, MessageStatus, Transport},
    error::Result,
};

/// Undelivered messages of a tenant.
pub struct FailedMessages<'t> {
    tx: &'t mut Tx,
}

/// A channel's numbers. A message without one is of a channel that is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelBacklog {
    /// Waits to go out as soon as it can.
    pub queued: i64,
    /// Is being handed over.
    pub in_progress: i64,
    /// Was tried before, and waits to be tried again.
    pub retried: i64,
    /// Waits for a time of its own.
    pub scheduled: i64,
    /// Failed, and was not sent again.
    pub failed: i64,
    /// Nobody knows whether it arrived.
    pub unknown: i64,
}

#[derive(FromRow)]
struct QueueRow {
    channel_id: Uuid,
    queued: i64,
    in_progress: i64,
    retried: i64,
    scheduled: i64,
}

#[derive(FromRow)]
struct FailedMessageRow {
    id: i64,
    chat_id: i64,
    channel_id: Option<Uuid>,
    first_name: String,
    middle_name: Option<String>,
    last_name: Option<String>,
    transport: String,
    status: String,
    text: String,
    error_code: Option<String>,
    error_detail: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<FailedMessageRow> for FailedMessage {
    fn from(row: FailedMessageRow) -> Self {
        let parts = [Some(row.first_name), row.middle_name, row.last_name];
        Self {
            id: MessageId(row.id),
            chat: ChatId(row.chat_id),
            channel: row.channel_id.map(ChannelId),
            client_name: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
            transport: parsed(Some(&row.transport), Transport::Other),
            status: parsed(Some(&row.status), MessageStatus::Failed),
            text: row.text,
            failure: row.error_code.map(|code| Failure { code, detail: row.error_detail }),
            created_at: row.created_at,
        }
    }
}

impl<'t> FailedMessages<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// What waits for each channel that has something.
    pub async fn outbox_counts(&mut self) -> Result<Vec<(ChannelId, ChannelBacklog)>> {
        let rows = sql!(
            self.tx,
            all(QueueRow),
            "
            SELECT d.channel_id,
                CAST(SUM(CASE WHEN m.status <> 'scheduled' AND d.leased_until IS NULL AND d.attempts = 0
                    THEN 1 ELSE 0 END) AS BIGINT) AS queued,
                CAST(SUM(CASE WHEN d.leased_until IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS in_progress,
                CAST(SUM(CASE WHEN d.leased_until IS NULL AND d.attempts > 0 THEN 1 ELSE 0 END) AS BIGINT) AS retried,
                CAST(SUM(CASE WHEN m.status = 'scheduled' AND d.leased_until IS NULL AND d.attempts = 0
                    THEN 1 ELSE 0 END) AS BIGINT) AS scheduled
            FROM deliveries d JOIN messages m ON m.tenant_id = d.tenant_id AND m.id = d.message_id
            WHERE d.tenant_id = $1 GROUP BY d.channel_id"
        )?;
        let queue = |row: QueueRow| {
            let (failed, unknown) = (0, 0);
            let QueueRow { channel_id, queued, in_progress, retried, scheduled } = row;
            (
                ChannelId(channel_id),
                ChannelBacklog { queued, in_progress, retried, scheduled, failed, unknown },
            )
        };
        Ok(rows.into_iter().map(queue).collect())
    }

    /// How many of each channel failed, and of how many nobody knows.
    pub async fn failure_counts(&mut self) -> Result<Vec<(Option<ChannelId>, MessageStatus, i64)>> {
        let rows = sql!(
            self.tx,
            all((Option<Uuid>, String, i64)),
            "
            SELECT channel_id, status, COUNT(*) FROM messages
            WHERE tenant_id = $1 AND status IN ('failed', 'unknown') GROUP BY channel_id, status"
        )?;
        let count = |(channel, status, count): (Option<Uuid>, String, i64)| {
            (channel.map(ChannelId), parsed(Some(&status), MessageStatus::Failed), count)
        };
        Ok(rows.into_iter().map(count).collect())
    }

    /// A page of what was not delivered, of one channel or of all, the newest first.
    pub async fn page(
        &mut self,
        channel: Option<ChannelId>,
        request: PageRequest,
    ) -> Result<Page<FailedMessage>> {
        let channel = channel.map(|id| id.0);
        let total = sql!(
            self.tx,
            val(i64),
            "
            SELECT COUNT(*) FROM messages
            WHERE tenant_id = $1 AND status IN ('failed', 'unknown')
                AND (CAST($2 AS UUID) IS NULL OR channel_id = $2)",
            channel
        )?;
        let rows = sql!(
            self.tx,
            all(FailedMessageRow),
            "
            SELECT m.id, m.chat_id, m.channel_id, k.first_name, k.middle_name, k.last_name, m.transport, m.status,
                m.text, m.error_code, m.error_detail, m.created_at
            FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id
            JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
            WHERE m.tenant_id = $1 AND m.status IN ('failed', 'unknown')
                AND (CAST($2 AS UUID) IS NULL OR m.channel_id = $2)
            ORDER BY m.id DESC LIMIT $3 OFFSET $4",
            channel,
            request.limit,
            request.offset()
        )?;
        Ok(Page { items: rows.into_iter().map(Into::into).collect(), request, total })
    }

    /// The chats of those among these messages that failed, and so can be sent again without a second thought.
    pub async fn retryable(&mut self, ids: &[MessageId]) -> Result<Vec<(ChatId, MessageId)>> {
        let mut found = Vec::new();
        for id in ids {
            let chat = sql!(
                self.tx,
                maybe(i64),
                "SELECT chat_id FROM messages WHERE tenant_id = $1 AND id = $2 AND status = 'failed'",
                id.0
            )?;
            found.extend(chat.map(|chat| (ChatId(chat), *id)));
        }
        Ok(found)
    }

    /// The oldest that failed, of one channel or of all, after a message and no later than a time.
    pub async fn retryable_after(
        &mut self,
        channel: Option<ChannelId>,
        after: MessageId,
        limit: i64,
    ) -> Result<Vec<(ChatId, MessageId)>> {
        let rows = sql!(
            self.tx,
            all((i64, i64)),
            "
            SELECT chat_id, id FROM messages
            WHERE tenant_id = $1 AND status = 'failed' AND (CAST($2 AS UUID) IS NULL OR channel_id = $2) AND id > $3
            ORDER BY id LIMIT $4",
            channel.map(|id| id.0),
            after.0,
            limit
        )?;
        Ok(rows.into_iter().map(|(chat, id)| (ChatId(chat), MessageId(id))).collect())
    }
}
