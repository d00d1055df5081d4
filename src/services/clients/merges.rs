//! Duplicates of clients: suggestions, dismissals, merges and undoing merges
//! (`docs/adr/0011-client-duplicates-and-merges.md`).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::services::{
    Actor, Dependencies, Framed, PageFrame, activity::page_frame, clients::service::find, worker::WorkerState,
};
use crate::{
    domain::{
        Changes, Client, ClientField, ClientId, ContactType, ContactValue, Email, Event, MERGE_UNDO_PERIOD,
        MatchReason, Merge, MergeId, MergeSide, Permission, PhoneNumber, Problem, SearchTerms, TenantId,
        fold,
    },
    error::{AppError, Result},
    persistence::{DuplicateCandidate, MergeRecord, Page, PageRequest, Snapshot},
};

pub use crate::services::clients::merge_undo::{UndoConflict, UndoneMerge};

/// The number of suggestions on a client's page.
const SUGGESTIONS: i64 = 5;
/// The number of clients that the search for the other client shows.
const FOUND: i64 = 10;

/// The use cases of duplicates.
#[derive(Clone)]
pub struct MergeService {
    pub(super) deps: Arc<Dependencies>,
    pub(super) worker: WorkerState<TenantId>,
}

/// A possible duplicate of a client, with the reasons.
#[derive(Debug, Clone)]
pub struct DuplicateSuggestion {
    /// The client.
    pub client: Client,
    /// The match reasons, the strongest first.
    pub reasons: Vec<MatchReason>,
}

/// The data of the page for choosing the client to merge with.
#[derive(Debug, Clone)]
pub struct MergeChoice {
    /// The client that remains.
    pub client: Client,
    /// Possible duplicates of the client.
    pub suggestions: Vec<DuplicateSuggestion>,
    /// The other clients that the search found, by name.
    pub found: Vec<Client>,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub struct MergeCandidate {
    /// The client.
    pub client: Client,
    /// The number of contacts.
    pub contacts: i64,
    /// The number of messages in the client's chat.
    pub messages: i64,
}

/// The clients to merge, and the choices for their fields.
#[derive(Debug, Clone)]
pub struct MergeRequest {
    /// The client that remains.
    pub survivor: ClientId,
    /// The client whose records are moved.
    pub merged: ClientId,
    /// The choices of fields; others have the default.
    pub choices: Vec<(ClientField, MergeSide)>,
    /// The times of the last changes of the survivor and of the merged client, as shown to the
    /// user; `None` skips the check.
    pub last_seen: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
}

impl MergeService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, worker: WorkerState::new(1, 1) }
    }

    /// Loads a client with its possible duplicates, and the clients that match the terms, if there
    /// are any.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Merged`] if the client was merged
    /// into another one.
    #[tracing::instrument(name = "choose_duplicate", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn choose(&self, actor: &Actor, id: ClientId, terms: SearchTerms) -> Result<MergeChoice> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let client = find(&mut tx, id).await?;
        let candidates = tx.duplicates().of_client(&client, SUGGESTIONS).await?;
        let matches = tx.clients().best_matching(&terms, FOUND).await?.into_iter().map(|one| one.id);
        let matches: Vec<_> = matches.filter(|other| *other != id).collect();
        let ids = candidates.iter().map(|one| one.client).chain(matches.iter().copied());
        let clients = clients(&mut tx, ids).await?;
        let mut found: Vec<_> = clients.iter().filter(|one| matches.contains(&one.id)).cloned().collect();
        found.sort_by_cached_key(|client| fold(&client.data().full_name()));
        let suggestions = with_reasons(clients, candidates);
        Ok(MergeChoice { client, suggestions, found, frame: page_frame(&mut tx, actor).await? })
    }

    /// Lists a page of pairs of possible duplicates, the strongest match first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_duplicates", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn duplicate_pairs(
        &self,
        actor: &Actor,
        page: PageRequest,
    ) -> Result<Framed<Page<(Client, DuplicateSuggestion)>>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let Page { items, request, total } = tx.duplicates().pairs(page).await?;
        let ids = items.iter().flat_map(|(first, second)| [*first, second.client]);
        let all = clients(&mut tx, ids).await?;
        let find = |id| all.iter().find(|client| client.id == id).cloned();
        let pair = |(first, DuplicateCandidate { client, reasons: by }): (ClientId, DuplicateCandidate)| {
            Some((find(first)?, DuplicateSuggestion { client: find(client)?, reasons: by }))
        };
        let pairs = Page { items: items.into_iter().filter_map(pair).collect(), request, total };
        Framed::new(pairs, &mut tx, actor).await
    }

    /// Dismisses a pair for good.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] if both are the same
    /// client.
    #[tracing::instrument(name = "dismiss_duplicate", skip_all, fields(tenant = %actor.tenant.id, %one, %other))]
    pub async fn dismiss(&self, actor: &Actor, one: ClientId, other: ClientId) -> Result<()> {
        actor.require(Permission::ClientUpdate)?;
        if one == other {
            return Err(AppError::invalid("other_id", Problem::SameRecord));
        }
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        // Clients are locked in the order of their ids, as in a merge.
        let held = tx.clients_mut().lock_for_share(one.min(other)).await?
            && tx.clients_mut().lock_for_share(one.max(other)).await?;
        if !held || !tx.duplicates_mut().dismiss(one, other).await? {
            return Err(AppError::NotFound);
        }
        tx.commit().await
    }

    /// Loads two clients for a comparison, the survivor first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] if both are the same
    /// client.
    #[tracing::instrument(name = "compare_clients", skip_all, fields(tenant = %actor.tenant.id, %kept, %lost))]
    pub async fn compare(
        &self,
        actor: &Actor,
        kept: ClientId,
        lost: ClientId,
    ) -> Result<Framed<[MergeCandidate; 2]>> {
        may_merge(actor)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let one = find(&mut tx, kept).await?;
        if kept == lost {
            return Err(AppError::invalid("other_id", Problem::SameRecord));
        }
        let other = tx.clients().get(lost).await?;
        let other = other.ok_or(AppError::invalid("other_id", Problem::NotFound))?;
        let candidates = [candidate(&mut tx, one).await?, candidate(&mut tx, other).await?];
        Framed::new(candidates, &mut tx, actor).await
    }

    /// Merges two clients: contacts, chat and messages move to the survivor.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] if both are the same
    /// client; [`AppError::EditConflict`] if one of them was changed since it was shown.
    #[tracing::instrument(name = "merge_clients", skip_all,
        fields(tenant = %actor.tenant.id, survivor = %request.survivor, merged = %request.merged))]
    pub async fn merge(&self, actor: &Actor, request: &MergeRequest) -> Result<Merge> {
        may_merge(actor)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        // Clients, then chats, then messages: all transactions lock in this order.
        tx.merges_mut().lock_pair(request.survivor, request.merged).await?;
        let kept = tx.clients().get(request.survivor).await?.ok_or(AppError::NotFound)?;
        let lost = tx.clients().get(request.merged).await?;
        let lost = lost.ok_or(AppError::invalid("other_id", Problem::NotFound))?;
        if kept.id == lost.id {
            return Err(AppError::invalid("other_id", Problem::SameRecord));
        }
        let changed =
            |seen: Option<DateTime<Utc>>, client: &Client| seen.is_some_and(|at| at != client.updated_at);
        if changed(request.last_seen.0, &kept) || changed(request.last_seen.1, &lost) {
            return Err(AppError::EditConflict);
        }
        let mut after = kept.clone();
        for field in ClientField::values() {
            let chosen = request.choices.iter().find(|(chosen, _)| *chosen == field).map(|(_, side)| *side);
            let side = chosen.unwrap_or_else(|| MergeSide::by_default(field, kept.data(), lost.data()));
            if side == MergeSide::Merged {
                after = after.with_copied(field, lost.data());
            }
        }
        after.updated_at = now;

        let merge = tx.merges_mut().create(kept.id, &lost, actor.user_id(), now).await?;
        let mut record = MergeRecord::new(&lost, &kept, &after);
        record.superseded = tx.merges_mut().supersede(lost.id, kept.id, merge).await?;
        record.dismissed = tx.merge_transfer_mut().move_dismissals(lost.id, kept.id).await?;
        tx.merge_transfer_mut().move_contacts(lost.id, kept.id).await?;
        record.invitations = tx.channels_mut().move_invitations(lost.id, kept.id).await?;
        if let Some(chat) = tx.chats().of_client(lost.id).await? {
            let (into, made) = tx.chats_mut().find_or_create(kept.id, now).await?;
            if made {
                tx.record(Event::ChatCreated { chat_id: into, client_id: kept.id }, actor.author(), now);
            }
            for chat in [chat.id.min(into), chat.id.max(into)] {
                tx.chats_mut().lock_for_update(chat).await?;
            }
            record.chat = Some(tx.merge_transfer_mut().move_chat(merge, chat.id, into, kept.id).await?);
            tx.chats_mut().recompute_last_message(into).await?;
        }
        tx.clients_mut().delete(lost.id).await?;
        for (client, added) in [&kept, &lost].into_iter().zip(&mut record.added) {
            for address in unchosen(client, &after) {
                added.extend(tx.clients_mut().add_contact(kept.id, &address, now).await?);
            }
        }
        tx.clients_mut().update(&after).await?;
        tx.merges_mut().finish(merge, &record).await?;
        let merged = Event::ClientMerged { client_id: kept.id, merged_id: lost.id };
        let values = Changes::of_client(Some(kept.data()), after.data());
        let values = values.removed("merged", &lost.data().full_name());
        tx.record(merged.about(after.data().full_name()).with(values), actor.author(), now);
        let merge = tx.merges().get(merge).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(merge)
    }

    /// Lists a page of merges that can be undone, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_merges", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor, page: PageRequest) -> Result<Framed<Page<Merge>>> {
        actor.require(Permission::ClientRead)?;
        let since = self.deps.clock.now() - MERGE_UNDO_PERIOD;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let merges = tx.merges().page(since, page).await?;
        Framed::new(merges, &mut tx, actor).await
    }

    /// Loads a merge that can be undone.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_merge", skip_all, fields(tenant = %actor.tenant.id, merge = %id))]
    pub async fn get(&self, actor: &Actor, id: MergeId) -> Result<Merge> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        self.reversible(&mut tx, id).await
    }

    /// Loads a merge that can be undone; one whose period has ended is not found, even if it is not
    /// deleted yet.
    pub(super) async fn reversible(&self, tx: &mut Snapshot, id: MergeId) -> Result<Merge> {
        let now = self.deps.clock.now();
        let merge = tx.merges().get(id).await?;
        merge.filter(|merge| merge.undo_deadline() > now).ok_or(AppError::NotFound)
    }
}

pub(super) fn may_merge(actor: &Actor) -> Result<()> {
    actor.require(Permission::ClientUpdate)?;
    actor.require(Permission::ClientDelete)
}

async fn candidate(tx: &mut Snapshot, client: Client) -> Result<MergeCandidate> {
    let (contacts, messages) = tx.merge_transfer().count_contacts_and_messages(client.id).await?;
    Ok(MergeCandidate { client, contacts, messages })
}

/// Lists possible duplicates of a client.
pub(super) async fn suggestions(tx: &mut Snapshot, client: &Client) -> Result<Vec<DuplicateSuggestion>> {
    let found = tx.duplicates().of_client(client, SUGGESTIONS).await?;
    let clients = clients(tx, found.iter().map(|one| one.client)).await?;
    Ok(with_reasons(clients, found))
}

/// The suggestions for candidates, in their order; candidates that are not among the clients are left out.
fn with_reasons(mut clients: Vec<Client>, candidates: Vec<DuplicateCandidate>) -> Vec<DuplicateSuggestion> {
    let suggestion = |DuplicateCandidate { client, reasons }| {
        Some(DuplicateSuggestion { client: take(&mut clients, client)?, reasons })
    };
    candidates.into_iter().filter_map(suggestion).collect()
}

pub(super) async fn clients(tx: &mut Snapshot, ids: impl Iterator<Item = ClientId>) -> Result<Vec<Client>> {
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() { Ok(Vec::new()) } else { tx.clients().by_ids(&ids).await }
}

fn take(clients: &mut Vec<Client>, id: ClientId) -> Option<Client> {
    let index = clients.iter().position(|client| client.id == id)?;
    Some(clients.swap_remove(index))
}

/// The phone number and e-mail address of a client that were not chosen. They are kept as contacts,
/// so that messages from them are assigned to the survivor.
fn unchosen(client: &Client, after: &Client) -> Vec<ContactValue> {
    let (data, stays) = (client.data(), after.data());
    let phone = data.phone().filter(|phone| stays.phone() != Some(phone)).map(PhoneNumber::as_str);
    let email = data.email().filter(|email| stays.email() != Some(email)).map(Email::as_str);
    let contact = |kind, value: Option<&str>| ContactValue::from_provider(kind, value?).ok();
    [contact(ContactType::Phone, phone), contact(ContactType::Email, email)].into_iter().flatten().collect()
}
