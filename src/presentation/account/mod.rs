//! One's own account: name, language, colours, keys, password.

mod frame;
mod notifications;
mod password;
mod show;

use crate::presentation::{
    feature::Feature,
    routes,
    spotlight::{Kind, Place, Spotlight},
};

/// The name by which its page says that it belongs here.
const NAME: &str = "account";

/// One's own account.
pub const FEATURE: Feature = Feature {
    name: NAME,
    navigation: None,
    spotlight: Spotlight {
        places: &[
            Place {
                kind: Kind::Page,
                title: "account-title",
                icon: "people",
                href: routes::Account::PATTERN,
                posts: false,
                permission: None,
            },
            Place {
                kind: Kind::Page,
                title: "notifications-title",
                icon: "sound",
                href: routes::AccountNotifications::PATTERN,
                posts: false,
                permission: None,
            },
        ],
        sources: &[],
    },
    routes: |table| {
        table
            .get(routes::Account::PATTERN, show::show)
            .put(routes::Account::PATTERN, show::update)
            .put(routes::Frame::PATTERN, frame::update)
            .put(routes::AccountPassword::PATTERN, password::update)
            .get(routes::AccountNotifications::PATTERN, notifications::show)
            .put(routes::AccountNotifications::PATTERN, notifications::update)
            .post(routes::NotificationLink::PATTERN, notifications::link)
            .delete(routes::NotificationLink::PATTERN, notifications::unlink)
    },
};
