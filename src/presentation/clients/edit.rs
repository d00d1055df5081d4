//! Changing a client: a section of its page, all of it at once, or by a program.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::clients::{
    create::FormPage,
    page::{self, Open},
    profile::{Choices, lead_to_owner, word},
    sections::{ALL_FIELDS, SECTION, Section, filled, seen},
};
use crate::{
    domain::{Client, ClientId, ClientPatch, Patch, Permission},
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            edit_conflict::{Seen, both_versions, if_match, is_taken},
            extract::{Format, Ids, Input, SignedIn},
            fields::Fields,
            form::{Form, refused},
            routes,
            views::ClientView,
        },
        ui::{
            i18n::Texts,
            layout::{Layout, page},
        },
    },
};

/// The form with all of the client's fields.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Ids(id): Ids<ClientId>,
) -> Result<Response> {
    signed_in.actor.require(Permission::ClientUpdate)?;
    let form = filled(&view(&state, &signed_in, id).await?);
    render(&state, &signed_in, id, None, StatusCode::OK, form).await
}

/// Changes the fields that were sent. `If-Match` and what a form's editor saw are heeded.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::Stale`], [`AppError::PreconditionFailed`],
/// [`AppError::NotFound`], [`AppError::Forbidden`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    headers: HeaderMap,
    Ids(id): Ids<ClientId>,
    Input(fields): Input,
) -> Result<Response> {
    let section = Section::parse(fields.typed(SECTION));
    match update(&state, &signed_in, id, &headers, section, &fields).await {
        Ok(client) if format == Format::Json => {
            let view = ClientView::from(client);
            Ok(([(header::ETAG, view.tag())], Json(view)).into_response())
        }
        Ok(_) => Ok(Redirect::to(&routes::Client(id).to_string()).into_response()),
        Err(AppError::Stale) if format == Format::Html => {
            let texts = Texts::new(signed_in.actor.locale());
            let now = view(&state, &signed_in, id).await?;
            let now = seen(&now, shown(section));
            let form = both_versions(&fields, &now, shown(section), |name, value| word(texts, name, value));
            render(&state, &signed_in, id, section, StatusCode::CONFLICT, form).await
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, id, section, status, form);
            refused(error, format, &fields, Texts::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn update(
    state: &AppState,
    signed_in: &SignedIn,
    id: ClientId,
    headers: &HeaderMap,
    section: Option<Section>,
    fields: &Fields,
) -> Result<Client> {
    let actor = &signed_in.actor;
    // Before the fields are looked at, so that a stranger's client is not there rather than invalid.
    actor.require(Permission::ClientUpdate)?;
    let stored = state.services.clients.get(actor, id).await?;
    let country = actor.tenant.country;
    let was = Seen::sent(fields);
    let still = |client: &Client| {
        let view = ClientView::from(client.clone());
        if_match(headers, &view.tag())?;
        was.as_ref().map_or(Ok(()), |was| was.still(&seen(&view.shown_in(country), shown(section))))
    };
    // Also before: what is wrong with an old version's fields is of no use to anyone.
    still(&stored)?;
    let sent = |name: &str| if is_taken(fields, name) { Ok(Patch::Keep) } else { fields.patch(name) };
    let today = state.services.clients.today(actor);
    let patch = ClientPatch::parse_for(Some(stored.data()), sent, country, today)?;
    state.services.clients.update_if(actor, id, patch, still).await
}

fn shown(section: Option<Section>) -> &'static [&'static str] {
    section.map_or(ALL_FIELDS, Section::fields)
}

async fn view(state: &AppState, signed_in: &SignedIn, id: ClientId) -> Result<ClientView> {
    let client = state.services.clients.get(&signed_in.actor, id).await?;
    Ok(ClientView::from(client).shown_in(signed_in.actor.tenant.country))
}

async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: ClientId,
    section: Option<Section>,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    if let Some(section) = section {
        return page::render(state, signed_in, id, status, Open::Section(section, form)).await;
    }
    let client = view(state, signed_in, id).await?;
    let mut form = form.in_order(ALL_FIELDS);
    lead_to_owner(state, signed_in, &mut form).await?;
    let layout = Layout::new(state, signed_in, crate::presentation::clients::NAME, None).await?;
    page(
        status,
        &FormPage {
            form,
            choices: Choices::new(layout.t, signed_in.actor.tenant.country),
            action: routes::Client(id).to_string(),
            seen: Some(seen(&client, ALL_FIELDS).to_field()),
            back: routes::Client(id).to_string(),
            layout,
        },
    )
}
