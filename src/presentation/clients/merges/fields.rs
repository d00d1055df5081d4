//! The fields of two clients side by side.

use crate::{
    domain::{Client, Gender, MergeField, MergeSide, NewClient, Passport},
    presentation::{http::form::Form, ui::layout::Layout},
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
    let row = |field: &MergeField| {
        let by_default = MergeSide::by_default(*field, kept, lost);
        let chosen = form.value(field.as_str()).parse().unwrap_or(by_default);
        Row {
            field: field.as_str(),
            kept: shown(*field, kept, layout),
            lost: shown(*field, lost, layout),
            same: field.is_same(kept, lost),
            takes_lost: chosen == MergeSide::Merged,
        }
    };
    MergeField::ALL.iter().map(row).filter(|row| row.kept.is_some() || row.lost.is_some()).collect()
}

/// The value of a field in the form shown on pages.
fn shown(field: MergeField, of: &NewClient, layout: &Layout) -> Option<String> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    match field {
        MergeField::FirstName => Some(of.first_name().to_owned()),
        MergeField::LastName => owned(of.last_name()),
        MergeField::MiddleName => owned(of.middle_name()),
        MergeField::Phone => of.phone().map(crate::domain::PhoneNumber::format_international),
        MergeField::Email => of.email().map(ToString::to_string),
        MergeField::Address => owned(of.address()),
        MergeField::DateOfBirth => of.date_of_birth().map(|date| layout.calendar_day(date).into_owned()),
        MergeField::Gender => of
            .gender()
            .map(Gender::as_str)
            .map(|gender| layout.t.get(format!("gender-{gender}")).into_owned()),
        MergeField::Passport => of.passport().map(|passport| {
            let parts = [Passport::series(passport), Some(passport.number())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }),
        MergeField::Pin => of.pin().map(|pin| format!("{} ({})", pin.value(), pin.country().code())),
        MergeField::Comments => owned(of.comments()),
    }
}
