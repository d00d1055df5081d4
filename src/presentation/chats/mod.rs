//! Chats: the list, the conversation, and what is done in it.

mod arrived;
mod composer;
mod create;
mod links;
mod list;
mod log;
mod messages;
mod parts;
mod presence;
mod read;
mod retry;
mod send;
mod show;
mod snippets;
mod spotlight;
mod unread;

use super::{
    feature::{Feature, Navigation},
    routes,
};
use crate::domain::Permission;

/// The name by which pages say that they belong here.
const NAME: &str = "chats";

/// Chats.
pub const FEATURE: Feature = Feature {
    name: NAME,
    navigation: Some(Navigation {
        label: "nav-chats",
        icon: "chat",
        href: routes::Chats::PATTERN,
        permission: Permission::ChatRead,
    }),
    spotlight: spotlight::SPOTLIGHT,
    routes: |table| {
        table
            .get(routes::Chats::PATTERN, list::show)
            .post(routes::Chats::PATTERN, create::submit)
            .get(routes::NewChat::PATTERN, create::form)
            .get(routes::ChatParts::PATTERN, parts::show)
            .get(routes::Chat::PATTERN, show::show)
            .put(routes::UnreadChat::PATTERN, unread::submit)
            .put(routes::Presence::PATTERN, presence::submit)
            .get(routes::Messages::PATTERN, messages::list)
            .post(routes::Messages::PATTERN, send::submit)
            .put(routes::ReadMessage::PATTERN, read::submit)
            .post(routes::RetryMessage::PATTERN, retry::submit)
            .put(routes::MessageArrived::PATTERN, arrived::submit)
    },
};
