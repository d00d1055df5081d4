//! Tables of clients, as spreadsheets hold them: what their columns mean, and how their cells are read and written.

mod charset;
mod column;
mod dates;
mod delimiter;
mod flaw;
mod formula;
mod gender;
mod guess;
mod names;
mod row;

pub use charset::{Charset, CharsetGuess};
pub use column::ClientColumn;
pub use dates::{DateGuess, DateOrder};
pub use delimiter::delimiter;
pub use flaw::{Flaw, FlawedCell};
pub use formula::{neutral, restored};
pub use gender::gender;
pub use guess::columns;
pub use row::{Mapping, ReadRow};
