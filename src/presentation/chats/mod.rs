//! Chats: the list, the conversation, and what is done in it.

pub(crate) mod composer;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod live_updates;
pub(crate) mod messages;
pub(crate) mod page;
pub(crate) mod presence;
pub(crate) mod spotlight;
pub(crate) mod templates;

use crate::domain::{EventKind, Permission};
use crate::presentation::http::{
    feature::{Badge, Feature, Navigation, PageEvents},
    routes,
};

/// Chats.
pub const FEATURE: Feature = Feature {
    badge: Some(Badge {
        label: "nav-chats-unread",
        count: |state, actor| Box::pin(state.services.chats.count_unread(actor)),
    }),
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
            .put(routes::UnreadChat::PATTERN, crate::presentation::chats::messages::unread::submit)
            .put(routes::Presence::PATTERN, presence::submit)
            .get(routes::Messages::PATTERN, messages::list)
            .post(routes::Messages::PATTERN, crate::presentation::chats::messages::send::submit)
            .put(routes::ReadMessage::PATTERN, crate::presentation::chats::messages::actions::submit)
            .get(routes::Draft::PATTERN, crate::presentation::chats::composer::draft::show)
            .put(routes::Draft::PATTERN, crate::presentation::chats::composer::draft::save)
            .get(routes::ChatTemplates::PATTERN, crate::presentation::chats::composer::template_picker::list)
            .get(
                routes::ChatWhatsappTemplates::PATTERN,
                crate::presentation::chats::composer::whatsapp_templates::list,
            )
            .get(
                routes::ChatWhatsappTemplate::PATTERN,
                crate::presentation::chats::composer::whatsapp_templates::form,
            )
            .post(
                routes::ChatWhatsappTemplate::PATTERN,
                crate::presentation::chats::composer::whatsapp_templates::submit,
            )
            .get(routes::ScheduledMessage::PATTERN, crate::presentation::chats::messages::scheduled::form)
            .put(routes::ScheduledMessage::PATTERN, crate::presentation::chats::messages::scheduled::change)
            .delete(
                routes::ScheduledMessage::PATTERN,
                crate::presentation::chats::messages::scheduled::cancel,
            )
            .post(routes::SendNow::PATTERN, crate::presentation::chats::messages::scheduled::send_now)
            .get(
                routes::ScheduledMessages::PATTERN,
                crate::presentation::chats::messages::scheduled_more::list,
            )
            .post(routes::RetryMessage::PATTERN, crate::presentation::chats::messages::retry::submit)
            .put(routes::ConfirmDelivery::PATTERN, crate::presentation::chats::messages::arrived::submit)
    })
};
