//! The live stream: server-sent events of the reader's tenant, without gaps and only what the reader may know.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    extract::State,
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

use crate::presentation::{
    AppState,
    http::extract::{Query, SignedIn},
};
use crate::{
    domain::{EventId, Presence, Problem, Recorded, TenantId},
    error::Result,
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
pub async fn stream(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query,
    headers: HeaderMap,
) -> Result<Response> {
    // Followed before the table is first read, so that nothing falls between.
    let bell = state.services.events.follow();
    let presence = state.services.presence.follow();
    let last =
        headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|id| id.parse().ok());
    let after = query.optional("after", |text| text.parse().map_err(|_| Problem::WrongType))?;
    let newest = state.services.events.last_id(&signed_in.actor).await?;
    // A number from the future is another tenant's, or from before a backup was restored: nothing would ever follow it.
    let seen = last.or(after).map_or(newest, |id: EventId| id.min(newest));
    let reader = Reader {
        state,
        signed_in,
        bell,
        presence,
        seen,
        waiting: VecDeque::new(),
        present: None,
        caught_up: false,
        recheck: Instant::now() + HEARTBEAT,
        greeted: false,
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

struct Reader {
    state: AppState,
    signed_in: SignedIn,
    bell: Receiver<TenantId>,
    seen: EventId,
    presence: Receiver<Presence>,
    waiting: VecDeque<Recorded>,
    /// A colleague who was heard of.
    present: Option<Presence>,
    /// Whether all that there was has been read.
    caught_up: bool,
    /// When to look at the latest whether the reader still may read.
    recheck: Instant,
    greeted: bool,
}

impl Reader {
    /// The next event; none when the stream is to end.
    async fn next(&mut self) -> Option<SseEvent> {
        if !self.greeted {
            self.greeted = true;
            // Opens the stream at once, also where nothing happens for a while.
            return Some(SseEvent::default().retry(RECONNECT).comment("ready"));
        }
        loop {
            if let Some(recorded) = self.waiting.pop_front() {
                return Some(sse(&recorded));
            }
            if let Some(presence) = self.present.take() {
                return Some(presence_sse(&presence));
            }
            if self.caught_up {
                self.wait().await?;
                continue;
            }
            // A session that was ended, or a role that changed, takes effect on open streams too.
            self.signed_in.actor = self.signed_in.again(&self.state.services.identity).await.ok()?;
            self.recheck = Instant::now() + HEARTBEAT;
            let (recorded, seen) =
                self.state.services.events.after(&self.signed_in.actor, self.seen).await.ok()?;
            self.caught_up = seen == self.seen;
            self.seen = seen;
            self.waiting.extend(recorded);
        }
    }

    /// Waits until there may be news, until someone is at a chat, or until it is time to look whether the reader still
    /// may read. Colleagues come and go too often for that look to be taken for each of them.
    async fn wait(&mut self) -> Option<()> {
        let tenant = self.signed_in.actor.tenant.id;
        let rung = async {
            loop {
                match self.bell.recv().await {
                    Ok(other) if other != tenant => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
                    Err(RecvError::Closed) => return None,
                }
            }
        };
        let told = async {
            loop {
                match self.presence.recv().await {
                    Ok(presence) if PresenceService::is_for(&self.signed_in.actor, &presence) => {
                        return Some(presence);
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
            }
        };
        tokio::select! {
            rung = rung => {
                self.caught_up = false;
                rung
            }
            told = told => {
                self.present = Some(told?);
                Some(())
            }
            () = tokio::time::sleep_until(self.recheck) => {
                self.caught_up = false;
                Some(())
            }
            () = self.state.stop.cancelled() => None,
        }
    }
}

/// Without an id, so that a reader who comes back asks for the events after the last real one.
fn presence_sse(presence: &Presence) -> SseEvent {
    let user = json!({ "id": presence.user, "name": presence.name });
    let data = json!({ "type": "Presence", "chat_id": presence.chat, "user": user, "doing": presence.doing });
    SseEvent::default().event("Presence").data(data.to_string())
}

fn sse(recorded: &Recorded) -> SseEvent {
    let mut data = serde_json::to_value(&recorded.event).unwrap_or_default();
    if let Some(object) = data.as_object_mut() {
        object.insert("at".to_owned(), serde_json::to_value(recorded.at).unwrap_or_default());
    }
    let event = SseEvent::default().id(recorded.id.to_string()).event(recorded.event.kind().as_str());
    event.data(data.to_string())
}
