//! Opening the chat with a client, or with whoever has a phone number.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{Chat, ClientId, Permission, PhoneNumber, Problem},
    error::{AppError, Result},
    presentation::{
        AppState,
        extract::{Format, Input, SignedIn},
        fields::Fields,
        forms::{Form, refused},
        layout::{Layout, page},
        routes,
        texts::Texts,
        views::{ChatView, MessageView},
    },
};

#[derive(Template)]
#[template(path = "chats/new.html")]
struct NewPage {
    layout: Layout,
    form: Form,
}

/// The form for a phone number.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn form(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    signed_in.actor.require(Permission::ChatSend)?;
    render(&state, &signed_in, StatusCode::OK, Form::default()).await
}

/// Opens a chat: 201 when it was made, 200 when the client had one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Input(fields): Input,
) -> Result<Response> {
    let (chat, made) = match open(&state, &signed_in, &fields).await {
        Ok(opened) => opened,
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, status, form);
            return refused(error, format, &fields, Texts::new(signed_in.actor.locale()), render).await;
        }
    };
    let path = routes::Chat(chat.id).to_string();
    if format == Format::Html {
        return Ok(Redirect::to(&path).into_response());
    }
    let texts = Texts::new(signed_in.actor.locale());
    let last = state.services.chats.last_messages(&signed_in.actor, std::slice::from_ref(&chat)).await?.pop();
    let view = ChatView::new(chat, last.map(|message| MessageView::new(message, texts)));
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, path)], Json(view)).into_response())
}

async fn open(state: &AppState, signed_in: &SignedIn, fields: &Fields) -> Result<(Chat, bool)> {
    let actor = &signed_in.actor;
    actor.require(Permission::ChatSend)?;
    let client = fields
        .optional("client_id", |text| text.trim().parse::<ClientId>().map_err(|_| Problem::NotFound))?;
    let phone = fields.optional("phone", |text| PhoneNumber::parse(text, actor.tenant.country))?;
    match (client, phone) {
        (Some(client), _) => state.services.chats.open(actor, client).await,
        (None, Some(phone)) => state.services.chats.open_by_phone(actor, &phone).await,
        (None, None) => Err(AppError::invalid("phone", Problem::Required)),
    }
}

async fn render(state: &AppState, signed_in: &SignedIn, status: StatusCode, form: Form) -> Result<Response> {
    let layout = Layout::new(state, signed_in, super::NAME, None).await?;
    page(status, &NewPage { layout, form })
}
