//! Duplicates of clients: who may be the same person, making two one, and parting them again
//! (`docs/adr/0011-merges.md`).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::services::{Actor, Foundation};
use crate::{
    domain::{
        Client, ClientId, ContactType, ContactValue, Email, Event, Likeness, Merge, MergeField, MergeId,
        Permission, PhoneNumber, Problem, Side, UNDO_FOR,
    },
    error::{AppError, Result},
    persistence::{Match, MergeRecord, Page, PageRequest, Tx},
};

pub use crate::services::clients::merge_undo::{Left, Undone};

/// How many suggestions a client's page shows.
const SUGGESTIONS: i64 = 5;

/// Use cases of duplicates.
#[derive(Clone)]
pub struct MergeService {
    pub(super) base: Arc<Foundation>,
}

/// A client that may be the same person, and why.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// The client.
    pub client: Client,
    /// What they share, the strongest first.
    pub by: Vec<Likeness>,
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The client.
    pub client: Client,
    /// Its contacts.
    pub contacts: i64,
    /// The messages of its chat.
    pub messages: i64,
}

/// What is to become of two clients.
#[derive(Debug, Clone)]
pub struct MergeOrder {
    /// The client that stays.
    pub kept: ClientId,
    /// The client that goes into it.
    pub lost: ClientId,
    /// Whose value stays, where someone chose.
    pub choices: Vec<(MergeField, Side)>,
    /// When both had last been changed, as they were shown to who chose: the kept one's time and the other's.
    pub seen: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
}

impl MergeService {
    pub(in crate::services) fn new(base: Arc<Foundation>) -> Self {
        Self { base }
    }

    /// Who may be the same person as a client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "suggest_duplicates", skip_all, fields(tenant = %actor.tenant.id, client = %client.id))]
    pub async fn suggestions(&self, actor: &Actor, client: &Client) -> Result<Vec<Suggestion>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let found = tx.matches().like(client, SUGGESTIONS).await?;
        let mut clients = clients(&mut tx, found.iter().map(|one| one.client)).await?;
        let suggestion = |Match { client, by }| Some(Suggestion { client: take(&mut clients, client)?, by });
        Ok(found.into_iter().filter_map(suggestion).collect())
    }

    /// A page of all pairs that may be one person, the most alike first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_duplicates", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn pairs(&self, actor: &Actor, page: PageRequest) -> Result<Page<(Client, Suggestion)>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let Page { items, request, total } = tx.matches().pairs(page).await?;
        let ids = items.iter().flat_map(|(first, second)| [*first, second.client]);
        let all = clients(&mut tx, ids).await?;
        let find = |id| all.iter().find(|client| client.id == id).cloned();
        let pair = |(first, Match { client, by }): (ClientId, Match)| {
            Some((find(first)?, Suggestion { client: find(client)?, by }))
        };
        Ok(Page { items: items.into_iter().filter_map(pair).collect(), request, total })
    }

    /// Notes for good that two clients are not the same person.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for a client and itself.
    #[tracing::instrument(name = "dismiss_duplicate", skip_all, fields(tenant = %actor.tenant.id, %one, %other))]
    pub async fn dismiss(&self, actor: &Actor, one: ClientId, other: ClientId) -> Result<()> {
        actor.require(Permission::ClientUpdate)?;
        if one == other {
            return Err(AppError::invalid("other_id", Problem::Itself));
        }
        let mut tx = self.base.database.begin(actor.tenant_id()).await?;
        // In the order of ids, as merging does.
        let held = tx.clients().hold(one.min(other)).await? && tx.clients().hold(one.max(other)).await?;
        if !held || !tx.matches().dismiss(one, other).await? {
            return Err(AppError::NotFound);
        }
        tx.commit().await
    }

    /// Two clients side by side, the one that would stay first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for a client and itself.
    #[tracing::instrument(name = "compare_clients", skip_all, fields(tenant = %actor.tenant.id, %kept, %lost))]
    pub async fn compare(&self, actor: &Actor, kept: ClientId, lost: ClientId) -> Result<[Candidate; 2]> {
        may_merge(actor)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let one = candidate(&mut tx, kept).await?.ok_or(AppError::NotFound)?;
        let other = candidate(&mut tx, lost).await?;
        let other = other.ok_or(AppError::invalid("other_id", Problem::NotFound))?;
        if kept == lost {
            return Err(AppError::invalid("other_id", Problem::Itself));
        }
        Ok([one, other])
    }

    /// Makes two clients one: contacts, chat and messages move to the one that is kept.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for a client and itself;
    /// [`AppError::Stale`] when one of them was changed since it was shown.
    #[tracing::instrument(name = "merge_clients", skip_all,
        fields(tenant = %actor.tenant.id, kept = %order.kept, lost = %order.lost))]
    pub async fn merge(&self, actor: &Actor, order: &MergeOrder) -> Result<Merge> {
        may_merge(actor)?;
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(actor.tenant_id()).await?;
        // Clients, then chats, then messages: the order in which everyone takes them.
        tx.merges().lock(order.kept, order.lost).await?;
        let kept = tx.clients().get(order.kept).await?.ok_or(AppError::NotFound)?;
        let lost = tx.clients().get(order.lost).await?;
        let lost = lost.ok_or(AppError::invalid("other_id", Problem::NotFound))?;
        if kept.id == lost.id {
            return Err(AppError::invalid("other_id", Problem::Itself));
        }
        let changed =
            |seen: Option<DateTime<Utc>>, client: &Client| seen.is_some_and(|at| at != client.updated_at);
        if changed(order.seen.0, &kept) || changed(order.seen.1, &lost) {
            return Err(AppError::Stale);
        }
        let mut after = kept.clone();
        for field in MergeField::ALL {
            let chosen = order.choices.iter().find(|(chosen, _)| chosen == field).map(|(_, side)| *side);
            let side = chosen.unwrap_or_else(|| Side::by_default(*field, kept.data(), lost.data()));
            if side == Side::Lost {
                after = field.taken_from(lost.data(), after);
            }
        }
        after.updated_at = now;

        let merge = tx.merges().create(kept.id, &lost, actor.user_id(), now).await?;
        let mut record = MergeRecord::new(&lost, &kept, &after);
        record.under = tx.merges().bury(lost.id, kept.id, merge).await?;
        record.dismissed = tx.carrying().dismissals(lost.id, kept.id).await?;
        tx.carrying().contacts(lost.id, kept.id).await?;
        record.invitations = tx.channels().pass_invitations(lost.id, kept.id).await?;
        if let Some(chat) = tx.chats().of_client(lost.id).await? {
            let (into, made) = tx.chats().find_or_create(kept.id, now).await?;
            if made {
                tx.record(Event::ChatCreated { chat_id: into, client_id: kept.id }, actor.user_id(), now);
            }
            for chat in [chat.id.min(into), chat.id.max(into)] {
                tx.chats().lock(chat).await?;
            }
            record.chat = Some(tx.carrying().chat(merge, chat.id, into, kept.id).await?);
            tx.chats().refresh_head(into).await?;
        }
        tx.clients().delete(lost.id).await?;
        for (client, added) in [&kept, &lost].into_iter().zip(&mut record.added) {
            for address in unchosen(client, &after) {
                added.extend(tx.clients().add_contact(kept.id, &address, now).await?);
            }
        }
        tx.clients().update(&after).await?;
        tx.merges().finish(merge, &record).await?;
        let merged = Event::ClientMerged { client_id: kept.id, merged_id: lost.id };
        tx.record(merged, actor.user_id(), now);
        let merge = tx.merges().get(merge).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(merge)
    }

    /// A page of the merges that can still be undone, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_merges", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Page<Merge>> {
        actor.require(Permission::ClientRead)?;
        let since = self.base.clock.now() - UNDO_FOR;
        self.base.database.read(actor.tenant_id()).await?.merges().page(since, page).await
    }

    /// One merge that can still be undone.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_merge", skip_all, fields(tenant = %actor.tenant.id, merge = %id))]
    pub async fn get(&self, actor: &Actor, id: MergeId) -> Result<Merge> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        self.standing(&mut tx, id).await
    }

    /// The merges into a client that can still be undone, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "merges_into_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn into_client(&self, actor: &Actor, id: ClientId) -> Result<Vec<Merge>> {
        actor.require(Permission::ClientRead)?;
        let since = self.base.clock.now() - UNDO_FOR;
        self.base.database.read(actor.tenant_id()).await?.merges().into_client(id, since).await
    }

    /// A merge whose time has not run out, also while nobody has swept it away.
    pub(super) async fn standing(&self, tx: &mut Tx, id: MergeId) -> Result<Merge> {
        let now = self.base.clock.now();
        let merge = tx.merges().get(id).await?;
        merge.filter(|merge| merge.until() > now).ok_or(AppError::NotFound)
    }
}

pub(super) fn may_merge(actor: &Actor) -> Result<()> {
    actor.require(Permission::ClientUpdate)?;
    actor.require(Permission::ClientDelete)
}

async fn candidate(tx: &mut Tx, id: ClientId) -> Result<Option<Candidate>> {
    let Some(client) = tx.clients().get(id).await? else { return Ok(None) };
    let (contacts, messages) = tx.carrying().weigh(id).await?;
    Ok(Some(Candidate { client, contacts, messages }))
}

pub(super) async fn clients(tx: &mut Tx, ids: impl Iterator<Item = ClientId>) -> Result<Vec<Client>> {
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() { Ok(Vec::new()) } else { tx.clients().many(&ids).await }
}

fn take(clients: &mut Vec<Client>, id: ClientId) -> Option<Client> {
    let index = clients.iter().position(|client| client.id == id)?;
    Some(clients.swap_remove(index))
}

/// A client's own phone and e-mail where they did not stay: kept as contacts, so that who writes from them is known.
fn unchosen(client: &Client, after: &Client) -> Vec<ContactValue> {
    let (data, stays) = (client.data(), after.data());
    let phone = data.phone().filter(|phone| stays.phone() != Some(phone)).map(PhoneNumber::as_str);
    let email = data.email().filter(|email| stays.email() != Some(email)).map(Email::as_str);
    let contact = |kind, value: Option<&str>| ContactValue::from_provider(kind, value?).ok();
    [contact(ContactType::Phone, phone), contact(ContactType::Email, email)].into_iter().flatten().collect()
}
