//! What comes from staff's own accounts: they are told of messages by the bot, and are no clients.

use crate::services::delivery::inbound::{InboundService, Received};
use crate::{
    domain::{ContactValue, InboundMessage, Transport},
    error::{AppError, Result},
    persistence::UnitOfWork,
    services::ChannelContext,
};

impl InboundService {
    /// What becomes of a message that comes from staff; none when it comes from a client. A code links whoever gives it. Who
    /// is linked and a client besides is heard as a client.
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
