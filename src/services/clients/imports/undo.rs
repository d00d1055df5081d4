//! Undoing an import that must be stored as a whole. Clients that others have changed or received
//! messages from since are kept.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::{
    domain::{
        ChangedFields, Changes, Client, ClientField, ClientPatch, ContactId, Country, Event, Import, Patch,
    },
    error::{AppError, Result},
    persistence::{ImportStep, UnitOfWork},
};

/// A client before the import updated it, and the time of that update.
#[derive(Deserialize)]
struct Before {
    fields: Option<BTreeMap<String, Option<String>>>,
    at: DateTime<Utc>,
}

/// A step of the import that is to be undone.
pub(super) struct StepUndo<'s> {
    step: &'s ImportStep,
    /// The client before the import; `None` if the import created it.
    before: Option<Before>,
}

impl<'s> StepUndo<'s> {
    pub(super) fn of(step: &'s ImportStep) -> Result<Self> {
        let before = step.before.as_deref().map(serde_json::from_str).transpose();
        Ok(Self { step, before: before.map_err(AppError::internal)? })
    }

    /// The unique values that undoing the step restores.
    pub(super) fn unique_values(&self) -> impl Iterator<Item = &str> {
        let fields = self.before.as_ref().and_then(|before| before.fields.as_ref());
        let value = move |name| fields.and_then(|fields| fields.get(name)?.as_deref());
        ["phone", "pin"].into_iter().filter_map(value)
    }

    /// Undoes the step; returns `false` if the client has to be kept.
    pub(super) async fn undo(
        &self,
        tx: &mut UnitOfWork,
        import: &Import,
        country: Country,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let id = self.step.client();
        tx.clients_mut().lock_for_update(id).await?;
        let Some(mut client) = tx.clients().get(id).await? else { return Ok(true) };
        let Some(before) = &self.before else {
            // A client with a chat is kept.
            if tx.chats().of_client(id).await?.is_some() {
                return Ok(false);
            }
            tx.clients_mut().delete(id).await?;
            tx.audit_log_mut().erase_clients(&[id]).await?;
            tx.record(Event::ClientDeleted { client_id: id }, Some(import.user), now);
            return Ok(true);
        };
        let contacts: Vec<ContactId> =
            serde_json::from_str(&self.step.contacts).map_err(AppError::internal)?;
        let (mut undone, mut changes, imported) = (true, ChangedFields::default(), client.data().clone());
        if let Some(fields) = &before.fields {
            let sent = |field: ClientField| {
                let stored = fields.get(field.name()).cloned();
                Ok(stored.map_or(Patch::Keep, |text| text.map_or(Patch::Clear, Patch::Set)))
            };
            // Dates that were stored before are accepted again.
            let patch = ClientPatch::parse(sent, country, NaiveDate::MAX)?;
            let mut restored = client.clone().with_patch(patch)?;
            restored.updated_at = now;
            undone = client.updated_at == before.at && update(tx, &restored).await?;
            if undone {
                changes = ChangedFields::between(client.data(), restored.data());
                client = restored;
            }
        }
        for contact in contacts {
            if tx.clients_mut().remove_contact(id, contact).await? {
                changes.add_contacts();
            }
        }
        tx.clients_mut().refresh_search(&client).await?;
        let updated = Event::ClientUpdated { client_id: id, changes }.about(client.data().full_name());
        tx.record(updated.with(Changes::of_client(Some(&imported), client.data())), Some(import.user), now);
        Ok(undone)
    }
}

/// Updates a client; returns `false` if another client has its phone or identification number by
/// now.
async fn update(tx: &mut UnitOfWork, client: &Client) -> Result<bool> {
    if let Some(phone) = client.data().phone()
        && tx.clients().find_by_phone(phone).await?.is_some_and(|owner| owner != client.id)
    {
        return Ok(false);
    }
    match tx.clients_mut().update(client).await {
        Err(AppError::Conflict(_)) => Ok(false),
        stored => stored.map(|()| true),
    }
}
