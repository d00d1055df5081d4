//! Connecting a Twilio account.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::presentation::channels::{
    form::{parse_account, without_secrets},
    view::ChannelView,
};
use crate::{
    domain::Permission,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, SignedIn},
            form::{Form, created, form_or_error},
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

/// In the order of the page.
const FIELDS: [&str; 6] =
    ["bot_token", "account_sid", "auth_token", "sms_number", "whatsapp_number", "messaging_service_sid"];

#[derive(Template)]
#[template(path = "channels/connect.html")]
struct NewPage {
    layout: Layout,
    form: Form,
}

/// The empty form.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn form(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    signed_in.actor.require(Permission::ChannelManage)?;
    render(&state, &signed_in, StatusCode::OK, Form::default()).await
}

/// Connects a bot by its token, or a Twilio account, unless the provider refuses the credentials.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::ChannelManage)?;
    let i18n = I18n::new(actor.locale());
    let made = async {
        let channels = &state.services.channels;
        let id = match fields.text("bot_token").map(str::trim) {
            Some(token) => channels.connect_telegram(actor, token.into()).await?,
            None => channels.connect_twilio(actor, parse_account(&fields, actor.tenant.country)?).await?,
        };
        state.services.channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &state, i18n);
            let path = routes::Channel(view.id).to_string();
            Ok(created(format, &path, &path, &view))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, status, form);
            form_or_error(error, format, &fields, i18n, render).await
        }
    }
}

async fn render(state: &AppState, signed_in: &SignedIn, status: StatusCode, form: Form) -> Result<Response> {
    let layout = Layout::new(state, signed_in, routes::Channels::PATTERN, None).await?;
    page(status, &NewPage { layout, form: without_secrets(form).with_field_order(&FIELDS) })
}
