//! Connecting a Twilio account.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    parse::{account, without_secrets},
    view::ChannelView,
};
use crate::{
    domain::Permission,
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Input, SignedIn},
        forms::{Form, created, refused},
        layout::{Layout, page},
        routes,
        texts::Texts,
    },
};

/// In the order of the page.
const FIELDS: [&str; 5] =
    ["account_sid", "auth_token", "sms_number", "whatsapp_number", "messaging_service_sid"];

#[derive(Template)]
#[template(path = "channels/new.html")]
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

/// Connects an account, unless Twilio refuses its credentials.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Input(fields): Input,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::ChannelManage)?;
    let texts = Texts::new(actor.locale());
    let made = async {
        let new = account(&fields, actor.tenant.country)?;
        let id = state.services.channels.connect_twilio(actor, new).await?;
        state.services.channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &state, texts);
            let path = routes::Channel(view.id).to_string();
            Ok(created(format, &path, &path, &view))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, status, form);
            refused(error, format, &fields, texts, render).await
        }
    }
}

async fn render(state: &AppState, signed_in: &SignedIn, status: StatusCode, form: Form) -> Result<Response> {
    let layout = Layout::new(state, signed_in, super::NAME, None).await?;
    page(status, &NewPage { layout, form: without_secrets(form).in_order(&FIELDS) })
}
