//! The second factor of a sign-in: the rule of a workspace, and codes as people type them.

use crate::domain::{Problem, UserRole};

/// The number of digits of a code of an authenticator app.
const DIGITS: usize = 6;
/// The length of a recovery code: 80 bits in base 32, without the hyphens between groups of four.
const RECOVERY_LENGTH: usize = 16;

/// The users of a workspace who need a second factor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TwoFactorRule {
    /// Nobody; everyone may have one.
    #[default]
    Optional,
    /// Everyone.
    Everyone,
    /// The users with these roles, by [`UserRole::reference`].
    Roles(Vec<String>),
}

impl TwoFactorRule {
    /// Reads references of roles; `*` is everyone.
    ///
    /// # Errors
    /// [`Problem::NotAChoice`] for a role that is not one of `known`.
    pub fn parse(roles: &[&str], known: &[String]) -> Result<Self, Problem> {
        if roles.contains(&"*") {
            return Ok(Self::Everyone);
        }
        if roles.iter().any(|role| !known.iter().any(|known| known == role)) {
            return Err(Problem::NotAChoice(known.join(", ")));
        }
        Ok(Self::from_stored(Some(&roles.join(" "))))
    }

    /// Reads the stored text.
    pub fn from_stored(text: Option<&str>) -> Self {
        let roles: Vec<_> = text.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        match roles.as_slice() {
            [] => Self::Optional,
            [all] if all == "*" => Self::Everyone,
            _ => Self::Roles(roles),
        }
    }

    /// The stored text.
    pub fn to_stored(&self) -> Option<String> {
        match self {
            Self::Optional => None,
            Self::Everyone => Some("*".to_owned()),
            Self::Roles(roles) => Some(roles.join(" ")),
        }
    }

    /// The references of the roles, or `*`.
    pub fn roles(&self) -> Vec<String> {
        self.to_stored().unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }

    /// True if users with this role need a second factor.
    pub fn applies_to(&self, role: &UserRole) -> bool {
        match self {
            Self::Optional => false,
            Self::Everyone => true,
            Self::Roles(roles) => roles.contains(&role.reference()),
        }
    }
}

/// A code that proves the second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactorCode {
    /// Six digits of an authenticator app.
    App(String),
    /// A recovery code, in capital letters and without hyphens.
    Recovery(String),
}

impl FactorCode {
    /// Reads a code as people type it: with blanks and hyphens, and letters of either case.
    pub fn parse(text: &str) -> Option<Self> {
        let kept: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .take(RECOVERY_LENGTH + 1)
            .flat_map(char::to_uppercase)
            .collect();
        if kept.len() == DIGITS && kept.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::App(kept));
        }
        let is_recovery =
            kept.len() == RECOVERY_LENGTH && kept.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_recovery.then_some(Self::Recovery(kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Role;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(FactorCode::parse(" 123 456 "), Some(FactorCode::App("123456".into())));
        let recovery = Some(FactorCode::Recovery("ABCD2345EFGH6722".into()));
        assert_eq!(FactorCode::parse("abcd-2345-efgh-6722"), recovery);
        for wrong in ["", "12345", "1234567", "١٢٣٤٥٦", "abcd-2345", &"A".repeat(1_000)] {
            assert_eq!(FactorCode::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_rule_applies_to_roles_or_to_everyone() {
        let known = ["administrator".to_owned(), "agent".to_owned()];
        let rule = TwoFactorRule::parse(&["administrator"], &known).unwrap();
        assert!(rule.applies_to(&UserRole::BuiltIn(Role::Administrator)));
        assert!(!rule.applies_to(&UserRole::BuiltIn(Role::Agent)));
        assert!(TwoFactorRule::parse(&["boss"], &known).is_err());
        for rule in [rule, TwoFactorRule::Optional, TwoFactorRule::Everyone] {
            assert_eq!(TwoFactorRule::from_stored(rule.to_stored().as_deref()), rule);
        }
    }
}
