//! Finding clients, chats and messages by what someone typed.

use std::sync::Arc;

use crate::services::{Actor, Dependencies};
use crate::{
    domain::{Chat, ChatId, ClientId, MessageId, MessageTerms, Permission, SearchTerms, fold},
    error::Result,
    persistence::{ClientSummary, FoundMessage, Snapshot},
};

/// Use cases of finding.
#[derive(Clone)]
pub struct SearchService {
    deps: Arc<Dependencies>,
}

/// A part of what was found, and whether there is more.
#[derive(Debug)]
pub struct SearchResults<T> {
    /// The part.
    pub items: Vec<T>,
    /// Whether there is more.
    pub has_more: bool,
}

impl<T> SearchResults<T> {
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

impl SearchService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Clients: those whose name begins with what was typed by name, then others that match, the newest first.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "find_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn clients(
        &self,
        actor: &Actor,
        query: &str,
        limit: i64,
    ) -> Result<SearchResults<ClientSummary>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let ids = best_clients(&mut tx, query, limit + 1).await?;
        Ok(SearchResults::of(tx.clients().summaries(&ids).await?, limit))
    }

    /// Chats with such clients.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "find_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn chats(&self, actor: &Actor, query: &str, limit: i64) -> Result<SearchResults<Chat>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let ids = best_clients(&mut tx, query, CANDIDATES).await?;
        Ok(SearchResults::of(tx.chats().of_clients(&ids).await?, limit))
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
    ) -> Result<SearchResults<FoundMessage>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let ids = tx.messages().containing(terms, None, before, limit + 1).await?;
        Ok(SearchResults::of(tx.messages().found_by_ids(&ids).await?, limit))
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
    ) -> Result<SearchResults<MessageId>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        Ok(SearchResults::of(tx.messages().containing(terms, Some(chat), None, limit + 1).await?, limit))
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
        self.deps.database.read(actor.tenant_id()).await?.messages().found_by_ids(ids).await
    }

    /// Those of these clients that there are.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "recall_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn clients_of(&self, actor: &Actor, ids: &[ClientId]) -> Result<Vec<ClientSummary>> {
        actor.require(Permission::ClientRead)?;
        self.deps.database.read(actor.tenant_id()).await?.clients().summaries(ids).await
    }

    /// Those of these chats that there are.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "recall_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn chats_of(&self, actor: &Actor, ids: &[ChatId]) -> Result<Vec<Chat>> {
        actor.require(Permission::ChatRead)?;
        self.deps.database.read(actor.tenant_id()).await?.chats().by_ids(ids).await
    }
}

async fn best_clients(tx: &mut Snapshot, query: &str, limit: i64) -> Result<Vec<ClientId>> {
    let terms = SearchTerms::parse(query);
    let name = fold(&query.replace(char::is_control, " ")).split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids = tx.clients().ids_by_name_prefix(&name, limit).await?;
    for id in tx.clients().newest_matching_ids(&terms, limit).await? {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(ids)
}
