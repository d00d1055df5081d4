//! Imports of clients: an uploaded table and the progress of its import.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use crate::domain::{
    ImportId, Problem, UserId,
    clients::table::{Charset, ColumnMapping},
};

/// The state of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum ImportState {
    /// Waits for the user to assign columns to fields.
    Mapping,
    /// All rows are being checked; nothing is stored.
    Checking,
    /// Waits for the user to confirm the result of the check.
    Checked,
    /// Clients are being stored.
    Running,
    /// A user cancelled it; the clients stored so far are being removed.
    Cancelling,
    /// A row could not be stored; the clients stored so far are being removed.
    Failing,
    /// All valid rows are stored.
    Done,
    /// A user cancelled it.
    Cancelled,
    /// A row could not be stored, so that no row is.
    Failed,
}

impl ImportState {
    /// All states.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// True if the import worker processes it.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Checking | Self::Running | Self::Cancelling | Self::Failing)
    }

    /// True if the state is final.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }

    /// True if a user can cancel it.
    pub fn can_be_cancelled(self) -> bool {
        matches!(self, Self::Mapping | Self::Checking | Self::Checked | Self::Running)
    }
}

/// The user's choices about duplicates and invalid rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportOptions {
    /// True if existing clients are updated from the table; false leaves them unchanged.
    pub update_existing: bool,
    /// True if a single invalid row stops the whole import.
    pub all_or_nothing: bool,
}

/// The results by number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// Valid rows that describe new clients.
    pub good: i64,
    /// Rows that match an existing client or an earlier row.
    pub duplicates: i64,
    /// Rows with errors.
    pub bad: i64,
    /// Clients that were created.
    pub created: i64,
    /// Clients that were updated.
    pub updated: i64,
    /// Duplicates that were left unchanged. After an undo: clients that could not be removed.
    pub unchanged: i64,
}

/// The beginning of a table, as the mapping page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TableSample {
    /// The cells of the first row.
    pub titles: Vec<String>,
    /// The rows after the first.
    pub rows: Vec<Vec<String>>,
    /// True if the dates of birth can be read as day first and as month first.
    pub ambiguous: bool,
    /// For each column, true if a row of the whole file fills it. Imports of earlier versions have none.
    #[serde(default)]
    pub filled: Vec<bool>,
}

/// A stored import.
#[derive(Debug, Clone)]
pub struct Import {
    /// The import's id.
    pub id: ImportId,
    /// The user who uploaded the file.
    pub user: UserId,
    /// That user's name.
    pub user_name: String,
    /// The name of the uploaded file.
    pub file_name: String,
    /// The key of the file in the file storage; `None` once it is removed.
    pub file_key: Option<String>,
    /// The character encoding of the file.
    pub charset: Charset,
    /// The character between cells.
    pub delimiter: u8,
    /// The number of bytes before the first row of the table.
    pub preamble_bytes: u64,
    /// The beginning of the table.
    pub sample: TableSample,
    /// The fields that the columns are assigned to.
    pub mapping: ColumnMapping,
    /// The state, which determines the next step.
    pub state: ImportState,
    /// The user's choices.
    pub options: ImportOptions,
    /// The number of rows without the titles.
    pub total: i64,
    /// The number of rows processed in this state.
    pub position: i64,
    /// The results so far.
    pub counts: ImportCounts,
    /// The time of the upload.
    pub created_at: DateTime<Utc>,
    /// The time when the state became final.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Import {
    /// The progress in percent.
    pub fn percent(&self) -> i64 {
        if self.total == 0 { 100 } else { (self.position * 100 / self.total).clamp(0, 100) }
    }
}
