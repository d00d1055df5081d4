//! Search for clients, chats and messages.

use std::sync::Arc;

use crate::services::{Actor, Dependencies};
use crate::{
    domain::{ChatId, ClientId, MessageId, MessageTerms, Permission, SearchTerms, fold},
    error::Result,
    persistence::{ClientSummary, FoundMessage, ListedChat, Snapshot},
};

/// The use cases of searching.
#[derive(Clone)]
pub struct SearchService {
    deps: Arc<Dependencies>,
}

/// The first results, and a flag that says if there are more.
#[derive(Debug)]
pub struct SearchResults<T> {
    /// The results in order.
    pub items: Vec<T>,
    /// True if there are more results.
    pub has_more: bool,
}

impl<T> SearchResults<T> {
    /// Takes the first `limit` of results that were queried with one more.
    pub(in crate::services) fn of(mut items: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let has_more = items.len() > limit;
        items.truncate(limit);
        Self { items, has_more }
    }
}

/// The number of matching clients whose chats are loaded, more than the limit because some clients
/// have no chat.
const CANDIDATES: i64 = 50;

impl SearchService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Finds clients: first those whose names begin with the query, by name, then other matches,
    /// the newest first.
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

    /// Finds chats by their clients.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "find_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn chats(&self, actor: &Actor, query: &str, limit: i64) -> Result<SearchResults<ListedChat>> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let ids = best_clients(&mut tx, query, CANDIDATES).await?;
        Ok(SearchResults::of(tx.chats().of_clients(actor.user.id, &ids).await?, limit))
    }

    /// Finds messages, the newest first.
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

    /// Loads clients by id; missing ones are omitted.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "recall_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn clients_of(&self, actor: &Actor, ids: &[ClientId]) -> Result<Vec<ClientSummary>> {
        actor.require(Permission::ClientRead)?;
        self.deps.database.read(actor.tenant_id()).await?.clients().summaries(ids).await
    }

    /// Loads chats by id; missing ones are omitted.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "recall_chats", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn chats_of(&self, actor: &Actor, ids: &[ChatId]) -> Result<Vec<ListedChat>> {
        actor.require(Permission::ChatRead)?;
        self.deps.database.read(actor.tenant_id()).await?.chats().by_ids(actor.user.id, ids).await
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
