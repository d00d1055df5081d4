//! The fields of two clients side by side.

use crate::{
    domain::{Client, ClientField, ClientFields, MergeSide},
    presentation::{clients::fields::display, http::form::Form, ui::layout::Layout},
};

/// A field of both clients.
pub struct Row {
    /// The field's name.
    pub field: &'static str,
    /// The survivor's value.
    pub kept: Option<String>,
    /// The merged client's value.
    pub lost: Option<String>,
    /// True if both values are the same, so that there is nothing to choose.
    pub same: bool,
    /// True if the merged client's value is selected.
    pub takes_lost: bool,
}

/// The fields that at least one of the clients has, with the choices of a rejected form or the
/// default ones.
pub fn rows(kept: &Client, lost: &Client, form: &Form, layout: &Layout) -> Vec<Row> {
    let (kept, lost) = (kept.data(), lost.data());
    let row = |field: ClientField| {
        let by_default = MergeSide::by_default(field, kept, lost);
        let chosen = form.value(field.name()).parse().unwrap_or(by_default);
        Row {
            field: field.name(),
            kept: shown(field, kept, layout),
            lost: shown(field, lost, layout),
            same: kept.is_same(field, lost),
            takes_lost: chosen == MergeSide::Merged,
        }
    };
    ClientField::values().map(row).filter(|row| row.kept.is_some() || row.lost.is_some()).collect()
}

/// The value of a field in the form shown on pages.
fn shown(field: ClientField, of: &ClientFields, layout: &Layout) -> Option<String> {
    match field {
        ClientField::PassportNumber => of.passport().map(|passport| {
            let parts = [passport.series(), Some(passport.number())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }),
        ClientField::Pin => of.pin().map(|pin| format!("{} ({})", pin.value(), pin.country().code())),
        field => of.get(field).map(|value| display(field, value, layout)),
    }
}
