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

use crate::presentation::clients::profile::Profile;
use crate::{
    domain::{ClientId, Event},
    error::Result,
    persistence::Deed,
    presentation::{
        AppState,
        http::{
            extract::{Format, Ids, SignedIn},
            routes,
        },
        ui::{
            i18n::Texts,
            layout::{Layout, page},
        },
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
    /// The names of the fields that were changed, where that was noted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<String>,
    /// These names as people read them.
    #[serde(skip)]
    said: String,
    /// Who did it; none for providers and the system.
    actor: Option<String>,
    at: DateTime<Utc>,
}

impl EntryView {
    fn of(Deed { recorded, by }: Deed, texts: Texts) -> Self {
        let fields = match &recorded.event {
            Event::ClientUpdated { changes, .. } => changes.names().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let said = said(&fields, texts);
        Self { kind: recorded.event.kind().as_str(), fields, said, actor: by, at: recorded.at }
    }
}

/// Fields as people read them, parted by commas; those that this version does not know are left out.
fn said(fields: &[String], texts: Texts) -> String {
    let keys = fields.iter().map(|name| format!("field-{name}")).filter(|key| texts.has(key));
    keys.map(|key| texts.get(key).into_owned()).collect::<Vec<_>>().join(", ")
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
    let texts = Texts::new(signed_in.actor.locale());
    let history: Option<Vec<_>> =
        history.map(|entries| entries.into_iter().map(|deed| EntryView::of(deed, texts)).collect());
    if format == Format::Json {
        return Ok(Json(ActionsView { history }).into_response());
    }
    let profile = Profile::of(&state, &signed_in, id, "actions").await?;
    let invites = state.services.channels.invites(&signed_in.actor).await?;
    let layout = Layout::new(&state, &signed_in, crate::presentation::clients::NAME, None).await?;
    page(StatusCode::OK, &ActionsPage { layout, profile, history, invites })
}
