//! Staff are told of messages by a bot: their own account of Telegram, linked by a code.
//!
//! Whoever is to be told is found by following the events, in a transaction of its own, which also notes how far that
//! has come; telling is a matter of its own, by lease. So nothing waits for it and nothing is forgotten by a process that
//! dies (`docs/adr/0020-notifications.md`).

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::services::{Actor, ChannelService, Foundation, channels::invite_links::bots};
use crate::{
    domain::{
        Channel, ChannelId, Direction, Event, Locale, NotificationKind, NotificationWishes, Permission,
        Problem, Tenant, TenantId, Transport,
    },
    error::{AppError, Result},
    persistence::{DueNotification, NotificationSettings, SealedChannel, Tx},
    providers::{Outbound, Outcome, SendFrom, sender},
};

/// Whoever is told looks so often whether there is something to tell.
const TICK: Duration = Duration::from_secs(2);
/// How long who tells has for it.
const LEASE: TimeDelta = TimeDelta::seconds(90);
/// Events that are looked at in one transaction.
const PORTION: i64 = 200;
/// Notifications that are claimed together.
const MOST: i64 = 20;
/// After so many tries it is too late to be told.
const MOST_TRIES: i64 = 8;
/// How long a code is good.
const GOOD_FOR: TimeDelta = TimeDelta::hours(1);

/// What is told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Of what.
    pub kind: NotificationKind,
    /// How many messages.
    pub amount: i64,
    /// The client.
    pub client: String,
    /// The company.
    pub company: String,
    /// What the newest message says, where that is wanted.
    pub text: Option<String>,
    /// Where the chat is.
    pub url: String,
}

/// Puts a notice into words.
pub type Words = fn(Locale, &Notice) -> String;

/// A bot by which a user can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationBot {
    /// Its channel.
    pub channel: ChannelId,
    /// Its username.
    pub username: String,
    /// The link that is to be followed, where there is one that is still good.
    pub url: Option<String>,
}

/// Use cases of notifications.
#[derive(Clone)]
pub struct NotificationService {
    base: Arc<Foundation>,
    channels: ChannelService,
}

impl NotificationService {
    pub(in crate::services) fn new(base: Arc<Foundation>, channels: ChannelService) -> Self {
        Self { base, channels }
    }

    /// The user's own settings, and the bots by which it can be told.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "show_notifications", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn show(&self, actor: &Actor) -> Result<(NotificationSettings, Vec<NotificationBot>)> {
        let now = self.base.clock.now();
        let mut tx = self.base.database.read(actor.tenant.id).await?;
        let settings = tx.notifications().settings(actor.user.id).await?.unwrap_or_default();
        let bots = bots(&mut tx).await?.into_iter().filter(|bot| bot.disabled_at.is_none());
        let bot = |bot: Channel| {
            let username = bot.username?;
            let code =
                settings.code.as_ref().filter(|(channel, _, until)| *channel == bot.id && *until > now);
            let url = code.map(|(_, code, _)| format!("https://t.me/{username}?start={code}"));
            Some(NotificationBot { channel: bot.id, username, url })
        };
        Ok((settings.clone(), bots.filter_map(bot).collect()))
    }

    /// Keeps what the user wants to be told of.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "change_notifications", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn wish(&self, actor: &Actor, wishes: &NotificationWishes) -> Result<()> {
        let mut tx = self.base.database.begin(actor.tenant.id).await?;
        tx.notifications().wish(actor.user.id, wishes).await?;
        tx.commit().await
    }

    /// Makes a link by which the user's account of Telegram becomes known, of the only bot when none is named.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for `channel_id` when it names no bot.
    #[tracing::instrument(name = "offer_link", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn offer(&self, actor: &Actor, channel: Option<ChannelId>) -> Result<()> {
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(actor.tenant.id).await?;
        let bots = bots(&mut tx).await?;
        let bot = match (channel, bots.as_slice()) {
            (_, []) => return Err(AppError::invalid("channel_id", Problem::NoProvider)),
            (None, [only]) => only.id,
            (None, _) => return Err(AppError::invalid("channel_id", Problem::Required)),
            (Some(id), bots) if bots.iter().any(|bot| bot.id == id) => id,
            (Some(_), _) => return Err(AppError::invalid("channel_id", Problem::NotFound)),
        };
        let settings = tx.notifications().settings(actor.user.id).await?.unwrap_or_default();
        tx.notifications().wish(actor.user.id, &settings.wishes).await?;
        let code = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        tx.notifications().offer(actor.user.id, bot, &code, now + GOOD_FOR).await?;
        tx.commit().await
    }

    /// Forgets the user's account.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "unlink", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn unlink(&self, actor: &Actor) -> Result<()> {
        let mut tx = self.base.database.begin(actor.tenant.id).await?;
        tx.notifications().unlink(actor.user.id).await?;
        tx.commit().await
    }

    /// Follows the events and tells, until told to stop.
    pub async fn run(&self, words: Words, stop: CancellationToken) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while stop.run_until_cancelled(tick.tick()).await.is_some() {
            if let Err(error) = self.drain(words).await {
                tracing::warn!(%error, "notifications have to wait");
            }
        }
    }

    /// Tells all that is due now; how many were told.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    pub async fn drain(&self, words: Words) -> Result<usize> {
        let now = self.base.clock.now();
        let tenants = self.base.database.read_as_operator().await?.directory().tenants_to_tell(now).await?;
        let mut told = 0;
        for tenant in tenants {
            while self.look(tenant).await? {}
            told += self.tell(tenant, words).await?;
        }
        Ok(told)
    }

    /// Finds out who is to be told of the next events; whether there may be more.
    async fn look(&self, tenant: TenantId) -> Result<bool> {
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(tenant).await?;
        let Some(last) = tx.notifications().cursor().await? else { return Ok(false) };
        let (events, seen) = tx.events().after(last, PORTION).await?;
        if seen == last {
            return Ok(false);
        }
        for recorded in &events {
            match recorded.event {
                Event::MessageReceived { chat_id, .. } => {
                    tx.notifications().note_inbound(chat_id, now).await?;
                }
                Event::MessageStatusChanged { chat_id, message_id } => {
                    tx.notifications().note_failed(chat_id, message_id, now).await?;
                }
                _ => {}
            }
        }
        tx.notifications().advance(seen).await?;
        tx.commit().await?;
        Ok(seen.0 - last.0 >= PORTION)
    }

    async fn tell(&self, tenant: TenantId, words: Words) -> Result<usize> {
        let mut told = 0;
        loop {
            let now = self.base.clock.now();
            let mut tx = self.base.database.begin(tenant).await?;
            let due = tx.notifications().claim(now, now + LEASE, MOST).await?;
            tx.commit().await?;
            if due.is_empty() {
                return Ok(told);
            }
            let company = self.base.database.read_as_operator().await?.directory().tenant(tenant).await?;
            for one in due {
                told += usize::from(self.tell_one(&company, &one, words).await?);
            }
        }
    }

    /// Tells one; whether it was told.
    #[tracing::instrument(name = "notify", skip_all, fields(tenant = %company.id, user = %due.user, chat = %due.chat))]
    async fn tell_one(&self, company: &Tenant, due: &DueNotification, words: Words) -> Result<bool> {
        let (now, tenant) = (self.base.clock.now(), company.id);
        let mut tx = self.base.database.read(tenant).await?;
        let found = self.notice(&mut tx, company, due, now).await?;
        drop(tx);
        let (sealed, address, notice, locale) = match found {
            What::Now(found) => *found,
            What::Later(at) => {
                let mut tx = self.base.database.begin(tenant).await?;
                tx.notifications().postpone(due, at).await?;
                return tx.commit().await.map(|()| false);
            }
            What::Never => {
                let mut tx = self.base.database.begin(tenant).await?;
                tx.notifications().finish(due, None).await?;
                return tx.commit().await.map(|()| false);
            }
        };
        let from = sender(&sealed.channel, Transport::Telegram);
        let message = Outbound {
            reference: String::new(),
            transport: Transport::Telegram,
            to: address.clone(),
            from: from.unwrap_or_else(|| SendFrom::Number(sealed.channel.account_sid.clone())),
            body: words(locale, &notice),
            approved: None,
            media: Vec::new(),
            parts: Vec::new(),
            status_callback: None,
        };
        let outcome = self.channels.provider(&sealed)?.send(&message).await;
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(tenant).await?;
        let told = matches!(outcome, Outcome::Accepted { .. } | Outcome::Part { .. });
        match outcome {
            Outcome::Accepted { .. } | Outcome::Part { .. } => {
                tx.notifications().finish(due, Some(now)).await?;
            }
            Outcome::Closed { .. } => drop(tx.notifications().lose(sealed.channel.id, &address, now).await?),
            // To be told twice is better than not to be told.
            Outcome::Retry { .. } | Outcome::Unknown(_) if due.attempts < MOST_TRIES => {
                let pause = TimeDelta::seconds(15) * (1 << due.attempts.clamp(0, 10));
                let asked = match outcome {
                    Outcome::Retry { after: Some(after), .. } => TimeDelta::from_std(after).unwrap_or(pause),
                    _ => pause,
                };
                tx.notifications().postpone(due, now + asked).await?;
            }
            Outcome::Retry { .. } | Outcome::Unknown(_) | Outcome::Refused(_) => {
                tx.notifications().finish(due, None).await?;
            }
        }
        tx.commit().await?;
        Ok(told)
    }

    /// What is to be told, to whom and where to.
    async fn notice(
        &self,
        tx: &mut Tx,
        tenant: &Tenant,
        due: &DueNotification,
        now: DateTime<Utc>,
    ) -> Result<What> {
        let settings = tx.notifications().settings(due.user).await?.unwrap_or_default();
        let (Some(link), Some(user)) = (settings.link, tx.users().find(due.user).await?) else {
            return Ok(What::Never);
        };
        let (Some(chat), Some(sealed)) =
            (tx.chats().get(due.chat).await?, tx.channels().get(link.channel).await?)
        else {
            return Ok(What::Never);
        };
        let is_read = due.kind == NotificationKind::Inbound && chat.unread_count == 0;
        if is_read || !user.role.may(Permission::ChatRead) || sealed.channel.disabled_at.is_some() {
            return Ok(What::Never);
        }
        if let Some(end) = settings.wishes.quiet.and_then(|quiet| quiet.end(now, tenant.time_zone)) {
            return Ok(What::Later(end));
        }
        let newest = chat.last_message.as_ref().filter(|message| {
            settings.wishes.with_text
                && due.kind == NotificationKind::Inbound
                && message.direction == Direction::Inbound
                && !message.preview.is_empty()
        });
        let url =
            self.base.public_url.join(&format!("/crm/chats/{}", chat.id)).map_err(AppError::internal)?;
        let notice = Notice {
            kind: due.kind,
            // Some of them may have been read.
            amount: if due.kind == NotificationKind::Inbound {
                due.amount.min(chat.unread_count)
            } else {
                due.amount
            },
            client: chat.client_name,
            company: tenant.name.clone(),
            text: newest.map(|message| message.preview.clone()),
            url: url.to_string(),
        };
        let locale = user.preferences.locale.unwrap_or(tenant.locale);
        Ok(What::Now(Box::new((sealed, link.address, notice, locale))))
    }
}

/// What becomes of something that is due.
enum What {
    Now(Box<(SealedChannel, String, Notice, Locale)>),
    Later(DateTime<Utc>),
    Never,
}
