//! Presence in chats: published to users who may read the chat, and never stored.

use std::sync::Arc;

use crate::services::{Actor, Dependencies};
use crate::{
    domain::{ChatId, Permission, Presence, PresenceState},
    error::{AppError, Result},
};

/// The use cases of presence.
#[derive(Clone)]
pub struct PresenceService {
    deps: Arc<Dependencies>,
}

impl PresenceService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Publishes the actor's presence in a chat.
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
}
