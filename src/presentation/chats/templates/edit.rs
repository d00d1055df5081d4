//! Making and changing a message template.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::chats::templates::form::{FIELDS, FormTarget, base_version, copy_of, parse, render};
use crate::{
    domain::{MessageTemplate, NewTemplate, Permission, TemplateId},
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            edit_conflict::{BaseVersion, edit_conflict_form, if_match, tag},
            extract::{BodyFields, Format, PathIds, Query, SignedIn},
            fields::Fields,
            form::{Form, created, form_or_error},
            routes,
            views::TemplateView,
        },
        ui::i18n::I18n,
    },
};

/// The button by which a form is looked at rather than saved.
const PREVIEW: &str = "preview";

/// One template; people see it in its form.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<TemplateId>,
) -> Result<Response> {
    let template = state.services.templates.get(&signed_in.actor, id).await?;
    Ok(match format {
        Format::Json => tagged(template),
        Format::Html => Redirect::to(&routes::EditInstantMessage(id).to_string()).into_response(),
    })
}

/// A template with the tag of its version.
fn tagged(template: MessageTemplate) -> Response {
    let view = TemplateView::from(template);
    ([(header::ETAG, tag(&view))], Json(view)).into_response()
}

/// The empty form, or that of a copy of the template that `from` names.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn new_form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::MessageTemplateCreate)?;
    let form = match query.text("from") {
        None => Form::default(),
        Some(from) => {
            let id = from.parse().map(TemplateId).map_err(|_| AppError::NotFound)?;
            copy_of(&state.services.templates.get(actor, id).await?, I18n::new(actor.locale()))
        }
    };
    render(&state, &signed_in, FormTarget::New, StatusCode::OK, form).await
}

/// The form of a template.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn edit_form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    PathIds(id): PathIds<TemplateId>,
) -> Result<Response> {
    signed_in.actor.require(Permission::MessageTemplateUpdate)?;
    let template = state.services.templates.get(&signed_in.actor, id).await?;
    let target = FormTarget::of(&template);
    let form = Form::filled([("name", Some(template.name)), ("template", Some(template.text))]);
    render(&state, &signed_in, target, StatusCode::OK, form).await
}

/// Makes a template, or shows what it would look like.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::MessageTemplateCreate)?;
    let new = match parse(&fields, None) {
        Ok(new) if !is_preview(&fields, format) => new,
        parsed => return render_again(&state, &signed_in, format, &fields, FormTarget::New, parsed).await,
    };
    let template = state.services.templates.create(actor, &new).await?;
    let path = routes::InstantMessage(template.id).to_string();
    Ok(created(format, &path, &routes::InstantMessages.to_string(), &TemplateView::from(template)))
}

/// Changes the fields that were sent, or shows what the template would look like. `If-Match` and what a form's editor saw are
/// heeded.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::EditConflict`],
/// [`AppError::PreconditionFailed`].
pub async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    headers: HeaderMap,
    PathIds(id): PathIds<TemplateId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::MessageTemplateUpdate)?;
    let before = state.services.templates.get(actor, id).await?;
    let base = BaseVersion::from_fields(&fields);
    let new = match parse(&fields, Some(&before)) {
        Ok(new) if !is_preview(&fields, format) => new,
        parsed => {
            // What its editor saw stays what it was, so that looking does not hide what others saved.
            let target = FormTarget::Stored(id, base.unwrap_or_else(|| base_version(&before)));
            return render_again(&state, &signed_in, format, &fields, target, parsed).await;
        }
    };
    let ensure_unchanged = |now: &MessageTemplate| {
        if_match(&headers, &tag(&TemplateView::from(now.clone())))?;
        base.as_ref().map_or(Ok(()), |base| base.ensure_unchanged(&base_version(now)))
    };
    match state.services.templates.update(actor, id, &new, ensure_unchanged).await {
        Ok(template) if format == Format::Json => Ok(tagged(template)),
        Ok(_) => Ok(Redirect::to(&routes::InstantMessages.to_string()).into_response()),
        Err(AppError::EditConflict) if format == Format::Html => {
            let now = state.services.templates.get(actor, id).await?;
            let form = edit_conflict_form(&fields, &base_version(&now), FIELDS, |_, value| value.to_owned());
            render(&state, &signed_in, FormTarget::of(&now), StatusCode::CONFLICT, form).await
        }
        Err(error) => Err(error),
    }
}

/// Whether a form is to be looked at only.
fn is_preview(fields: &Fields, format: Format) -> bool {
    format == Format::Html && fields.text(PREVIEW).is_some()
}

/// The form as it was sent, with what is wrong with it. Nothing is wrong with looking at what is not done yet.
async fn render_again(
    state: &AppState,
    signed_in: &SignedIn,
    format: Format,
    fields: &Fields,
    target: FormTarget,
    parsed: Result<NewTemplate>,
) -> Result<Response> {
    let previewing = is_preview(fields, format);
    let show = |status, form| {
        render(state, signed_in, target, if previewing { StatusCode::OK } else { status }, form)
    };
    match parsed {
        Ok(_) => show(StatusCode::OK, Form::of(fields)).await,
        Err(error) => form_or_error(error, format, fields, I18n::new(signed_in.actor.locale()), show).await,
    }
}
