//! Merging two clients that are the same person, and undoing a merge.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{Client, ClientId, MergeId, NewClient, Problem, UserId};

/// The time during which a merge can be undone.
pub const MERGE_UNDO_PERIOD: TimeDelta = TimeDelta::days(30);

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $get:ident / $with:ident;)*) => {
        /// A field to choose between two clients. Values that belong together, such as a passport's
        /// series and number, are one field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum MergeField {
            /// The first name.
            FirstName,
            $($(#[$doc])* $name),*
        }

        impl MergeField {
            /// All fields, in the order of the form.
            pub const ALL: &[Self] = &[Self::FirstName, $(Self::$name),*];

            /// The name in JSON.
            pub fn as_str(self) -> &'static str {
                match self { Self::FirstName => "first_name", $(Self::$name => $text),* }
            }

            /// True if the client has a value in this field.
            pub fn is_set(self, in_client: &NewClient) -> bool {
                match self { Self::FirstName => true, $(Self::$name => in_client.$get().is_some()),* }
            }

            /// True if both clients have the same value.
            pub fn is_same(self, one: &NewClient, other: &NewClient) -> bool {
                match self {
                    Self::FirstName => one.first_name() == other.first_name(),
                    $(Self::$name => one.$get() == other.$get()),*
                }
            }

            /// Returns `client` with the value that `other` has in this field.
            #[must_use]
            pub fn copied_from(self, other: &NewClient, client: Client) -> Client {
                match self {
                    Self::FirstName => client.with_first_name(other.first_name().to_owned()),
                    $(Self::$name => client.$with(other.$get().map(|value| value.to_owned()))),*
                }
            }
        }
    };
}

fields! {
    /// The last name.
    LastName = "last_name", last_name / with_last_name;
    /// The middle name or patronymic.
    MiddleName = "middle_name", middle_name / with_middle_name;
    /// The phone.
    Phone = "phone", phone / with_phone;
    /// The e-mail address.
    Email = "email", email / with_email;
    /// The postal address.
    Address = "address", address / with_address;
    /// The date of birth.
    DateOfBirth = "date_of_birth", date_of_birth / with_date_of_birth;
    /// The gender.
    Gender = "gender", gender / with_gender;
    /// The passport's series and number.
    Passport = "passport_number", passport / with_passport;
    /// The personal identification number and its country.
    Pin = "pin", pin / with_pin;
    /// Notes about the client.
    Comments = "comments", comments / with_comments;
}

/// The client whose value of a field is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeSide {
    /// The client that continues to exist.
    Survivor,
    /// The client that is removed.
    Merged,
}

impl FromStr for MergeSide {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text {
            "kept" => Ok(Self::Survivor),
            "lost" => Ok(Self::Merged),
            _ => Err(Problem::NotOneOf("kept, lost")),
        }
    }
}

impl MergeSide {
    /// The default choice: the survivor's value, or the merged client's where the survivor has
    /// none.
    pub fn by_default(field: MergeField, survivor: &NewClient, merged: &NewClient) -> Self {
        if !field.is_set(survivor) && field.is_set(merged) { Self::Merged } else { Self::Survivor }
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
    use crate::domain::{Email, PhoneNumber};

    #[test]
    fn copied_from_changes_only_its_field() {
        let at = DateTime::UNIX_EPOCH;
        let full = Client::builder("Aziza")
            .last_name("Karimova")
            .middle_name("Bahodirovna")
            .phone(PhoneNumber::parse_e164("+998901234567").unwrap())
            .email(Email::parse("a@b.uz").unwrap())
            .address("Samarkand")
            .comments("VIP")
            .build()
            .unwrap();
        let bare = Client::builder("Bobur").build().unwrap();
        for field in MergeField::ALL {
            let client = Client::stored(ClientId(1), bare.clone(), Vec::new(), at, at);
            let taken = field.copied_from(&full, client);
            for other in MergeField::ALL {
                let from = if other == field { &full } else { &bare };
                assert!(other.is_same(taken.data(), from), "{field:?} {other:?}");
            }
        }
    }

    #[test]
    fn defaults_fill_empty_fields_of_the_survivor() {
        let with = Client::builder("Aziza").last_name("Karimova").build().unwrap();
        let without = Client::builder("Azi").build().unwrap();
        let side = |survivor, merged| MergeSide::by_default(MergeField::LastName, survivor, merged);
        assert_eq!(side(&without, &with), MergeSide::Merged);
        assert_eq!(side(&with, &without), MergeSide::Survivor);
        assert_eq!(side(&with, &with), MergeSide::Survivor);
        assert_eq!(MergeSide::by_default(MergeField::FirstName, &without, &with), MergeSide::Survivor);
    }
}
