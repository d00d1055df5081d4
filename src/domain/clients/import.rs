//! An import of clients: a table that someone uploaded, and how far it is.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{
    ImportId, Problem, UserId,
    clients::table::{Charset, ColumnMapping},
};

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// How far an import is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ImportState { $($(#[$doc])* $name),* }

        impl ImportState {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name on the wire and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

states! {
    /// Someone has to say what the columns mean.
    Mapping = "mapping",
    /// All rows are being looked at; nothing is stored.
    Checking = "checking",
    /// Someone has to say whether to go on.
    Checked = "checked",
    /// Clients are being stored.
    Running = "running",
    /// It is being ended because someone wants that.
    Cancelling = "cancelling",
    /// It is being undone because a row could not be stored.
    Failing = "failing",
    /// All that could be stored is.
    Done = "done",
    /// Someone ended it.
    Cancelled = "cancelled",
    /// A row could not be stored, so that none is.
    Failed = "failed",
}

impl ImportState {
    /// Whether it goes on by itself.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Checking | Self::Running | Self::Cancelling | Self::Failing)
    }

    /// Whether nothing follows.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }

    /// Whether someone can end it.
    pub fn can_be_cancelled(self) -> bool {
        matches!(self, Self::Mapping | Self::Checking | Self::Checked | Self::Running)
    }
}

impl FromStr for ImportState {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::ALL
            .iter()
            .copied()
            .find(|state| state.as_str() == text)
            .ok_or(Problem::NotOneOf("the states of imports"))
    }
}

/// What is to become of duplicates and of the good rows of a table with bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportOptions {
    /// Whether clients that are there already take the row's values, rather than being left as they are.
    pub update_existing: bool,
    /// Whether it is all rows or none.
    pub all_or_nothing: bool,
}

/// What became of the rows so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// Rows that the check found to be new clients.
    pub good: i64,
    /// Rows that are clients already, or that an earlier row is.
    pub duplicates: i64,
    /// Rows with something wrong.
    pub bad: i64,
    /// Clients that were made.
    pub created: i64,
    /// Clients that were changed.
    pub updated: i64,
    /// Duplicates that were left as they are; after an undoing, clients that could not be undone.
    pub unchanged: i64,
}

/// What people see of a table before it is imported.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TableSample {
    /// The cells of the first row.
    pub titles: Vec<String>,
    /// The next rows.
    pub rows: Vec<Vec<String>>,
    /// Whether its dates of birth could be read either way.
    pub ambiguous: bool,
}

/// A stored import.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Who uploaded it.
    pub user: UserId,
    /// That user's name.
    pub user_name: String,
    /// What the file was called.
    pub file_name: String,
    /// By which the file store knows it; none when it was removed.
    pub file_key: Option<String>,
    /// How its bytes are text.
    pub charset: Charset,
    /// What parts its cells.
    pub delimiter: u8,
    /// Bytes of text before the table begins.
    pub preamble_bytes: u64,
    /// Its beginning.
    pub sample: TableSample,
    /// What its columns mean.
    pub mapping: ColumnMapping,
    /// How far it is.
    pub state: ImportState,
    /// What was chosen.
    pub options: ImportOptions,
    /// Rows in all, without the titles.
    pub total: i64,
    /// Rows that were looked at in this state.
    pub position: i64,
    /// What became of them.
    pub counts: ImportCounts,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Import {
    /// How much is done, in percent.
    pub fn percent(&self) -> i64 {
        if self.total == 0 { 100 } else { (self.position * 100 / self.total).clamp(0, 100) }
    }
}
