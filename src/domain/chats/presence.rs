//! Presence: the users who are viewing a chat or typing in it. It is published but never stored, so
//! it is not an event.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{ChatId, Problem, TenantId, UserId};

/// The state of a user in a chat.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum PresenceState {
    /// The user has the chat open.
    #[serde(rename = "looking")]
    #[strum(serialize = "looking")]
    Viewing,
    /// The user is typing.
    Typing,
    /// The user has left the chat.
    Gone,
}

impl PresenceState {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A user's presence in a chat. It expires when it is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The tenant of the chat.
    pub tenant: TenantId,
    /// The chat that the user has open.
    pub chat: ChatId,
    /// The user.
    pub user: UserId,
    /// The user's name, for display.
    pub name: String,
    /// The user's state.
    #[serde(rename = "doing")]
    pub state: PresenceState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_state_names_round_trip() {
        for doing in [PresenceState::Viewing, PresenceState::Typing, PresenceState::Gone] {
            assert_eq!(doing.as_str().parse(), Ok(doing));
        }
        assert!("dancing".parse::<PresenceState>().is_err());
    }
}
