//! Making and changing a message template.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::presentation::chats::templates::form::{FIELDS, Here, copy_of, parse, render, seen};
use crate::{
    domain::{MessageTemplate, NewTemplate, Permission, TemplateId},
    error::{AppError, Result},
    presentation::{
        AppState,
        http::{
            edit_conflict::{Seen, both_versions, if_match, tag},
            extract::{Format, Ids, Input, Query, SignedIn},
            fields::Fields,
            form::{Form, created, refused},
            routes,
            views::TemplateView,
        },
        ui::i18n::Texts,
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
    Ids(id): Ids<TemplateId>,
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
            copy_of(&state.services.templates.get(actor, id).await?, Texts::new(actor.locale()))
        }
    };
    render(&state, &signed_in, Here::New, StatusCode::OK, form).await
}

/// The form of a template.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn edit_form(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Ids(id): Ids<TemplateId>,
) -> Result<Response> {
    signed_in.actor.require(Permission::MessageTemplateUpdate)?;
    let template = state.services.templates.get(&signed_in.actor, id).await?;
    let here = Here::at(&template);
    let form = Form::filled([("name", Some(template.name)), ("template", Some(template.text))]);
    render(&state, &signed_in, here, StatusCode::OK, form).await
}

/// Makes a template, or shows what it would look like.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Input(fields): Input,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::MessageTemplateCreate)?;
    let new = match parse(&fields, None) {
        Ok(new) if !is_look(&fields, format) => new,
        parsed => return back(&state, &signed_in, format, &fields, Here::New, parsed).await,
    };
    let template = state.services.templates.create(actor, &new).await?;
    let path = routes::InstantMessage(template.id).to_string();
    Ok(created(format, &path, &routes::InstantMessages.to_string(), &TemplateView::from(template)))
}

/// Changes the fields that were sent, or shows what the template would look like. `If-Match` and what a form's editor saw are
/// heeded.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`],
/// [`AppError::PreconditionFailed`].
pub async fn update(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    headers: HeaderMap,
    Ids(id): Ids<TemplateId>,
    Input(fields): Input,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::MessageTemplateUpdate)?;
    let before = state.services.templates.get(actor, id).await?;
    let was = Seen::sent(&fields);
    let new = match parse(&fields, Some(&before)) {
        Ok(new) if !is_look(&fields, format) => new,
        parsed => {
            // What its editor saw stays what it was, so that looking does not hide what others saved.
            let here = Here::Stored(id, was.unwrap_or_else(|| seen(&before)));
            return back(&state, &signed_in, format, &fields, here, parsed).await;
        }
    };
    let still = |now: &MessageTemplate| {
        if_match(&headers, &tag(&TemplateView::from(now.clone())))?;
        was.as_ref().map_or(Ok(()), |was| was.still(&seen(now)))
    };
    match state.services.templates.update(actor, id, &new, still).await {
        Ok(template) if format == Format::Json => Ok(tagged(template)),
        Ok(_) => Ok(Redirect::to(&routes::InstantMessages.to_string()).into_response()),
        Err(AppError::Stale) if format == Format::Html => {
            let now = state.services.templates.get(actor, id).await?;
            let form = both_versions(&fields, &seen(&now), FIELDS, |_, value| value.to_owned());
            render(&state, &signed_in, Here::at(&now), StatusCode::CONFLICT, form).await
        }
        Err(error) => Err(error),
    }
}

/// Whether a form is to be looked at only.
fn is_look(fields: &Fields, format: Format) -> bool {
    format == Format::Html && fields.text(PREVIEW).is_some()
}

/// The form as it was sent, with what is wrong with it. Nothing is wrong with looking at what is not done yet.
async fn back(
    state: &AppState,
    signed_in: &SignedIn,
    format: Format,
    fields: &Fields,
    here: Here,
    parsed: Result<NewTemplate>,
) -> Result<Response> {
    let looks = is_look(fields, format);
    let show =
        |status, form| render(state, signed_in, here, if looks { StatusCode::OK } else { status }, form);
    match parsed {
        Ok(_) => show(StatusCode::OK, Form::of(fields)).await,
        Err(error) => refused(error, format, fields, Texts::new(signed_in.actor.locale()), show).await,
    }
}
