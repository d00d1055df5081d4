//! CSV (RFC 4180, also with semicolons) in UTF-8 with a byte order mark, by which spreadsheets recognise the encoding.
//! Rows are streamed as they are read.

use ::csv::{Terminator, WriterBuilder};
use axum::body::Body;
use chrono::SecondsFormat;
use futures_util::{StreamExt as _, stream};

use crate::presentation::clients::export::{Cell, cell, titles};
use crate::{
    domain::{
        Client, Locale,
        table::{ClientColumn, escape_formula},
    },
    error::{AppError, Result},
    presentation::ui::i18n::I18n,
    services::ClientExport,
};

/// Creates the body. The first rows are read before the response begins, so that an error can still
/// be answered.
pub(super) async fn body(mut export: ClientExport, i18n: I18n, delimiter: u8) -> Result<Body> {
    let first = export.next().await?;
    let mut begin = "\u{feff}".as_bytes().to_vec();
    begin.extend(lines([titles(i18n)], delimiter)?);
    begin.extend(rows(&first, i18n, delimiter)?);
    let rest = stream::try_unfold(export, move |mut export| async move {
        let clients =
            export.next().await.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        if clients.is_empty() {
            return Ok(None);
        }
        Ok::<_, AppError>(Some((rows(&clients, i18n, delimiter)?, export)))
    });
    Ok(Body::from_stream(stream::once(async { Ok(begin) }).chain(rest)))
}

fn rows(clients: &[Client], i18n: I18n, delimiter: u8) -> Result<Vec<u8>> {
    let rows = clients.iter().map(|client| {
        ClientColumn::exported().map(|column| match cell(client, column, i18n) {
            Cell::Empty => String::new(),
            Cell::Text(text) => escape_formula(&text),
            Cell::Number(number) => number.to_string(),
            Cell::Date(date) => date.to_string(),
            Cell::Time(time) => time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        })
    });
    lines(rows, delimiter)
}

/// The character between cells that spreadsheets expect in the language of a user. Those in Russian and Uzbek read a file
/// with commas, which are their decimal sign, as a single column.
pub(in crate::presentation) fn delimiter_of(locale: Locale) -> u8 {
    match locale {
        Locale::En => b',',
        Locale::Ru | Locale::Uz => b';',
    }
}

/// Formats rows as lines of CSV.
pub(in crate::presentation) fn lines<R>(rows: impl IntoIterator<Item = R>, delimiter: u8) -> Result<Vec<u8>>
where
    R: IntoIterator<Item = String>,
{
    let mut writer =
        WriterBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(|error| AppError::internal(error.to_string()))
}
