//! Undoing what an import that is to be whole has done. What others have changed or answered since stays.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::{
    domain::{ClientPatch, ContactId, Country, Event, Import, Patch},
    error::{AppError, Result},
    persistence::{ImportStep, Tx},
};

/// A client before it took a row's values, and when it took them.
#[derive(Deserialize)]
struct Before {
    fields: Option<BTreeMap<String, Option<String>>>,
    at: DateTime<Utc>,
}

/// Undoes a step; `false` when it has to stay.
pub(super) async fn undo(
    tx: &mut Tx,
    import: &Import,
    step: &ImportStep,
    country: Country,
    now: DateTime<Utc>,
) -> Result<bool> {
    let id = step.client();
    tx.clients().lock(id).await?;
    let Some(client) = tx.clients().get(id).await? else { return Ok(true) };
    let Some(before) = &step.before else {
        // A conversation is more than a row of a table.
        if tx.chats().of_client(id).await?.is_some() {
            return Ok(false);
        }
        tx.clients().delete(id).await?;
        tx.record(Event::ClientDeleted { client_id: id }, Some(import.user), now);
        return Ok(true);
    };
    let before: Before = serde_json::from_str(before).map_err(AppError::internal)?;
    let contacts: Vec<ContactId> = serde_json::from_str(&step.contacts).map_err(AppError::internal)?;
    let mut undone = true;
    let mut client = client;
    if let Some(fields) = before.fields {
        undone = client.updated_at == before.at;
        if undone {
            let sent = |name: &str| Ok(fields.get(name).cloned().flatten().map_or(Patch::Clear, Patch::Set));
            // What was stored once is not refused for being of an earlier day.
            let patch = ClientPatch::parse(sent, country, NaiveDate::MAX)?;
            client = client.patched(patch)?;
            client.updated_at = now;
            tx.clients().update(&client).await?;
        }
    }
    for contact in contacts {
        tx.clients().remove_contact(id, contact).await?;
    }
    tx.clients().refresh_search(&client).await?;
    tx.record(Event::ClientUpdated { client_id: id }, Some(import.user), now);
    Ok(undone)
}
