//! Message templates, which the product calls instant messages.

pub(crate) mod delete;
pub(crate) mod edit;
pub(crate) mod form;
pub(crate) mod list;
pub(crate) mod spotlight;

use crate::domain::Permission;
use crate::presentation::http::{
    feature::{Feature, Navigation},
    routes,
};

/// The name by which pages say that they belong here.
const NAME: &str = "instant messages";

/// Message templates.
pub const FEATURE: Feature = Feature {
    name: NAME,
    navigation: Some(Navigation {
        label: "nav-instant-messages",
        icon: "bolt",
        href: routes::InstantMessages::PATTERN,
        permission: Permission::MessageTemplateRead,
    }),
    spotlight: spotlight::SPOTLIGHT,
    routes: |table| {
        table
            .get(routes::InstantMessages::PATTERN, list::show)
            .post(routes::InstantMessages::PATTERN, edit::create)
            .get(routes::NewInstantMessage::PATTERN, edit::new_form)
            .get(routes::InstantMessage::PATTERN, edit::show)
            .put(routes::InstantMessage::PATTERN, edit::update)
            .delete(routes::InstantMessage::PATTERN, delete::submit)
            .get(routes::EditInstantMessage::PATTERN, edit::edit_form)
    },
};
