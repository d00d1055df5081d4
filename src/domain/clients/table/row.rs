//! Reading a row of a table as a client.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::clients::table::{
    CellError, CellErrorKind, ClientColumn, DateOrder, OtherColumn, cells, dates, gender::gender, names,
    unescape_formula,
};
use crate::domain::{
    ClientField as F, ClientPatch, ContactType, ContactValue, Country, FieldKind, Patch, PhoneNumber, Problem,
};

/// The last cell of a row in which a quotation mark opens and none closes, so that it has swallowed the rest of the file.
pub const UNCLOSED: &str = "…\"";

/// The assignment of a file's columns to fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ColumnMapping {
    /// The field of each column of the file; `None` for columns that are not imported.
    pub columns: Vec<Option<ClientColumn>>,
    /// The date order of the file.
    pub dates: DateOrder,
}

/// The data of a valid row.
#[derive(Debug, Clone)]
pub struct ParsedRow {
    /// The changes to the client's fields; empty cells change nothing.
    pub patch: ClientPatch,
    /// Further contacts, with the columns that they come from.
    pub contacts: Vec<(ClientColumn, ContactValue)>,
}

impl ParsedRow {
    /// The values that must be unique within a tenant.
    pub fn unique_values(&self) -> impl Iterator<Item = &str> {
        self.patch.unique_values().into_iter().chain(self.contacts.iter().map(|(_, contact)| contact.value()))
    }
}

impl ColumnMapping {
    /// True if a name is among the columns, so that a row can create a client.
    pub fn has_name(&self) -> bool {
        let names = [F::FirstName.into(), OtherColumn::FullName.into(), OtherColumn::LastFirst.into()];
        names.iter().any(|name| self.columns.contains(&Some(*name)))
    }

    /// True if a unique field is among the columns, so that a row can match an existing client.
    pub fn has_unique_column(&self) -> bool {
        [F::Phone, F::Pin].iter().any(|key| self.columns.contains(&Some((*key).into())))
    }

    /// A column that is assigned more than once although it holds a single value.
    pub fn duplicate_column(&self) -> Option<ClientColumn> {
        let once = |column: &ClientColumn| column.contact().is_none();
        ClientColumn::imported()
            .filter(once)
            .find(|column| self.columns.iter().filter(|c| **c == Some(*column)).count() > 1)
    }

    /// The cell of a column that is assigned at most once.
    fn cell<'r>(&self, row: &[&'r str], column: impl Into<ClientColumn>) -> Option<&'r str> {
        let column = Some(column.into());
        let at = self.columns.iter().position(|c| *c == column)?;
        let cell = row.get(at).map(|cell| unescape_formula(cell).trim());
        cell.filter(|cell| !cell.is_empty() && !cells::is_nothing(cell))
    }

    /// True if all cells are blank.
    pub fn is_blank(row: &[&str]) -> bool {
        row.iter().all(|cell| cell.trim().is_empty())
    }

    /// Reads a row. National phone numbers belong to `country`; dates of birth after `today` are
    /// rejected.
    ///
    /// # Errors
    /// All errors of the row.
    pub fn read(
        &self,
        row: &[&str],
        country: Country,
        today: NaiveDate,
    ) -> Result<ParsedRow, Vec<CellError>> {
        if row.len() > self.columns.len() && row.last() == Some(&UNCLOSED) {
            return Err(vec![CellError { column: None, kind: CellErrorKind::UnclosedQuote }]);
        }
        if row.len() > self.columns.len() && !Self::is_blank(&row[self.columns.len()..]) {
            return Err(vec![CellError { column: None, kind: CellErrorKind::TooManyCells }]);
        }
        let mut flaws = Vec::new();
        let (first, last, middle) = self.names(row);
        let mut contacts = Vec::new();
        let values_of = |cell: &str, kind: ContactType| match kind {
            ContactType::Phone | ContactType::Whatsapp => cells::phones(cell, country),
            ContactType::Other => cells::lines(cell),
            ContactType::Email => cells::emails(cell),
            ContactType::Telegram => cells::several(cell),
        };
        let mut own = |column: F, further: OtherColumn| {
            let kind = ClientColumn::from(further).contact().unwrap_or(ContactType::Other);
            let values = self.cell(row, column).map(|cell| values_of(cell, kind)).unwrap_or_default();
            let mut values = values.into_iter();
            let own = values.next();
            contacts.extend(values.map(|value| (ClientColumn::from(further), value)));
            own
        };
        let (phone, email) =
            (own(F::Phone, OtherColumn::ContactPhone), own(F::Email, OtherColumn::ContactEmail));
        for (cell, column) in row.iter().zip(&self.columns) {
            if let Some((column, kind)) = column.and_then(|column| Some((column, column.contact()?))) {
                contacts.extend(values_of(cell, kind).into_iter().map(|value| (column, value)));
            }
        }
        let phone = phone.map(|text| PhoneNumber::parse(&text, country));
        let sent = |field: F| {
            let text = match (field, &field.definition().kind) {
                (F::FirstName, _) => first.clone(),
                (F::LastName, _) => last.clone(),
                (F::MiddleName, _) => middle.clone(),
                (F::Phone, _) => phone.clone().transpose()?.map(|phone| phone.to_string()),
                (F::Email, _) => email.clone(),
                (F::Gender, _) => self.cell(row, field).map(|text| gender(text).to_owned()),
                (_, FieldKind::PastDate) => {
                    let written = self.cell(row, field).filter(|text| !dates::is_no_date(text, today));
                    let date = written.map(|text| self.dates.parse(text, today)).transpose()?;
                    date.map(|date| date.to_string())
                }
                _ => {
                    let written = self.cell(row, field).filter(|text| !cells::is_nothing_besides_names(text));
                    written.map(str::to_owned)
                }
            };
            Ok(text.map_or(Patch::Keep, Patch::Set))
        };
        let patch = ClientPatch::parse(sent, country, today).unwrap_or_else(|errors| {
            flaws.extend(CellError::of(&errors));
            ClientPatch::default()
        });
        let contacts = contacts.into_iter().filter_map(|(column, text)| {
            let parsed = contact(column, &text, country);
            parsed
                .map_err(|problem| {
                    flaws.push(CellError::new(column, CellErrorKind::of(&problem)));
                })
                .ok()
        });
        let contacts: Vec<_> = contacts.collect();
        if flaws.is_empty() { Ok(ParsedRow { patch, contacts }) } else { Err(flaws) }
    }

    fn names(&self, row: &[&str]) -> names::Names {
        let whole = self.cell(row, OtherColumn::LastFirst).map(names::last_first);
        let whole = whole.or_else(|| self.cell(row, OtherColumn::FullName).map(names::first_last));
        let (first, last, middle) = whole.unwrap_or_default();
        let own = |column| self.cell(row, column).map(str::to_owned);
        (own(F::FirstName).or(first), own(F::LastName).or(last), own(F::MiddleName).or(middle))
    }
}

fn contact(
    column: ClientColumn,
    text: &str,
    country: Country,
) -> Result<(ClientColumn, ContactValue), Problem> {
    let kind = column.contact().unwrap_or(ContactType::Other);
    let value = ContactValue::parse(kind, text, country)?;
    Ok((column, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clients::table::ClientColumn::{Field, Other};

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn read(columns: &[ClientColumn], row: &[&str], country: Country) -> Result<ParsedRow, Vec<CellError>> {
        let columns = columns.iter().copied().map(Some).collect();
        ColumnMapping { columns, dates: DateOrder::DayFirst }.read(row, country, today())
    }

    #[test]
    fn rows_of_a_russian_spreadsheet_are_read() {
        let columns = [
            Other(OtherColumn::LastFirst),
            Field(F::Phone),
            Field(F::DateOfBirth),
            Field(F::Gender),
            Field(F::Comments),
        ];
        let row =
            ["Каримова Азиза Ботировна", "8 (916) 123-45-67; +7 916 765 43 21", "17.05.1990", "Жен", "'=1+1"];
        let read = read(&columns, &row, "RU".parse().unwrap()).unwrap();
        let client = read.patch.create().unwrap();
        assert_eq!(client.full_name(), "Азиза Ботировна Каримова");
        assert_eq!(client.phone().unwrap().as_str(), "+79161234567");
        assert_eq!(client.date_of_birth(), NaiveDate::from_ymd_opt(1990, 5, 17));
        assert_eq!(client.text(F::Gender).unwrap(), "female");
        assert_eq!(client.text(F::Comments).unwrap(), "=1+1");
        assert_eq!(read.contacts.len(), 1);
        assert_eq!(read.contacts[0].1.value(), "+79167654321");
    }

    #[test]
    fn phone_numbers_without_plus_are_read() {
        for (text, country) in [("998901234567", "RU"), ("79161234567", "UZ"), ("+998 90 123 45 67", "US")] {
            assert!(read(&[Field(F::Phone)], &[text], country.parse().unwrap()).is_ok(), "{text}");
        }
        for text in ["9,98901E+11", "12345", "call me"] {
            let flaws = read(&[Field(F::Phone)], &[text], Country::UZ).unwrap_err();
            assert_eq!(flaws[0], CellError::new(Field(F::Phone), CellErrorKind::NotAPhone), "{text}");
        }
    }

    #[test]
    fn all_cell_errors_are_reported() {
        let columns = [
            Field(F::FirstName),
            Field(F::Phone),
            Field(F::Email),
            Field(F::DateOfBirth),
            Field(F::Gender),
            Field(F::CountryCode),
            Other(OtherColumn::ContactPhone),
        ];
        let flaws = read(&columns, &["A", "x", "y", "z", "w", "v", "u"], Country::UZ).unwrap_err();
        let said: Vec<_> = flaws.into_iter().map(|cell| (cell.column.unwrap(), cell.kind)).collect();
        assert_eq!(
            said,
            [
                (Field(F::Phone), CellErrorKind::NotAPhone),
                (Field(F::Email), CellErrorKind::NotAnEmail),
                (Field(F::DateOfBirth), CellErrorKind::NotADate),
                (Field(F::Gender), CellErrorKind::NotAGender),
                (Field(F::CountryCode), CellErrorKind::NotACountry),
                (Other(OtherColumn::ContactPhone), CellErrorKind::NotAPhone),
            ]
        );
        let flaws = read(&[Field(F::FirstName)], &["A", "", "b"], Country::UZ).unwrap_err();
        assert_eq!(flaws[0].kind, CellErrorKind::TooManyCells);
        assert!(
            read(&[Field(F::FirstName)], &["A", "", " "], Country::UZ).is_ok(),
            "empty cells at the end are nothing"
        );
        assert!(
            read(&[Field(F::FirstName), Field(F::Phone)], &["A"], Country::UZ).is_ok(),
            "nor are missing ones"
        );
    }
}
