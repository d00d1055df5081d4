//! What is wrong with a row, as it is kept until someone reads it in their language.

use serde::{Deserialize, Serialize};

use crate::domain::clients::table::ClientColumn;
use crate::domain::{ClientId, FieldErrors, Problem};

/// What is wrong with a cell, or with a whole row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellErrorKind {
    /// Nothing where something must be.
    Required,
    /// More characters than fit.
    TooLong(usize),
    /// Fewer characters than there must be.
    TooShort(usize),
    /// Not a phone number.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a date, or none that can be.
    NotADate,
    /// Not a word for a gender.
    NotAGender,
    /// Not the two letters of a country.
    NotACountry,
    /// Characters that can't be here.
    BadCharacters,
    /// The row has more cells than there are columns.
    TooManyCells,
    /// A client that is there already has this value.
    Taken(ClientId),
    /// An earlier row has this value.
    Repeats(u64),
    /// The row's values belong to two clients.
    TwoClients(ClientId, ClientId),
}

/// A flaw beside the column that it is in; none for the whole row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellError {
    /// The column.
    pub column: Option<ClientColumn>,
    /// What is wrong.
    #[serde(rename = "flaw")]
    pub kind: CellErrorKind,
}

impl CellError {
    /// A flaw in a column.
    pub fn new(column: ClientColumn, kind: CellErrorKind) -> Self {
        Self { column: Some(column), kind }
    }

    /// The problems of a client's fields, as flaws of the columns of the same names.
    pub fn of(errors: &FieldErrors) -> Vec<Self> {
        let cell = |(field, problem): (&str, &Problem)| {
            let column = ClientColumn::ALL.iter().copied().find(|column| column.as_str() == field);
            Self { column, kind: CellErrorKind::of(column, problem) }
        };
        errors.iter().map(cell).collect()
    }

    /// Whether the row is only one that is there already.
    pub fn is_duplicate(&self) -> bool {
        let own = matches!(self.column, Some(ClientColumn::Phone | ClientColumn::Pin));
        own && matches!(self.kind, CellErrorKind::Taken(_) | CellErrorKind::Repeats(_))
    }
}

impl CellErrorKind {
    /// The flaw that a problem of a column is.
    pub fn of(column: Option<ClientColumn>, problem: &Problem) -> Self {
        match problem {
            Problem::TooLong { max } => Self::TooLong(*max),
            Problem::TooShort { min } => Self::TooShort(*min),
            Problem::NotAPhone => Self::NotAPhone,
            Problem::NotAnEmail => Self::NotAnEmail,
            Problem::NotADate => Self::NotADate,
            Problem::NotOneOf(_) if column == Some(ClientColumn::Gender) => Self::NotAGender,
            Problem::NotOneOf(_) => Self::NotACountry,
            Problem::Required => Self::Required,
            _ => Self::BadCharacters,
        }
    }
}
