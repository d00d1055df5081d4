//! Drafts, and message templates filled in for a client.

use std::sync::Arc;

use chrono::SubsecRound as _;

use crate::services::{Actor, Dependencies, PageFrame, activity::page_frame};
use crate::{
    domain::{ChatId, Client, Draft, MessageTemplate, Permission, SearchTerms, TemplateValues},
    error::{AppError, Result},
    persistence::{Page, PageRequest, Snapshot, TemplateSort},
};

/// The use cases of drafts.
#[derive(Clone)]
pub struct DraftService {
    deps: Arc<Dependencies>,
}

/// The message templates for a chat.
#[derive(Debug, Clone)]
pub struct FilledTemplatesPage {
    /// The name of the chat's client.
    pub client_name: String,
    /// A page of templates, filled in for the client.
    pub templates: Page<MessageTemplate>,
    /// The frame of the page.
    pub frame: PageFrame,
}

impl DraftService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Loads the user's draft in a chat.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_draft", level = "debug", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn get(&self, actor: &Actor, chat: ChatId) -> Result<Option<Draft>> {
        actor.require(Permission::ChatSend)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        tx.drafts().get(chat, actor.user.id).await
    }

    /// Stores a draft unless a newer one is stored, and returns the stored draft if it is not
    /// empty.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "save_draft", level = "debug", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn save(&self, actor: &Actor, chat: ChatId, mut draft: Draft) -> Result<Option<Draft>> {
        actor.require(Permission::ChatSend)?;
        // Times in the future are reduced to now: a clock that is ahead must not block later
        // drafts.
        draft.written_at = draft.written_at.trunc_subsecs(6).min(self.deps.clock.now());
        let user = actor.user.id;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        if let Some(template) = draft.template
            && tx.templates().get(template).await?.is_none()
        {
            draft.template = None;
        }
        tx.drafts_mut().save(chat, user, &draft).await?;
        let kept = tx.drafts().get(chat, user).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Lists a page of message templates, filled in for the client of a chat, the most used first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "fill_templates", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn templates(
        &self,
        actor: &Actor,
        chat: ChatId,
        terms: &SearchTerms,
        page: PageRequest,
    ) -> Result<FilledTemplatesPage> {
        actor.require(Permission::ChatSend)?;
        actor.require(Permission::MessageTemplateRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let (client, filling) = filling(&mut tx, actor, chat).await?;
        let mut templates = tx.templates().page(terms, TemplateSort::MostUsed, page).await?;
        for template in &mut templates.items {
            template.text = filling.fill(&template.text);
        }
        let (client_name, frame) = (client.data().full_name(), page_frame(&mut tx, actor).await?);
        Ok(FilledTemplatesPage { client_name, templates, frame })
    }
}

async fn filling(tx: &mut Snapshot, actor: &Actor, chat: ChatId) -> Result<(Client, TemplateValues)> {
    let chat = tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
    let client = tx.clients().get(chat.client).await?.ok_or(AppError::NotFound)?;
    let values = placeholder_values(&client, actor);
    Ok((client, values))
}

/// The values of the placeholders. A client that was created by its first message has its number as
/// its name, which is not used in greetings.
pub(in crate::services) fn placeholder_values(client: &Client, actor: &Actor) -> TemplateValues {
    let data = client.data();
    let named = !data.first_name().starts_with('+');
    let name = |text: &str| if named { text.to_owned() } else { String::new() };
    TemplateValues {
        client_first_name: name(data.first_name()),
        client_last_name: name(data.last_name().unwrap_or_default()),
        client_full_name: name(&data.full_name()),
        user_first_name: actor.user.name.first.clone(),
        user_full_name: actor.user.name.full(),
        tenant_name: actor.tenant.name.clone(),
    }
}
