//! The spotlight's sources of chats and messages.

use crate::{
    domain::{ChatId, Direction, MessageId, MessageTerms, Permission, excerpt},
    error::Result,
    persistence::ListedChat,
    presentation::{
        chats::messages::previews::AttachmentPreview,
        http::routes,
        search::{
            Destination, HighlightedPart, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest,
        },
    },
};

pub(in crate::presentation) const SPOTLIGHT: Spotlight = Spotlight {
    destinations: &[Destination::action(
        "chats-new-title",
        "plus",
        routes::NewChat::PATTERN,
        Permission::ChatSend,
    )],
    sources: &[
        Source {
            kind: Kind::Chat,
            permission: Permission::ChatRead,
            find: |request| Box::pin(find(request)),
            find_by_ids: Some(|request, ids| Box::pin(find_by_ids(request, ids))),
        },
        Source {
            kind: Kind::Message,
            permission: Permission::ChatRead,
            find: |request| Box::pin(find_messages(request)),
            find_by_ids: None,
        },
    ],
};

/// The length of an excerpt in characters.
const SNIPPET: usize = 90;

async fn find(request: &SpotlightRequest<'_>) -> Result<SourceResults> {
    let actor = &request.ctx.actor;
    let found = request.ctx.services().search.chats(actor, request.query, request.limit).await?;
    // The list of chats shows all matches.
    let more = found.has_more.then(|| format!("{}?q={}", routes::Chats, request.query_value()));
    Ok(SourceResults { items: found.items.into_iter().map(|row| item(request, row)).collect(), more })
}

async fn find_by_ids(request: &SpotlightRequest<'_>, ids: &[i64]) -> Result<SourceResults> {
    let ids: Vec<_> = ids.iter().copied().map(ChatId).collect();
    let found = request.ctx.services().search.chats_of(&request.ctx.actor, &ids).await?;
    Ok(SourceResults { items: found.into_iter().map(|row| item(request, row)).collect(), more: None })
}

fn item(request: &SpotlightRequest<'_>, row: ListedChat) -> Item {
    let ListedChat { chat, files, .. } = row;
    let files = AttachmentPreview::new(&files, request.layout.t);
    let last = chat.last_message.as_ref();
    let icon = files.as_ref().map(|files| files.icon);
    let preview = match files {
        Some(files) => files.text.into_owned(),
        None => last.map(|last| last.preview.clone()).unwrap_or_default(),
    };
    let url = routes::Chat(chat.id).to_string();
    let mut item = Item::new(request, Kind::Chat, "chat", chat.client_name, String::new(), url);
    item.subtitle_parts = vec![HighlightedPart { text: preview.clone(), mark: false }];
    item.subtitle = preview;
    item.subtitle_icon = icon;
    item.time = last.map(|last| request.layout.short_time(&last.at).into_owned());
    item
}

async fn find_messages(request: &SpotlightRequest<'_>) -> Result<SourceResults> {
    let (actor, terms) = (&request.ctx.actor, MessageTerms::parse(request.query));
    let before = request.before.map(MessageId);
    let find = &request.ctx.services().search;
    let found = find.messages(actor, &terms, before, request.limit).await?;
    let last = found.items.last().filter(|_| found.has_more).map(|message| message.id);
    let more = last.map(|id| {
        let query = request.query_value();
        format!("{}?q={query}&kind={}&before={id}", routes::Spotlight, Kind::Message.as_str())
    });
    let items = found.items.into_iter().map(|message| {
        let snippet = excerpt(&message.text, &terms, SNIPPET);
        let part = |(text, mark): (&str, bool)| HighlightedPart { text: text.to_owned(), mark };
        let mut parts: Vec<_> = snippet.pieces().into_iter().map(part).collect();
        if message.direction == Direction::Outbound {
            let said = request.layout.t.get("spotlight-outbound").into_owned();
            parts.insert(0, HighlightedPart { text: format!("{said} "), mark: false });
        }
        let url = format!("{}?message={}", routes::Chat(message.chat), message.id);
        let mut item = Item::new(request, Kind::Message, "chat", message.client_name, String::new(), url);
        item.subtitle = parts.iter().map(|part| part.text.as_str()).collect();
        item.subtitle_parts = parts;
        item.time = Some(request.layout.short_time(&message.at).into_owned());
        item
    });
    Ok(SourceResults { items: items.collect(), more })
}
