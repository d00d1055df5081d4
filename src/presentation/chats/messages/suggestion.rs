//! Actions that a message suggests for its client, such as saving a phone number.

use crate::{
    domain::{MessageId, Permission},
    presentation::{chats::messages::log::LogItem, http::routes, ui::layout::Layout},
    services::{Actor, ChatSuggestion, SuggestedAction},
};

/// The banner of a suggestion below a message.
pub(in crate::presentation) struct SuggestionBannerView {
    pub(in crate::presentation) text: String,
    pub(in crate::presentation) label: String,
    /// The address of the action.
    pub(in crate::presentation) href: String,
    /// The phone number to save.
    pub(in crate::presentation) phone: Option<String>,
}

/// Creates the view of a suggestion, with the message that it belongs to, for users who may follow it.
pub(in crate::presentation) fn view(
    suggestion: ChatSuggestion,
    actor: &Actor,
    layout: &Layout,
) -> Option<(MessageId, SuggestionBannerView)> {
    let t = layout.t;
    let view = match suggestion.action {
        SuggestedAction::SavePhone(phone) => SuggestionBannerView {
            text: t.with("offer-phone", "phone", phone.format_international()).into_owned(),
            label: t.get("offer-phone-take").into_owned(),
            href: routes::Client(suggestion.client).to_string(),
            phone: Some(phone.to_string()),
        },
        SuggestedAction::Merge { .. } if !actor.may(Permission::ClientDelete) => return None,
        SuggestedAction::Merge { other, name } => SuggestionBannerView {
            text: t.with("offer-merge", "name", name).into_owned(),
            label: t.get("offer-merge-look").into_owned(),
            href: format!("{}?other_id={other}", routes::MergeClient(suggestion.client)),
            phone: None,
        },
    };
    Some((suggestion.message, view))
}

/// Adds a suggestion to its message.
pub(in crate::presentation) fn attach(
    items: &mut [LogItem],
    offer: Option<(MessageId, SuggestionBannerView)>,
) {
    if let Some((id, view)) = offer
        && let Some(item) = items.iter_mut().find(|item| item.message.id == id)
    {
        item.suggestion = Some(view);
    }
}
