//! Asking all features.

use crate::presentation::search::{Item, Kind, Question, Source, destinations};
use crate::{error::Result, presentation::http::feature::FEATURES};

/// What was found of one kind.
pub(super) struct Group {
    pub(super) id: &'static str,
    pub(super) heading: String,
    pub(super) items: Vec<Item>,
    pub(super) more: Option<String>,
}

impl Group {
    fn of(kind: Kind, question: &Question<'_>, items: Vec<Item>, more: Option<String>) -> Self {
        let heading = kind.heading(question.layout.t).into_owned();
        Self { id: kind.as_str(), heading, items, more }
    }
}

/// The sources of things of a kind that the asker may see.
fn sources(question: &Question<'_>, kind: Kind) -> impl Iterator<Item = &'static Source> {
    let actor = question.signed_in.actor.clone();
    let all = FEATURES.iter().flat_map(|feature| feature.spotlight.sources);
    all.filter(move |source| source.kind == kind && actor.may(source.permission))
}

/// What is found, by kind; with `only`, of that kind alone. Kinds of which nothing is found are left out.
pub(super) async fn find(question: &Question<'_>, only: Option<Kind>) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| only.is_none_or(|only| only == *kind)) {
        let mut group = Group::of(kind, question, destinations::find(question, kind), None);
        for source in sources(question, kind) {
            let found = (source.find)(question).await?;
            group.items.extend(found.items);
            group.more = found.more;
        }
        groups.push(group);
    }
    groups.retain(|group| !group.items.is_empty());
    Ok(groups)
}

/// What is offered before anything is typed: what was opened lately, as the browser remembers it, and where one can go.
pub(super) async fn offer(question: &Question<'_>, recent: &[(Kind, i64)]) -> Result<Vec<Group>> {
    let mut recalled = Vec::new();
    for kind in [Kind::Client, Kind::Chat] {
        let ids: Vec<i64> = recent.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
        for source in sources(question, kind).filter(|_| !ids.is_empty()) {
            if let Some(recall) = source.recall {
                recalled.extend(recall(question, &ids).await?.items);
            }
        }
    }
    // In the order in which they were opened; what is gone or not to be seen any more is not among them.
    let wanted = |(kind, id): &(Kind, i64)| {
        let end = format!("/{id}");
        recalled.iter().find(|item| item.kind == kind.as_str() && item.url.ends_with(&end)).cloned()
    };
    let heading = question.layout.t.get("spotlight-recent");
    let items =
        recent.iter().filter_map(wanted).map(|item| Item { group: heading.clone(), ..item }).collect();
    let mut groups = vec![Group { id: "recent", heading: heading.into_owned(), items, more: None }];
    for kind in [Kind::Action, Kind::Page] {
        groups.push(Group::of(kind, question, destinations::all(question, kind), None));
    }
    groups.retain(|group| !group.items.is_empty());
    Ok(groups)
}
