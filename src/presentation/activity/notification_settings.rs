//! Of what one is told by a bot, when not, and where to; and what this device does.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{
        ChannelId, FieldErrors, InboundNotifications, NotificationPreferences, Patch, Problem, QuietHours,
    },
    error::{AppError, Result},
    persistence::NotificationSettings,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, Query, SignedIn},
            fields::Fields,
            form::{Form, changed, deleted, form_or_error},
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::NotificationBot,
};

/// In the order of the page.
const FIELDS: [&str; 5] = ["inbound", "failed", "with_text", "quiet_from", "quiet_to"];

/// What programs see.
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

impl NotificationsView {
    fn new((settings, bots): (NotificationSettings, Vec<NotificationBot>)) -> Self {
        let wishes = settings.preferences;
        let (from, to) = wishes.quiet_hours.map(QuietHours::clock_times).unzip();
        let bot =
            |bot: NotificationBot| BotView { channel_id: bot.channel, username: bot.username, url: bot.url };
        Self {
            inbound: wishes.inbound.as_str(),
            failed: wishes.failed,
            with_text: wishes.with_text,
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

/// One's own settings.
///
/// # Errors
/// [`AppError::Unavailable`] when the database is away.
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    if format == Format::Json {
        let shown = state.services.notifications.show(&signed_in.actor).await?;
        return Ok(Json(NotificationsView::new(shown)).into_response());
    }
    render(&state, &signed_in, StatusCode::OK, None, query.text("saved").is_some()).await
}

/// Changes the fields that were sent.
///
/// # Errors
/// [`AppError::Invalid`].
pub async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let kept = state.services.notifications.show(actor).await?.0.preferences;
    match parse(&fields, kept) {
        Ok(wishes) => {
            state.services.notifications.save_preferences(actor, &wishes).await?;
            let view = NotificationsView::new(state.services.notifications.show(actor).await?);
            Ok(changed(format, &format!("{}?saved", routes::AccountNotifications), &view))
        }
        Err(errors) => {
            let render = |status, form| render(&state, &signed_in, status, Some(form), false);
            form_or_error(errors.into(), format, &fields, I18n::new(actor.locale()), render).await
        }
    }
}

/// Makes a link by which one's own Telegram becomes known.
///
/// # Errors
/// [`AppError::Invalid`] for `channel_id`.
pub async fn link(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let text = fields.text("channel_id").map(str::trim).filter(|text| !text.is_empty());
    let channel = text.map(|text| text.parse().map(ChannelId).map_err(|_| Problem::NotFound)).transpose();
    let channel = channel.map_err(|problem| AppError::invalid("channel_id", problem))?;
    state.services.notifications.create_link(actor, channel).await?;
    let view = NotificationsView::new(state.services.notifications.show(actor).await?);
    Ok(changed(format, &routes::AccountNotifications.to_string(), &view))
}

/// Forgets one's own Telegram.
///
/// # Errors
/// [`AppError::Unavailable`] when the database is away.
pub async fn unlink(State(state): State<AppState>, signed_in: SignedIn, format: Format) -> Result<Response> {
    state.services.notifications.unlink(&signed_in.actor).await?;
    Ok(deleted(format, &routes::AccountNotifications.to_string()))
}

/// What was sent; fields that were not stay as they are.
fn parse(fields: &Fields, kept: NotificationPreferences) -> Result<NotificationPreferences, FieldErrors> {
    let mut errors = FieldErrors::default();
    let inbound = fields.patch("inbound").and_then(|patch| match patch {
        Patch::Keep => Ok(kept.inbound),
        Patch::Clear => Ok(InboundNotifications::None),
        Patch::Set(text) => text.parse(),
    });
    let flag = |name: &str, kept: bool| {
        fields.patch(name).and_then(|patch| match patch {
            Patch::Keep => Ok(kept),
            Patch::Clear => Ok(false),
            Patch::Set(text) => text.parse().map_err(|_| Problem::NotOneOf("true, false")),
        })
    };
    let (from, to) = kept.quiet_hours.map(QuietHours::clock_times).unzip();
    let hour = |name: &str, kept: Option<String>| {
        fields.patch(name).map(|patch| match patch {
            Patch::Keep => kept.unwrap_or_default(),
            Patch::Clear => String::new(),
            Patch::Set(text) => text.trim().to_owned(),
        })
    };
    let from = errors.check("quiet_from", hour("quiet_from", from)).unwrap_or_default();
    let to = errors.check("quiet_to", hour("quiet_to", to)).unwrap_or_default();
    // Either of them alone says nothing.
    let wrong =
        if QuietHours::parse(&from, &from).is_err() || from.is_empty() { "quiet_from" } else { "quiet_to" };
    let quiet = errors.check(wrong, QuietHours::parse(&from, &to));
    let inbound = errors.check("inbound", inbound);
    let (failed, with_text) = (flag("failed", kept.failed), flag("with_text", kept.with_text));
    let (failed, with_text) = (errors.check("failed", failed), errors.check("with_text", with_text));
    match (inbound, failed, with_text, quiet) {
        (Some(inbound), Some(failed), Some(with_text), Some(quiet)) => {
            errors.or(NotificationPreferences { inbound, failed, with_text, quiet_hours: quiet })
        }
        _ => Err(errors),
    }
}

async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    status: StatusCode,
    form: Option<Form>,
    saved: bool,
) -> Result<Response> {
    let view = NotificationsView::new(state.services.notifications.show(&signed_in.actor).await?);
    let layout = Layout::new(state, signed_in, routes::Account::PATTERN, None).await?;
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
            zone: signed_in.actor.tenant.time_zone.name(),
            saved,
            layout,
        },
    )
}
