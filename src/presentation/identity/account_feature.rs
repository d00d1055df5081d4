//! One's own account: name, language, colours, keys, password.

use crate::presentation::{
    http::{feature::Feature, routes},
    search::{Destination, Kind, Spotlight},
};

/// The name by which its page says that it belongs here.
pub(crate) const NAME: &str = "account";

/// One's own account.
pub const FEATURE: Feature = Feature {
    name: NAME,
    navigation: None,
    spotlight: Spotlight {
        destinations: &[
            Destination {
                kind: Kind::Page,
                title: "account-title",
                icon: "people",
                href: routes::Account::PATTERN,
                is_post: false,
                permission: None,
            },
            Destination {
                kind: Kind::Page,
                title: "notifications-title",
                icon: "sound",
                href: routes::AccountNotifications::PATTERN,
                is_post: false,
                permission: None,
            },
        ],
        sources: &[],
    },
    routes: |table| {
        table
            .get(routes::Account::PATTERN, crate::presentation::identity::account::show)
            .put(routes::Account::PATTERN, crate::presentation::identity::account::update)
            .put(routes::LayoutPreferences::PATTERN, crate::presentation::ui::frame::update)
            .put(routes::AccountPassword::PATTERN, crate::presentation::identity::password::update)
            .get(
                routes::AccountNotifications::PATTERN,
                crate::presentation::activity::notification_settings::show,
            )
            .put(
                routes::AccountNotifications::PATTERN,
                crate::presentation::activity::notification_settings::update,
            )
            .post(
                routes::NotificationLink::PATTERN,
                crate::presentation::activity::notification_settings::link,
            )
            .delete(
                routes::NotificationLink::PATTERN,
                crate::presentation::activity::notification_settings::unlink,
            )
    },
};
