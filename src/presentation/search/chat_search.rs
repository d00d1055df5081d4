//! Searching within a chat, and in the messages of the chat list.

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

/// So many of the messages that say it are gone through, from the newest on.
const MAX_HITS: i64 = 200;

/// The bar above a conversation in which something is looked for.
pub(in crate::presentation) struct ChatSearchBar {
    /// Where it is asked.
    pub(in crate::presentation) action: String,
    /// What is looked for.
    pub(in crate::presentation) query: String,
    /// The filter of the list beside it, which stays.
    pub(in crate::presentation) filter_fields: Vec<(String, String)>,
    /// Where among how many one is.
    pub(in crate::presentation) position: Option<String>,
    pub(in crate::presentation) older: Option<String>,
    pub(in crate::presentation) newer: Option<String>,
    pub(in crate::presentation) close: String,
}

/// The bar, where the address asks for it, and the message that it leads to.
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
    // A message that doesn't say it lies between two that do.
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

/// As much of a message as a row of the list shows.
const SNIPPET_LENGTH: usize = 60;

/// Shows in each chat the message in which something was found, and leads to it.
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
