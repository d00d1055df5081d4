//! The file formats of an export.

use serde::{Deserialize, Serialize};
use strum::{EnumString, VariantNames};

use crate::domain::Problem;

/// The format of an exported file of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, VariantNames)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum ExportFormat {
    /// Comma-separated values.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

impl ExportFormat {
    /// The name in addresses and in the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}
