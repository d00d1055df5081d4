//! The spotlight: one query to the sources of all features that the user has permission to use.

pub(crate) mod chat_search;
pub(crate) mod destinations;
pub(crate) mod highlight;
pub(crate) mod page;
pub(crate) mod sources;
pub(crate) mod spotlight;

pub use crate::presentation::search::{
    highlight::{HighlightedPart, highlight_terms},
    spotlight::{Destination, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest},
};

use crate::presentation::http::{feature::Feature, routes};

/// The page of the spotlight.
pub const FEATURE: Feature =
    Feature::new("spotlight", |table| table.get(routes::Spotlight::PATTERN, page::show));
