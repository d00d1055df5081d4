//! Opening a chat with a client or with a phone number.

use askama::Template;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{Chat, ClientId, Permission, PersonName, PhoneNumber, Problem, SearchTerms},
    error::{AppError, Result},
    persistence::{ClientFilter, ClientSort, PageRequest},
    presentation::{
        chats::{messages::view::MessageView, view::ChatView},
        clients::view::ClientView,
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            fields::Fields,
            form::Form,
            routes,
        },
        ui::layout::{Layout, initials, page},
    },
};

#[derive(Template)]
#[template(path = "chats/create.html")]
struct NewPage {
    layout: Layout,
    form: Form,
    query: String,
    /// The clients that the search found.
    found: Vec<ClientView>,
    may_search: bool,
}

/// The number of clients that the search shows.
const FOUND: i64 = 10;

/// Shows the form for a phone number, and the clients that `q` finds.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn form(ctx: Ctx) -> Result<Response> {
    ctx.actor.require(Permission::ChatSend)?;
    render(&ctx, ctx.query.text_or_empty("q"), StatusCode::OK, Form::default()).await
}

/// Opens a chat: 201 if it was created, 200 if the client already had one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn submit(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let (chat, made) = match open(&ctx, &fields).await {
        Ok(opened) => opened,
        Err(error) => {
            let render = |status, form| render(&ctx, "", status, form);
            return ctx.form_or_error(error, &fields, render).await;
        }
    };
    let path = routes::Chat(chat.id).to_string();
    if ctx.format == Format::Html {
        return Ok(Redirect::to(&path).into_response());
    }
    let last = ctx.services().chats.last_messages(&ctx.actor, std::slice::from_ref(&chat)).await?.pop();
    let view = ChatView::new(chat, last.map(|message| MessageView::new(message, ctx.i18n)));
    let status = if made { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, path)], Json(view)).into_response())
}

pub(crate) async fn open(ctx: &Ctx, fields: &Fields) -> Result<(Chat, bool)> {
    let actor = &ctx.actor;
    actor.require(Permission::ChatSend)?;
    let client = fields
        .optional("client_id", |text| text.trim().parse::<ClientId>().map_err(|_| Problem::NotFound))?;
    let phone = fields.optional("phone", |text| PhoneNumber::parse(text, actor.tenant.country))?;
    match (client, phone) {
        (Some(client), _) => ctx.services().chats.open(actor, client).await,
        (None, Some(phone)) => {
            let name = fields.optional("name", |text| PersonName::parse(text, None))?;
            let name = name.map(|name| name.first);
            ctx.services().chats.open_by_phone(actor, &phone, name.as_deref()).await
        }
        (None, None) => Err(AppError::invalid("phone", Problem::Required)),
    }
}

async fn render(ctx: &Ctx, query: &str, status: StatusCode, form: Form) -> Result<Response> {
    let actor = &ctx.actor;
    let may_search = actor.may(Permission::ClientRead);
    let (found, layout) = if may_search {
        let filter = ClientFilter { terms: SearchTerms::parse(query), ..ClientFilter::default() };
        let request = PageRequest { page: 1, limit: FOUND };
        let found = ctx.services().clients.list(actor, &filter, ClientSort::Best, request).await?;
        (found.content.items, Layout::new(ctx, routes::Chats::PATTERN, found.frame))
    } else {
        (Vec::new(), Layout::load(ctx, routes::Chats::PATTERN).await?)
    };
    let found = found.into_iter().map(ClientView::from).collect();
    page(status, &NewPage { layout, form, query: query.to_owned(), found, may_search })
}
