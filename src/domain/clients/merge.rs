//! Two clients that are one person: what stays of each, and what it takes to part them again.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{Client, ClientId, MergeId, NewClient, Problem, UserId};

/// How long a merge can be undone.
pub const MERGE_UNDO_PERIOD: TimeDelta = TimeDelta::days(30);

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $get:ident / $with:ident;)*) => {
        /// What is chosen between two clients. What only means something together is chosen together.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum MergeField {
            /// The given name.
            FirstName,
            $($(#[$doc])* $name),*
        }

        impl MergeField {
            /// All of them, in the order of a form.
            pub const ALL: &[Self] = &[Self::FirstName, $(Self::$name),*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { Self::FirstName => "first_name", $(Self::$name => $text),* }
            }

            /// Whether the field has a value.
            pub fn is_set(self, in_client: &NewClient) -> bool {
                match self { Self::FirstName => true, $(Self::$name => in_client.$get().is_some()),* }
            }

            /// Whether both have the same.
            pub fn is_same(self, one: &NewClient, other: &NewClient) -> bool {
                match self {
                    Self::FirstName => one.first_name() == other.first_name(),
                    $(Self::$name => one.$get() == other.$get()),*
                }
            }

            /// The client with this field as the other has it.
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
    /// The family name.
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
    /// Notes that staff keep.
    Comments = "comments", comments / with_comments;
}

/// Whose value of a field stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeSide {
    /// That of the survivor.
    Survivor,
    /// That of the one that goes.
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
    /// What stays when nobody chooses: the survivor's value, or the only one that there is.
    pub fn by_default(field: MergeField, survivor: &NewClient, merged: &NewClient) -> Self {
        if !field.is_set(survivor) && field.is_set(merged) { Self::Merged } else { Self::Survivor }
    }
}

/// A merge that can still be undone.
#[derive(Debug, Clone)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// The client that goes on.
    pub survivor: ClientId,
    /// Its name as it is now.
    pub survivor_name: String,
    /// The client that went.
    pub merged: ClientId,
    /// The name that it had.
    pub merged_name: String,
    /// Who merged them.
    pub merged_by: Option<UserId>,
    /// That user's name.
    pub merged_by_name: Option<String>,
    /// A later merge that took in the survivor and has to be undone first.
    pub superseded_by: Option<MergeId>,
    /// When.
    pub merged_at: DateTime<Utc>,
}

impl Merge {
    /// Until when it can be undone.
    pub fn undo_deadline(&self) -> DateTime<Utc> {
        self.merged_at + MERGE_UNDO_PERIOD
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Email, PhoneNumber};

    #[test]
    fn each_field_is_taken_from_the_other_and_nothing_else() {
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
    fn by_default_nothing_is_lost_that_the_kept_one_lacks() {
        let with = Client::builder("Aziza").last_name("Karimova").build().unwrap();
        let without = Client::builder("Azi").build().unwrap();
        let side = |survivor, merged| MergeSide::by_default(MergeField::LastName, survivor, merged);
        assert_eq!(side(&without, &with), MergeSide::Merged);
        assert_eq!(side(&with, &without), MergeSide::Survivor);
        assert_eq!(side(&with, &with), MergeSide::Survivor);
        assert_eq!(MergeSide::by_default(MergeField::FirstName, &without, &with), MergeSide::Survivor);
    }
}
