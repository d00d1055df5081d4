//! Waiting and failed messages by channel.

use crate::persistence::{
    Page, PageRequest, Snapshot,
    chats::messages::failure,
    clients::summaries::full_name,
    engine::{FromRow, Key, List, Row, Sql},
};
use crate::{
    domain::{ChannelId, ChatId, FailedMessage, MessageId, MessageStatus, Transport},
    error::Result,
};

/// Failed messages of a tenant.
pub struct FailedMessages<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// The backlog of a channel. Messages without a known channel have one of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelBacklog {
    /// The number of messages that no worker has attempted yet.
    pub queued: i64,
    /// The number of messages that a worker has leased.
    pub in_progress: i64,
    /// The number of messages that wait for another attempt.
    pub retried: i64,
    /// The number of scheduled messages.
    pub scheduled: i64,
    /// The number of failed messages that were not sent again.
    pub failed: i64,
    /// The number of messages with unconfirmed delivery.
    pub unknown: i64,
}

const NEWEST_FIRST: &[Key] = &[Key::number("m.id").descending()];

/// The failed and unconfirmed messages of one channel, or of all.
fn list(channel: Option<ChannelId>) -> List {
    List::new(
        "SELECT m.id, m.chat_id, m.channel_id, k.first_name, k.middle_name, k.last_name,
             m.transport, m.status,
         m.text, m.error_code, m.error_detail, m.created_at",
        "FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id
         JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
         WHERE m.tenant_id = $1 AND m.status IN ('failed', 'unknown')",
        NEWEST_FIRST,
    )
    .counted_from("FROM messages m WHERE m.tenant_id = $1 AND m.status IN ('failed', 'unknown')")
    .filter_some(channel.map(|channel| Sql::equals("m.channel_id", channel)))
}

/// The number of waiting messages of a channel.
struct Waiting {
    channel: ChannelId,
    backlog: ChannelBacklog,
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> Result<Self> {
        let backlog = ChannelBacklog {
            queued: row.get("queued")?,
            in_progress: row.get("in_progress")?,
            retried: row.get("retried")?,
            scheduled: row.get("scheduled")?,
            failed: 0,
            unknown: 0,
        };
        Ok(Self { channel: row.get("channel_id")?, backlog })
    }
}

/// The number of messages of a channel with one status.
struct StatusCount {
    channel: Option<ChannelId>,
    status: MessageStatus,
    count: i64,
}

impl FromRow for StatusCount {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            channel: row.get("channel_id")?,
            status: row.get_or("status", MessageStatus::Failed)?,
            count: row.get("messages")?,
        })
    }
}

impl FromRow for FailedMessage {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            chat: row.get("chat_id")?,
            channel: row.get("channel_id")?,
            client_name: full_name(row)?,
            transport: row.get_or("transport", Transport::Other)?,
            status: row.get_or("status", MessageStatus::Failed)?,
            text: row.get("text")?,
            failure: failure(row)?,
            created_at: row.get("created_at")?,
        })
    }
}

impl FailedMessages<'_> {
    /// Counts the waiting messages of each channel that has any.
    pub async fn outbox_counts(&mut self) -> Result<Vec<(ChannelId, ChannelBacklog)>> {
        let rows: Vec<Waiting> = self
            .snapshot
            .query(
                "SELECT d.channel_id,
                     CAST(SUM(CASE WHEN m.status <> 'scheduled' AND d.leased_until IS NULL
                         AND d.attempts = 0
                         THEN 1 ELSE 0 END) AS BIGINT) AS queued,
                     CAST(SUM(CASE WHEN d.leased_until IS NOT NULL THEN 1
                         ELSE 0 END) AS BIGINT) AS in_progress,
                     CAST(SUM(CASE WHEN d.leased_until IS NULL AND d.attempts > 0 THEN 1
                         ELSE 0 END) AS BIGINT) AS retried,
                     CAST(SUM(CASE WHEN m.status = 'scheduled' AND d.leased_until IS NULL
                         AND d.attempts = 0
                         THEN 1 ELSE 0 END) AS BIGINT) AS scheduled
                 FROM deliveries d JOIN messages m ON m.tenant_id = d.tenant_id AND m.id = d.message_id
                 WHERE d.tenant_id = $1 GROUP BY d.channel_id",
            )
            .all()
            .await?;
        Ok(rows.into_iter().map(|row| (row.channel, row.backlog)).collect())
    }

    /// Counts the failed and unconfirmed messages of each channel.
    pub async fn failure_counts(&mut self) -> Result<Vec<(Option<ChannelId>, MessageStatus, i64)>> {
        let rows: Vec<StatusCount> = self
            .snapshot
            .query(
                "SELECT channel_id, status, COUNT(*) AS messages FROM messages
                 WHERE tenant_id = $1 AND status IN ('failed', 'unknown') GROUP BY channel_id, status",
            )
            .all()
            .await?;
        Ok(rows.into_iter().map(|row| (row.channel, row.status, row.count)).collect())
    }

    /// Lists a page of failed and unconfirmed messages of one channel, or of all, the newest first.
    pub async fn page(
        &mut self,
        channel: Option<ChannelId>,
        request: PageRequest,
    ) -> Result<Page<FailedMessage>> {
        self.snapshot.page(&list(channel), request).await
    }

    /// Returns those of these messages that failed, with their chats. Unconfirmed ones are
    /// excluded, because they may have been delivered.
    pub async fn retryable(&mut self, ids: &[MessageId]) -> Result<Vec<(ChatId, MessageId)>> {
        self.snapshot
            .query(
                "SELECT chat_id, id FROM messages WHERE tenant_id = $1 AND status = 'failed' AND id IN $2
                 ORDER BY id",
            )
            .bind(ids)
            .all()
            .await
    }

    /// Lists the oldest failed messages of one channel, or of all, after a message and until a
    /// time.
    pub async fn retryable_after(
        &mut self,
        channel: Option<ChannelId>,
        after: MessageId,
        limit: i64,
    ) -> Result<Vec<(ChatId, MessageId)>> {
        self.snapshot
            .query(
                "SELECT chat_id, id FROM messages
                 WHERE tenant_id = $1 AND status = 'failed' AND (CAST($2 AS UUID) IS NULL OR channel_id =
                     $2) AND id > $3
                 ORDER BY id LIMIT $4",
            )
            .bind(channel)
            .bind(after)
            .bind(limit)
            .all()
            .await
    }
}
