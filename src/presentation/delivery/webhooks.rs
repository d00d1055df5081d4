//! The handler of all webhooks. Requests are authenticated by the provider's signature or token
//! instead of a session.

use axum::{
    extract::{FromRequest as _, OriginalUri, Request, State},
    http::{StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::InboundEvent,
    error::{AppError, Result},
    metrics::WebhookResult,
    presentation::{
        AppState,
        activity::notification_texts::link_confirmation_text,
        http::{
            body_meter::BodyLimits,
            extract::{BodyFields, read_body},
            feature::Feature,
        },
    },
    providers::{
        self,
        webhook::{Webhook, WebhookAnswer, WebhookBody, WebhookRejection, WebhookReply, WebhookRequest},
    },
    services::{ChannelContext, Received},
};

/// The webhooks of all providers, at the paths that the providers declare.
pub const FEATURE: Feature = Feature::new("webhooks", |table| {
    providers::webhooks().fold(table, |table, webhook| {
        table.post(webhook.path, move |state: State<AppState>, uri: OriginalUri, request: Request| {
            receive(webhook, state, uri, request)
        })
    })
});

/// Stores the events of a webhook, and counts it.
///
/// # Errors
/// See [`accept`].
async fn receive(
    webhook: &'static Webhook,
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response> {
    let accepted = accept(webhook, &state, &uri, request).await;
    let result = match &accepted {
        Ok(_) => WebhookResult::Accepted,
        Err(AppError::Unavailable(_) | AppError::Internal(_)) => WebhookResult::Failed,
        Err(_) => WebhookResult::Refused,
    };
    state.services.dependencies().metrics.webhook(webhook.provider.as_str(), result);
    accepted
}

/// Stores the events of a webhook.
///
/// # Errors
/// The provider's own rejection if the request is not authentic; after any other error the provider
/// tries again.
async fn accept(
    webhook: &'static Webhook,
    state: &AppState,
    uri: &Uri,
    request: Request,
) -> Result<Response> {
    let base = state.services.dependencies().public_url.as_str().trim_end_matches('/');
    let path_and_query = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut received = WebhookRequest {
        url: format!("{base}{path_and_query}"),
        headers: request.headers().clone(),
        ..WebhookRequest::default()
    };
    let context = match webhook.body {
        WebhookBody::Form => {
            received.form = BodyFields::from_request(request, state).await?.0.pairs();
            authenticate(state, webhook, &received).await?
        }
        WebhookBody::Raw => {
            let context = authenticate(state, webhook, &received).await?;
            let limit = BodyLimits::of(request.extensions()).fields;
            received.body = read_body(request.into_body(), limit).await?;
            context
        }
    };
    let mut reply = None;
    for event in (webhook.parse)(&received).map_err(rejection)? {
        match store(state, &context, event).await {
            Ok(event_reply) => reply = event_reply.or(reply),
            // The provider would send it again for a day, and it could not be stored then either.
            Err(AppError::Unstorable) => {
                tracing::error!(
                    provider = webhook.provider.as_str(),
                    "an event cannot be stored and is lost"
                );
            }
            Err(error) => return Err(retry_later(error)),
        }
    }
    state.services.channels.record_webhook(&context).await;
    response((webhook.answer)(reply.as_ref()))
}

/// Returns the channel that the request is proved to come from.
async fn authenticate(
    state: &AppState,
    webhook: &'static Webhook,
    request: &WebhookRequest,
) -> Result<ChannelContext> {
    let proof = (webhook.authenticate)(request).map_err(rejection)?;
    let context = state.services.channels.authenticate(&webhook.provider, &proof).await?;
    context.ok_or_else(|| rejection(webhook.unverified))
}

/// Stores one event. Returns the reply to its sender, if there is one.
async fn store(
    state: &AppState,
    context: &ChannelContext,
    event: InboundEvent,
) -> Result<Option<WebhookReply>> {
    let inbound = &state.services.inbound;
    match event {
        InboundEvent::Message(message) => {
            if let Received::AccountLinked(locale) = inbound.receive(context, &message).await? {
                let text = link_confirmation_text(locale, &context.tenant.name);
                return Ok(Some(WebhookReply { to: message.from, text }));
            }
        }
        InboundEvent::Edit(message) => inbound.edit(context, &message).await?,
        InboundEvent::Status(reported) => {
            state.services.delivery.report(context, reported).await?;
        }
        InboundEvent::Reaction { receipt, message, reactions } => {
            inbound.react(context, &receipt, &message, &reactions).await?;
        }
        InboundEvent::Membership { receipt, transport, address, may_write } => {
            inbound.update_membership(context, &receipt, transport, &address, may_write).await?;
        }
    }
    Ok(None)
}

fn response(answer: WebhookAnswer) -> Result<Response> {
    let status = StatusCode::from_u16(answer.status).map_err(AppError::internal)?;
    Ok(match answer.content_type {
        Some(content_type) => (status, [(header::CONTENT_TYPE, content_type)], answer.body).into_response(),
        None => status.into_response(),
    })
}

fn rejection(rejection: WebhookRejection) -> AppError {
    match rejection {
        WebhookRejection::Forged => AppError::BadSignature,
        WebhookRejection::UnknownToken => AppError::BadToken,
        WebhookRejection::Malformed(why) => AppError::Malformed(why),
    }
}

/// Maps an error of storing an authentic webhook to one after which the provider tries again, which
/// it does for 5xx only. If a concurrent request has changed the record, the next attempt succeeds.
fn retry_later(error: AppError) -> AppError {
    match error {
        met @ (AppError::Conflict(_) | AppError::EditConflict | AppError::NotFound | AppError::Merged(_)) => {
            AppError::Unavailable(Box::new(met))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_comes_back_when_someone_else_was_quicker() {
        for met in [AppError::EditConflict, AppError::NotFound] {
            assert!(matches!(retry_later(met), AppError::Unavailable(_)));
        }
        assert!(matches!(retry_later(AppError::BadSignature), AppError::BadSignature));
    }
}
