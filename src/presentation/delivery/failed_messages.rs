//! The page of failed messages: the backlog of each channel, failed messages, and sending them
//! again.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    domain::{ChannelId, ChatId, FailedMessage, MessageId, MessageStatus, MessageText, Permission, Problem},
    error::{AppError, Result},
    presentation::{
        channels::view::name,
        chats::messages::view::failure_message,
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            fields::Fields,
            page::PageView,
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::{ChannelOutbox, FailedSelection},
};

#[derive(Template)]
#[template(path = "delivery/failed_messages.html")]
struct FailedMessagesPage {
    layout: Layout,
    queues: Vec<ChannelBacklogView>,
    list: PageView<FailedMessageView>,
    /// The channel that the list is limited to.
    channel: Option<ChannelId>,
    /// The result of sending again, in words.
    resent: Option<Cow<'static, str>>,
    previous: Option<String>,
    next: Option<String>,
}

/// The backlog of a channel.
#[derive(Debug, Serialize)]
struct ChannelBacklogView {
    /// `None` for removed channels.
    channel_id: Option<ChannelId>,
    name: Option<String>,
    state: Option<&'static str>,
    queued: i64,
    under_way: i64,
    retried: i64,
    scheduled: i64,
    failed: i64,
    unknown: i64,
}

/// A failed message.
#[derive(Debug, Serialize)]
struct FailedMessageView {
    id: MessageId,
    chat_id: ChatId,
    channel_id: Option<ChannelId>,
    client_name: String,
    transport: &'static str,
    status: &'static str,
    message: String,
    error_code: Option<String>,
    error_message: Option<String>,
    created_at: DateTime<Utc>,
}

/// The JSON representation: the backlogs and a page of failed messages.
#[derive(Serialize)]
struct FailedMessagesView {
    channels: Vec<ChannelBacklogView>,
    #[serde(flatten)]
    list: PageView<FailedMessageView>,
}

#[derive(Serialize)]
struct ResentView {
    queued: i64,
    refused: i64,
    more: bool,
}

impl ChannelBacklogView {
    /// The numbers, each with the key of its label.
    fn numbers(&self) -> [(&'static str, i64); 6] {
        [
            ("queue-queued", self.queued),
            ("queue-under-way", self.under_way),
            ("queue-retried", self.retried),
            ("queue-scheduled", self.scheduled),
            ("queue-failed", self.failed),
            ("queue-unknown", self.unknown),
        ]
    }
}

impl From<ChannelOutbox> for ChannelBacklogView {
    fn from(queue: ChannelOutbox) -> Self {
        let numbers = queue.backlogs;
        Self {
            channel_id: queue.channel.as_ref().map(|channel| channel.id),
            name: queue.channel.as_ref().map(name),
            state: queue.channel.as_ref().map(|channel| channel.state().as_str()),
            queued: numbers.queued,
            under_way: numbers.in_progress,
            retried: numbers.retried,
            scheduled: numbers.scheduled,
            failed: numbers.failed,
            unknown: numbers.unknown,
        }
    }
}

impl FailedMessageView {
    fn new(message: FailedMessage, i18n: I18n) -> Self {
        Self {
            id: message.id,
            chat_id: message.chat,
            channel_id: message.channel,
            client_name: message.client_name,
            transport: message.transport.as_str(),
            status: message.status.as_str(),
            message: message.text,
            error_message: message.failure.as_ref().map(|failure| failure_message(failure, i18n)),
            error_code: message.failure.map(|failure| failure.code),
            created_at: message.created_at,
        }
    }

    fn preview(&self) -> String {
        MessageText::from_provider(&self.message).preview()
    }

    /// True if the message can be sent again together with others. An unconfirmed message has to be
    /// checked first.
    fn is_failed(&self) -> bool {
        self.status == MessageStatus::Failed.as_str()
    }
}

/// Shows the backlog of each channel and a page of failed messages, of one `channel` or of all.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] for a bad `channel` or page.
pub async fn show(ctx: Ctx) -> Result<Response> {
    ctx.actor.require(Permission::ChannelManage)?;
    let channel = channel(&ctx.query)?;
    let found = ctx.services().outbox.open(&ctx.actor, channel, ctx.query.page_request(25)?).await?;
    let queues: Vec<_> = found.backlogs.into_iter().map(ChannelBacklogView::from).collect();
    let list = PageView::of(found.failed, |message| FailedMessageView::new(message, ctx.i18n));
    if ctx.format == Format::Json {
        return Ok(Json(FailedMessagesView { channels: queues, list }).into_response());
    }
    let layout = Layout::new(&ctx, routes::Channels::PATTERN, found.frame);
    let count = |name: &str| ctx.query.number(name, 0, 0, i64::MAX).unwrap_or(0);
    let resent = ctx.query.text("queued").is_some().then(|| {
        let numbers = [("count", count("queued").into()), ("refused", count("refused").into())];
        ctx.i18n.args("queue-resent", &numbers)
    });
    let of = channel.map(|id| format!("&channel={id}")).unwrap_or_default();
    let link = |number: i64| format!("{}?page={number}{of}", routes::Deliveries);
    page(
        StatusCode::OK,
        &FailedMessagesPage {
            previous: (list.page > 1).then(|| link(list.page - 1)),
            next: list.has_more.then(|| link(list.page + 1)),
            layout,
            queues,
            list,
            channel,
            resent,
        },
    )
}

/// Sends failed messages again: those of `ids`, or with `all` those of a `channel` or of all
/// channels.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] if neither is given.
pub async fn resend(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    ctx.actor.require(Permission::ChannelManage)?;
    let channel = channel(&fields)?;
    let selection = match fields.text("all") {
        Some("true") => FailedSelection::All(channel),
        _ => FailedSelection::Ids(ids(&fields)?),
    };
    let resent = ctx.services().outbox.retry_failed(&ctx.actor, &selection).await?;
    if ctx.format == Format::Json {
        let view = ResentView { queued: resent.queued, refused: resent.refused, more: resent.has_more };
        return Ok(Json(view).into_response());
    }
    let of = channel.map(|id| format!("&channel={id}")).unwrap_or_default();
    let path = routes::Deliveries;
    let on = format!("{path}?queued={}&refused={}{of}", resent.queued, resent.refused);
    Ok(Redirect::to(&on).into_response())
}

fn channel(fields: &Fields) -> Result<Option<ChannelId>> {
    let id = |text: &str| text.parse::<Uuid>().map(ChannelId).map_err(|_| Problem::NotFound);
    fields.optional("channel", id)
}

/// Reads the ids of `ids`, which may be repeated or separated by commas.
fn ids(fields: &Fields) -> Result<Vec<MessageId>> {
    let sent = fields.pairs().into_iter().filter(|(name, _)| name == "ids");
    let ids: Result<Vec<MessageId>, _> = sent
        .flat_map(|(_, value)| value.split(',').map(|id| id.trim().parse()).collect::<Vec<_>>())
        .collect();
    let mut ids = ids.map_err(|_| AppError::invalid("ids", Problem::NotFound))?;
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(500);
    if ids.is_empty() { Err(AppError::invalid("ids", Problem::Required)) } else { Ok(ids) }
}
