//! View models of duplicates and merges, used as JSON and on pages.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{ClientField, ClientId, MatchReason, Merge, MergeId},
    presentation::{
        clients::view::ClientView,
        http::routes,
        ui::{i18n::I18n, layout::initials},
    },
    services::{DuplicateSuggestion, MergeCandidate, UndoConflict},
};

/// A client that may be the same person.
#[derive(Debug, Serialize)]
pub struct SuggestionView {
    /// The client.
    pub client: ClientView,
    /// The match reasons, the strongest first.
    pub reasons: Vec<&'static str>,
}

impl From<DuplicateSuggestion> for SuggestionView {
    fn from(suggestion: DuplicateSuggestion) -> Self {
        Self {
            client: suggestion.client.into(),
            reasons: suggestion.reasons.into_iter().map(MatchReason::as_str).collect(),
        }
    }
}

/// Two clients that may be one person.
#[derive(Debug, Serialize)]
pub struct PairView {
    /// The client that was created first.
    pub first: ClientView,
    /// The client that was created later.
    pub second: ClientView,
    /// The match reasons, the strongest first.
    pub reasons: Vec<&'static str>,
}

/// One side of a comparison.
#[derive(Debug, Serialize)]
pub struct CandidateView {
    /// The client.
    pub client: ClientView,
    /// The number of contacts.
    pub contacts: i64,
    /// The number of messages in the client's chat.
    pub messages: i64,
}

impl From<MergeCandidate> for CandidateView {
    fn from(candidate: MergeCandidate) -> Self {
        let MergeCandidate { client, contacts, messages } = candidate;
        Self { client: client.into(), contacts, messages }
    }
}

impl CandidateView {
    /// The initials of the client, shown in place of a picture.
    pub fn initials(&self) -> String {
        initials(&self.client.full_name)
    }
}

/// Two clients side by side.
#[derive(Debug, Serialize)]
pub struct ComparisonView {
    /// The survivor.
    pub kept: CandidateView,
    /// The merged client.
    pub lost: CandidateView,
}

/// A client by id and name, also one that no longer exists.
#[derive(Debug, Serialize)]
pub struct NamedView {
    /// The id.
    pub id: ClientId,
    /// The full name.
    pub full_name: String,
}

/// A merge that can be undone.
#[derive(Debug, Serialize)]
pub struct MergeView {
    /// The id of the merge.
    pub id: MergeId,
    /// The survivor.
    pub kept: NamedView,
    /// The merged client.
    pub lost: NamedView,
    /// The name of the user who merged them.
    pub merged_by: Option<String>,
    /// The time of the merge.
    pub merged_at: DateTime<Utc>,
    /// The time until which the merge can be undone.
    pub undo_until: DateTime<Utc>,
    /// The address to which a POST request undoes the merge.
    pub undo_url: String,
    /// A later merge that has to be undone first.
    pub under: Option<MergeId>,
}

impl From<Merge> for MergeView {
    fn from(merge: Merge) -> Self {
        Self {
            id: merge.id,
            undo_until: merge.undo_deadline(),
            undo_url: routes::UndoMerge(merge.id).to_string(),
            kept: NamedView { id: merge.survivor, full_name: merge.survivor_name },
            lost: NamedView { id: merge.merged, full_name: merge.merged_name },
            merged_by: merge.merged_by_name,
            merged_at: merge.merged_at,
            under: merge.superseded_by,
        }
    }
}

/// A value that could not be restored when a merge was undone.
#[derive(Debug, Serialize)]
pub struct LeftView {
    /// The field; `contacts` for a contact.
    pub field: &'static str,
    /// The reason as a sentence.
    pub message: String,
    /// The client that has the value now.
    pub client_id: Option<ClientId>,
}

impl LeftView {
    /// Creates the view in the reader's language.
    pub fn new(left: UndoConflict, i18n: I18n) -> Self {
        let name = |field: ClientField| i18n.get(format!("field-{}", field.name()));
        match left {
            UndoConflict::FieldChanged(field) => Self {
                field: field.name(),
                message: i18n.with("merge-left-changed", "field", name(field)).into_owned(),
                client_id: None,
            },
            UndoConflict::ValueTaken(field, client) => Self {
                field: field.name(),
                message: i18n.with("merge-left-taken", "field", name(field)).into_owned(),
                client_id: Some(client),
            },
            UndoConflict::ContactUnavailable(value) => Self {
                field: "contacts",
                message: i18n.with("merge-left-contact", "value", value).into_owned(),
                client_id: None,
            },
        }
    }
}

/// The result of undoing a merge.
#[derive(Debug, Serialize)]
pub struct UndoneView {
    /// The survivor after the merge was undone.
    pub kept: ClientView,
    /// The client that exists again.
    pub restored: ClientView,
    /// The values that could not be restored.
    pub left: Vec<LeftView>,
}
