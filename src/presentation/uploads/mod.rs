//! Files of messages, given out.

mod ranges;
mod show;

use crate::presentation::{feature::Feature, routes, spotlight::Spotlight};

/// Its place in the application.
pub const FEATURE: Feature = Feature {
    name: "uploads",
    navigation: None,
    spotlight: Spotlight::NONE,
    routes: |table| table.get(routes::Upload::PATTERN, show::show),
};
