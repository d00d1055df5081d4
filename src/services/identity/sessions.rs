//! The sessions of a user, listed and ended by the user.

use crate::services::{Actor, Framed, IdentityService, identity::service::token_hash};
use crate::{
    domain::{Changes, Event, Session, SessionId},
    error::{AppError, Result},
};

/// A session in the list of a user.
#[derive(Debug, Clone)]
pub struct ListedSession {
    /// The session.
    pub session: Session,
    /// True for the session that asks.
    pub is_current: bool,
}

impl IdentityService {
    /// Lists the actor's sessions, the newest first. `current` is the token of the session that asks.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "list_sessions", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn sessions(&self, actor: &Actor, current: &str) -> Result<Framed<Vec<ListedSession>>> {
        let (current, now) = (token_hash(current), self.deps.clock.now());
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let stored = tx.users().sessions(actor.user.id, now).await?;
        let listed = stored
            .into_iter()
            .map(|stored| ListedSession { is_current: stored.token == current, session: stored.session })
            .collect();
        Framed::new(listed, &mut tx, actor).await
    }

    /// Ends a session of the actor, and its live streams.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    #[tracing::instrument(name = "end_session", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn end_session(&self, actor: &Actor, id: SessionId) -> Result<()> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let sessions = tx.users().sessions(actor.user.id, now).await?;
        let stored = sessions.into_iter().find(|stored| stored.session.id == id).ok_or(AppError::NotFound)?;
        tx.users_mut().end_session(&stored.token).await?;
        let Session { address, user_agent, .. } = &stored.session;
        let values = Changes::default().field("peer", address.as_deref(), None).field(
            "device",
            user_agent.as_deref(),
            None,
        );
        let ended = Event::SessionEnded { user_id: actor.user.id }.about(actor.user.email.as_str());
        tx.record(ended.with(values), actor.author(), now);
        tx.commit().await
    }
}
