//! Uploading a table, checking it, and starting or cancelling its import.

use axum::{http::HeaderMap, response::Response};

use crate::{
    domain::{
        FieldErrors, Import, ImportId, ImportOptions, Patch, Permission, Problem,
        table::{ClientColumn, ColumnMapping},
    },
    error::{AppError, Result},
    persistence::PageRequest,
    presentation::{
        clients::imports::{list, pages, view::ImportView},
        http::{
            context::Ctx,
            extract::{BodyFields, PathIds, content_type},
            fields::Fields,
            multipart::SubmittedForm,
            routes,
        },
    },
};

/// Stores the uploaded file (`file`) as a new import.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::TableTooLarge`]; [`AppError::Invalid`] if the file is not a
/// table.
pub async fn upload(ctx: Ctx, headers: HeaderMap, posted: SubmittedForm) -> Result<Response> {
    ctx.actor.require(Permission::ClientCreate)?;
    match store_upload(&ctx, &headers, posted).await {
        Ok(import) => {
            let path = routes::Import(import.id).to_string();
            Ok(ctx.created(&path, &path, &ImportView::from(&import)))
        }
        Err(error) => {
            let first = PageRequest { page: 1, limit: 25 };
            let render = |status, form| list::render(&ctx, first, status, form);
            ctx.form_or_error(error, &Fields::default(), render).await
        }
    }
}

async fn store_upload(
    ctx: &Ctx,
    headers: &HeaderMap,
    SubmittedForm { mut fields, files }: SubmittedForm,
) -> Result<Import> {
    if !content_type(headers).starts_with("multipart/form-data") {
        return Err(AppError::UnsupportedMediaType);
    }
    let missing = || AppError::invalid("file", Problem::Required);
    let mut form = files.ok_or_else(missing)?;
    while let Some(file) = form.next_file(&mut fields).await? {
        if file.field == "file" {
            let name = file.file_name.clone();
            return ctx.services().imports.upload(&ctx.actor, &name, file.content()).await;
        }
        form.skip(file, &mut fields).await?;
    }
    Err(missing())
}

/// Stores the mapping of columns (`column_0` and so on) and the date format (`dates`), and checks
/// the rows. Absent values remain as guessed.
///
/// # Errors
/// [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`],
/// [`crate::error::AppError::Forbidden`].
pub async fn check(
    ctx: Ctx,
    PathIds(id): PathIds<ImportId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let actor = &ctx.actor;
    let import = ctx.services().imports.get(actor, id).await?;
    let checked = match mapping(&import, &fields) {
        Ok(mapping) => ctx.services().imports.check(actor, id, &mapping).await,
        Err(errors) => Err(errors.into()),
    };
    match checked {
        Ok(import) => Ok(ctx.changed(&routes::Import(id).to_string(), &ImportView::from(&import))),
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| pages::render(&ctx, id, true, status, form))
                .await
        }
    }
}

fn mapping(import: &Import, fields: &Fields) -> std::result::Result<ColumnMapping, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut mapping = import.mapping.clone();
    for (index, column) in mapping.columns.iter_mut().enumerate() {
        let name = format!("column_{index}");
        let parsed = fields.patch(&name).and_then(|patch| match patch {
            Patch::Keep => Ok(*column),
            Patch::Clear => Ok(None),
            Patch::Set(text) => text.parse::<ClientColumn>().map(Some),
        });
        match parsed {
            Ok(parsed) => *column = parsed,
            Err(problem) => errors.push(name, problem),
        }
    }
    match fields.patch("dates") {
        Ok(Patch::Set(text)) => {
            if let Some(order) = errors.check("dates", text.parse()) {
                mapping.dates = order;
            }
        }
        Ok(_) => {}
        Err(problem) => errors.push("dates", problem),
    }
    if errors.is_empty() {
        if let Some(doubled) = mapping.duplicate_column() {
            let last = mapping.columns.iter().rposition(|column| *column == Some(doubled)).unwrap_or(0);
            errors.push(format!("column_{last}"), Problem::Taken);
        } else if !mapping.has_name() && !mapping.has_unique_column() {
            errors.push("columns", Problem::Required);
        }
    }
    errors.or(mapping)
}

/// Starts the import with `duplicates` (`skip` or `update`) and `bad_rows` (`skip`, or `refuse` to
/// import all rows or none).
///
/// # Errors
/// [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`],
/// [`crate::error::AppError::Forbidden`].
pub async fn start(
    ctx: Ctx,
    PathIds(id): PathIds<ImportId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    ctx.services().imports.get(&ctx.actor, id).await?;
    let mut errors = FieldErrors::default();
    let mut choice =
        |name: &'static str, other: &'static str, names: &'static str| match fields.text_or_empty(name) {
            "" | "skip" => false,
            text if text == other => true,
            _ => {
                errors.push(name, Problem::NotOneOf(names.into()));
                false
            }
        };
    let chosen = ImportOptions {
        update_existing: choice("duplicates", "update", "skip, update"),
        all_or_nothing: choice("bad_rows", "refuse", "skip, refuse"),
    };
    let import = ctx.services().imports.start(&ctx.actor, id, errors.or(chosen)?).await?;
    Ok(ctx.changed(&routes::Import(id).to_string(), &ImportView::from(&import)))
}

/// Cancels an import. Stored clients remain, unless the import was to be complete or not at all.
///
/// # Errors
/// [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Forbidden`].
pub async fn cancel(ctx: Ctx, PathIds(id): PathIds<ImportId>) -> Result<Response> {
    let import = ctx.services().imports.cancel(&ctx.actor, id).await?;
    Ok(ctx.changed(&routes::Import(id).to_string(), &ImportView::from(&import)))
}
