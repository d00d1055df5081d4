//! Who else is at a chat: told to whoever may read it, and kept nowhere.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::services::{Actor, Foundation};
use crate::{
    domain::{ChatId, Doing, Permission, Presence},
    error::{AppError, Result},
};

/// Use cases of presence.
#[derive(Clone)]
pub struct PresenceService {
    base: Arc<Foundation>,
}

impl PresenceService {
    pub(in crate::services) fn new(base: Arc<Foundation>) -> Self {
        Self { base }
    }

    /// Tells colleagues that the actor is at a chat.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "tell_presence", level = "debug", skip_all, fields(tenant = %actor.tenant.id, %chat))]
    pub async fn tell(&self, actor: &Actor, chat: ChatId, doing: Doing) -> Result<()> {
        actor.require(Permission::ChatRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        tx.chats().get(chat).await?.ok_or(AppError::NotFound)?;
        drop(tx);
        let (tenant, user, name) = (actor.tenant_id(), actor.user.id, actor.user.name.full());
        self.base.database.tell(Presence { tenant, chat, user, name, doing }).await
    }

    /// Hears who is at every tenant's chats from now on; [`PresenceService::is_for`] says what is for whom.
    pub fn follow(&self) -> broadcast::Receiver<Presence> {
        self.base.database.bell().follow_presence()
    }

    /// Whether the actor is to be told: of colleagues, at chats that it may read.
    pub fn is_for(actor: &Actor, presence: &Presence) -> bool {
        presence.tenant == actor.tenant.id
            && presence.user != actor.user.id
            && actor.may(Permission::ChatRead)
    }
}
