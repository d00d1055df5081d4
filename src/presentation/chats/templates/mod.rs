//! Quick replies, in code message templates; paths call them instant messages.

pub(crate) mod edit;
pub(crate) mod form;
pub(crate) mod list;
pub(crate) mod spotlight;
pub(crate) mod view;

use crate::domain::{EventKind, Permission};
use crate::presentation::http::{
    feature::{Feature, Navigation, PageEvents},
    routes,
};

/// The routes, the navigation link and the spotlight source of quick replies.
pub const FEATURE: Feature = Feature {
    events: PageEvents {
        whole_page: &[EventKind::TemplateCreated, EventKind::TemplateUpdated, EventKind::TemplateDeleted],
        ..PageEvents::NONE
    },
    navigation: Some(Navigation {
        label: "nav-instant-messages",
        icon: "bolt",
        href: routes::InstantMessages::PATTERN,
        permission: Permission::MessageTemplateRead,
    }),
    spotlight: spotlight::SPOTLIGHT,
    ..Feature::new("message templates", |table| {
        table
            .get(routes::InstantMessages::PATTERN, list::show)
            .post(routes::InstantMessages::PATTERN, edit::create)
            .get(routes::NewInstantMessage::PATTERN, edit::new_form)
            .get(routes::InstantMessage::PATTERN, edit::show)
            .put(routes::InstantMessage::PATTERN, edit::update)
            .delete(routes::InstantMessage::PATTERN, edit::delete)
            .get(routes::EditInstantMessage::PATTERN, edit::edit_form)
    })
};
