//! By which ways a client can be written to.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        Channel, ChannelId, ChatId, Client, ContactType, MessagingWindow, Problem, SuppressionReason,
        Transport,
    },
    error::{AppError, Result},
    persistence::Snapshot,
    providers::{carries, registration, sender},
};

/// A way to write to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRoute {
    /// The transport.
    pub transport: Transport,
    /// The client's address on it.
    pub address: String,
    /// The channel to send by.
    pub channel: ChannelId,
    /// Whether it takes any text now, where that depends on when the client wrote.
    pub window: Option<MessagingWindow>,
}

/// A way that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreachableTransport {
    /// The transport.
    pub transport: Transport,
    /// Why nothing can be sent by it.
    pub reason: UnreachableReason,
}

/// Why a client can't be reached by a transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreachableReason {
    /// It has no address there, or has not written from one.
    NoAddress,
    /// No channel is connected that carries it.
    NoChannel,
    /// The channel that carries it is switched off.
    ChannelDisabled,
    /// Nobody provides it yet.
    NoProvider,
    /// The client does not want it, or is not there any more.
    Suppressed(SuppressionReason),
}

/// The transports that are offered, or said to be closed.
const SHOWN_TRANSPORTS: [Transport; 5] =
    [Transport::Sms, Transport::Whatsapp, Transport::Telegram, Transport::Email, Transport::Instagram];

/// All ways to write to the chat's client: the ways by which it wrote, the last used first, then its own numbers.
///
/// And those by which it can't, with the reason.
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
        // Who said STOP by one number does not mean: write to my other one.
        if routes.iter().any(|route| route.transport == transport) || shut.contains(&opted_out) {
            continue;
        }
        let last = tx.messages().last_channel(chat, transport).await?;
        let able: Vec<_> = channels.iter().filter(|c| sender(c, transport).is_some()).collect();
        let used = able.iter().find(|c| Some(c.id) == last);
        let Some(channel) = used.or(able.iter().find(|c| registration(&c.provider).may_start)) else {
            continue;
        };
        if let Some(reason) = tx.channels().suppression_reason(channel.id, transport, &address).await? {
            shut.push(UnreachableTransport { transport, reason: UnreachableReason::Suppressed(reason) });
            continue;
        }
        let (channel, mut window) = (channel.id, None);
        if transport == Transport::Whatsapp {
            let last = tx.chats().last_inbound(chat, channel, transport, &address).await?;
            window = Some(MessagingWindow::after(last, now));
        }
        routes.push(DeliveryRoute { transport, address, channel, window });
    }
    let unreachable = SHOWN_TRANSPORTS
        .into_iter()
        .filter(|transport| !routes.iter().any(|route| route.transport == *transport));
    let reason = |transport| match transport {
        Transport::Sms | Transport::Whatsapp | Transport::Telegram => {
            let able = |channel: &Channel| sender(channel, transport).is_some();
            match channels.iter().any(able) {
                true => UnreachableReason::NoAddress,
                false if channels.iter().any(|channel| carries(channel, transport)) => {
                    UnreachableReason::ChannelDisabled
                }
                false => UnreachableReason::NoChannel,
            }
        }
        _ => UnreachableReason::NoProvider,
    };
    let known = |transport| shut.iter().find(|closed| closed.transport == transport).copied();
    let unreachable = unreachable
        .map(|transport| {
            known(transport).unwrap_or_else(|| UnreachableTransport { transport, reason: reason(transport) })
        })
        .collect();
    Ok((routes, unreachable))
}

/// The way that was asked for, or the one that was used last; and why not, where there is none, or it takes no `free` text
/// now.
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
        // Of who has not written to us the provider may know more: the number may have been in use before we were.
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
