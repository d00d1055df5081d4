//! Twilio's two webhooks, for inbound messages and for statuses of outbound ones.
//!
//! A missing signature, a wrong one, and an account or address without a channel are rejected
//! alike, so that a forger learns nothing from the answer.

use serde_json::json;

use crate::domain::{
    Failure, InboundEvent, InboundMedia, InboundMessage, MessageDetails, MessageStatus, MessageText,
    ReportedStatus, file_ending,
};
use crate::providers::twilio::{
    NAME, STATUS_PATH, signature,
    webhook::{Inbound, Media, StatusCallback, TwilioStatus},
};
use crate::providers::webhook::{
    SignedWebhook, Webhook, WebhookAnswer, WebhookBody, WebhookProof, WebhookRejection, WebhookRequest,
};

/// The substitute for a message without any content: it is displayed and counted, and cannot be
/// mistaken for an error.
const EMPTY_TEXT: &str = "∅";
/// TwiML without any action.
const EMPTY_TWIML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";
/// The code of a failure for which Twilio gives none.
const UNKNOWN_FAILURE: &str = "30008";

/// The path to which inbound messages are posted.
pub const INBOUND_PATH: &str = "/crm/webhooks/twilio";

/// The webhooks of Twilio.
pub(in crate::providers) const WEBHOOKS: &[Webhook] = &[
    Webhook {
        provider: NAME,
        path: INBOUND_PATH,
        kind: "message",
        body: WebhookBody::Form,
        authenticate: |request| {
            let inbound = inbound(request)?;
            proof(request, inbound.account_sid, [inbound.to, inbound.messaging_service_sid])
        },
        parse: |request| Ok(vec![InboundEvent::Message(Box::new(message(inbound(request)?)))]),
        answer: |_| WebhookAnswer {
            status: 200,
            content_type: Some("text/xml; charset=utf-8"),
            body: EMPTY_TWIML.to_owned(),
        },
        unverified: WebhookRejection::Forged,
    },
    Webhook {
        provider: NAME,
        path: STATUS_PATH,
        kind: "status",
        body: WebhookBody::Form,
        authenticate: |request| {
            let update = status_update(request)?;
            proof(request, update.account_sid, [update.from, update.messaging_service_sid])
        },
        parse: |request| {
            let reported = reported_status(status_update(request)?, &request.url);
            Ok(reported.map(InboundEvent::Status).into_iter().collect())
        },
        answer: |_| WebhookAnswer::empty(204),
        unverified: WebhookRejection::Forged,
    },
];

fn inbound(request: &WebhookRequest) -> Result<Inbound, WebhookRejection> {
    Inbound::parse(&request.form).map_err(|_| WebhookRejection::Forged)
}

fn status_update(request: &WebhookRequest) -> Result<StatusCallback, WebhookRejection> {
    StatusCallback::parse(&request.form).map_err(|_| WebhookRejection::Forged)
}

fn proof(
    request: &WebhookRequest,
    account: String,
    addresses: [Option<String>; 2],
) -> Result<WebhookProof, WebhookRejection> {
    let header = request.headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
    let header = header.ok_or(WebhookRejection::Forged)?.to_owned();
    let (url, form) = (request.url.clone(), request.form.clone());
    Ok(WebhookProof::Signature(SignedWebhook {
        account,
        addresses: addresses.into_iter().flatten().collect(),
        verify: Box::new(move |token| signature::verify(token, &header, &url, &form)),
    }))
}

/// An inbound message in the form that all providers share.
pub(in crate::providers::twilio) fn message(inbound: Inbound) -> InboundMessage {
    let consent = inbound.consent();
    let text = MessageText::from_provider(&inbound.body);
    // Checked after cleaning: a text of control characters alone is empty then.
    let nothing = text.is_empty() && inbound.media.is_empty();
    let text = if nothing { MessageText::from_provider(EMPTY_TEXT) } else { text };
    let data = json!({
        "profile_name": inbound.profile_name,
        "wa_id": inbound.wa_id,
        "number": inbound.from,
    });
    InboundMessage {
        profile_name: inbound.profile_name,
        sender_data: Some(data),
        consent,
        aliases: inbound.user_ids,
        reply_to: inbound.replied_to,
        details: MessageDetails {
            button: inbound.button_payload,
            referral: inbound.referral,
            ..MessageDetails::default()
        },
        media: inbound.media.into_iter().enumerate().map(|(index, media)| file(index, media)).collect(),
        ..InboundMessage::new(inbound.message_sid, inbound.transport, inbound.from, text)
    }
}

fn file(index: usize, media: Media) -> InboundMedia {
    // The kind in front of the type's slash is a word for pictures and recordings only.
    let kind = media.content_type.split('/').next().filter(|kind| ["image", "audio", "video"].contains(kind));
    let (kind, number) = (kind.unwrap_or("file"), index + 1);
    let name = match file_ending(&media.content_type) {
        Some(ending) => format!("{kind}-{number}.{ending}"),
        None => format!("{kind}-{number}"),
    };
    InboundMedia { url: media.url.to_string(), content_type: media.content_type, name }
}

/// The status in a callback to `url`; `None` for an unknown status.
fn reported_status(update: StatusCallback, url: &str) -> Option<ReportedStatus> {
    let status = match update.status {
        TwilioStatus::Queued => MessageStatus::Queued,
        TwilioStatus::Sent => MessageStatus::Sent,
        TwilioStatus::Delivered => MessageStatus::Delivered,
        TwilioStatus::Read => MessageStatus::Read,
        TwilioStatus::Failed => MessageStatus::Failed,
        TwilioStatus::Other => return None,
    };
    let failure = (status == MessageStatus::Failed).then(|| Failure {
        code: update.error_code.unwrap_or_else(|| UNKNOWN_FAILURE.to_owned()),
        detail: update.channel_status_message,
    });
    let reference = reference(url);
    Some(ReportedStatus { provider_id: update.message_sid, reference, recipient: update.to, status, failure })
}

/// Our reference of the message from the callback's URL.
fn reference(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "message").map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_is_parsed_from_the_callback_url() {
        let of = |url| reference(url);
        assert_eq!(of("https://a.example/status?message=42").as_deref(), Some("42"));
        assert_eq!(of("https://a.example/status?x=1&message=a%20b").as_deref(), Some("a b"));
        assert_eq!(of("https://a.example/status?messages=42"), None);
        assert_eq!(of("https://a.example/status"), None);
    }
}
