//! Quick replies for the composer, filled for the client of the chat.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{ChatId, SearchTerms},
    error::Result,
    presentation::{
        chats::templates::view::TemplateView,
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            page::PageView,
            routes,
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

/// Lists a page of filled quick replies. Without scripts, each is a link that opens the composer
/// with the text.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn list(ctx: Ctx, PathIds(id): PathIds<ChatId>) -> Result<Response> {
    let actor = &ctx.actor;
    let terms = SearchTerms::parse(ctx.query.text_or_empty("q"));
    let found = ctx.services().drafts.templates(actor, id, &terms, ctx.query.page_request(25)?).await?;
    let list = PageView::of(found.templates, TemplateView::from);
    if ctx.format == Format::Json {
        return Ok(Json(list).into_response());
    }
    page(
        StatusCode::OK,
        &TemplatesPage {
            layout: Layout::new(&ctx, routes::Chats::PATTERN, found.frame),
            name: found.client_name,
            list,
            query: ctx.query.text_or_empty("q").to_owned(),
            here: routes::ChatTemplates(id).to_string(),
            back: routes::Chat(id).to_string(),
        },
    )
}
