//! The list of imports, and the form for uploading a file.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::Import,
    error::Result,
    persistence::{Page, PageRequest},
    presentation::{
        clients::imports::view::ImportView,
        http::{context::Ctx, extract::Format, form::Form, page::PageView, routes},
        ui::layout::{Layout, page},
    },
    services::{MAX_BYTES, MAX_ROWS},
};

#[derive(Template)]
#[template(path = "clients/imports/list.html")]
struct ListPage {
    layout: Layout,
    form: Form,
    list: PageView<ImportView>,
    limits: String,
    previous: Option<String>,
    next: Option<String>,
}

/// Lists a page of imports.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    let request = ctx.query.page_request(25)?;
    if ctx.format == Format::Json {
        let found = ctx.services().imports.list(&ctx.actor, request).await?;
        return Ok(Json(view(found.content)).into_response());
    }
    render(&ctx, request, StatusCode::OK, Form::default()).await
}

fn view(page: Page<Import>) -> PageView<ImportView> {
    PageView::of(page, |import| ImportView::from(&import))
}

/// Renders the page with the problems of an upload.
pub(super) async fn render(
    ctx: &Ctx,
    request: PageRequest,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let found = ctx.services().imports.list(&ctx.actor, request).await?;
    let layout = Layout::new(ctx, routes::Clients::PATTERN, found.frame);
    let list = view(found.content);
    let limits = layout
        .t
        .args("import-limits", &[("rows", MAX_ROWS.into()), ("megabytes", (MAX_BYTES / 1024 / 1024).into())]);
    let link = |page: i64| format!("{}?page={page}", routes::Imports);
    page(
        status,
        &ListPage {
            form,
            limits: limits.into_owned(),
            previous: (list.page > 1).then(|| link(list.page - 1)),
            next: list.has_more.then(|| link(list.page + 1)),
            list,
            layout,
        },
    )
}
