//! Cells of a CSV that a spreadsheet would run as formulas.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break, whoever wrote it, and clients
//! write much of what is stored. Such a cell gets an apostrophe in front, which spreadsheets know as "this is text". A
//! phone number as E.164 is the one exception: nothing can be made of `+` and digits but that number, and programs that
//! read the file want it as it is.

/// The cell as it can be written without being run.
pub fn escape_formula(cell: &str) -> String {
    if is_phone(cell) || !looks_run(cell) { cell.to_owned() } else { format!("'{cell}") }
}

/// The cell as it was before it was written; the inverse of [`escape_formula`].
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if looks_run(rest) => rest,
        _ => cell,
    }
}

/// Whether it would be run, also after the apostrophes that it may have of its own: those are doubled rather than
/// taken for ours.
fn looks_run(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

fn is_phone(cell: &str) -> bool {
    cell.strip_prefix('+')
        .is_some_and(|digits| matches!(digits.len(), 1..=15) && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_run_is_text_and_phones_stay_phones() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("+998901234567", "+998901234567"),
            ("+998901234567\n+998901234568", "'+998901234567\n+998901234568"),
            ("+1-1", "'+1-1"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("O'tkir", "O'tkir"),
            ("'quoted'", "'quoted'"),
            ("", ""),
        ] {
            assert_eq!(escape_formula(cell), written);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_never_run_and_reads_as_it_was(cell in "['=+@\t\r\n\\-]{0,3}\\PC{0,8}") {
            let written = escape_formula(&cell);
            prop_assert!(is_phone(&written) || !written.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(unescape_formula(&written), cell);
        }
    }
}
