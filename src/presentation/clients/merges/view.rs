//! What pages and programs are shown of duplicates.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{ClientId, MatchReason, Merge, MergeField, MergeId},
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
    /// What they share, the strongest first.
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
    /// The older one.
    pub first: ClientView,
    /// The newer one.
    pub second: ClientView,
    /// What they share, the strongest first.
    pub reasons: Vec<&'static str>,
}

/// One side of a comparison.
#[derive(Debug, Serialize)]
pub struct CandidateView {
    /// The client.
    pub client: ClientView,
    /// How many contacts it has.
    pub contacts: i64,
    /// How many messages are in its chat.
    pub messages: i64,
}

impl From<MergeCandidate> for CandidateView {
    fn from(candidate: MergeCandidate) -> Self {
        let MergeCandidate { client, contacts, messages } = candidate;
        Self { client: client.into(), contacts, messages }
    }
}

impl CandidateView {
    /// What stands in its circle.
    pub fn initials(&self) -> String {
        initials(&self.client.full_name)
    }
}

/// Two clients side by side.
#[derive(Debug, Serialize)]
pub struct ComparisonView {
    /// The one that would stay.
    pub kept: CandidateView,
    /// The one that would go into it.
    pub lost: CandidateView,
}

/// Who is or was a client.
#[derive(Debug, Serialize)]
pub struct NamedView {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub full_name: String,
}

/// A merge that can be undone.
#[derive(Debug, Serialize)]
pub struct MergeView {
    /// Its id.
    pub id: MergeId,
    /// The client that was kept.
    pub kept: NamedView,
    /// The client that went.
    pub lost: NamedView,
    /// Who merged them.
    pub merged_by: Option<String>,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// Until when it can be undone.
    pub undo_until: DateTime<Utc>,
    /// Where a POST undoes it.
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

/// What could not go back when a merge was undone.
#[derive(Debug, Serialize)]
pub struct LeftView {
    /// The field; `contacts` for one of them.
    pub field: &'static str,
    /// Why.
    pub message: String,
    /// The client that has the value now.
    pub client_id: Option<ClientId>,
}

impl LeftView {
    /// In the reader's language.
    pub fn new(left: UndoConflict, i18n: I18n) -> Self {
        let name = |field: MergeField| i18n.get(format!("field-{}", field.as_str()));
        match left {
            UndoConflict::FieldChanged(field) => Self {
                field: field.as_str(),
                message: i18n.with("merge-left-changed", "field", name(field)).into_owned(),
                client_id: None,
            },
            UndoConflict::ValueTaken(field, client) => Self {
                field: field.as_str(),
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

/// What came of undoing a merge.
#[derive(Debug, Serialize)]
pub struct UndoneView {
    /// The client that was kept, as it is now.
    pub kept: ClientView,
    /// The client that is there again.
    pub restored: ClientView,
    /// What could not go back.
    pub left: Vec<LeftView>,
}
