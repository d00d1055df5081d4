//! Giving a channel other addresses, and switching it off and on.

use axum::{extract::State, response::Response};

use crate::presentation::channels::{
    channel::render,
    form::{flag, senders},
    view::ChannelView,
};
use crate::{
    domain::{ChannelId, FieldErrors},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, Ids, Input, SignedIn},
            form::{changed, refused},
            routes,
        },
        ui::i18n::Texts,
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
    Ids(id): Ids<ChannelId>,
    Input(fields): Input,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let channels = &state.services.channels;
    let texts = Texts::new(actor.locale());
    let before = channels.show(actor, id).await?;
    let made = async {
        let mut errors = FieldErrors::default();
        let enabled = errors.check("enabled", flag(&fields, "enabled")).flatten();
        let senders = senders(&fields, actor.tenant.country, &before.channel.senders(), &mut errors);
        let senders = errors.or(senders)?;
        channels.readdress(actor, id, &senders).await?;
        if let Some(on) = enabled {
            channels.switch(actor, id, on).await?;
        }
        channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &state, texts);
            Ok(changed(format, &routes::Channel(id).to_string(), &view))
        }
        Err(error) => {
            let render = |status, form| render(&state, &signed_in, before.clone(), status, Some(form), None);
            refused(error, format, &fields, texts, render).await
        }
    }
}
