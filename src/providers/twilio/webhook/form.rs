//! Looks parameters up in a form.

use crate::providers::twilio::webhook::Malformed;

/// Twilio's have 34 characters. It is a key, and keys have to fit into an index.
const MAX_SID: usize = 255;

/// Whether a SID is short enough to be looked up.
pub(super) fn is_key(sid: &str) -> bool {
    sid.len() <= MAX_SID
}

/// A decoded form, in the order in which it came.
#[derive(Clone, Copy)]
pub(super) struct Form<'a>(pub(super) &'a [(String, String)]);

impl Form<'_> {
    /// The first value of `name`, none when it is empty. NUL characters are left out: PostgreSQL
    /// stores none, and a message must not be lost for one.
    pub(super) fn text(self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value.replace('\0', "")).filter(|value| !value.is_empty())
    }

    /// As [`Self::text`], without the white space around it: for identifiers and addresses.
    pub(super) fn word(self, name: &str) -> Option<String> {
        Some(self.text(name)?.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn required(self, name: &'static str) -> Result<String, Malformed> {
        self.word(name).ok_or(Malformed(name))
    }

    /// The message's SID, which old accounts know as `SmsSid`.
    pub(super) fn message_sid(self) -> Result<String, Malformed> {
        let sid = self.word("MessageSid").or_else(|| self.word("SmsSid"));
        sid.filter(|sid| is_key(sid)).ok_or(Malformed("MessageSid"))
    }
}
