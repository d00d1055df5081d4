//! An Excel workbook with typed dates. A separate thread writes it row by row into an unnamed
//! temporary file, which is then streamed; the file is removed in any case.

use std::{
    fs,
    io::{BufWriter, Seek as _},
    path::{Path, PathBuf},
};

use axum::body::Body;
use chrono::{Datelike as _, SubsecRound as _};
use futures_util::stream;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::{io::AsyncReadExt as _, sync::mpsc};

use crate::presentation::clients::export::{Cell, cell, titles};
use crate::{
    domain::{
        Client, FieldKind, TimeZone,
        table::{ClientColumn, OtherColumn},
    },
    error::{AppError, Result},
    presentation::ui::i18n::I18n,
    services::ClientExport,
};

/// The maximum number of rows of a sheet; more rows go into further sheets.
const ROWS: u32 = 1_048_576;
/// The maximum number of characters of a cell.
const CHARACTERS: usize = 32_767;
/// The size of the chunks in which the file is sent, in bytes.
const PORTION: usize = 64 * 1024;

/// Creates the workbook and returns it as a body.
pub(super) async fn body(
    mut export: ClientExport,
    i18n: I18n,
    zone: TimeZone,
    folder: PathBuf,
) -> Result<Body> {
    // The capacity limits the reader to one batch ahead of the writer.
    let (sender, receiver) = mpsc::channel(1);
    let writing = tokio::task::spawn_blocking(move || write(receiver, i18n, zone, &folder));
    loop {
        let clients = export.next().await?;
        // A writer that failed has closed the channel; its error is returned below.
        if clients.is_empty() || sender.send(clients).await.is_err() {
            break;
        }
    }
    drop(sender);
    let file = writing.await.map_err(AppError::internal)??;
    Ok(Body::from_stream(stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut portion = vec![0; PORTION];
        let length = file.read(&mut portion).await?;
        portion.truncate(length);
        Ok::<_, std::io::Error>((length > 0).then_some((portion, file)))
    })))
}

fn write(
    mut clients: mpsc::Receiver<Vec<Client>>,
    i18n: I18n,
    zone: TimeZone,
    folder: &Path,
) -> Result<fs::File> {
    fs::create_dir_all(folder).map_err(AppError::internal)?;
    let mut book = Book::new(i18n, zone, folder).map_err(AppError::internal)?;
    while let Some(portion) = clients.blocking_recv() {
        for client in &portion {
            book.add(client).map_err(AppError::internal)?;
        }
    }
    let mut file = tempfile::tempfile_in(folder).map_err(AppError::internal)?;
    book.workbook.save_to_writer(BufWriter::new(&mut file)).map_err(AppError::internal)?;
    file.rewind().map_err(AppError::internal)?;
    Ok(file)
}

struct Book {
    workbook: Workbook,
    i18n: I18n,
    zone: TimeZone,
    head: Format,
    date: Format,
    time: Format,
    text: Format,
    /// The number of the next row in the last sheet.
    row: u32,
}

impl Book {
    fn new(i18n: I18n, zone: TimeZone, folder: &Path) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        let mut book = Self {
            workbook,
            i18n,
            zone,
            head: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            // The format "Text", so that digits that a user types over a value remain as typed.
            text: Format::new().set_num_format("@"),
            row: ROWS,
        };
        book.begin_sheet()?;
        Ok(book)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory();
        let sheet = sheet?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, index) in ClientColumn::exported().zip(0..) {
            sheet.set_column_width(index, width(column))?;
        }
        for (title, index) in titles(self.i18n).into_iter().zip(0..) {
            sheet.write_string_with_format(0, index, title, &self.head)?;
        }
        self.row = 1;
        Ok(())
    }

    fn add(&mut self, client: &Client) -> Result<(), XlsxError> {
        if self.row == ROWS {
            self.begin_sheet()?;
        }
        let (row, last) = (self.row, self.workbook.worksheets().len() - 1);
        self.row += 1;
        let sheet: &mut Worksheet = self.workbook.worksheet_from_index(last)?;
        for (column, index) in ClientColumn::exported().zip(0..) {
            let sheet = &mut *sheet;
            match cell(client, column, self.i18n) {
                Cell::Empty => sheet,
                // A client's id is far below 2⁵³, up to which spreadsheets represent integers
                // exactly.
                #[expect(clippy::cast_precision_loss, reason = "see above")]
                Cell::Number(number) => sheet.write_number(row, index, number as f64)?,
                Cell::Text(text) => {
                    let text: String = text.chars().take(CHARACTERS).collect();
                    sheet.write_string_with_format(row, index, text, &self.text)?
                }
                // Spreadsheets have no dates before 1900.
                Cell::Date(date) if date.year() < 1900 => sheet.write_string(row, index, date.to_string())?,
                Cell::Date(date) => sheet.write_datetime_with_format(row, index, date, &self.date)?,
                Cell::Time(time) => {
                    let local = self.zone.local(time).naive_local().trunc_subsecs(3);
                    sheet.write_datetime_with_format(row, index, local, &self.time)?
                }
            };
        }
        Ok(())
    }
}

/// The width of a column in characters.
fn width(column: ClientColumn) -> f64 {
    match column {
        ClientColumn::Field(field) => match field.definition().kind {
            FieldKind::PastDate | FieldKind::Choice(_) | FieldKind::Country => 14.0,
            FieldKind::Text { .. } | FieldKind::Document | FieldKind::Phone => 18.0,
            FieldKind::Email => 26.0,
            FieldKind::LongText { .. } => 40.0,
        },
        ClientColumn::Other(OtherColumn::Id) => 8.0,
        ClientColumn::Other(OtherColumn::Created | OtherColumn::Updated) => 18.0,
        ClientColumn::Other(OtherColumn::ContactOther) => 40.0,
        ClientColumn::Other(_) => 26.0,
    }
}
