//! What a client's page says of duplicates.

use crate::presentation::clients::merges::view::{MergeView, SuggestionView};
use crate::{
    domain::{Client, Permission},
    error::Result,
    presentation::{AppState, http::extract::SignedIn, ui::layout::initials},
};

/// Who may be the same person, and who was merged into it.
pub struct DuplicateSuggestions {
    /// Who may be the same person.
    pub suggestions: Vec<SuggestionView>,
    /// The merges that can be undone.
    pub merges: Vec<MergeView>,
    /// Whether the reader may say that someone is not the same person.
    pub may_dismiss: bool,
    /// Whether the reader may merge, and undo it.
    pub may_merge: bool,
}

impl DuplicateSuggestions {
    /// What there is to say of a client.
    pub async fn of(state: &AppState, signed_in: &SignedIn, client: &Client) -> Result<Self> {
        let actor = &signed_in.actor;
        let suggestions = state.services.merges.suggestions(actor, client).await?;
        let merges = state.services.merges.of_survivor(actor, client.id).await?;
        let may_dismiss = actor.may(Permission::ClientUpdate);
        Ok(Self {
            suggestions: suggestions.into_iter().map(SuggestionView::from).collect(),
            merges: merges.into_iter().map(MergeView::from).collect(),
            may_dismiss,
            may_merge: may_dismiss && actor.may(Permission::ClientDelete),
        })
    }

    /// What stands in the circle of a person.
    pub fn initials(name: &str) -> String {
        initials(name)
    }
}
