//! Errors in the cells of an imported row, stored independently of a language.

use serde::{Deserialize, Serialize};

use crate::domain::clients::table::ClientColumn;
use crate::domain::{ClientField, ClientId, FieldErrors, Problem};

/// The kind of an error in a cell or a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellErrorKind {
    /// A required value is missing.
    Required,
    /// The value has more than this number of characters.
    TooLong(usize),
    /// The value has fewer than this number of characters.
    TooShort(usize),
    /// Not a phone number.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a date, or a date outside the accepted range.
    NotADate,
    /// Not a word for a gender in any supported language.
    NotAGender,
    /// Not one of the field's choices, which are separated by commas.
    NotAChoice(String),
    /// Not a two-letter country code.
    NotACountry,
    /// Characters that the field cannot contain.
    BadCharacters,
    /// The row has more cells than there are columns.
    TooManyCells,
    /// A quotation mark opens in the row and none closes, so that the rest of the file is in one cell.
    UnclosedQuote,
    /// An existing client has this value.
    Taken(ClientId),
    /// The row of this number has the same value.
    Repeats(u64),
    /// The row's unique values belong to two different clients.
    TwoClients(ClientId, ClientId),
}

/// An error and its column; `None` for errors of the whole row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellError {
    /// The column with the error.
    pub column: Option<ClientColumn>,
    /// The kind of error.
    #[serde(rename = "flaw")]
    pub kind: CellErrorKind,
}

impl CellError {
    /// Creates an error of a column.
    pub fn new(column: impl Into<ClientColumn>, kind: CellErrorKind) -> Self {
        Self { column: Some(column.into()), kind }
    }

    /// Converts the problems of a client's fields to errors of the corresponding columns.
    pub fn of(errors: &FieldErrors) -> Vec<Self> {
        let cell = |(field, problem): (&str, &Problem)| {
            let field = ClientField::from_name(field);
            let kind = match (field, CellErrorKind::of(problem)) {
                // Imports read it in words of several languages.
                (Some(ClientField::Gender), CellErrorKind::NotAChoice(_)) => CellErrorKind::NotAGender,
                (_, kind) => kind,
            };
            Self { column: field.map(ClientColumn::Field), kind }
        };
        errors.iter().map(cell).collect()
    }

    /// True if the error only says that a client with this phone or identification number exists, or
    /// appears in an earlier row.
    pub fn is_duplicate(&self) -> bool {
        let own = matches!(self.column, Some(ClientColumn::Field(ClientField::Phone | ClientField::Pin)));
        own && matches!(self.kind, CellErrorKind::Taken(_) | CellErrorKind::Repeats(_))
    }
}

impl CellErrorKind {
    /// Converts the problem of a cell.
    pub fn of(problem: &Problem) -> Self {
        match problem {
            Problem::TooLong { max } => Self::TooLong(*max),
            Problem::TooShort { min } => Self::TooShort(*min),
            Problem::NotAPhone(_) => Self::NotAPhone,
            Problem::NotAnEmail => Self::NotAnEmail,
            Problem::NotADate => Self::NotADate,
            Problem::NotAChoice(words) => Self::NotAChoice(words.clone()),
            Problem::NotOneOf(_) => Self::NotACountry,
            Problem::Required => Self::Required,
            _ => Self::BadCharacters,
        }
    }
}
