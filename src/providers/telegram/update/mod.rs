//! Reads the updates that Telegram posts, forgivingly: a field of a kind that we don't know costs that field, never the
//! message.
//!
//! Nothing here proves who posted it; the header does.

mod files;
mod text;

use serde_json::Value;

use crate::domain::SharedContact;
use crate::providers::telegram::answer::provider_id;
use crate::providers::telegram::update::{files::files, text::text};

/// A body that is no update.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an update: {0}")]
pub struct Malformed(
    /// What is wrong with it.
    pub &'static str,
);

/// An update. It has no `Debug`, so that its text can't slip into a log.
pub struct Update {
    /// Its number, the same on every repetition.
    pub id: i64,
    /// What it tells.
    pub content: Content,
}

/// What an update tells.
pub enum Content {
    /// A client wrote.
    Message(Box<IncomingMessage>),
    /// A client changed what it had written.
    Edit(Box<IncomingMessage>),
    /// A client blocked the bot, or let it write again.
    Membership {
        /// Whose chat it is.
        user: TelegramUser,
        /// Whether the bot may write to them.
        may_write: bool,
    },
    /// Nothing for us: a group, a channel, a kind that we don't use.
    Ignored,
}

/// Who wrote.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TelegramUser {
    /// The number of their account, which is also that of their chat with the bot.
    pub id: i64,
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    pub last_name: Option<String>,
    /// Their username, without `@`.
    pub username: Option<String>,
    /// The language of their program.
    pub language: Option<String>,
}

/// A message.
pub struct IncomingMessage {
    /// What we call it.
    pub provider_id: String,
    /// Who wrote it.
    pub from: TelegramUser,
    /// Its text, or what stands for what has none; empty for files alone.
    pub text: String,
    /// Its files.
    pub files: Vec<IncomingFile>,
    /// What the pictures of an album have in common.
    pub album: Option<String>,
    /// The contact that was shared.
    pub contact: Option<SharedContact>,
    /// What the link said by which they came; empty when it said nothing.
    pub start: Option<String>,
    /// When it was written, in seconds since 1970.
    pub date: i64,
    /// When it was last changed.
    pub edited: Option<i64>,
    /// Whether it is a place that moves: its changes are no news.
    pub is_live_location: bool,
}

/// A file, still at Telegram.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IncomingFile {
    /// By what the Bot API finds it.
    pub id: String,
    /// A name to show.
    pub name: String,
    /// As Telegram says.
    pub content_type: String,
}

impl Update {
    /// Reads the body of a webhook.
    ///
    /// # Errors
    /// [`Malformed`] for what is not JSON, or has no number.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let update: Value = serde_json::from_slice(body).map_err(|_| Malformed("not JSON"))?;
        let id = update["update_id"].as_i64().ok_or(Malformed("no update_id"))?;
        let content = if update["message"].is_object() {
            message(&update["message"]).map_or(Content::Ignored, |new| Content::Message(Box::new(new)))
        } else if update["edited_message"].is_object() {
            message(&update["edited_message"]).map_or(Content::Ignored, |edit| Content::Edit(Box::new(edit)))
        } else {
            membership(&update["my_chat_member"]).unwrap_or(Content::Ignored)
        };
        Ok(Self { id, content })
    }
}

/// What changes a chat and says nothing.
const SERVICE: [&str; 12] = [
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
    "users_shared",
    "chat_shared",
    "proximity_alert_triggered",
    "boost_added",
    "successful_payment",
    "refunded_payment",
    "web_app_data",
];

fn message(message: &Value) -> Option<IncomingMessage> {
    let from = user(&message["chat"], &message["from"])?;
    let id = message["message_id"].as_i64()?;
    if SERVICE.iter().any(|kind| !message[kind].is_null()) {
        return None;
    }
    Some(IncomingMessage {
        provider_id: provider_id(from.id, id),
        text: text(message),
        files: files(message),
        album: word(&message["media_group_id"]),
        contact: contact(message, &from),
        start: start(message),
        date: message["date"].as_i64().unwrap_or(0),
        edited: message["edit_date"].as_i64(),
        is_live_location: message["location"]["live_period"].is_number(),
        from,
    })
}

/// Whoever a private chat is with; none for other chats, and for bots.
fn user(chat: &Value, from: &Value) -> Option<TelegramUser> {
    if chat["type"].as_str() != Some("private") || from["is_bot"].as_bool() == Some(true) {
        return None;
    }
    let either = |name: &str| word(&from[name]).or_else(|| word(&chat[name]));
    Some(TelegramUser {
        id: chat["id"].as_i64().filter(|id| *id > 0)?,
        first_name: either("first_name").unwrap_or_default(),
        last_name: either("last_name"),
        username: either("username"),
        language: word(&from["language_code"]),
    })
}

fn membership(change: &Value) -> Option<Content> {
    let user = user(&change["chat"], &change["from"])?;
    let may_write = match change["new_chat_member"]["status"].as_str()? {
        "kicked" | "left" => false,
        "member" | "administrator" | "creator" | "restricted" => true,
        _ => return None,
    };
    Some(Content::Membership { user, may_write })
}

fn contact(message: &Value, from: &TelegramUser) -> Option<SharedContact> {
    let contact = &message["contact"];
    let name = [&contact["first_name"], &contact["last_name"]].into_iter().filter_map(word);
    Some(SharedContact {
        name: name.collect::<Vec<_>>().join(" "),
        phone: word(&contact["phone_number"])?,
        own: contact["user_id"].as_i64() == Some(from.id),
    })
}

/// What follows `/start`, when the message begins with that command.
fn start(message: &Value) -> Option<String> {
    let is_command = message["entities"]
        .as_array()?
        .iter()
        .any(|entity| entity["type"] == "bot_command" && entity["offset"] == 0 && entity["length"] == 6);
    let rest = message["text"].as_str()?.strip_prefix("/start").filter(|_| is_command)?;
    Some(rest.trim().chars().take(64).collect())
}

/// A text that says something.
fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;
