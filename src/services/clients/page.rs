//! The data of a client's page and of its tabs, each read from one snapshot.

use crate::services::{
    Actor, DuplicateSuggestion, PageFrame,
    activity::page_frame,
    channels::invite_links::bots,
    clients::{
        merges::suggestions,
        service::{ClientService, find},
    },
};
use crate::{
    domain::{ChatId, Client, ClientId, MERGE_UNDO_PERIOD, Merge, Message, Permission},
    error::{AppError, Result},
    persistence::AuditEntry,
};

/// The number of messages on the page.
const LATEST_MESSAGES: i64 = 20;
/// The number of audit entries on the page.
const HISTORY: i64 = 50;

/// The data of a client's page.
#[derive(Debug, Clone)]
pub struct ClientPage {
    /// The client.
    pub client: Client,
    /// Possible duplicates of the client.
    pub suggestions: Vec<DuplicateSuggestion>,
    /// The merges into the client that can be undone, the newest first.
    pub merges: Vec<Merge>,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// The data of the tab with a client's messages.
#[derive(Debug, Clone)]
pub struct ClientMessagesPage {
    /// The client.
    pub client: Client,
    /// The chat of the client, if there is one.
    pub chat: Option<ChatId>,
    /// The latest messages of the chat in ascending order.
    pub messages: Vec<Message>,
    /// True if there are older messages.
    pub has_more: bool,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// The data of the tab with the actions for a client.
#[derive(Debug, Clone)]
pub struct ClientActionsPage {
    /// The client.
    pub client: Client,
    /// The audit entries with the users' names, the newest first; `None` for users without access to
    /// the audit log.
    pub history: Option<Vec<AuditEntry>>,
    /// True if there is a bot that the user can invite the client to.
    pub may_invite: bool,
    /// The frame of the page.
    pub frame: PageFrame,
}

impl ClientService {
    /// Loads a client with its duplicates and merges.
    ///
    /// # Errors
    /// Like [`Self::get`].
    #[tracing::instrument(name = "open_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn open_page(&self, actor: &Actor, id: ClientId) -> Result<ClientPage> {
        actor.require(Permission::ClientRead)?;
        let since = self.deps.clock.now() - MERGE_UNDO_PERIOD;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let client = find(&mut tx, id).await?;
        let suggestions = suggestions(&mut tx, &client).await?;
        let merges = tx.merges().of_survivor(id, since).await?;
        Ok(ClientPage { client, suggestions, merges, frame: page_frame(&mut tx, actor).await? })
    }

    /// Loads a client with the latest messages of its chat.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "open_client_messages", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn open_messages(&self, actor: &Actor, id: ClientId) -> Result<ClientMessagesPage> {
        actor.require(Permission::ClientRead)?;
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        let chat = tx.chats().of_client(id).await?.map(|chat| chat.id);
        let (messages, has_more) = match chat {
            Some(chat) => tx.messages().before(chat, None, LATEST_MESSAGES).await?,
            None => (Vec::new(), false),
        };
        let frame = page_frame(&mut tx, actor).await?;
        Ok(ClientMessagesPage { client, chat, messages, has_more, frame })
    }

    /// Loads a client with its history and the actions for it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "open_client_actions", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn open_actions(&self, actor: &Actor, id: ClientId) -> Result<ClientActionsPage> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        let mut history = None;
        if actor.may(Permission::AuditRead) {
            history = Some(tx.audit_log().of_client(id, HISTORY).await?);
        }
        let may_invite = actor.may(Permission::ChatSend) && !bots(&mut tx).await?.is_empty();
        Ok(ClientActionsPage { client, history, may_invite, frame: page_frame(&mut tx, actor).await? })
    }
}
