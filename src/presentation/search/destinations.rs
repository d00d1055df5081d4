//! Pages and actions, which are found by their names in any of the languages.

use crate::presentation::search::{Item, Kind, Place, Question};
use crate::{
    domain::{Locale, fold},
    presentation::{http::feature::FEATURES, ui::i18n::Texts},
};

/// Where the asker may go, in the order of the navigation.
fn allowed<'a>(question: &'a Question<'_>, kind: Kind) -> impl Iterator<Item = Place> + 'a {
    let actor = &question.signed_in.actor;
    let own = |place: &Place| *place;
    FEATURES
        .iter()
        .flat_map(move |f| {
            f.navigation.map(Place::from).into_iter().chain(f.spotlight.places.iter().map(own))
        })
        .filter(move |place| place.kind == kind && place.permission.is_none_or(|needed| actor.may(needed)))
}

fn item(question: &Question<'_>, place: &Place) -> Item {
    let title = question.layout.t.get(place.title).into_owned();
    let mut item = Item::new(question, place.kind, place.icon, title, String::new(), place.href.to_owned());
    item.method = place.posts.then_some("post");
    item
}

/// All places of a kind.
pub(super) fn all(question: &Question<'_>, kind: Kind) -> Vec<Item> {
    allowed(question, kind).map(|place| item(question, &place)).collect()
}

/// The places of a kind whose names match, the best first.
pub(super) fn find(question: &Question<'_>, kind: Kind) -> Vec<Item> {
    let query = fold(question.query);
    let mut found: Vec<_> = allowed(question, kind)
        .filter_map(|place| Some((best(&place, &query, question.layout.t.locale)?, place)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    let limit = usize::try_from(question.limit).unwrap_or(usize::MAX);
    found.into_iter().take(limit).map(|(_, place)| item(question, &place)).collect()
}

/// How well the name in the reader's language matches, else that in another.
fn best(place: &Place, query: &str, reader: Locale) -> Option<u8> {
    let ranked = |locale| {
        let foreign = if locale == reader { 0 } else { 3 };
        rank(&fold(&Texts::new(locale).get(place.title)), query).map(|rank| rank + foreign)
    };
    Locale::ALL.into_iter().filter_map(ranked).min()
}

/// 0 for the name itself, 1 for its beginning, 2 when each word typed begins one of its words.
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
