//! The export of clients to a file: all clients that match the filter, on all pages.

pub(crate) mod csv;
pub(crate) mod xlsx;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub(in crate::presentation) use crate::presentation::clients::export::csv::lines;
use crate::presentation::clients::{fields::display_text, list_query};
use crate::{
    domain::{
        Client, ClientField, Contact, ContactType, ContactValue, Country, ExportFormat, FieldValue,
        PhoneNumber,
        table::{ClientColumn, OtherColumn},
    },
    error::{AppError, Result},
    presentation::{
        http::{context::Ctx, extract::RequestLocale},
        ui::i18n::I18n,
    },
};

/// The value of a cell.
enum Cell {
    Empty,
    Text(String),
    Number(i64),
    Date(NaiveDate),
    Time(DateTime<Utc>),
}

/// Streams the list as a file.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] for a bad query or an unknown format.
pub async fn show(ctx: Ctx, locale: RequestLocale) -> Result<Response> {
    let actor = &ctx.actor;
    let file_format = ctx.query.optional("format", str::parse)?.unwrap_or(ExportFormat::Csv);
    let filter = list_query::filter(&ctx.query, &ctx)?;
    let (sort, _) = list_query::sort(&ctx.query)?;
    let asked = list_query::filter_description(&ctx.query);
    let export = ctx.services().clients.export(actor, filter, sort, file_format, asked).await?;
    let i18n = I18n::new(locale.get(ctx.format));
    // People open the file in a spreadsheet; programs get the same characters in every language.
    let delimiter = if ctx.session().is_some() { csv::delimiter_of(i18n.locale) } else { b',' };
    let (extension, kind, body) = match file_format {
        ExportFormat::Csv => ("csv", "text/csv; charset=utf-8", csv::body(export, i18n, delimiter).await?),
        ExportFormat::Xlsx => {
            let folder = ctx.services().dependencies().scratch.clone();
            let zone = actor.tenant.time_zone;
            (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                xlsx::body(export, i18n, zone, folder).await?,
            )
        }
    };
    let name = file_name(i18n.get("clients-title").as_ref(), ctx.services().clients.today(actor), extension);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, attachment(&name)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, Body::new(body)).into_response())
}

fn file_name(title: &str, day: NaiveDate, extension: &str) -> String {
    format!("{title} {day}.{extension}")
}

/// A `Content-Disposition` header with the name in ASCII and in UTF-8 (RFC 6266, RFC 8187).
pub(in crate::presentation) fn attachment(name: &str) -> Result<HeaderValue> {
    const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
    let plain =
        crate::domain::fold(name).replace(|c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c), "-");
    let encoded = utf8_percent_encode(name, NAME);
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::try_from(value).map_err(AppError::internal)
}

/// The title of a column.
pub(in crate::presentation) fn title(column: ClientColumn, i18n: I18n) -> String {
    i18n.get(format!("field-{}", column.as_str())).into_owned()
}

fn titles(i18n: I18n) -> Vec<String> {
    ClientColumn::exported().map(|column| title(column, i18n)).collect()
}

/// The cell of a client in a column.
fn cell(client: &Client, column: ClientColumn, i18n: I18n) -> Cell {
    match column {
        ClientColumn::Field(field) => match client.data().get(field) {
            Some(FieldValue::Date(date)) => Cell::Date(*date),
            Some(FieldValue::Choice(word)) => Cell::Text(display_text(i18n, field, word)),
            Some(value) if can_be_imported(field, &value.text()) => Cell::Text(value.text().into_owned()),
            Some(_) | None => Cell::Empty,
        },
        ClientColumn::Other(OtherColumn::Id) => Cell::Number(client.id.0),
        ClientColumn::Other(OtherColumn::Created) => Cell::Time(client.created_at),
        ClientColumn::Other(OtherColumn::Updated) => Cell::Time(client.updated_at),
        ClientColumn::Other(_) => {
            column.contact().and_then(|kind| contacts(client, kind)).map_or(Cell::Empty, Cell::Text)
        }
    }
}

/// True if an import reads the value of a field again. Providers also send numbers that no numbering plan has any more.
fn can_be_imported(field: ClientField, value: &str) -> bool {
    field != ClientField::Phone || PhoneNumber::parse_international(value).is_ok()
}

/// The contacts of a type, each on a line of its own, since a contact may contain any other character. Short codes, names of
/// senders and ids, which no column would take in an import, are among the other contacts.
fn contacts(client: &Client, kind: ContactType) -> Option<String> {
    let column_of = |contact: &&Contact| {
        let is_read = ContactValue::parse(contact.kind, &contact.value, Country::default()).is_ok();
        if is_read { contact.kind } else { ContactType::Other }
    };
    let of_kind = client.contacts.iter().filter(|contact| column_of(contact) == kind);
    let phone = client.data().phone().map(PhoneNumber::as_str);
    let unread =
        phone.filter(|phone| kind == ContactType::Other && !can_be_imported(ClientField::Phone, phone));
    let values = unread.into_iter().chain(of_kind.map(|contact| contact.value.as_str()));
    let lines: Vec<String> = values.map(|value| value.replace(['\r', '\n'], " ")).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_for_every_browser() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let value = attachment(&file_name("Клиенты", day, "csv")).unwrap();
        assert_eq!(
            value,
            "attachment; filename=\"klienti-2026-11-22.csv\"; \
             filename*=UTF-8''%D0%9A%D0%BB%D0%B8%D0%B5%D0%BD%D1%82%D1%8B%202026-11-22.csv"
        );
    }
}
