//! Undoing what an import that is to be whole has done. What others have changed or answered since stays.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::{
    domain::{ChangedFields, Client, ClientPatch, ContactId, Country, Event, Import, Patch},
    error::{AppError, Result},
    persistence::{ImportStep, UnitOfWork},
};

/// A client before it took a row's values, and when it took them.
#[derive(Deserialize)]
struct Before {
    fields: Option<BTreeMap<String, Option<String>>>,
    at: DateTime<Utc>,
}

/// A step that is to be undone.
pub(super) struct StepUndo<'s> {
    step: &'s ImportStep,
    /// What the client was before; none if the import made it.
    before: Option<Before>,
}

impl<'s> StepUndo<'s> {
    pub(super) fn of(step: &'s ImportStep) -> Result<Self> {
        let before = step.before.as_deref().map(serde_json::from_str).transpose();
        Ok(Self { step, before: before.map_err(AppError::internal)? })
    }

    /// The values that it gives back which only one client may have.
    pub(super) fn unique_values(&self) -> impl Iterator<Item = &str> {
        let fields = self.before.as_ref().and_then(|before| before.fields.as_ref());
        let value = move |name| fields.and_then(|fields| fields.get(name)?.as_deref());
        ["phone", "pin"].into_iter().filter_map(value)
    }

    /// Undoes it; `false` when it has to stay.
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
            // A conversation is more than a row of a table.
            if tx.chats().of_client(id).await?.is_some() {
                return Ok(false);
            }
            tx.clients_mut().delete(id).await?;
            tx.record(Event::ClientDeleted { client_id: id }, Some(import.user), now);
            return Ok(true);
        };
        let contacts: Vec<ContactId> =
            serde_json::from_str(&self.step.contacts).map_err(AppError::internal)?;
        let (mut undone, mut changes) = (true, ChangedFields::default());
        if let Some(fields) = &before.fields {
            let sent = |name: &str| Ok(fields.get(name).cloned().flatten().map_or(Patch::Clear, Patch::Set));
            // What was stored once is not refused for being of an earlier day.
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
        tx.record(Event::ClientUpdated { client_id: id, changes }, Some(import.user), now);
        Ok(undone)
    }
}

/// Stores a client; `false` when someone else has its phone or identification number by now.
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
