//! The file formats of an export.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::Problem;

/// The format of an exported file of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated values.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

impl FromStr for ExportFormat {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            _ => Err(Problem::NotOneOf("csv, xlsx")),
        }
    }
}
