//! Staff notifications: preferences, linked accounts and pending notifications.

use chrono::{DateTime, TimeDelta, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row},
};
use crate::{
    domain::{
        ChannelId, ChatId, EventId, InboundNotifications, MessageId, NotificationKind,
        NotificationPreferences, QuietHours, UserId,
    },
    error::Result,
};

/// The time after a chat's first message during which further ones are added to the same
/// notification.
const GROUPING_DELAY: TimeDelta = TimeDelta::seconds(4);
/// The minimum time between two notifications about the same chat.
const MIN_INTERVAL: TimeDelta = TimeDelta::seconds(45);

/// The staff notifications of a tenant.
pub struct Notifications<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's staff notifications, for writing.
pub struct NotificationsMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A user's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationSettings {
    /// The notifications that the user wants.
    pub preferences: NotificationPreferences,
    /// The account that receives the notifications.
    pub linked_account: Option<LinkedAccount>,
    /// The time when the linked account was found to have blocked the bot.
    pub blocked_at: Option<DateTime<Utc>>,
    /// The bot and the code for linking an account, and the time until which the code is valid.
    pub link_code: Option<(ChannelId, String, DateTime<Utc>)>,
}

/// The Telegram account of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedAccount {
    /// The channel of the bot.
    pub channel: ChannelId,
    /// The id of the account.
    pub address: String,
    /// The display name of the account.
    pub name: String,
}

/// A due notification that is leased to this worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueNotification {
    /// The recipient.
    pub user: UserId,
    /// The chat.
    pub chat: ChatId,
    /// The kind of the notification.
    pub kind: NotificationKind,
    /// The number of messages.
    pub message_count: i64,
    /// The number of attempts including this one.
    pub attempts: i64,
}

impl FromRow for NotificationSettings {
    fn from_row(row: &Row) -> Result<Self> {
        let quiet_from: Option<u32> = row.valid("quiet_from")?;
        let channel: Option<ChannelId> = row.get("channel_id")?;
        let name = row.get_or("name", String::new())?;
        let code_channel: Option<ChannelId> = row.get("link_code_channel_id")?;
        let code = code_channel.zip(row.get("link_code")?).zip(row.get("link_code_expires_at")?);
        Ok(Self {
            preferences: NotificationPreferences {
                inbound: row.get_or("inbound", InboundNotifications::None)?,
                failed: row.get("failed")?,
                with_text: row.get("with_text")?,
                quiet_hours: quiet_from.zip(row.valid("quiet_to")?).map(|(from, to)| QuietHours { from, to }),
            },
            linked_account: channel.zip(row.get("address")?).map(|(channel, address)| LinkedAccount {
                channel,
                address,
                name,
            }),
            blocked_at: row.get("blocked_at")?,
            link_code: code.map(|((channel, code), until)| (channel, code, until)),
        })
    }
}

impl FromRow for DueNotification {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user: row.get("user_id")?,
            chat: row.get("chat_id")?,
            kind: row.get("kind")?,
            message_count: row.get("message_count")?,
            attempts: row.get("attempts")?,
        })
    }
}

impl Notifications<'_> {
    /// Loads a user's settings; `None` if the user has never changed them.
    pub async fn settings(&mut self, user: UserId) -> Result<Option<NotificationSettings>> {
        self.snapshot
            .query(
                "SELECT inbound, failed, with_text, quiet_from, quiet_to, channel_id, address, name,
                     blocked_at, link_code,
                     link_code_channel_id, link_code_expires_at
                 FROM notification_settings WHERE tenant_id = $1 AND user_id = $2",
            )
            .bind(user)
            .optional()
            .await
    }

    /// True if an account is linked to a user.
    pub async fn is_linked(&mut self, channel: ChannelId, address: &str) -> Result<bool> {
        let found: Option<UserId> = self
            .snapshot
            .query(
                "SELECT user_id FROM notification_settings
                 WHERE tenant_id = $1 AND channel_id = $2 AND address = $3",
            )
            .bind(channel)
            .bind(address)
            .optional()
            .await?;
        Ok(found.is_some())
    }
}

impl NotificationsMut<'_> {
    /// Stores a user's preferences.
    pub async fn set_preferences(
        &mut self,
        user: UserId,
        preferences: &NotificationPreferences,
    ) -> Result<()> {
        let quiet = preferences.quiet_hours;
        self.work
            .query(
                "INSERT INTO notification_settings
                     (tenant_id, user_id, inbound, failed, with_text, quiet_from, quiet_to)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (tenant_id, user_id) DO UPDATE SET inbound = excluded.inbound, failed =
                     excluded.failed,
                     with_text = excluded.with_text, quiet_from = excluded.quiet_from, quiet_to =
                         excluded.quiet_to",
            )
            .bind(user)
            .bind(preferences.inbound)
            .bind(preferences.failed)
            .bind(preferences.with_text)
            .bind(quiet.map(|quiet| quiet.from))
            .bind(quiet.map(|quiet| quiet.to))
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the code that links the user's account, replacing an earlier one. The user must have
    /// preferences.
    pub async fn set_link_code(
        &mut self,
        user: UserId,
        channel: ChannelId,
        code: &str,
        until: DateTime<Utc>,
    ) -> Result<()> {
        self.work
            .query(
                "UPDATE notification_settings SET link_code = $3, link_code_channel_id = $4,
                     link_code_expires_at = $5
                 WHERE tenant_id = $1 AND user_id = $2",
            )
            .bind(user)
            .bind(code)
            .bind(channel)
            .bind(until)
            .execute()
            .await?;
        Ok(())
    }

    /// Links the account that sent a code to the code's user, and returns the user; `None` for an
    /// unknown code. An account belongs to one user at most, and a code is valid once.
    pub async fn link(
        &mut self,
        channel: ChannelId,
        code: &str,
        (address, name): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        let user: Option<UserId> = self
            .work
            .query(
                "SELECT user_id FROM notification_settings
                 WHERE tenant_id = $1 AND link_code = $2 AND link_code_channel_id = $3
                     AND link_code_expires_at > $4",
            )
            .bind(code)
            .bind(channel)
            .bind(now)
            .optional()
            .await?;
        let Some(user) = user else { return Ok(None) };
        self.work
            .query(
                "UPDATE notification_settings SET channel_id = NULL, address = NULL, name = NULL
                 WHERE tenant_id = $1 AND channel_id = $2 AND address = $3",
            )
            .bind(channel)
            .bind(address)
            .execute()
            .await?;
        self.work
            .query(
                "UPDATE notification_settings SET channel_id = $3, address = $4, name = $5, blocked_at =
                     NULL,
                     link_code = NULL, link_code_channel_id = NULL, link_code_expires_at = NULL
                 WHERE tenant_id = $1 AND user_id = $2",
            )
            .bind(user)
            .bind(channel)
            .bind(address)
            .bind(name)
            .execute()
            .await?;
        self.start_cursor().await?;
        Ok(Some(user))
    }

    /// Starts reading events at the present one: while no account was linked, events were not read.
    async fn start_cursor(&mut self) -> Result<()> {
        self.work
            .query(
                "INSERT INTO notification_cursors (tenant_id, last_id)
                 SELECT tenant_id, last_id FROM event_counters WHERE tenant_id = $1
                 ON CONFLICT (tenant_id) DO UPDATE SET last_id = excluded.last_id
                 WHERE (SELECT COUNT(*) FROM notification_settings s
                     WHERE s.tenant_id = $1 AND s.address IS NOT NULL) < 2",
            )
            .execute()
            .await?;
        Ok(())
    }

    /// Removes the link to a user's account and the user's pending notifications.
    pub async fn unlink(&mut self, user: UserId) -> Result<()> {
        self.work
            .query(
                "UPDATE notification_settings SET channel_id = NULL, address = NULL, name = NULL,
                     blocked_at = NULL,
                     link_code = NULL, link_code_channel_id = NULL, link_code_expires_at = NULL
                 WHERE tenant_id = $1 AND user_id = $2",
            )
            .bind(user)
            .execute()
            .await?;
        self.work
            .query("DELETE FROM pending_notifications WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .execute()
            .await?;
        Ok(())
    }

    /// Unlinks an account that has blocked the bot, and returns its user.
    pub async fn unlink_blocked(
        &mut self,
        channel: ChannelId,
        address: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        let user: Option<UserId> = self
            .work
            .query(
                "UPDATE notification_settings SET channel_id = NULL, address = NULL, name = NULL,
                     blocked_at = $4
                 WHERE tenant_id = $1 AND channel_id = $2 AND address = $3 RETURNING user_id",
            )
            .bind(channel)
            .bind(address)
            .bind(at)
            .optional()
            .await?;
        if let Some(user) = user {
            self.work
                .query("DELETE FROM pending_notifications WHERE tenant_id = $1 AND user_id = $2")
                .bind(user)
                .execute()
                .await?;
        }
        Ok(user)
    }

    /// Reads and locks the event up to which notifications were queued; concurrent transactions
    /// wait.
    pub async fn lock_cursor(&mut self) -> Result<Option<EventId>> {
        self.work
            .query("UPDATE notification_cursors SET last_id = last_id WHERE tenant_id = $1 RETURNING last_id")
            .optional()
            .await
    }

    /// Stores the event up to which notifications are queued.
    pub async fn advance_cursor(&mut self, to: EventId) -> Result<()> {
        self.work
            .query("UPDATE notification_cursors SET last_id = $2 WHERE tenant_id = $1")
            .bind(to)
            .execute()
            .await?;
        Ok(())
    }

    /// Queues a notification about an inbound message for all users who want it.
    pub async fn queue_inbound(&mut self, chat: ChatId, now: DateTime<Utc>) -> Result<()> {
        self.queue(
            "SELECT s.tenant_id, s.user_id FROM notification_settings s
             WHERE s.tenant_id = $1 AND s.address IS NOT NULL
                 AND (s.inbound = 'all' OR s.inbound = 'mine' AND EXISTS (
                 SELECT 1 FROM members m JOIN messages o ON o.tenant_id = m.tenant_id
                     AND o.member_id = m.id
                 WHERE m.tenant_id = s.tenant_id AND m.chat_id = $2 AND m.user_id = s.user_id
                     AND o.direction = 'outbound'))",
            (NotificationKind::Inbound, chat, 0),
            now,
        )
        .await
    }

    /// Queues a notification about a failed message for its sender, if the sender wants it.
    pub async fn queue_failed(&mut self, chat: ChatId, message: MessageId, now: DateTime<Utc>) -> Result<()> {
        self.queue(
            "SELECT s.tenant_id, s.user_id FROM messages o
             JOIN members m ON m.tenant_id = o.tenant_id AND m.id = o.member_id
             JOIN notification_settings s ON s.tenant_id = m.tenant_id AND s.user_id = m.user_id
             WHERE o.tenant_id = $1 AND o.id = $7 AND o.direction = 'outbound'
                 AND o.status = 'failed'
                 AND s.address IS NOT NULL AND s.failed <> 0",
            (NotificationKind::Failed, chat, message.0),
            now,
        )
        .await
    }

    /// Adds one message of a chat to the notifications of the selected users, unless the chat was
    /// deleted. A user who was notified recently is notified later.
    async fn queue(
        &mut self,
        whom: &'static str,
        (kind, chat, message): (NotificationKind, ChatId, i64),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let soon = now + GROUPING_DELAY;
        // A notification after the first time is recent, and the next one is due at the second.
        let (just_now, later) = (now - MIN_INTERVAL, now + MIN_INTERVAL);
        self.work
            .query(
                "INSERT INTO pending_notifications (tenant_id, user_id, chat_id, kind, message_count,
                     due_at)
                 SELECT w.tenant_id, w.user_id, $2, $3, 1, $4 FROM (",
            )
            .push(whom)
            .push(
                ") w WHERE w.tenant_id = $1 AND $7 >= 0
                     AND EXISTS (SELECT 1 FROM chats c WHERE c.tenant_id = $1 AND c.id = $2)
                 ON CONFLICT (tenant_id, user_id, chat_id, kind) DO UPDATE
                 SET message_count = pending_notifications.message_count + 1, due_at = CASE
                     WHEN pending_notifications.message_count > 0 THEN pending_notifications.due_at
                     WHEN pending_notifications.notified_at > $5 THEN $6
                     ELSE $4 END",
            )
            .bind(chat)
            .bind(kind)
            .bind(soon)
            .bind(just_now)
            .bind(later)
            .bind(message)
            .execute()
            .await?;
        Ok(())
    }

    /// Leases the oldest due notifications until `until`.
    pub async fn lease(
        &mut self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<DueNotification>> {
        // A concurrent worker waits for the locks of the first one and then finds the rows leased.
        self.work
            .query(
                "UPDATE pending_notifications SET leased_until = $3, attempts = attempts + 1
                 WHERE tenant_id = $1 AND message_count > 0 AND due_at <= $2
                     AND (leased_until IS NULL OR leased_until < $2)
                     AND (user_id, chat_id, kind) IN (
                         SELECT user_id, chat_id, kind FROM pending_notifications
                         WHERE tenant_id = $1 AND message_count > 0 AND due_at <= $2
                             AND (leased_until IS NULL OR leased_until < $2)
                         ORDER BY due_at, user_id, chat_id LIMIT $4)
                 RETURNING user_id, chat_id, kind, message_count, attempts",
            )
            .bind(now)
            .bind(until)
            .bind(limit)
            .all()
            .await
    }

    /// Finishes a leased notification: it was sent at `told`, or will not be sent. Messages that
    /// were added in the meantime stay pending.
    pub async fn finish(&mut self, done: &DueNotification, told: Option<DateTime<Utc>>) -> Result<()> {
        let again = told.map(|told| told + MIN_INTERVAL);
        self.work
            .query(
                "UPDATE pending_notifications SET message_count = message_count - $5, attempts = 0,
                     leased_until = NULL,
                     notified_at = COALESCE($6, notified_at), due_at = COALESCE($7, due_at)
                 WHERE tenant_id = $1 AND user_id = $2 AND chat_id = $3 AND kind = $4",
            )
            .bind(done.user)
            .bind(done.chat)
            .bind(done.kind)
            .bind(done.message_count)
            .bind(told)
            .bind(again)
            .execute()
            .await?;
        Ok(())
    }

    /// Postpones a leased notification.
    pub async fn postpone(&mut self, due: &DueNotification, until: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "UPDATE pending_notifications SET due_at = $5, leased_until = NULL
                 WHERE tenant_id = $1 AND user_id = $2 AND chat_id = $3 AND kind = $4",
            )
            .bind(due.user)
            .bind(due.chat)
            .bind(due.kind)
            .bind(until)
            .execute()
            .await?;
        Ok(())
    }
}
