//! The phones of clients: received and sent messages, and the behaviour of the provider towards
//! each phone.

mod behaviours;
mod webhook_payloads;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};

use crate::domain::Transport;
pub use crate::simulator::phones::{
    behaviours::{PhoneBehaviour, SimulatedOutcome},
    webhook_payloads::{TelegramAccount, telegram_account, telegram_update, twilio_form},
};

/// The number of newest entries that a phone keeps.
pub(in crate::simulator) const RETAINED: usize = 200;
/// The maximum number of phones.
const MAX_PHONES: usize = 500;

/// A phone as reached from one account of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhoneLine {
    /// The account: Twilio's `AccountSid`, or the id of a bot.
    pub account: String,
    /// The transport of the messages.
    pub transport: Transport,
    /// The phone's address: a number in E.164, or the id of a Telegram account.
    pub address: String,
}

/// An entry on a phone.
#[derive(Clone, Debug)]
pub struct PhoneEntry {
    /// The time of the entry.
    pub at: DateTime<Utc>,
    /// The entry's message or rejection.
    pub content: EntryContent,
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryContent {
    /// The client sent a message.
    Sent {
        /// The text of the message.
        text: String,
        /// The names of its files.
        files: Vec<String>,
    },
    /// The client received a message.
    Received {
        /// The provider's id of the message.
        id: String,
        /// The text of the message.
        text: String,
        /// The URLs or names of its files.
        files: Vec<String>,
        /// The last reported status, as the provider writes it.
        status: Option<String>,
    },
    /// The provider rejected the message with this outcome.
    Rejected(SimulatedOutcome),
}

/// The phones of one simulator; clones share them.
#[derive(Clone, Default)]
pub struct Phones(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    phones: HashMap<PhoneLine, Phone>,
    turn: u64,
}

#[derive(Default)]
struct Phone {
    entries: VecDeque<PhoneEntry>,
    behaviour: PhoneBehaviour,
    used: u64,
}

impl Phones {
    /// The entries of a phone, the oldest first.
    #[must_use]
    pub fn entries(&self, line: &PhoneLine) -> Vec<PhoneEntry> {
        self.state().phones.get(line).map(|phone| phone.entries.iter().cloned().collect()).unwrap_or_default()
    }

    /// Adds an entry to a phone.
    pub fn add(&self, line: &PhoneLine, at: DateTime<Utc>, content: EntryContent) {
        self.change(line, |phone| {
            if phone.entries.len() == RETAINED {
                phone.entries.pop_front();
            }
            phone.entries.push_back(PhoneEntry { at, content });
        });
    }

    /// Stores the reported status of a received message.
    pub(super) fn set_status(&self, line: &PhoneLine, message: &str, reported: &str) {
        let mut state = self.state();
        let entries = state.phones.get_mut(line).into_iter().flat_map(|phone| phone.entries.iter_mut());
        for entry in entries {
            if let EntryContent::Received { id, status, .. } = &mut entry.content
                && id == message
            {
                *status = Some(reported.to_owned());
            }
        }
    }

    /// The behaviour of the provider towards a phone.
    #[must_use]
    pub fn behaviour(&self, line: &PhoneLine) -> PhoneBehaviour {
        self.state().phones.get(line).map(|phone| phone.behaviour).unwrap_or_default()
    }

    /// Sets the behaviour of the provider towards a phone.
    pub fn set_behaviour(&self, line: &PhoneLine, behaviour: PhoneBehaviour) {
        self.change(line, |phone| phone.behaviour = behaviour);
    }

    /// Returns the behaviour for the current message and removes it if it was set for one message
    /// only.
    pub(super) fn take_behaviour(&self, line: &PhoneLine) -> PhoneBehaviour {
        let mut state = self.state();
        let Some(phone) = state.phones.get_mut(line) else { return PhoneBehaviour::default() };
        let now = phone.behaviour;
        if now.once {
            phone.behaviour = PhoneBehaviour::default();
        }
        now
    }

    fn change(&self, line: &PhoneLine, change: impl FnOnce(&mut Phone)) {
        let mut state = self.state();
        if state.phones.len() >= MAX_PHONES && !state.phones.contains_key(line) {
            // The phone that was inactive longest is dropped.
            let oldest =
                state.phones.iter().min_by_key(|(_, phone)| phone.used).map(|(line, _)| line.clone());
            oldest.and_then(|oldest| state.phones.remove(&oldest));
        }
        state.turn += 1;
        let turn = state.turn;
        let phone = state.phones.entry(line.clone()).or_default();
        phone.used = turn;
        change(phone);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it has this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The current time of the simulator.
pub(super) fn now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "it plays another machine, which has a clock of its own")]
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(address: &str) -> PhoneLine {
        PhoneLine { account: "AC1".into(), transport: Transport::Sms, address: address.into() }
    }

    fn wrote(text: &str) -> EntryContent {
        EntryContent::Sent { text: text.into(), files: Vec::new() }
    }

    #[test]
    fn a_phone_keeps_its_newest_entries_and_the_least_used_phone_is_dropped() {
        let phones = Phones::default();
        for number in 0..=RETAINED {
            phones.add(&line("1"), now(), wrote(&number.to_string()));
        }
        let entries = phones.entries(&line("1"));
        assert_eq!((entries.len(), &entries[0].content), (RETAINED, &wrote("1")));
        for number in 2..=MAX_PHONES {
            phones.add(&line(&number.to_string()), now(), wrote("x"));
        }
        phones.add(&line("1"), now(), wrote("still here"));
        phones.add(&line("another"), now(), wrote("x"));
        assert!(phones.entries(&line("2")).is_empty());
        assert_eq!(phones.entries(&line("1")).last().unwrap().content, wrote("still here"));
    }

    #[test]
    fn behaviour_for_one_message_is_removed_after_it() {
        let phones = Phones::default();
        let once = PhoneBehaviour {
            outcome: SimulatedOutcome::Unavailable,
            once: true,
            ..PhoneBehaviour::default()
        };
        phones.set_behaviour(&line("1"), once);
        assert_eq!(
            phones.take_behaviour(&line("2")),
            PhoneBehaviour::default(),
            "another phone is not meant"
        );
        assert_eq!(phones.take_behaviour(&line("1")), once);
        assert_eq!(phones.take_behaviour(&line("1")), PhoneBehaviour::default());
        let always = PhoneBehaviour { once: false, ..once };
        phones.set_behaviour(&line("1"), always);
        assert_eq!([phones.take_behaviour(&line("1")), phones.take_behaviour(&line("1"))], [always; 2]);
    }
}
