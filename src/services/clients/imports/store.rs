//! Storing a row: it creates a client or updates an existing one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::services::clients::{imports::row_check::check_row, service::forget_former_number};
use crate::{
    domain::{
        ChangedFields, Changes, ClientField, ClientId, ContactId, Event, Import, ImportCounts,
        table::{CellError, CellErrorKind, ParsedRow},
    },
    error::{AppError, Result},
    persistence::{ImportStep, UnitOfWork},
};

/// The transaction that stores a batch of rows.
pub(super) struct RowWriter<'t> {
    pub(super) tx: &'t mut UnitOfWork,
    pub(super) import: &'t Import,
    pub(super) counts: ImportCounts,
    pub(super) now: DateTime<Utc>,
}

impl RowWriter<'_> {
    /// Stores a row. If it cannot be stored, the errors are recorded and `false` is returned.
    pub(super) async fn row(&mut self, number: i64, row: &Result<ParsedRow, Vec<CellError>>) -> Result<bool> {
        let row = match row {
            Ok(row) => row,
            Err(errors) => return self.bad(number, errors).await,
        };
        let checked = check_row(self.tx, row).await?;
        if checked.is_bad() {
            return self.bad(number, &checked.errors).await;
        }
        let stored = match checked.owner {
            None => self.create(number, row).await,
            Some(owner) if self.import.options.update_existing => self.update(number, owner, row).await,
            Some(_) => {
                self.counts.unchanged += 1;
                return self
                    .tx
                    .imports_mut()
                    .add_errors(self.import.id, number, &checked.errors)
                    .await
                    .map(|()| true);
            }
        };
        match stored {
            // A concurrent request has taken the value.
            Err(AppError::Conflict(conflict)) => {
                let column =
                    if conflict.field == Some("pin") { ClientField::Pin } else { ClientField::Phone };
                let flaw = conflict.client.map_or(CellErrorKind::BadCharacters, CellErrorKind::Taken);
                self.bad(number, &[CellError::new(column, flaw)]).await
            }
            // A part of a document does not fit the client's other part.
            Err(AppError::Invalid(_)) => {
                self.bad(number, &[CellError::new(ClientField::Pin, CellErrorKind::BadCharacters)]).await
            }
            stored => stored.map(|()| true),
        }
    }

    async fn bad(&mut self, number: i64, errors: &[CellError]) -> Result<bool> {
        self.counts.bad += 1;
        self.tx.imports_mut().add_errors(self.import.id, number, errors).await?;
        Ok(false)
    }

    async fn create(&mut self, number: i64, row: &ParsedRow) -> Result<()> {
        let new = row.patch.clone().create()?;
        let id = self.tx.clients_mut().create(&new, self.now).await?;
        let contacts = self.add_contacts(id, row).await?;
        let created = Event::ClientCreated { client_id: id }.about(new.full_name());
        self.tx.record(created.with(Changes::of_client(None, &new)), Some(self.import.user), self.now);
        self.counts.created += 1;
        self.note(number, id, None, &contacts).await
    }

    async fn update(&mut self, number: i64, id: ClientId, row: &ParsedRow) -> Result<()> {
        self.tx.clients_mut().lock_for_update(id).await?;
        let client = self.tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        // A number that is one of the client's further contacts does not replace the primary phone.
        let own = client.data().phone().is_some_and(|own| Some(own) != row.patch.phone());
        let by_contact =
            own && client.contacts.iter().any(|c| row.patch.phone().is_some_and(|p| p.as_str() == c.value));
        let patch = if by_contact { row.patch.clone().without_phone() } else { row.patch.clone() };
        let mut changed = client.clone().with_patch(patch)?;
        let differs = changed.data() != client.data();
        changed.updated_at = self.now;
        if differs {
            forget_former_number(self.tx, client.data(), &mut changed).await?;
            self.tx.clients_mut().update(&changed).await?;
        }
        let contacts = self.add_contacts(id, row).await?;
        if !differs && contacts.is_empty() {
            self.counts.unchanged += 1;
            return Ok(());
        }
        let mut changes = ChangedFields::between(client.data(), changed.data());
        if !contacts.is_empty() {
            changes.add_contacts();
        }
        let updated = Event::ClientUpdated { client_id: id, changes }.about(changed.data().full_name());
        let updated = updated.with(Changes::of_client(Some(client.data()), changed.data()));
        self.tx.record(updated, Some(self.import.user), self.now);
        self.counts.updated += 1;
        let before = differs.then(|| client.data().texts().collect::<BTreeMap<_, _>>());
        self.note(number, id, Some(json!({ "fields": before, "at": self.now })), &contacts).await
    }

    /// Adds the contacts that the client does not have yet.
    async fn add_contacts(&mut self, id: ClientId, row: &ParsedRow) -> Result<Vec<ContactId>> {
        let mut added = Vec::new();
        for (_, contact) in &row.contacts {
            added.extend(self.tx.clients_mut().add_contact(id, contact, self.now).await?);
        }
        if !added.is_empty() {
            let client = self.tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
            self.tx.clients_mut().refresh_search(&client).await?;
        }
        Ok(added)
    }

    /// Records what undoing the import would have to restore.
    async fn note(
        &mut self,
        row: i64,
        id: ClientId,
        before: Option<Value>,
        contacts: &[ContactId],
    ) -> Result<()> {
        if !self.import.options.all_or_nothing {
            return Ok(());
        }
        let contacts = serde_json::to_string(contacts).map_err(AppError::internal)?;
        let step = ImportStep::new(row, id, before.map(|before| before.to_string()), contacts);
        self.tx.imports_mut().add_step(self.import.id, &step).await
    }
}
