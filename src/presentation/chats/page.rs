//! A chat's page: the list, the conversation, the client.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::{
    chats::{
        composer::{Beginning, Composer, delivery_routes::Ways},
        list::{ChatList, kept_query, pane},
        messages::{
            log::{LogItem, lay_out},
            suggestion,
        },
    },
    search::chat_search::{FindBar, find},
};
use crate::{
    domain::{Chat, ChatId, Message, MessageId, Permission},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, Ids, Query, SignedIn},
            fields::Fields,
            form::Form,
            routes,
            views::{ChatView, ClientView, ConversationView, MemberView, MessageView},
        },
        ui::{
            i18n::Texts,
            layout::{Layout, initials, page},
        },
    },
    services::{Conversation, Reach},
};

#[derive(Template)]
#[template(path = "chats/page.html")]
struct ShowPage {
    layout: Layout,
    list: ChatList,
    client: ClientView,
    initials: String,
    via: &'static str,
    reached_by: Cow<'static, str>,
    log: Vec<LogItem>,
    older: Option<String>,
    newer: Option<String>,
    actions: Actions,
    chat_id: ChatId,
    /// Whether what is seen is read.
    may_read: bool,
    /// The address of the messages, below which each has its own.
    messages: String,
    /// Where others are told that one is here.
    presence: String,
    /// Where the newest messages are.
    newest: String,
    /// The message that the address names.
    target: Option<MessageId>,
    /// Whether the address names a message that is not there.
    gone: bool,
    /// The search within it, where it is open, and where it opens.
    find: Option<FindBar>,
    find_here: String,
    back: String,
    composer: Composer,
    since: Cow<'static, str>,
    profile: String,
}

/// What is done with the chat as a whole.
pub(in crate::presentation) struct Actions {
    /// Where to mark all of it as read.
    pub(in crate::presentation) read: Option<String>,
    /// Where to put it back among the unread.
    pub(in crate::presentation) unread: Option<String>,
}

impl Actions {
    /// What may be done, and makes sense now.
    pub(in crate::presentation) fn of(chat: &Chat, newest_unread: Option<MessageId>, may_send: bool) -> Self {
        let read = newest_unread.filter(|_| may_send);
        let inbound = chat.last_message.is_some() && newest_unread.is_none();
        Self {
            read: read.map(|message| routes::ReadMessage(chat.id, message).to_string()),
            unread: (may_send && inbound).then(|| routes::UnreadChat(chat.id).to_string()),
        }
    }
}

/// A chat with its newest messages.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ChatId>,
    Query(query): Query,
) -> Result<Response> {
    if format == Format::Json {
        let conversation = state.services.chats.get(&signed_in.actor, id).await?;
        let texts = Texts::new(signed_in.actor.locale());
        // It is among the newest, unless it waited for its time while much was said.
        let chat = std::slice::from_ref(&conversation.chat);
        let last = state.services.chats.last_messages(&signed_in.actor, chat).await?.pop();
        return Ok(Json(view(conversation, last, texts)).into_response());
    }
    render(&state, &signed_in, id, &query, StatusCode::OK, Form::default()).await
}

fn view(conversation: Conversation, last: Option<Message>, texts: Texts) -> ConversationView {
    let messages: Vec<_> = conversation.messages.into_iter().map(|m| MessageView::new(m, texts)).collect();
    ConversationView {
        chat: ChatView::new(conversation.chat, last.map(|last| MessageView::new(last, texts))),
        messages,
        has_more: conversation.has_more,
        members: conversation.members.into_iter().map(MemberView::from).collect(),
    }
}

/// The page, with the composer as it is.
pub(in crate::presentation) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: ChatId,
    query: &Fields,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let texts = Texts::new(signed_in.actor.locale());
    let (find, target) = find(state, signed_in, id, query, texts).await?;
    let conversation = state.services.chats.get_at(&signed_in.actor, id, target).await?;
    let found = target.filter(|target| conversation.messages.iter().any(|message| message.id == *target));
    let beginning = Beginning::of(state, signed_in, id, query, form).await?;
    let (layout, list) = pane(state, signed_in, query, Some((id, conversation.last_event))).await?;
    let allowed = signed_in.actor.may(Permission::ChatSend);
    let newest = conversation.messages.last().filter(|_| conversation.has_newer);
    let newer = newest.map(|newest| format!("{}?after={}", routes::Messages(id), newest.id));
    let older = conversation
        .messages
        .first()
        .filter(|_| conversation.has_more)
        .map(|oldest| format!("{}?before={}", routes::Messages(id), oldest.id));
    let via = conversation.chat.last_message.as_ref().map_or("other", |last| last.transport.as_str());
    let reached_by = reached_by(&conversation.reach, layout.t);
    let ways = (conversation.reach, conversation.closed);
    let ways = Ways::new(state, signed_in, id, &conversation.client, ways, layout.t).await?;
    let client = ClientView::from(conversation.client);
    let composer = Composer::new(state, signed_in, id, beginning, ways, &layout).await?;
    let offer = suggestion::offer(state, signed_in, id, &conversation.messages, &layout).await?;
    let mut log = lay_out(conversation.messages, &layout, true, allowed);
    suggestion::place(&mut log, offer);
    if let Some(item) = log.iter_mut().find(|item| Some(item.message.id) == found) {
        item.mark.push_str(" target");
    }
    page(
        status,
        &ShowPage {
            initials: initials(&client.full_name),
            via,
            reached_by,
            older,
            newer,
            actions: Actions::of(&conversation.chat, conversation.newest_unread, allowed),
            chat_id: id,
            may_read: allowed,
            messages: routes::Messages(id).to_string(),
            presence: routes::Presence(id).to_string(),
            newest: format!("{}{}", routes::Chat(id), kept_query(query)),
            target: found,
            gone: query.text("message").is_some() && found.is_none(),
            find_here: format!("{}?find={}", routes::Chat(id), kept_query(query).replacen('?', "&", 1)),
            find,
            back: format!("{}{}", routes::Chats, kept_query(query)),
            composer,
            since: layout.long_date(&client.created_at),
            profile: routes::Client(client.id).to_string(),
            log,
            client,
            list,
            layout,
        },
    )
}

fn reached_by(reach: &[Reach], texts: Texts) -> Cow<'static, str> {
    let label = |way: &Reach| texts.get(format!("transport-{}", way.transport.as_str()));
    match reach {
        [] => texts.get("chat-unreachable"),
        [only] => label(only),
        [first, others @ ..] => {
            let others: Vec<_> = others.iter().map(label).collect();
            texts.args(
                "chat-also",
                &[("first", label(first).into_owned().into()), ("others", others.join(", ").into())],
            )
        }
    }
}
