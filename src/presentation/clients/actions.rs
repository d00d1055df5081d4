//! What can be done with a client, and what was done with it.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::profile::Profile;
use crate::{
    domain::ClientId,
    error::Result,
    persistence::Deed,
    presentation::{
        AppState,
        extract::{Format, Ids, SignedIn},
        layout::{Layout, page},
        routes,
    },
};

#[derive(Template)]
#[template(path = "clients/actions.html")]
struct ActionsPage {
    layout: Layout,
    profile: Profile,
    history: Option<Vec<EntryView>>,
    /// Whether there is a bot to invite it to.
    invites: bool,
}

#[derive(Serialize)]
struct ActionsView {
    /// What happened, the newest first; none for those who may not read the audit log.
    history: Option<Vec<EntryView>>,
}

#[derive(Serialize)]
struct EntryView {
    #[serde(rename = "type")]
    kind: &'static str,
    /// Who did it; none for providers and the system.
    actor: Option<String>,
    at: DateTime<Utc>,
}

impl From<Deed> for EntryView {
    fn from(Deed { recorded, by }: Deed) -> Self {
        Self { kind: recorded.event.kind().as_str(), actor: by, at: recorded.at }
    }
}

/// The actions and the history.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ClientId>,
) -> Result<Response> {
    let history = state.services.clients.history(&signed_in.actor, id).await?;
    let history = history.map(|entries| entries.into_iter().map(EntryView::from).collect());
    if format == Format::Json {
        return Ok(Json(ActionsView { history }).into_response());
    }
    let profile = Profile::of(&state, &signed_in, id, "actions").await?;
    let invites = state.services.channels.invites(&signed_in.actor).await?;
    let layout = Layout::new(&state, &signed_in, super::NAME, None).await?;
    page(StatusCode::OK, &ActionsPage { layout, profile, history, invites })
}
