//! Chats: the list, the conversation, and what is done in it.

mod approved;
mod arrived;
mod composer;
mod create;
mod draft;
mod find;
mod links;
mod list;
mod log;
mod messages;
mod offer;
mod parts;
mod presence;
mod previews;
mod read;
mod retry;
mod schedule;
mod scheduled;
mod send;
mod show;
mod snippets;
mod spotlight;
mod templates;
mod unread;
mod ways;
mod window;

use crate::domain::Permission;
use crate::presentation::{
    feature::{Feature, Navigation},
    routes,
};

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
            .get(routes::Draft::PATTERN, draft::show)
            .put(routes::Draft::PATTERN, draft::save)
            .get(routes::ChatTemplates::PATTERN, templates::list)
            .get(routes::ChatApproved::PATTERN, approved::list)
            .get(routes::ChatApprovedTemplate::PATTERN, approved::form)
            .post(routes::ChatApprovedTemplate::PATTERN, approved::submit)
            .get(routes::Schedule::PATTERN, schedule::form)
            .put(routes::Schedule::PATTERN, schedule::change)
            .delete(routes::Schedule::PATTERN, schedule::cancel)
            .post(routes::SendNow::PATTERN, schedule::send_now)
            .get(routes::ScheduledMessages::PATTERN, scheduled::list)
            .post(routes::RetryMessage::PATTERN, retry::submit)
            .put(routes::MessageArrived::PATTERN, arrived::submit)
    },
};
