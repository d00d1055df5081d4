//! A client's page.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::merge::Likely;
use crate::{
    domain::{ClientId, ContactType, Permission},
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Ids, SignedIn},
        forms::Form,
        layout::{Layout, initials, page},
        routes,
        views::ClientView,
    },
};

#[derive(Template)]
#[template(path = "clients/show.html")]
struct ShowPage {
    layout: Layout,
    client: ClientView,
    initials: String,
    contact_types: [&'static str; 5],
    form: Form,
    may_update: bool,
    may_delete: bool,
    may_chat: bool,
    likely: Likely,
}

/// A client.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ClientId>,
) -> Result<Response> {
    if format == Format::Json {
        let client = state.services.clients.get(&signed_in.actor, id).await?;
        return Ok(Json(ClientView::from(client)).into_response());
    }
    render(&state, &signed_in, id, StatusCode::OK, Form::default()).await
}

/// The page, with the form for a contact as it is.
pub(super) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: ClientId,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let client = state.services.clients.get(&signed_in.actor, id).await?;
    let likely = Likely::of(state, signed_in, &client).await?;
    let client = ClientView::from(client);
    let may = |permission| signed_in.actor.may(permission);
    page(
        status,
        &ShowPage {
            layout: Layout::new(state, signed_in, super::NAME, None).await?,
            initials: initials(&client.full_name),
            contact_types: ContactType::ALL.map(ContactType::as_str),
            form,
            may_update: may(Permission::ClientUpdate),
            may_delete: may(Permission::ClientDelete),
            may_chat: may(Permission::ChatSend),
            likely,
            client,
        },
    )
}
