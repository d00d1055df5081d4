//! One's own account: name, language, colours, keys, password.

use crate::presentation::http::{
    feature::{Feature, SettingsSection},
    routes,
};

/// One's own account.
pub const FEATURE: Feature = Feature {
    settings: &[
        SettingsSection {
            title: "account-title",
            icon: "people",
            href: routes::Account::PATTERN,
            permission: None,
        },
        SettingsSection {
            title: "notifications-title",
            icon: "sound",
            href: routes::AccountNotifications::PATTERN,
            permission: None,
        },
    ],
    ..Feature::new("account", |table| {
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
    })
};
