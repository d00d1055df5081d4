//! WhatsApp templates in a chat: choosing, filling and sending one.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    domain::{
        ChatId, FieldErrors, Message, Patch, Permission, Problem, WhatsappTemplateId, parse_variable_value,
    },
    error::Result,
    presentation::{
        chats::{
            composer::kept_key,
            messages::{send::idempotency_key, view::MessageView},
        },
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::{AvailableTemplate, FilledTemplate},
};

/// A WhatsApp template, filled for a client.
#[derive(Debug, Serialize)]
pub(in crate::presentation) struct FilledTemplateView {
    id: WhatsappTemplateId,
    pub(in crate::presentation) name: String,
    pub(in crate::presentation) language: String,
    /// The text with its placeholders.
    body: String,
    /// The default values of the variables; some may be empty.
    values: Vec<String>,
    /// The filled text.
    pub(in crate::presentation) preview: String,
    pub(in crate::presentation) url: String,
}

impl FilledTemplateView {
    pub(in crate::presentation) fn new(filled: FilledTemplate, chat: ChatId) -> Self {
        let FilledTemplate { template, values } = filled;
        Self {
            id: template.id,
            preview: template.content.body.fill(&values),
            body: template.content.body.as_str().to_owned(),
            name: template.content.name,
            language: template.content.language,
            url: routes::ChatWhatsappTemplate(chat, template.id).to_string(),
            values,
        }
    }
}

#[derive(Template)]
#[template(path = "chats/composer/whatsapp_templates.html")]
struct ListPage {
    layout: Layout,
    name: String,
    templates: Vec<FilledTemplateView>,
    settings: Option<String>,
    back: String,
}

#[derive(Template)]
#[template(path = "chats/composer/whatsapp_template_form.html")]
struct FormPage {
    layout: Layout,
    name: String,
    template: FilledTemplateView,
    variables: Vec<Variable>,
    wrong: Option<String>,
    key: String,
    back: String,
}

/// The field of a variable.
struct Variable {
    name: String,
    label: Cow<'static, str>,
    value: String,
    error: Option<String>,
}

/// Lists the templates that can be sent in a chat.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn list(ctx: Ctx, PathIds(id): PathIds<ChatId>) -> Result<Response> {
    let actor = &ctx.actor;
    let offered = ctx.services().whatsapp_templates.available(actor, id).await?;
    let filled = offered.templates.into_iter().map(|filled| FilledTemplateView::new(filled, id));
    let templates: Vec<_> = filled.collect();
    if ctx.format == Format::Json {
        return Ok(Json(json!({ "items": templates })).into_response());
    }
    page(
        StatusCode::OK,
        &ListPage {
            layout: Layout::new(&ctx, routes::Chats::PATTERN, offered.frame),
            name: offered.client_name,
            templates,
            settings: actor.may(Permission::ChannelManage).then(|| routes::Channels.to_string()),
            back: routes::Chat(id).to_string(),
        },
    )
}

/// Shows the form of a template.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn form(
    ctx: Ctx,
    PathIds((id, approved)): PathIds<(ChatId, WhatsappTemplateId)>,
) -> Result<Response> {
    let available = ctx.services().whatsapp_templates.find_available(&ctx.actor, id, approved).await?;
    if ctx.format == Format::Json {
        return Ok(Json(FilledTemplateView::new(available.filled, id)).into_response());
    }
    render(&ctx, id, available, StatusCode::OK, &Form::default())
}

/// Sends a template. Absent variables have the values that the form would show.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn submit(
    ctx: Ctx,
    PathIds((id, approved)): PathIds<(ChatId, WhatsappTemplateId)>,
    headers: HeaderMap,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let available = ctx.services().whatsapp_templates.find_available(&ctx.actor, id, approved).await?;
    match send(&ctx, id, &available.filled, &headers, &fields).await {
        Ok(message) => {
            let location = format!("{}?before={}", routes::Messages(id), message.id.0 + 1);
            let view = MessageView::new(message, ctx.i18n);
            Ok(ctx.created(&location, &routes::Chat(id).to_string(), &view))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, async |status, form| render(&ctx, id, available, status, &form))
                .await
        }
    }
}

async fn send(
    ctx: &Ctx,
    chat: ChatId,
    filled: &FilledTemplate,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Message> {
    let mut errors = FieldErrors::default();
    let mut values = Vec::new();
    for (index, default) in filled.values.iter().enumerate() {
        let name = variable(index);
        let value = fields.patch(&name).and_then(|patch| match patch {
            Patch::Set(text) => parse_variable_value(&text),
            Patch::Keep => parse_variable_value(default),
            Patch::Clear => Err(Problem::Required),
        });
        match value {
            Ok(value) => values.push(value),
            Err(problem) => errors.push(name, problem),
        }
    }
    let key = errors.check("idempotency_key", idempotency_key(headers, fields)).flatten();
    let values = errors.or(values)?;
    ctx.services()
        .whatsapp_templates
        .send(&ctx.actor, chat, &filled.template, values, key, ctx.delivery_priority())
        .await
}

/// The name of a variable's field.
fn variable(index: usize) -> String {
    format!("variable_{}", index + 1)
}

fn render(
    ctx: &Ctx,
    chat: ChatId,
    AvailableTemplate { client_name, filled, frame }: AvailableTemplate,
    status: StatusCode,
    form: &Form,
) -> Result<Response> {
    let layout = Layout::new(ctx, routes::Chats::PATTERN, frame);
    let variables = filled.values.iter().enumerate().map(|(index, value)| {
        let name = variable(index);
        Variable {
            label: layout.t.with("approved-variable", "number", (index + 1).to_string()),
            value: if form.has(&name) { form.value(&name).to_owned() } else { value.clone() },
            error: form.error(&name),
            name,
        }
    });
    let variables: Vec<_> = variables.collect();
    let values = variables.iter().map(|variable| variable.value.clone()).collect();
    let wrong = ["transport", "message", "idempotency_key"].into_iter().find_map(|name| form.error(name));
    page(
        status,
        &FormPage {
            name: client_name,
            template: FilledTemplateView::new(FilledTemplate { values, ..filled }, chat),
            variables,
            wrong,
            key: kept_key(form).unwrap_or_else(|| Uuid::new_v4().to_string()),
            back: routes::Chat(chat).to_string(),
            layout,
        },
    )
}
