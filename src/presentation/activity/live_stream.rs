//! The live stream: server-sent events of the user's tenant, without gaps, and only those that the user may see.

use std::{convert::Infallible, time::Duration};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event as SseEvent, KeepAlive},
    },
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use crate::{
    domain::{EventId, Presence, Problem, RecordedEvent},
    error::Result,
    presentation::http::context::Ctx,
    services::LiveUpdate,
};

/// The interval of comments in a quiet stream, which show that the connection is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The time after which a browser reconnects.
const RECONNECT: Duration = Duration::from_secs(2);

/// Streams the events after `Last-Event-ID`, else after `?after=`, else from now on.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for an `after` that is no number.
pub async fn stream(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    let last =
        headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|id| id.parse().ok());
    let after: Option<EventId> =
        ctx.query.optional("after", |text| text.parse().map_err(|_| Problem::WrongType))?;
    let live = ctx.services().events.open_stream(&ctx.actor, ctx.token(), last.or(after)).await?;
    // Opens the stream at once, also where nothing happens for a while.
    let ready = SseEvent::default().retry(RECONNECT).comment("ready");
    let updates = stream::unfold(live.until(ctx.state.stop), |mut live| async move {
        let update = live.next().await?;
        Some((sse(&update), live))
    });
    let events = stream::iter([ready]).chain(updates).map(Ok::<_, Infallible>);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // Proxies that collect a response before they pass it on would delay the events.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(unbuffered, HeaderValue::from_static("no"));
    Ok(response)
}

fn sse(update: &LiveUpdate) -> SseEvent {
    match update {
        LiveUpdate::Event(recorded) => event_sse(recorded),
        LiveUpdate::Presence(presence) => presence_sse(presence),
    }
}

/// Without an id, so that a reader who comes back asks for the events after the last real one.
fn presence_sse(presence: &Presence) -> SseEvent {
    let user = json!({ "id": presence.user, "name": presence.name });
    let data = json!({ "type": "Presence", "chat_id": presence.chat, "user": user, "doing": presence.state });
    SseEvent::default().event("Presence").data(data.to_string())
}

fn event_sse(recorded: &RecordedEvent) -> SseEvent {
    let mut data = serde_json::to_value(&recorded.event).unwrap_or_default();
    if let Some(object) = data.as_object_mut() {
        object.insert("at".to_owned(), serde_json::to_value(recorded.at).unwrap_or_default());
    }
    let event = SseEvent::default().id(recorded.id.to_string()).event(recorded.event.kind().as_str());
    event.data(data.to_string())
}
