//! Merging two clients that are the same person, and undoing a merge.

use chrono::{DateTime, TimeDelta, Utc};
use strum::{EnumString, VariantNames};

use crate::domain::{ClientField, ClientFields, ClientId, MergeId, Problem, UserId};

/// The time during which a merge can be undone.
pub const MERGE_UNDO_PERIOD: TimeDelta = TimeDelta::days(30);

/// The client whose value of a field is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, VariantNames)]
#[strum(parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum MergeSide {
    /// The client that continues to exist.
    #[strum(serialize = "kept")]
    Survivor,
    /// The client that is removed.
    #[strum(serialize = "lost")]
    Merged,
}

impl MergeSide {
    /// The default choice: the survivor's value, or the merged client's where the survivor has
    /// none.
    pub fn by_default(field: ClientField, survivor: &ClientFields, merged: &ClientFields) -> Self {
        if survivor.get(field).is_none() && merged.get(field).is_some() {
            Self::Merged
        } else {
            Self::Survivor
        }
    }
}

/// A merge that can still be undone.
#[derive(Debug, Clone)]
pub struct Merge {
    /// The merge's id.
    pub id: MergeId,
    /// The client that continues to exist.
    pub survivor: ClientId,
    /// Its current full name.
    pub survivor_name: String,
    /// The client that was removed.
    pub merged: ClientId,
    /// The full name that it had.
    pub merged_name: String,
    /// The user who merged them.
    pub merged_by: Option<UserId>,
    /// That user's name.
    pub merged_by_name: Option<String>,
    /// A later merge into which the survivor was merged, and which has to be undone first.
    pub superseded_by: Option<MergeId>,
    /// The time of the merge.
    pub merged_at: DateTime<Utc>,
}

impl Merge {
    /// The time until which it can be undone.
    pub fn undo_deadline(&self) -> DateTime<Utc> {
        self.merged_at + MERGE_UNDO_PERIOD
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Client, Country, Email, Passport, PhoneNumber, Pin};

    #[test]
    fn a_copied_field_changes_no_other() {
        let at = DateTime::UNIX_EPOCH;
        let mut full = Client::builder("Aziza")
            .phone(PhoneNumber::parse_international("+998901234567").unwrap())
            .email(Email::parse("a@b.uz").unwrap())
            .with(ClientField::DateOfBirth, at.date_naive())
            .passport(Passport::stored(Some("AA".into()), Some("1".into())).unwrap())
            .pin(Pin::parse("31234567890123", Country::UZ).unwrap());
        for field in
            [ClientField::LastName, ClientField::MiddleName, ClientField::Address, ClientField::Comments]
        {
            full = full.with(field, field.name());
        }
        let full = full.build().unwrap();
        let bare = Client::builder("Bobur").build().unwrap();
        for field in ClientField::values() {
            let client = Client::stored(ClientId(1), bare.clone(), Vec::new(), at, at);
            let taken = client.with_copied(field, &full);
            for other in ClientField::values() {
                let from = if other == field { &full } else { &bare };
                assert!(taken.data().is_same(other, from), "{field:?} {other:?}");
            }
        }
    }

    #[test]
    fn defaults_fill_empty_fields_of_the_survivor() {
        let with = Client::builder("Aziza").last_name("Karimova").build().unwrap();
        let without = Client::builder("Azi").build().unwrap();
        let side = |survivor, merged| MergeSide::by_default(ClientField::LastName, survivor, merged);
        assert_eq!(side(&without, &with), MergeSide::Merged);
        assert_eq!(side(&with, &without), MergeSide::Survivor);
        assert_eq!(side(&with, &with), MergeSide::Survivor);
        assert_eq!(MergeSide::by_default(ClientField::FirstName, &without, &with), MergeSide::Survivor);
    }
}
