//! Scheduled messages: the list of them, and changing, cancelling or sending one now.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{
        ChatId, Message, MessageId, MessageText, Permission, Problem, ScheduledMessage, parse_scheduled_time,
    },
    error::Result,
    presentation::{
        chats::{composer::datetime_local, messages::view::MessageView},
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            page::PageView,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::Framed,
};

#[derive(Template)]
#[template(path = "chats/scheduled_message.html")]
struct SchedulePage {
    layout: Layout,
    form: Form,
    name: String,
    zone: &'static str,
    action: String,
    back: String,
}

/// Shows the form for another text or time.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`];
/// [`crate::error::AppError::Conflict`] if the message was sent already.
pub async fn form(ctx: Ctx, PathIds((id, message)): PathIds<(ChatId, MessageId)>) -> Result<Response> {
    if ctx.format == Format::Json {
        let waiting = ctx.services().schedule.get(&ctx.actor, id, message).await?;
        return Ok(Json(view(waiting, &ctx)).into_response());
    }
    let opened = ctx.services().schedule.open(&ctx.actor, id, message).await?;
    let at = opened.message.scheduled_at.map(|at| datetime_local(at, ctx.actor.tenant.time_zone));
    let form = Form::filled([("message", Some(opened.message.text)), ("scheduled_at", at)]);
    let layout = Layout::new(&ctx, routes::Chats::PATTERN, opened.frame);
    render(&ctx, layout, opened.client_name, (id, message), StatusCode::OK, form)
}

/// Changes the text, the time or both.
///
/// # Errors
/// Like [`form`], and [`crate::error::AppError::Invalid`].
pub async fn change(
    ctx: Ctx,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    match read(&ctx, (id, message), &fields).await {
        Ok(changed_one) => {
            let view = view(changed_one, &ctx);
            Ok(ctx.changed(&routes::Chat(id).to_string(), &view))
        }
        Err(error) => {
            let render = async |status, form| {
                let name = ctx.services().chats.find(&ctx.actor, id).await?.client_name;
                let layout = Layout::load(&ctx, routes::Chats::PATTERN).await?;
                render(&ctx, layout, name, (id, message), status, form)
            };
            ctx.form_or_error(error, &fields, render).await
        }
    }
}

async fn read(ctx: &Ctx, (chat, id): (ChatId, MessageId), fields: &Fields) -> Result<Message> {
    let actor = &ctx.actor;
    ctx.services().schedule.get(actor, chat, id).await?;
    let (mut form, zone) = (fields.reader(), actor.tenant.time_zone);
    let text = form
        .patch("message", None, Err(Problem::Required), |text| MessageText::parse(text).map(Some))
        .flatten();
    let at = form.optional("scheduled_at", |text| parse_scheduled_time(text, zone));
    let (text, at) = form.finish((text, at))?;
    ctx.services().schedule.change(actor, chat, id, text, at).await
}

fn render(
    ctx: &Ctx,
    layout: Layout,
    name: String,
    (chat, id): (ChatId, MessageId),
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    page(
        status,
        &SchedulePage {
            layout,
            form,
            name,
            zone: ctx.actor.tenant.time_zone.name(),
            action: routes::ScheduledMessage(chat, id).to_string(),
            back: routes::Chat(chat).to_string(),
        },
    )
}

/// Cancels a scheduled message, which deletes it.
///
/// # Errors
/// Like [`form`].
pub async fn cancel(ctx: Ctx, PathIds((id, message)): PathIds<(ChatId, MessageId)>) -> Result<Response> {
    ctx.services().schedule.cancel(&ctx.actor, id, message).await?;
    Ok(ctx.deleted(&routes::Chat(id).to_string()))
}

/// Sends a scheduled message now, by making it due.
///
/// # Errors
/// Like [`form`].
pub async fn send_now(ctx: Ctx, PathIds((id, message)): PathIds<(ChatId, MessageId)>) -> Result<Response> {
    let message = ctx.services().schedule.send_now(&ctx.actor, id, message).await?;
    Ok(match ctx.format {
        Format::Json => (StatusCode::ACCEPTED, Json(view(message, &ctx))).into_response(),
        Format::Html => Redirect::to(&routes::Chat(id).to_string()).into_response(),
    })
}

fn view(message: Message, ctx: &Ctx) -> MessageView {
    MessageView::new(message, ctx.i18n)
}

/// A scheduled message as JSON.
#[derive(Debug, Serialize)]
struct ScheduledView {
    id: MessageId,
    chat_id: ChatId,
    client: ScheduledClientView,
    sender: String,
    transport: &'static str,
    message: String,
    scheduled_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
struct ScheduledClientView {
    id: crate::domain::ClientId,
    full_name: String,
}

impl From<ScheduledMessage> for ScheduledView {
    fn from(message: ScheduledMessage) -> Self {
        Self {
            id: message.id,
            chat_id: message.chat,
            client: ScheduledClientView { id: message.client, full_name: message.client_name },
            sender: message.sender,
            transport: message.transport.as_str(),
            message: message.text,
            scheduled_at: message.at,
        }
    }
}

/// A scheduled message on pages.
pub(in crate::presentation) struct ScheduledItem {
    pub(in crate::presentation) id: MessageId,
    pub(in crate::presentation) chat: String,
    pub(in crate::presentation) client: String,
    pub(in crate::presentation) sender: String,
    pub(in crate::presentation) transport: Cow<'static, str>,
    pub(in crate::presentation) text: String,
    pub(in crate::presentation) moment: String,
    pub(in crate::presentation) datetime: String,
    /// The address for changing and cancelling it.
    pub(in crate::presentation) schedule: String,
    pub(in crate::presentation) send_now: String,
}

impl ScheduledItem {
    pub(in crate::presentation) fn new(message: ScheduledMessage, layout: &Layout) -> Self {
        Self {
            id: message.id,
            chat: routes::Chat(message.chat).to_string(),
            client: message.client_name,
            sender: message.sender,
            transport: layout.t.get(format!("transport-{}", message.transport.as_str())),
            text: message.text,
            moment: layout.date_and_time(&message.at),
            datetime: layout.datetime(&message.at),
            schedule: routes::ScheduledMessage(message.chat, message.id).to_string(),
            send_now: routes::SendNow(message.chat, message.id).to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "chats/scheduled_messages.html")]
struct ScheduledPage {
    layout: Layout,
    items: Vec<ScheduledItem>,
    zone: &'static str,
    total: i64,
    previous: Option<String>,
    next: Option<String>,
    may_send: bool,
}

/// Lists a page of scheduled messages, the soonest first.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn list(ctx: Ctx) -> Result<Response> {
    let actor = &ctx.actor;
    let found = ctx.services().schedule.list(actor, ctx.query.page_request(25)?).await?;
    if ctx.format == Format::Json {
        return Ok(Json(PageView::of(found.content, ScheduledView::from)).into_response());
    }
    let Framed { content: found, frame } = found;
    let layout = Layout::new(&ctx, routes::Chats::PATTERN, frame);
    let link = |number: i64| format!("{}?page={number}", routes::ScheduledMessages);
    page(
        StatusCode::OK,
        &ScheduledPage {
            zone: actor.tenant.time_zone.name(),
            total: found.total,
            previous: (found.request.page > 1).then(|| link(found.request.page - 1)),
            next: found.has_more().then(|| link(found.request.page + 1)),
            may_send: actor.may(Permission::ChatSend),
            items: found.items.into_iter().map(|message| ScheduledItem::new(message, &layout)).collect(),
            layout,
        },
    )
}
