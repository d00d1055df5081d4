//! The view model of an import, used as JSON and on pages.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{
        ClientId, Country, Import, ImportId,
        table::{CellError, CellErrorKind, ClientColumn},
    },
    presentation::{clients::export::title, ui::i18n::I18n},
};

/// An import.
#[derive(Debug, Serialize)]
pub struct ImportView {
    pub id: ImportId,
    pub file_name: String,
    pub user: String,
    pub state: &'static str,
    pub charset: &'static str,
    pub columns: Vec<ColumnView>,
    pub dates: &'static str,
    pub dates_are_ambiguous: bool,
    pub on_duplicates: &'static str,
    pub on_bad_rows: &'static str,
    pub total: i64,
    pub position: i64,
    pub good: i64,
    pub duplicates: i64,
    pub bad: i64,
    pub created: i64,
    pub updated: i64,
    pub kept: i64,
    pub has_file: bool,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A column of the file.
#[derive(Debug, Serialize)]
pub struct ColumnView {
    /// The name of the form field that maps the column.
    pub name: String,
    /// The title of the column in the file.
    pub title: String,
    /// The assigned field; `None` for a column that is not imported.
    pub field: Option<&'static str>,
    /// The first cells of the column.
    pub sample: Vec<String>,
    /// True if a row of the file fills the column.
    #[serde(skip)]
    pub is_filled: bool,
}

impl ImportView {
    /// The titles of the columns that hold something and are not imported, separated by commas.
    pub fn ignored_columns(&self) -> String {
        let is_ignored = |column: &&ColumnView| column.field.is_none() && column.is_filled;
        let titles = self.columns.iter().filter(is_ignored).map(|column| column.title.as_str());
        titles.collect::<Vec<_>>().join(", ")
    }
}

impl From<&Import> for ImportView {
    fn from(import: &Import) -> Self {
        let column = |(index, title): (usize, &String)| ColumnView {
            name: format!("column_{index}"),
            title: title.clone(),
            field: import.mapping.columns.get(index).copied().flatten().map(ClientColumn::as_str),
            is_filled: import.sample.filled.get(index).copied().unwrap_or(true),
            sample: import.sample.rows.iter().filter_map(|row| row.get(index).cloned()).collect(),
        };
        let counts = import.counts;
        Self {
            id: import.id,
            file_name: import.file_name.clone(),
            user: import.user_name.clone(),
            state: import.state.as_str(),
            charset: import.charset.as_str(),
            columns: import.sample.titles.iter().enumerate().map(column).collect(),
            dates: import.mapping.dates.as_str(),
            dates_are_ambiguous: import.sample.ambiguous,
            on_duplicates: if import.options.update_existing { "update" } else { "skip" },
            on_bad_rows: if import.options.all_or_nothing { "refuse" } else { "skip" },
            total: import.total,
            position: import.position,
            good: counts.good,
            duplicates: counts.duplicates,
            bad: counts.bad,
            created: counts.created,
            updated: counts.updated,
            kept: counts.unchanged,
            has_file: import.file_key.is_some(),
            created_at: import.created_at,
            finished_at: import.finished_at,
        }
    }
}

/// The clients that conflict with a row.
pub fn conflicting_clients(flaws: &[CellError]) -> Vec<ClientId> {
    let clients = flaws.iter().flat_map(|cell| match cell.kind {
        CellErrorKind::Taken(client) => vec![client],
        CellErrorKind::TwoClients(one, other) => vec![one, other],
        _ => Vec::new(),
    });
    let mut all = Vec::new();
    for client in clients {
        if !all.contains(&client) {
            all.push(client);
        }
    }
    all
}

/// The errors of a row as sentences, with examples of a country.
pub fn error_messages(flaws: &[CellError], country: Country, i18n: I18n) -> String {
    let error_message = |cell: &CellError| {
        let what = error_message(cell, country, i18n);
        match cell.column {
            Some(column) => format!("{}: {what}", title(column, i18n)),
            None => what,
        }
    };
    flaws.iter().map(error_message).collect::<Vec<_>>().join(" ")
}

fn error_message(cell: &CellError, country: Country, i18n: I18n) -> String {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match &cell.kind {
        CellErrorKind::Required => i18n.get("problem-required"),
        CellErrorKind::TooLong(max) => i18n.args("problem-too-long", &[("max", number(*max).into())]),
        CellErrorKind::TooShort(min) => i18n.args("problem-too-short", &[("min", number(*min).into())]),
        CellErrorKind::NotAPhone => i18n.not_a_phone(country),
        CellErrorKind::NotAnEmail => i18n.get("problem-not-an-email"),
        CellErrorKind::NotADate => i18n.get("flaw-not-a-date"),
        CellErrorKind::NotAGender => i18n.get("flaw-not-a-gender"),
        CellErrorKind::NotAChoice(words) => i18n.with("problem-not-one-of", "values", words.clone()),
        CellErrorKind::NotACountry => i18n.get("flaw-not-a-country"),
        CellErrorKind::BadCharacters => i18n.get("problem-bad-characters"),
        CellErrorKind::UnclosedQuote => i18n.get("flaw-unclosed-quote"),
        CellErrorKind::TooManyCells => i18n.get("flaw-too-many-cells"),
        CellErrorKind::Taken(_) => i18n.get("flaw-taken"),
        CellErrorKind::Repeats(row) => i18n.with("flaw-repeats", "row", row.to_string()),
        CellErrorKind::TwoClients(..) => i18n.get("flaw-two-clients"),
    }
    .into_owned()
}
