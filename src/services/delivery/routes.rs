//! The delivery routes by which a client can be reached.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        Channel, ChannelId, ChatId, Client, ContactType, Country, Member, Message, PhoneNumber, Problem,
        ServiceWindow, SuppressionReason, Transport,
    },
    error::{AppError, Result},
    persistence::{Snapshot, Suppression},
    providers::{TransportCapabilities, carries, consent_senders, registration, registrations, sender},
};

/// A route by which a client can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRoute {
    /// The transport.
    pub transport: Transport,
    /// The address of the client.
    pub address: String,
    /// The address as users know it: a number in the international notation, or a username.
    pub shown_address: String,
    /// The channel to send by.
    pub channel: ChannelId,
    /// The state of the service window, for a transport that has one.
    pub window: Option<ServiceWindow>,
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
    /// The number belongs to a country to which the workspace does not send; `None` for a number of no country.
    CountryNotAllowed(Option<Country>),
}

/// The transports that are shown as reachable or unreachable.
const SHOWN_TRANSPORTS: [Transport; 5] =
    [Transport::Sms, Transport::Whatsapp, Transport::Telegram, Transport::Email, Transport::Instagram];

/// The routes to the client of a chat, and the transports by which there is none.
#[derive(Debug, Clone, Default)]
pub struct Reachability {
    /// The transport of a message for which none is chosen: that of the client's last message, otherwise the first by which
    /// the client can be reached or has been until it was suppressed. No other transport replaces it, because nobody has
    /// chosen that one.
    pub default_transport: Option<Transport>,
    /// The routes, the last used first.
    pub routes: Vec<DeliveryRoute>,
    /// The transports without a route, with the reasons.
    pub unreachable: Vec<UnreachableTransport>,
}

impl Reachability {
    /// True if the client could be reached by a channel that is disabled.
    pub fn is_disabled(&self) -> bool {
        self.unreachable.iter().any(|of| of.reason == UnreachableReason::ChannelDisabled)
    }
}

/// Resolves the routes to a chat's client: the addresses from which it wrote, the last used first, then its own numbers.
/// The last messages of the chat's members say which channel was used last, so that no message is looked for.
pub(in crate::services) async fn resolve_routes(
    tx: &mut Snapshot,
    chat: ChatId,
    members: &[Member],
    client: &Client,
    now: DateTime<Utc>,
) -> Result<Reachability> {
    let channels: Vec<Channel> =
        tx.channels().all().await?.into_iter().map(|sealed| sealed.channel).collect();
    let known = known_addresses(members, client);
    let reached: Vec<_> = known.iter().map(|(transport, _)| *transport).collect();
    let suppressions = tx.channels().suppressions(&known).await?;

    let mut default_transport = last_transport(members);
    let mut known_countries = Vec::new();
    let mut routes: Vec<DeliveryRoute> = Vec::new();
    let mut suppressed: Vec<UnreachableTransport> = Vec::new();
    for (transport, address) in known {
        let opted_out = UnreachableTransport {
            transport,
            reason: UnreachableReason::Suppressed(SuppressionReason::OptedOut),
        };
        // An opt-out from one number is not circumvented by another number.
        if routes.iter().any(|route| route.transport == transport) || suppressed.contains(&opted_out) {
            continue;
        }
        let last = last_channel(members, transport);
        let able: Vec<_> = channels.iter().filter(|c| sender(c, transport).is_some()).collect();
        let used = able.iter().find(|c| Some(c.id) == last);
        let Some(channel) = used.or(able.iter().find(|c| registration(&c.provider).capabilities.may_start))
        else {
            continue;
        };
        let Some(limits) = registration(&channel.provider).capabilities.of(transport) else { continue };
        let senders = consent_senders(channel, transport);
        let channel = channel.id;
        let applies = |of: &&Suppression| senders.applicable().contains(&of.sender.as_str());
        let suppression =
            suppressions.iter().filter(|s| s.transport == transport && s.address == address).find(applies);
        default_transport.get_or_insert(transport);
        if let Some(suppression) = suppression {
            let reason = UnreachableReason::Suppressed(suppression.reason);
            suppressed.push(UnreachableTransport { transport, reason });
            continue;
        }
        if let Some(country) = refused_country(tx, &mut known_countries, members, &address).await? {
            suppressed.push(UnreachableTransport {
                transport,
                reason: UnreachableReason::CountryNotAllowed(country),
            });
            continue;
        }
        let mut window = None;
        if let Some(length) = limits.window {
            let last = last_inbound(tx, chat, members, channel, (transport, &address)).await?;
            window = Some(ServiceWindow::after(last, length, now));
        }
        let shown_address = shown_address(client, transport, &address);
        routes.push(DeliveryRoute { transport, address, shown_address, channel, window, limits });
    }
    let unreachable = SHOWN_TRANSPORTS
        .into_iter()
        .filter(|transport| !routes.iter().any(|route| route.transport == *transport));
    let reason = |transport| {
        if channels.iter().any(|channel| sender(channel, transport).is_some()) {
            UnreachableReason::NoAddress
        } else if channels.iter().any(|channel| carries(channel, transport)) {
            if reached.contains(&transport) {
                UnreachableReason::ChannelDisabled
            } else {
                UnreachableReason::NoAddress
            }
        } else if registrations().any(|provider| provider.capabilities.of(transport).is_some()) {
            UnreachableReason::NoChannel
        } else {
            UnreachableReason::NoProvider
        }
    };
    let suppression_of = |transport| suppressed.iter().find(|of| of.transport == transport).copied();
    let unreachable = unreachable
        .map(|transport| {
            suppression_of(transport)
                .unwrap_or_else(|| UnreachableTransport { transport, reason: reason(transport) })
        })
        .collect();
    Ok(Reachability { default_transport, routes, unreachable })
}

/// The address by which the client of a message is reached when the message is handed over: the one that was chosen for
/// it while it is an address of the client, otherwise the address that a new message by its transport and channel would
/// take. `None` if there is none, or if a part of the message has been sent to the former address.
pub(super) async fn present_recipient(
    tx: &mut Snapshot,
    message: &Message,
    channel: &Channel,
    chosen: &str,
) -> Result<Option<String>> {
    let Some(client) = tx.clients().of_chat(message.chat).await? else { return Ok(None) };
    if client.has_address(message.transport, chosen) {
        return Ok(Some(chosen.to_owned()));
    }
    if !message.sent_parts.is_empty() {
        return Ok(None);
    }
    let mut members = tx.chats().members(message.chat).await?;
    if !registration(&channel.provider).capabilities.may_start {
        members.retain(|member| member.last_message.is_some_and(|last| last.channel == Some(channel.id)));
    }
    let known = known_addresses(&members, &client).into_iter();
    Ok(known.filter(|(transport, _)| *transport == message.transport).map(|(_, address)| address).next())
}

/// The country of a phone number to which the workspace does not send; the inner value is `None` for a number of no
/// country. A client who wrote from the number is answered whatever its country. `known` remembers what was looked up.
async fn refused_country(
    tx: &mut Snapshot,
    known: &mut Vec<(Option<Country>, bool)>,
    members: &[Member],
    address: &str,
) -> Result<Option<Option<Country>>> {
    let has_written = members.iter().any(|member| member.address.as_deref() == Some(address));
    let number = PhoneNumber::from_stored(address).ok().filter(|_| !has_written);
    let Some(number) = number else { return Ok(None) };
    let country = number.country();
    let before = known.iter().find(|(of, _)| *of == country).map(|(_, is_allowed)| *is_allowed);
    let is_allowed = match before {
        Some(is_allowed) => is_allowed,
        None => tx.workspace().sends_to(country).await?,
    };
    known.push((country, is_allowed));
    Ok((!is_allowed).then_some(country))
}

/// An address as users know it. The number of an account means nothing to them if its username is known.
fn shown_address(client: &Client, transport: Transport, address: &str) -> String {
    match transport.contact_type() {
        ContactType::Phone | ContactType::Whatsapp => PhoneNumber::parse_international(address)
            .map_or_else(|_| address.to_owned(), |number| number.format_international()),
        ContactType::Telegram => {
            let is_username = |value: &str| !value.bytes().all(|byte| byte.is_ascii_digit());
            let usernames = client.contacts.iter().filter(|c| c.kind == ContactType::Telegram);
            let username = usernames.map(|c| c.value.as_str()).find(|value| is_username(value));
            username.map_or_else(|| address.to_owned(), |username| format!("@{username}"))
        }
        ContactType::Email | ContactType::Other => address.to_owned(),
    }
}

/// The transports and addresses by which a client may be reached now: those from which it wrote, the last used first,
/// then its own numbers. An address that was removed or changed since it wrote is not among them.
fn known_addresses(members: &[Member], client: &Client) -> Vec<(Transport, String)> {
    let is_present = |member: &&Member| {
        member.address.as_deref().is_some_and(|address| client.has_address(member.transport, address))
    };
    let mut written: Vec<_> = members
        .iter()
        .filter(is_present)
        .filter_map(|member| Some((member, member.address.clone()?)))
        .collect();
    written.sort_by_key(|(member, _)| (Reverse(member.last_message.map(|last| last.id)), member.created_at));
    let mut known: Vec<_> =
        written.into_iter().map(|(member, address)| (member.transport, address)).collect();
    let contacts = |kind| client.contacts.iter().filter(move |c| c.kind == kind).map(|c| c.value.clone());
    let phone = client.data().phone().map(ToString::to_string);
    known.extend(phone.iter().cloned().chain(contacts(ContactType::Phone)).map(|to| (Transport::Sms, to)));
    known.extend(contacts(ContactType::Whatsapp).chain(phone.clone()).map(|to| (Transport::Whatsapp, to)));
    known
}

/// The transport of the client's last message; only members of the client have an address.
fn last_transport(members: &[Member]) -> Option<Transport> {
    let of_client = members.iter().filter(|member| member.address.is_some());
    let written = of_client.filter_map(|member| Some((member.last_message?.id, member.transport)));
    Some(written.max_by_key(|(id, _)| *id)?.1)
}

/// The channel of the chat's last message of a transport.
fn last_channel(members: &[Member], transport: Transport) -> Option<ChannelId> {
    let last = members.iter().filter(|member| member.transport == transport).filter_map(|m| m.last_message);
    last.max_by_key(|last| last.id)?.channel
}

/// The time of the last message from an address of the client to a channel.
async fn last_inbound(
    tx: &mut Snapshot,
    chat: ChatId,
    members: &[Member],
    channel: ChannelId,
    (transport, address): (Transport, &str),
) -> Result<Option<DateTime<Utc>>> {
    let from = |member: &&Member| member.transport == transport && member.address.as_deref() == Some(address);
    match members.iter().find(from).and_then(|member| member.last_message) {
        None => Ok(None),
        Some(last) if last.channel == Some(channel) => Ok(Some(last.at)),
        // The client has also written to another channel, and later.
        Some(_) => tx.chats().last_inbound(chat, channel, transport, address).await,
    }
}

/// Selects the route of the chosen transport, or else of the default one. Fails if there is none, or if its
/// service window is not open and the message is a free text rather than a template.
pub(in crate::services) async fn select_route(
    tx: &mut Snapshot,
    Reachability { default_transport, routes, unreachable }: Reachability,
    chosen: Option<Transport>,
    is_free_text: bool,
) -> Result<DeliveryRoute> {
    let transport = chosen.or(default_transport);
    let found = routes.into_iter().find(|route| Some(route.transport) == transport);
    if let Some(route) = found {
        return match route.window {
            Some(ServiceWindow::Closed) if is_free_text => {
                Err(AppError::invalid("transport", Problem::WindowClosed))
            }
            Some(ServiceWindow::NeverOpened) if is_free_text => {
                Err(AppError::invalid("transport", Problem::WindowNotOpened))
            }
            _ => Ok(route),
        };
    }
    let opted_out =
        |of: &UnreachableTransport| of.reason == UnreachableReason::Suppressed(SuppressionReason::OptedOut);
    if unreachable.iter().any(|of| opted_out(of) && transport.is_none_or(|wanted| wanted == of.transport)) {
        return Err(AppError::invalid("transport", Problem::OptedOut));
    }
    let refused = unreachable.iter().find_map(|of| match of.reason {
        UnreachableReason::CountryNotAllowed(country)
            if transport.is_none_or(|wanted| wanted == of.transport) =>
        {
            Some(country)
        }
        _ => None,
    });
    if let Some(country) = refused {
        return Err(AppError::invalid("transport", Problem::CountryNotAllowed(country)));
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
