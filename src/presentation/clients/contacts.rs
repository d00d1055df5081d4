//! A client's contacts.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::clients::page::{OpenForm, render};
use crate::{
    domain::{
        ClientId, Contact, ContactId, ContactType, ContactValue, FieldErrors, Patch, Permission, Problem,
    },
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, PathIds, SignedIn},
            fields::Fields,
            form::{created, deleted, form_or_error},
            routes,
            views::{ContactView, ListView},
        },
        ui::i18n::I18n,
    },
};

/// All contacts; people see them on the client's page.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn list(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ClientId>,
) -> Result<Response> {
    let client = state.services.clients.get(&signed_in.actor, id).await?;
    Ok(match format {
        Format::Json => {
            Json(ListView { items: client.contacts.into_iter().map(ContactView::from).collect() })
                .into_response()
        }
        Format::Html => Redirect::to(&routes::Client(id).to_string()).into_response(),
    })
}

/// Adds a contact.
///
/// # Errors
/// [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`],
/// [`crate::error::AppError::Forbidden`].
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ClientId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    match add(&state, &signed_in, id, &fields).await {
        Ok(contact) => {
            let path = routes::Contact(id, contact.id).to_string();
            Ok(created(format, &path, &routes::Client(id).to_string(), &ContactView::from(contact)))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, id, status, OpenForm::Contact(form));
            form_or_error(error, format, &fields, I18n::new(signed_in.actor.locale()), render).await
        }
    }
}

async fn add(state: &AppState, signed_in: &SignedIn, id: ClientId, fields: &Fields) -> Result<Contact> {
    let actor = &signed_in.actor;
    actor.require(Permission::ClientUpdate)?;
    state.services.clients.get(actor, id).await?;
    let mut errors = FieldErrors::default();
    let required = |name: &str| match fields.patch(name)? {
        Patch::Set(text) => Ok(text),
        Patch::Keep | Patch::Clear => Err(Problem::Required),
    };
    let kind = errors.check("type", required("type").and_then(|text| text.parse::<ContactType>()));
    let value = required("value").and_then(|text| match kind {
        Some(kind) => ContactValue::parse(kind, &text, actor.tenant.country).map(Some),
        None => Ok(None),
    });
    let value = errors.check("value", value).flatten();
    match value {
        Some(value) if errors.is_empty() => state.services.clients.add_contact(actor, id, &value).await,
        _ => Err(errors.into()),
    }
}

/// Removes a contact.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn delete(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds((id, contact)): PathIds<(ClientId, ContactId)>,
) -> Result<Response> {
    state.services.clients.remove_contact(&signed_in.actor, id, contact).await?;
    Ok(deleted(format, &routes::Client(id).to_string()))
}
