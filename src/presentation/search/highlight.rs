//! Highlighting the terms of a search in a text.

use serde::Serialize;
use unicode_normalization::char::is_combining_mark;

use crate::domain::fold_for_search;

/// A part of a highlighted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HighlightedPart {
    /// The text of the part.
    pub text: String,
    /// True if the part matches a term.
    pub mark: bool,
}

/// Splits a text into parts and marks those that match a word of the query, in any script and case.
/// If the query is a number, only digits are compared.
pub fn highlight(text: &str, query: &str) -> Vec<HighlightedPart> {
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 3 && !query.chars().any(char::is_alphabetic);
    let terms: Vec<String> = if is_number {
        vec![digits]
    } else {
        fold_for_search(query).split_whitespace().map(str::to_owned).collect()
    };

    // The folded text, and for each of its bytes the index of the letter that it comes from.
    let letters: Vec<char> = text.chars().collect();
    let (mut folded, mut owners) = (String::new(), Vec::new());
    for (index, letter) in letters.iter().enumerate() {
        if is_number && !letter.is_ascii_digit() {
            continue;
        }
        folded.push_str(&fold_for_search(letter.encode_utf8(&mut [0; 4])));
        owners.resize(folded.len(), index);
    }
    let mut marked = vec![false; letters.len()];
    for term in terms.iter().filter(|term| !term.is_empty()) {
        for (at, found) in folded.match_indices(term.as_str()) {
            if let (Some(first), Some(last)) = (owners.get(at), owners.get(at + found.len() - 1)) {
                marked[*first..=*last].fill(true);
            }
        }
    }
    join(&letters, &marked)
}

/// Joins neighbouring letters with the same mark into parts; a combining mark stays with its
/// letter.
fn join(letters: &[char], marked: &[bool]) -> Vec<HighlightedPart> {
    let mut parts: Vec<HighlightedPart> = Vec::new();
    for (letter, mark) in letters.iter().zip(marked) {
        match parts.last_mut() {
            Some(last) if last.mark == *mark || is_combining_mark(*letter) => last.text.push(*letter),
            _ => parts.push(HighlightedPart { text: letter.to_string(), mark: *mark }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, query: &str) -> String {
        let part = |part: HighlightedPart| if part.mark { format!("[{}]", part.text) } else { part.text };
        highlight(text, query).into_iter().map(part).collect()
    }

    #[test]
    fn words_are_marked_in_the_texts_own_spelling() {
        assert_eq!(shown("Азиза Каримова", "kari aziza"), "[Азиза] [Кари]мова");
        assert_eq!(shown("Oʻtkir", "ўтк"), "[Oʻtk]ir");
        assert_eq!(shown("Cafe\u{301} 👩\u{200d}👧", "café"), "[Cafe\u{301}] 👩\u{200d}👧");
        assert_eq!(shown("Щукин", "schu"), "[Щу]кин");
        assert_eq!(shown("Aziza", ""), "Aziza");
        assert_eq!(shown("", "aziza"), "");
        assert_eq!(shown("50%_off", "%_"), "50[%_]off");
    }

    #[test]
    fn numbers_are_found_in_any_notation() {
        assert_eq!(shown("+998 90 123 45 67", "90123"), "+998 [90 123] 45 67");
        assert_eq!(shown("+998 90 123 45 67", "(90) 12"), "+998 [90 12]3 45 67");
    }
}
