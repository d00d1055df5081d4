//! Links by which a client that is known already comes to write by a bot.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;

use crate::services::{Actor, ChannelService};
use crate::{
    domain::{Channel, ChannelId, ClientId, Permission, Problem, Transport},
    error::{AppError, Result},
    persistence::Snapshot,
    providers::carries,
};

/// How long a link is good, if nobody follows it.
const LINK_VALID_FOR: TimeDelta = TimeDelta::days(30);

/// A bot by which a client can be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its channel.
    pub channel: ChannelId,
    /// Its username.
    pub bot: String,
    /// The client's link, when there is one that is good.
    pub url: Option<String>,
}

impl Invitation {
    fn new(channel: &Channel, code: Option<&str>) -> Option<Self> {
        let bot = channel.username.clone().filter(|bot| !bot.is_empty())?;
        let url = code.map(|code| format!("https://t.me/{bot}?start={code}"));
        Some(Self { channel: channel.id, bot, url })
    }
}

impl ChannelService {
    /// Whether there is a bot by which clients can be invited.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    pub async fn can_invite(&self, actor: &Actor) -> Result<bool> {
        if !actor.may(Permission::ChatSend) {
            return Ok(false);
        }
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        Ok(!bots(&mut tx).await?.is_empty())
    }

    /// The bots by which a client can be invited, with the links that it was given.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "list_invitations", skip_all, fields(tenant = %actor.tenant.id, %client))]
    pub async fn invitations(&self, actor: &Actor, client: ClientId) -> Result<Vec<Invitation>> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.clients().get(client).await?.ok_or(AppError::NotFound)?;
        let mut all = Vec::new();
        for bot in bots(&mut tx).await? {
            let code = tx.channels().newest_invitation(bot.id, client, now).await?;
            all.extend(Invitation::new(&bot, code.as_deref()));
        }
        Ok(all)
    }

    /// A client's link to a bot, made when there is none; of the only bot when none is named.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for `channel_id` when it names no bot.
    #[tracing::instrument(name = "invite_client", skip_all, fields(tenant = %actor.tenant.id, %client))]
    pub async fn invite(
        &self,
        actor: &Actor,
        client: ClientId,
        channel: Option<ChannelId>,
    ) -> Result<Invitation> {
        actor.require(Permission::ChatSend)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if !tx.clients_mut().lock_for_share(client).await? {
            return Err(AppError::NotFound);
        }
        let bots = bots(&mut tx).await?;
        let bot = match (channel, bots.as_slice()) {
            (_, []) => return Err(AppError::invalid("channel_id", Problem::NoProvider)),
            (None, [only]) => only,
            (None, _) => return Err(AppError::invalid("channel_id", Problem::Required)),
            (Some(id), bots) => bots
                .iter()
                .find(|bot| bot.id == id)
                .ok_or_else(|| AppError::invalid("channel_id", Problem::NotFound))?,
        };
        let code = if let Some(code) = tx.channels().newest_invitation(bot.id, client, now).await? {
            code
        } else {
            let code = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
            tx.channels_mut().create_invitation(bot.id, client, &code, now, now + LINK_VALID_FOR).await?;
            code
        };
        let made = Invitation::new(bot, Some(&code)).ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(made)
    }
}

/// The bots that have a name by which links can lead to them.
pub(in crate::services) async fn bots(tx: &mut Snapshot) -> Result<Vec<Channel>> {
    let channels = tx.channels().all().await?.into_iter().map(|sealed| sealed.channel);
    let is_bot = |channel: &Channel| {
        carries(channel, Transport::Telegram) && channel.username.as_ref().is_some_and(|u| !u.is_empty())
    };
    Ok(channels.filter(is_bot).collect())
}
