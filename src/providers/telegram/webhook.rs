//! Telegram's webhook, which receives the updates of bots.
//!
//! A missing and an unknown secret token are rejected alike. Authentic updates that are not used
//! are answered with 200, so that Telegram does not repeat them.

use chrono::DateTime;
use serde_json::json;

use crate::domain::{
    InboundEvent, InboundMedia, InboundMessage, MessageDetails, MessageText, Reactions, Transport,
};
use crate::providers::telegram::{
    NAME, SECRET_HEADER,
    update::{Content, IncomingFile, IncomingMessage, Update},
};
use crate::providers::webhook::{
    Webhook, WebhookAnswer, WebhookBody, WebhookProof, WebhookRejection, WebhookReply, WebhookRequest,
};

/// The path to which updates are posted.
pub const WEBHOOK_PATH: &str = "/tg/webhook";

/// The only webhook of Telegram.
pub(in crate::providers) const WEBHOOKS: &[Webhook] = &[Webhook {
    provider: NAME,
    path: WEBHOOK_PATH,
    kind: "update",
    body: WebhookBody::Raw,
    authenticate: |request| {
        let secret = request.headers.get(SECRET_HEADER).ok_or(WebhookRejection::UnknownToken)?;
        Ok(WebhookProof::Token(secret.as_bytes().to_vec()))
    },
    parse: events,
    answer,
    unverified: WebhookRejection::UnknownToken,
}];

fn events(request: &WebhookRequest) -> Result<Vec<InboundEvent>, WebhookRejection> {
    let update = Update::parse(&request.body).map_err(|_| WebhookRejection::Malformed("not an update"))?;
    let receipt = format!("update:{}", update.id);
    let event = match update.content {
        Content::Message(incoming) => InboundEvent::Message(Box::new(message(*incoming, receipt))),
        Content::Edit(incoming) if incoming.is_live_location => return Ok(Vec::new()),
        Content::Edit(incoming) => InboundEvent::Edit(Box::new(message(*incoming, receipt))),
        Content::Reaction { message, emoji, date } => InboundEvent::Reaction {
            receipt,
            message,
            reactions: Reactions { emoji, changed_at: DateTime::from_timestamp(date, 0).unwrap_or_default() },
        },
        Content::Membership { user, may_write } => InboundEvent::Membership {
            receipt,
            transport: Transport::Telegram,
            address: user.id.to_string(),
            may_write,
        },
        Content::Ignored => return Ok(Vec::new()),
    };
    Ok(vec![event])
}

/// Telegram accepts a method call as the answer, so that a reply needs no request of its own.
fn answer(reply: Option<&WebhookReply>) -> WebhookAnswer {
    let call = reply.and_then(|reply| {
        let chat: i64 = reply.to.parse().ok()?;
        Some(json!({ "method": "sendMessage", "chat_id": chat, "text": reply.text }))
    });
    match call {
        Some(call) => {
            WebhookAnswer { status: 200, content_type: Some("application/json"), body: call.to_string() }
        }
        None => WebhookAnswer::empty(200),
    }
}

fn message(incoming: IncomingMessage, receipt: String) -> InboundMessage {
    let from = incoming.from;
    let data = json!({
        "chat_id": from.id,
        "username": from.username,
        "first_name": from.first_name,
        "last_name": from.last_name,
        "language_code": from.language,
    });
    let text = MessageText::from_provider(&incoming.text);
    let files = incoming.files.iter().map(|file| file.unique_id.clone().unwrap_or_else(|| file.id.clone()));
    let files: Vec<_> = files.collect();
    InboundMessage {
        receipt: Some(receipt),
        profile_name: Some(from.first_name),
        last_name: from.last_name,
        username: from.username,
        sender_data: Some(data),
        reply_to: incoming.reply_to,
        sent_at: Some(incoming.date).filter(|date| *date > 0).and_then(|at| DateTime::from_timestamp(at, 0)),
        media: incoming.files.into_iter().map(file).collect(),
        details: MessageDetails {
            album: incoming.album,
            contact: incoming.contact,
            start: incoming.start,
            kind: incoming.kind,
            forwarded_from: incoming.forwarded_from,
            sequence: Some(incoming.number),
            files,
            ..MessageDetails::default()
        },
        changed_at: incoming.edited.and_then(|at| DateTime::from_timestamp(at, 0)),
        ..InboundMessage::new(incoming.provider_id, Transport::Telegram, from.id.to_string(), text)
    }
}

fn file(file: IncomingFile) -> InboundMedia {
    InboundMedia { url: file.id, content_type: file.content_type, name: file.name }
}
