//! Noting that two clients are not the same person.

use axum::{extract::State, response::Response};

use crate::{
    domain::{ClientId, FieldErrors, Patch, Permission, Problem},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, SignedIn},
            form::deleted,
            routes,
        },
    },
};

/// Dismisses the pair of `client_id` and `other_id` for good.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    signed_in.actor.require(Permission::ClientUpdate)?;
    let mut errors = FieldErrors::default();
    let mut id = |name| {
        let parsed = match fields.patch(name) {
            Ok(Patch::Set(text)) => text.trim().parse::<ClientId>().map_err(|_| Problem::NotFound),
            Ok(Patch::Keep | Patch::Clear) => Err(Problem::Required),
            Err(problem) => Err(problem),
        };
        errors.check(name, parsed)
    };
    let (Some(one), Some(other)) = (id("client_id"), id("other_id")) else { return Err(errors.into()) };
    state.services.merges.dismiss(&signed_in.actor, one, other).await?;
    // People go on where they were: with the client, or with the other pairs.
    let on = match fields.text_or_empty("back") {
        "client" => routes::Client(one).to_string(),
        _ => routes::Duplicates.to_string(),
    };
    Ok(deleted(format, &on))
}
