//! Past imports, and the way to a new one.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::imports::view::ImportView;
use crate::{
    error::Result,
    persistence::PageRequest,
    presentation::{
        AppState,
        http::{
            extract::{Format, Query, SignedIn},
            form::Form,
            routes,
            views::PageView,
        },
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

/// A page of imports.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    let request = query.page_request(25)?;
    if format == Format::Json {
        return Ok(Json(imports(&state, &signed_in, request).await?).into_response());
    }
    render(&state, &signed_in, request, StatusCode::OK, Form::default()).await
}

async fn imports(
    state: &AppState,
    signed_in: &SignedIn,
    request: PageRequest,
) -> Result<PageView<ImportView>> {
    let found = state.services.imports.list(&signed_in.actor, request).await?;
    Ok(PageView::of(found, |import| ImportView::from(&import)))
}

/// The page, with what was wrong with an upload.
pub(super) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    request: PageRequest,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let list = imports(state, signed_in, request).await?;
    let layout = Layout::new(state, signed_in, routes::Clients::PATTERN, None).await?;
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
