//! Consent of clients, which is given to the sender of messages and outlives the channel that has it.

use crate::domain::Channel;

/// The own addresses of a channel that a suppression belongs to. A suppression is stored for each of them, so that it is
/// found again after the channel was removed and one of them was connected anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentSenders {
    account: String,
    addresses: Vec<String>,
}

impl ConsentSenders {
    /// The senders of a channel with these addresses of one transport.
    pub fn new(channel: &Channel, addresses: Vec<String>) -> Self {
        Self { account: channel.account.clone(), addresses }
    }

    /// The senders that a new suppression is stored for: the addresses, or the account if there are none.
    pub fn stored(&self) -> Vec<&str> {
        if self.addresses.is_empty() {
            return vec![&self.account];
        }
        self.addresses.iter().map(String::as_str).collect()
    }

    /// The senders whose suppressions apply: the addresses, and the account as a whole.
    pub fn applicable(&self) -> Vec<&str> {
        self.addresses.iter().chain([&self.account]).map(String::as_str).collect()
    }
}
