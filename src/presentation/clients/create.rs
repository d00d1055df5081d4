//! Creating a client.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    domain::{Client, ClientField, ClientPatch, Patch, Permission},
    error::{AppError, Result},
    presentation::{
        clients::{
            fields::{Control, field_names, form_sections},
            profile::link_conflicting_client,
            view::ClientView,
        },
        http::{context::Ctx, extract::BodyFields, fields::Fields, form::Form, routes},
        ui::layout::{Layout, page},
    },
};

#[derive(Template)]
#[template(path = "clients/form.html")]
pub(in crate::presentation) struct FormPage {
    pub(in crate::presentation) layout: Layout,
    pub(in crate::presentation) form: Form,
    /// The address that the form is sent to.
    pub(in crate::presentation) action: String,
    /// The title and the controls of each section.
    pub(in crate::presentation) sections: Vec<(String, Vec<Control>)>,
    /// The version of an existing client, as a field of the form.
    pub(in crate::presentation) base_version: Option<String>,
    /// The address for cancelling.
    pub(in crate::presentation) back: String,
}

/// Shows the empty form.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn form(ctx: Ctx) -> Result<Response> {
    ctx.actor.require(Permission::ClientCreate)?;
    render(&ctx, StatusCode::OK, Form::default()).await
}

/// Creates a client. An invalid form is shown again with its values.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::Forbidden`].
pub async fn submit(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    match create(&ctx, &fields).await {
        Ok(client) => {
            let path = routes::Client(client.id).to_string();
            Ok(ctx.created(&path, &path, &ClientView::from(client)))
        }
        Err(error) => ctx.form_or_error(error, &fields, |status, form| render(&ctx, status, form)).await,
    }
}

async fn create(ctx: &Ctx, fields: &Fields) -> Result<Client> {
    let actor = &ctx.actor;
    actor.require(Permission::ClientCreate)?;
    let today = ctx.services().clients.today(actor);
    // A new client has no value to keep, so that an absent field is reported together with the
    // other problems.
    let sent = |field: ClientField| match fields.patch(field.name())? {
        Patch::Keep if field.definition().is_required => Ok(Patch::Clear),
        patch => Ok(patch),
    };
    let patch = ClientPatch::parse(sent, actor.tenant.country, today)?;
    ctx.services().clients.create(actor, &patch.create().map_err(AppError::from)?).await
}

async fn render(ctx: &Ctx, status: StatusCode, form: Form) -> Result<Response> {
    let layout = Layout::load(ctx, routes::Clients::PATTERN).await?;
    let mut form = form.with_field_order(&field_names(None));
    link_conflicting_client(ctx, &mut form).await?;
    page(
        status,
        &FormPage {
            form,
            sections: form_sections(layout.t, ctx.actor.tenant.country),
            action: routes::Clients.to_string(),
            base_version: None,
            back: routes::Clients.to_string(),
            layout,
        },
    )
}
