//! Status callbacks: reports about outbound messages.

use crate::domain::Transport;
use crate::providers::twilio::address;
use crate::providers::twilio::webhook::Malformed;
use crate::providers::twilio::webhook::form::Form;

/// A delivery status as Twilio reports it. Callbacks arrive in any order, so it must be compared
/// with the stored status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TwilioStatus {
    /// Twilio has the message: accepted, scheduled, queued, sending.
    Queued,
    /// The carrier has the message, or a part of it was delivered.
    Sent,
    /// The message was delivered to the client's phone.
    Delivered,
    /// The client has read the message.
    Read,
    /// The message was not delivered: undelivered, failed, canceled.
    Failed,
    /// An unknown status, which is to be ignored.
    Other,
}

impl TwilioStatus {
    fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "accepted" | "scheduled" | "queued" | "sending" => Self::Queued,
            // Some segments were delivered. "Delivered" would promise too much, and "failed" would
            // invite a second copy.
            "sent" | "partially_delivered" => Self::Sent,
            "delivered" => Self::Delivered,
            "read" => Self::Read,
            "undelivered" | "failed" | "canceled" => Self::Failed,
            _ => Self::Other,
        }
    }
}

/// A report about one outbound message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StatusCallback {
    /// Twilio's id of the message.
    pub message_sid: String,
    /// The account that sent it.
    pub account_sid: String,
    /// The Messaging Service that sent it.
    pub messaging_service_sid: Option<String>,
    /// The transport by the prefix of the sender's address, else of the recipient's.
    pub transport: Transport,
    /// Our number or sender without `whatsapp:`.
    pub from: Option<String>,
    /// The client's address without `whatsapp:`.
    pub to: Option<String>,
    /// The reported status.
    pub status: TwilioStatus,
    /// Twilio's error code, if the message failed.
    pub error_code: Option<String>,
    /// WhatsApp's description of the failure.
    pub channel_status_message: Option<String>,
}

impl StatusCallback {
    /// Parses the form of a status callback.
    ///
    /// # Errors
    /// [`Malformed`] without `MessageSid` (or `SmsSid`), `AccountSid` or `MessageStatus` (or
    /// `SmsStatus`).
    pub fn parse(params: &[(String, String)]) -> Result<Self, Malformed> {
        let form = Form(params);
        let status = form.word("MessageStatus").or_else(|| form.word("SmsStatus"));
        let status = status.ok_or(Malformed("MessageStatus"))?;
        let (from, to) = (form.word("From"), form.word("To"));
        let transport =
            from.as_ref().or(to.as_ref()).map_or(Transport::Sms, |address| address::parse(address).0);
        let bare = |address: String| address::parse(&address).1.to_owned();
        Ok(Self {
            message_sid: form.message_sid()?,
            account_sid: form.required("AccountSid")?,
            messaging_service_sid: form.word("MessagingServiceSid"),
            transport,
            from: from.map(bare),
            to: to.map(bare),
            status: TwilioStatus::named(&status),
            error_code: form.word("ErrorCode").filter(|code| code != "0"),
            channel_status_message: form.word("ChannelStatusMessage"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(form: &str) -> Result<StatusCallback, Malformed> {
        let form: Vec<_> = form_urlencoded::parse(form.trim_end().as_bytes()).into_owned().collect();
        StatusCallback::parse(&form)
    }

    #[test]
    fn whatsapp_failures_have_a_description() {
        let update =
            parse(include_str!("../../../../tests/fixtures/twilio/status-whatsapp-failed.form")).unwrap();
        assert_eq!(
            update,
            StatusCallback {
                message_sid: "SMf2c0e5f9ab4f4a6c9d6d3bd2f0f7a811".into(),
                account_sid: "AC00000000000000000000000000000001".into(),
                messaging_service_sid: None,
                transport: Transport::Whatsapp,
                from: Some("+998712000001".into()),
                to: Some("+998901234567".into()),
                status: TwilioStatus::Failed,
                error_code: Some("63016".into()),
                channel_status_message: Some(
                    "Message failed to send because more than 24 hours have passed".into()
                ),
            }
        );
    }

    #[test]
    fn all_status_words_are_parsed() {
        use TwilioStatus::{Delivered, Failed, Other, Queued, Read, Sent};
        for (word, status) in [
            ("accepted", Queued),
            ("scheduled", Queued),
            ("queued", Queued),
            ("sending", Queued),
            ("sent", Sent),
            ("partially_delivered", Sent),
            ("delivered", Delivered),
            ("READ", Read),
            ("undelivered", Failed),
            ("failed", Failed),
            ("canceled", Failed),
            ("received", Other),
            ("teleported", Other),
        ] {
            let update = parse(&format!("MessageSid=SM1&AccountSid=AC1&MessageStatus={word}")).unwrap();
            assert_eq!(update.status, status, "{word}");
        }
    }

    #[test]
    fn old_parameter_names_are_accepted() {
        let update = parse("SmsSid=SM1&AccountSid=AC1&SmsStatus=sent&From=%2B1&ErrorCode=0").unwrap();
        assert_eq!((update.message_sid.as_str(), update.status), ("SM1", TwilioStatus::Sent));
        assert_eq!((update.from.as_deref(), update.error_code), (Some("+1"), None));
    }

    #[test]
    fn forms_without_a_message_are_malformed() {
        assert_eq!(parse("AccountSid=AC1&MessageStatus=sent"), Err(Malformed("MessageSid")));
        assert_eq!(parse("MessageSid=SM1&MessageStatus=sent"), Err(Malformed("AccountSid")));
        assert_eq!(parse("MessageSid=SM1&AccountSid=AC1"), Err(Malformed("MessageStatus")));
    }
}
