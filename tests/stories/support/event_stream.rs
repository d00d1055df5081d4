//! Live streams, by HTTP and without.

use std::time::Duration;

use aloqa::{
    domain::{EventId, RecordedEvent},
    services::{Actor, EventStream, LiveUpdate},
};
use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use serde_json::Value;

use crate::support::{
    TestEnv,
    http::{SOON, TestRequest},
};

/// Long compared with the delay of an event.
const SILENCE: Duration = Duration::from_millis(150);

impl TestEnv {
    /// The live stream of a user's API token, without HTTP.
    pub async fn open_stream(&self, user: &Actor, after: Option<EventId>) -> EventStream {
        self.services.events.open_stream(user, &self.token_of(user).await, after).await.unwrap()
    }
}

/// The next events of a stream, until it stays silent.
pub async fn events_until_silence(stream: &mut EventStream) -> Vec<RecordedEvent> {
    let mut events = Vec::new();
    while let Ok(update) = tokio::time::timeout(SILENCE, stream.next()).await {
        let Some(LiveUpdate::Event(event)) = update else { panic!("{update:?}") };
        events.push(event);
    }
    events
}

/// A connection to the live stream.
pub struct EventListener {
    pub headers: axum::http::HeaderMap,
    body: BodyDataStream,
    heard: String,
}

/// An event as a page receives it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedEvent {
    pub id: i64,
    pub name: String,
    pub data: Value,
}

impl TestRequest {
    /// Opens the stream that is requested.
    pub async fn listen(self) -> EventListener {
        let (site, request) = self.header("accept", "text/event-stream").request();
        let response = site.answer(request).await;
        let (parts, body): (_, Body) = response.into_parts();
        assert_eq!(parts.status.as_u16(), 200);
        EventListener { headers: parts.headers, body: body.into_data_stream(), heard: String::new() }
    }
}

impl EventListener {
    /// The next event; none when the stream has ended.
    pub async fn next(&mut self) -> Option<ReceivedEvent> {
        tokio::time::timeout(SOON, self.next_frame()).await.expect("the stream stays silent")
    }

    /// The next events, this many of them.
    pub async fn take(&mut self, count: usize) -> Vec<ReceivedEvent> {
        let mut taken = Vec::new();
        for _ in 0..count {
            taken.push(self.next().await.expect("the stream has ended"));
        }
        taken
    }

    /// The names of the next events.
    pub async fn names(&mut self, count: usize) -> Vec<String> {
        self.take(count).await.into_iter().map(|heard| heard.name).collect()
    }

    /// True if no event arrives for a time that is long compared with the delay of an event.
    pub async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(SILENCE, self.next_frame()).await.is_err()
    }

    async fn next_frame(&mut self) -> Option<ReceivedEvent> {
        loop {
            while let Some((frame, rest)) = self.heard.split_once("\n\n") {
                let (heard, rest) = (parse(frame), rest.to_owned());
                self.heard = rest;
                if heard.is_some() {
                    return heard;
                }
            }
            let chunk = self.body.next().await?.unwrap();
            self.heard.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

/// Parses a frame; none for one that is no event: a comment, or the reconnection time.
pub fn parse(frame: &str) -> Option<ReceivedEvent> {
    let field = |name: &str| {
        let value = |line: &'_ str| {
            line.strip_prefix(name)?.strip_prefix(':').map(|value| value.trim_start().to_owned())
        };
        frame.lines().find_map(value)
    };
    Some(ReceivedEvent {
        // Presence of users has no event id.
        id: field("id").map_or(0, |id| id.parse().unwrap()),
        name: field("event")?,
        data: serde_json::from_str(&field("data")?).unwrap(),
    })
}
