//! The spotlight: one question to all features, answered by those whose things the asker may see.

pub(crate) mod chat_search;
pub(crate) mod destinations;
pub(crate) mod highlight;
pub(crate) mod page;
pub(crate) mod sources;
pub(crate) mod spotlight;

pub use crate::presentation::search::{
    highlight::HighlightedPart,
    spotlight::{Destination, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest},
};

use crate::presentation::http::{feature::Feature, routes};

/// The spotlight's own page.
pub const FEATURE: Feature =
    Feature::new("spotlight", |table| table.get(routes::Spotlight::PATTERN, page::show));
