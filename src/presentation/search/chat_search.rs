//! Search in the messages of one chat, and message excerpts in the chat list.

use crate::{
    domain::{ChatId, MessageId, MessageTerms, excerpt},
    error::Result,
    presentation::{
        chats::list::{ChatItem, filter_query},
        http::{context::Ctx, fields::Fields, routes},
        search::HighlightedPart,
        ui::i18n::I18n,
    },
};

/// The maximum number of matching messages of a chat, counted from the newest.
const MAX_HITS: i64 = 200;

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

/// Returns the search bar if the address has a query (`find`), and the message to show: the one
/// that the address names (`message`), or else the newest match.
pub(in crate::presentation) async fn find(
    ctx: &Ctx,
    id: ChatId,
    query: &Fields,
    i18n: I18n,
) -> Result<(Option<ChatSearchBar>, Option<MessageId>)> {
    let target = query.text("message").and_then(|text| text.parse::<MessageId>().ok());
    let Some(text) = query.text("find") else { return Ok((None, target)) };
    let terms = MessageTerms::parse(text);
    let hits = ctx.services().search.in_chat(&ctx.actor, id, &terms, MAX_HITS).await?;
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
    let bar = ChatSearchBar {
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
    };
    Ok((Some(bar), target.or(hits.items.first().copied())))
}

/// The length of an excerpt in a row of the chat list, in characters.
const SNIPPET_LENGTH: usize = 60;

/// Adds an excerpt of the matching message to each chat, and links the chat to that message.
pub(in crate::presentation) async fn add_snippets(
    ctx: &Ctx,
    query: &str,
    items: &mut [ChatItem],
) -> Result<()> {
    let ids: Vec<_> = items.iter().filter_map(|item| item.matched_message).collect();
    let terms = MessageTerms::parse(query);
    for message in ctx.services().search.messages_of(&ctx.actor, &ids).await? {
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
