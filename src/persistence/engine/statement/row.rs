//! Rows of either engine, and their conversion to types of the domain.

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use sqlx::{
    Column as _, ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type, TypeInfo as _, postgres::PgRow,
    sqlite::SqliteRow,
};
use uuid::Uuid;

use crate::error::{AppError, Result};

/// A row of a result.
pub enum Row {
    /// A row of SQLite.
    Sqlite(SqliteRow),
    /// A row of PostgreSQL.
    Postgres(PgRow),
}

/// A value of a row.
#[derive(Clone, Copy)]
pub struct Cell<'r> {
    row: &'r Row,
    index: usize,
}

/// The reason why a stored value cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ColumnError {
    /// The column does not exist or has another type.
    #[error(transparent)]
    Engine(#[from] sqlx::Error),
    /// The value is NULL, but must not be.
    #[error("NULL where a value was expected")]
    Null,
    /// A value that this version does not understand.
    #[error("{0:?} is not understood")]
    Invalid(String),
}

/// A type that can be read from a column. Implemented once per type.
pub trait FromColumn: Sized {
    /// Reads a value that is not NULL.
    ///
    /// # Errors
    /// [`ColumnError::Invalid`] for a value that this version does not understand.
    fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError>;

    /// Reads a value that may be NULL.
    ///
    /// # Errors
    /// Like [`FromColumn::from_column`], and for an unexpected NULL.
    fn from_nullable(cell: Cell<'_>) -> Result<Self, ColumnError> {
        if cell.is_null()? { Err(ColumnError::Null) } else { Self::from_column(cell) }
    }
}

/// A type that can be read from a row: a struct, a tuple of columns, or the only column.
pub trait FromRow: Sized {
    /// Reads a row.
    ///
    /// # Errors
    /// An error if the row cannot be read. A stored value that this version does not understand is
    /// replaced or left out where possible, so that it does not hide the rest of a list.
    fn from_row(row: &Row) -> Result<Self>;
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// An error if the column does not exist or cannot be read.
    pub fn get<T: FromColumn>(&self, name: &str) -> Result<T> {
        self.cell(name).and_then(T::from_nullable).map_err(|error| unreadable(name, &error))
    }

    /// The value of a column; `otherwise` for NULL and for a value that this version does not
    /// understand.
    ///
    /// # Errors
    /// An error if the column does not exist.
    pub fn get_or<T: FromColumn>(&self, name: &str, otherwise: T) -> Result<T> {
        Ok(self.valid(name)?.unwrap_or(otherwise))
    }

    /// The value of a column; `None` for NULL, and for a value that no longer parses, which is
    /// logged.
    ///
    /// # Errors
    /// An error if the column does not exist.
    pub fn valid<T: FromColumn>(&self, name: &str) -> Result<Option<T>> {
        match self.cell(name).and_then(Option::<T>::from_nullable) {
            Ok(value) => Ok(value),
            Err(ColumnError::Invalid(_)) => {
                tracing::warn!(column = name, "a stored value is not understood and is left out");
                Ok(None)
            }
            Err(error) => Err(unreadable(name, &error)),
        }
    }

    /// Reads a JSON column; the default for NULL and for JSON that this version does not understand.
    ///
    /// # Errors
    /// An error if the column does not exist.
    pub fn json<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T> {
        let text = self.cell(name).and_then(Cell::text).map_err(|error| unreadable(name, &error))?;
        let Some(text) = text else { return Ok(T::default()) };
        Ok(serde_json::from_str(text).unwrap_or_else(|error| {
            tracing::warn!(column = name, %error, "stored JSON is not understood and is left out");
            T::default()
        }))
    }

    /// The value at an index, counted from 0.
    ///
    /// # Errors
    /// An error if the column does not exist or cannot be read.
    pub fn at<T: FromColumn>(&self, index: usize) -> Result<T> {
        let cell = Cell { row: self, index };
        T::from_nullable(cell).map_err(|error| unreadable(&index.to_string(), &error))
    }

    fn cell(&self, name: &str) -> Result<Cell<'_>, ColumnError> {
        let index = match self {
            Self::Sqlite(row) => name.index(row),
            Self::Postgres(row) => name.index(row),
        };
        Ok(Cell { row: self, index: index? })
    }
}

fn unreadable(column: &str, error: &ColumnError) -> AppError {
    AppError::internal(format!("column {column}: {error}"))
}

impl<'r> Cell<'r> {
    fn read<T>(self) -> Result<Option<T>, ColumnError>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self.row {
            Row::Sqlite(row) => row.try_get(self.index)?,
            Row::Postgres(row) => row.try_get(self.index)?,
        })
    }

    fn is_null(self) -> Result<bool, ColumnError> {
        use sqlx::ValueRef as _;
        Ok(match self.row {
            Row::Sqlite(row) => row.try_get_raw(self.index)?.is_null(),
            Row::Postgres(row) => row.try_get_raw(self.index)?.is_null(),
        })
    }

    /// An integer.
    ///
    /// # Errors
    /// [`ColumnError::Engine`] for another type.
    pub fn integer(self) -> Result<Option<i64>, ColumnError> {
        self.read()
    }

    /// A text.
    ///
    /// # Errors
    /// [`ColumnError::Engine`] for another type.
    pub fn text(self) -> Result<Option<&'r str>, ColumnError> {
        self.read()
    }

    /// Bytes.
    ///
    /// # Errors
    /// [`ColumnError::Engine`] for another type.
    pub fn bytes(self) -> Result<Option<&'r [u8]>, ColumnError> {
        self.read()
    }

    /// A time.
    ///
    /// # Errors
    /// [`ColumnError::Engine`] for another type.
    pub fn timestamp(self) -> Result<Option<DateTime<Utc>>, ColumnError> {
        self.read()
    }

    /// A UUID.
    ///
    /// # Errors
    /// [`ColumnError::Engine`] for another type.
    pub fn uuid(self) -> Result<Option<Uuid>, ColumnError> {
        self.read()
    }

    /// A boolean: stored ones are integers on both engines, and conditions are boolean on
    /// PostgreSQL.
    ///
    /// # Errors
    /// [`ColumnError::Engine`] for another type.
    pub fn flag(self) -> Result<Option<bool>, ColumnError> {
        if let Row::Postgres(row) = self.row
            && row.column(self.index).type_info().name() == "BOOL"
        {
            return self.read();
        }
        Ok(self.integer()?.map(|flag| flag != 0))
    }

    /// A parsed text.
    ///
    /// # Errors
    /// [`ColumnError::Invalid`] if it does not parse.
    pub fn parse<T, E>(self, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, ColumnError> {
        let text = self.text()?.ok_or(ColumnError::Null)?;
        parse(text).map_err(|_| ColumnError::Invalid(text.to_owned()))
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
        T::from_column(cell).map(Some)
    }

    fn from_nullable(cell: Cell<'_>) -> Result<Self, ColumnError> {
        if cell.is_null()? { Ok(None) } else { T::from_column(cell).map(Some) }
    }
}

macro_rules! plain_columns {
    ($($type:ty: $cell:ident => $read:expr;)*) => {$(
        impl FromColumn for $type {
            fn from_column($cell: Cell<'_>) -> Result<Self, ColumnError> {
                $read?.ok_or(ColumnError::Null)
            }
        }
    )*};
}

plain_columns! {
    i64: cell => cell.integer();
    bool: cell => cell.flag();
    String: cell => cell.text().map(|text| text.map(str::to_owned));
    Vec<u8>: cell => cell.bytes().map(|bytes| bytes.map(<[u8]>::to_vec));
    DateTime<Utc>: cell => cell.timestamp();
    Uuid: cell => cell.uuid();
}

/// Implements numbers that have a smaller range than the column's integers.
macro_rules! small_numbers {
    ($($type:ty),*) => {$(
        impl FromColumn for $type {
            fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
                let number = cell.integer()?.ok_or(ColumnError::Null)?;
                number.try_into().map_err(|_| ColumnError::Invalid(number.to_string()))
            }
        }
    )*};
}

small_numbers! { u8, u32, u64 }

/// Dates are selected as text, because SQLite accepts any text as a date, and a decoding error
/// would fail the whole list.
impl FromColumn for NaiveDate {
    fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
        cell.parse(str::parse)
    }
}

impl<T: FromColumn> FromRow for T {
    fn from_row(row: &Row) -> Result<Self> {
        row.at(0)
    }
}

macro_rules! tuples {
    ($(($($type:ident $index:literal),*))*) => {$(
        impl<$($type: FromColumn),*> FromRow for ($($type,)*) {
            fn from_row(row: &Row) -> Result<Self> {
                Ok(($(row.at::<$type>($index)?,)*))
            }
        }
    )*};
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
}
