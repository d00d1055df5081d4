//! Parses the forms that Twilio posts. The parser is lenient, because losing a client's message is
//! worse than accepting an invalid form.
//!
//! It does not authenticate the sender; [`crate::providers::twilio::signature`] does.

mod events;
mod form;
mod inbound;
mod location;
mod status;

pub use crate::providers::twilio::webhook::events::INBOUND_PATH;
pub(in crate::providers) use crate::providers::twilio::webhook::events::WEBHOOKS;
pub(in crate::providers::twilio) use crate::providers::twilio::webhook::events::message;
pub use crate::providers::twilio::webhook::inbound::{Inbound, Media};
pub use crate::providers::twilio::webhook::status::{StatusCallback, TwilioStatus};

/// The error of a form without the parameters that identify the message or its participants.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the form has no {0}")]
pub struct Malformed(
    /// The parameter that is missing or empty.
    pub &'static str,
);

#[cfg(test)]
mod tests;
