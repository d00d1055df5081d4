//! Analysis of an uploaded table: its length, its first rows and the probable meaning of its
//! columns.

use std::{
    fs::File,
    io::{Read as _, Seek as _},
};

use crate::services::clients::imports::{
    MAX_ROWS,
    table::{Record, RecordReader},
};
use crate::{
    domain::{
        FieldKind, Problem, TableSample,
        table::{ClientColumn, ColumnMapping, DateOrderGuess, columns, delimiter},
    },
    error::{AppError, Result},
};

/// The number of rows in the preview.
const SAMPLE_ROWS: usize = 5;
/// The number of rows whose dates are examined.
const DATE_SAMPLE_ROWS: usize = 2_000;
/// The maximum number of columns, and the maximum number of characters of a cell in the preview.
const MAX_COLUMNS: usize = 100;
const SAMPLE_CELL_LENGTH: usize = 200;
/// The maximum number of bytes of a cell that is examined as a date.
const MAX_DATE_LENGTH: usize = 64;
/// The number of bytes that the delimiter is detected from.
const DELIMITER_SAMPLE_BYTES: u64 = 64 * 1024;

/// The properties of a table.
pub(super) struct TableAnalysis {
    pub(super) delimiter: u8,
    pub(super) skipped: u64,
    pub(super) sample: TableSample,
    pub(super) mapping: ColumnMapping,
    pub(super) total: i64,
}

/// Analyses the text of a table.
pub(super) fn analyse(mut file: File) -> Result<TableAnalysis> {
    let no_table = || AppError::invalid("file", Problem::NotATable);
    let mut beginning = Vec::new();
    file.by_ref().take(DELIMITER_SAMPLE_BYTES).read_to_end(&mut beginning).map_err(AppError::internal)?;
    let beginning = String::from_utf8_lossy(&beginning);
    if beginning.contains('\0') {
        return Err(no_table());
    }
    let (delimiter, skipped) = delimiter(&beginning);
    let skipped = u64::try_from(skipped).unwrap_or(0);
    file.rewind().map_err(AppError::internal)?;

    let mut reader = RecordReader::new(file, delimiter, skipped)?;
    let titles = reader.read()?.filter(|record| record.len() <= MAX_COLUMNS).ok_or_else(no_table)?;
    let titles = cells(&titles);
    let mut mapping = ColumnMapping { columns: columns(&titles), ..ColumnMapping::default() };
    let dates_at: Vec<_> = (0..titles.len()).filter(|at| mapping.columns[*at].is_some_and(is_date)).collect();
    let (mut total, mut rows, mut dates) = (0, Vec::new(), Vec::new());
    let mut filled = vec![false; titles.len()];
    while let Some(record) = reader.read()? {
        let all = record.cells();
        if ColumnMapping::is_blank(&all) {
            continue;
        }
        total += 1;
        if total > MAX_ROWS {
            return Err(AppError::TableTooLarge);
        }
        for (is_filled, cell) in filled.iter_mut().zip(&all) {
            *is_filled |= !cell.trim().is_empty();
        }
        if rows.len() < SAMPLE_ROWS {
            rows.push(cells(&record));
        }
        if dates.len() < DATE_SAMPLE_ROWS {
            let written = dates_at.iter().filter_map(|at| all.get(*at).copied());
            dates.extend(written.filter(|cell| cell.len() <= MAX_DATE_LENGTH).map(str::to_owned));
        }
    }
    if total == 0 {
        return Err(no_table());
    }
    let guess = DateOrderGuess::of(dates.iter().map(String::as_str));
    mapping.dates = guess.order();
    let ambiguous = guess == DateOrderGuess::Ambiguous;
    Ok(TableAnalysis {
        delimiter,
        skipped,
        sample: TableSample { titles, rows, ambiguous, filled },
        mapping,
        total,
    })
}

fn is_date(column: ClientColumn) -> bool {
    matches!(column, ClientColumn::Field(field) if field.definition().kind == FieldKind::PastDate)
}

fn cells(record: &Record) -> Vec<String> {
    record
        .cells()
        .into_iter()
        .take(MAX_COLUMNS)
        .map(|cell| cell.trim().chars().take(SAMPLE_CELL_LENGTH).collect())
        .collect()
}
