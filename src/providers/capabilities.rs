//! The capabilities of a provider: its transports with their limits, its rate, and its reports.

use chrono::TimeDelta;

use crate::domain::{ChannelAddresses, FileLimits, Transport};

/// The capabilities of a provider's channels.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct Capabilities {
    /// The transports that a channel can carry, each with its limits.
    pub transports: &'static [TransportCapabilities],
    /// The maximum number of messages per second that a channel with these addresses hands over by a transport.
    pub rate: fn(&ChannelAddresses, Transport) -> u32,
    /// True if a channel may write to an address from which it has not received a message.
    pub may_start: bool,
    /// True if the provider reports that a message was delivered.
    pub reports_delivery: bool,
    /// True if the provider reports that a message was read.
    pub reports_read: bool,
    /// True if the provider lists the messages that clients have sent, so that those of an outage can be fetched.
    pub keeps_inbound: bool,
    /// True if the provider reports that a client edited a message.
    pub edits: bool,
}

/// The limits of a transport as a provider carries it.
#[derive(Debug, PartialEq, Eq)]
pub struct TransportCapabilities {
    /// The transport.
    pub transport: Transport,
    /// The longest text of one message, in UTF-16 code units, as providers count.
    pub max_text: usize,
    /// True if a longer text is sent in several messages; otherwise it is refused before it is stored.
    pub splits_text: bool,
    /// The limits for files; `None` if it carries none.
    pub files: Option<FileLimits>,
    /// The time after a client's last message during which any text may be sent; `None` if it may be sent at any time.
    pub window: Option<TimeDelta>,
    /// True if templates that the provider stores may be sent at any time.
    pub templates: bool,
}

impl Capabilities {
    /// The limits of a transport; `None` if the provider does not carry it.
    pub fn of(&self, transport: Transport) -> Option<&'static TransportCapabilities> {
        self.transports.iter().find(|capabilities| capabilities.transport == transport)
    }
}
