//! Templates that WhatsApp approved: kept for a channel, and sent by it at any time.

use std::sync::Arc;

use crate::services::{
    Actor, ChatService, Foundation, Outgoing, Reach, chats::drafts::fill_for, delivery::routes::reach,
};
use crate::{
    domain::{
        Approved, ApprovedTemplate, ApprovedTemplateId, ChannelId, ChatId, Client, Event, Message,
        MessageText, NewApprovedTemplate, Permission, Problem, Transport,
    },
    error::{AppError, Result},
    persistence::Tx,
};

/// More than a channel has: WhatsApp approves 250 for an unverified business.
const MOST: i64 = 250;

/// Use cases of approved templates.
#[derive(Clone)]
pub struct ApprovedService {
    base: Arc<Foundation>,
    chats: ChatService,
}

/// A template with what its variables would be filled with for a client.
#[derive(Debug, Clone)]
pub struct FilledTemplate {
    /// The template.
    pub template: ApprovedTemplate,
    /// The values, in the order of the variables; some may be empty.
    pub values: Vec<String>,
}

impl ApprovedService {
    pub(in crate::services) fn new(base: Arc<Foundation>, chats: ChatService) -> Self {
        Self { base, chats }
    }

    /// A channel's templates by name.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "list_approved", skip_all, fields(tenant = %actor.tenant.id, %channel))]
    pub async fn list(&self, actor: &Actor, channel: ChannelId) -> Result<Vec<ApprovedTemplate>> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        tx.channels().get(channel).await?.ok_or(AppError::NotFound)?;
        tx.approved().of_channel(channel, MOST).await
    }

    /// One template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_approved", skip_all, fields(tenant = %actor.tenant.id, %channel, template = %id))]
    pub async fn get(
        &self,
        actor: &Actor,
        channel: ChannelId,
        id: ApprovedTemplateId,
    ) -> Result<ApprovedTemplate> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        tx.channels().get(channel).await?.ok_or(AppError::NotFound)?;
        tx.approved().get(channel, id).await?.ok_or(AppError::NotFound)
    }

    /// Keeps a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for one that is kept already, and when there
    /// are too many.
    #[tracing::instrument(name = "create_approved", skip_all, fields(tenant = %actor.tenant.id, %channel))]
    pub async fn create(
        &self,
        actor: &Actor,
        channel: ChannelId,
        new: &NewApprovedTemplate,
    ) -> Result<ApprovedTemplate> {
        actor.require(Permission::ChannelManage)?;
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(actor.tenant_id()).await?;
        tx.channels().get(channel).await?.ok_or(AppError::NotFound)?;
        if tx.approved().count(channel).await? >= MOST {
            return Err(AppError::invalid("name", Problem::OutOfRange { min: 0, max: MOST }));
        }
        let Some(id) = tx.approved().create(channel, new, now).await? else { return Err(taken()) };
        let template = tx.approved().get(channel, id).await?.ok_or(AppError::NotFound)?;
        tx.record(Event::ChannelChanged { channel_id: channel }, actor.user_id(), now);
        tx.commit().await?;
        Ok(template)
    }

    /// Changes a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] when another is that of Twilio already.
    #[tracing::instrument(name = "update_approved", skip_all, fields(tenant = %actor.tenant.id, %channel, template = %id))]
    pub async fn update(
        &self,
        actor: &Actor,
        channel: ChannelId,
        id: ApprovedTemplateId,
        new: &NewApprovedTemplate,
    ) -> Result<ApprovedTemplate> {
        actor.require(Permission::ChannelManage)?;
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(actor.tenant_id()).await?;
        tx.channels().get(channel).await?.ok_or(AppError::NotFound)?;
        let updated = tx.approved().update(channel, id, new, now).await?;
        let template = tx.approved().get(channel, id).await?.ok_or(AppError::NotFound)?;
        if !updated {
            return Err(taken());
        }
        tx.record(Event::ChannelChanged { channel_id: channel }, actor.user_id(), now);
        tx.commit().await?;
        Ok(template)
    }

    /// Forgets a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "delete_approved", skip_all, fields(tenant = %actor.tenant.id, %channel, template = %id))]
    pub async fn delete(&self, actor: &Actor, channel: ChannelId, id: ApprovedTemplateId) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.base.database.begin(actor.tenant_id()).await?;
        tx.channels().get(channel).await?.ok_or(AppError::NotFound)?;
        if !tx.approved().delete(channel, id).await? {
            return Err(AppError::NotFound);
        }
        tx.record(Event::ChannelChanged { channel_id: channel }, actor.user_id(), self.base.clock.now());
        tx.commit().await
    }

    /// The templates that can be sent in a chat, filled for its client; none where WhatsApp does not lead to it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "fill_approved", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn offered(&self, actor: &Actor, chat: ChatId) -> Result<Vec<FilledTemplate>> {
        actor.require(Permission::ChatSend)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let stored = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let client = tx.clients().get(stored.client).await?.ok_or(AppError::NotFound)?;
        let (ways, _) = reach(&mut tx, chat, &client, self.base.clock.now()).await?;
        let Some(way) = ways.into_iter().find(|way| way.transport == Transport::Whatsapp) else {
            return Ok(Vec::new());
        };
        filled(&mut tx, actor, &client, way.channel).await
    }

    /// The templates that can be sent to a client by one of its ways; none by one that always takes any text.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "fill_approved_for", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn by_way(
        &self,
        actor: &Actor,
        client: &Client,
        ways: &[Reach],
    ) -> Result<Vec<FilledTemplate>> {
        let way = ways.iter().find(|way| way.window.is_some());
        let Some(way) = way.filter(|_| actor.may(Permission::ChatSend)) else { return Ok(Vec::new()) };
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        filled(&mut tx, actor, client, way.channel).await
    }

    /// One of [`Self::offered`].
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn one_offered(
        &self,
        actor: &Actor,
        chat: ChatId,
        id: ApprovedTemplateId,
    ) -> Result<FilledTemplate> {
        let offered = self.offered(actor, chat).await?;
        offered.into_iter().find(|filled| filled.template.id == id).ok_or(AppError::NotFound)
    }

    /// Sends a template with these values. The same key gives the same message, and nothing new.
    ///
    /// # Errors
    /// As [`ChatService::send`].
    #[tracing::instrument(name = "send_approved", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn send(
        &self,
        actor: &Actor,
        chat: ChatId,
        template: &ApprovedTemplate,
        values: Vec<String>,
        idempotency_key: Option<String>,
    ) -> Result<Message> {
        let content = &template.content;
        let text = MessageText::parse(&content.body.fill(&values))
            .map_err(|problem| AppError::invalid("message", problem))?;
        let approved = Approved { sid: content.content_sid.clone(), variables: values };
        let outgoing = Outgoing {
            text,
            transport: Some(Transport::Whatsapp),
            idempotency_key,
            approved: Some((template.channel, approved)),
            ..Outgoing::default()
        };
        self.chats.send(actor, chat, outgoing).await
    }
}

async fn filled(
    tx: &mut Tx,
    actor: &Actor,
    client: &Client,
    channel: ChannelId,
) -> Result<Vec<FilledTemplate>> {
    let filling = fill_for(client, actor);
    let templates = tx.approved().of_channel(channel, MOST).await?;
    let filled = |template: ApprovedTemplate| FilledTemplate { values: template.values(&filling), template };
    Ok(templates.into_iter().map(filled).collect())
}

pub(super) fn taken() -> AppError {
    AppError::invalid("content_sid", Problem::Taken)
}
