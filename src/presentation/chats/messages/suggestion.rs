//! What a message offers to do with its sender, as the page shows it.

use crate::presentation::chats::messages::log::LogItem;
use crate::{
    domain::{ChatId, Message, MessageId, Permission},
    error::Result,
    presentation::{
        AppState,
        http::{extract::SignedIn, routes},
        ui::layout::Layout,
    },
    services::Offered,
};

/// An offer below a message.
pub(in crate::presentation) struct OfferView {
    pub(in crate::presentation) text: String,
    pub(in crate::presentation) label: String,
    /// Where it leads, or where the number is sent.
    pub(in crate::presentation) href: String,
    /// The number that the client takes.
    pub(in crate::presentation) phone: Option<String>,
}

/// What one of these messages offers, and which.
pub(in crate::presentation) async fn offer(
    state: &AppState,
    signed_in: &SignedIn,
    chat: ChatId,
    messages: &[Message],
    layout: &Layout,
) -> Result<Option<(MessageId, OfferView)>> {
    let actor = &signed_in.actor;
    if !actor.may(Permission::ClientUpdate) {
        return Ok(None);
    }
    let Some(offer) = state.services.chats.offer(actor, chat, messages).await? else { return Ok(None) };
    let t = layout.t;
    let view = match offer.what {
        Offered::Phone(phone) => OfferView {
            text: t.with("offer-phone", "phone", phone.shown_in(actor.tenant.country)).into_owned(),
            label: t.get("offer-phone-take").into_owned(),
            href: routes::Client(offer.client).to_string(),
            phone: Some(phone.to_string()),
        },
        Offered::Merge { .. } if !actor.may(Permission::ClientDelete) => return Ok(None),
        Offered::Merge { other, name } => OfferView {
            text: t.with("offer-merge", "name", name).into_owned(),
            label: t.get("offer-merge-look").into_owned(),
            href: format!("{}?other_id={other}", routes::MergeClient(offer.client)),
            phone: None,
        },
    };
    Ok(Some((offer.message, view)))
}

/// Puts an offer below its message.
pub(in crate::presentation) fn place(items: &mut [LogItem], offer: Option<(MessageId, OfferView)>) {
    if let Some((id, view)) = offer
        && let Some(item) = items.iter_mut().find(|item| item.message.id == id)
    {
        item.offer = Some(view);
    }
}
