//! Reading a stored table row by row. The text is kept in an unnamed temporary file, so that the
//! table need not fit into memory and the storage is read only once.

use std::{
    fs::File,
    io::{BufReader, Seek as _, SeekFrom},
};

use csv::{Reader, ReaderBuilder, StringRecord};
use futures_util::TryStreamExt as _;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _, BufWriter};

use crate::{
    domain::{
        Import,
        table::{Charset, ColumnMapping},
    },
    error::{AppError, Result},
    services::Dependencies,
    storage::FileKey,
};

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
    let mut text = String::new();
    loop {
        let chunk = content.try_next().await?;
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
    let mut file = file.into_inner();
    file.rewind().await.map_err(AppError::internal)?;
    Ok(file.into_std().await)
}

/// Creates a reader of a table whose text begins after `skipped` bytes.
pub(super) fn reader(mut file: File, delimiter: u8, skipped: u64) -> Result<Reader<BufReader<File>>> {
    file.seek(SeekFrom::Start(skipped)).map_err(AppError::internal)?;
    let mut builder = ReaderBuilder::new();
    Ok(builder.delimiter(delimiter).has_headers(false).flexible(true).from_reader(BufReader::new(file)))
}

/// The rows of a table after the titles, numbered as in a spreadsheet.
pub(super) struct Table {
    reader: Reader<BufReader<File>>,
    number: i64,
}

impl Table {
    /// Opens the table of an import after the first `position` rows.
    pub(super) async fn open(deps: &Dependencies, import: &Import, position: i64) -> Result<Self> {
        let key = import.file_key.as_deref().ok_or(AppError::NotFound)?.parse()?;
        let file = text(deps, &key, import.charset).await?;
        let (delimiter, skipped) = (import.delimiter, import.preamble_bytes);
        let open = move || {
            let mut table = Self { reader: reader(file, delimiter, skipped)?, number: 0 };
            table.row()?;
            for _ in 0..position {
                table.filled_row()?;
            }
            Ok(table)
        };
        tokio::task::spawn_blocking(open).await.map_err(AppError::internal)?
    }

    fn row(&mut self) -> Result<Option<StringRecord>> {
        let mut record = StringRecord::new();
        self.number += 1;
        Ok(self.reader.read_record(&mut record).map_err(AppError::internal)?.then_some(record))
    }

    /// Reads the next row that is not blank.
    fn filled_row(&mut self) -> Result<Option<StringRecord>> {
        while let Some(record) = self.row()? {
            if !ColumnMapping::is_blank(&record.iter().collect::<Vec<_>>()) {
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
                rows.push((self.number, read(&record.iter().collect::<Vec<_>>())));
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
                        rows.push(record.iter().map(str::to_owned).collect());
                        break;
                    }
                }
            }
            Ok((self, rows))
        };
        tokio::task::spawn_blocking(pick).await.map_err(AppError::internal)?
    }
}
