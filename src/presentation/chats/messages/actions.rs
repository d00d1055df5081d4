//! Actions on messages: marking as read or unread, sending again, confirming a delivery.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{ChatId, MessageId},
    error::Result,
    presentation::{
        chats::{messages::view::MessageView, view::ChatView},
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            routes,
        },
    },
};

/// Marks a message and every earlier inbound one as read.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn mark_read(ctx: Ctx, PathIds((id, message)): PathIds<(ChatId, MessageId)>) -> Result<Response> {
    let message = ctx.services().chats.mark_read(&ctx.actor, id, message).await?;
    let view = MessageView::new(message, ctx.i18n);
    Ok(ctx.changed(&routes::Chat(id).to_string(), &view))
}

/// Marks a chat as unread for all users. The response leads to the list, because opening the chat
/// would mark it as read again.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn mark_unread(ctx: Ctx, PathIds(id): PathIds<ChatId>) -> Result<Response> {
    let actor = &ctx.actor;
    let chat = ctx.services().chats.mark_unread(actor, id).await?;
    let last = ctx.services().chats.last_messages(actor, std::slice::from_ref(&chat)).await?.pop();
    let view = ChatView::new(chat, last.map(|message| MessageView::new(message, ctx.i18n)));
    Ok(ctx.changed(&routes::Chats.to_string(), &view))
}

/// Queues a failed message again, or one whose delivery is unconfirmed.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Conflict`].
pub async fn retry(ctx: Ctx, PathIds((id, message)): PathIds<(ChatId, MessageId)>) -> Result<Response> {
    let message = ctx.services().chats.retry(&ctx.actor, id, message).await?;
    Ok(match ctx.format {
        Format::Json => {
            let view = MessageView::new(message, ctx.i18n);
            (StatusCode::ACCEPTED, Json(view)).into_response()
        }
        Format::Html => Redirect::to(&routes::Chat(id).to_string()).into_response(),
    })
}

/// Marks a message with an unconfirmed delivery as delivered.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Conflict`].
pub async fn confirm_delivery(
    ctx: Ctx,
    PathIds((id, message)): PathIds<(ChatId, MessageId)>,
) -> Result<Response> {
    let message = ctx.services().chats.mark_delivered(&ctx.actor, id, message).await?;
    let view = MessageView::new(message, ctx.i18n);
    Ok(ctx.changed(&routes::Chat(id).to_string(), &view))
}
