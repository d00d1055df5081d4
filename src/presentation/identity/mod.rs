//! Signing in and out.

mod home;
mod login;
mod logout;

pub(super) use crate::presentation::identity::login::{local_path, session_cookie};

use crate::presentation::{
    feature::Feature,
    routes,
    spotlight::{Kind, Place, Spotlight},
};

/// Signing in and out.
pub const FEATURE: Feature = Feature {
    name: "identity",
    navigation: None,
    spotlight: Spotlight {
        places: &[Place {
            kind: Kind::Action,
            title: "sign-out",
            icon: "exit",
            href: routes::Logout::PATTERN,
            posts: true,
            permission: None,
        }],
        sources: &[],
    },
    routes: |table| {
        table
            .get(routes::Home::PATTERN, home::show)
            .get(routes::Login::PATTERN, login::show)
            .post(routes::Login::PATTERN, login::submit)
            .post(routes::Logout::PATTERN, logout::submit)
    },
};
