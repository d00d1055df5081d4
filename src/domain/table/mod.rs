//! Tables of clients, as spreadsheets hold them: what their columns mean, and how their cells are read and written.

mod column;
mod formula;

pub use column::ClientColumn;
pub use formula::{neutral, restored};
