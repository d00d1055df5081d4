//! Changing a client.

use axum::{extract::State, http::StatusCode, response::Response};

use super::create::FormPage;
use crate::{
    domain::{Client, ClientId, ClientPatch, Permission},
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Ids, Input, SignedIn},
        fields::Fields,
        forms::{Form, changed, refused},
        layout::{Layout, page},
        routes,
        texts::Texts,
        views::ClientView,
    },
};

/// The form with the client's fields.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Ids(id): Ids<ClientId>,
) -> Result<Response> {
    signed_in.actor.require(Permission::ClientUpdate)?;
    let client = ClientView::from(state.services.clients.get(&signed_in.actor, id).await?);
    let form = Form::filled([
        ("first_name", Some(client.first_name)),
        ("last_name", client.last_name),
        ("middle_name", client.middle_name),
        ("phone", client.phone_shown),
        ("email", client.email),
        ("address", client.address),
        ("date_of_birth", client.date_of_birth.map(|date| date.to_string())),
        ("gender", client.gender.map(str::to_owned)),
        ("passport_series", client.passport_series),
        ("passport_number", client.passport_number),
        ("pin", client.pin),
        ("country_code", client.country_code),
        ("comments", client.comments),
    ]);
    render(&state, &signed_in, id, StatusCode::OK, form).await
}

/// Changes the fields that were sent.
///
/// # Errors
/// [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`],
/// [`crate::error::AppError::Forbidden`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ClientId>,
    Input(fields): Input,
) -> Result<Response> {
    match update(&state, &signed_in, id, &fields).await {
        Ok(client) => Ok(changed(format, &routes::Client(id).to_string(), &ClientView::from(client))),
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, id, status, form);
            refused(error, format, &fields, Texts::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn update(state: &AppState, signed_in: &SignedIn, id: ClientId, fields: &Fields) -> Result<Client> {
    let actor = &signed_in.actor;
    // Before the fields are looked at, so that a stranger's client is not there rather than invalid.
    actor.require(Permission::ClientUpdate)?;
    state.services.clients.get(actor, id).await?;
    let today = state.services.clients.today(actor);
    let patch = ClientPatch::parse(|name| fields.patch(name), actor.tenant.country, today)?;
    state.services.clients.update(actor, id, patch).await
}

async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: ClientId,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    page(
        status,
        &FormPage {
            layout: Layout::new(state, signed_in, super::NAME, None).await?,
            form,
            action: routes::Client(id).to_string(),
            edits: true,
            back: routes::Client(id).to_string(),
        },
    )
}
