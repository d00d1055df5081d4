//! Opening the chat with a client, or with whoever has a phone number.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{Chat, ClientId, Permission, PersonName, PhoneNumber, Problem, SearchTerms},
    error::{AppError, Result},
    persistence::{ClientFilter, ClientSort, PageRequest},
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, Query, SignedIn},
            fields::Fields,
            form::{Form, form_or_error},
            routes,
            views::{ChatView, ClientView, MessageView},
        },
        ui::{
            i18n::I18n,
            layout::{Layout, initials, page},
        },
    },
};

#[derive(Template)]
#[template(path = "chats/create.html")]
struct NewPage {
    layout: Layout,
    form: Form,
    query: String,
    /// Whom the search found.
    found: Vec<ClientView>,
    may_search: bool,
}

/// Clients that the search shows.
const FOUND: i64 = 10;

/// The form for a phone number, and the clients that `q` finds.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query,
) -> Result<Response> {
    signed_in.actor.require(Permission::ChatSend)?;
    render(&state, &signed_in, query.text_or_empty("q"), StatusCode::OK, Form::default()).await
}

/// Opens a chat: 201 when it was made, 200 when the client had one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let (chat, made) = match open(&state, &signed_in, &fields).await {
        Ok(opened) => opened,
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, "", status, form);
            return form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await;
        }
    };
    let path = routes::Chat(chat.id).to_string();
    if format == Format::Html {
        return Ok(Redirect::to(&path).into_response());
    }
    let i18n = I18n::new(signed_in.actor.locale());
    let last = state.services.chats.last_messages(&signed_in.actor, std::slice::from_ref(&chat)).await?.pop();
    let view = ChatView::new(chat, last.map(|message| MessageView::new(message, i18n)));
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, path)], Json(view)).into_response())
}

pub(crate) async fn open(state: &AppState, signed_in: &SignedIn, fields: &Fields) -> Result<(Chat, bool)> {
    let actor = &signed_in.actor;
    actor.require(Permission::ChatSend)?;
    let client = fields
        .optional("client_id", |text| text.trim().parse::<ClientId>().map_err(|_| Problem::NotFound))?;
    let phone = fields.optional("phone", |text| PhoneNumber::parse(text, actor.tenant.country))?;
    match (client, phone) {
        (Some(client), _) => state.services.chats.open(actor, client).await,
        (None, Some(phone)) => {
            let name = fields.optional("name", |text| PersonName::parse(text, None))?;
            let name = name.map(|name| name.first);
            state.services.chats.open_by_phone(actor, &phone, name.as_deref()).await
        }
        (None, None) => Err(AppError::invalid("phone", Problem::Required)),
    }
}

async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    query: &str,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let may_search = actor.may(Permission::ClientRead);
    let found = if may_search {
        let filter = ClientFilter { terms: SearchTerms::parse(query), ..ClientFilter::default() };
        let request = PageRequest { page: 1, limit: FOUND };
        state.services.clients.list(actor, &filter, ClientSort::Newest, request).await?.items
    } else {
        Vec::new()
    };
    let layout = Layout::new(state, signed_in, routes::Chats::PATTERN, None).await?;
    let found = found.into_iter().map(ClientView::from).collect();
    page(status, &NewPage { layout, form, query: query.to_owned(), found, may_search })
}
