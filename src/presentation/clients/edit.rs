//! Changing a client (a section of its page or all fields), and deleting it.

use askama::Template;
use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use axum_extra::TypedHeader;
use serde::Serialize;

use crate::{
    domain::{Client, ClientField, ClientId, ClientPatch, ClientSection, Patch, Permission},
    error::{AppError, Result},
    persistence::DeletionImpact,
    presentation::{
        clients::{
            create::FormPage,
            fields::{SECTION, base_version, display_text, field_names, filled, form_sections},
            page::{self, OpenForm},
            profile::link_conflicting_client,
            view::ClientView,
        },
        http::{
            context::Ctx,
            edit_conflict::{BaseVersion, edit_conflict_form, if_match, keeps_theirs},
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::{Framed, PageFrame},
};

/// Shows the form with all fields of a client.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn form(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    ctx.actor.require(Permission::ClientUpdate)?;
    let opened = ctx.services().clients.open_form(&ctx.actor, id).await?;
    let client = ClientView::from(opened.content);
    render_form(&ctx, &client, opened.frame, StatusCode::OK, filled(&client))
}

/// Changes the fields that are present in the request. `If-Match` and the version in the form are
/// checked.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::EditConflict`], [`AppError::PreconditionFailed`],
/// [`AppError::NotFound`], [`AppError::Forbidden`].
pub async fn submit(
    ctx: Ctx,
    headers: HeaderMap,
    PathIds(id): PathIds<ClientId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let section = ClientSection::from_name(fields.text_or_empty(SECTION));
    match update(&ctx, id, &headers, section, &fields).await {
        Ok(client) if ctx.format == Format::Json => {
            let view = ClientView::from(client);
            Ok((TypedHeader(view.tag()?), Json(view)).into_response())
        }
        Ok(_) => Ok(Redirect::to(&routes::Client(id).to_string()).into_response()),
        Err(AppError::EditConflict) if ctx.format == Format::Html => {
            render_conflict(&ctx, id, section, &fields).await
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, id, section, status, form)).await
        }
    }
}

async fn update(
    ctx: &Ctx,
    id: ClientId,
    headers: &HeaderMap,
    section: Option<ClientSection>,
    fields: &Fields,
) -> Result<Client> {
    let actor = &ctx.actor;
    // The permission and the client are checked before the fields, so that a client of another
    // tenant is not found rather than invalid.
    actor.require(Permission::ClientUpdate)?;
    let stored = ctx.services().clients.get(actor, id).await?;
    let country = actor.tenant.country;
    let base = BaseVersion::from_fields(fields);
    let ensure_unchanged = |client: &Client| {
        let view = ClientView::from(client.clone());
        if_match(headers, &view.tag()?)?;
        base.as_ref().map_or(Ok(()), |base| base.ensure_unchanged(&base_version(&view, section)))
    };
    // The version is checked before the fields as well, because problems with an outdated version
    // are of no use.
    ensure_unchanged(&stored)?;
    let sent = |field: ClientField| {
        if keeps_theirs(fields, field.name()) { Ok(Patch::Keep) } else { fields.patch(field.name()) }
    };
    let today = ctx.services().clients.today(actor);
    let patch = ClientPatch::parse_for(Some(stored.data()), sent, country, today)?;
    ctx.services().clients.update_if_unchanged(actor, id, patch, ensure_unchanged).await
}

/// Renders the form that was sent, beside the values that another user saved. Both the values and the version that the
/// form is based on next are those of one snapshot.
async fn render_conflict(
    ctx: &Ctx,
    id: ClientId,
    section: Option<ClientSection>,
    fields: &Fields,
) -> Result<Response> {
    let conflict_form = |client: &ClientView| {
        edit_conflict_form(fields, &base_version(client, section), &field_names(section), |name, value| {
            let field = ClientField::from_name(name);
            field.map_or_else(|| value.to_owned(), |field| display_text(ctx.i18n, field, value))
        })
    };
    let clients = &ctx.services().clients;
    if let Some(section) = section {
        let opened = clients.open_page(&ctx.actor, id).await?;
        let form = conflict_form(&ClientView::from(opened.client.clone()));
        return page::render_page(ctx, opened, StatusCode::CONFLICT, OpenForm::Section(section, form)).await;
    }
    let opened = clients.open_form(&ctx.actor, id).await?;
    let client = ClientView::from(opened.content);
    render_form(ctx, &client, opened.frame, StatusCode::CONFLICT, conflict_form(&client))
}

/// Renders the form that was sent, with its problems.
async fn render(
    ctx: &Ctx,
    id: ClientId,
    section: Option<ClientSection>,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    if let Some(section) = section {
        return page::render(ctx, id, status, OpenForm::Section(section, form)).await;
    }
    let mut form = form;
    link_conflicting_client(ctx, &mut form).await?;
    let opened = ctx.services().clients.open_form(&ctx.actor, id).await?;
    render_form(ctx, &ClientView::from(opened.content), opened.frame, status, form)
}

fn render_form(
    ctx: &Ctx,
    client: &ClientView,
    frame: PageFrame,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let (id, layout) = (client.id, Layout::new(ctx, routes::Clients::PATTERN, frame));
    page(
        status,
        &FormPage {
            form: form.with_field_order(&field_names(None)),
            sections: form_sections(layout.t, ctx.actor.tenant.country),
            action: routes::Client(id).to_string(),
            base_version: Some(base_version(client, None).to_field()),
            back: routes::Client(id).to_string(),
            layout,
        },
    )
}

#[derive(Template)]
#[template(path = "clients/delete.html")]
struct DeletePage {
    layout: Layout,
    client: ClientView,
    impact: DeletionImpact,
}

#[derive(Serialize)]
struct DeletionImpactView {
    contacts: i64,
    messages: i64,
    files: i64,
}

/// Shows the impact of deleting a client and asks for a confirmation.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn confirm_deletion(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    let Framed { content: (client, impact), frame } =
        ctx.services().clients.deletion_impact(&ctx.actor, id).await?;
    if ctx.format == Format::Json {
        let DeletionImpact { contacts, messages, files, .. } = impact;
        return Ok(Json(DeletionImpactView { contacts, messages, files }).into_response());
    }
    let layout = Layout::new(&ctx, routes::Clients::PATTERN, frame);
    page(StatusCode::OK, &DeletePage { layout, client: ClientView::from(client), impact })
}

/// Deletes a client.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn delete(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    ctx.services().clients.delete(&ctx.actor, id).await?;
    Ok(ctx.deleted(&routes::Clients.to_string()))
}
