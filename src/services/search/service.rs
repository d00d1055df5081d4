//! Finding clients, chats and messages by what someone typed.

use std::sync::Arc;

use crate::services::{Actor, Foundation};
use crate::{
    domain::{Chat, ChatId, ClientId, MessageId, MessageTerms, Permission, SearchTerms, fold},
    error::Result,
    persistence::{ClientBrief, FoundMessage, Tx},
};

/// Use cases of finding.
#[derive(Clone)]
pub struct FindService {
    base: Arc<Foundation>,
}

/// A part of what was found, and whether there is more.
#[derive(Debug)]
pub struct Part<T> {
    /// The part.
    pub items: Vec<T>,
    /// Whether there is more.
    pub has_more: bool,
}

impl<T> Part<T> {
    /// The first `limit` of what was looked for with one more.
    fn of(mut items: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let has_more = items.len() > limit;
        items.truncate(limit);
        Self { items, has_more }
    }
}

/// Of so many clients the chats are looked up: not every client has one.
const CANDIDATES: i64 = 50;

impl FindService {
    pub(in crate::services) fn new(base: Arc<Foundation>) -> Self {
        Self { base }
    }

    /// Clients: those whose name begins with what was typed by name, then others that match, the newest first.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "find_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn clients(&self, actor: &Actor, query: &str, limit: i64) -> Result<Part<ClientBrief>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let ids = best_clients(&mut tx, query, limit + 1).await?;
        Ok(Part::of(tx.clients().briefs(&ids).await?, limit))
    }

    /// Chats with such clients.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "find_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn chats(&self, actor: &Actor, query: &str, limit: i64) -> Result<Part<Chat>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let ids = best_clients(&mut tx, query, CANDIDATES).await?;
        Ok(Part::of(tx.chats().of_clients(&ids).await?, limit))
    }

    /// Messages, the newest first.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "find_messages", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn messages(
        &self,
        actor: &Actor,
        terms: &MessageTerms,
        before: Option<MessageId>,
        limit: i64,
    ) -> Result<Part<FoundMessage>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let ids = tx.messages().saying(terms, None, before, limit + 1).await?;
        Ok(Part::of(tx.messages().found(&ids).await?, limit))
    }

    /// The messages of a chat that say something, the newest first.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "find_in_chat", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn in_chat(
        &self,
        actor: &Actor,
        chat: ChatId,
        terms: &MessageTerms,
        limit: i64,
    ) -> Result<Part<MessageId>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        Ok(Part::of(tx.messages().saying(terms, Some(chat), None, limit + 1).await?, limit))
    }

    /// These messages, with the names of whom the conversations are with.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "show_found", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn messages_of(&self, actor: &Actor, ids: &[MessageId]) -> Result<Vec<FoundMessage>> {
        actor.require(Permission::ChatRead)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.base.database.read(actor.tenant_id()).await?.messages().found(ids).await
    }

    /// Those of these clients that there are.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "recall_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn clients_of(&self, actor: &Actor, ids: &[ClientId]) -> Result<Vec<ClientBrief>> {
        actor.require(Permission::ClientRead)?;
        self.base.database.read(actor.tenant_id()).await?.clients().briefs(ids).await
    }

    /// Those of these chats that there are.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "recall_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn chats_of(&self, actor: &Actor, ids: &[ChatId]) -> Result<Vec<Chat>> {
        actor.require(Permission::ChatRead)?;
        self.base.database.read(actor.tenant_id()).await?.chats().briefs(ids).await
    }
}

async fn best_clients(tx: &mut Tx, query: &str, limit: i64) -> Result<Vec<ClientId>> {
    let terms = SearchTerms::parse(query);
    let name = fold(&query.replace(char::is_control, " ")).split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids = tx.clients().named(&name, limit).await?;
    for id in tx.clients().first_matching(&terms, limit).await? {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(ids)
}
