//! Invite links, by which a client begins to write to a bot.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{ChannelId, ClientId, Permission, Problem},
    error::Result,
    presentation::{
        clients::view::ClientView,
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            page::ListView,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::{Invitation, InvitationPage},
};

#[derive(Template)]
#[template(path = "channels/invite_links.html")]
struct InvitationsPage {
    layout: Layout,
    client: ClientView,
    bots: Vec<InvitationView>,
}

/// A bot, and the client's invite link to it.
#[derive(Serialize)]
struct InvitationView {
    channel_id: ChannelId,
    bot: String,
    url: Option<String>,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self { channel_id: invitation.channel, bot: invitation.bot, url: invitation.url }
    }
}

/// Lists the bots with the client's invite links.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    let InvitationPage { client, invitations, frame } =
        ctx.services().channels.invitations(&ctx.actor, id).await?;
    let bots: Vec<_> = invitations.into_iter().map(InvitationView::from).collect();
    if ctx.format == Format::Json {
        return Ok(Json(ListView { items: bots }).into_response());
    }
    let layout = Layout::new(&ctx, routes::Clients::PATTERN, frame);
    page(StatusCode::OK, &InvitationsPage { layout, client: ClientView::from(client), bots })
}

/// Creates an invite link.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`];
/// [`crate::error::AppError::Invalid`] for a bad `channel_id`.
pub async fn submit(
    ctx: Ctx,
    PathIds(id): PathIds<ClientId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    ctx.actor.require(Permission::ChatSend)?;
    ctx.services().clients.get(&ctx.actor, id).await?;
    let channel = channel(&fields)?;
    let made = ctx.services().channels.invite(&ctx.actor, id, channel).await?;
    let path = routes::InviteLinks(id).to_string();
    Ok(ctx.created(&path, &path, &InvitationView::from(made)))
}

fn channel(fields: &Fields) -> Result<Option<ChannelId>> {
    let text = fields.text("channel_id").map(str::trim).filter(|text| !text.is_empty());
    let parsed = text.map(|text| text.parse().map(ChannelId).map_err(|_| Problem::NotFound)).transpose();
    parsed.map_err(|problem| crate::error::AppError::invalid("channel_id", problem))
}
