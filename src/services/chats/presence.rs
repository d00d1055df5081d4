//! Who else is at a chat: told to whoever may read it, and kept nowhere.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::services::{Actor, Dependencies};
use crate::{
    domain::{ChatId, Permission, Presence, PresenceState},
    error::{AppError, Result},
};

/// Use cases of presence.
#[derive(Clone)]
pub struct PresenceService {
    deps: Arc<Dependencies>,
}

impl PresenceService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Tells colleagues that the actor is at a chat.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "tell_presence", level = "debug", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn announce(&self, actor: &Actor, chat: ChatId, doing: PresenceState) -> Result<()> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        drop(tx);
        let (tenant, user, name) = (actor.tenant_id(), actor.user.id, actor.user.name.full());
        self.deps.database.publish_presence(Presence { tenant, chat, user, name, state: doing }).await
    }

    /// Hears who is at every tenant's chats from now on; [`PresenceService::is_visible_to`] says what is for whom.
    pub fn subscribe(&self) -> broadcast::Receiver<Presence> {
        self.deps.database.wake_ups().subscribe_presence()
    }

    /// Whether the actor is to be told: of colleagues, at chats that it may read.
    pub fn is_visible_to(actor: &Actor, presence: &Presence) -> bool {
        presence.tenant == actor.tenant.id
            && presence.user != actor.user.id
            && actor.may(Permission::ChatRead)
    }
}
