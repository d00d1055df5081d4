//! Queries of the spotlight to the sources of all features.

use crate::{
    error::Result,
    presentation::search::{Item, Kind, Source, SpotlightRequest, destinations},
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

/// The sources of a kind that the user has permission to use.
fn sources<'a>(
    request: &'a SpotlightRequest<'_>,
    kind: Kind,
) -> impl Iterator<Item = &'static Source> + use<'a> {
    let actor = &request.ctx.actor;
    let all = request.ctx.state.features.iter().flat_map(|feature| feature.spotlight.sources);
    all.filter(move |source| source.kind == kind && actor.may(source.permission))
}

/// Returns the items that match, grouped by kind, or of the kind `only`. Kinds without items are
/// left out.
pub(super) async fn find(request: &SpotlightRequest<'_>, only: Option<Kind>) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| only.is_none_or(|only| only == *kind)) {
        let mut group = Group::of(kind, request, destinations::find(request, kind), None);
        for source in sources(request, kind) {
            let found = (source.find)(request).await?;
            group.items.extend(found.items);
            group.more = found.more;
        }
        groups.push(group);
    }
    groups.retain(|group| !group.items.is_empty());
    Ok(groups)
}

/// Returns the suggestions for an empty query: the recent items of the browser, then actions and
/// pages.
pub(super) async fn suggestions(
    request: &SpotlightRequest<'_>,
    recent: &[(Kind, i64)],
) -> Result<Vec<Group>> {
    let mut recent_items = Vec::new();
    for kind in [Kind::Client, Kind::Chat] {
        let ids: Vec<i64> = recent.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
        for source in sources(request, kind).filter(|_| !ids.is_empty()) {
            if let Some(find_by_ids) = source.find_by_ids {
                recent_items.extend(find_by_ids(request, &ids).await?.items);
            }
        }
    }
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
    Ok(groups)
}
