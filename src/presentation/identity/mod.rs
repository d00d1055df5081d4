//! Signing in and out.

pub(crate) mod account;
pub(crate) mod account_feature;
pub(crate) mod home;
pub(crate) mod logout;
pub(crate) mod password;
pub(crate) mod sign_in;

pub(in crate::presentation) use crate::presentation::identity::sign_in::{local_path, session_cookie};

use crate::presentation::{
    http::{feature::Feature, routes},
    search::{Destination, Kind, Spotlight},
};

/// Signing in and out.
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
            .get(routes::Home::PATTERN, home::show)
            .get(routes::Login::PATTERN, sign_in::show)
            .post(routes::Login::PATTERN, sign_in::submit)
            .post(routes::Logout::PATTERN, logout::submit)
    })
};
