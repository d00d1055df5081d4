//! What the spotlight finds of chats and of what was said in them.

use crate::presentation::chats::messages::previews::{self, FilesPreview};
use crate::{
    domain::{Chat, ChatId, Direction, MessageId, MessageTerms, Permission, excerpt},
    error::Result,
    presentation::{
        http::routes,
        search::{Found, Item, Kind, Part, Place, Question, Source, Spotlight},
    },
};

pub(in crate::presentation) const SPOTLIGHT: Spotlight = Spotlight {
    places: &[Place::action("chats-new-title", "plus", routes::NewChat::PATTERN, Permission::ChatSend)],
    sources: &[
        Source {
            kind: Kind::Chat,
            permission: Permission::ChatRead,
            find: |question| Box::pin(find(question)),
            recall: Some(|question, ids| Box::pin(recall(question, ids))),
        },
        Source {
            kind: Kind::Message,
            permission: Permission::ChatRead,
            find: |question| Box::pin(find_messages(question)),
            recall: None,
        },
    ],
};

/// As much of a message as a line shows.
const SNIPPET: usize = 90;

async fn find(question: &Question<'_>) -> Result<Found> {
    let actor = &question.signed_in.actor;
    let found = question.state.services.find.chats(actor, question.query, question.limit).await?;
    // The list has all of them, in pages.
    let more = found.has_more.then(|| format!("{}?q={}", routes::Chats, question.query_value()));
    Ok(Found { items: items(question, found.items).await?, more })
}

async fn recall(question: &Question<'_>, ids: &[i64]) -> Result<Found> {
    let ids: Vec<_> = ids.iter().copied().map(ChatId).collect();
    let found = question.state.services.find.chats_of(&question.signed_in.actor, &ids).await?;
    Ok(Found { items: items(question, found).await?, more: None })
}

async fn items(question: &Question<'_>, chats: Vec<Chat>) -> Result<Vec<Item>> {
    let (state, signed_in) = (question.state, question.signed_in);
    let mut files = previews::of(state, signed_in, &chats, question.layout.t).await?;
    let of_chat = |chat: Chat| {
        let files = files.remove(&chat.id);
        item(question, chat, files)
    };
    Ok(chats.into_iter().map(of_chat).collect())
}

fn item(question: &Question<'_>, chat: Chat, files: Option<FilesPreview>) -> Item {
    let last = chat.last_message.as_ref();
    let icon = files.as_ref().map(|files| files.icon);
    let preview = match files {
        Some(files) => files.text.into_owned(),
        None => last.map(|last| last.preview.clone()).unwrap_or_default(),
    };
    let url = routes::Chat(chat.id).to_string();
    let mut item = Item::new(question, Kind::Chat, "chat", chat.client_name, String::new(), url);
    item.subtitle_parts = vec![Part { text: preview.clone(), mark: false }];
    item.subtitle = preview;
    item.subtitle_icon = icon;
    item.time = last.map(|last| question.layout.recent(&last.at).into_owned());
    item
}

async fn find_messages(question: &Question<'_>) -> Result<Found> {
    let (actor, terms) = (&question.signed_in.actor, MessageTerms::parse(question.query));
    let before = question.before.map(MessageId);
    let find = &question.state.services.find;
    let found = find.messages(actor, &terms, before, question.limit).await?;
    let last = found.items.last().filter(|_| found.has_more).map(|message| message.id);
    let more = last.map(|id| {
        let query = question.query_value();
        format!("{}?q={query}&kind={}&before={id}", routes::Spotlight, Kind::Message.as_str())
    });
    let items = found.items.into_iter().map(|message| {
        let snippet = excerpt(&message.text, &terms, SNIPPET);
        let part = |(text, mark): (&str, bool)| Part { text: text.to_owned(), mark };
        let mut parts: Vec<_> = snippet.pieces().into_iter().map(part).collect();
        if message.direction == Direction::Outbound {
            let said = question.layout.t.get("spotlight-outbound").into_owned();
            parts.insert(0, Part { text: format!("{said} "), mark: false });
        }
        let url = format!("{}?message={}", routes::Chat(message.chat), message.id);
        let mut item = Item::new(question, Kind::Message, "chat", message.client_name, String::new(), url);
        item.subtitle = parts.iter().map(|part| part.text.as_str()).collect();
        item.subtitle_parts = parts;
        item.time = Some(question.layout.recent(&message.at).into_owned());
        item
    });
    Ok(Found { items: items.collect(), more })
}
