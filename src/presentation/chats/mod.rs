//! Chats: the list, the page of a chat, its messages, quick replies and scheduled messages.

pub(crate) mod composer;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod live_updates;
pub(crate) mod messages;
pub(crate) mod page;
pub(crate) mod presence;
pub(crate) mod spotlight;
pub(crate) mod templates;
pub(crate) mod view;

use crate::domain::{EventKind, Permission};
use crate::presentation::http::{
    feature::{Badge, Feature, Navigation, PageEvents},
    routes,
};

/// The routes, the navigation link and the spotlight source of chats.
pub const FEATURE: Feature = Feature {
    badge: Some(Badge { label: "nav-chats-unread", count: |frame| frame.unread_chats }),
    events: PageEvents {
        whole_page: &[
            EventKind::MessageScheduled,
            EventKind::ScheduleChanged,
            EventKind::ScheduleCancelled,
            EventKind::ReachChanged,
        ],
        one_chat: &[
            EventKind::ChatCreated,
            EventKind::MessageReceived,
            EventKind::MessageSent,
            EventKind::MessageStatusChanged,
            EventKind::MessageFilesChanged,
            EventKind::MessageReactionsChanged,
            EventKind::MessageEdited,
            EventKind::MessageRead,
            EventKind::MessageUnread,
        ],
    },
    navigation: Some(Navigation {
        label: "nav-chats",
        icon: "chat",
        href: routes::Chats::PATTERN,
        permission: Permission::ChatRead,
    }),
    spotlight: spotlight::SPOTLIGHT,
    ..Feature::new("chats", |table| {
        table
            .get(routes::Chats::PATTERN, list::show)
            .post(routes::Chats::PATTERN, create::submit)
            .get(routes::NewChat::PATTERN, create::form)
            .get(routes::ChatUpdates::PATTERN, live_updates::show)
            .get(routes::Chat::PATTERN, page::show)
            .put(routes::UnreadChat::PATTERN, messages::actions::mark_unread)
            .put(routes::Presence::PATTERN, presence::submit)
            .get(routes::Messages::PATTERN, messages::list)
            .post(routes::Messages::PATTERN, messages::send::submit)
            .put(routes::ReadMessage::PATTERN, messages::actions::mark_read)
            .get(routes::Draft::PATTERN, composer::draft::show)
            .put(routes::Draft::PATTERN, composer::draft::save)
            .get(routes::ChatTemplates::PATTERN, composer::template_picker::list)
            .get(routes::ChatWhatsappTemplates::PATTERN, composer::whatsapp_templates::list)
            .get(routes::ChatWhatsappTemplate::PATTERN, composer::whatsapp_templates::form)
            .post(routes::ChatWhatsappTemplate::PATTERN, composer::whatsapp_templates::submit)
            .get(routes::ScheduledMessage::PATTERN, messages::scheduled::form)
            .put(routes::ScheduledMessage::PATTERN, messages::scheduled::change)
            .delete(routes::ScheduledMessage::PATTERN, messages::scheduled::cancel)
            .post(routes::SendNow::PATTERN, messages::scheduled::send_now)
            .get(routes::ScheduledMessages::PATTERN, messages::scheduled::list)
            .post(routes::RetryMessage::PATTERN, messages::actions::retry)
            .put(routes::ConfirmDelivery::PATTERN, messages::actions::confirm_delivery)
    })
};
