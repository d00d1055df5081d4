//! Contacts of a client: value objects of the client aggregate.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{
    ContactId, Country, Email, PhoneNumber, Problem, is_whatsapp_user_id, other_whatsapp_form,
    values::{invisible::without_invisible, problem},
};

/// The type of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum ContactType {
    /// An e-mail address.
    Email,
    /// A phone number for calls and SMS.
    Phone,
    /// A Telegram username or id.
    Telegram,
    /// A WhatsApp number, or an opaque WhatsApp address.
    Whatsapp,
    /// Any other type.
    Other,
}

impl ContactType {
    /// All types, in the order in which forms offer them.
    pub const ALL: [Self; 5] = [Self::Phone, Self::Email, Self::Telegram, Self::Whatsapp, Self::Other];

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The type and value of a contact. Values are normalised by type: phone numbers are E.164, e-mail
/// addresses lower case, usernames without `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactValue {
    kind: ContactType,
    value: String,
}

impl ContactValue {
    /// Parses a value from a form; `country` is the tenant's.
    pub fn parse(kind: ContactType, text: &str, country: Country) -> Result<Self, Problem> {
        let text = problem::required_text(text, 255)?;
        let value = match kind {
            ContactType::Whatsapp if is_whatsapp_user_id(&text) => text,
            ContactType::Phone | ContactType::Whatsapp => PhoneNumber::parse(&text, country)?.to_string(),
            ContactType::Email => Email::parse(&text)?.to_string(),
            // Usernames are case-insensitive.
            ContactType::Telegram => telegram(without_invisible(&text).trim())?.to_ascii_lowercase(),
            ContactType::Other => text,
        };
        Ok(Self { kind, value })
    }

    /// Accepts the address of a sender as the provider writes it. Providers also use short codes,
    /// alphanumeric names and opaque ids, so that only over-long values are rejected.
    pub fn from_provider(kind: ContactType, address: &str) -> Result<Self, Problem> {
        Ok(Self { kind, value: problem::required_text(address, 255)? })
    }

    /// The type.
    pub fn kind(&self) -> ContactType {
        self.kind
    }

    /// The normalised value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The value in the other form of a number that WhatsApp writes in two; `None` for all other values.
    pub fn other_form(&self) -> Option<String> {
        match self.kind {
            ContactType::Phone | ContactType::Whatsapp => other_whatsapp_form(&self.value),
            ContactType::Email | ContactType::Telegram | ContactType::Other => None,
        }
    }
}

/// The hosts of links to a chat of Telegram.
const TELEGRAM_HOSTS: [&str; 3] = ["t.me/", "telegram.me/", "telegram.dog/"];

/// The username in a text with a leading `@` or in a link to a chat of Telegram, whatever follows in the link; `None`
/// for another text.
pub(in crate::domain) fn username(text: &str) -> Option<&str> {
    let after = |text: &str, prefix: &str| {
        let start = text.get(..prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then_some(prefix.len())
    };
    if let Some(rest) = text.strip_prefix('@') {
        return (!rest.is_empty()).then_some(rest);
    }
    if let Some(length) = after(text, "tg:") {
        let query = text[length..].trim_start_matches('/').split_once('?')?;
        let mut fields = query.1.split(['&', '#']);
        return (query.0.eq_ignore_ascii_case("resolve"))
            .then(|| fields.find_map(|f| f.strip_prefix("domain=")))?;
    }
    let link = ["https://", "http://"].into_iter().find_map(|scheme| after(text, scheme)).unwrap_or(0);
    let link = &text[link..];
    let link = after(link, "www.").map_or(link, |length| &link[length..]);
    let length = TELEGRAM_HOSTS.into_iter().find_map(|host| after(link, host))?;
    // t.me/s/name is the preview of name.
    let path = link[length..].strip_prefix("s/").unwrap_or(&link[length..]);
    let name = path.split(['/', '?', '#']).next().unwrap_or_default();
    Some(name.strip_prefix('@').unwrap_or(name))
}

/// Parses a Telegram username or account id, also with a leading `@` or as a link.
fn telegram(text: &str) -> Result<&str, Problem> {
    let name = if text == "@" { "" } else { username(text).unwrap_or(text) };
    match name.len() {
        0 => Err(Problem::Required),
        1.. if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => Err(Problem::BadCharacters),
        1..=3 => Err(Problem::TooShort { min: 4 }),
        4..=32 => Ok(name),
        33.. => Err(Problem::TooLong { max: 32 }),
    }
}

/// A stored contact of a client.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The contact's id.
    pub id: ContactId,
    /// The type; `Other` where the database holds a type that this version does not know.
    pub kind: ContactType,
    /// The value, normalised by type.
    pub value: String,
    /// The time when it was added.
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_normalised_by_type() {
        let parse = |kind, text| ContactValue::parse(kind, text, Country::UZ).map(|c| c.value);
        assert_eq!(parse(ContactType::Phone, "90 123 45 67"), Ok("+998901234567".into()));
        assert_eq!(parse(ContactType::Email, "A@B.uz"), Ok("a@b.uz".into()));
        assert_eq!(parse(ContactType::Telegram, "@aziza_k"), Ok("aziza_k".into()));
        assert_eq!(parse(ContactType::Telegram, "https://t.me/aziza_k/"), Ok("aziza_k".into()));
        for link in [
            "t.me/aziza_k?text=hi",
            "T.ME/Aziza_K",
            "https://t.me/aziza_k/12",
            "https://www.t.me/@aziza_k",
            "http://telegram.me/s/aziza_k#x",
            "tg://resolve?domain=aziza_k&text=hi",
            "\u{200b}@aziza_k\u{2060}",
        ] {
            assert_eq!(parse(ContactType::Telegram, link), Ok("aziza_k".into()), "{link}");
        }
        assert_eq!(parse(ContactType::Telegram, "https://t.me/+AbCdEf12"), Err(Problem::BadCharacters));
        assert_eq!(parse(ContactType::Telegram, "tg://join?invite=abcdef"), Err(Problem::BadCharacters));
        assert_eq!(parse(ContactType::Telegram, "@"), Err(Problem::Required));
        assert_eq!(parse(ContactType::Telegram, "abc"), Err(Problem::TooShort { min: 4 }));
        assert_eq!(parse(ContactType::Telegram, "aziza karimova"), Err(Problem::BadCharacters));
        assert_eq!(
            parse(ContactType::Telegram, "a23456789012345678901234567890123"),
            Err(Problem::TooLong { max: 32 })
        );
        assert_eq!(parse(ContactType::Phone, "tomorrow"), Err(Problem::NotAPhone(Country::UZ)));
        assert_eq!(parse(ContactType::Whatsapp, "90 123 45 67"), Ok("+998901234567".into()));
        assert_eq!(
            parse(ContactType::Whatsapp, " UZ.13491208655302741918 "),
            Ok("UZ.13491208655302741918".into())
        );
        assert_eq!(
            parse(ContactType::Phone, "UZ.13491208655302741918"),
            Err(Problem::NotAPhone(Country::UZ))
        );
    }
}
