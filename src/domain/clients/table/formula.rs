//! Protection against cells of a CSV file that a spreadsheet program would run as formulas.
//!
//! Spreadsheet programs run a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break, and
//! much of the exported data was written by clients. An apostrophe in front of such a cell marks it
//! as text. Phone numbers in E.164 are exempt: `+` and digits evaluate to nothing but the number,
//! and programs that read the file expect it unchanged.

/// Escapes a cell that would be run as a formula.
pub fn escape_formula(cell: &str) -> String {
    if is_phone(cell) || !looks_run(cell) { cell.to_owned() } else { format!("'{cell}") }
}

/// Reverses [`escape_formula`].
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if looks_run(rest) => rest,
        _ => cell,
    }
}

/// True if the cell would be run as a formula, ignoring leading apostrophes: a cell's own
/// apostrophes are doubled, so that unescaping is unambiguous.
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
    fn formulas_are_escaped_and_phone_numbers_are_not() {
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
        fn escaped_cells_are_never_formulas_and_round_trip(cell in "['=+@\t\r\n\\-]{0,3}\\PC{0,8}") {
            let written = escape_formula(&cell);
            prop_assert!(is_phone(&written) || !written.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(unescape_formula(&written), cell);
        }
    }
}
