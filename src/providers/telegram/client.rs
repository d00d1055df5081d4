//! Sends messages through the Bot API, and fetches files from it.

use std::{fmt::Display, time::Duration};

use futures_util::{FutureExt as _, TryStreamExt as _, future::BoxFuture};
use reqwest::{
    Body, RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::providers::telegram::{
    answer,
    bot::Bot,
    card,
    plan::{FileKind, Step, kind_of, plan},
};
use crate::{
    domain::Transport,
    providers::{
        Outbound, OutboundFile, Outcome, Provider,
        calls::{cut_short, log, read, reason, unanswered},
        media::{FetchError, Fetched},
    },
};

/// The longest that a call with files may take; less than a worker holds a delivery.
const LONGEST_UPLOAD: Duration = Duration::from_secs(50);

/// A bot that carries messages.
#[derive(Clone, Debug)]
pub struct Telegram {
    bot: Bot,
}

impl Telegram {
    /// A bot that carries messages.
    #[must_use]
    pub fn new(bot: Bot) -> Self {
        Self { bot }
    }

    #[tracing::instrument(name = "telegram.send", skip_all, fields(message = %message.reference, part = message.parts.len()))]
    async fn deliver(&self, message: &Outbound) -> Outcome {
        let outcome = self.step(message).await;
        log(&outcome);
        outcome
    }

    /// Makes the first call that was not made yet.
    async fn step(&self, message: &Outbound) -> Outcome {
        let chat: i64 = match message.to.parse() {
            Ok(chat) if message.transport == Transport::Telegram => chat,
            _ => return Outcome::Refused(reason("a bot writes to numbers of Telegram only")),
        };
        let steps = plan(message);
        let Some(step) = steps.get(message.parts.len()) else {
            return match message.parts.last() {
                // All of it had gone out, and only that was not stored.
                Some(last) => Outcome::Accepted { provider_id: last.clone() },
                None => Outcome::Refused(reason("there is nothing to send")),
            };
        };
        let outcome = match self.request(chat, step, message).await {
            Ok(request) => call(request).await,
            Err(outcome) => outcome,
        };
        match outcome {
            Outcome::Accepted { provider_id } if message.parts.len() + 1 < steps.len() => {
                Outcome::Part { provider_id }
            }
            other => other,
        }
    }

    async fn request(&self, chat: i64, step: &Step, message: &Outbound) -> Result<RequestBuilder, Outcome> {
        Ok(match step {
            Step::Text(text) => {
                self.bot.request("sendMessage").json(&json!({ "chat_id": chat, "text": text }))
            }
            Step::Place(place) => self.bot.request("sendLocation").json(&json!({
                "chat_id": chat, "latitude": place.latitude, "longitude": place.longitude,
            })),
            Step::Files { kind, files, caption } => {
                let files: Vec<_> = files.iter().filter_map(|index| message.media.get(*index)).collect();
                if let (FileKind::Card, [file]) = (kind, files.as_slice())
                    && let Some(card) = card::read(&read_text(file).await?)
                {
                    return Ok(self.bot.request("sendContact").json(&json!({
                        "chat_id": chat, "phone_number": card.phone, "first_name": card.name,
                    })));
                }
                let (method, form) = match files.as_slice() {
                    [file] => (kind.method(), single(chat, *kind, file, caption).await?),
                    files => ("sendMediaGroup", album(chat, files, caption).await?),
                };
                self.bot.request(method).multipart(form).timeout(LONGEST_UPLOAD)
            }
        })
    }
}

impl Provider for Telegram {
    fn send<'a>(&'a self, message: &'a Outbound) -> BoxFuture<'a, Outcome> {
        self.deliver(message).boxed()
    }

    fn fetch<'a>(&'a self, source: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>> {
        self.bot.download(source).boxed()
    }
}

async fn call(request: RequestBuilder) -> Outcome {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return unanswered(&error),
    };
    let status = response.status();
    match read(response).await {
        Ok(body) => answer::outcome(status, &body),
        Err(error) => cut_short(&error),
    }
}

async fn single(chat: i64, kind: FileKind, file: &OutboundFile, caption: &str) -> Result<Form, Outcome> {
    let form = Form::new().text("chat_id", chat.to_string());
    let form = if caption.is_empty() { form } else { form.text("caption", caption.to_owned()) };
    Ok(form.part(kind.field(), part(file).await?))
}

async fn album(chat: i64, files: &[&OutboundFile], caption: &str) -> Result<Form, Outcome> {
    let media: Vec<Value> = files
        .iter()
        .enumerate()
        .map(|(index, file)| {
            let mut item = json!({ "type": kind_of(file).field(), "media": format!("attach://file{index}") });
            if index == 0 && !caption.is_empty() {
                item["caption"] = caption.into();
            }
            item
        })
        .collect();
    let mut form =
        Form::new().text("chat_id", chat.to_string()).text("media", Value::from(media).to_string());
    for (index, file) in files.iter().enumerate() {
        form = form.part(format!("file{index}"), part(file).await?);
    }
    Ok(form)
}

/// One that can't be opened now may be there later.
fn later(error: impl Display) -> Outcome {
    Outcome::Retry { after: None, reason: reason(&format!("a file can't be read: {error}")) }
}

/// A small file as text.
async fn read_text(file: &OutboundFile) -> Result<String, Outcome> {
    let content = (file.content)().await.map_err(later)?;
    let bytes = content.try_fold(Vec::new(), async |mut all, piece| {
        all.extend_from_slice(&piece);
        Ok(all)
    });
    Ok(String::from_utf8_lossy(&bytes.await.map_err(later)?).into_owned())
}

/// A file as it is uploaded.
async fn part(file: &OutboundFile) -> Result<Part, Outcome> {
    let content = (file.content)().await.map_err(later)?;
    let part = Part::stream_with_length(Body::wrap_stream(content), file.size).file_name(file.name.clone());
    part.mime_str(&file.content_type).map_err(later)
}
