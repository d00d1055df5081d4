//! The merges that can be undone.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::merges::view::MergeView;
use crate::{
    domain::Permission,
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, Query, SignedIn},
            routes,
            views::PageView,
        },
        ui::layout::{Layout, page},
    },
};

#[derive(Template)]
#[template(path = "clients/merges/history.html")]
struct MergesPage {
    layout: Layout,
    list: PageView<MergeView>,
    may_merge: bool,
}

/// A page of merges, the newest first.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    let found = state.services.merges.list(&signed_in.actor, query.page_request(25)?).await?;
    let list = PageView::of(found, MergeView::from);
    if format == Format::Json {
        return Ok(Json(list).into_response());
    }
    let may = |permission| signed_in.actor.may(permission);
    let may_merge = may(Permission::ClientUpdate) && may(Permission::ClientDelete);
    let layout = Layout::new(&state, &signed_in, routes::Clients::PATTERN, None).await?;
    page(StatusCode::OK, &MergesPage { layout, list, may_merge })
}
