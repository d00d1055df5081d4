//! Actions that a message suggests for its client, such as saving a phone number.

use crate::{
    domain::{ChatId, Message, MessageId, Permission},
    error::Result,
    presentation::{
        chats::messages::log::LogItem,
        http::{context::Ctx, routes},
        ui::layout::Layout,
    },
    services::SuggestedAction,
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

/// Returns the suggestion of one of these messages, with the message's id.
pub(in crate::presentation) async fn suggestion(
    ctx: &Ctx,
    chat: ChatId,
    messages: &[Message],
    layout: &Layout,
) -> Result<Option<(MessageId, SuggestionBannerView)>> {
    let actor = &ctx.actor;
    if !actor.may(Permission::ClientUpdate) {
        return Ok(None);
    }
    let Some(offer) = ctx.services().chats.suggestion(actor, chat, messages).await? else { return Ok(None) };
    let t = layout.t;
    let view = match offer.action {
        SuggestedAction::SavePhone(phone) => SuggestionBannerView {
            text: t.with("offer-phone", "phone", phone.format_for(actor.tenant.country)).into_owned(),
            label: t.get("offer-phone-take").into_owned(),
            href: routes::Client(offer.client).to_string(),
            phone: Some(phone.to_string()),
        },
        SuggestedAction::Merge { .. } if !actor.may(Permission::ClientDelete) => return Ok(None),
        SuggestedAction::Merge { other, name } => SuggestionBannerView {
            text: t.with("offer-merge", "name", name).into_owned(),
            label: t.get("offer-merge-look").into_owned(),
            href: format!("{}?other_id={other}", routes::MergeClient(offer.client)),
            phone: None,
        },
    };
    Ok(Some((offer.message, view)))
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
