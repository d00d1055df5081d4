//! Highlighting the terms of a search in a text.

use serde::Serialize;
use unicode_normalization::char::is_combining_mark;

use crate::domain::{SearchTerms, fold_for_search, spellings};

/// A part of a highlighted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HighlightedPart {
    /// The text of the part.
    pub text: String,
    /// True if the part matches a term.
    pub mark: bool,
}

/// The longest word in which a match in another spelling is marked, in characters.
const MAX_SPELLED: usize = 40;

/// Splits a text into parts and marks those that match a word of the query, in any script, spelling and case. Of a
/// number, only digits are compared.
pub fn highlight(text: &str, query: &str) -> Vec<HighlightedPart> {
    highlight_terms(text, &SearchTerms::parse(query))
}

/// Like [`highlight`], for a query that is parsed already.
pub fn highlight_terms(text: &str, terms: &SearchTerms) -> Vec<HighlightedPart> {
    let letters: Vec<char> = text.chars().collect();
    let mut marked = vec![false; letters.len()];
    for (forms, is_number) in terms.forms() {
        let (folded, owners) = folded(&letters, is_number);
        // The forms of a number are parts of each other.
        let forms_as_written = if is_number { forms } else { &forms[..1] };
        let mut is_found = false;
        for form in forms_as_written.iter().filter(|form| !form.is_empty()) {
            if is_found {
                break;
            }
            for (at, found) in folded.match_indices(form.as_str()) {
                if let (Some(first), Some(last)) = (owners.get(at), owners.get(at + found.len() - 1)) {
                    marked[*first..=*last].fill(true);
                    is_found = true;
                }
            }
        }
        if !is_found && !is_number {
            mark_spellings(&letters, forms, &mut marked);
        }
    }
    join(&letters, &marked)
}

/// The folded text, and for each of its bytes the index of the letter that it comes from.
fn folded(letters: &[char], digits_only: bool) -> (String, Vec<usize>) {
    let (mut folded, mut owners) = (String::new(), Vec::new());
    for (index, letter) in letters.iter().enumerate() {
        if digits_only && !letter.is_ascii_digit() {
            continue;
        }
        folded.push_str(&fold_for_search(letter.encode_utf8(&mut [0; 4])));
        owners.resize(folded.len(), index);
    }
    (folded, owners)
}

/// Marks the longest part of each word that has one of these forms in another spelling.
fn mark_spellings(letters: &[char], forms: &[String], marked: &mut [bool]) {
    let has_form = |part: &[char]| {
        let spelled = spellings(&part.iter().collect::<String>());
        forms.iter().any(|form| spelled.contains(form))
    };
    let contains_form = |word: &[char]| {
        let spelled = spellings(&word.iter().collect::<String>());
        forms.iter().any(|form| spelled.iter().any(|word| word.contains(form.as_str())))
    };
    let mut from = 0;
    for word in letters.split(|letter| letter.is_whitespace()) {
        let is_short = word.len() <= MAX_SPELLED;
        if is_short && !word.is_empty() && contains_form(word) {
            let parts =
                (0..word.len()).flat_map(|start| (start + 1..=word.len()).rev().map(move |end| (start, end)));
            let found = parts.into_iter().find(|(start, end)| has_form(&word[*start..*end]));
            let (start, end) = found.unwrap_or((0, word.len()));
            marked[from + start..from + end].fill(true);
        }
        from += word.len() + 1;
    }
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
        assert_eq!(shown("Алиев Ҳасан", "aliyev"), "[Алиев] Ҳасан");
        assert_eq!(shown("Khodjaev Timur", "хўжа"), "[Khodja]ev Timur");
        assert_eq!(shown("Фёдор", "федо"), "[Фёдо]р");
        assert_eq!(shown("Aziza", ""), "Aziza");
        assert_eq!(shown("", "aziza"), "");
        assert_eq!(shown("50%_off", "%_"), "50[%_]off");
    }

    #[test]
    fn numbers_are_found_in_any_notation() {
        assert_eq!(shown("+998 90 123 45 67", "90123"), "+998 [90 123] 45 67");
        assert_eq!(shown("+998 90 123 45 67", "(90) 12"), "+998 [90 12]3 45 67");
        assert_eq!(shown("+49 176 1234567", "+49 (0) 176 1234567"), "+[49 176 1234567]");
        assert_eq!(shown("aziza_k", "@aziza"), "[aziza]_k");
    }
}
