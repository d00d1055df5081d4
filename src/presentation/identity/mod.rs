//! Signing in and out, and the user's own account.

pub(crate) mod account;
pub(crate) mod layout_preferences;
pub(crate) mod sign_in;

pub(in crate::presentation) use crate::presentation::identity::sign_in::{local_path, session_cookie};

use crate::presentation::{
    activity::notification_settings,
    http::{
        feature::{Feature, SettingsSection},
        routes,
    },
    search::{Destination, Kind, Spotlight},
};

/// The routes of signing in and out, and of the start page.
pub const FEATURE: Feature = Feature {
    spotlight: Spotlight {
        destinations: &[Destination {
            kind: Kind::Action,
            title: "sign-out",
            icon: "exit",
            href: routes::Logout::PATTERN,
            is_post: true,
            permission: None,
        }],
        sources: &[],
    },
    ..Feature::new("identity", |table| {
        table
            .get(routes::Home::PATTERN, sign_in::home)
            .get(routes::Login::PATTERN, sign_in::show)
            .post(routes::Login::PATTERN, sign_in::submit)
            .post(routes::Logout::PATTERN, sign_in::sign_out)
    })
};

/// The routes and settings pages of the user's own account.
pub const ACCOUNT: Feature = Feature {
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
            .get(routes::Account::PATTERN, account::show)
            .put(routes::Account::PATTERN, account::update)
            .put(routes::LayoutPreferences::PATTERN, layout_preferences::update)
            .put(routes::AccountPassword::PATTERN, account::change_password)
            .get(routes::AccountNotifications::PATTERN, notification_settings::show)
            .put(routes::AccountNotifications::PATTERN, notification_settings::update)
            .post(routes::NotificationLink::PATTERN, notification_settings::link)
            .delete(routes::NotificationLink::PATTERN, notification_settings::unlink)
    })
};
