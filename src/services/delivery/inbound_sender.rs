//! The sender of an inbound message: the client with this address, the invited client, or a new
//! client.

use std::iter;

use chrono::{DateTime, Utc};

use crate::services::delivery::inbound::InboundService;
use crate::{
    domain::{
        Changes, Client, ClientFields, ClientId, ContactId, ContactType, ContactValue, Event, InboundMessage,
        PhoneNumber, Transport, is_blank,
    },
    error::{AppError, Conflict, Result},
    persistence::{Snapshot, UnitOfWork},
    services::ChannelContext,
};

impl InboundService {
    /// The client whose invite link the sender followed.
    pub(super) async fn invited(
        &self,
        tx: &mut Snapshot,
        context: &ChannelContext,
        message: &InboundMessage,
    ) -> Result<Option<ClientId>> {
        let now = self.deps.clock.now();
        match message.details.start.as_deref().filter(|code| !code.is_empty()) {
            Some(code) => tx.channels().client_of_invitation(context.channel.id, code, now).await,
            None => Ok(None),
        }
    }

    /// Returns the client of a message, locked so that no other transaction merges or deletes it, with its contact of the
    /// address if that is known.
    pub(super) async fn lock_client(
        &self,
        tx: &mut UnitOfWork,
        message: &InboundMessage,
        address: &ContactValue,
        aliases: &[ContactValue],
        invited: Option<ClientId>,
    ) -> Result<(ClientId, Option<ContactId>)> {
        // An address that was removed from a client joins the chat again when it writes, unless it has another owner by
        // an alias or an invite link.
        let joins = invited.is_none() && aliases.is_empty();
        let former = if joins { transports_of(address) } else { Vec::new() };
        loop {
            if let Some(known) = tx.clients_mut().lock_by_address(address, &former).await? {
                return Ok(known);
            }
            for alias in aliases {
                if let Some((client, _)) = tx.clients_mut().lock_by_address(alias, &[]).await? {
                    return Ok((client, None));
                }
            }
            match self.find_or_create_client(tx, message, address, aliases, invited).await? {
                Sender::Created(client, contact) => return Ok((client, Some(contact))),
                Sender::Known(client) if tx.clients_mut().lock_for_share(client).await? => {
                    return Ok((client, None));
                }
                // The client was merged or deleted concurrently; the next iteration finds the present
                // owner of the address.
                Sender::Known(_) => {}
            }
        }
    }

    /// Returns the client of a message whose addresses have no owner that could be locked; a new one is created if no
    /// client was invited, has written from one of them before, or is known by its username.
    async fn find_or_create_client(
        &self,
        tx: &mut UnitOfWork,
        message: &InboundMessage,
        address: &ContactValue,
        aliases: &[ContactValue],
        invited: Option<ClientId>,
    ) -> Result<Sender> {
        for known in iter::once(address).chain(aliases) {
            if let Some(found) = tx.clients().find_by_address(known).await? {
                return Ok(Sender::Known(found));
            }
        }
        if let Some(invited) = invited {
            return Ok(Sender::Known(invited));
        }
        // Without aliases, it was looked for together with the owner.
        let former: Vec<_> =
            if aliases.is_empty() { Vec::new() } else { iter::once(address).chain(aliases).collect() };
        for known in former {
            let transports = transports_of(known);
            let found = tx.chats().last_client_of_address(&transports, known.value()).await?;
            if let Some(found) = found {
                return Ok(Sender::Known(found));
            }
        }
        if let Some(username) = &message.username
            && let Some(found) = by_username(tx, username).await?
        {
            return Ok(Sender::Known(found));
        }
        let now = self.deps.clock.now();
        let new = new_client(message)?;
        match tx.clients_mut().create_with_contact(&new, address, now).await {
            Ok((client, Some(contact))) => {
                let values = Changes::of_client(None, &new);
                // A phone number is the client's own; other addresses are contacts.
                let values = match address.kind() {
                    ContactType::Phone => values,
                    kind => values.added(kind.as_str(), address.value()),
                };
                let created = Event::ClientCreated { client_id: client }.about(new.full_name());
                tx.record(created.with(values), None, now);
                Ok(Sender::Created(client, contact))
            }
            Ok((client, None)) => {
                // A concurrent webhook has created another client with this contact. Addresses other
                // than phone numbers are only unique as contacts.
                tx.clients_mut().delete(client).await?;
                let owner = tx.clients().find_contact(address).await?;
                owner
                    .map(|(owner, _)| Sender::Known(owner))
                    .ok_or_else(|| AppError::internal("a contact is neither free nor somebody's"))
            }
            // A concurrent webhook of the same sender has created the client.
            Err(AppError::Conflict(Conflict { client: Some(other), .. })) => Ok(Sender::Known(other)),
            Err(error) => Err(error),
        }
    }
}

/// The client of a message.
enum Sender {
    /// It existed before.
    Known(ClientId),
    /// It was created with the address as its contact.
    Created(ClientId, ContactId),
}

/// The transports that an address may have been used with. One number serves calls, SMS and WhatsApp.
fn transports_of(address: &ContactValue) -> Vec<Transport> {
    let same = |kind: ContactType| match kind {
        ContactType::Whatsapp => ContactType::Phone,
        kind => kind,
    };
    let carries = |transport: &Transport| same(transport.contact_type()) == same(address.kind());
    Transport::ALL.iter().copied().filter(carries).collect()
}

/// The client with this username as a contact. A client whose account is known already is excluded,
/// because usernames can pass to other people.
async fn by_username(tx: &mut Snapshot, username: &str) -> Result<Option<ClientId>> {
    let Ok(value) = ContactValue::from_provider(ContactType::Telegram, &username.to_lowercase()) else {
        return Ok(None);
    };
    let Some(client) = tx.clients().find_by_address(&value).await? else { return Ok(None) };
    let is_account = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    let contacts = tx.clients().contacts(client).await?;
    let known = contacts.iter().any(|c| c.kind == ContactType::Telegram && is_account(&c.value));
    Ok(Some(client).filter(|_| !known))
}

/// A new client with the name that the provider sent, or else the address.
fn new_client(message: &InboundMessage) -> Result<ClientFields> {
    let phone = PhoneNumber::parse_international(&message.from).ok();
    let part = |name: &Option<String>| name.as_deref().map(printable).filter(|name| !name.is_empty());
    let (first, last) = (part(&message.profile_name), part(&message.last_name));
    let own_name = first.or_else(|| part(&message.username).map(|name| format!("@{name}")));
    let name = own_name
        .or_else(|| phone.as_ref().map(PhoneNumber::format_international))
        .unwrap_or_else(|| message.from.clone());
    let builder = Client::builder(&name);
    let builder = match last {
        Some(last) => builder.last_name(&last),
        None => builder,
    };
    Ok(match phone {
        Some(phone) => builder.phone(phone).build()?,
        None => builder.build()?,
    })
}

/// Converts a name of a provider to a valid value of a name field; empty if nothing of it is drawn.
fn printable(name: &str) -> String {
    let kept: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(255).collect();
    if is_blank(&kept) { String::new() } else { kept.trim().to_owned() }
}

/// Returns the client's contact with this address, which is added unless another client has it.
pub(super) async fn contact(
    tx: &mut UnitOfWork,
    client: ClientId,
    address: &ContactValue,
    at: DateTime<Utc>,
) -> Result<Option<ContactId>> {
    if let Some((owner, found)) = tx.clients().find_contact(address).await? {
        return Ok((owner == client).then_some(found.id));
    }
    tx.clients_mut().lock_for_update(client).await?;
    let added = tx.clients_mut().add_contact(client, address, at).await?;
    if let Some(stored) = tx.clients().get(client).await? {
        tx.clients_mut().refresh_search(&stored).await?;
    }
    Ok(added)
}

/// Makes another address of the sender a contact of its client, also if another client had it: the sender has shown that
/// both addresses are its own.
pub(super) async fn claim_alias(
    tx: &mut UnitOfWork,
    client: ClientId,
    alias: &ContactValue,
    at: DateTime<Utc>,
) -> Result<()> {
    let Some((owner, stored)) = tx.clients().find_contact(alias).await? else {
        return contact(tx, client, alias, at).await.map(drop);
    };
    if owner != client {
        tx.clients_mut().lock_for_update(client.min(owner)).await?;
        tx.clients_mut().lock_for_update(client.max(owner)).await?;
        tx.clients_mut().move_contact(stored.id, owner, client).await?;
        for changed in [owner, client] {
            if let Some(stored) = tx.clients().get(changed).await? {
                tx.clients_mut().refresh_search(&stored).await?;
            }
        }
    }
    Ok(())
}

/// Adds the username as a contact, by which users find the client, unless another client has it.
pub(super) async fn add_username(
    tx: &mut UnitOfWork,
    client: ClientId,
    username: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    match ContactValue::from_provider(ContactType::Telegram, username) {
        Ok(value) => contact(tx, client, &value, at).await.map(drop),
        // A username that is empty after normalisation is not stored.
        Err(_) => Ok(()),
    }
}
