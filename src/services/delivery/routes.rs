//! The delivery routes by which a client can be reached.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        Channel, ChannelId, ChatId, Client, ContactType, MessagingWindow, Problem, SuppressionReason,
        Transport,
    },
    error::{AppError, Result},
    persistence::Snapshot,
    providers::{TransportCapabilities, carries, registration, registrations, sender},
};

/// A route by which a client can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRoute {
    /// The transport.
    pub transport: Transport,
    /// The address of the client.
    pub address: String,
    /// The channel to send by.
    pub channel: ChannelId,
    /// The state of the service window, for a transport that has one.
    pub window: Option<MessagingWindow>,
    /// The limits of the transport as the channel's provider carries it.
    pub limits: &'static TransportCapabilities,
}

/// A transport by which a client cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreachableTransport {
    /// The transport.
    pub transport: Transport,
    /// The reason.
    pub reason: UnreachableReason,
}

/// The reason why a client cannot be reached by a transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreachableReason {
    /// The client has no address of this transport, or has not written from one.
    NoAddress,
    /// No connected channel carries the transport.
    NoChannel,
    /// The channel that carries the transport is disabled.
    ChannelDisabled,
    /// No provider is supported for the transport.
    NoProvider,
    /// The address is suppressed.
    Suppressed(SuppressionReason),
}

/// The transports that are shown as reachable or unreachable.
const SHOWN_TRANSPORTS: [Transport; 5] =
    [Transport::Sms, Transport::Whatsapp, Transport::Telegram, Transport::Email, Transport::Instagram];

/// Resolves the delivery routes of a chat's client: the addresses that the client wrote from, the
/// last used first, then the client's own numbers. Also returns the unreachable transports, with
/// the reasons.
pub(in crate::services) async fn resolve_routes(
    tx: &mut Snapshot,
    chat: ChatId,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<(Vec<DeliveryRoute>, Vec<UnreachableTransport>)> {
    let channels: Vec<Channel> =
        tx.channels().all().await?.into_iter().map(|sealed| sealed.channel).collect();
    let mut known = tx.chats().client_addresses(chat).await?;
    let contacts = |kind| client.contacts.iter().filter(move |c| c.kind == kind).map(|c| c.value.clone());
    let phone = client.data().phone().map(ToString::to_string);
    known.extend(phone.iter().cloned().chain(contacts(ContactType::Phone)).map(|to| (Transport::Sms, to)));
    known.extend(contacts(ContactType::Whatsapp).chain(phone.clone()).map(|to| (Transport::Whatsapp, to)));

    let mut routes: Vec<DeliveryRoute> = Vec::new();
    let mut shut: Vec<UnreachableTransport> = Vec::new();
    for (transport, address) in known {
        let opted_out = UnreachableTransport {
            transport,
            reason: UnreachableReason::Suppressed(SuppressionReason::OptedOut),
        };
        // An opt-out from one number is not circumvented by another number.
        if routes.iter().any(|route| route.transport == transport) || shut.contains(&opted_out) {
            continue;
        }
        let last = tx.messages().last_channel(chat, transport).await?;
        let able: Vec<_> = channels.iter().filter(|c| sender(c, transport).is_some()).collect();
        let used = able.iter().find(|c| Some(c.id) == last);
        let Some(channel) = used.or(able.iter().find(|c| registration(&c.provider).capabilities.may_start))
        else {
            continue;
        };
        if let Some(reason) = tx.channels().suppression_reason(channel.id, transport, &address).await? {
            shut.push(UnreachableTransport { transport, reason: UnreachableReason::Suppressed(reason) });
            continue;
        }
        let Some(limits) = registration(&channel.provider).capabilities.of(transport) else { continue };
        let (channel, mut window) = (channel.id, None);
        if let Some(length) = limits.window {
            let last = tx.chats().last_inbound(chat, channel, transport, &address).await?;
            window = Some(MessagingWindow::after(last, length, now));
        }
        routes.push(DeliveryRoute { transport, address, channel, window, limits });
    }
    let unreachable = SHOWN_TRANSPORTS
        .into_iter()
        .filter(|transport| !routes.iter().any(|route| route.transport == *transport));
    let reason = |transport| {
        if channels.iter().any(|channel| sender(channel, transport).is_some()) {
            UnreachableReason::NoAddress
        } else if channels.iter().any(|channel| carries(channel, transport)) {
            UnreachableReason::ChannelDisabled
        } else if registrations().any(|provider| provider.capabilities.of(transport).is_some()) {
            UnreachableReason::NoChannel
        } else {
            UnreachableReason::NoProvider
        }
    };
    let known = |transport| shut.iter().find(|closed| closed.transport == transport).copied();
    let unreachable = unreachable
        .map(|transport| {
            known(transport).unwrap_or_else(|| UnreachableTransport { transport, reason: reason(transport) })
        })
        .collect();
    Ok((routes, unreachable))
}

/// Selects the route of a transport, or else the last used route. Fails if there is none, or if its
/// service window is closed and the text is `free` rather than a template.
pub(in crate::services) async fn select_route(
    tx: &mut Snapshot,
    (routes, unreachable): (Vec<DeliveryRoute>, Vec<UnreachableTransport>),
    transport: Option<Transport>,
    free: bool,
) -> Result<DeliveryRoute> {
    let found = match transport {
        Some(transport) => routes.into_iter().find(|route| route.transport == transport),
        None => routes.into_iter().next(),
    };
    if let Some(route) = found {
        // If the client has never written to the channel, the provider decides, because the number
        // may have been in use before.
        return match route.window {
            Some(MessagingWindow::Closed) if free => {
                Err(AppError::invalid("transport", Problem::WindowClosed))
            }
            _ => Ok(route),
        };
    }
    let opted_out =
        |of: &UnreachableTransport| of.reason == UnreachableReason::Suppressed(SuppressionReason::OptedOut);
    if unreachable.iter().any(|of| opted_out(of) && transport.is_none_or(|wanted| wanted == of.transport)) {
        return Err(AppError::invalid("transport", Problem::OptedOut));
    }
    let channels = tx.channels().all().await?;
    let wanted = |of: Transport| transport.is_none_or(|transport| transport == of);
    let any = |able: fn(&Channel, Transport) -> bool| {
        channels.iter().any(|sealed| Transport::ALL.iter().any(|t| wanted(*t) && able(&sealed.channel, *t)))
    };
    let problem = if any(|channel, transport| sender(channel, transport).is_some()) {
        Problem::Unreachable
    } else if any(carries) {
        Problem::ChannelDisabled
    } else {
        Problem::NoProvider
    };
    Err(AppError::invalid("transport", problem))
}
