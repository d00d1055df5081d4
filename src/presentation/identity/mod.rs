//! Signing in and out.

mod home;
mod login;
mod logout;

use super::{feature::Feature, routes};

/// Signing in and out.
pub const FEATURE: Feature = Feature {
    name: "identity",
    navigation: None,
    routes: |table| {
        table
            .get(routes::Home::PATTERN, home::show)
            .get(routes::Login::PATTERN, login::show)
            .post(routes::Login::PATTERN, login::submit)
            .post(routes::Logout::PATTERN, logout::submit)
    },
};
