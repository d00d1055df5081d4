//! The groups of items that the sources of all features make for the spotlight.

use crate::{
    presentation::search::{Item, Kind, SpotlightRequest, destinations},
    services::FoundRecords,
};

/// The items of one kind.
pub(super) struct Group {
    pub(super) id: &'static str,
    pub(super) heading: String,
    pub(super) items: Vec<Item>,
    pub(super) more: Option<String>,
}

impl Group {
    fn of(kind: Kind, request: &SpotlightRequest<'_>, items: Vec<Item>, more: Option<String>) -> Self {
        let heading = kind.heading(request.layout.t).into_owned();
        Self { id: kind.as_str(), heading, items, more }
    }
}

/// The items of a kind that its sources make of the records, and the address of the remaining ones.
fn items(request: &SpotlightRequest<'_>, kind: Kind, found: &FoundRecords) -> (Vec<Item>, Option<String>) {
    let sources = request.ctx.state.features.iter().flat_map(|feature| feature.spotlight.sources);
    let (mut items, mut more) = (Vec::new(), None);
    for source in sources.filter(|source| source.kind == kind) {
        let results = (source.items)(request, found);
        items.extend(results.items);
        more = results.more;
    }
    (items, more)
}

/// Returns the destinations that match and the records that were found, grouped by kind, or of the
/// kind `only`. Kinds without items are left out.
pub(super) fn found(request: &SpotlightRequest<'_>, only: Option<Kind>, found: &FoundRecords) -> Vec<Group> {
    let mut groups = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| only.is_none_or(|only| only == *kind)) {
        let (records, more) = items(request, kind, found);
        let items = destinations::find(request, kind).into_iter().chain(records).collect();
        groups.push(Group::of(kind, request, items, more));
    }
    groups.retain(|group| !group.items.is_empty());
    groups
}

/// Returns the suggestions for an empty query: the recent items of the browser, then actions and
/// pages.
pub(super) fn suggestions(
    request: &SpotlightRequest<'_>,
    recent: &[(Kind, i64)],
    found: &FoundRecords,
) -> Vec<Group> {
    let recent_items: Vec<_> =
        [Kind::Client, Kind::Chat].into_iter().flat_map(|kind| items(request, kind, found).0).collect();
    // Recent items keep the order of the browser's list; those that were deleted or that the user
    // may no longer see are left out.
    let wanted = |(kind, id): &(Kind, i64)| {
        let end = format!("/{id}");
        recent_items.iter().find(|item| item.kind == kind.as_str() && item.url.ends_with(&end)).cloned()
    };
    let heading = request.layout.t.get("spotlight-recent");
    let items =
        recent.iter().filter_map(wanted).map(|item| Item { group: heading.clone(), ..item }).collect();
    let mut groups = vec![Group { id: "recent", heading: heading.into_owned(), items, more: None }];
    for kind in [Kind::Action, Kind::Page] {
        groups.push(Group::of(kind, request, destinations::all(request, kind), None));
    }
    groups.retain(|group| !group.items.is_empty());
    groups
}
