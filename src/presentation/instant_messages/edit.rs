//! Making and changing a message template.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{
        FieldErrors, Filling, NewTemplate, PLACEHOLDERS, Patch, Permission, Problem, TemplateId, TemplateText,
    },
    error::Result,
    presentation::{
        AppState,
        extract::{Format, Ids, Input, SignedIn},
        fields::Fields,
        forms::{Form, changed, created, refused},
        layout::{Layout, page},
        routes,
        sms::Counter,
        texts::Texts,
        views::TemplateView,
    },
};

#[derive(Template)]
#[template(path = "instant_messages/form.html")]
struct FormPage {
    layout: Layout,
    form: Form,
    action: String,
    edits: bool,
    may_delete: bool,
    placeholders: Vec<String>,
    count: Counter,
}

/// One template; people see it in its form.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<TemplateId>,
) -> Result<Response> {
    let template = state.services.templates.get(&signed_in.actor, id).await?;
    Ok(match format {
        Format::Json => Json(TemplateView::from(template)).into_response(),
        Format::Html => Redirect::to(&routes::EditInstantMessage(id).to_string()).into_response(),
    })
}

/// The empty form.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`].
pub async fn new_form(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    signed_in.actor.require(Permission::MessageTemplateCreate)?;
    render(&state, &signed_in, None, StatusCode::OK, Form::default()).await
}

/// The form of a template.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn edit_form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Ids(id): Ids<TemplateId>,
) -> Result<Response> {
    signed_in.actor.require(Permission::MessageTemplateUpdate)?;
    let template = state.services.templates.get(&signed_in.actor, id).await?;
    let form = Form::filled([("name", Some(template.name)), ("template", Some(template.text))]);
    render(&state, &signed_in, Some(id), StatusCode::OK, form).await
}

/// Makes a template.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Input(fields): Input,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::MessageTemplateCreate)?;
    let new = match parse(&fields, None) {
        Ok(new) => new,
        Err(errors) => {
            let render = |status, form| render(&state, &signed_in, None, status, form);
            return refused(errors.into(), format, &fields, Texts::new(actor.locale()), render).await;
        }
    };
    let template = state.services.templates.create(actor, &new).await?;
    let path = routes::InstantMessage(template.id).to_string();
    Ok(created(format, &path, &routes::InstantMessages.to_string(), &TemplateView::from(template)))
}

/// Changes the fields that were sent.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<TemplateId>,
    Input(fields): Input,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::MessageTemplateUpdate)?;
    let before = state.services.templates.get(actor, id).await?;
    let new = match parse(&fields, Some((&before.name, &before.text))) {
        Ok(new) => new,
        Err(errors) => {
            let render = |status, form| render(&state, &signed_in, Some(id), status, form);
            return refused(errors.into(), format, &fields, Texts::new(actor.locale()), render).await;
        }
    };
    let template = state.services.templates.update(actor, id, &new).await?;
    Ok(changed(format, &routes::InstantMessages.to_string(), &TemplateView::from(template)))
}

/// The template that was sent; fields that were not keep what they had `before`.
fn parse(fields: &Fields, before: Option<(&str, &str)>) -> Result<NewTemplate, FieldErrors> {
    let mut errors = FieldErrors::default();
    let sent = |name: &str, kept: Option<&str>| match (fields.patch(name)?, kept) {
        (Patch::Set(text), _) => Ok(text),
        (Patch::Keep, Some(kept)) => Ok(kept.to_owned()),
        (Patch::Keep | Patch::Clear, _) => Err(Problem::Required),
    };
    let name = sent("name", before.map(|b| b.0)).and_then(|text| NewTemplate::name(&text));
    let name = errors.check("name", name);
    let text = sent("template", before.map(|b| b.1)).and_then(|text| TemplateText::parse(&text));
    let text = errors.check("template", text);
    match (name, text) {
        (Some(name), Some(text)) => Ok(NewTemplate { name, text }),
        _ => Err(errors),
    }
}

async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: Option<TemplateId>,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let layout = Layout::new(state, signed_in, super::NAME, None).await?;
    let (user, tenant) = (&signed_in.actor.user, &signed_in.actor.tenant);
    // There is no client yet: one's own name is about as long as theirs.
    let (first, full) = (user.name.first.clone(), user.name.full());
    let filling = Filling {
        client_first_name: first.clone(),
        client_last_name: user.name.last.clone().unwrap_or_default(),
        client_full_name: full.clone(),
        user_first_name: first,
        user_full_name: full,
        tenant_name: tenant.name.clone(),
    };
    page(
        status,
        &FormPage {
            count: Counter::of_template(form.value("template"), &filling, layout.t),
            layout,
            form,
            action: id.map_or_else(
                || routes::InstantMessages.to_string(),
                |id| routes::InstantMessage(id).to_string(),
            ),
            edits: id.is_some(),
            may_delete: id.is_some() && signed_in.actor.may(Permission::MessageTemplateDelete),
            placeholders: PLACEHOLDERS.iter().map(|name| format!("{{{{{name}}}}}")).collect(),
        },
    )
}
