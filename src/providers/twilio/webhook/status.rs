//! A status callback: what became of a message that we handed over.

use crate::domain::Transport;
use crate::providers::twilio::address;
use crate::providers::twilio::webhook::Malformed;
use crate::providers::twilio::webhook::form::Form;

/// How far a message has come, as Twilio tells. Callbacks come in any order, so compare before
/// believing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DeliveryStatus {
    /// Twilio has it: accepted, scheduled, queued, sending.
    Queued,
    /// The carrier has it, or a part of it has arrived.
    Sent,
    /// The client's phone has it.
    Delivered,
    /// The client has seen it.
    Read,
    /// It will not arrive: undelivered, failed, canceled.
    Failed,
    /// A word that we don't know and that says nothing about the delivery; to be ignored.
    Other,
}

impl DeliveryStatus {
    fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "accepted" | "scheduled" | "queued" | "sending" => Self::Queued,
            // Some segments came through. "Delivered" would promise too much, "failed" would invite
            // a second copy.
            "sent" | "partially_delivered" => Self::Sent,
            "delivered" => Self::Delivered,
            "read" => Self::Read,
            "undelivered" | "failed" | "canceled" => Self::Failed,
            _ => Self::Other,
        }
    }
}

/// What Twilio reports of one outbound message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StatusUpdate {
    /// The id that Twilio gave the message.
    pub message_sid: String,
    /// The account that sent it.
    pub account_sid: String,
    /// The pool of senders through which it went.
    pub messaging_service_sid: Option<String>,
    /// By the prefix of the sender's address, else of the recipient's.
    pub transport: Transport,
    /// Our number or sender without `whatsapp:`.
    pub from: Option<String>,
    /// The client's address without `whatsapp:`.
    pub to: Option<String>,
    /// How far the message has come.
    pub status: DeliveryStatus,
    /// Twilio's error code, when the message failed.
    pub error_code: Option<String>,
    /// WhatsApp's own words about the failure.
    pub channel_status_message: Option<String>,
}

impl StatusUpdate {
    /// Reads the form of a status callback.
    ///
    /// `Malformed` without `MessageSid` (or `SmsSid`), `AccountSid` or `MessageStatus` (or
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
            status: DeliveryStatus::named(&status),
            error_code: form.word("ErrorCode").filter(|code| code != "0"),
            channel_status_message: form.word("ChannelStatusMessage"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(form: &str) -> Result<StatusUpdate, Malformed> {
        let form: Vec<_> = form_urlencoded::parse(form.trim_end().as_bytes()).into_owned().collect();
        StatusUpdate::parse(&form)
    }

    #[test]
    fn a_failure_on_whatsapp_tells_why() {
        let update =
            parse(include_str!("../../../../tests/fixtures/twilio/status-whatsapp-failed.form")).unwrap();
        assert_eq!(
            update,
            StatusUpdate {
                message_sid: "SMf2c0e5f9ab4f4a6c9d6d3bd2f0f7a811".into(),
                account_sid: "AC00000000000000000000000000000001".into(),
                messaging_service_sid: None,
                transport: Transport::Whatsapp,
                from: Some("+998712000001".into()),
                to: Some("+998901234567".into()),
                status: DeliveryStatus::Failed,
                error_code: Some("63016".into()),
                channel_status_message: Some(
                    "Message failed to send because more than 24 hours have passed".into()
                ),
            }
        );
    }

    #[test]
    fn every_word_of_twilio_is_understood() {
        use DeliveryStatus::{Delivered, Failed, Other, Queued, Read, Sent};
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
    fn the_old_names_do_as_well() {
        let update = parse("SmsSid=SM1&AccountSid=AC1&SmsStatus=sent&From=%2B1&ErrorCode=0").unwrap();
        assert_eq!((update.message_sid.as_str(), update.status), ("SM1", DeliveryStatus::Sent));
        assert_eq!((update.from.as_deref(), update.error_code), (Some("+1"), None));
    }

    #[test]
    fn what_names_no_message_is_malformed() {
        assert_eq!(parse("AccountSid=AC1&MessageStatus=sent"), Err(Malformed("MessageSid")));
        assert_eq!(parse("MessageSid=SM1&MessageStatus=sent"), Err(Malformed("AccountSid")));
        assert_eq!(parse("MessageSid=SM1&AccountSid=AC1"), Err(Malformed("MessageStatus")));
    }
}
