//! Giving a channel other addresses, and switching it off and on.

use axum::{extract::State, response::Response};

use crate::presentation::channels::{
    channel::render,
    form::{parse_flag, parse_senders},
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

/// Changes the addresses that were sent; `enabled` switches it off or on.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`],
/// [`crate::error::AppError::Conflict`].
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
        let enabled = errors.check("enabled", parse_flag(&fields, "enabled")).flatten();
        let senders = parse_senders(&fields, actor.tenant.country, &before.channel.senders(), &mut errors);
        let senders = errors.or(senders)?;
        channels.update_senders(actor, id, &senders).await?;
        if let Some(on) = enabled {
            channels.set_enabled(actor, id, on).await?;
        }
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
