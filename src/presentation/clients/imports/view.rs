//! An import as programs read it and pages show it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{
        ClientId, Import, ImportId,
        table::{ClientColumn, Flaw, FlawedCell},
    },
    presentation::{clients::export::title, ui::i18n::Texts},
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
    /// The name by which a form says what it means.
    pub name: String,
    /// What the file calls it.
    pub title: String,
    /// What it means; none when it is not read.
    pub field: Option<&'static str>,
    /// Its first cells.
    pub sample: Vec<String>,
}

impl From<&Import> for ImportView {
    fn from(import: &Import) -> Self {
        let column = |(index, title): (usize, &String)| ColumnView {
            name: format!("column_{index}"),
            title: title.clone(),
            field: import.mapping.columns.get(index).copied().flatten().map(ClientColumn::as_str),
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
            on_duplicates: if import.choice.updates { "update" } else { "skip" },
            on_bad_rows: if import.choice.whole { "refuse" } else { "skip" },
            total: import.total,
            position: import.position,
            good: counts.good,
            duplicates: counts.duplicates,
            bad: counts.bad,
            created: counts.created,
            updated: counts.updated,
            kept: counts.kept,
            has_file: import.file_key.is_some(),
            created_at: import.created_at,
            finished_at: import.finished_at,
        }
    }
}

/// The clients that are in a row's way.
pub fn in_the_way(flaws: &[FlawedCell]) -> Vec<ClientId> {
    let clients = flaws.iter().flat_map(|cell| match cell.flaw {
        Flaw::Taken(client) => vec![client],
        Flaw::TwoClients(one, other) => vec![one, other],
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

/// What is wrong with a row, as sentences.
pub fn sentences(flaws: &[FlawedCell], texts: Texts) -> String {
    let sentence = |cell: &FlawedCell| {
        let what = sentence(cell, texts);
        match cell.column {
            Some(column) => format!("{}: {what}", title(column, texts)),
            None => what,
        }
    };
    flaws.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

fn sentence(cell: &FlawedCell, texts: Texts) -> String {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match &cell.flaw {
        Flaw::Required => texts.get("problem-required"),
        Flaw::TooLong(max) => texts.args("problem-too-long", &[("max", number(*max).into())]),
        Flaw::TooShort(min) => texts.args("problem-too-short", &[("min", number(*min).into())]),
        Flaw::NotAPhone => texts.get("problem-not-a-phone"),
        Flaw::NotAnEmail => texts.get("problem-not-an-email"),
        Flaw::NotADate => texts.get("flaw-not-a-date"),
        Flaw::NotAGender => texts.get("flaw-not-a-gender"),
        Flaw::NotACountry => texts.get("flaw-not-a-country"),
        Flaw::BadCharacters => texts.get("problem-bad-characters"),
        Flaw::TooManyCells => texts.get("flaw-too-many-cells"),
        Flaw::Taken(_) => texts.get("flaw-taken"),
        Flaw::Repeats(row) => texts.with("flaw-repeats", "row", row.to_string()),
        Flaw::TwoClients(..) => texts.get("flaw-two-clients"),
    }
    .into_owned()
}
