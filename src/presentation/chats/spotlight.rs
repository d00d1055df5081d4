//! The spotlight's sources of chats and messages.

use crate::{
    domain::{MessageTerms, Permission, excerpt},
    persistence::ListedChat,
    presentation::{
        chats::messages::previews::AttachmentPreview,
        http::routes,
        search::{
            Destination, HighlightedPart, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest,
        },
    },
    services::FoundRecords,
};

pub(in crate::presentation) const SPOTLIGHT: Spotlight = Spotlight {
    destinations: &[Destination::action(
        "chats-new-title",
        "plus",
        routes::NewChat::PATTERN,
        Permission::ChatSend,
    )],
    sources: &[Source { kind: Kind::Chat, items: chats }, Source { kind: Kind::Message, items: messages }],
};

/// The length of an excerpt in characters.
const SNIPPET: usize = 90;

fn chats(request: &SpotlightRequest<'_>, found: &FoundRecords) -> SourceResults {
    // The list of chats shows all matches.
    let more = found.chats.has_more.then(|| format!("{}?q={}", routes::Chats, request.query_value()));
    SourceResults { items: found.chats.items.iter().map(|row| item(request, row)).collect(), more }
}

fn item(request: &SpotlightRequest<'_>, ListedChat { chat, files, .. }: &ListedChat) -> Item {
    let files = AttachmentPreview::new(files, request.layout.t);
    let last = chat.last_message.as_ref();
    let icon = files.as_ref().map(|files| files.icon);
    let preview = match files {
        Some(files) => files.text.into_owned(),
        None => last.map(|last| last.preview.clone()).unwrap_or_default(),
    };
    let url = routes::Chat(chat.id).to_string();
    let mut item = Item::new(request, Kind::Chat, "chat", chat.client_name.clone(), String::new(), url);
    item.subtitle_parts = vec![HighlightedPart { text: preview.clone(), mark: false }];
    item.subtitle = preview;
    item.subtitle_icon = icon;
    item.time = last.map(|last| request.layout.short_time(&last.at).into_owned());
    item
}

fn messages(request: &SpotlightRequest<'_>, found: &FoundRecords) -> SourceResults {
    let (found, terms) = (&found.messages, MessageTerms::parse(request.query));
    let last = found.items.last().filter(|_| found.has_more).map(|message| message.id);
    let more = last.map(|id| {
        let query = request.query_value();
        format!("{}?q={query}&kind={}&before={id}", routes::Spotlight, Kind::Message.as_str())
    });
    let items = found.items.iter().map(|message| {
        let snippet = excerpt(&message.text, &terms, SNIPPET);
        let part = |(text, mark): (&str, bool)| HighlightedPart { text: text.to_owned(), mark };
        let mut parts: Vec<_> = snippet.pieces().into_iter().map(part).collect();
        let said = match &message.author {
            Some((id, _)) if *id == request.layout.user_id => {
                Some(request.layout.t.get("spotlight-outbound").into_owned())
            }
            Some((_, name)) => Some(format!("{name}:")),
            None => None,
        };
        if let Some(said) = said {
            parts.insert(0, HighlightedPart { text: format!("{said} "), mark: false });
        }
        let url = format!("{}?message={}", routes::Chat(message.chat), message.id);
        let name = message.client_name.clone();
        let mut item = Item::new(request, Kind::Message, "chat", name, String::new(), url);
        item.subtitle = parts.iter().map(|part| part.text.as_str()).collect();
        item.subtitle_parts = parts;
        item.time = Some(request.layout.short_time(&message.at).into_owned());
        item
    });
    SourceResults { items: items.collect(), more }
}
