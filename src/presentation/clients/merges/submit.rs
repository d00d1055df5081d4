//! Making two clients one.

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};

use crate::presentation::clients::merges::{
    compare::{choose, compare},
    view::MergeView,
};
use crate::{
    domain::{ClientId, FieldErrors, Merge, MergeField, Patch, Permission, Problem},
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, PathIds, SignedIn},
            fields::Fields,
            form::{Form, changed, form_or_error},
            routes,
        },
        ui::i18n::I18n,
    },
    services::MergeRequest,
};

/// Merges the client `other_id` into this one. Each field may say whose value stays, `kept` or `lost`; `kept_seen` and
/// `lost_seen`, the times of the last changes, make it fail when someone has changed one of the two meanwhile.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::EditConflict`], [`AppError::NotFound`], [`AppError::Forbidden`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ClientId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let error = match merge(&state, &signed_in, id, &fields).await {
        Ok(merge) => {
            return Ok(changed(format, &routes::Client(id).to_string(), &MergeView::from(merge)));
        }
        Err(error) => error,
    };
    let i18n = I18n::new(signed_in.actor.locale());
    if let (AppError::EditConflict, Format::Html, Some(other)) = (&error, format, other_id(&fields)) {
        let form = Form::of(&fields);
        return compare(&state, &signed_in, id, other, StatusCode::CONFLICT, form).await;
    }
    let nothing = Fields::default();
    let render = |status, form| choose(&state, &signed_in, id, &nothing, status, form);
    form_or_error(error, format, &fields, i18n, render).await
}

fn other_id(fields: &Fields) -> Option<ClientId> {
    fields.text("other_id")?.trim().parse().ok()
}

async fn merge(state: &AppState, signed_in: &SignedIn, id: ClientId, fields: &Fields) -> Result<Merge> {
    let actor = &signed_in.actor;
    actor.require(Permission::ClientUpdate)?;
    actor.require(Permission::ClientDelete)?;
    // Before the fields are looked at, so that a stranger's client is not there rather than invalid.
    state.services.clients.get(actor, id).await?;
    let mut errors = FieldErrors::default();
    let other = match fields.patch("other_id") {
        Ok(Patch::Set(text)) => text.trim().parse().map_err(|_| Problem::NotFound),
        Ok(Patch::Keep | Patch::Clear) => Err(Problem::Required),
        Err(problem) => Err(problem),
    };
    let other = errors.check("other_id", other);
    let mut choices = Vec::new();
    for field in MergeField::ALL {
        let chosen = match fields.patch(field.as_str()) {
            Ok(Patch::Set(text)) => text.parse().map(Some),
            Ok(Patch::Keep | Patch::Clear) => Ok(None),
            Err(problem) => Err(problem),
        };
        choices.extend(errors.check(field.as_str(), chosen).flatten().map(|side| (*field, side)));
    }
    let seen_at =
        |name| fields.optional(name, |text| text.parse::<DateTime<Utc>>().map_err(|_| Problem::NotATime));
    let seen_at = (seen_at("kept_seen")?, seen_at("lost_seen")?);
    match other {
        Some(lost) if errors.is_empty() => {
            state
                .services
                .merges
                .merge(actor, &MergeRequest { survivor: id, merged: lost, choices, last_seen: seen_at })
                .await
        }
        _ => Err(errors.into()),
    }
}
