//! Tables of clients, as spreadsheets hold them: what their columns mean, and how their cells are read and written.

mod cell_error;
mod charset;
mod column;
mod dates;
mod delimiter;
mod formula;
mod gender;
mod header_guess;
mod names;
mod row;

pub use crate::domain::clients::table::cell_error::{Flaw, FlawedCell};
pub use crate::domain::clients::table::charset::{Charset, CharsetGuess};
pub use crate::domain::clients::table::column::ClientColumn;
pub use crate::domain::clients::table::dates::{DateGuess, DateOrder};
pub use crate::domain::clients::table::delimiter::delimiter;
pub use crate::domain::clients::table::formula::{neutral, restored};
pub use crate::domain::clients::table::gender::gender;
pub use crate::domain::clients::table::header_guess::columns;
pub use crate::domain::clients::table::row::{Mapping, ReadRow};
