//! Splitting a cell with a person's full name.

use crate::domain::fold;

/// First, last and middle name.
pub type Names = (Option<String>, Option<String>, Option<String>);

/// Splits a full name with the last name first: Каримова Азиза Ботировна, Karimova Aziza Botir
/// qizi.
pub fn last_first(text: &str) -> Names {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => (None, None, None),
        [only] => (Some((*only).to_owned()), None, None),
        [last, first, middle @ ..] => (Some((*first).to_owned()), Some((*last).to_owned()), joined(middle)),
    }
}

/// Splits a full name with the first name first: Aziza Karimova, Anna Maria Smith, Азиза Каримова
/// Ботировна.
pub fn first_last(text: &str) -> Names {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => (None, None, None),
        [only] => (Some((*only).to_owned()), None, None),
        [first, last, middle @ ..] if middle.last().is_some_and(|word| is_patronymic(word)) => {
            (Some((*first).to_owned()), Some((*last).to_owned()), joined(middle))
        }
        [first, middle @ .., last] => (Some((*first).to_owned()), Some((*last).to_owned()), joined(middle)),
    }
}

fn joined(words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(" "))
}

fn is_patronymic(word: &str) -> bool {
    let word = fold(word);
    ["ovich", "evich", "ovna", "evna", "ichna"].iter().any(|end| word.ends_with(end))
        || ["qizi", "ogli", "kizi"].contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_split() {
        let said =
            |(first, last, middle): Names| [first, last, middle].map(Option::unwrap_or_default).join("|");
        assert_eq!(said(last_first("Каримова Азиза Ботировна")), "Азиза|Каримова|Ботировна");
        assert_eq!(said(last_first("Karimova Aziza Botir qizi")), "Aziza|Karimova|Botir qizi");
        assert_eq!(said(last_first(" Karimova  Aziza ")), "Aziza|Karimova|");
        assert_eq!(said(last_first("Aziza")), "Aziza||");
        assert_eq!(said(first_last("Aziza Karimova")), "Aziza|Karimova|");
        assert_eq!(said(first_last("Anna Maria Smith")), "Anna|Smith|Maria");
        assert_eq!(said(first_last("Азиза Каримова Ботировна")), "Азиза|Каримова|Ботировна");
        assert_eq!(said(first_last("Aziz Karimov Botir oʻgʻli")), "Aziz|Karimov|Botir oʻgʻli");
        assert_eq!(said(first_last("")), "||");
    }
}
