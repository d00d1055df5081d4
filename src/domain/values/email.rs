//! E-mail addresses, compared without regard to case.

use std::fmt;

use crate::domain::{Problem, values::problem};

/// An e-mail address in lower case: one `@`, something before it, a dotted name after it (RFC 5321 lengths).
///
/// Whether it exists only a sent e-mail can tell, so the check is for slips rather than for grammar.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Parses what a person typed.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = problem::required_text(text, 254)?.to_lowercase();
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

    /// The address.
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
    fn slips_are_caught_and_case_is_folded() {
        assert_eq!(Email::parse(" Aziza@Example.UZ ").unwrap().as_str(), "aziza@example.uz");
        for bad in
            ["aziza", "aziza@", "@example.uz", "a b@example.uz", "a@example", "a@.uz", "a@x..uz", "a@b@"]
        {
            assert_eq!(Email::parse(bad), Err(Problem::NotAnEmail), "{bad}");
        }
    }
}
