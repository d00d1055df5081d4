//! Connecting a channel by the form of its provider, and replacing the credentials.

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    domain::{ChannelId, Permission},
    error::{AppError, Result},
    presentation::{
        channels::{
            channel,
            form::{FieldView, NEW_SECRET, of_new_secret, parse_connection, provider_of, without_secrets},
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
    providers::{FieldRole, Registration, registration, registrations},
};

#[derive(Template)]
#[template(path = "channels/connect.html")]
struct NewPage {
    layout: Layout,
    providers: Vec<ProviderForm>,
    form: Form,
}

/// The form of a provider.
struct ProviderForm {
    provider: &'static str,
    credentials: Vec<FieldView>,
    addresses: Vec<FieldView>,
}

impl From<&'static Registration> for ProviderForm {
    fn from(registration: &'static Registration) -> Self {
        let credentials = registration.fields.iter().filter(|field| field.role != FieldRole::Address);
        Self {
            provider: registration.name.as_str(),
            credentials: credentials.map(FieldView::from).collect(),
            addresses: registration.address_fields().map(FieldView::from).collect(),
        }
    }
}

/// Shows the empty form.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn form(ctx: Ctx) -> Result<Response> {
    ctx.actor.require(Permission::ChannelManage)?;
    render(&ctx, StatusCode::OK, Form::default()).await
}

/// Connects a channel, after the provider has accepted the credentials.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`].
pub async fn submit(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let actor = &ctx.actor;
    actor.require(Permission::ChannelManage)?;
    let made = async {
        let channels = &ctx.services().channels;
        let provider = provider_of(&fields).ok_or(AppError::NotFound)?;
        let values = parse_connection(&fields, provider, actor.tenant.country)?;
        let id = channels.connect(actor, &provider.name, &values).await?;
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
    let order: Vec<_> =
        registrations().flat_map(|provider| provider.fields).map(|field| field.name).collect();
    let providers = registrations().map(ProviderForm::from).collect();
    page(status, &NewPage { layout, providers, form: without_secrets(form).with_field_order(&order) })
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
    let provider = registration(&before.channel.provider);
    let made = async {
        let mut form = fields.reader();
        let parse = |text: &str| match provider.secret_field() {
            Some(secret) => (secret.parse)(text, actor.tenant.country),
            None => Ok(text.to_owned()),
        };
        let secret = form.required(NEW_SECRET, parse).unwrap_or_default();
        let leaked = form.flag("leaked").unwrap_or(false);
        let secret = form.finish(secret)?.into();
        let replaced = channels.replace_credentials(actor, id, &secret, leaked).await;
        replaced.map_err(|error| of_new_secret(provider, error))?;
        channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &ctx.state, ctx.i18n);
            Ok(ctx.changed(&routes::Channel(id).to_string(), &view))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| {
                channel::render(&ctx, id, status, Some(form), None)
            })
            .await
        }
    }
}
