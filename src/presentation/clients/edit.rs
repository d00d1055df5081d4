//! Changing a client: a section of its page, all of it at once, or by a program.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::clients::{
    create::FormPage,
    page::{self, OpenForm},
    profile::{Choices, display_value, link_conflicting_client},
    sections::{ALL_FIELDS, SECTION, Section, base_version, filled},
};
use crate::{
    domain::{Client, ClientId, ClientPatch, Patch, Permission},
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            edit_conflict::{BaseVersion, edit_conflict_form, if_match, keeps_theirs},
            extract::{BodyFields, Format, PathIds, SignedIn},
            fields::Fields,
            form::{Form, form_or_error},
            routes,
            views::ClientView,
        },
        ui::{
            i18n::I18n,
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
    PathIds(id): PathIds<ClientId>,
) -> Result<Response> {
    signed_in.actor.require(Permission::ClientUpdate)?;
    let form = filled(&view(&state, &signed_in, id).await?);
    render(&state, &signed_in, id, None, StatusCode::OK, form).await
}

/// Changes the fields that were sent. `If-Match` and what a form's editor saw are heeded.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Conflict`], [`AppError::EditConflict`], [`AppError::PreconditionFailed`],
/// [`AppError::NotFound`], [`AppError::Forbidden`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    headers: HeaderMap,
    PathIds(id): PathIds<ClientId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let section = Section::parse(fields.text_or_empty(SECTION));
    match update(&state, &signed_in, id, &headers, section, &fields).await {
        Ok(client) if format == Format::Json => {
            let view = ClientView::from(client);
            Ok(([(header::ETAG, view.tag())], Json(view)).into_response())
        }
        Ok(_) => Ok(Redirect::to(&routes::Client(id).to_string()).into_response()),
        Err(AppError::EditConflict) if format == Format::Html => {
            let i18n = I18n::new(signed_in.actor.locale());
            let now = view(&state, &signed_in, id).await?;
            let now = base_version(&now, shown(section));
            let form = edit_conflict_form(&fields, &now, shown(section), |name, value| {
                display_value(i18n, name, value)
            });
            render(&state, &signed_in, id, section, StatusCode::CONFLICT, form).await
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, id, section, status, form);
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
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
    let base = BaseVersion::from_fields(fields);
    let ensure_unchanged = |client: &Client| {
        let view = ClientView::from(client.clone());
        if_match(headers, &view.tag())?;
        base.as_ref().map_or(Ok(()), |base| {
            base.ensure_unchanged(&base_version(&view.shown_in(country), shown(section)))
        })
    };
    // Also before: what is wrong with an old version's fields is of no use to anyone.
    ensure_unchanged(&stored)?;
    let sent = |name: &str| if keeps_theirs(fields, name) { Ok(Patch::Keep) } else { fields.patch(name) };
    let today = state.services.clients.today(actor);
    let patch = ClientPatch::parse_for(Some(stored.data()), sent, country, today)?;
    state.services.clients.update_if_unchanged(actor, id, patch, ensure_unchanged).await
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
        return page::render(state, signed_in, id, status, OpenForm::Section(section, form)).await;
    }
    let client = view(state, signed_in, id).await?;
    let mut form = form.with_field_order(ALL_FIELDS);
    link_conflicting_client(state, signed_in, &mut form).await?;
    let layout = Layout::new(state, signed_in, routes::Clients::PATTERN, None).await?;
    page(
        status,
        &FormPage {
            form,
            choices: Choices::new(layout.t, signed_in.actor.tenant.country),
            action: routes::Client(id).to_string(),
            base_version: Some(base_version(&client, ALL_FIELDS).to_field()),
            back: routes::Client(id).to_string(),
            layout,
        },
    )
}
