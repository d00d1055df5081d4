//! The WhatsApp templates of a channel: adding, changing and removing them.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        Channel, ChannelId, NewTemplate, NewWhatsappTemplate, PLACEHOLDERS, Patch, Problem, WhatsappTemplate,
        WhatsappTemplateBody, WhatsappTemplateId,
    },
    error::{AppError, Result},
    presentation::{
        channels::view::ChannelView,
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
    providers::registration,
    services::ChannelPage,
};

/// The fields in the order of the page.
const FIELDS: [&str; 5] = ["name", "content_sid", "language", "body", "defaults"];

/// A WhatsApp template, used as JSON and on pages.
#[derive(Debug, Serialize)]
pub struct WhatsappTemplateView {
    id: WhatsappTemplateId,
    pub name: String,
    pub content_sid: String,
    pub language: String,
    pub body: String,
    defaults: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub url: String,
}

impl From<WhatsappTemplate> for WhatsappTemplateView {
    fn from(template: WhatsappTemplate) -> Self {
        let content = template.content;
        Self {
            id: template.id,
            url: routes::ChannelTemplate(template.channel, template.id).to_string(),
            name: content.name,
            content_sid: content.content_sid,
            language: content.language,
            body: content.body.as_str().to_owned(),
            defaults: content.defaults,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
}

#[derive(Template)]
#[template(path = "channels/whatsapp_template.html")]
struct FormPage {
    layout: Layout,
    channel: ChannelView,
    form: Form,
    action: String,
    edits: bool,
    placeholders: Vec<String>,
}

/// Lists the templates of a channel; browsers are redirected to the channel's page.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn list(ctx: Ctx, PathIds(id): PathIds<ChannelId>) -> Result<Response> {
    let templates = ctx.services().whatsapp_templates.list(&ctx.actor, id).await?;
    let items: Vec<_> = templates.into_iter().map(WhatsappTemplateView::from).collect();
    Ok(match ctx.format {
        Format::Json => Json(json!({ "items": items })).into_response(),
        Format::Html => Redirect::to(&on_page(id)).into_response(),
    })
}

/// Shows the empty form.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn new_form(ctx: Ctx, PathIds(id): PathIds<ChannelId>) -> Result<Response> {
    let opened = ctx.services().channels.open_page(&ctx.actor, id).await?;
    render(&ctx, opened, None, StatusCode::OK, Form::default())
}

/// Returns a template; browsers get its form.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    ctx: Ctx,
    PathIds((id, approved)): PathIds<(ChannelId, WhatsappTemplateId)>,
) -> Result<Response> {
    if ctx.format == Format::Json {
        let template = ctx.services().whatsapp_templates.get(&ctx.actor, id, approved).await?;
        return Ok(Json(WhatsappTemplateView::from(template)).into_response());
    }
    let opened = ctx.services().channels.open_page(&ctx.actor, id).await?;
    let template = opened.templates.iter().find(|template| template.id == approved);
    let content = template.ok_or(AppError::NotFound)?.content.clone();
    let form = Form::filled([
        ("name", Some(content.name)),
        ("content_sid", Some(content.content_sid)),
        ("language", Some(content.language)),
        ("body", Some(content.body.as_str().to_owned())),
        ("defaults", Some(content.defaults)),
    ]);
    render(&ctx, opened, Some(approved), StatusCode::OK, form)
}

/// Adds a template.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn create(
    ctx: Ctx,
    PathIds(id): PathIds<ChannelId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &ctx.actor;
    let channel = ctx.services().channels.show(actor, id).await?.channel;
    let made = async {
        let new = parse(&fields, &channel, None)?;
        ctx.services().whatsapp_templates.create(actor, id, &new).await
    };
    match made.await {
        Ok(template) => {
            let view = WhatsappTemplateView::from(template);
            Ok(ctx.created(&view.url, &on_page(id), &view))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| render_again(&ctx, id, None, status, form)).await
        }
    }
}

/// Changes the fields that are present in the request.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn update(
    ctx: Ctx,
    PathIds((id, approved)): PathIds<(ChannelId, WhatsappTemplateId)>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &ctx.actor;
    let before = ctx.services().whatsapp_templates.get(actor, id, approved).await?;
    let channel = ctx.services().channels.show(actor, id).await?.channel;
    let made = async {
        let new = parse(&fields, &channel, Some(&before.content))?;
        ctx.services().whatsapp_templates.update(actor, id, approved, &new).await
    };
    match made.await {
        Ok(template) => Ok(ctx.changed(&on_page(id), &WhatsappTemplateView::from(template))),
        Err(error) => {
            let render = |status, form| render_again(&ctx, id, Some(approved), status, form);
            ctx.form_or_error(error, &fields, render).await
        }
    }
}

/// Removes a template.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn remove(
    ctx: Ctx,
    PathIds((id, approved)): PathIds<(ChannelId, WhatsappTemplateId)>,
) -> Result<Response> {
    ctx.services().whatsapp_templates.delete(&ctx.actor, id, approved).await?;
    Ok(ctx.deleted(&on_page(id)))
}

/// The address of the templates on the channel's page.
fn on_page(channel: ChannelId) -> String {
    format!("{}#templates", routes::Channel(channel))
}

/// Parses the form; absent fields keep their values of `before`.
fn parse(
    fields: &Fields,
    channel: &Channel,
    before: Option<&NewWhatsappTemplate>,
) -> Result<NewWhatsappTemplate> {
    let mut form = fields.reader();
    let mut sent =
        |name: &'static str, kept: Option<&str>, parse: &dyn Fn(&str) -> Result<String, Problem>| {
            let value = match kept {
                Some(kept) => form.patch(name, kept.to_owned(), Err(Problem::Required), parse),
                None => form.required(name, parse),
            };
            value.unwrap_or_default()
        };
    let name = sent("name", before.map(|b| b.name.as_str()), &NewTemplate::name);
    let parse_id = registration(&channel.provider).parse_template_id.unwrap_or(|_| Err(Problem::NoProvider));
    let content_sid = sent("content_sid", before.map(|b| b.content_sid.as_str()), &parse_id);
    let language = sent("language", before.map(|b| b.language.as_str()), &NewWhatsappTemplate::language);
    let text = sent("body", before.map(|b| b.body.as_str()), &|text| Ok(text.to_owned()));
    let body = if text.is_empty() { None } else { form.check("body", WhatsappTemplateBody::parse(&text)) };
    let variables = body.as_ref().map_or(0, WhatsappTemplateBody::variables);
    let defaults = fields.patch("defaults").map(|patch| match patch {
        Patch::Set(text) => text,
        Patch::Clear => String::new(),
        Patch::Keep => before.map(|before| before.defaults.clone()).unwrap_or_default(),
    });
    // The text determines the number of default values.
    let defaults = match &body {
        Some(_) => defaults.and_then(|text| NewWhatsappTemplate::defaults(&text, variables)),
        None => defaults,
    };
    let defaults = form.check("defaults", defaults).unwrap_or_default();
    let body = body.unwrap_or_else(|| WhatsappTemplateBody::stored(String::new()));
    form.finish(NewWhatsappTemplate { name, content_sid, language, body, defaults })
}

/// Renders a form that was sent, with its problems.
async fn render_again(
    ctx: &Ctx,
    id: ChannelId,
    approved: Option<WhatsappTemplateId>,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let opened = ctx.services().channels.open_page(&ctx.actor, id).await?;
    render(ctx, opened, approved, status, form)
}

fn render(
    ctx: &Ctx,
    ChannelPage { report, frame, .. }: ChannelPage,
    approved: Option<WhatsappTemplateId>,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let id = report.channel.id;
    let layout = Layout::new(ctx, routes::Channels::PATTERN, frame);
    let action = match approved {
        Some(approved) => routes::ChannelTemplate(id, approved).to_string(),
        None => routes::ChannelTemplates(id).to_string(),
    };
    page(
        status,
        &FormPage {
            channel: ChannelView::new(report, &ctx.state, layout.t),
            form: form.with_field_order(&FIELDS),
            action,
            edits: approved.is_some(),
            placeholders: PLACEHOLDERS.iter().map(|name| format!("{{{{{name}}}}}")).collect(),
            layout,
        },
    )
}
