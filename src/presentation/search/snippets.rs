//! What was said that was looked for, in the list of chats.

use crate::presentation::chats::list::ChatItem;
use crate::{
    domain::{MessageTerms, excerpt},
    error::Result,
    presentation::{
        AppState,
        http::{extract::SignedIn, routes},
        search::HighlightedPart,
    },
};

/// As much of a message as a row of the list shows.
const SNIPPET_LENGTH: usize = 60;

/// Shows in each chat the message in which something was found, and leads to it.
pub(in crate::presentation) async fn add_snippets(
    state: &AppState,
    signed_in: &SignedIn,
    query: &str,
    items: &mut [ChatItem],
) -> Result<()> {
    let ids: Vec<_> = items.iter().filter_map(|item| item.matched_message).collect();
    let terms = MessageTerms::parse(query);
    for message in state.services.search.messages_of(&signed_in.actor, &ids).await? {
        let Some(item) = items.iter_mut().find(|item| item.matched_message == Some(message.id)) else {
            continue;
        };
        let piece = |(text, mark): (&str, bool)| HighlightedPart { text: text.to_owned(), mark };
        item.snippet =
            excerpt(&message.text, &terms, SNIPPET_LENGTH).pieces().into_iter().map(piece).collect();
        let kept = item.href.split_once('?').map_or_else(String::new, |(_, kept)| format!("&{kept}"));
        item.href = format!("{}?message={}{kept}", routes::Chat(item.id), message.id);
    }
    Ok(())
}
