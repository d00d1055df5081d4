//! The settings of staff notifications: which events a bot reports, the quiet hours, the linked
//! Telegram account, and the settings of this device.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{ChannelId, InboundNotifications, NotificationPreferences, Problem, QuietHours},
    error::{AppError, Result},
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            fields::{Fields, parse_bool},
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::{NotificationBot, NotificationPage},
};

/// The fields in the order of the page.
const FIELDS: [&str; 5] = ["inbound", "failed", "with_text", "quiet_from", "quiet_to"];

/// The settings as JSON.
#[derive(Serialize)]
struct NotificationsView {
    inbound: &'static str,
    failed: bool,
    with_text: bool,
    quiet_from: Option<String>,
    quiet_to: Option<String>,
    linked_to: Option<String>,
    lost_at: Option<chrono::DateTime<chrono::Utc>>,
    bots: Vec<BotView>,
}

#[derive(Serialize)]
struct BotView {
    channel_id: ChannelId,
    username: String,
    url: Option<String>,
}

impl From<NotificationPage> for NotificationsView {
    fn from(NotificationPage { settings, bots, .. }: NotificationPage) -> Self {
        let preferences = settings.preferences;
        let (from, to) = preferences.quiet_hours.map(QuietHours::clock_times).unzip();
        let bot =
            |bot: NotificationBot| BotView { channel_id: bot.channel, username: bot.username, url: bot.url };
        Self {
            inbound: preferences.inbound.as_str(),
            failed: preferences.failed,
            with_text: preferences.with_text,
            quiet_from: from,
            quiet_to: to,
            linked_to: settings.linked_account.map(|link| link.name),
            lost_at: settings.blocked_at,
            bots: bots.into_iter().map(bot).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "activity/notification_settings.html")]
struct NotificationsPage {
    layout: Layout,
    view: NotificationsView,
    form: Form,
    inbound_choices: Vec<(&'static str, Cow<'static, str>)>,
    zone: &'static str,
    saved: bool,
}

/// Shows the user's settings.
///
/// # Errors
/// [`AppError::Unavailable`] if the database does not answer.
pub async fn show(ctx: Ctx) -> Result<Response> {
    if ctx.format == Format::Json {
        let shown = ctx.services().notifications.show(&ctx.actor).await?;
        return Ok(Json(NotificationsView::from(shown)).into_response());
    }
    render(&ctx, StatusCode::OK, None, ctx.query.text("saved").is_some()).await
}

/// Changes the fields that are present in the request.
///
/// # Errors
/// [`AppError::Invalid`] for an invalid field.
pub async fn update(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let actor = &ctx.actor;
    let kept = ctx.services().notifications.show(actor).await?.settings.preferences;
    match parse(&fields, kept) {
        Ok(wishes) => {
            ctx.services().notifications.save_preferences(actor, &wishes).await?;
            let view = NotificationsView::from(ctx.services().notifications.show(actor).await?);
            Ok(ctx.changed(&format!("{}?saved", routes::AccountNotifications), &view))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, status, Some(form), false)).await
        }
    }
}

/// Creates a link by which the user links a Telegram account.
///
/// # Errors
/// [`AppError::Invalid`] for a bad `channel_id`.
pub async fn link(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let actor = &ctx.actor;
    let text = fields.text("channel_id").map(str::trim).filter(|text| !text.is_empty());
    let channel = text.map(|text| text.parse().map(ChannelId).map_err(|_| Problem::NotFound)).transpose();
    let channel = channel.map_err(|problem| AppError::invalid("channel_id", problem))?;
    ctx.services().notifications.create_link(actor, channel).await?;
    let view = NotificationsView::from(ctx.services().notifications.show(actor).await?);
    Ok(ctx.changed(&routes::AccountNotifications.to_string(), &view))
}

/// Unlinks the user's Telegram account.
///
/// # Errors
/// [`AppError::Unavailable`] if the database does not answer.
pub async fn unlink(ctx: Ctx) -> Result<Response> {
    ctx.services().notifications.unlink(&ctx.actor).await?;
    Ok(ctx.deleted(&routes::AccountNotifications.to_string()))
}

/// Reads the fields; absent ones keep their values.
fn parse(fields: &Fields, kept: NotificationPreferences) -> Result<NotificationPreferences> {
    let mut form = fields.reader();
    let (from, to) = kept.quiet_hours.map(QuietHours::clock_times).unzip();
    let mut hour = |name, kept: Option<String>| {
        let hour =
            form.patch(name, kept.unwrap_or_default(), Ok(String::new()), |text| Ok(text.trim().to_owned()));
        hour.unwrap_or_default()
    };
    let (from, to) = (hour("quiet_from", from), hour("quiet_to", to));
    // The beginning and the end of the quiet hours are only valid together.
    let wrong =
        if QuietHours::parse(&from, &from).is_err() || from.is_empty() { "quiet_from" } else { "quiet_to" };
    let quiet_hours = form.check(wrong, QuietHours::parse(&from, &to));
    let inbound = form.patch("inbound", kept.inbound, Ok(InboundNotifications::None), str::parse);
    let failed = form.patch("failed", kept.failed, Ok(false), parse_bool);
    let with_text = form.patch("with_text", kept.with_text, Ok(false), parse_bool);
    let preferences = inbound.zip(failed.zip(with_text)).zip(quiet_hours).map(
        |((inbound, (failed, with_text)), quiet_hours)| NotificationPreferences {
            inbound,
            failed,
            with_text,
            quiet_hours,
        },
    );
    form.finish_all(preferences)
}

async fn render(ctx: &Ctx, status: StatusCode, form: Option<Form>, saved: bool) -> Result<Response> {
    let shown = ctx.services().notifications.show(&ctx.actor).await?;
    let layout = Layout::new(ctx, routes::Account::PATTERN, shown.frame);
    let view = NotificationsView::from(shown);
    let form = form.unwrap_or_else(|| {
        Form::filled([
            ("inbound", Some(view.inbound.to_owned())),
            ("failed", Some(view.failed.to_string())),
            ("with_text", Some(view.with_text.to_string())),
            ("quiet_from", view.quiet_from.clone()),
            ("quiet_to", view.quiet_to.clone()),
        ])
    });
    let inbound_choices =
        InboundNotifications::ALL.map(|of| (of.as_str(), layout.t.get(format!("told-of-{}", of.as_str()))));
    page(
        status,
        &NotificationsPage {
            view,
            form: form.with_field_order(&FIELDS),
            inbound_choices: inbound_choices.into(),
            zone: ctx.actor.tenant.time_zone.name(),
            saved,
            layout,
        },
    )
}
