//! Search in the messages of one chat, and message excerpts in the chat list.

use crate::{
    domain::{ChatId, MessageId, MessageTerms, excerpt},
    presentation::{
        chats::list::filter_query,
        http::{fields::Fields, routes},
        search::HighlightedPart,
        ui::i18n::I18n,
    },
    services::SearchResults,
};

/// The search bar above the messages of a chat.
pub(in crate::presentation) struct ChatSearchBar {
    /// The address that the form is sent to.
    pub(in crate::presentation) action: String,
    /// The query.
    pub(in crate::presentation) query: String,
    /// The filter of the chat list as hidden fields, so that searching keeps it.
    pub(in crate::presentation) filter_fields: Vec<(String, String)>,
    /// The number of the shown match among all matches.
    pub(in crate::presentation) position: Option<String>,
    pub(in crate::presentation) older: Option<String>,
    pub(in crate::presentation) newer: Option<String>,
    pub(in crate::presentation) close: String,
}

impl ChatSearchBar {
    /// Creates the bar for the query of an address (`find`) and its matches, of which the page shows the one at `target`.
    pub(in crate::presentation) fn new(
        id: ChatId,
        query: &Fields,
        hits: &SearchResults<MessageId>,
        target: Option<MessageId>,
        i18n: I18n,
    ) -> Self {
        let text = query.text_or_empty("find");
        let terms = MessageTerms::parse(text);
        // A message that does not match is between two matches; the older of them is the position.
        let at = target.and_then(|target| hits.items.iter().position(|hit| *hit <= target)).unwrap_or(0);
        let kept = filter_query(query);
        let link = |hit: &MessageId| {
            let find: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let kept = kept.replacen('?', "&", 1);
            format!("{}?find={find}&message={hit}{kept}", routes::Chat(id))
        };
        let more = if hits.has_more { "+" } else { "" };
        let position = (!terms.is_empty()).then(|| {
            let count = format!("{}{more}", hits.items.len());
            let number = i64::try_from(if hits.items.is_empty() { 0 } else { at + 1 }).unwrap_or(0);
            i18n.args("chat-find-place", &[("number", number.into()), ("count", count.into())]).into_owned()
        });
        Self {
            action: routes::Chat(id).to_string(),
            query: text.to_owned(),
            filter_fields: query
                .pairs()
                .into_iter()
                .filter(|(name, _)| ["q", "unread"].contains(&name.as_str()))
                .collect(),
            position,
            older: hits.items.get(at + 1).map(link),
            newer: at.checked_sub(1).and_then(|newer| hits.items.get(newer)).map(link),
            close: format!("{}{kept}", routes::Chat(id)),
        }
    }
}

/// The length of an excerpt in a row of the chat list, in characters.
const SNIPPET_LENGTH: usize = 60;

/// The excerpt of a message around the search terms.
pub(in crate::presentation) fn snippet(text: &str, terms: &MessageTerms) -> Vec<HighlightedPart> {
    let piece = |(text, mark): (&str, bool)| HighlightedPart { text: text.to_owned(), mark };
    excerpt(text, terms, SNIPPET_LENGTH).pieces().into_iter().map(piece).collect()
}
