//! The user's sessions: the list, and ending one.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::SessionId,
    error::Result,
    presentation::{
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            page::ListView,
            routes,
        },
        identity::view::SessionView,
        ui::layout::{Layout, page},
    },
};

#[derive(Template)]
#[template(path = "identity/sessions.html")]
struct SessionsPage {
    layout: Layout,
    sessions: Vec<SessionView>,
}

/// Lists the sessions of the signed-in user.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] if the database does not answer.
pub async fn list(ctx: Ctx) -> Result<Response> {
    let found = ctx.services().identity.sessions(&ctx.actor, ctx.token()).await?;
    let sessions = found.content.into_iter().map(SessionView::from).collect();
    if ctx.format == Format::Json {
        return Ok(Json(ListView { items: sessions }).into_response());
    }
    let layout = Layout::new(&ctx, routes::Account::PATTERN, found.frame);
    page(StatusCode::OK, &SessionsPage { layout, sessions })
}

/// Ends a session and its live streams.
///
/// # Errors
/// [`crate::error::AppError::NotFound`].
pub async fn end(ctx: Ctx, PathIds(id): PathIds<SessionId>) -> Result<Response> {
    ctx.services().identity.end_session(&ctx.actor, id).await?;
    Ok(ctx.deleted(routes::Sessions::PATTERN))
}
