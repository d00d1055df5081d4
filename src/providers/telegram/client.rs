//! Sends messages through the Bot API and downloads files from it.

use std::fmt::Display;

use futures_util::{FutureExt as _, TryStreamExt as _, future::BoxFuture};
use reqwest::Client;
use serde_json::Value;
use teloxide_core::{
    RequestError,
    payloads::{
        SendAnimation, SendAudio, SendContact, SendDocument, SendLocation, SendMediaGroup, SendMessage,
        SendPhoto, SendVideo, SendVoice,
    },
    types::{
        ChatId, InputFile, InputMedia, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo,
    },
};
use tokio_util::io::StreamReader;

use crate::providers::telegram::{
    answer,
    bot::Bot,
    call,
    plan::{FileKind, Step, kind_of, plan},
    vcard,
};
use crate::{
    domain::Transport,
    providers::{
        OutboundFile, OutboundMessage, Outcome, Provider,
        calls::{log, reason},
        media::{FetchError, Fetched},
    },
};

/// The result of a call; an outcome if the call could not be made.
type Answer = Result<Result<Value, RequestError>, Outcome>;

/// The Telegram provider of one bot.
#[derive(Clone)]
pub struct Telegram {
    bot: Bot,
    /// A client of the same bot with the time-out for uploads.
    uploads: teloxide_core::Bot,
}

impl Telegram {
    /// Creates the provider of a bot. `uploads` should come from
    /// [`upload_client`](crate::providers::upload_client).
    #[must_use]
    pub fn new(bot: Bot, uploads: Client) -> Self {
        let uploads = bot.api_by(uploads);
        Self { bot, uploads }
    }

    #[tracing::instrument(name = "telegram.send", skip_all, fields(message = %message.reference, part = message.parts.len()))]
    async fn deliver(&self, message: &OutboundMessage) -> Outcome {
        let outcome = self.step(message).await;
        log(&outcome);
        outcome
    }

    /// Makes the first call that has not been made yet.
    async fn step(&self, message: &OutboundMessage) -> Outcome {
        let chat: i64 = match message.to.parse() {
            Ok(chat) if message.transport == Transport::Telegram => chat,
            _ => return Outcome::Refused(reason("a bot writes to numbers of Telegram only")),
        };
        let steps = plan(message);
        let Some(step) = steps.get(message.parts.len()) else {
            return match message.parts.last() {
                // All parts were sent, but the final outcome was not stored.
                Some(last) => Outcome::Accepted { provider_id: last.clone() },
                None => Outcome::Refused(reason("there is nothing to send")),
            };
        };
        let mut answer = self.call(ChatId(chat), step, message).await;
        // Telegram has sent nothing, and takes the same files as documents.
        if let (Step::Files { files, caption, .. }, Ok(Err(error))) = (step, &answer)
            && answer::is_wrong_kind(error)
        {
            let step =
                Step::Files { kind: FileKind::Document, files: files.clone(), caption: caption.clone() };
            answer = self.call(ChatId(chat), &step, message).await;
        }
        let outcome = answer.map_or_else(|outcome| outcome, answer::outcome);
        match outcome {
            Outcome::Accepted { provider_id } if message.parts.len() + 1 < steps.len() => {
                Outcome::PartAccepted { provider_id }
            }
            other => other,
        }
    }

    async fn call(&self, chat: ChatId, step: &Step, message: &OutboundMessage) -> Answer {
        let bot = self.bot.api();
        match step {
            Step::Text(text) => Ok(call::json(bot, SendMessage::new(chat, text)).await),
            Step::Location(place) => {
                Ok(call::json(bot, SendLocation::new(chat, place.latitude, place.longitude)).await)
            }
            Step::Files { kind, files, caption } => {
                let files: Vec<_> = files.iter().filter_map(|index| message.media.get(*index)).collect();
                let caption = (!caption.is_empty()).then(|| caption.clone());
                match files.as_slice() {
                    [file] => self.send_file(chat, *kind, file, caption).await,
                    files => self.send_album(chat, *kind, files, caption).await,
                }
            }
        }
    }

    async fn send_file(
        &self,
        chat: ChatId,
        kind: FileKind,
        file: &OutboundFile,
        caption: Option<String>,
    ) -> Answer {
        if kind == FileKind::Card
            && let Some(card) = vcard::read(&read_text(file).await?)
        {
            return Ok(call::json(self.bot.api(), SendContact::new(chat, card.phone, card.name)).await);
        }
        let (bot, file) = (&self.uploads, upload(file).await?);
        Ok(match kind {
            FileKind::Photo => {
                call::multipart(bot, SendPhoto { caption, ..SendPhoto::new(chat, file) }).await
            }
            FileKind::Video => {
                call::multipart(bot, SendVideo { caption, ..SendVideo::new(chat, file) }).await
            }
            FileKind::Animation => {
                call::multipart(bot, SendAnimation { caption, ..SendAnimation::new(chat, file) }).await
            }
            FileKind::Audio => {
                call::multipart(bot, SendAudio { caption, ..SendAudio::new(chat, file) }).await
            }
            FileKind::Voice => {
                call::multipart(bot, SendVoice { caption, ..SendVoice::new(chat, file) }).await
            }
            FileKind::Document | FileKind::Card => {
                call::multipart(bot, SendDocument { caption, ..SendDocument::new(chat, file) }).await
            }
        })
    }

    /// Sends files as an album with the caption below the first. In an album of documents, pictures are documents too.
    async fn send_album(
        &self,
        chat: ChatId,
        kind: FileKind,
        files: &[&OutboundFile],
        mut caption: Option<String>,
    ) -> Answer {
        let mut media = Vec::with_capacity(files.len());
        for file in files {
            let kind = if kind == FileKind::Document { kind } else { kind_of(file) };
            media.push(album_item(kind, upload(file).await?, caption.take()));
        }
        Ok(call::multipart(&self.uploads, SendMediaGroup::new(chat, media)).await)
    }
}

impl Provider for Telegram {
    fn send<'a>(&'a self, message: &'a OutboundMessage) -> BoxFuture<'a, Outcome> {
        self.deliver(message).boxed()
    }

    fn fetch<'a>(&'a self, source: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>> {
        self.bot.download(source).boxed()
    }
}

/// An item of an album. Documents are never mixed with photos, videos or audio files.
fn album_item(kind: FileKind, file: InputFile, caption: Option<String>) -> InputMedia {
    match kind {
        FileKind::Photo => InputMedia::Photo(InputMediaPhoto { caption, ..InputMediaPhoto::new(file) }),
        FileKind::Video => InputMedia::Video(InputMediaVideo { caption, ..InputMediaVideo::new(file) }),
        FileKind::Audio => InputMedia::Audio(InputMediaAudio { caption, ..InputMediaAudio::new(file) }),
        FileKind::Animation | FileKind::Voice | FileKind::Document | FileKind::Card => {
            InputMedia::Document(InputMediaDocument { caption, ..InputMediaDocument::new(file) })
        }
    }
}

/// The outcome of a file that cannot be opened now, but maybe later.
fn later(error: impl Display) -> Outcome {
    Outcome::Retry { after: None, reason: reason(&format!("a file can't be read: {error}")) }
}

/// Reads a small file as text.
async fn read_text(file: &OutboundFile) -> Result<String, Outcome> {
    let content = (file.content)().await.map_err(later)?;
    let bytes = content.try_fold(Vec::new(), async |mut all, piece| {
        all.extend_from_slice(&piece);
        Ok(all)
    });
    Ok(String::from_utf8_lossy(&bytes.await.map_err(later)?).into_owned())
}

/// An upload that streams the file from the storage. Telegram detects the type from the name and
/// the content.
async fn upload(file: &OutboundFile) -> Result<InputFile, Outcome> {
    let content = (file.content)().await.map_err(later)?;
    Ok(InputFile::read(StreamReader::new(content)).file_name(file.name.clone()))
}
