//! The pages and actions of the spotlight, which are found by their names in any language.

use crate::{
    domain::{Locale, fold},
    presentation::{
        http::feature::Feature,
        search::{Destination, Item, Kind, SpotlightRequest},
        ui::i18n::I18n,
    },
};

/// The destinations of a kind that the user may open, in the order of the navigation.
fn allowed<'a>(request: &'a SpotlightRequest<'_>, kind: Kind) -> impl Iterator<Item = Destination> + 'a {
    let actor = &request.ctx.actor;
    let of_feature = |feature: &Feature| {
        let navigation = feature.navigation.map(Destination::from);
        let settings = feature.settings.iter().copied().map(Destination::from);
        navigation.into_iter().chain(settings).chain(feature.spotlight.destinations.iter().copied())
    };
    request.ctx.state.features.iter().flat_map(of_feature).filter(move |destination| {
        destination.kind == kind && destination.permission.is_none_or(|needed| actor.may(needed))
    })
}

fn item(request: &SpotlightRequest<'_>, destination: &Destination) -> Item {
    let title = request.layout.t.get(destination.title).into_owned();
    let mut item = Item::new(
        request,
        destination.kind,
        destination.icon,
        title,
        String::new(),
        destination.href.to_owned(),
    );
    item.method = destination.is_post.then_some("post");
    item
}

/// Lists all destinations of a kind.
pub(super) fn all(request: &SpotlightRequest<'_>, kind: Kind) -> Vec<Item> {
    allowed(request, kind).map(|destination| item(request, &destination)).collect()
}

/// Lists the destinations of a kind whose names match, the best match first.
pub(super) fn find(request: &SpotlightRequest<'_>, kind: Kind) -> Vec<Item> {
    let query = fold(request.query);
    let mut found: Vec<_> = allowed(request, kind)
        .filter_map(|destination| {
            Some((best_rank(&destination, &query, request.layout.t.locale)?, destination))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    found.into_iter().take(limit).map(|(_, destination)| item(request, &destination)).collect()
}

/// The best rank of the names in all languages; a name in the reader's language comes first.
fn best_rank(destination: &Destination, query: &str, reader: Locale) -> Option<u8> {
    let ranked = |locale| {
        let foreign = if locale == reader { 0 } else { 3 };
        rank(&fold(&I18n::new(locale).get(destination.title)), query).map(|rank| rank + foreign)
    };
    Locale::ALL.into_iter().filter_map(ranked).min()
}

/// The rank of a match: 0 for the whole name, 1 for its beginning, 2 if each word of the query
/// begins a word of the name.
fn rank(name: &str, query: &str) -> Option<u8> {
    let query = query.trim();
    if name == query {
        return Some(0);
    }
    if name.starts_with(query) {
        return Some(1);
    }
    let begins = |term: &str| name.split_whitespace().any(|word| word.starts_with(term));
    query.split_whitespace().all(begins).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn names_rank_by_how_much_of_them_was_typed() {
        assert_eq!(rank("new chat", "new chat"), Some(0));
        assert_eq!(rank("new chat", "new "), Some(1));
        assert_eq!(rank("new chat", "ch ne"), Some(2));
        assert_eq!(rank("new chat", "hat"), None);
    }
}
