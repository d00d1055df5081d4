//! A chat's page: the list, the conversation, the client.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::{
    composer::Composer,
    list::{ChatList, kept_query, pane},
    log::{LogItem, lay_out, newest_unread},
};
use crate::{
    domain::{ChatId, Permission},
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Ids, Query, SignedIn},
        fields::Fields,
        forms::Form,
        layout::{Layout, initials, page},
        routes,
        texts::Texts,
        views::{ChatView, ClientView, ConversationView, MemberView, MessageView},
    },
    services::{Conversation, Reach},
};

#[derive(Template)]
#[template(path = "chats/show.html")]
struct ShowPage {
    layout: Layout,
    list: ChatList,
    client: ClientView,
    initials: String,
    via: &'static str,
    reached_by: Cow<'static, str>,
    log: Vec<LogItem>,
    older: Option<String>,
    /// Where to mark all of it as read.
    read: Option<String>,
    back: String,
    composer: Composer,
    since: Cow<'static, str>,
    profile: String,
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
        return Ok(Json(view(conversation, Texts::new(signed_in.actor.locale()))).into_response());
    }
    render(&state, &signed_in, id, &query, StatusCode::OK, Form::default()).await
}

fn view(conversation: Conversation, texts: Texts) -> ConversationView {
    let messages: Vec<_> = conversation.messages.into_iter().map(|m| MessageView::new(m, texts)).collect();
    let last = messages.last().cloned();
    ConversationView {
        chat: ChatView::new(conversation.chat, last),
        messages,
        has_more: conversation.has_more,
        members: conversation.members.into_iter().map(MemberView::from).collect(),
    }
}

/// The page, with the composer as it is.
pub(super) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: ChatId,
    query: &Fields,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let conversation = state.services.chats.get(&signed_in.actor, id).await?;
    let (layout, list) = pane(state, signed_in, query, Some((id, conversation.last_event))).await?;
    let allowed = signed_in.actor.may(Permission::ChatSend);
    let read = newest_unread(&conversation.messages)
        .filter(|_| allowed)
        .map(|m| routes::ReadMessage(id, m).to_string());
    let older = conversation
        .messages
        .first()
        .filter(|_| conversation.has_more)
        .map(|oldest| format!("{}?before={}", routes::Messages(id), oldest.id));
    let client = ClientView::from(conversation.client);
    let via = conversation.chat.last_message.as_ref().map_or("other", |last| last.transport.as_str());
    page(
        status,
        &ShowPage {
            initials: initials(&client.full_name),
            via,
            reached_by: reached_by(&conversation.reach, layout.t),
            older,
            read,
            back: format!("{}{}", routes::Chats, kept_query(query)),
            composer: Composer::new(id, form, conversation.reach, allowed, layout.t),
            since: layout.long_date(&client.created_at),
            profile: routes::Client(client.id).to_string(),
            log: lay_out(conversation.messages, &layout, true, allowed),
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
