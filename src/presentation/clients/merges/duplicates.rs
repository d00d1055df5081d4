//! The pairs of clients that may be one person.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::merges::view::{PairView, SuggestionView};
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
        ui::layout::{Layout, initials, page},
    },
};

#[derive(Template)]
#[template(path = "clients/merges/duplicates.html")]
struct PairsPage {
    layout: Layout,
    list: PageView<PairView>,
    may_dismiss: bool,
    may_merge: bool,
}

impl PairsPage {
    fn initials(name: &str) -> String {
        initials(name)
    }
}

/// A page of pairs, the most alike first.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    let found = state.services.merges.duplicate_pairs(&signed_in.actor, query.page_request(25)?).await?;
    let list = PageView::of(found, |(first, suggestion)| {
        let SuggestionView { client, reasons } = suggestion.into();
        PairView { first: first.into(), second: client, reasons }
    });
    if format == Format::Json {
        return Ok(Json(list).into_response());
    }
    let may = |permission| signed_in.actor.may(permission);
    let may_dismiss = may(Permission::ClientUpdate);
    let may_merge = may_dismiss && may(Permission::ClientDelete);
    let layout = Layout::new(&state, &signed_in, routes::Clients::PATTERN, None).await?;
    page(StatusCode::OK, &PairsPage { layout, list, may_dismiss, may_merge })
}
