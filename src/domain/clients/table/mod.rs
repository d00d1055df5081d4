//! Tables of clients in spreadsheet files: recognising columns, and reading and writing cells.

mod cell_error;
mod cells;
mod charset;
mod column;
mod dates;
mod delimiter;
mod formula;
mod gender;
mod header_guess;
mod names;
mod row;
mod vcard;

pub use crate::domain::clients::table::cell_error::{CellError, CellErrorKind};
pub use crate::domain::clients::table::charset::{Charset, CharsetDetector};
pub use crate::domain::clients::table::column::{ClientColumn, OtherColumn};
pub use crate::domain::clients::table::dates::{DateOrder, DateOrderGuess};
pub use crate::domain::clients::table::delimiter::delimiter;
pub use crate::domain::clients::table::formula::{escape_formula, unescape_formula};
pub use crate::domain::clients::table::header_guess::columns;
pub use crate::domain::clients::table::row::{ColumnMapping, ParsedRow, UNCLOSED};
pub use crate::domain::clients::table::vcard::{is_vcard, write_vcard_as_table};
