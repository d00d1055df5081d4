//! Access to the parameters of a form.

use crate::providers::twilio::webhook::Malformed;

/// The maximum length of a SID, which must fit into an index. Twilio's have 34 characters.
const MAX_SID: usize = 255;

/// True if a SID is short enough to be an index key.
pub(super) fn is_key(sid: &str) -> bool {
    sid.len() <= MAX_SID
}

/// A decoded form with its parameters in the original order.
#[derive(Clone, Copy)]
pub(super) struct Form<'a>(pub(super) &'a [(String, String)]);

impl Form<'_> {
    /// The first value of `name`; `None` if it is empty. NUL characters are removed: PostgreSQL
    /// cannot store them, and a message must not be lost because of one.
    pub(super) fn text(self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value.replace('\0', "")).filter(|value| !value.is_empty())
    }

    /// Like [`Self::text`], trimmed: for identifiers and addresses.
    pub(super) fn word(self, name: &str) -> Option<String> {
        Some(self.text(name)?.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn required(self, name: &'static str) -> Result<String, Malformed> {
        self.word(name).ok_or(Malformed(name))
    }

    /// The message's SID, which old accounts send as `SmsSid`.
    pub(super) fn message_sid(self) -> Result<String, Malformed> {
        let sid = self.word("MessageSid").or_else(|| self.word("SmsSid"));
        sid.filter(|sid| is_key(sid)).ok_or(Malformed("MessageSid"))
    }
}
