//! Opt-out and opt-in keywords that clients reply with, such as STOP and START.

/// A client's decision about receiving messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// The client opts out.
    Stop,
    /// The client opts in again.
    Start,
}

/// The keywords that carriers recognise; they follow United States law.
const STOP: [&str; 8] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
const START: [&str; 3] = ["START", "YES", "UNSTOP"];

impl Consent {
    /// Recognises a message that consists of nothing but a keyword.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match () {
            () if is(&STOP) => Some(Self::Stop),
            () if is(&START) => Some(Self::Start),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_must_be_the_whole_message() {
        for text in ["STOP", " stop\n", "StopAll", "unsubscribe", "Cancel", "end", "QUIT", "revoke", "optout"]
        {
            assert_eq!(Consent::of(text), Some(Consent::Stop), "{text}");
        }
        for text in ["START", "yes", " Unstop "] {
            assert_eq!(Consent::of(text), Some(Consent::Start), "{text}");
        }
        for text in ["", "STOP it", "please stop", "stop.", "Yes!", "СТОП", "ST OP", "STOPPED"] {
            assert_eq!(Consent::of(text), None, "{text}");
        }
    }
}
