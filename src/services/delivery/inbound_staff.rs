//! Messages from the linked Telegram accounts of users, which are not stored as messages of
//! clients.

use crate::services::delivery::inbound::{InboundService, Received};
use crate::{
    domain::{ContactValue, InboundMessage, Transport},
    error::{AppError, Result},
    persistence::UnitOfWork,
    services::ChannelContext,
};

impl InboundService {
    /// Handles a message of a user; `None` if it is a client's message. A link code links the
    /// sender's account to a user. A message from a linked account that is also a client's is a
    /// client's message.
    pub(super) async fn receive_from_staff(
        &self,
        tx: &mut UnitOfWork,
        context: &ChannelContext,
        message: &InboundMessage,
    ) -> Result<Option<Received>> {
        if message.transport != Transport::Telegram {
            return Ok(None);
        }
        let (channel, now) = (context.channel.id, self.deps.clock.now());
        if let Some(code) = message.details.start.as_deref().filter(|code| !code.is_empty()) {
            let names = [message.profile_name.as_deref(), message.last_name.as_deref()];
            let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let linked = tx.notifications_mut().link(channel, code, (&message.from, &name), now).await?;
            if let Some(user) = linked {
                let user = tx.users().find(user).await?;
                let own = user.and_then(|user| user.preferences.locale);
                return Ok(Some(Received::AccountLinked(own.unwrap_or(context.tenant.locale))));
            }
        }
        if !tx.notifications().is_linked(channel, &message.from).await? {
            return Ok(None);
        }
        let address = ContactValue::from_provider(message.transport.contact_type(), &message.from)
            .map_err(|problem| AppError::invalid("From", problem))?;
        let is_client = tx.clients().find_by_address(&address).await?.is_some();
        Ok((!is_client).then_some(Received::FromStaff))
    }
}
