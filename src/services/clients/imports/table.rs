//! Reading a stored table row by row. The text is kept in an unnamed temporary file, so that the
//! table need not fit into memory and the storage is read only once.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Seek as _, SeekFrom},
    path::Path,
};

use csv_core::ReadRecordResult;
use futures_util::TryStreamExt as _;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use crate::{
    domain::{
        Import,
        table::{Charset, ColumnMapping, UNCLOSED, is_vcard, write_vcard_as_table},
    },
    error::{AppError, Result},
    services::Dependencies,
    storage::FileKey,
};

/// The maximum number of cells that are read of a record; more than a table may have columns.
const MAX_CELLS: usize = 102;
/// The maximum number of bytes that are read of a record.
const MAX_RECORD_BYTES: usize = 64 * 1024;
/// The last cell of a record that was cut off. It is one more than there are columns, so that the row is rejected as one
/// with too many cells.
const CUT_OFF: &str = "…";

/// Decodes the text of a stored table into a temporary file.
pub(super) async fn text(deps: &Dependencies, key: &FileKey, charset: Charset) -> Result<File> {
    let mut content = deps.storage.get(key, None).await?;
    let folder = deps.scratch.clone();
    let file = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        tempfile::tempfile_in(folder)
    });
    let file = file.await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    let mut file = BufWriter::new(tokio::fs::File::from_std(file));
    let mut decoder = charset.decoder();
    let (mut text, mut is_first, mut is_book) = (String::new(), true, false);
    loop {
        let chunk = content.try_next().await?;
        if std::mem::take(&mut is_first) {
            is_book = is_vcard(chunk.as_deref().unwrap_or_default());
        }
        if is_book {
            // Each value of an address book has an encoding of its own.
            let Some(bytes) = chunk else { break };
            file.write_all(&bytes).await.map_err(AppError::internal)?;
            continue;
        }
        let (bytes, last) = (chunk.as_deref().unwrap_or_default(), chunk.is_none());
        text.clear();
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(0));
        // Invalid bytes become U+FFFD, which the preview shows.
        let _ = decoder.decode_to_string(bytes, &mut text, last);
        file.write_all(text.as_bytes()).await.map_err(AppError::internal)?;
        if last {
            break;
        }
    }
    file.flush().await.map_err(AppError::internal)?;
    let file = file.into_inner().into_std().await;
    let folder = deps.scratch.clone();
    let table =
        tokio::task::spawn_blocking(move || rewound(file, is_book.then_some((charset, folder.as_path()))));
    table.await.map_err(AppError::internal)?.map_err(AppError::internal)
}

/// Rewinds a text. An address book, which comes with its encoding and the folder of temporary files, is converted to a table.
fn rewound(mut text: File, book: Option<(Charset, &Path)>) -> std::io::Result<File> {
    text.rewind()?;
    let Some((charset, folder)) = book else { return Ok(text) };
    let mut table = tempfile::tempfile_in(folder)?;
    write_vcard_as_table(BufReader::new(text), charset, std::io::BufWriter::new(&table))?;
    table.rewind()?;
    Ok(table)
}

/// Reads the records of a table. Of a record that is too long, as after a quotation mark that is never closed, only the
/// beginning is kept.
pub(super) struct RecordReader {
    input: BufReader<File>,
    parser: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// True once the line break was read that is added to the end of the file.
    at_end: bool,
}

/// The cells of a record.
pub(super) struct Record {
    text: String,
    ends: Vec<usize>,
}

impl RecordReader {
    /// Creates a reader of a table whose text begins after `skipped` bytes.
    pub(super) fn new(mut file: File, delimiter: u8, skipped: u64) -> Result<Self> {
        file.seek(SeekFrom::Start(skipped)).map_err(AppError::internal)?;
        Ok(Self {
            input: BufReader::new(file),
            parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; MAX_RECORD_BYTES],
            ends: vec![0; MAX_CELLS],
            at_end: false,
        })
    }

    /// Reads the next record; `None` at the end.
    pub(super) fn read(&mut self) -> Result<Option<Record>> {
        let (mut bytes, mut cells, mut beginning) = (0, 0, None);
        loop {
            let mut input = self.input.fill_buf().map_err(AppError::internal)?;
            // A line break is added to the end. It ends a record, except behind a quotation mark that nothing closes,
            // where it belongs to a cell.
            let is_added = input.is_empty() && !self.at_end;
            if is_added {
                input = b"\n";
            }
            let (text, ends) = (&mut self.text[bytes..], &mut self.ends[cells..]);
            let (result, consumed, written, ended) = self.parser.read_record(input, text, ends);
            if is_added {
                self.at_end = consumed > 0;
            } else {
                self.input.consume(consumed);
            }
            if is_added && written > 0 {
                beginning = Some(Record::ended_by(&self.text[..bytes], &self.ends[..cells], UNCLOSED));
            }
            bytes += written;
            cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    beginning.get_or_insert_with(|| {
                        Record::ended_by(&self.text[..bytes], &self.ends[..cells], CUT_OFF)
                    });
                    (bytes, cells) = (0, 0);
                }
                ReadRecordResult::Record => {
                    let whole = || Record::new(&self.text[..bytes], &self.ends[..cells]);
                    return Ok(Some(beginning.unwrap_or_else(whole)));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

impl Record {
    /// A record of cells that end at these positions. What was cut off in the middle of a character is left out.
    fn new(text: &[u8], ends: &[usize]) -> Self {
        let text = text.utf8_chunks().next().map_or("", |chunk| chunk.valid()).to_owned();
        let ends = ends.iter().map(|end| text.floor_char_boundary(*end)).collect();
        Self { text, ends }
    }

    /// The beginning of a record, with a last cell that says why the rest is missing.
    fn ended_by(text: &[u8], ends: &[usize], reason: &str) -> Self {
        let mut record = Self::new(text, ends);
        record.ends.truncate(MAX_CELLS - 1);
        if let Some(end) = record.ends.get(MAX_CELLS - 2) {
            record.text.truncate(*end);
        }
        record.ends.resize(MAX_CELLS - 1, record.text.len());
        record.text.push_str(reason);
        record.ends.push(record.text.len());
        record
    }

    /// The number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cells.
    pub(super) fn cells(&self) -> Vec<&str> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| &self.text[begin..*end]).collect()
    }
}

/// The rows of a table after the titles, numbered as in a spreadsheet.
pub(super) struct Table {
    reader: RecordReader,
    number: i64,
}

impl Table {
    /// Opens the table of an import after the first `position` rows.
    pub(super) async fn open(deps: &Dependencies, import: &Import, position: i64) -> Result<Self> {
        let key = import.file_key.as_deref().ok_or(AppError::NotFound)?.parse()?;
        let file = text(deps, &key, import.charset).await?;
        let (delimiter, skipped) = (import.delimiter, import.preamble_bytes);
        let open = move || {
            let mut table = Self { reader: RecordReader::new(file, delimiter, skipped)?, number: 0 };
            table.row()?;
            for _ in 0..position {
                table.filled_row()?;
            }
            Ok(table)
        };
        tokio::task::spawn_blocking(open).await.map_err(AppError::internal)?
    }

    fn row(&mut self) -> Result<Option<Record>> {
        self.number += 1;
        self.reader.read()
    }

    /// Reads the next row that is not blank.
    fn filled_row(&mut self) -> Result<Option<Record>> {
        while let Some(record) = self.row()? {
            if !ColumnMapping::is_blank(&record.cells()) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Reads a batch of rows with their numbers and converts them by `read`; an empty batch is the
    /// end. It runs on a blocking thread.
    pub(super) async fn next<T: Send + 'static>(
        mut self,
        count: usize,
        read: impl Fn(&[&str]) -> T + Send + 'static,
    ) -> Result<(Self, Vec<(i64, T)>)> {
        let next = move || {
            let mut rows = Vec::with_capacity(count);
            while rows.len() < count
                && let Some(record) = self.filled_row()?
            {
                rows.push((self.number, read(&record.cells())));
            }
            Ok((self, rows))
        };
        tokio::task::spawn_blocking(next).await.map_err(AppError::internal)?
    }

    /// Reads the cells of the rows with these ascending numbers.
    pub(super) async fn pick(mut self, numbers: Vec<i64>) -> Result<(Self, Vec<Vec<String>>)> {
        let pick = move || {
            let mut rows = Vec::with_capacity(numbers.len());
            for number in numbers {
                while let Some(record) = self.filled_row()? {
                    if self.number >= number {
                        rows.push(record.cells().into_iter().map(str::to_owned).collect());
                        break;
                    }
                }
            }
            Ok((self, rows))
        };
        tokio::task::spawn_blocking(pick).await.map_err(AppError::internal)?
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn records(text: &[u8]) -> Vec<Vec<String>> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        let mut reader = RecordReader::new(file, b',', 0).unwrap();
        let mut records = Vec::new();
        while let Some(record) = reader.read().unwrap() {
            assert_eq!(record.len(), record.cells().len());
            records.push(record.cells().into_iter().map(str::to_owned).collect());
        }
        records
    }

    #[test]
    fn records_have_their_cells() {
        let text = "a,b\r\n\"x,\"\"y\"\"\n\",\u{44f}\n\n,\nlast";
        let expected: [&[&str]; 4] = [&["a", "b"], &["x,\"y\"\n", "\u{44f}"], &["", ""], &["last"]];
        assert_eq!(records(text.as_bytes()), expected);
    }

    #[test]
    fn the_rest_of_a_record_that_is_too_long_is_left_out() {
        let megabytes = 8 * 1024 * 1024;
        let one_cell = format!("\"{}", "\u{44f}".repeat(megabytes / 2));
        let commas = ",".repeat(megabytes);
        let cells = "a,".repeat(megabytes / 2);
        for long in
            [one_cell, format!("{commas}\nnext"), format!("{cells}\nnext"), format!("a,{commas}x\nnext")]
        {
            let read = records(format!("first,1\n{long}").as_bytes());
            assert_eq!(read[0], ["first", "1"]);
            assert_eq!(read[1].len(), MAX_CELLS);
            let is_closed = long.ends_with("next") || long.ends_with('x');
            assert_eq!(read[1][MAX_CELLS - 1], if is_closed { CUT_OFF } else { UNCLOSED });
            assert!(read[1].iter().map(String::len).sum::<usize>() <= MAX_RECORD_BYTES + UNCLOSED.len());
            assert_eq!(read.get(2).map(|row| row[0].as_str()), long.ends_with("next").then_some("next"));
        }
    }

    #[test]
    fn a_quotation_mark_that_nothing_closes_is_told() {
        let read = records(b"name,phone\nAziza,1\n\"Botir,2\nDilnoza,3\n");
        assert_eq!(read.len(), 3);
        assert_eq!(read[2].last().unwrap(), UNCLOSED);
        for closed in ["name\n\"Botir\"", "name\n\"Botir\"\n", "name\nBotir", "name\nBotir\n\n", "5\" pipe,x"]
        {
            let read = records(closed.as_bytes());
            assert!(read.iter().flatten().all(|cell| cell != UNCLOSED), "{closed:?}: {read:?}");
        }
        let long = format!("a\n\"{}", "x,\n".repeat(100_000));
        assert_eq!(records(long.as_bytes())[1].last().unwrap(), UNCLOSED);
    }

    #[test]
    fn a_record_of_the_largest_size_is_whole() {
        let row = vec!["x"; MAX_CELLS - 2].join(",");
        assert_eq!(records(row.as_bytes())[0].len(), MAX_CELLS - 2);
        let cell = "x".repeat(MAX_RECORD_BYTES - 2);
        assert_eq!(
            records(format!("{cell},a\nb").as_bytes()),
            [vec![cell, "a".to_owned()], vec!["b".to_owned()]]
        );
    }
}
