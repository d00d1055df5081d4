//! Giving a channel another auth token.

use axum::{extract::State, response::Response};

use crate::presentation::channels::{
    channel::render,
    form::{parse_flag, parse_token},
    view::ChannelView,
};
use crate::{
    domain::{ChannelId, FieldErrors},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{BodyFields, Format, PathIds, SignedIn},
            form::{changed, form_or_error},
            routes,
        },
        ui::i18n::I18n,
    },
};

/// Replaces the token; with `leaked`, the old one proves nothing any more from now on.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ChannelId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let channels = &state.services.channels;
    let i18n = I18n::new(actor.locale());
    let before = channels.show(actor, id).await?;
    let made = async {
        let mut errors = FieldErrors::default();
        let token = errors.check("auth_token", parse_token(&fields)).unwrap_or_default();
        let leaked = errors.check("leaked", parse_flag(&fields, "leaked")).flatten().unwrap_or(false);
        let token = errors.or(token)?;
        channels.rotate_credentials(actor, id, &token, leaked).await?;
        channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &state, i18n);
            Ok(changed(format, &routes::Channel(id).to_string(), &view))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, before.clone(), status, Some(form), None);
            form_or_error(error, format, &fields, i18n, render).await
        }
    }
}
