//! Deletion of several clients that were selected in the list, with a confirmation.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;

use crate::{
    domain::{ClientId, Permission, Problem},
    error::{AppError, Result},
    persistence::DeletionImpact,
    presentation::{
        clients::list_query::{ListQuery, filter},
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            fields::Fields,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::{ClientSelection, SelectionImpact},
};

/// The records that a deletion would remove.
#[derive(Debug, Serialize)]
struct DeletionImpactView {
    clients: i64,
    contacts: i64,
    chats: i64,
    messages: i64,
    files: i64,
}

#[derive(Debug, Serialize)]
struct DeletedView {
    deleted: i64,
    left: i64,
}

#[derive(Template)]
#[template(path = "clients/bulk_delete.html")]
struct DeletePage {
    layout: Layout,
    impact: DeletionImpact,
    /// The number of clients that are deleted already. With scripts, the rest is deleted without
    /// another click.
    done: Option<i64>,
    /// The fields that define the selection.
    form_fields: Vec<(&'static str, String)>,
    /// The address for cancelling.
    back: String,
}

/// Shows the impact of the deletion and asks for a confirmation.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] if no client is selected.
pub async fn confirm(ctx: Ctx) -> Result<Response> {
    ctx.actor.require(Permission::ClientDelete)?;
    let selection = selection(&ctx.query, &ctx)?;
    confirm_page(&ctx, ctx.format, &ctx.query, &selection, None).await
}

/// Deletes the clients. A request deletes a limited number; for the rest, the confirmation is shown
/// again.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] if no client is selected.
pub async fn submit(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    ctx.actor.require(Permission::ClientDelete)?;
    let selection = selection(&fields, &ctx)?;
    let done = ctx.services().clients.delete_selected(&ctx.actor, &selection).await?;
    if ctx.format == Format::Json {
        return Ok(Json(DeletedView { deleted: done.deleted, left: done.remaining }).into_response());
    }
    if done.remaining > 0 {
        let before = fields.number("done", 0, 0, i64::MAX).unwrap_or(0);
        let done = before.saturating_add(done.deleted);
        return confirm_page(&ctx, ctx.format, &fields, &selection, Some(done)).await;
    }
    Ok(Redirect::to(&ListQuery::parse(&fields, &ctx)?.with(&[])).into_response())
}

async fn confirm_page(
    ctx: &Ctx,
    format: Format,
    fields: &Fields,
    selection: &ClientSelection,
    done: Option<i64>,
) -> Result<Response> {
    let SelectionImpact { impact, newest, frame } =
        ctx.services().clients.selection_impact(&ctx.actor, selection).await?;
    if format == Format::Json {
        let DeletionImpact { clients, contacts, chats, messages, files } = impact;
        return Ok(Json(DeletionImpactView { clients, contacts, chats, messages, files }).into_response());
    }
    let list = ListQuery::parse(fields, ctx)?;
    let mut form_fields = list.filter_fields().to_vec();
    match (selection, newest) {
        (ClientSelection::Ids(ids), _) => {
            form_fields.push(("ids", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")));
        }
        (ClientSelection::Matching { newest, .. }, last) => {
            form_fields.push(("all", "true".to_owned()));
            form_fields.extend(newest.or(last).map(|id| ("newest", id.to_string())));
        }
    }
    let layout = Layout::new(ctx, routes::Clients::PATTERN, frame);
    page(StatusCode::OK, &DeletePage { layout, impact, done, form_fields, back: list.with(&[]) })
}

/// Reads the selection: `ids`, repeated or separated by commas; or with `all` the clients that
/// match the list's filter, up to the id `newest`.
fn selection(fields: &Fields, ctx: &Ctx) -> Result<ClientSelection> {
    let bad = |problem| AppError::invalid("ids", problem);
    if fields.text("all") == Some("true") {
        let id = |text: &str| text.parse::<ClientId>().map_err(|_| Problem::NotFound);
        let newest = fields.optional("newest", id)?;
        return Ok(ClientSelection::Matching { filter: filter(fields, ctx)?, newest });
    }
    let sent = fields.pairs().into_iter().filter(|(name, _)| name == "ids");
    let ids: Result<Vec<_>, _> = sent
        .flat_map(|(_, value)| value.split(',').map(|id| id.trim().parse::<ClientId>()).collect::<Vec<_>>())
        .collect();
    let mut ids = ids.map_err(|_| bad(Problem::NotFound))?;
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() { Err(bad(Problem::Required)) } else { Ok(ClientSelection::Ids(ids)) }
}
