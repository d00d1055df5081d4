//! Staff notifications: a bot notifies users of messages in their own Telegram accounts, which are
//! linked by a code.
//!
//! One step follows the events and stores who has to be notified, together with its position, in
//! one transaction. A second step leases the stored notifications and sends them. Therefore no
//! request waits for a notification, and a process that dies loses none
//! (`docs/adr/0020-staff-notifications.md`).

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::services::{
    Actor, ChannelService, Dependencies, PageFrame,
    activity::page_frame,
    channels::invite_links::bots,
    worker::{self, Backoff, Queue, WorkerMetrics, WorkerState},
};
use crate::{
    domain::{
        Channel, ChannelId, Direction, Event, Locale, NotificationKind, NotificationPreferences, Permission,
        Problem, Tenant, TenantId, Transport,
    },
    error::{AppError, Result},
    persistence::{DueNotification, NotificationSettings, SealedChannel, Snapshot, WorkKind},
    providers::{OutboundMessage, Outcome, SendFrom, registration, sender},
};

/// The number of tenants whose notifications are sent concurrently.
const CONCURRENCY: usize = 4;
/// Pauses between attempts to send a notification.
const BACKOFF: Backoff = Backoff { min: Duration::from_secs(30), max: Duration::from_hours(2), factor: 2 };
/// The duration of a notification's lease.
const LEASE: TimeDelta = TimeDelta::seconds(90);
/// The number of events that are read in one transaction.
const BATCH_SIZE: i64 = 200;
/// The number of notifications that are leased together.
const BATCH_LIMIT: i64 = 20;
/// The number of attempts after which a notification is discarded.
const MAX_ATTEMPTS: i64 = 8;
/// The validity of a link code.
const LINK_VALID_FOR: TimeDelta = TimeDelta::hours(1);

/// The content of a notification.
#[derive(Debug, Clone)]
pub struct NotificationContent {
    /// The kind of the notification.
    pub kind: NotificationKind,
    /// The number of messages.
    pub amount: i64,
    /// The name of the client.
    pub client: String,
    /// The name of the tenant.
    pub company: String,
    /// The text of the newest message, if the user wants it.
    pub text: Option<String>,
    /// The address of the chat.
    pub url: String,
}

/// Formats the text of a notification.
pub type NotificationFormatter = fn(Locale, &NotificationContent) -> String;

/// A bot that can notify a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationBot {
    /// The channel of the bot.
    pub channel: ChannelId,
    /// The username of the bot.
    pub username: String,
    /// The link to follow, if there is a valid one.
    pub url: Option<String>,
}

/// The data of a user's page of notifications.
#[derive(Debug, Clone)]
pub struct NotificationPage {
    /// The settings of the user.
    pub settings: NotificationSettings,
    /// The bots that can notify the user.
    pub bots: Vec<NotificationBot>,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// The use cases of staff notifications.
#[derive(Clone)]
pub struct NotificationService {
    deps: Arc<Dependencies>,
    channels: ChannelService,
    worker: WorkerState<TenantId>,
}

impl NotificationService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>, channels: ChannelService) -> Self {
        Self { deps, channels, worker: WorkerState::new(CONCURRENCY, 1) }
    }

    /// Returns the user's settings, and the bots that can notify the user.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "show_notifications", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn show(&self, actor: &Actor) -> Result<NotificationPage> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.read(actor.tenant.id).await?;
        let settings = tx.notifications().settings(actor.user.id).await?.unwrap_or_default();
        let bots = bots(&mut tx).await?.into_iter().filter(|bot| bot.disabled_at.is_none());
        let bot = |bot: Channel| {
            let provider = registration(&bot.provider);
            let username = (provider.username)(&bot)?.to_owned();
            let code =
                settings.link_code.as_ref().filter(|(channel, _, until)| *channel == bot.id && *until > now);
            let url = code.and_then(|(_, code, _)| (provider.invite_link)(&bot, code));
            Some(NotificationBot { channel: bot.id, username, url })
        };
        let bots = bots.filter_map(bot).collect();
        let frame = page_frame(&mut tx, actor).await?;
        Ok(NotificationPage { settings, bots, frame })
    }

    /// Stores the user's preferences.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "change_notifications", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn save_preferences(&self, actor: &Actor, wishes: &NotificationPreferences) -> Result<()> {
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        tx.notifications_mut().set_preferences(actor.user.id, wishes).await?;
        tx.commit().await
    }

    /// Creates a link that links the user's Telegram account to a bot; without `channel`, to the
    /// only bot.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for `channel_id` if it is not a bot's, or if it is missing and there
    /// are several bots.
    #[tracing::instrument(name = "offer_link", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn create_link(&self, actor: &Actor, channel: Option<ChannelId>) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        let bots = bots(&mut tx).await?;
        let bot = match (channel, bots.as_slice()) {
            (_, []) => return Err(AppError::invalid("channel_id", Problem::NoProvider)),
            (None, [only]) => only.id,
            (None, _) => return Err(AppError::invalid("channel_id", Problem::Required)),
            (Some(id), bots) if bots.iter().any(|bot| bot.id == id) => id,
            (Some(_), _) => return Err(AppError::invalid("channel_id", Problem::NotFound)),
        };
        let settings = tx.notifications().settings(actor.user.id).await?.unwrap_or_default();
        tx.notifications_mut().set_preferences(actor.user.id, &settings.preferences).await?;
        let code = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        tx.notifications_mut().set_link_code(actor.user.id, bot, &code, now + LINK_VALID_FOR).await?;
        tx.commit().await
    }

    /// Unlinks the user's account.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "unlink", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn unlink(&self, actor: &Actor) -> Result<()> {
        let mut tx = self.deps.database.begin(actor.tenant.id).await?;
        tx.notifications_mut().unlink(actor.user.id).await?;
        tx.commit().await
    }

    /// Sends all due notifications and returns their number. For tests and tools.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn drain(&self, format: NotificationFormatter) -> Result<usize> {
        worker::drain(&self.queue(format)).await
    }

    pub(in crate::services) fn metrics(&self) -> WorkerMetrics {
        self.worker.metrics()
    }

    /// The queue of notifications, whose texts `format` creates.
    pub(in crate::services) fn queue(&self, format: NotificationFormatter) -> NotificationQueue {
        NotificationQueue { service: self.clone(), format }
    }

    /// Stores notifications for the next events. Returns true if there may be more events.
    async fn process_events(&self, tenant: TenantId) -> Result<bool> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        let Some(last) = tx.notifications_mut().lock_cursor().await? else { return Ok(false) };
        let (events, seen) = tx.events().after(last, BATCH_SIZE).await?;
        if seen == last {
            return Ok(false);
        }
        for recorded in &events {
            match recorded.event {
                Event::MessageReceived { chat_id, .. } => {
                    tx.notifications_mut().queue_inbound(chat_id, now).await?;
                }
                Event::MessageStatusChanged { chat_id, message_id } => {
                    tx.notifications_mut().queue_failed(chat_id, message_id, now).await?;
                }
                _ => {}
            }
        }
        tx.notifications_mut().advance_cursor(seen).await?;
        tx.commit().await?;
        Ok(seen.0 - last.0 >= BATCH_SIZE)
    }

    async fn send_due(&self, tenant: TenantId, format: NotificationFormatter) -> Result<usize> {
        let mut sent = 0;
        loop {
            let now = self.deps.clock.now();
            let mut tx = self.deps.database.begin(tenant).await?;
            let due = tx.notifications_mut().lease(now, now + LEASE, BATCH_LIMIT).await?;
            tx.commit().await?;
            if due.is_empty() {
                return Ok(sent);
            }
            let company = self.deps.database.read_cross_tenant().await?.tenant(tenant).await?;
            for one in due {
                sent += usize::from(self.send_one(&company, &one, format).await?);
            }
        }
    }

    /// Sends a notification. Returns true if it was sent.
    #[tracing::instrument(name = "notify", skip_all, fields(tenant = %company.id, user = %due.user, chat = %due.chat))]
    async fn send_one(
        &self,
        company: &Tenant,
        due: &DueNotification,
        format: NotificationFormatter,
    ) -> Result<bool> {
        let (now, tenant) = (self.deps.clock.now(), company.id);
        let mut tx = self.deps.database.read(tenant).await?;
        let found = self.notice(&mut tx, company, due, now).await?;
        drop(tx);
        let (sealed, address, notice, locale) = match found {
            Decision::Send(found) => *found,
            Decision::Postpone(at) => {
                let mut tx = self.deps.database.begin(tenant).await?;
                tx.notifications_mut().postpone(due, at).await?;
                return tx.commit().await.map(|()| false);
            }
            Decision::Discard => {
                let mut tx = self.deps.database.begin(tenant).await?;
                tx.notifications_mut().finish(due, None).await?;
                return tx.commit().await.map(|()| false);
            }
        };
        let from = sender(&sealed.channel, Transport::Telegram);
        let message = OutboundMessage {
            reference: String::new(),
            transport: Transport::Telegram,
            to: address.clone(),
            from: from.unwrap_or_else(|| SendFrom::Number(sealed.channel.account.clone())),
            body: format(locale, &notice),
            whatsapp_template: None,
            media: Vec::new(),
            parts: Vec::new(),
            status_callback: None,
        };
        let outcome = self.channels.provider(&sealed)?.send(&message).await;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        let sent = matches!(outcome, Outcome::Accepted { .. } | Outcome::PartAccepted { .. });
        match outcome {
            Outcome::Accepted { .. } | Outcome::PartAccepted { .. } => {
                tx.notifications_mut().finish(due, Some(now)).await?;
            }
            Outcome::RecipientUnreachable { .. } => {
                tx.notifications_mut().unlink_blocked(sealed.channel.id, &address, now).await?;
            }
            // A repeated notification is better than a lost one.
            Outcome::Retry { .. } | Outcome::Unknown(_) if due.attempts < MAX_ATTEMPTS => {
                let pause = BACKOFF.delta(due.attempts);
                let asked = match outcome {
                    Outcome::Retry { after: Some(after), .. } => TimeDelta::from_std(after).unwrap_or(pause),
                    _ => pause,
                };
                tx.notifications_mut().postpone(due, now + asked).await?;
            }
            Outcome::Retry { .. } | Outcome::Unknown(_) | Outcome::Refused(_) => {
                tx.notifications_mut().finish(due, None).await?;
            }
        }
        tx.commit().await?;
        Ok(sent)
    }

    /// Decides about a due notification, and collects its recipient and content.
    async fn notice(
        &self,
        tx: &mut Snapshot,
        tenant: &Tenant,
        due: &DueNotification,
        now: DateTime<Utc>,
    ) -> Result<Decision> {
        let settings = tx.notifications().settings(due.user).await?.unwrap_or_default();
        let (Some(link), Some(user)) = (settings.linked_account, tx.users().find(due.user).await?) else {
            return Ok(Decision::Discard);
        };
        let (Some(chat), Some(sealed)) =
            (tx.chats().get(due.chat).await?, tx.channels().get(link.channel).await?)
        else {
            return Ok(Decision::Discard);
        };
        let is_read = due.kind == NotificationKind::Inbound && chat.unread_count == 0;
        if is_read || !user.permissions.contains(Permission::ChatRead) || sealed.channel.disabled_at.is_some()
        {
            return Ok(Decision::Discard);
        }
        if let Some(end) = settings.preferences.quiet_hours.and_then(|quiet| quiet.end(now, tenant.time_zone))
        {
            return Ok(Decision::Postpone(end));
        }
        let newest = chat.last_message.as_ref().filter(|message| {
            settings.preferences.with_text
                && due.kind == NotificationKind::Inbound
                && message.direction == Direction::Inbound
                && !message.preview.is_empty()
        });
        let url =
            self.deps.public_url.join(&format!("/crm/chats/{}", chat.id)).map_err(AppError::internal)?;
        let notice = NotificationContent {
            kind: due.kind,
            // Some of the messages may have been read in the meantime.
            amount: if due.kind == NotificationKind::Inbound {
                due.message_count.min(chat.unread_count)
            } else {
                due.message_count
            },
            client: chat.client_name,
            company: tenant.name.clone(),
            text: newest.map(|message| message.preview.clone()),
            url: url.to_string(),
        };
        let locale = user.preferences.locale.unwrap_or(tenant.locale);
        Ok(Decision::Send(Box::new((sealed, link.address, notice, locale))))
    }
}

/// The decision about a due notification.
enum Decision {
    Send(Box<(SealedChannel, String, NotificationContent, Locale)>),
    Postpone(DateTime<Utc>),
    Discard,
}

/// The notifications of all tenants, with their formatter.
#[derive(Clone)]
pub(in crate::services) struct NotificationQueue {
    service: NotificationService,
    format: NotificationFormatter,
}

/// A job consists of a tenant's new events and all its due notifications. Each notification has a
/// lease of its own, and one whose worker died is due again, because a repeated notification is
/// better than a lost one.
impl Queue for NotificationQueue {
    type Lane = TenantId;
    type Job = TenantId;
    const KIND: WorkKind = WorkKind::Notifications;

    fn dependencies(&self) -> &Dependencies {
        &self.service.deps
    }

    fn worker(&self) -> &WorkerState<TenantId> {
        &self.service.worker
    }

    async fn due_lanes(&self, now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        let mut cross_tenant = self.service.deps.database.read_cross_tenant().await?;
        cross_tenant.tenants_with_pending_notifications(now).await
    }

    async fn lease_jobs(&self, shares: Vec<(TenantId, usize)>, _now: DateTime<Utc>) -> Result<Vec<TenantId>> {
        Ok(shares.into_iter().map(|(tenant, _)| tenant).collect())
    }

    fn lane_of(tenant: &TenantId) -> TenantId {
        *tenant
    }

    async fn perform(&self, tenant: &TenantId, _stop: &CancellationToken) -> Result<usize> {
        while self.service.process_events(*tenant).await? {}
        self.service.send_due(*tenant, self.format).await
    }
}
