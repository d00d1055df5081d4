//! The export of the audit log as CSV.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use chrono::SecondsFormat;
use futures_util::{StreamExt as _, stream};

use crate::{
    domain::{Problem, table::escape_formula},
    error::{AppError, Result},
    persistence::AuditEntry,
    presentation::{
        activity::audit::{query::AuditQuery, view::EntryView},
        clients::export::{attachment, csv::delimiter_of, lines},
        http::{context::Ctx, extract::RequestLocale},
        ui::i18n::I18n,
    },
};

/// The keys of the columns' titles.
const COLUMNS: [&str; 10] = [
    "audit-id",
    "audit-at",
    "audit-kind",
    "audit-actor-type",
    "audit-actor",
    "audit-object-type",
    "audit-object-id",
    "audit-object",
    "audit-changes",
    "audit-address",
];

/// Streams the filtered log as a file, the newest entry first.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::Invalid`] for a bad query or another format than `csv`.
pub async fn show(ctx: Ctx, locale: RequestLocale) -> Result<Response> {
    ctx.query.optional("format", |text| {
        if text == "csv" { Ok(()) } else { Err(Problem::NotOneOf("csv".into())) }
    })?;
    let query = AuditQuery::parse(&ctx)?;
    let asked = query.text();
    let mut export = ctx.services().audit.export(&ctx.actor, query.filter, asked).await?;
    let t = I18n::new(locale.get(ctx.format));
    // People open the file in a spreadsheet; programs get the same characters in every language.
    let delimiter = if ctx.session().is_some() { delimiter_of(t.locale) } else { b',' };
    // The first rows are read before the response begins, so that an error can still be answered.
    let first = export.next().await?;
    let mut begin = "\u{feff}".as_bytes().to_vec();
    begin.extend(lines([COLUMNS.map(|key| t.get(key).into_owned())], delimiter)?);
    begin.extend(rows(first, t, delimiter)?);
    let rest = stream::try_unfold(export, move |mut export| async move {
        let entries =
            export.next().await.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        if entries.is_empty() {
            return Ok(None);
        }
        Ok::<_, AppError>(Some((rows(entries, t, delimiter)?, export)))
    });
    let body = Body::from_stream(stream::once(async { Ok(begin) }).chain(rest));
    let today = ctx.services().clients.today(&ctx.actor);
    let name = format!("{} {today}.csv", t.get("audit-title"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, attachment(&name)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, body).into_response())
}

fn rows(entries: Vec<AuditEntry>, t: I18n, delimiter: u8) -> Result<Vec<u8>> {
    let rows = entries.into_iter().map(EntryView::from).map(|entry| {
        let changes = entry.values(&t).into_iter().map(|change| {
            let [old, new] = [change.old, change.new].map(Option::unwrap_or_default);
            format!("{}: {old} → {new}", change.label)
        });
        let changes = changes.collect::<Vec<_>>().join("\n");
        let object_id = entry.object_id().unwrap_or_default();
        [
            entry.id.to_string(),
            entry.created_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            entry.kind_in_words(&t),
            entry.actor.r#type.as_str().to_owned(),
            entry.actor.name.unwrap_or_default(),
            entry.object.r#type.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
            object_id,
            entry.object.title.unwrap_or_default(),
            changes,
            entry.address.unwrap_or_default(),
        ]
        .map(|cell| escape_formula(&cell))
    });
    lines(rows, delimiter)
}
