//! A new client.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::presentation::clients::{
    profile::{Choices, link_conflicting_client},
    sections::ALL_FIELDS,
};
use crate::{
    domain::{Client, ClientPatch, Patch, Permission},
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, SignedIn},
            fields::Fields,
            form::{Form, created, form_or_error},
            routes,
            views::ClientView,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

#[derive(Template)]
#[template(path = "clients/form.html")]
pub(in crate::presentation) struct FormPage {
    pub(in crate::presentation) layout: Layout,
    pub(in crate::presentation) form: Form,
    /// Where the form goes.
    pub(in crate::presentation) action: String,
    /// What can be chosen.
    pub(in crate::presentation) choices: Choices,
    /// What the editor of a client that there is sees.
    pub(in crate::presentation) base_version: Option<String>,
    /// Where to go without saving.
    pub(in crate::presentation) back: String,
}

/// The empty form.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn form(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    signed_in.actor.require(Permission::ClientCreate)?;
    render(&state, &signed_in, StatusCode::OK, Form::default()).await
}

/// Makes a client. A form that is refused comes back with what was typed.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::Forbidden`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    match create(&state, &signed_in, &fields).await {
        Ok(client) => {
            let path = routes::Client(client.id).to_string();
            Ok(created(format, &path, &path, &ClientView::from(client)))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, status, form);
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn create(state: &AppState, signed_in: &SignedIn, fields: &Fields) -> Result<Client> {
    let actor = &signed_in.actor;
    actor.require(Permission::ClientCreate)?;
    let today = state.services.clients.today(actor);
    // A new client can't keep a name, so that what was not sent is told together with everything else.
    let sent = |name: &str| match fields.patch(name)? {
        Patch::Keep if name == "first_name" => Ok(Patch::Clear),
        patch => Ok(patch),
    };
    let patch = ClientPatch::parse(sent, actor.tenant.country, today)?;
    state.services.clients.create(actor, &patch.create().map_err(AppError::from)?).await
}

async fn render(state: &AppState, signed_in: &SignedIn, status: StatusCode, form: Form) -> Result<Response> {
    let layout = Layout::new(state, signed_in, routes::Clients::PATTERN, None).await?;
    let mut form = form.with_field_order(ALL_FIELDS);
    link_conflicting_client(state, signed_in, &mut form).await?;
    page(
        status,
        &FormPage {
            form,
            choices: Choices::new(layout.t, signed_in.actor.tenant.country),
            action: routes::Clients.to_string(),
            base_version: None,
            back: routes::Clients.to_string(),
            layout,
        },
    )
}
