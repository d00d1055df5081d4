//! Cells as people and programs write them: several values in one, words for nothing, and numbers that a spreadsheet has
//! changed.

use crate::domain::{Country, PhoneNumber, fold, table::unescape_formula};

/// Words and signs that stand for nothing in any column, folded.
const NOTHING: &[&str] = &[
    "null",
    "n/a",
    "unspecified",
    "not specified",
    "ne ukazan",
    "ne ukazana",
    "ne ukazano",
    "korsatilmagan",
];
/// Further ones in columns that do not hold names.
const NOTHING_BESIDES_NAMES: &[&str] = &["net", "nil", "none", "yoq", "no", "unknown", "neizvestno"];
/// The text between the values of a cell in files of Google.
const GOOGLE_SEPARATOR: &str = ":::";

/// True for a text that stands for nothing: a word such as NULL, or dashes.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | '−' | '_' | '.');
    text.chars().all(is_dash) || (text.len() <= 64 && NOTHING.contains(&fold(text).as_str()))
}

/// The same in a column that does not hold a name.
pub(super) fn is_nothing_besides_names(text: &str) -> bool {
    is_nothing(text) || (text.len() <= 64 && NOTHING_BESIDES_NAMES.contains(&fold(text.trim()).as_str()))
}

/// The lines of a cell.
pub(super) fn lines(cell: &str) -> Vec<String> {
    parts(cell, &['\n', '\r'])
}

/// The values of a cell with several.
pub(super) fn several(cell: &str) -> Vec<String> {
    parts(cell, &['\n', '\r', ';', ','])
}

/// The e-mail addresses of a cell with one or several.
pub(super) fn emails(cell: &str) -> Vec<String> {
    let are_several = |text: &String| text.matches('@').count() > 1;
    let split = |text: String| if are_several(&text) { parts(&text, &['/', '|', ' ']) } else { vec![text] };
    several(cell).into_iter().flat_map(split).collect()
}

/// The phone numbers of a cell with one or several.
pub(super) fn phones(cell: &str, country: Country) -> Vec<String> {
    let is_phone = |text: &String| PhoneNumber::parse(text, country).is_ok();
    several(cell)
        .into_iter()
        .flat_map(|text| {
            let whole = number(&text);
            if is_phone(&whole) {
                return vec![whole];
            }
            // A slash and a bar part numbers, unless they belong to one.
            let split: Vec<_> = parts(&text, &['/', '|']).iter().map(|part| number(part)).collect();
            if split.len() > 1 && split.iter().any(is_phone) { split } else { vec![whole] }
        })
        .collect()
}

/// A number without what spreadsheets and people put around it: `="+998901234567"`, `998901234567.0`, and the name of a
/// person in brackets.
fn number(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix('=').unwrap_or(text).trim_matches('"').trim();
    let text = match text.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+') => whole,
        _ => text,
    };
    let without_name = match text.split_once('(') {
        Some((before, after)) if after.chars().any(char::is_alphabetic) => {
            let after = after.split_once(')').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        _ => text.to_owned(),
    };
    without_name.trim().to_owned()
}

fn parts(cell: &str, separators: &[char]) -> Vec<String> {
    unescape_formula(cell)
        .split(GOOGLE_SEPARATOR)
        .flat_map(|part| part.split(separators))
        .map(str::trim)
        .filter(|part| !part.is_empty() && !is_nothing_besides_names(part))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_read_as_they_stand_in_cells() {
        for (cell, expected) in [
            ("=\"+998901234567\"", vec!["+998901234567"]),
            ("998901234567.0", vec!["998901234567"]),
            ("+998 90 123 45 67 (Азиза)", vec!["+998 90 123 45 67"]),
            ("90 123 45 67 / 91 765 43 21", vec!["90 123 45 67", "91 765 43 21"]),
            ("+998901234567 ::: +998917654321", vec!["+998901234567", "+998917654321"]),
            (
                "+998901234567, +998917654321; 93 555 44 33",
                vec!["+998901234567", "+998917654321", "93 555 44 33"],
            ),
            ("8 (90) 123-45-67", vec!["8 (90) 123-45-67"]),
            ("90 123 45 67 доб. 12", vec!["90 123 45 67 доб. 12"]),
            ("https://wa.me/998901234567", vec!["https://wa.me/998901234567"]),
            (
                "+998\u{202f}90\u{202f}123\u{202f}45\u{202f}67",
                vec!["+998\u{202f}90\u{202f}123\u{202f}45\u{202f}67"],
            ),
            ("—", vec![]),
            ("NULL", vec![]),
            ("нет", vec![]),
        ] {
            let read = phones(cell, Country::UZ);
            assert_eq!(read, expected, "{cell}");
            for text in read {
                assert!(PhoneNumber::parse(&text, Country::UZ).is_ok(), "{text}");
            }
        }
    }

    #[test]
    fn addresses_are_read_as_they_stand_in_cells() {
        for (cell, expected) in [
            ("a@b.uz / c@d.uz", vec!["a@b.uz", "c@d.uz"]),
            ("a@b.uz; c@d.uz", vec!["a@b.uz", "c@d.uz"]),
            ("a/b@c.uz", vec!["a/b@c.uz"]),
        ] {
            assert_eq!(emails(cell), expected, "{cell}");
        }
    }

    #[test]
    fn words_for_nothing_are_no_values() {
        for text in
            ["-", "—", "NULL", "N/A", "Не указан", "не указано", "Unspecified", "koʻrsatilmagan", "..."]
        {
            assert!(is_nothing(text), "{text}");
        }
        for text in ["Nil", "нет"] {
            assert!(is_nothing_besides_names(text), "{text}");
        }
        for text in ["Нет", "No", "Aziza", "0", "Ноль"] {
            assert!(!is_nothing(text), "{text}");
        }
    }
}
