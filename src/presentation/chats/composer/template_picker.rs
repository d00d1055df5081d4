//! Templates to put into the composer, filled for the client of the chat.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{ChatId, SearchTerms},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, Query, SignedIn},
            routes,
            views::{PageView, TemplateView},
        },
        ui::layout::{Layout, page},
    },
};

#[derive(Template)]
#[template(path = "chats/composer/template_picker.html")]
struct TemplatesPage {
    layout: Layout,
    name: String,
    list: PageView<TemplateView>,
    query: String,
    here: String,
    back: String,
}

/// A page of templates whose text is filled. For people without scripts each is a link that opens the composer with it.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn list(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ChatId>,
    Query(query): Query,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let terms = SearchTerms::parse(query.text_or_empty("q"));
    let found = state.services.drafts.templates(actor, id, &terms, query.page_request(25)?).await?;
    let list = PageView::of(found, TemplateView::from);
    if format == Format::Json {
        return Ok(Json(list).into_response());
    }
    page(
        StatusCode::OK,
        &TemplatesPage {
            layout: Layout::new(&state, &signed_in, routes::Chats::PATTERN, None).await?,
            name: state.services.chats.find(actor, id).await?.client_name,
            list,
            query: query.text_or_empty("q").to_owned(),
            here: routes::ChatTemplates(id).to_string(),
            back: routes::Chat(id).to_string(),
        },
    )
}
