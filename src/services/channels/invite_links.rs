//! Invite links, by which an existing client begins to write to a bot.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;

use crate::services::{Actor, ChannelService, PageFrame, activity::page_frame};
use crate::{
    domain::{Channel, ChannelId, Client, ClientId, Permission, Problem, Transport},
    error::{AppError, Result},
    persistence::Snapshot,
    providers::{carries, registration},
};

/// The validity of an unused link.
const LINK_VALID_FOR: TimeDelta = TimeDelta::days(30);

/// A bot that a client can be invited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The channel of the bot.
    pub channel: ChannelId,
    /// The username of the bot.
    pub bot: String,
    /// The client's link, if there is a valid one.
    pub url: Option<String>,
}

/// The data of the page of a client's invite links.
#[derive(Debug, Clone)]
pub struct InvitationPage {
    /// The client.
    pub client: Client,
    /// The bots with the client's links.
    pub invitations: Vec<Invitation>,
    /// The frame of the page.
    pub frame: PageFrame,
}

impl Invitation {
    fn new(channel: &Channel, code: Option<&str>) -> Option<Self> {
        let provider = registration(&channel.provider);
        let bot = (provider.username)(channel)?.to_owned();
        let url = code.and_then(|code| (provider.invite_link)(channel, code));
        Some(Self { channel: channel.id, bot, url })
    }
}

impl ChannelService {
    /// Lists the bots that a client can be invited to, with the client's links.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "list_invitations", skip_all, fields(tenant = %actor.tenant.id, %client))]
    pub async fn invitations(&self, actor: &Actor, client: ClientId) -> Result<InvitationPage> {
        actor.require(Permission::ChatSend)?;
        actor.require(Permission::ClientRead)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let codes = tx.channels().valid_invitations(client, now).await?;
        let client = tx.clients().get(client).await?.ok_or(AppError::NotFound)?;
        let bots = bots(&mut tx).await?;
        let invitation = |bot: &Channel| Invitation::new(bot, newest(&codes, bot.id));
        let invitations = bots.iter().filter_map(invitation).collect();
        Ok(InvitationPage { client, invitations, frame: page_frame(&mut tx, actor).await? })
    }

    /// Returns a client's link to a bot, which is created if there is none; without `channel`, to
    /// the only bot.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for `channel_id` if
    /// it is not a bot's, or if it is missing and there are several bots.
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
        let codes = tx.channels().valid_invitations(client, now).await?;
        let code = if let Some(code) = newest(&codes, bot.id) {
            code.to_owned()
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

/// The code of the newest link to a bot.
fn newest(codes: &[(ChannelId, String)], bot: ChannelId) -> Option<&str> {
    codes.iter().find(|(channel, _)| *channel == bot).map(|(_, code)| code.as_str())
}

/// Reads the channels of bots with a username, which links need.
pub(in crate::services) async fn bots(tx: &mut Snapshot) -> Result<Vec<Channel>> {
    let channels = tx.channels().all().await?.into_iter().map(|sealed| sealed.channel);
    let is_bot = |channel: &Channel| {
        carries(channel, Transport::Telegram) && (registration(&channel.provider).username)(channel).is_some()
    };
    Ok(channels.filter(is_bot).collect())
}
