//! The live stream: server-sent events of the reader's tenant, without gaps and only what the reader may know.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event as SseEvent, KeepAlive},
    },
};
use futures_util::stream;
use serde_json::json;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::Instant,
};

use crate::{
    domain::{EventId, Presence, Problem, RecordedEvent, TenantId},
    error::Result,
    presentation::http::context::Ctx,
    services::PresenceService,
};

/// How often a quiet stream says that it lives, and looks whether its reader still may read.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How soon a browser comes back after a lost connection.
const RECONNECT: Duration = Duration::from_secs(2);

/// Streams what comes after `Last-Event-ID`, else after `?after=`, else from now on.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a number that is none.
pub async fn stream(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    // Followed before the table is first read, so that nothing falls between.
    let wake_ups = ctx.services().events.subscribe();
    let presence = ctx.services().presence.subscribe();
    let last =
        headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|id| id.parse().ok());
    let after = ctx.query.optional("after", |text| text.parse().map_err(|_| Problem::WrongType))?;
    let newest = ctx.services().events.last_id(&ctx.actor).await?;
    // A number from the future is another tenant's, or from before a backup was restored: nothing would ever follow it.
    let last_event = last.or(after).map_or(newest, |id: EventId| id.min(newest));
    let reader = LiveStream {
        ctx,
        wake_ups,
        presence,
        last_event,
        buffered: VecDeque::new(),
        pending_presence: None,
        caught_up: false,
        recheck_at: Instant::now() + HEARTBEAT,
        is_open: false,
    };
    let events = stream::unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok::<_, Infallible>(event), reader))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // Proxies that collect an answer before they pass it on would hold the news back.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(unbuffered, HeaderValue::from_static("no"));
    Ok(response)
}

struct LiveStream {
    ctx: Ctx,
    wake_ups: Receiver<TenantId>,
    last_event: EventId,
    presence: Receiver<Presence>,
    buffered: VecDeque<RecordedEvent>,
    /// A colleague who was heard of.
    pending_presence: Option<Presence>,
    /// Whether all that there was has been read.
    caught_up: bool,
    /// When to look at the latest whether the reader still may read.
    recheck_at: Instant,
    is_open: bool,
}

impl LiveStream {
    /// The next event; none when the stream is to end.
    async fn next(&mut self) -> Option<SseEvent> {
        if !self.is_open {
            self.is_open = true;
            // Opens the stream at once, also where nothing happens for a while.
            return Some(SseEvent::default().retry(RECONNECT).comment("ready"));
        }
        loop {
            if let Some(recorded) = self.buffered.pop_front() {
                return Some(sse(&recorded));
            }
            if let Some(presence) = self.pending_presence.take() {
                return Some(presence_sse(&presence));
            }
            if self.caught_up {
                self.wait().await?;
                continue;
            }
            // A session that was ended, or a role that changed, takes effect on open streams too.
            self.ctx.actor = self.ctx.reauthenticate().await.ok()?;
            self.recheck_at = Instant::now() + HEARTBEAT;
            let (recorded, last_event) =
                self.ctx.state.services.events.after(&self.ctx.actor, self.last_event).await.ok()?;
            self.caught_up = last_event == self.last_event;
            self.last_event = last_event;
            self.buffered.extend(recorded);
        }
    }

    /// Waits until there may be news, until someone is at a chat, or until it is time to look whether the reader still
    /// may read. Colleagues come and go too often for that look to be taken for each of them.
    async fn wait(&mut self) -> Option<()> {
        let tenant = self.ctx.actor.tenant.id;
        let woken = async {
            loop {
                match self.wake_ups.recv().await {
                    Ok(other) if other != tenant => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
                    Err(RecvError::Closed) => return None,
                }
            }
        };
        let presence_changed = async {
            loop {
                match self.presence.recv().await {
                    Ok(presence) if PresenceService::is_visible_to(&self.ctx.actor, &presence) => {
                        return Some(presence);
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
            }
        };
        tokio::select! {
            rung = woken => {
                self.caught_up = false;
                rung
            }
            told = presence_changed => {
                self.pending_presence = Some(told?);
                Some(())
            }
            () = tokio::time::sleep_until(self.recheck_at) => {
                self.caught_up = false;
                Some(())
            }
            () = self.ctx.state.stop.cancelled() => None,
        }
    }
}

/// Without an id, so that a reader who comes back asks for the events after the last real one.
fn presence_sse(presence: &Presence) -> SseEvent {
    let user = json!({ "id": presence.user, "name": presence.name });
    let data = json!({ "type": "Presence", "chat_id": presence.chat, "user": user, "doing": presence.state });
    SseEvent::default().event("Presence").data(data.to_string())
}

fn sse(recorded: &RecordedEvent) -> SseEvent {
    let mut data = serde_json::to_value(&recorded.event).unwrap_or_default();
    if let Some(object) = data.as_object_mut() {
        object.insert("at".to_owned(), serde_json::to_value(recorded.at).unwrap_or_default());
    }
    let event = SseEvent::default().id(recorded.id.to_string()).event(recorded.event.kind().as_str());
    event.data(data.to_string())
}
