//! The character between the cells of a row, which depends on the locale of the program that wrote
//! the file.

use csv::ReaderBuilder;

/// Supported delimiters; the last one wins a tie.
const DELIMITERS: [u8; 3] = [b'\t', b';', b','];
/// The number of rows that are examined.
const ROWS: usize = 50;

/// Detects a table's delimiter from its beginning, and the number of bytes before the table: Excel
/// reads, and some programs write, a first line `sep=;`.
pub fn delimiter(beginning: &str) -> (u8, usize) {
    if let Some(rest) = beginning.strip_prefix("sep=")
        && let [given, end @ (b'\r' | b'\n'), ..] = rest.as_bytes()
    {
        let end = if *end == b'\r' && rest.as_bytes().get(2) == Some(&b'\n') { 2 } else { 1 };
        return (*given, "sep=".len() + 1 + end);
    }
    let best = DELIMITERS.into_iter().max_by_key(|delimiter| score(beginning, *delimiter));
    (best.unwrap_or(b','), 0)
}

/// Rates a delimiter by the number of cells in the first row, provided that the other rows have as
/// many.
fn score(beginning: &str, delimiter: u8) -> usize {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(beginning.as_bytes());
    let widths: Vec<usize> = reader.records().take(ROWS).flatten().map(|row| row.len()).collect();
    let Some(first) = widths.first().copied().filter(|width| *width > 1) else { return 0 };
    // The last row may be incomplete.
    let rows = &widths[..widths.len().max(2) - 1];
    let alike = rows.iter().filter(|width| **width == first).count();
    100 * alike / rows.len() * 100 + first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiter_is_detected() {
        for (beginning, expected) in [
            ("name,phone\nAziza,1\n", b','),
            ("Имя;Телефон\r\nАзиза;1\r\n", b';'),
            ("name\tphone\n", b'\t'),
            ("name;address\nAziza;\"Registon, 1, 2, 3\"\nBotir;a, b\n", b';'),
            ("name,note\nAziza,a; b; c\nBotir,d; e\n", b','),
            ("first_name\nAziza, Botir\n", b','),
            ("a;b,c;d\n1;2,3;4\n", b';'),
            ("", b','),
        ] {
            let (found, skip) = delimiter(beginning);
            assert!(found == expected || beginning.lines().count() < 2, "{beginning}: {}", found as char);
            assert_eq!(skip, 0);
        }
        assert_eq!(delimiter("sep=|\r\na|b"), (b'|', 7));
        assert_eq!(delimiter("sep=,\na,b"), (b',', 6));
    }
}
