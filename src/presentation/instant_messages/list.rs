//! The list of message templates.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{Permission, SearchTerms},
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Query, SignedIn},
        layout::{Layout, page},
        routes,
        views::{PageView, TemplateView},
    },
};

#[derive(Template)]
#[template(path = "instant_messages/list.html")]
struct ListPage {
    layout: Layout,
    list: PageView<TemplateView>,
    query: String,
    may_create: bool,
    may_update: bool,
}

/// A page of templates.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let request = query.page_request(25)?;
    let terms = SearchTerms::parse(query.typed("q"));
    let found = state.services.templates.list(actor, &terms, request).await?;
    let list = PageView::of(found, TemplateView::from);
    if format == Format::Json {
        return Ok(Json(list).into_response());
    }
    page(
        StatusCode::OK,
        &ListPage {
            layout: Layout::new(&state, &signed_in, super::NAME, None).await?,
            query: query.typed("q").to_owned(),
            may_create: actor.may(Permission::MessageTemplateCreate),
            may_update: actor.may(Permission::MessageTemplateUpdate),
            list,
        },
    )
}
