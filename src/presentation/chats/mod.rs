//! Chats: the list, the conversation, and what is done in it.

mod composer;
mod create;
mod list;
mod log;
mod messages;
mod read;
mod retry;
mod send;
mod show;

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
    routes: |table| {
        table
            .get(routes::Chats::PATTERN, list::show)
            .post(routes::Chats::PATTERN, create::submit)
            .get(routes::NewChat::PATTERN, create::form)
            .get(routes::Chat::PATTERN, show::show)
            .get(routes::Messages::PATTERN, messages::list)
            .post(routes::Messages::PATTERN, send::submit)
            .put(routes::ReadMessage::PATTERN, read::submit)
            .post(routes::RetryMessage::PATTERN, retry::submit)
    },
};
