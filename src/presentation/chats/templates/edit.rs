//! Creating, changing and deleting a quick reply.

use axum::{
    Json,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use axum_extra::TypedHeader;

use crate::{
    domain::{MessageTemplate, NewTemplate, Permission, TemplateId},
    error::{AppError, Result},
    presentation::{
        chats::templates::{
            form::{FIELDS, FormTarget, base_version, copy_of, parse, render},
            view::TemplateView,
        },
        http::{
            context::Ctx,
            edit_conflict::{BaseVersion, edit_conflict_form, entity_tag, if_match},
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            routes,
        },
        ui::layout::Layout,
    },
    services::Framed,
};

/// The navigation link that the pages belong to.
const SECTION: &str = routes::InstantMessages::PATTERN;

/// The button that shows a preview instead of saving.
const PREVIEW: &str = "preview";

/// Returns a quick reply; browsers get its form.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<TemplateId>) -> Result<Response> {
    let template = ctx.services().templates.get(&ctx.actor, id).await?;
    Ok(match ctx.format {
        Format::Json => tagged(template)?,
        Format::Html => Redirect::to(&routes::EditInstantMessage(id).to_string()).into_response(),
    })
}

/// The JSON of a quick reply with the entity tag of its version.
fn tagged(template: MessageTemplate) -> Result<Response> {
    let view = TemplateView::from(template);
    Ok((TypedHeader(entity_tag(&view)?), Json(view)).into_response())
}

/// Shows the empty form, or a copy of the quick reply that `from` names.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn new_form(ctx: Ctx) -> Result<Response> {
    let actor = &ctx.actor;
    actor.require(Permission::MessageTemplateCreate)?;
    let (form, layout) = match ctx.query.text("from") {
        None => (Form::default(), Layout::load(&ctx, SECTION).await?),
        Some(from) => {
            let id = from.parse().map(TemplateId).map_err(|_| AppError::NotFound)?;
            let original = ctx.services().templates.open(actor, id).await?;
            (copy_of(&original.content, ctx.i18n), Layout::new(&ctx, SECTION, original.frame))
        }
    };
    render(&ctx, layout, FormTarget::New, StatusCode::OK, form)
}

/// Shows the form of a quick reply.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn edit_form(ctx: Ctx, PathIds(id): PathIds<TemplateId>) -> Result<Response> {
    ctx.actor.require(Permission::MessageTemplateUpdate)?;
    let Framed { content: template, frame } = ctx.services().templates.open(&ctx.actor, id).await?;
    let target = FormTarget::of(&template);
    let form = Form::filled([("name", Some(template.name)), ("template", Some(template.text))]);
    render(&ctx, Layout::new(&ctx, SECTION, frame), target, StatusCode::OK, form)
}

/// Creates a quick reply, or shows a preview.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn create(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let actor = &ctx.actor;
    actor.require(Permission::MessageTemplateCreate)?;
    let new = match parse(&fields, None) {
        Ok(new) if !is_preview(&fields, ctx.format) => new,
        parsed => return render_again(&ctx, ctx.format, &fields, FormTarget::New, parsed).await,
    };
    let template = ctx.services().templates.create(actor, &new).await?;
    let path = routes::InstantMessage(template.id).to_string();
    Ok(ctx.created(&path, &routes::InstantMessages.to_string(), &TemplateView::from(template)))
}

/// Changes the fields that are present in the request, or shows a preview. `If-Match` and the
/// version in the form are checked.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::EditConflict`],
/// [`AppError::PreconditionFailed`].
pub async fn update(
    ctx: Ctx,
    headers: HeaderMap,
    PathIds(id): PathIds<TemplateId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &ctx.actor;
    actor.require(Permission::MessageTemplateUpdate)?;
    let before = ctx.services().templates.get(actor, id).await?;
    let base = BaseVersion::from_fields(&fields);
    let new = match parse(&fields, Some(&before)) {
        Ok(new) if !is_preview(&fields, ctx.format) => new,
        parsed => {
            // A preview keeps the version that the form was opened with, so that it does not hide
            // an edit conflict.
            let target = FormTarget::Stored(id, base.unwrap_or_else(|| base_version(&before)));
            return render_again(&ctx, ctx.format, &fields, target, parsed).await;
        }
    };
    let ensure_unchanged = |now: &MessageTemplate| {
        if_match(&headers, &entity_tag(&TemplateView::from(now.clone()))?)?;
        base.as_ref().map_or(Ok(()), |base| base.ensure_unchanged(&base_version(now)))
    };
    match ctx.services().templates.update(actor, id, &new, ensure_unchanged).await {
        Ok(template) if ctx.format == Format::Json => tagged(template),
        Ok(_) => Ok(Redirect::to(&routes::InstantMessages.to_string()).into_response()),
        Err(AppError::EditConflict) if ctx.format == Format::Html => {
            let Framed { content: now, frame } = ctx.services().templates.open(actor, id).await?;
            let form = edit_conflict_form(&fields, &base_version(&now), FIELDS, |_, value| value.to_owned());
            let layout = Layout::new(&ctx, SECTION, frame);
            render(&ctx, layout, FormTarget::of(&now), StatusCode::CONFLICT, form)
        }
        Err(error) => Err(error),
    }
}

/// True if only a preview is wanted.
fn is_preview(fields: &Fields, format: Format) -> bool {
    format == Format::Html && fields.text(PREVIEW).is_some()
}

/// Renders the submitted form with its problems. A preview answers 200 also for an invalid form.
async fn render_again(
    ctx: &Ctx,
    format: Format,
    fields: &Fields,
    target: FormTarget,
    parsed: Result<NewTemplate>,
) -> Result<Response> {
    let previewing = is_preview(fields, format);
    let show = |status, form| async move {
        let layout = Layout::load(ctx, SECTION).await?;
        render(ctx, layout, target, if previewing { StatusCode::OK } else { status }, form)
    };
    match parsed {
        Ok(_) => show(StatusCode::OK, Form::of(fields)).await,
        Err(error) => ctx.form_or_error(error, fields, show).await,
    }
}

/// Deletes a quick reply.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn delete(ctx: Ctx, PathIds(id): PathIds<TemplateId>) -> Result<Response> {
    ctx.services().templates.delete(&ctx.actor, id).await?;
    Ok(ctx.deleted(&routes::InstantMessages.to_string()))
}
