//! Parting two clients that were made one.

use crate::services::clients::merges::{MergeService, may_merge};
use crate::{
    domain::{Client, ClientId, ContactId, Email, Event, Merge, MergeField, MergeId, NewClient, PhoneNumber},
    error::{AppError, Conflict, Result},
    persistence::{MergeRecord, Tx},
    services::Actor,
};

/// What came of undoing a merge.
#[derive(Debug, Clone)]
pub struct Undone {
    /// The client that was kept, as it is now.
    pub kept: Client,
    /// The client that is there again.
    pub restored: Client,
    /// What could not go back.
    pub left: Vec<Left>,
}

/// Why something is not as it was before the merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// The kept client's field was changed since, so it stays as it is.
    Changed(MergeField),
    /// Someone has the kept client's or the restored client's value by now.
    Taken(MergeField, ClientId),
    /// A contact was removed since, or someone else has it by now.
    Contact(String),
}

impl MergeService {
    /// Undoes a merge: the lost client comes back under its id with what had moved; what came since stays.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`], also when its time has run out; [`AppError::Conflict`] when the
    /// kept client was itself merged since.
    #[tracing::instrument(name = "undo_merge", skip_all, fields(tenant = %actor.tenant.id, merge = %id))]
    pub async fn undo(&self, actor: &Actor, id: MergeId) -> Result<Undone> {
        may_merge(actor)?;
        let now = self.base.clock.now();
        let mut tx = self.base.database.begin(actor.tenant_id()).await?;
        let merge = self.standing(&mut tx, id).await?;
        let record = tx.merges().record(id).await?;
        let comes_back = record.lost();
        let (before, _) = record.kept();
        tx.clients().claim(&[comes_back.data().claims(), before.claims()].concat()).await?;
        tx.merges().lock(merge.kept, merge.kept).await?;
        // It may have been undone, or merged further, while this waited.
        let merge = self.standing(&mut tx, id).await?;
        if merge.under.is_some() {
            return Err(AppError::Conflict(Conflict { field: Some("merge"), client: None }));
        }
        let mut left = Vec::new();
        tx.carrying().revive(&comes_back).await?;
        let contacts = record.contacts();
        tx.carrying().contacts_back(&contacts, merge.kept, merge.lost).await?;
        for code in &record.invitations {
            tx.channels().redirect_invitation(code, merge.lost).await?;
        }
        revert(&mut tx, &merge, &record, &mut left, now).await?;
        let mut restored = comes_back;
        restored.updated_at = now;
        let restored = store(&mut tx, restored, &mut left).await?;
        left.extend(record.missing(&restored.contacts).into_iter().map(Left::Contact));
        tx.carrying().settle(merge.kept).await?;
        if let Some(moved) = &record.chat
            && let Some(from) = tx.chats().of_client(merge.kept).await?
        {
            tx.chats().lock(from.id).await?;
            tx.carrying().chat_back(id, moved, from.id, merge.kept, merge.lost).await?;
            tx.chats().refresh_head(from.id).await?;
            tx.chats().refresh_head(moved.id).await?;
        }
        tx.carrying().settle(merge.lost).await?;
        let [kept_added, lost_added] = &record.added;
        let kept = without_own(&mut tx, merge.kept, kept_added).await?;
        let restored = without_own(&mut tx, restored.id, lost_added).await?;
        for other in &record.dismissed {
            tx.matches().dismiss(*other, merge.lost).await?;
        }
        tx.merges().unearth(merge.lost, id, &record.under).await?;
        tx.merges().delete(id).await?;
        let event = Event::ClientUnmerged { client_id: merge.kept, merged_id: merge.lost };
        tx.record(event, actor.user_id(), now);
        tx.commit().await?;
        Ok(Undone { kept, restored, left })
    }
}

/// Gives the kept client back what it had before, where nobody has changed it since.
async fn revert(
    tx: &mut Tx,
    merge: &Merge,
    record: &MergeRecord,
    left: &mut Vec<Left>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let mut kept = tx.clients().get(merge.kept).await?.ok_or(AppError::NotFound)?;
    let (before, after) = record.kept();
    let moved: Vec<_> =
        MergeField::ALL.iter().copied().filter(|field| !field.is_same(&before, &after)).collect();
    for field in moved {
        if field.is_same(kept.data(), &after) {
            kept = field.taken_from(&before, kept);
        } else if !field.is_same(kept.data(), &before) {
            left.push(Left::Changed(field));
        }
    }
    kept.updated_at = now;
    store(tx, kept, left).await.map(drop)
}

/// A client without those of its added contacts that are its own phone or e-mail again.
async fn without_own(tx: &mut Tx, id: ClientId, added: &[ContactId]) -> Result<Client> {
    let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
    let own = [client.data().phone().map(PhoneNumber::as_str), client.data().email().map(Email::as_str)];
    for contact in client.contacts.iter().filter(|contact| added.contains(&contact.id)) {
        if own.contains(&Some(contact.value.as_str())) {
            tx.clients().remove_contact(id, contact.id).await?;
        }
    }
    tx.clients().refresh_search(&client).await?;
    tx.clients().get(id).await?.ok_or(AppError::NotFound)
}

/// Stores a client without what someone else has by now.
async fn store(tx: &mut Tx, mut client: Client, left: &mut Vec<Left>) -> Result<Client> {
    if let Some(owner) = phone_owner(tx, client.data(), client.id).await? {
        left.push(Left::Taken(MergeField::Phone, owner));
        client = client.with_phone(None);
    }
    match tx.clients().update(&client).await {
        Err(AppError::Conflict(Conflict { client: Some(owner), .. })) => {
            left.push(Left::Taken(MergeField::Pin, owner));
            client = client.with_pin(None);
            tx.clients().update(&client).await?;
        }
        stored => stored?,
    }
    tx.clients().get(client.id).await?.ok_or(AppError::NotFound)
}

/// Who else has the phone, as its own or as a contact.
async fn phone_owner(tx: &mut Tx, data: &NewClient, own: ClientId) -> Result<Option<ClientId>> {
    let Some(phone) = data.phone() else { return Ok(None) };
    Ok(tx.clients().find_by_phone(phone).await?.filter(|owner| *owner != own))
}
