//! Who is at a chat right now. It is told and forgotten: nothing of it is stored, so none of it is an event.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::{ChatId, Problem, TenantId, UserId};

/// What someone does at a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PresenceState {
    /// Has it open.
    #[serde(rename = "looking")]
    Viewing,
    /// Writes into it.
    Typing,
    /// Has left it.
    Gone,
}

impl PresenceState {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewing => "looking",
            Self::Typing => "typing",
            Self::Gone => "gone",
        }
    }
}

impl FromStr for PresenceState {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found =
            [Self::Viewing, Self::Typing, Self::Gone].into_iter().find(|doing| doing.as_str() == text);
        found.ok_or(Problem::NotOneOf("looking, typing, gone"))
    }
}

/// That a colleague is at a chat. Who says nothing more for a while has gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The workspace.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Who.
    pub user: UserId,
    /// The name to show.
    pub name: String,
    /// What it does.
    #[serde(rename = "doing")]
    pub state: PresenceState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for doing in [PresenceState::Viewing, PresenceState::Typing, PresenceState::Gone] {
            assert_eq!(doing.as_str().parse(), Ok(doing));
        }
        assert!("dancing".parse::<PresenceState>().is_err());
    }
}
