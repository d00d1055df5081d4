//! The three languages of the user interface.

use std::str::FromStr;

use crate::domain::Problem;

/// A language of pages, errors and notifications (BCP 47 tags `en`, `ru`, `uz`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
    /// Uzbek in Latin script.
    Uz,
}

impl Locale {
    /// All languages, in the order in which pages offer them.
    pub const ALL: [Self; 3] = [Self::En, Self::Ru, Self::Uz];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Uz => "uz",
        }
    }
}

impl FromStr for Locale {
    type Err = Problem;

    /// Parses a tag with or without a region: `ru`, `ru-RU`.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let language = text.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|l| l.tag() == language).ok_or(Problem::NotOneOf("en, ru, uz".into()))
    }
}
