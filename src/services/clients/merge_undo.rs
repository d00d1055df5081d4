//! Undoing a merge of two clients.

use crate::services::clients::merges::{MergeService, may_merge};
use crate::{
    domain::{
        Changes, Client, ClientField, ClientFields, ClientId, ContactId, Email, Event, Merge, MergeId,
        PhoneNumber,
    },
    error::{AppError, Conflict, Result},
    persistence::{MergeRecord, Snapshot, UnitOfWork},
    services::Actor,
};

/// The result of undoing a merge.
#[derive(Debug, Clone)]
pub struct UndoneMerge {
    /// The survivor in its present state.
    pub survivor: Client,
    /// The restored client.
    pub restored: Client,
    /// Parts of the previous state that could not be restored.
    pub conflicts: Vec<UndoConflict>,
}

/// The reason why a part of the previous state could not be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoConflict {
    /// The survivor's field was changed since and keeps its value.
    FieldChanged(ClientField),
    /// Another client has the survivor's or the restored client's value by now.
    ValueTaken(ClientField, ClientId),
    /// A contact was removed since, or another client has it by now.
    ContactUnavailable(String),
}

impl MergeService {
    /// Undoes a merge: the merged client is restored under its id with its former data; data that
    /// was added since stays with the survivor.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`], also after the end of the period for
    /// undoing; [`AppError::Conflict`] if the survivor itself was merged since.
    #[tracing::instrument(name = "undo_merge", skip_all, fields(tenant = %actor.tenant.id, merge = %id))]
    pub async fn undo(&self, actor: &Actor, id: MergeId) -> Result<UndoneMerge> {
        may_merge(actor)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let merge = self.reversible(&mut tx, id).await?;
        let record = tx.merges().record(id).await?;
        let comes_back = record.merged_client();
        let (before, _) = record.survivor_before_and_after();
        tx.clients_mut()
            .lock_values(&[comes_back.data().unique_values(), before.unique_values()].concat())
            .await?;
        tx.merges_mut().lock_pair(merge.survivor, merge.survivor).await?;
        // The merge may have been undone or superseded while this transaction waited for the lock.
        let merge = self.reversible(&mut tx, id).await?;
        if merge.superseded_by.is_some() {
            return Err(AppError::Conflict(Conflict { field: Some("merge"), client: None }));
        }
        let mut conflicts = Vec::new();
        tx.merge_transfer_mut().restore_client(&comes_back).await?;
        let contacts = record.contacts();
        tx.merge_transfer_mut().return_contacts(&contacts, merge.survivor, merge.merged).await?;
        for code in &record.invitations {
            tx.channels_mut().redirect_invitation(code, merge.merged).await?;
        }
        revert(&mut tx, &merge, &record, &mut conflicts, now).await?;
        let mut restored = comes_back;
        restored.updated_at = now;
        let restored = store(&mut tx, restored, &mut conflicts).await?;
        conflicts
            .extend(record.missing(&restored.contacts).into_iter().map(UndoConflict::ContactUnavailable));
        tx.merge_transfer_mut().unlink_foreign_contacts(merge.survivor).await?;
        if let Some(moved) = &record.chat
            && let Some(from) = tx.chats().of_client(merge.survivor).await?
        {
            tx.chats_mut().lock_for_update(from.id).await?;
            tx.merge_transfer_mut().restore_chat(id, moved, from.id, merge.survivor, merge.merged).await?;
            tx.chats_mut().recompute_last_message(from.id).await?;
            tx.chats_mut().recompute_last_message(moved.id).await?;
        }
        tx.merge_transfer_mut().unlink_foreign_contacts(merge.merged).await?;
        let [kept_added, lost_added] = &record.added;
        let kept = without_own(&mut tx, merge.survivor, kept_added).await?;
        let restored = without_own(&mut tx, restored.id, lost_added).await?;
        for other in &record.dismissed {
            tx.duplicates_mut().dismiss(*other, merge.merged).await?;
        }
        tx.merges_mut().restore(merge.merged, id, &record.superseded).await?;
        tx.merges_mut().delete(id).await?;
        let event = Event::ClientUnmerged { client_id: merge.survivor, merged_id: merge.merged };
        let values = Changes::default().added("merged", &restored.data().full_name());
        tx.record(event.about(kept.data().full_name()).with(values), actor.author(), now);
        tx.commit().await?;
        Ok(UndoneMerge { survivor: kept, restored, conflicts })
    }
}

/// Restores the survivor's former values in fields that were not changed since.
async fn revert(
    tx: &mut UnitOfWork,
    merge: &Merge,
    record: &MergeRecord,
    conflicts: &mut Vec<UndoConflict>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let mut kept = tx.clients().get(merge.survivor).await?.ok_or(AppError::NotFound)?;
    let (before, after) = record.survivor_before_and_after();
    let moved: Vec<_> = ClientField::values().filter(|field| !before.is_same(*field, &after)).collect();
    for field in moved {
        if kept.data().is_same(field, &after) {
            kept = kept.with_copied(field, &before);
        } else if !kept.data().is_same(field, &before) {
            conflicts.push(UndoConflict::FieldChanged(field));
        }
    }
    kept.updated_at = now;
    store(tx, kept, conflicts).await.map(drop)
}

/// Removes added contacts that equal the client's primary phone or e-mail address again.
async fn without_own(tx: &mut UnitOfWork, id: ClientId, added: &[ContactId]) -> Result<Client> {
    let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
    let own = [client.data().phone().map(PhoneNumber::as_str), client.data().email().map(Email::as_str)];
    for contact in client.contacts.iter().filter(|contact| added.contains(&contact.id)) {
        if own.contains(&Some(contact.value.as_str())) {
            tx.clients_mut().remove_contact(id, contact.id).await?;
        }
    }
    tx.clients_mut().refresh_search(&client).await?;
    tx.clients().get(id).await?.ok_or(AppError::NotFound)
}

/// Stores a client without the values that another client has by now.
async fn store(tx: &mut UnitOfWork, mut client: Client, conflicts: &mut Vec<UndoConflict>) -> Result<Client> {
    if let Some(owner) = phone_owner(tx, client.data(), client.id).await? {
        conflicts.push(UndoConflict::ValueTaken(ClientField::Phone, owner));
        client = client.without(ClientField::Phone);
    }
    match tx.clients_mut().update(&client).await {
        Err(AppError::Conflict(Conflict { client: Some(owner), .. })) => {
            conflicts.push(UndoConflict::ValueTaken(ClientField::Pin, owner));
            client = client.without(ClientField::Pin);
            tx.clients_mut().update(&client).await?;
        }
        stored => stored?,
    }
    tx.clients().get(client.id).await?.ok_or(AppError::NotFound)
}

/// Finds another client that has the phone, as its primary phone or as a contact.
async fn phone_owner(tx: &mut Snapshot, data: &ClientFields, own: ClientId) -> Result<Option<ClientId>> {
    let Some(phone) = data.phone() else { return Ok(None) };
    Ok(tx.clients().find_by_phone(phone).await?.filter(|owner| *owner != own))
}
