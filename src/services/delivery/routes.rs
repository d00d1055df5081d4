//! By which ways a client can be written to.

use chrono::{DateTime, Utc};

use crate::{
    domain::{Channel, ChannelId, ChatId, Client, Closing, ContactType, Problem, Transport, Window},
    error::{AppError, Result},
    persistence::Tx,
    providers::{registration, sender},
};

/// A way to write to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The transport.
    pub transport: Transport,
    /// The client's address on it.
    pub address: String,
    /// The channel to send by.
    pub channel: ChannelId,
    /// Whether it takes any text now, where that depends on when the client wrote.
    pub window: Option<Window>,
}

/// A way that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// The transport.
    pub transport: Transport,
    /// Why nothing can be sent by it.
    pub why: Why,
}

/// Why a client can't be reached by a transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It has no address there, or has not written from one.
    NoAddress,
    /// No channel is connected that carries it.
    NoChannel,
    /// The channel that carries it is switched off.
    ChannelOff,
    /// Nobody provides it yet.
    NoProvider,
    /// The client does not want it, or is not there any more.
    Closed(Closing),
}

/// The transports that are offered, or said to be closed.
const OFFERED: [Transport; 5] =
    [Transport::Sms, Transport::Whatsapp, Transport::Telegram, Transport::Email, Transport::Instagram];

/// All ways to write to the chat's client: the ways by which it wrote, the last used first, then its own numbers.
///
/// And those by which it can't, with the reason.
pub(in crate::services) async fn reach(
    tx: &mut Tx,
    chat: ChatId,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<(Vec<Reach>, Vec<Closed>)> {
    let channels: Vec<Channel> =
        tx.channels().all().await?.into_iter().map(|sealed| sealed.channel).collect();
    let mut known = tx.chats().client_addresses(chat).await?;
    let contacts = |kind| client.contacts.iter().filter(move |c| c.kind == kind).map(|c| c.value.clone());
    let phone = client.data().phone().map(ToString::to_string);
    known.extend(phone.iter().cloned().chain(contacts(ContactType::Phone)).map(|to| (Transport::Sms, to)));
    known.extend(contacts(ContactType::Whatsapp).chain(phone.clone()).map(|to| (Transport::Whatsapp, to)));

    let mut ways: Vec<Reach> = Vec::new();
    let mut shut: Vec<Closed> = Vec::new();
    for (transport, address) in known {
        let opted_out = Closed { transport, why: Why::Closed(Closing::OptedOut) };
        // Who said STOP by one number does not mean: write to my other one.
        if ways.iter().any(|way| way.transport == transport) || shut.contains(&opted_out) {
            continue;
        }
        let last = tx.messages().last_channel(chat, transport).await?;
        let able: Vec<_> = channels.iter().filter(|c| sender(c, transport).is_some()).collect();
        let used = able.iter().find(|c| Some(c.id) == last);
        let Some(channel) = used.or(able.iter().find(|c| registration(c.provider).may_begin)) else {
            continue;
        };
        if let Some(why) = tx.channels().closed_way(channel.id, transport, &address).await? {
            shut.push(Closed { transport, why: Why::Closed(why) });
            continue;
        }
        let (channel, mut window) = (channel.id, None);
        if transport == Transport::Whatsapp {
            let last = tx.chats().last_inbound(chat, channel, transport, &address).await?;
            window = Some(Window::after(last, now));
        }
        ways.push(Reach { transport, address, channel, window });
    }
    let closed = OFFERED.into_iter().filter(|transport| !ways.iter().any(|way| way.transport == *transport));
    let why = |transport| match transport {
        Transport::Sms | Transport::Whatsapp | Transport::Telegram => {
            let able = |channel: &Channel| sender(channel, transport).is_some();
            match channels.iter().any(able) {
                true => Why::NoAddress,
                false if channels.iter().any(|channel| channel.carries(transport)) => Why::ChannelOff,
                false => Why::NoChannel,
            }
        }
        _ => Why::NoProvider,
    };
    let known = |transport| shut.iter().find(|closed| closed.transport == transport).copied();
    let closed = closed
        .map(|transport| known(transport).unwrap_or_else(|| Closed { transport, why: why(transport) }))
        .collect();
    Ok((ways, closed))
}

/// The way that was asked for, or the one that was used last; and why not, where there is none, or it takes no `free` text
/// now.
pub(in crate::services) async fn choose(
    tx: &mut Tx,
    (ways, closed): (Vec<Reach>, Vec<Closed>),
    transport: Option<Transport>,
    free: bool,
) -> Result<Reach> {
    let found = match transport {
        Some(transport) => ways.into_iter().find(|way| way.transport == transport),
        None => ways.into_iter().next(),
    };
    if let Some(way) = found {
        // Of who has not written to us the provider may know more: the number may have been in use before we were.
        return match way.window {
            Some(Window::Closed) if free => Err(AppError::invalid("transport", Problem::WindowClosed)),
            _ => Ok(way),
        };
    }
    let opted_out = |of: &Closed| of.why == Why::Closed(Closing::OptedOut);
    if closed.iter().any(|of| opted_out(of) && transport.is_none_or(|wanted| wanted == of.transport)) {
        return Err(AppError::invalid("transport", Problem::OptedOut));
    }
    let channels = tx.channels().all().await?;
    let wanted = |of: Transport| transport.is_none_or(|transport| transport == of);
    let any = |able: fn(&Channel, Transport) -> bool| {
        channels.iter().any(|sealed| Transport::ALL.iter().any(|t| wanted(*t) && able(&sealed.channel, *t)))
    };
    let problem = if any(|channel, transport| sender(channel, transport).is_some()) {
        Problem::Unreachable
    } else if any(Channel::carries) {
        Problem::ChannelOff
    } else {
        Problem::NoProvider
    };
    Err(AppError::invalid("transport", problem))
}
