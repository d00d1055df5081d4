//! Checking a row: it is a new client, an existing one, or invalid.

use std::collections::HashMap;

use crate::{
    domain::{
        ClientField, ClientId, ContactType,
        table::{CellError, CellErrorKind, ClientColumn, ParsedRow},
    },
    error::Result,
    persistence::Snapshot,
};

/// The result of checking a row.
pub(super) struct RowCheck {
    /// The existing client with the row's values.
    pub(super) owner: Option<ClientId>,
    /// The errors of the row, which include being a duplicate.
    pub(super) errors: Vec<CellError>,
}

impl RowCheck {
    /// True if the row cannot be stored.
    pub(super) fn is_bad(&self) -> bool {
        self.errors.iter().any(|cell| !cell.is_duplicate())
    }
}

/// Finds the clients of the tenant that have the row's unique values.
pub(super) async fn check_row(tx: &mut Snapshot, row: &ParsedRow) -> Result<RowCheck> {
    let mut errors = Vec::new();
    let by_phone = match row.patch.phone() {
        Some(phone) => tx.clients().find_by_phone(phone).await?,
        None => None,
    };
    let by_pin = match row.patch.pin() {
        Some(pin) => tx.clients().find_by_pin(&pin).await?,
        None => None,
    };
    let owner = by_phone.or(by_pin);
    match (by_phone, by_pin) {
        (Some(one), Some(other)) if one != other => {
            errors.push(CellError { column: None, kind: CellErrorKind::TwoClients(one, other) });
        }
        (Some(one), _) => errors.push(CellError::new(ClientField::Phone, CellErrorKind::Taken(one))),
        (None, Some(one)) => errors.push(CellError::new(ClientField::Pin, CellErrorKind::Taken(one))),
        (None, None) => {}
    }
    for (column, contact) in &row.contacts {
        let other = match contact.kind() {
            ContactType::Other => tx.clients().find_contact(contact).await?.map(|(client, _)| client),
            _ => tx.clients().find_by_address(contact).await?,
        };
        if let Some(other) = other.filter(|other| Some(*other) != owner) {
            errors.push(CellError::new(*column, CellErrorKind::Taken(other)));
        }
    }
    if owner.is_none() && row.patch.clone().create().is_err() {
        errors.push(CellError::new(ClientField::FirstName, CellErrorKind::Required));
    }
    Ok(RowCheck { owner, errors })
}

/// The unique values of the rows checked so far, with the number of the first row of each.
#[derive(Default)]
pub(super) struct SeenValues(HashMap<String, u64>);

impl SeenValues {
    /// Reports values that earlier rows of the table have, too. Values of rejected rows are free
    /// for later rows.
    pub(super) fn repeats(&mut self, number: i64, row: &ParsedRow, checked: &mut RowCheck) {
        let number = u64::try_from(number).unwrap_or(0);
        let mut own = Vec::new();
        if let Some(phone) = row.patch.phone() {
            own.push((ClientColumn::from(ClientField::Phone), format!("phone {phone}")));
        }
        if let Some(pin) = row.patch.pin() {
            own.push((ClientField::Pin.into(), format!("pin {} {}", pin.country().code(), pin.value())));
        }
        for (column, contact) in &row.contacts {
            // The same number is used for calls, SMS and WhatsApp.
            let kind =
                if contact.kind() == ContactType::Whatsapp { ContactType::Phone } else { contact.kind() };
            own.push((*column, format!("{} {}", kind.as_str(), contact.value())));
        }
        let found = own.iter().filter_map(|(column, value)| {
            let earlier = self.0.get(value)?;
            Some(CellError::new(*column, CellErrorKind::Repeats(*earlier)))
        });
        let found: Vec<_> = found.collect();
        // A later row of the same client may repeat its contacts.
        let same = checked.owner.is_some() || found.iter().any(CellError::is_duplicate);
        if same {
            checked.errors.retain(|cell| cell.kind != CellErrorKind::Required);
        }
        checked.errors.extend(found.into_iter().filter(|cell| !same || cell.is_duplicate()));
        if !checked.is_bad() {
            for (_, value) in own {
                self.0.entry(value).or_insert(number);
            }
        }
    }
}
