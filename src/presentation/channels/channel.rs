//! The list of channels, the page of a channel, changing and removing it.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::ChannelId,
    error::Result,
    presentation::{
        channels::{
            form::{FieldView, NEW_SECRET, parse_addresses, without_secrets},
            health::CheckResultView,
            view::ChannelView,
            whatsapp_templates::WhatsappTemplateView,
        },
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            form::Form,
            page::ListView,
            routes,
        },
        ui::layout::{Layout, page},
    },
    providers::{carries, registration},
    services::ChannelPage,
};

#[derive(Template)]
#[template(path = "channels/page.html")]
struct ShowPage {
    layout: Layout,
    channel: ChannelView,
    addresses: Vec<FieldView>,
    /// The name of the provider's secret, which is the label of the field with a new one.
    secret_name: &'static str,
    /// True if webhooks are signed with the secret, so that a replaced one may still verify them.
    signs_webhooks: bool,
    may_have_templates: bool,
    form: Form,
    findings: Option<Vec<CheckResultView>>,
    templates: Vec<WhatsappTemplateView>,
}

/// Shows a channel.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<ChannelId>) -> Result<Response> {
    if ctx.format == Format::Json {
        let report = ctx.services().channels.show(&ctx.actor, id).await?;
        return Ok(Json(ChannelView::new(report, &ctx.state, ctx.i18n)).into_response());
    }
    render(&ctx, id, StatusCode::OK, None, None).await
}

/// Renders the page with an invalid form, or with the results of a test.
pub(in crate::presentation) async fn render(
    ctx: &Ctx,
    id: ChannelId,
    status: StatusCode,
    form: Option<Form>,
    findings: Option<Vec<CheckResultView>>,
) -> Result<Response> {
    let ChannelPage { report, templates, frame } = ctx.services().channels.open_page(&ctx.actor, id).await?;
    let layout = Layout::new(ctx, routes::Channels::PATTERN, frame);
    let provider = registration(&report.channel.provider);
    let mut form = form.unwrap_or_default();
    for field in provider.address_fields() {
        if !form.has(field.name) {
            form.set(field.name, report.channel.address(field.name).unwrap_or_default().to_owned());
        }
    }
    let order = provider.address_fields().map(|field| field.name).chain([NEW_SECRET, "leaked"]);
    let order: Vec<_> = order.collect();
    let transports = provider.capabilities.transports;
    let may_have_templates =
        transports.iter().any(|of| of.templates && carries(&report.channel, of.transport));
    let templates = templates.into_iter().map(WhatsappTemplateView::from).collect();
    let channel = ChannelView::new(report, &ctx.state, layout.t);
    page(
        status,
        &ShowPage {
            channel,
            addresses: provider.address_fields().map(FieldView::from).collect(),
            secret_name: provider.secret_field().map_or(NEW_SECRET, |field| field.name),
            signs_webhooks: provider.has_webhooks_by_hand(),
            may_have_templates,
            templates,
            form: without_secrets(form).with_field_order(&order),
            findings,
            layout,
        },
    )
}

#[derive(Template)]
#[template(path = "channels/list.html")]
struct ListPage {
    layout: Layout,
    channels: Vec<ChannelView>,
}

/// Lists all channels.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn list(ctx: Ctx) -> Result<Response> {
    let reports = ctx.services().channels.list(&ctx.actor).await?;
    let channels: Vec<_> =
        reports.content.into_iter().map(|report| ChannelView::new(report, &ctx.state, ctx.i18n)).collect();
    if ctx.format == Format::Json {
        return Ok(Json(ListView { items: channels }).into_response());
    }
    let layout = Layout::new(&ctx, routes::Channels::PATTERN, reports.frame);
    page(StatusCode::OK, &ListPage { layout, channels })
}

/// Changes the addresses that are present in the request; `enabled` enables or disables the
/// channel.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`],
/// [`crate::error::AppError::Conflict`].
pub async fn update(
    ctx: Ctx,
    PathIds(id): PathIds<ChannelId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &ctx.actor;
    let channels = &ctx.services().channels;
    let before = channels.show(actor, id).await?;
    let made = async {
        let mut form = fields.reader();
        let enabled = form.flag("enabled");
        let (provider, country) = (registration(&before.channel.provider), actor.tenant.country);
        // A request that only enables or disables the channel leaves the addresses alone, whatever they are.
        let has_addresses = provider.address_fields().any(|field| fields.text(field.name).is_some());
        if has_addresses || enabled.is_none() {
            let addresses = parse_addresses(&mut form, provider, country, &before.channel.addresses);
            let addresses = form.finish(addresses)?;
            channels.update_addresses(actor, id, &addresses).await?;
        } else {
            form.finish(())?;
        }
        if let Some(on) = enabled {
            channels.set_enabled(actor, id, on).await?;
        }
        channels.show(actor, id).await
    };
    match made.await {
        Ok(report) => {
            let view = ChannelView::new(report, &ctx.state, ctx.i18n);
            Ok(ctx.changed(&routes::Channel(id).to_string(), &view))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, id, status, Some(form), None)).await
        }
    }
}

#[derive(Template)]
#[template(path = "channels/remove.html")]
struct RemovePage {
    layout: Layout,
    channel: ChannelView,
}

/// Shows the impact of removing a channel and asks for a confirmation.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn confirm_removal(ctx: Ctx, PathIds(id): PathIds<ChannelId>) -> Result<Response> {
    let ChannelPage { report, frame, .. } = ctx.services().channels.open_page(&ctx.actor, id).await?;
    let channel = ChannelView::new(report, &ctx.state, ctx.i18n);
    if ctx.format == Format::Json {
        return Ok(Json(channel).into_response());
    }
    let layout = Layout::new(&ctx, routes::Channels::PATTERN, frame);
    page(StatusCode::OK, &RemovePage { layout, channel })
}

/// Removes a channel.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn remove(ctx: Ctx, PathIds(id): PathIds<ChannelId>) -> Result<Response> {
    ctx.services().channels.remove(&ctx.actor, id).await?;
    Ok(ctx.deleted(&routes::Channels.to_string()))
}
