//! Staff who are told of messages by a bot: whom, of what, and what is still to be told.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::Tx;
use crate::{
    domain::{
        ChannelId, ChatId, EventId, InboundNotifications, MessageId, NotificationKind,
        NotificationPreferences, QuietHours, UserId,
    },
    error::Result,
};

/// Messages of a chat that come so soon after the first are told together.
const GROUPING_DELAY: TimeDelta = TimeDelta::seconds(4);
/// Of a chat nobody is told more often than this.
const MIN_INTERVAL: TimeDelta = TimeDelta::seconds(45);

/// Notifications of a tenant's staff.
pub struct Notifications<'t> {
    tx: &'t mut Tx,
}

/// A user's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationSettings {
    /// What the user wants to be told of.
    pub preferences: NotificationPreferences,
    /// Where to.
    pub linked_account: Option<LinkedAccount>,
    /// When the account that was linked was found to have blocked the bot.
    pub blocked_at: Option<DateTime<Utc>>,
    /// The bot and the code by which one can be linked, and until when.
    pub link_code: Option<(ChannelId, String, DateTime<Utc>)>,
}

/// An account of Telegram that is a user's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedAccount {
    /// By which bot.
    pub channel: ChannelId,
    /// Its number.
    pub address: String,
    /// What it is called.
    pub name: String,
}

/// Something that is to be told now, and is leased to who tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueNotification {
    /// Whom.
    pub user: UserId,
    /// The chat.
    pub chat: ChatId,
    /// Of what.
    pub kind: NotificationKind,
    /// How many messages.
    pub message_count: i64,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

#[derive(FromRow)]
struct SettingsRow {
    inbound: String,
    failed: i64,
    with_text: i64,
    quiet_from: Option<i64>,
    quiet_to: Option<i64>,
    channel_id: Option<Uuid>,
    address: Option<String>,
    name: Option<String>,
    blocked_at: Option<DateTime<Utc>>,
    link_code: Option<String>,
    link_code_channel_id: Option<Uuid>,
    link_code_expires_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct DueRow {
    user_id: i64,
    chat_id: i64,
    kind: String,
    message_count: i64,
    attempts: i64,
}

impl From<SettingsRow> for NotificationSettings {
    fn from(row: SettingsRow) -> Self {
        let minute = |minute: Option<i64>| minute.and_then(|minute| u32::try_from(minute).ok());
        let quiet = minute(row.quiet_from).zip(minute(row.quiet_to));
        let link = row.channel_id.zip(row.address);
        let code = row.link_code_channel_id.zip(row.link_code).zip(row.link_code_expires_at);
        Self {
            preferences: NotificationPreferences {
                inbound: row.inbound.parse().unwrap_or(InboundNotifications::None),
                failed: row.failed != 0,
                with_text: row.with_text != 0,
                quiet_hours: quiet.map(|(from, to)| QuietHours { from, to }),
            },
            linked_account: link.map(|(channel, address)| LinkedAccount {
                channel: ChannelId(channel),
                address,
                name: row.name.unwrap_or_default(),
            }),
            blocked_at: row.blocked_at,
            link_code: code.map(|((channel, code), until)| (ChannelId(channel), code, until)),
        }
    }
}

impl<'t> Notifications<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// A user's settings; none when they were never touched.
    pub async fn settings(&mut self, user: UserId) -> Result<Option<NotificationSettings>> {
        let row = sql!(
            self.tx,
            opt(SettingsRow),
            "
            SELECT inbound, failed, with_text, quiet_from, quiet_to, channel_id, address, name, blocked_at, link_code,
                link_code_channel_id, link_code_expires_at
            FROM notification_settings WHERE tenant_id = $1 AND user_id = $2",
            user.0
        )?;
        Ok(row.map(Into::into))
    }

    /// Keeps what a user wants to be told of.
    pub async fn set_preferences(
        &mut self,
        user: UserId,
        preferences: &NotificationPreferences,
    ) -> Result<()> {
        let quiet = preferences.quiet_hours.map(|quiet| (i64::from(quiet.from), i64::from(quiet.to)));
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO notification_settings
                (tenant_id, user_id, inbound, failed, with_text, quiet_from, quiet_to)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant_id, user_id) DO UPDATE SET inbound = excluded.inbound, failed = excluded.failed,
                with_text = excluded.with_text, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to",
            user.0,
            preferences.inbound.as_str(),
            i64::from(preferences.failed),
            i64::from(preferences.with_text),
            quiet.map(|(from, _)| from),
            quiet.map(|(_, to)| to)
        )?;
        Ok(())
    }

    /// Keeps the code by which the user's account will be known, in place of an earlier one. There are settings by then.
    pub async fn set_link_code(
        &mut self,
        user: UserId,
        channel: ChannelId,
        code: &str,
        until: DateTime<Utc>,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE notification_settings SET link_code = $3, link_code_channel_id = $4, link_code_expires_at = $5
            WHERE tenant_id = $1 AND user_id = $2",
            user.0,
            code,
            channel.0,
            until
        )?;
        Ok(())
    }

    /// Links the account that gave a code to the user whose code it is; whom, if it is one's. An account is one user's, and
    /// a code is good once.
    pub async fn link(
        &mut self,
        channel: ChannelId,
        code: &str,
        (address, name): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        let user = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT user_id FROM notification_settings
            WHERE tenant_id = $1 AND link_code = $2 AND link_code_channel_id = $3 AND link_code_expires_at > $4",
            code,
            channel.0,
            now
        )?;
        let Some(user) = user else { return Ok(None) };
        sql!(
            self.tx,
            exec,
            "
            UPDATE notification_settings SET channel_id = NULL, address = NULL, name = NULL
            WHERE tenant_id = $1 AND channel_id = $2 AND address = $3",
            channel.0,
            address
        )?;
        sql!(
            self.tx,
            exec,
            "
            UPDATE notification_settings SET channel_id = $3, address = $4, name = $5, blocked_at = NULL,
                link_code = NULL, link_code_channel_id = NULL, link_code_expires_at = NULL
            WHERE tenant_id = $1 AND user_id = $2",
            user,
            channel.0,
            address,
            name
        )?;
        self.start_cursor().await?;
        Ok(Some(UserId(user)))
    }

    /// Has those who are linked be told of what comes from now on: while nobody was, nobody followed the events.
    async fn start_cursor(&mut self) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO notification_cursors (tenant_id, last_id)
            SELECT tenant_id, last_id FROM event_counters WHERE tenant_id = $1
            ON CONFLICT (tenant_id) DO UPDATE SET last_id = excluded.last_id
            WHERE (SELECT COUNT(*) FROM notification_settings s
                WHERE s.tenant_id = $1 AND s.address IS NOT NULL) < 2"
        )?;
        Ok(())
    }

    /// Forgets a user's account, and what was still to be told.
    pub async fn unlink(&mut self, user: UserId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE notification_settings SET channel_id = NULL, address = NULL, name = NULL, blocked_at = NULL,
                link_code = NULL, link_code_channel_id = NULL, link_code_expires_at = NULL
            WHERE tenant_id = $1 AND user_id = $2",
            user.0
        )?;
        sql!(
            self.tx,
            exec,
            "DELETE FROM pending_notifications WHERE tenant_id = $1 AND user_id = $2",
            user.0
        )?;
        Ok(())
    }

    /// Forgets an account that has blocked the bot; whose it was.
    pub async fn unlink_blocked(
        &mut self,
        channel: ChannelId,
        address: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        let user = sql!(
            self.tx,
            maybe(i64),
            "
            UPDATE notification_settings SET channel_id = NULL, address = NULL, name = NULL, blocked_at = $4
            WHERE tenant_id = $1 AND channel_id = $2 AND address = $3 RETURNING user_id",
            channel.0,
            address,
            at
        )?;
        if let Some(user) = user {
            sql!(
                self.tx,
                exec,
                "DELETE FROM pending_notifications WHERE tenant_id = $1 AND user_id = $2",
                user
            )?;
        }
        Ok(user.map(UserId))
    }

    /// Whether an account is one of staff.
    pub async fn is_linked(&mut self, channel: ChannelId, address: &str) -> Result<bool> {
        let found = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT user_id FROM notification_settings
            WHERE tenant_id = $1 AND channel_id = $2 AND address = $3",
            channel.0,
            address
        )?;
        Ok(found.is_some())
    }

    /// The event up to which those who are to be told are known. Others who ask wait until this transaction ends.
    pub async fn lock_cursor(&mut self) -> Result<Option<EventId>> {
        let last = sql!(
            self.tx,
            maybe(i64),
            "
            UPDATE notification_cursors SET last_id = last_id WHERE tenant_id = $1 RETURNING last_id"
        )?;
        Ok(last.map(EventId))
    }

    /// Those who are to be told are known up to this event.
    pub async fn advance_cursor(&mut self, to: EventId) -> Result<()> {
        sql!(self.tx, exec, "UPDATE notification_cursors SET last_id = $2 WHERE tenant_id = $1", to.0)?;
        Ok(())
    }

    /// Notes an inbound message for those who want to be told of it.
    pub async fn queue_inbound(&mut self, chat: ChatId, now: DateTime<Utc>) -> Result<()> {
        self.queue(
            "
            SELECT s.tenant_id, s.user_id FROM notification_settings s
            WHERE s.tenant_id = $1 AND s.address IS NOT NULL AND (s.inbound = 'all' OR s.inbound = 'mine' AND EXISTS (
                SELECT 1 FROM members m JOIN messages o ON o.tenant_id = m.tenant_id AND o.member_id = m.id
                WHERE m.tenant_id = s.tenant_id AND m.chat_id = $2 AND m.user_id = s.user_id
                    AND o.direction = 'outbound'))",
            (NotificationKind::Inbound, chat, 0),
            now,
        )
        .await
    }

    /// Notes a message that failed for its sender, where that is someone who wants to be told of it.
    pub async fn queue_failed(&mut self, chat: ChatId, message: MessageId, now: DateTime<Utc>) -> Result<()> {
        self.queue(
            "
            SELECT s.tenant_id, s.user_id FROM messages o
            JOIN members m ON m.tenant_id = o.tenant_id AND m.id = o.member_id
            JOIN notification_settings s ON s.tenant_id = m.tenant_id AND s.user_id = m.user_id
            WHERE o.tenant_id = $1 AND o.id = $7 AND o.direction = 'outbound' AND o.status = 'failed'
                AND s.address IS NOT NULL AND s.failed <> 0",
            (NotificationKind::Failed, chat, message.0),
            now,
        )
        .await
    }

    /// Notes one more message of a chat for each user of a selection, unless the chat is gone by now. Who was told a moment
    /// ago waits a little.
    async fn queue(
        &mut self,
        whom: &str,
        (kind, chat, message): (NotificationKind, ChatId, i64),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let text = format!(
            "
            INSERT INTO pending_notifications (tenant_id, user_id, chat_id, kind, message_count, due_at)
            SELECT w.tenant_id, w.user_id, $2, $3, 1, $4 FROM ({whom}) w WHERE w.tenant_id = $1 AND $7 >= 0
                AND EXISTS (SELECT 1 FROM chats c WHERE c.tenant_id = $1 AND c.id = $2)
            ON CONFLICT (tenant_id, user_id, chat_id, kind) DO UPDATE SET message_count = pending_notifications.message_count + 1,
                due_at = CASE
                    WHEN pending_notifications.message_count > 0 THEN pending_notifications.due_at
                    WHEN pending_notifications.notified_at > $5 THEN $6
                    ELSE $4 END
            RETURNING user_id"
        );
        let soon = now + GROUPING_DELAY;
        // Told after this moment is told just now; what comes next is due when that is so long ago.
        let (just_now, later) = (now - MIN_INTERVAL, now + MIN_INTERVAL);
        sql!(
            self.tx,
            all((i64,)),
            { made: text },
            chat.0,
            kind.as_str(),
            soon,
            just_now,
            later,
            message
        )?;
        Ok(())
    }

    /// Takes what is due, the oldest first, and leases it until `until`.
    pub async fn lease(
        &mut self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<DueNotification>> {
        // Who comes second waits for the first one's rows, and finds them leased.
        let rows = sql!(
            self.tx,
            all(DueRow),
            "
            UPDATE pending_notifications SET leased_until = $3, attempts = attempts + 1
            WHERE tenant_id = $1 AND message_count > 0 AND due_at <= $2 AND (leased_until IS NULL OR leased_until < $2)
                AND (user_id, chat_id, kind) IN (
                    SELECT user_id, chat_id, kind FROM pending_notifications
                    WHERE tenant_id = $1 AND message_count > 0 AND due_at <= $2
                        AND (leased_until IS NULL OR leased_until < $2)
                    ORDER BY due_at, user_id, chat_id LIMIT $4)
            RETURNING user_id, chat_id, kind, message_count, attempts",
            now,
            until,
            limit
        )?;
        let due = |row: DueRow| DueNotification {
            user: UserId(row.user_id),
            chat: ChatId(row.chat_id),
            kind: NotificationKind::parse(&row.kind),
            message_count: row.message_count,
            attempts: row.attempts,
        };
        Ok(rows.into_iter().map(due).collect())
    }

    /// What was claimed is done with: told at `told`, or never to be told. What has come meanwhile stays.
    pub async fn finish(&mut self, done: &DueNotification, told: Option<DateTime<Utc>>) -> Result<()> {
        let again = told.map(|told| told + MIN_INTERVAL);
        sql!(
            self.tx,
            exec,
            "
            UPDATE pending_notifications SET message_count = message_count - $5, attempts = 0, leased_until = NULL,
                notified_at = COALESCE($6, notified_at), due_at = COALESCE($7, due_at)
            WHERE tenant_id = $1 AND user_id = $2 AND chat_id = $3 AND kind = $4",
            done.user.0,
            done.chat.0,
            done.kind.as_str(),
            done.message_count,
            told,
            again
        )?;
        Ok(())
    }

    /// What was claimed is to be told later.
    pub async fn postpone(&mut self, due: &DueNotification, until: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE pending_notifications SET due_at = $5, leased_until = NULL
            WHERE tenant_id = $1 AND user_id = $2 AND chat_id = $3 AND kind = $4",
            due.user.0,
            due.chat.0,
            due.kind.as_str(),
            until
        )?;
        Ok(())
    }
}
