//! The results of the spotlight: JSON for the dialog and for programs, or a page.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{ChatId, ClientId, Problem},
    error::Result,
    presentation::{
        http::{context::Ctx, extract::Format, fields::Fields, routes},
        search::{
            Item, Kind, SpotlightRequest,
            sources::{self, Group},
        },
        ui::layout::{Layout, page},
    },
    services::SearchQuery,
};

/// The number of items of a kind in the dialog.
const DIALOG_LIMIT: i64 = 5;
/// The number of items of a kind on the page that shows all kinds.
const PAGE_LIMIT: i64 = 10;
/// The number of items on a page of one kind.
const KIND_LIMIT: i64 = 25;
/// The maximum length of a query in characters; the rest is ignored.
const MAX_QUERY_LENGTH: usize = 200;
/// The maximum number of recent items that a browser sends.
const MAX_RECENT: usize = 8;

#[derive(Template)]
#[template(path = "search/page.html")]
struct SpotlightPage {
    layout: Layout,
    query: String,
    groups: Vec<Group>,
    /// True if the page shows one kind only.
    partial: bool,
}

#[derive(Serialize)]
struct SpotlightView {
    items: Vec<Item>,
    /// The number of results in words, for screen readers.
    summary: String,
}

/// Answers the results for the query `q`. Without a query it answers the recent items of the
/// browser (`recent`, such as `client-7,chat-9`) and the actions and pages.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for an unknown `kind` or an invalid `before`.
pub async fn show(ctx: Ctx) -> Result<Response> {
    let only = ctx.query.optional("kind", kind)?;
    let before = ctx.query.optional("before", |id| id.parse().map_err(|_| Problem::WrongType))?;
    let query: String = ctx.query.text_or_empty("q").trim().chars().take(MAX_QUERY_LENGTH).collect();
    let limit = match (only, ctx.format) {
        (Some(_), _) => KIND_LIMIT,
        (None, Format::Html) => PAGE_LIMIT,
        (None, Format::Json) => DIALOG_LIMIT,
    };
    // The dialog, which asks for JSON, is shown within a page.
    let with_frame = ctx.format == Format::Html;
    let (actor, search, recent) = (&ctx.actor, &ctx.services().search, recent(&ctx.query));
    let found = if query.is_empty() {
        let ids = |kind: Kind| recent.iter().filter(move |(of, _)| *of == kind).map(|(_, id)| *id);
        let clients: Vec<_> = ids(Kind::Client).map(ClientId).collect();
        let chats: Vec<_> = ids(Kind::Chat).map(ChatId).collect();
        search.recall(actor, &clients, &chats, with_frame).await?
    } else {
        let wanted = Kind::ALL.into_iter().filter(|kind| only.is_none_or(|only| only == *kind));
        let kinds: Vec<_> = wanted.filter_map(Kind::records).collect();
        search.find(actor, &SearchQuery { text: &query, kinds: &kinds, limit, before, with_frame }).await?
    };
    let layout = match found.frame {
        Some(frame) => Layout::new(&ctx, routes::Spotlight::PATTERN, frame),
        None => Layout::partial(&ctx),
    };
    let request = SpotlightRequest { ctx: &ctx, layout: &layout, query: &query, limit };
    let groups = if query.is_empty() {
        sources::suggestions(&request, &recent, &found)
    } else {
        sources::found(&request, only, &found)
    };
    if ctx.format == Format::Json {
        let items: Vec<_> = groups.into_iter().flat_map(|group| group.items).collect();
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let summary = layout.t.count("spotlight-count", count).into_owned();
        return Ok(Json(SpotlightView { items, summary }).into_response());
    }
    page(StatusCode::OK, &SpotlightPage { layout, partial: only.is_some(), query, groups })
}

fn kind(text: &str) -> Result<Kind, Problem> {
    let found = Kind::ALL.into_iter().find(|kind| kind.as_str() == text);
    found.ok_or(Problem::NotOneOf("page, action, client, chat, template, message".into()))
}

/// Reads the recent items that the browser sends. They come from the browser's storage, so invalid
/// ones are ignored.
fn recent(fields: &Fields) -> Vec<(Kind, i64)> {
    let one = |text: &str| {
        let (name, id) = text.split_once('-')?;
        Some((kind(name).ok()?, id.parse().ok()?))
    };
    fields.text_or_empty("recent").split(',').filter_map(one).take(MAX_RECENT).collect()
}
