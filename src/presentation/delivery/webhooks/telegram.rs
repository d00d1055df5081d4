//! Telegram's webhook: what a bot hears.
//!
//! A secret token that is missing and one that is nobody's are the same 401. What is true and not for us is answered 200, so
//! that Telegram does not post it again.

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::DateTime;
use serde_json::json;

use crate::presentation::delivery::webhooks::retry_later;
use crate::{
    domain::{MessageDetails, MessageText, Transport},
    error::{AppError, Result},
    persistence::InboundMedia,
    presentation::{
        AppState, activity::notification_texts::link_confirmation_text, http::extract::read_body,
    },
    providers::telegram::{
        SECRET_HEADER,
        update::{Content, IncomingMessage, Update},
    },
    services::{InboundMessage, Received},
};

/// Stores what an update tells.
///
/// # Errors
/// [`AppError::BadToken`] when it is not proven, [`AppError::Malformed`] when it is none; anything else makes Telegram
/// try again.
pub async fn update(State(state): State<AppState>, request: Request) -> Result<Response> {
    let secret = request.headers().get(SECRET_HEADER).ok_or(AppError::BadToken)?;
    let context = state.services.channels.authenticate_update(secret.as_bytes()).await?;
    let context = context.ok_or(AppError::BadToken)?;
    let body = read_body(request.into_body()).await?;
    let update = Update::parse(&body).map_err(|_| AppError::Malformed("not an update"))?;
    let receipt = format!("update:{}", update.id);
    let inbound = &state.services.inbound;
    let mut answer = StatusCode::OK.into_response();
    match update.content {
        Content::Message(incoming) => {
            let chat = incoming.from.id;
            let received =
                inbound.receive(&context, &message(*incoming, receipt)).await.map_err(retry_later)?;
            if let Received::AccountLinked(locale) = received {
                // Telegram takes a call as an answer.
                let text = link_confirmation_text(locale, &context.tenant.name);
                let call = json!({ "method": "sendMessage", "chat_id": chat, "text": text });
                answer = Json(call).into_response();
            }
        }
        Content::Edit(incoming) if incoming.is_live_location => {}
        Content::Edit(incoming) => {
            inbound.edit(&context, &message(*incoming, receipt)).await.map_err(retry_later)?;
        }
        Content::Membership { user, may_write } => {
            let address = user.id.to_string();
            inbound
                .update_membership(&context, &receipt, Transport::Telegram, &address, may_write)
                .await
                .map_err(retry_later)?;
        }
        Content::Ignored => {}
    }
    state.services.channels.record_webhook(&context).await;
    Ok(answer)
}

fn message(incoming: IncomingMessage, receipt: String) -> InboundMessage {
    let from = incoming.from;
    let file = |file: crate::providers::telegram::update::IncomingFile| InboundMedia {
        url: file.id,
        content_type: file.content_type,
        name: file.name,
    };
    let data = json!({
        "chat_id": from.id,
        "username": from.username,
        "first_name": from.first_name,
        "last_name": from.last_name,
        "language_code": from.language,
    });
    let text = MessageText::from_provider(&incoming.text);
    InboundMessage {
        receipt: Some(receipt),
        profile_name: Some(from.first_name),
        last_name: from.last_name,
        username: from.username,
        sender_data: Some(data),
        media: incoming.files.into_iter().map(file).collect(),
        details: MessageDetails {
            album: incoming.album,
            contact: incoming.contact,
            start: incoming.start,
            ..MessageDetails::default()
        },
        changed_at: incoming.edited.and_then(|at| DateTime::from_timestamp(at, 0)),
        ..InboundMessage::new(incoming.provider_id, Transport::Telegram, from.id.to_string(), text)
    }
}
