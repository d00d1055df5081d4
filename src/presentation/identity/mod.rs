//! Signing in and out, and the user's own account.

pub(crate) mod access_link;
pub(crate) mod account;
pub(crate) mod api_keys;
pub(crate) mod layout_preferences;
pub(crate) mod roles;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod team;
pub(crate) mod two_factor;
mod view;
pub(crate) mod workspace;

pub(in crate::presentation) use crate::presentation::identity::{
    sign_in::{local_path, session_cookie},
    view::device_name,
};

use crate::domain::Permission;
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
            .get(routes::AccessLink::PATTERN, access_link::show)
            .post(routes::AccessLink::PATTERN, access_link::submit)
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
        SettingsSection {
            title: "two-factor-title",
            icon: "details",
            href: routes::TwoFactor::PATTERN,
            permission: None,
        },
        SettingsSection {
            title: "sessions-title",
            icon: "names",
            href: routes::Sessions::PATTERN,
            permission: None,
        },
        SettingsSection {
            title: "api-keys-title",
            icon: "doc",
            href: routes::ApiKeys::PATTERN,
            permission: None,
        },
    ],
    ..Feature::new("account", |table| {
        table
            .get(routes::Account::PATTERN, account::show)
            .put(routes::Account::PATTERN, account::update)
            .put(routes::LayoutPreferences::PATTERN, layout_preferences::update)
            .put(routes::AccountPassword::PATTERN, account::change_password)
            .get(routes::TwoFactor::PATTERN, two_factor::show)
            .post(routes::TwoFactor::PATTERN, two_factor::begin)
            .put(routes::TwoFactor::PATTERN, two_factor::confirm)
            .delete(routes::TwoFactor::PATTERN, two_factor::disable)
            .get(routes::Sessions::PATTERN, sessions::list)
            .delete(routes::Session::PATTERN, sessions::end)
            .get(routes::ApiKeys::PATTERN, api_keys::list)
            .post(routes::ApiKeys::PATTERN, api_keys::create)
            .delete(routes::ApiKey::PATTERN, api_keys::revoke)
            .get(routes::AccountNotifications::PATTERN, notification_settings::show)
            .put(routes::AccountNotifications::PATTERN, notification_settings::update)
            .post(routes::NotificationLink::PATTERN, notification_settings::link)
            .delete(routes::NotificationLink::PATTERN, notification_settings::unlink)
    })
};

/// The routes and settings pages of a workspace, its users and their roles.
pub const TEAM: Feature = Feature {
    settings: &[
        SettingsSection {
            title: "workspace-title",
            icon: "details",
            href: routes::Workspace::PATTERN,
            permission: Some(Permission::WorkspaceManage),
        },
        SettingsSection {
            title: "team-title",
            icon: "people",
            href: routes::Team::PATTERN,
            permission: Some(Permission::UserManage),
        },
        SettingsSection {
            title: "roles-title",
            icon: "details",
            href: routes::Roles::PATTERN,
            permission: Some(Permission::UserManage),
        },
    ],
    ..Feature::new("team", |table| {
        table
            .get(routes::Workspace::PATTERN, workspace::show)
            .put(routes::Workspace::PATTERN, workspace::update)
            .get(routes::Team::PATTERN, team::list)
            .post(routes::Team::PATTERN, team::invite)
            .get(routes::Member::PATTERN, team::show)
            .put(routes::Member::PATTERN, team::update)
            .post(routes::MemberResetLink::PATTERN, team::reset_link)
            .delete(routes::MemberTwoFactor::PATTERN, team::reset_two_factor)
            .delete(routes::TeamInvitation::PATTERN, team::withdraw)
            .get(routes::Roles::PATTERN, roles::list)
            .post(routes::Roles::PATTERN, roles::create)
            .get(routes::Role::PATTERN, roles::show)
            .put(routes::Role::PATTERN, roles::update)
            .delete(routes::Role::PATTERN, roles::delete)
    })
};
