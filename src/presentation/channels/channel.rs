//! One channel: how it does, where its provider posts, and all that can be changed.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::channels::{
    form::without_secrets, health::FindingView, view::ChannelView, whatsapp_templates::WhatsappTemplateView,
};
use crate::{
    domain::ChannelId,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, SignedIn},
            form::Form,
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::ChannelReport,
};

/// In the order of the page.
const FIELDS: [&str; 5] = ["sms_number", "whatsapp_number", "messaging_service_sid", "auth_token", "leaked"];

#[derive(Template)]
#[template(path = "channels/page.html")]
struct ShowPage {
    layout: Layout,
    channel: ChannelView,
    form: Form,
    findings: Option<Vec<FindingView>>,
    templates: Vec<WhatsappTemplateView>,
}

/// The channel.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ChannelId>,
) -> Result<Response> {
    let report = state.services.channels.show(&signed_in.actor, id).await?;
    if format == Format::Json {
        let i18n = I18n::new(signed_in.actor.locale());
        return Ok(Json(ChannelView::new(report, &state, i18n)).into_response());
    }
    render(&state, &signed_in, report, StatusCode::OK, None, None).await
}

/// The page, with a form that came back, or with what a test found.
pub(in crate::presentation) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    report: ChannelReport,
    status: StatusCode,
    form: Option<Form>,
    findings: Option<Vec<FindingView>>,
) -> Result<Response> {
    let layout = Layout::new(state, signed_in, routes::Channels::PATTERN, None).await?;
    let senders = report.channel.senders();
    let mut form = form.unwrap_or_default();
    for (name, value) in [
        ("sms_number", senders.sms_number),
        ("whatsapp_number", senders.whatsapp_number),
        ("messaging_service_sid", senders.messaging_service_sid),
    ] {
        if !form.has(name) {
            form.set(name, value.unwrap_or_default());
        }
    }
    let templates = state.services.whatsapp_templates.list(&signed_in.actor, report.channel.id).await?;
    let templates = templates.into_iter().map(WhatsappTemplateView::from).collect();
    let channel = ChannelView::new(report, state, layout.t);
    page(
        status,
        &ShowPage {
            channel,
            templates,
            form: without_secrets(form).with_field_order(&FIELDS),
            findings,
            layout,
        },
    )
}
