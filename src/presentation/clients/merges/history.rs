//! The merges that can be undone, and undoing one.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{MergeId, Permission},
    error::Result,
    presentation::{
        clients::merges::view::{LeftView, MergeView, UndoneView},
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            page::PageView,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::UndoneMerge,
};

#[derive(Template)]
#[template(path = "clients/merges/history.html")]
struct MergesPage {
    layout: Layout,
    list: PageView<MergeView>,
    may_merge: bool,
}

/// Lists a page of merges, the newest first.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    let found = ctx.services().merges.list(&ctx.actor, ctx.query.page_request(25)?).await?;
    let list = PageView::of(found.content, MergeView::from);
    if ctx.format == Format::Json {
        return Ok(Json(list).into_response());
    }
    let may = |permission| ctx.actor.may(permission);
    let may_merge = may(Permission::ClientUpdate) && may(Permission::ClientDelete);
    let layout = Layout::new(&ctx, routes::Clients::PATTERN, found.frame);
    page(StatusCode::OK, &MergesPage { layout, list, may_merge })
}

#[derive(Template)]
#[template(path = "clients/merges/undone.html")]
struct UndonePage {
    layout: Layout,
    undone: UndoneView,
}

/// Undoes a merge, and lists the values that could not be restored.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Conflict`].
pub async fn undo(ctx: Ctx, PathIds(id): PathIds<MergeId>) -> Result<Response> {
    let actor = &ctx.actor;
    let UndoneMerge { survivor: kept, restored, conflicts: left } =
        ctx.services().merges.undo(actor, id).await?;
    let left: Vec<_> = left.into_iter().map(|left| LeftView::new(left, ctx.i18n)).collect();
    let undone = UndoneView { kept: kept.into(), restored: restored.into(), left };
    if ctx.format == Format::Json {
        return Ok(Json(undone).into_response());
    }
    if undone.left.is_empty() {
        return Ok(Redirect::to(&routes::Client(undone.restored.id).to_string()).into_response());
    }
    let layout = Layout::load(&ctx, routes::Clients::PATTERN).await?;
    page(StatusCode::OK, &UndonePage { layout, undone })
}
