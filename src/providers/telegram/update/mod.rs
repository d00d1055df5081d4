//! Parses the updates that Telegram posts. The parser is lenient: an unknown field is ignored and
//! never costs the message.
//!
//! It does not authenticate the sender; the header with the secret token does.

mod files;
mod text;

use serde_json::Value;

use crate::domain::{ContentKind, SharedContact};
use crate::providers::telegram::answer::provider_id;
pub use crate::providers::telegram::update::files::IncomingFile;
use crate::providers::telegram::update::{
    files::{files, word},
    text::{kind, text},
};

/// The error of a body that is not an update.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an update: {0}")]
pub struct Malformed(
    /// The reason.
    pub &'static str,
);

/// An update. There is no `Debug`, so that its text cannot appear in a log.
pub struct Update {
    /// The update's number, which is the same when it is posted again.
    pub id: i64,
    /// The content of the update.
    pub content: Content,
}

/// The content of an update.
pub enum Content {
    /// A client sent a message.
    Message(Box<IncomingMessage>),
    /// A client edited a message.
    Edit(Box<IncomingMessage>),
    /// A client changed its reactions to a message.
    Reaction {
        /// The provider id of the message.
        message: String,
        /// The present reactions.
        emoji: Vec<String>,
        /// The time of the change, in seconds since 1970.
        date: i64,
    },
    /// A client blocked or unblocked the bot.
    Membership {
        /// The client in the chat.
        user: TelegramUser,
        /// True if the bot may write to the client.
        may_write: bool,
    },
    /// Content that is not used: groups, channels and other kinds.
    Ignored,
}

/// A Telegram user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TelegramUser {
    /// The id of the account, which is also that of the chat with the bot.
    pub id: i64,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: Option<String>,
    /// The username, without `@`.
    pub username: Option<String>,
    /// The language of the user's app.
    pub language: Option<String>,
}

/// An inbound message.
pub struct IncomingMessage {
    /// The provider id of the message.
    pub provider_id: String,
    /// The sender.
    pub from: TelegramUser,
    /// The text, or a substitute for content without one; empty for files alone.
    pub text: String,
    /// The files of the message.
    pub files: Vec<IncomingFile>,
    /// The id of the album that the message belongs to.
    pub album: Option<String>,
    /// The kind of a content without words of its own.
    pub kind: Option<ContentKind>,
    /// The author of a forwarded message; empty if Telegram does not name the author.
    pub forwarded_from: Option<String>,
    /// The provider id of the message that this one replies to.
    pub reply_to: Option<String>,
    /// The number of the message in the chat, in the order of writing.
    pub number: i64,
    /// The contact that was shared.
    pub contact: Option<SharedContact>,
    /// The parameter of the link that the client followed; empty for a link without one.
    pub start: Option<String>,
    /// The time of the message, in seconds since 1970.
    pub date: i64,
    /// The time of the last edit.
    pub edited: Option<i64>,
    /// True for a live location, whose updates are ignored.
    pub is_live_location: bool,
}

impl Update {
    /// Parses the body of a webhook.
    ///
    /// # Errors
    /// [`Malformed`] for a body that is not JSON or has no `update_id`.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let update: Value = serde_json::from_slice(body).map_err(|_| Malformed("not JSON"))?;
        let id = update["update_id"].as_i64().ok_or(Malformed("no update_id"))?;
        let content = if update["message"].is_object() {
            message(&update["message"]).map_or(Content::Ignored, |new| Content::Message(Box::new(new)))
        } else if update["edited_message"].is_object() {
            message(&update["edited_message"]).map_or(Content::Ignored, |edit| Content::Edit(Box::new(edit)))
        } else if update["message_reaction"].is_object() {
            reaction(&update["message_reaction"]).unwrap_or(Content::Ignored)
        } else {
            membership(&update["my_chat_member"]).unwrap_or(Content::Ignored)
        };
        Ok(Self { id, content })
    }
}

/// Fields of service messages, which announce a change of the chat and have no content.
const SERVICE: [&str; 48] = [
    "channel_chat_created",
    "chat_owner_changed",
    "chat_owner_left",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "delete_chat_photo",
    "direct_message_price_changed",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "gift",
    "gift_upgrade_sent",
    "giveaway_completed",
    "giveaway_created",
    "group_chat_created",
    "left_chat_member",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "passport_data",
    "suggested_post_approved",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "supergroup_chat_created",
    "unique_gift",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
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
        kind: kind(message),
        forwarded_from: forwarded_from(message),
        reply_to: message["reply_to_message"]["message_id"].as_i64().map(|id| provider_id(from.id, id)),
        number: id,
        contact: contact(message, &from),
        start: start(message),
        date: message["date"].as_i64().unwrap_or(0),
        edited: message["edit_date"].as_i64(),
        is_live_location: message["location"]["live_period"].is_number(),
        from,
    })
}

/// The user of a private chat; `None` for other chats and for bots.
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

/// The maximum number of reactions that are kept. A user has at most three.
const MAX_REACTIONS: usize = 8;
/// The maximum length of an emoji, in characters.
const MAX_EMOJI: usize = 16;

/// The reactions of a client to a message of its chat. Custom emoji are pictures that only Telegram has.
fn reaction(change: &Value) -> Option<Content> {
    let from = user(&change["chat"], &change["user"])?;
    let emoji =
        change["new_reaction"].as_array()?.iter().take(MAX_REACTIONS).map(|reaction| match reaction["type"]
            .as_str()
        {
            Some("paid") => "⭐".to_owned(),
            _ => word(&reaction["emoji"])
                .map_or("🙂".to_owned(), |emoji| emoji.chars().take(MAX_EMOJI).collect()),
        });
    Some(Content::Reaction {
        message: provider_id(from.id, change["message_id"].as_i64()?),
        emoji: emoji.collect(),
        date: change["date"].as_i64().unwrap_or(0),
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

/// The author of a forwarded message, as the current or an earlier Bot API names it.
fn forwarded_from(message: &Value) -> Option<String> {
    let person = |user: &Value| {
        let parts: Vec<_> = [&user["first_name"], &user["last_name"]].into_iter().filter_map(word).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    let origin = &message["forward_origin"];
    let names = [
        person(&origin["sender_user"]),
        word(&origin["sender_user_name"]),
        word(&origin["sender_chat"]["title"]),
        word(&origin["chat"]["title"]),
        person(&message["forward_from"]),
        word(&message["forward_sender_name"]),
        word(&message["forward_from_chat"]["title"]),
    ];
    let is_forwarded = origin.is_object() || message["forward_date"].is_number();
    is_forwarded.then(|| names.into_iter().flatten().next().unwrap_or_default())
}

/// The parameter of a `/start` command at the beginning of the message.
fn start(message: &Value) -> Option<String> {
    let is_command = message["entities"]
        .as_array()?
        .iter()
        .any(|entity| entity["type"] == "bot_command" && entity["offset"] == 0 && entity["length"] == 6);
    let rest = message["text"].as_str()?.strip_prefix("/start").filter(|_| is_command)?;
    Some(rest.trim().chars().take(64).collect())
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;
