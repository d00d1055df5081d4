//! Twilio's two webhooks: a message came in, and a message of ours went on.
//!
//! A missing or wrong signature, and an account or address that leads to no channel, are all the same 403: nothing
//! tells a forger which of them it was, and nothing is stored.

use axum::{
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::presentation::delivery::webhooks::retry_later;
use crate::{
    domain::{Failure, MessageDetails, MessageStatus, MessageText},
    error::{AppError, Result},
    persistence::InboundMedia,
    presentation::{
        AppState,
        http::extract::{BodyFields, Query},
    },
    providers::twilio::{
        signature,
        webhook::{DeliveryStatus, Inbound, StatusUpdate},
    },
    services::{ChannelContext, InboundMessage, ReportedStatus, SignedWebhook, WebhookTarget},
};

/// Stands for a message in which there is nothing at all: it is shown and counted, and never looks like a mistake.
const EMPTY_TEXT: &str = "∅";
/// TwiML that does nothing more.
const EMPTY_TWIML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

/// Stores an inbound message and answers with empty TwiML.
///
/// # Errors
/// [`AppError::Forbidden`] when it is not proven; anything else makes Twilio try again.
pub async fn inbound(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let params = fields.pairs();
    let inbound = Inbound::parse(&params).map_err(|_| unverified())?;
    let named = WebhookTarget {
        account_sid: &inbound.account_sid,
        address: inbound.to.as_deref(),
        messaging_service_sid: inbound.messaging_service_sid.as_deref(),
    };
    let context = verify(&state, named, &uri, &headers, &params).await?;
    state.services.inbound.receive(&context, &message(inbound)).await.map_err(retry_later)?;
    state.services.channels.record_webhook(&context).await;
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], EMPTY_TWIML).into_response())
}

/// Stores how far a message of ours has come.
///
/// # Errors
/// [`AppError::Forbidden`] when it is not proven; anything else makes Twilio try again.
pub async fn status(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query,
    headers: HeaderMap,
    BodyFields(fields): BodyFields,
) -> Result<StatusCode> {
    let params = fields.pairs();
    let update = StatusUpdate::parse(&params).map_err(|_| unverified())?;
    let named = WebhookTarget {
        account_sid: &update.account_sid,
        address: update.from.as_deref(),
        messaging_service_sid: update.messaging_service_sid.as_deref(),
    };
    let context = verify(&state, named, &uri, &headers, &params).await?;
    if let Some(status) = message_status(update.status) {
        let failure = (status == MessageStatus::Failed).then(|| Failure {
            code: update.error_code.unwrap_or_else(|| "30008".to_owned()),
            detail: update.channel_status_message,
        });
        let reference = query.text("message").map(str::to_owned);
        let provider_id = update.message_sid;
        let reported = ReportedStatus { provider_id, reference, recipient: update.to, status, failure };
        state.services.delivery.report(&context, reported).await.map_err(retry_later)?;
    }
    state.services.channels.record_webhook(&context).await;
    Ok(StatusCode::NO_CONTENT)
}

async fn verify(
    state: &AppState,
    named: WebhookTarget<'_>,
    uri: &axum::http::Uri,
    headers: &HeaderMap,
    params: &[(String, String)],
) -> Result<ChannelContext> {
    let signature =
        headers.get(signature::HEADER).and_then(|value| value.to_str().ok()).ok_or_else(unverified)?;
    let path_and_query = uri.path_and_query().map_or("/", |path| path.as_str());
    let signed = SignedWebhook { signature, path_and_query, params };
    state.services.channels.authenticate_webhook(named, signed).await?.ok_or_else(unverified)
}

fn unverified() -> AppError {
    AppError::BadSignature
}

fn message(inbound: Inbound) -> InboundMessage {
    let file = |(index, media): (usize, crate::providers::twilio::webhook::Media)| {
        let name = match media.content_type.split_once('/') {
            Some((kind, subtype)) => format!("{kind}-{}.{subtype}", index + 1),
            None => format!("file-{}", index + 1),
        };
        InboundMedia { url: media.url.to_string(), content_type: media.content_type, name }
    };
    let consent = inbound.consent();
    let text = MessageText::from_provider(&inbound.body);
    // Looked at once it is clean: of control characters alone nothing is left.
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
        reply_to: inbound.replied_to,
        details: MessageDetails { button: inbound.button_payload, ..MessageDetails::default() },
        media: inbound.media.into_iter().enumerate().map(file).collect(),
        ..InboundMessage::new(inbound.message_sid, inbound.transport, inbound.from, text)
    }
}

fn message_status(status: DeliveryStatus) -> Option<MessageStatus> {
    Some(match status {
        DeliveryStatus::Queued => MessageStatus::Queued,
        DeliveryStatus::Sent => MessageStatus::Sent,
        DeliveryStatus::Delivered => MessageStatus::Delivered,
        DeliveryStatus::Read => MessageStatus::Read,
        DeliveryStatus::Failed => MessageStatus::Failed,
        DeliveryStatus::Other => return None,
    })
}
