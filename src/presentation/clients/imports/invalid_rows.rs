//! The invalid rows of an import as a CSV file, to be corrected and imported again: the original
//! cells, and the errors beside them.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};

use crate::{
    domain::{Country, ImportId, table::escape_formula},
    error::{AppError, Result},
    presentation::{
        clients::{
            export::{attachment, lines},
            imports::view::{conflicting_clients, error_messages},
        },
        http::{
            context::Ctx,
            extract::{PathIds, RequestLocale},
            routes,
        },
        ui::i18n::I18n,
    },
    services::InvalidRows,
};

/// Streams the file.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also if the uploaded file was removed.
pub async fn show(ctx: Ctx, locale: RequestLocale, PathIds(id): PathIds<ImportId>) -> Result<Response> {
    let i18n = I18n::new(locale.get(ctx.format));
    let flawed = ctx.services().imports.invalid_rows(&ctx.actor, id).await?;
    let country = ctx.actor.tenant.country;
    let titles = flawed.import.sample.titles.clone();
    let width = titles.len();
    let stem =
        flawed.import.file_name.rsplit_once('.').map_or(flawed.import.file_name.as_str(), |(stem, _)| stem);
    let name = format!("{stem} {}.csv", i18n.get("import-flaws-file"));
    // The program that wrote the uploaded file reads this one.
    let delimiter = flawed.import.delimiter;
    let mut begin = "\u{feff}".as_bytes().to_vec();
    let more = [i18n.get("import-row").into_owned(), i18n.get("import-wrong").into_owned()];
    begin.extend(lines([titles.into_iter().map(|title| escape_formula(&title)).chain(more)], delimiter)?);
    let rest = stream::try_unfold(flawed, move |mut flawed| async move {
        let rows = portion(&mut flawed, width, delimiter, country, i18n).await;
        let rows = rows.inspect_err(|error| tracing::error!(%error, "the flaws of an import broke off"))?;
        Ok::<_, AppError>(rows.map(|rows| (rows, flawed)))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, attachment(&name)?),
    ];
    let body = Body::from_stream(stream::once(async { Ok(begin) }).chain(rest));
    Ok((headers, body).into_response())
}

async fn portion(
    flawed: &mut InvalidRows,
    width: usize,
    delimiter: u8,
    country: Country,
    i18n: I18n,
) -> Result<Option<Vec<u8>>> {
    let rows = flawed.next().await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let line = |(number, mut cells, flaws): (i64, Vec<String>, Vec<_>)| {
        // Surplus cells are cut off, because they would be in the column of the errors.
        cells.resize(width, String::new());
        // A cell that an export escaped is unescaped first, so that it is not escaped twice.
        let cells =
            cells.into_iter().map(|cell| escape_formula(crate::domain::table::unescape_formula(&cell)));
        let clients =
            conflicting_clients(&flaws).into_iter().map(|client| routes::Client(client).to_string());
        let wrong = std::iter::once(error_messages(&flaws, country, i18n))
            .chain(clients)
            .collect::<Vec<_>>()
            .join(" ");
        cells.chain([number.to_string(), escape_formula(&wrong)]).collect::<Vec<_>>()
    };
    lines(rows.into_iter().map(line), delimiter).map(Some)
}
