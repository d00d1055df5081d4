//! Search for clients, chats and messages.

use std::sync::Arc;

use crate::services::{Actor, Dependencies, PageFrame, activity::page_frame};
use crate::{
    domain::{ChatId, ClientId, MessageId, MessageTemplate, MessageTerms, Permission, SearchTerms},
    error::Result,
    persistence::{ChatFilter, ClientSummary, FoundMessage, ListedChat, Snapshot, Start},
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

/// A kind of records that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// Clients.
    Client,
    /// Chats.
    Chat,
    /// Message templates.
    Template,
    /// Messages.
    Message,
}

/// A search in records of several kinds.
#[derive(Debug, Clone, Copy)]
pub struct SearchQuery<'q> {
    /// The text that the user typed.
    pub text: &'q str,
    /// The wanted kinds.
    pub kinds: &'q [RecordKind],
    /// The maximum number of results of a kind.
    pub limit: i64,
    /// The message before which the results begin; `None` for the newest ones.
    pub before: Option<MessageId>,
    /// True if the frame of a page is read as well.
    pub with_frame: bool,
}

/// The results of a search, and the frame of their page.
#[derive(Debug)]
pub struct FoundRecords {
    /// The clients.
    pub clients: SearchResults<ClientSummary>,
    /// The chats.
    pub chats: SearchResults<ListedChat>,
    /// The message templates.
    pub templates: SearchResults<MessageTemplate>,
    /// The messages.
    pub messages: SearchResults<FoundMessage>,
    /// The frame of the page, if it was asked for.
    pub frame: Option<PageFrame>,
}

impl FoundRecords {
    async fn none(tx: &mut Snapshot, actor: &Actor, with_frame: bool) -> Result<Self> {
        Ok(Self {
            clients: SearchResults::of(Vec::new(), 0),
            chats: SearchResults::of(Vec::new(), 0),
            templates: SearchResults::of(Vec::new(), 0),
            messages: SearchResults::of(Vec::new(), 0),
            frame: if with_frame { Some(page_frame(tx, actor).await?) } else { None },
        })
    }
}

impl SearchService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Finds records of the wanted kinds that the user may read: clients and chats in the order of their lists, the
    /// best match first, templates by their uses, and messages, the newest first.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    #[tracing::instrument(name = "find_records", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn find(&self, actor: &Actor, query: &SearchQuery<'_>) -> Result<FoundRecords> {
        let wants = |kind, permission| query.kinds.contains(&kind) && actor.may(permission);
        let wants_clients = wants(RecordKind::Client, Permission::ClientRead);
        let wants_chats = wants(RecordKind::Chat, Permission::ChatRead);
        let limit = query.limit;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let mut found = FoundRecords::none(&mut tx, actor, query.with_frame).await?;
        let terms = SearchTerms::parse(query.text);
        if wants_clients {
            let clients = tx.clients().best_matching(&terms, limit + 1).await?;
            found.clients = SearchResults::of(clients, limit);
        }
        if wants_chats && !terms.is_empty() {
            // Messages have a group of their own.
            let filter = ChatFilter { terms: terms.clone(), ..ChatFilter::default() };
            let (items, has_more) =
                tx.chats().list_from(actor.user.id, &filter, Start::Offset(0), limit).await?;
            found.chats = SearchResults { items, has_more };
        }
        if wants(RecordKind::Template, Permission::MessageTemplateRead) {
            let (items, has_more) = tx.templates().most_used(&terms, limit).await?;
            found.templates = SearchResults { items, has_more };
        }
        if wants(RecordKind::Message, Permission::ChatRead) {
            let terms = MessageTerms::parse(query.text);
            let messages = tx.messages().found(&terms, query.before, limit + 1).await?;
            found.messages = SearchResults::of(messages, limit);
        }
        Ok(found)
    }

    /// Loads clients and chats by id, as far as they exist and the user may read them.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    #[tracing::instrument(name = "recall_records", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn recall(
        &self,
        actor: &Actor,
        clients: &[ClientId],
        chats: &[ChatId],
        with_frame: bool,
    ) -> Result<FoundRecords> {
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let mut found = FoundRecords::none(&mut tx, actor, with_frame).await?;
        if !clients.is_empty() && actor.may(Permission::ClientRead) {
            found.clients.items = tx.clients().summaries(clients).await?;
        }
        if !chats.is_empty() && actor.may(Permission::ChatRead) {
            found.chats.items = tx.chats().by_ids(actor.user.id, chats).await?;
        }
        Ok(found)
    }
}
