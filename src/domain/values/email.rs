//! E-mail addresses, which are compared case-insensitively.

use std::fmt;

use crate::domain::{
    Problem,
    values::{invisible::without_invisible, problem},
};

/// An e-mail address in lower case: one `@` with a local part before it and a dotted domain after
/// it (lengths by RFC 5321).
///
/// The check catches typing errors and does not cover the full grammar; only a sent message proves
/// that an address exists.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Parses an address from a form.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = without_invisible(text);
        let address = text.trim();
        // A copied link to an address.
        let link = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        let address = link.map_or(address, |_| address[7..].split('?').next().unwrap_or_default());
        let text = problem::required_text(address, 254)?.to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(Problem::NotAnEmail)?;
        let label = |l: &str| {
            !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-') && !l.starts_with('-')
        };
        let fine = !local.is_empty()
            && local.len() <= 64
            && !local
                .contains(|c: char| c == '@' || c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
            && domain.contains('.')
            && domain.split('.').all(label);
        if fine { Ok(Self(text)) } else { Err(Problem::NotAnEmail) }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_validated_and_lower_cased() {
        assert_eq!(Email::parse(" Aziza@Example.UZ ").unwrap().as_str(), "aziza@example.uz");
        for text in [
            "mailto:aziza@example.uz",
            "MAILTO:aziza@example.uz?subject=a",
            "\u{200b}aziza@example.uz\u{2060}",
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), "aziza@example.uz", "{text}");
        }
        for bad in
            ["aziza", "aziza@", "@example.uz", "a b@example.uz", "a@example", "a@.uz", "a@x..uz", "a@b@"]
        {
            assert_eq!(Email::parse(bad), Err(Problem::NotAnEmail), "{bad}");
        }
    }
}
