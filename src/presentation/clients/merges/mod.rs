//! Duplicates and merges: pairs of clients, two clients side by side, and the merges that can be
//! undone.

pub(crate) mod compare;
pub(crate) mod duplicates;
pub(crate) mod history;
pub(crate) mod view;

use crate::presentation::http::{feature::RouteTable, routes};

pub(in crate::presentation) use crate::presentation::clients::merges::duplicates::DuplicateSuggestions;

/// Adds the routes of duplicates and merges.
pub(in crate::presentation) fn routes(table: RouteTable) -> RouteTable {
    table
        .get(routes::Duplicates::PATTERN, duplicates::show)
        .post(routes::DismissDuplicate::PATTERN, duplicates::dismiss)
        .get(routes::Merges::PATTERN, history::show)
        .post(routes::UndoMerge::PATTERN, history::undo)
        .get(routes::MergeClient::PATTERN, compare::show)
        .post(routes::MergeClient::PATTERN, compare::submit)
}
