//! WhatsApp templates of a channel, which may be sent outside the service window.

use std::sync::Arc;

use crate::services::{
    Actor, ChatService, DeliveryRoute, Dependencies, OutgoingMessage, PageFrame, activity::page_frame,
    channels::audit_details::channel_title, chats::drafts::placeholder_values,
    delivery::routes::resolve_routes,
};
use crate::{
    domain::{
        Changes, ChannelId, ChatId, Client, DeliveryPriority, Event, Message, MessageText,
        NewWhatsappTemplate, Permission, Problem, Transport, WhatsappTemplate, WhatsappTemplateId,
        WhatsappTemplateMessage,
    },
    error::{AppError, Result},
    persistence::Snapshot,
};

/// The maximum number of templates of a channel. WhatsApp approves 250 for an unverified business.
pub(super) const MAX_TEMPLATES: i64 = 250;

/// The use cases of WhatsApp templates.
#[derive(Clone)]
pub struct WhatsappTemplateService {
    deps: Arc<Dependencies>,
    chats: ChatService,
}

/// The templates that can be sent in a chat.
#[derive(Debug, Clone)]
pub struct AvailableTemplates {
    /// The name of the chat's client.
    pub client_name: String,
    /// The templates; empty if the client cannot be reached by WhatsApp.
    pub templates: Vec<FilledTemplate>,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// One of the templates that can be sent in a chat.
#[derive(Debug, Clone)]
pub struct AvailableTemplate {
    /// The name of the chat's client.
    pub client_name: String,
    /// The template, filled in for the client.
    pub filled: FilledTemplate,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// A template with the default values of its variables for one client.
#[derive(Debug, Clone)]
pub struct FilledTemplate {
    /// The template with its unfilled text.
    pub template: WhatsappTemplate,
    /// The values, in the order of the variables; some may be empty.
    pub values: Vec<String>,
}

impl WhatsappTemplateService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>, chats: ChatService) -> Self {
        Self { deps, chats }
    }

    /// Lists a channel's templates by name.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "list_whatsapp_templates", skip_all, fields(tenant = %actor.tenant.id, %channel))]
    pub async fn list(&self, actor: &Actor, channel: ChannelId) -> Result<Vec<WhatsappTemplate>> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.channels().get(channel).await?.ok_or(AppError::NotFound)?;
        tx.whatsapp_templates().of_channel(channel, MAX_TEMPLATES).await
    }

    /// Loads a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_whatsapp_template", skip_all, fields(tenant = %actor.tenant.id, %channel, template = %id))]
    pub async fn get(
        &self,
        actor: &Actor,
        channel: ChannelId,
        id: WhatsappTemplateId,
    ) -> Result<WhatsappTemplate> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.channels().get(channel).await?.ok_or(AppError::NotFound)?;
        tx.whatsapp_templates().get(channel, id).await?.ok_or(AppError::NotFound)
    }

    /// Stores a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for a template that
    /// is stored already, and when there are too many.
    #[tracing::instrument(name = "create_whatsapp_template", skip_all, fields(tenant = %actor.tenant.id, %channel))]
    pub async fn create(
        &self,
        actor: &Actor,
        channel: ChannelId,
        new: &NewWhatsappTemplate,
    ) -> Result<WhatsappTemplate> {
        actor.require(Permission::ChannelManage)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let title = titled(&mut tx, channel).await?;
        if tx.whatsapp_templates().count(channel).await? >= MAX_TEMPLATES {
            return Err(AppError::invalid("name", Problem::OutOfRange { min: 0, max: MAX_TEMPLATES }));
        }
        let Some(id) = tx.whatsapp_templates_mut().create(channel, new, now).await? else {
            return Err(taken());
        };
        let template = tx.whatsapp_templates().get(channel, id).await?.ok_or(AppError::NotFound)?;
        let values = Changes::default().added("whatsapp_template", &template.content.name);
        tx.record(
            Event::ChannelChanged { channel_id: channel }.about(title).with(values),
            actor.author(),
            now,
        );
        tx.commit().await?;
        Ok(template)
    }

    /// Changes a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] if another template
    /// has the same id at the provider.
    #[tracing::instrument(name = "update_whatsapp_template", skip_all, fields(tenant = %actor.tenant.id, %channel, template = %id))]
    pub async fn update(
        &self,
        actor: &Actor,
        channel: ChannelId,
        id: WhatsappTemplateId,
        new: &NewWhatsappTemplate,
    ) -> Result<WhatsappTemplate> {
        actor.require(Permission::ChannelManage)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let title = titled(&mut tx, channel).await?;
        let before = tx.whatsapp_templates().get(channel, id).await?.ok_or(AppError::NotFound)?;
        let updated = tx.whatsapp_templates_mut().update(channel, id, new, now).await?;
        let template = tx.whatsapp_templates().get(channel, id).await?.ok_or(AppError::NotFound)?;
        if !updated {
            return Err(taken());
        }
        let values = Changes::default()
            .field("whatsapp_template", Some(&before.content.name), Some(&template.content.name))
            .field("template", Some(before.content.body.as_str()), Some(template.content.body.as_str()));
        tx.record(
            Event::ChannelChanged { channel_id: channel }.about(title).with(values),
            actor.author(),
            now,
        );
        tx.commit().await?;
        Ok(template)
    }

    /// Deletes a template here; it remains at the provider.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "delete_whatsapp_template", skip_all, fields(tenant = %actor.tenant.id, %channel, template = %id))]
    pub async fn delete(&self, actor: &Actor, channel: ChannelId, id: WhatsappTemplateId) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let title = titled(&mut tx, channel).await?;
        let template = tx.whatsapp_templates().get(channel, id).await?.ok_or(AppError::NotFound)?;
        if !tx.whatsapp_templates_mut().delete(channel, id).await? {
            return Err(AppError::NotFound);
        }
        let values = Changes::default().removed("whatsapp_template", &template.content.name);
        tx.record(
            Event::ChannelChanged { channel_id: channel }.about(title).with(values),
            actor.author(),
            self.deps.clock.now(),
        );
        tx.commit().await
    }

    /// Lists the templates that can be sent in a chat, with values for its client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "fill_whatsapp_template", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn available(&self, actor: &Actor, chat: ChatId) -> Result<AvailableTemplates> {
        actor.require(Permission::ChatSend)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let stored = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        let client = tx.clients().get(stored.client).await?.ok_or(AppError::NotFound)?;
        let members = tx.chats().members(chat).await?;
        let reachability = resolve_routes(&mut tx, chat, &members, &client, self.deps.clock.now()).await?;
        let templates = templates_of_routes(&mut tx, actor, &client, &reachability.routes).await?;
        let frame = page_frame(&mut tx, actor).await?;
        Ok(AvailableTemplates { client_name: stored.client_name, templates, frame })
    }

    /// Loads one of the templates of [`Self::available`].
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn find_available(
        &self,
        actor: &Actor,
        chat: ChatId,
        id: WhatsappTemplateId,
    ) -> Result<AvailableTemplate> {
        let AvailableTemplates { client_name, templates, frame } = self.available(actor, chat).await?;
        let filled = templates.into_iter().find(|filled| filled.template.id == id);
        Ok(AvailableTemplate { client_name, filled: filled.ok_or(AppError::NotFound)?, frame })
    }

    /// Sends a template with these values. A repeated idempotency key returns the existing message.
    ///
    /// # Errors
    /// Like [`ChatService::send`].
    #[tracing::instrument(name = "send_whatsapp_template", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn send(
        &self,
        actor: &Actor,
        chat: ChatId,
        template: &WhatsappTemplate,
        values: Vec<String>,
        idempotency_key: Option<String>,
        priority: DeliveryPriority,
    ) -> Result<Message> {
        let content = &template.content;
        let text = MessageText::parse(&content.body.fill(&values))
            .map_err(|problem| AppError::invalid("message", problem))?;
        let filled = WhatsappTemplateMessage { sid: content.content_sid.clone(), variables: values };
        let outgoing = OutgoingMessage {
            text,
            transport: Some(Transport::Whatsapp),
            idempotency_key,
            whatsapp_template: Some((template.channel, filled)),
            priority,
            ..OutgoingMessage::default()
        };
        self.chats.send(actor, chat, outgoing).await
    }
}

/// Lists the templates of the first of a client's routes that carries templates, with values for the
/// client; none for users who may not send messages.
pub(in crate::services) async fn templates_of_routes(
    tx: &mut Snapshot,
    actor: &Actor,
    client: &Client,
    routes: &[DeliveryRoute],
) -> Result<Vec<FilledTemplate>> {
    let route = routes.iter().find(|route| route.limits.templates);
    match route.filter(|_| actor.may(Permission::ChatSend)) {
        Some(route) => filled(tx, actor, client, route.channel).await,
        None => Ok(Vec::new()),
    }
}

async fn filled(
    tx: &mut Snapshot,
    actor: &Actor,
    client: &Client,
    channel: ChannelId,
) -> Result<Vec<FilledTemplate>> {
    let filling = placeholder_values(client, actor);
    let templates = tx.whatsapp_templates().of_channel(channel, MAX_TEMPLATES).await?;
    let filled =
        |template: WhatsappTemplate| FilledTemplate { values: template.default_values(&filling), template };
    Ok(templates.into_iter().map(filled).collect())
}

pub(super) fn taken() -> AppError {
    AppError::invalid("content_sid", Problem::Taken)
}

/// The name of a channel in the audit log.
///
/// # Errors
/// [`AppError::NotFound`].
async fn titled(tx: &mut Snapshot, channel: ChannelId) -> Result<String> {
    let channel = tx.channels().get(channel).await?.ok_or(AppError::NotFound)?.channel;
    Ok(channel_title(&channel.provider, &channel.addresses))
}
