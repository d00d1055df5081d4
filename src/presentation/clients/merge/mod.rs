//! Duplicates: the likely pairs, two clients side by side, and the merges that can be undone.

mod compare;
mod dismiss;
mod fields;
mod likely;
mod list;
mod pairs;
mod submit;
mod undo;
mod views;

use crate::presentation::{feature::RouteTable, routes};

pub(super) use crate::presentation::clients::merge::likely::Likely;

/// Adds the routes.
pub(super) fn routes(table: RouteTable) -> RouteTable {
    table
        .get(routes::Duplicates::PATTERN, pairs::show)
        .post(routes::DismissDuplicate::PATTERN, dismiss::submit)
        .get(routes::Merges::PATTERN, list::show)
        .post(routes::UndoMerge::PATTERN, undo::submit)
        .get(routes::MergeClient::PATTERN, compare::show)
        .post(routes::MergeClient::PATTERN, submit::submit)
}
