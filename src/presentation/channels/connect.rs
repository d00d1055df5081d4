//! Connecting a Telegram bot or a Twilio account, and replacing credentials.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    domain::{ChannelId, Permission},
    error::Result,
    presentation::{
        channels::{
            channel,
            form::{parse_account, parse_token, without_secrets},
            view::ChannelView,
        },
        http::{
            context::Ctx,
            extract::{BodyFields, PathIds},
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
};

/// The fields in the order of the page.
const FIELDS: [&str; 6] =
    ["bot_token", "account_sid", "auth_token", "sms_number", "whatsapp_number", "messaging_service_sid"];

#[derive(Template)]
#[template(path = "channels/connect.html")]
struct NewPage {
    layout: Layout,
    form: Form,
}

/// Shows the empty form.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn form(ctx: Ctx) -> Result<Response> {
    ctx.actor.require(Permission::ChannelManage)?;
    render(&ctx, StatusCode::OK, Form::default()).await
}

/// Connects a bot or a Twilio account, after the provider has accepted the credentials.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`].
pub async fn submit(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let actor = &ctx.actor;
    actor.require(Permission::ChannelManage)?;
    let made = async {
        let channels = &ctx.services().channels;
        let id = match fields.text("bot_token").map(str::trim) {
            Some(token) => channels.connect_telegram(actor, token.into()).await?,
            None => channels.connect_twilio(actor, parse_account(&fields, actor.tenant.country)?).await?,
        };
        ctx.services().channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &ctx.state, ctx.i18n);
            let path = routes::Channel(view.id).to_string();
            Ok(ctx.created(&path, &path, &view))
        }
        Err(error) => ctx.form_or_error(error, &fields, |status, form| render(&ctx, status, form)).await,
    }
}

async fn render(ctx: &Ctx, status: StatusCode, form: Form) -> Result<Response> {
    let layout = Layout::load(ctx, routes::Channels::PATTERN).await?;
    page(status, &NewPage { layout, form: without_secrets(form).with_field_order(&FIELDS) })
}

/// Replaces the token of a channel. With `leaked`, the former token is no longer accepted for
/// webhooks.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn replace_credentials(
    ctx: Ctx,
    PathIds(id): PathIds<ChannelId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &ctx.actor;
    let channels = &ctx.services().channels;
    let before = channels.show(actor, id).await?;
    let made = async {
        let mut form = fields.reader();
        let token = form.required("auth_token", parse_token).unwrap_or_default();
        let leaked = form.flag("leaked").unwrap_or(false);
        let token = form.finish(token)?;
        channels.rotate_credentials(actor, id, &token, leaked).await?;
        channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &ctx.state, ctx.i18n);
            Ok(ctx.changed(&routes::Channel(id).to_string(), &view))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| {
                channel::render(&ctx, before.clone(), status, Some(form), None)
            })
            .await
        }
    }
}
