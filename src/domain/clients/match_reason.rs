//! Duplicate detection: keys that are equal for clients who may be the same person.

use std::collections::BTreeSet;

use crate::domain::{Client, ContactType, PhoneNumber, fold};

/// A property that two clients share. Stronger reasons have greater numbers, so that their sums
/// sort by strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchReason {
    /// The same names, in any order and script.
    Name = 1,
    /// The same date of birth and a similar sounding name.
    Birthday = 2,
    /// The same e-mail address.
    Email = 4,
    /// The same Telegram username.
    Telegram = 8,
    /// The same passport.
    Passport = 16,
    /// The same phone number, for calls, SMS or WhatsApp.
    Phone = 32,
}

impl MatchReason {
    /// All reasons, the strongest first.
    pub const ALL: [Self; 6] =
        [Self::Phone, Self::Passport, Self::Telegram, Self::Email, Self::Birthday, Self::Name];

    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Birthday => "birthday",
            Self::Email => "email",
            Self::Telegram => "telegram",
            Self::Passport => "passport",
            Self::Phone => "phone",
        }
    }

    /// The reason's bit in a sum.
    pub fn bit(self) -> i64 {
        self as i64
    }

    /// The reasons that a sum consists of, the strongest first.
    pub fn from_bits(sum: i64) -> Vec<Self> {
        Self::ALL.into_iter().filter(|likeness| sum & likeness.bit() != 0).collect()
    }
}

/// Returns a client's keys. Two clients with a key in common may be the same person.
pub fn match_keys(client: &Client) -> BTreeSet<(MatchReason, String)> {
    let data = client.data();
    let mut keys = BTreeSet::new();
    let name = fold(&data.full_name());
    let words: BTreeSet<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    // A first name alone is too common.
    if words.len() > 1 {
        keys.insert((MatchReason::Name, words.iter().copied().collect::<Vec<_>>().join(" ")));
    }
    if let Some(date) = data.date_of_birth() {
        keys.extend(words.iter().map(|word| (MatchReason::Birthday, format!("{date} {}", sound(word)))));
    }
    if let Some(passport) = data.passport() {
        let text = format!("{}{}", passport.series().unwrap_or_default(), passport.number());
        keys.insert((MatchReason::Passport, fold(&text)));
    }
    keys.extend(data.phone().map(|phone| (MatchReason::Phone, phone.as_str().to_owned())));
    keys.extend(data.email().map(|email| (MatchReason::Email, email.as_str().to_owned())));
    for contact in &client.contacts {
        let value = contact.value.clone();
        match contact.kind {
            ContactType::Phone | ContactType::Whatsapp => {
                // Opaque WhatsApp addresses are not phone numbers, and short codes do not belong to
                // a person.
                if PhoneNumber::parse_international(&value).is_ok() {
                    keys.insert((MatchReason::Phone, value));
                }
            }
            ContactType::Email => drop(keys.insert((MatchReason::Email, value))),
            ContactType::Telegram => drop(keys.insert((MatchReason::Telegram, value.to_lowercase()))),
            ContactType::Other => {}
        }
    }
    keys
}

/// Returns a rough phonetic form of a folded word: its first letter and its consonants, with
/// commonly confused ones unified.
fn sound(word: &str) -> String {
    let mut sound = String::new();
    for (index, c) in word.chars().enumerate() {
        let c = match c {
            'q' => 'k',
            'h' => 'x',
            'w' | 'f' => 'v',
            'c' => 's',
            'j' => 'z',
            other => other,
        };
        let vowel = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        if index == 0 || (!vowel && !sound.ends_with(c)) {
            sound.push(c);
        }
    }
    sound
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};

    use super::*;
    use crate::domain::{ClientField, ClientFields, ClientId, Contact, ContactId, Email, Passport};

    fn stored(new: ClientFields, contacts: &[(ContactType, &str)]) -> Client {
        let at = DateTime::UNIX_EPOCH;
        let contact = |(kind, value): &(ContactType, &str)| Contact {
            id: ContactId(1),
            kind: *kind,
            value: (*value).to_owned(),
            created_at: at,
            updated_at: at,
        };
        Client::stored(ClientId(1), new, contacts.iter().map(contact).collect(), at, at)
    }

    fn named(first: &str, last: &str) -> ClientFields {
        Client::builder(first).last_name(last).build().unwrap()
    }

    fn shared(one: &Client, other: &Client) -> Vec<MatchReason> {
        let (one, other) = (match_keys(one), match_keys(other));
        MatchReason::from_bits(one.intersection(&other).fold(0, |sum, (likeness, _)| sum | likeness.bit()))
    }

    #[test]
    fn name_keys_ignore_order_and_script() {
        let latin = stored(named("Aziza", "Karimova"), &[]);
        for (first, last, alike) in [
            ("Каримова", "Азиза", true),
            ("AZIZA", "karimova", true),
            ("Aziza", "Karimov", false),
            ("Oʻtkir", "Karimova", false),
        ] {
            let other = stored(named(first, last), &[]);
            assert_eq!(shared(&latin, &other) == [MatchReason::Name], alike, "{first} {last}");
        }
        let only = stored(Client::builder("Aziza").build().unwrap(), &[]);
        assert_eq!(match_keys(&only).len(), 0, "one name alone says nothing");
        let number = stored(Client::builder("+998 90 123 45 67").build().unwrap(), &[]);
        assert_eq!(match_keys(&number).len(), 0, "a number in place of a name is none");
    }

    #[test]
    fn birthday_key_includes_the_sound_of_the_name() {
        let born = |first: &str, date: &str| {
            let date: NaiveDate = date.parse().unwrap();
            stored(Client::builder(first).with(ClientField::DateOfBirth, date).build().unwrap(), &[])
        };
        let aziza = born("Aziza", "1990-05-17");
        assert_eq!(shared(&aziza, &born("Азизаа", "1990-05-17")), [MatchReason::Birthday]);
        assert_eq!(shared(&aziza, &born("Azizza", "1990-05-17")), [MatchReason::Birthday]);
        assert_eq!(shared(&aziza, &born("Aziza", "1990-05-18")), []);
        assert_eq!(shared(&aziza, &born("Bobur", "1990-05-17")), []);
    }

    #[test]
    fn contact_keys_ignore_where_the_value_is_stored() {
        let phone = PhoneNumber::parse_international("+998901234567").unwrap();
        let email = Email::parse("A@b.uz").unwrap();
        let own = stored(Client::builder("A").phone(phone).email(email).build().unwrap(), &[]);
        let contact = |kind, value| stored(Client::builder("B").build().unwrap(), &[(kind, value)]);
        assert_eq!(shared(&own, &contact(ContactType::Whatsapp, "+998901234567")), [MatchReason::Phone]);
        assert_eq!(shared(&own, &contact(ContactType::Email, "a@b.uz")), [MatchReason::Email]);
        assert_eq!(shared(&own, &contact(ContactType::Other, "+998901234567")), []);
        let telegram = contact(ContactType::Telegram, "Aziza_K");
        assert_eq!(shared(&telegram, &contact(ContactType::Telegram, "aziza_k")), [MatchReason::Telegram]);
        assert_eq!(match_keys(&contact(ContactType::Whatsapp, "UZ.4411")).len(), 0);
    }

    #[test]
    fn stronger_reasons_sort_first() {
        let passport = Passport::stored(Some("AA".into()), Some("1234567".into())).unwrap();
        let one =
            stored(Client::builder("Aziza").last_name("Karimova").passport(passport).build().unwrap(), &[]);
        assert_eq!(shared(&one, &one.clone()), [MatchReason::Passport, MatchReason::Name]);
        let weaker: i64 = MatchReason::ALL[1..].iter().map(|likeness| likeness.bit()).sum();
        assert!(MatchReason::Phone.bit() > weaker);
    }
}
