//! Excerpts: the part of a text that contains the terms of a search.

use std::ops::Range;

use crate::domain::search::{MessageTerms, words::words_of};

/// A short part of a text with the matched words highlighted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The part on one line; `…` stands for omitted text.
    pub text: String,
    /// The byte ranges of the matched words, in order and without overlaps.
    pub highlights: Vec<Range<usize>>,
}

impl Excerpt {
    /// Splits the text into pieces, each with a flag that says if it is highlighted.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let mut pieces = Vec::new();
        let mut from = 0;
        for mark in &self.highlights {
            pieces.extend([(&self.text[from..mark.start], false), (&self.text[mark.clone()], true)]);
            from = mark.end;
        }
        pieces.push((&self.text[from..], false));
        pieces.retain(|(piece, _)| !piece.is_empty());
        pieces
    }
}

/// The number of words before the first match, which give the reader some context.
const LEADING_WORDS: usize = 4;

/// Returns about `length` characters around the first word that matches `terms`, cut between words.
pub fn excerpt(text: &str, terms: &MessageTerms, length: usize) -> Excerpt {
    let found: Vec<_> =
        words_of(text).filter(|(_, spellings)| terms.match_word(spellings)).map(|(range, _)| range).collect();
    let chunks: Vec<_> = chunks(text).collect();
    let first = found.first().map_or(0, |mark| mark.start);
    let center = chunks.iter().rposition(|chunk| chunk.start <= first).unwrap_or(0);
    let long = |chunks: &[Range<usize>]| {
        chunks.iter().map(|chunk| text[chunk.clone()].chars().count() + 1).sum::<usize>()
    };
    // The text after the match fills the length; where it ends early, more text before the match
    // does.
    let mut from = center.saturating_sub(LEADING_WORDS);
    while from < center && long(&chunks[from..=center]) > length / 2 {
        from += 1;
    }
    while from > 0 && long(&chunks[from - 1..]) <= length {
        from -= 1;
    }
    let mut to = (center + 1).min(chunks.len());
    while to < chunks.len() && long(&chunks[from..=to]) <= length {
        to += 1;
    }

    let mut excerpt = Excerpt::default();
    if from > 0 {
        excerpt.text.push_str("… ");
    }
    for (number, chunk) in chunks[from..to].iter().enumerate() {
        if number > 0 {
            excerpt.text.push(' ');
        }
        let shown = shortened(text, chunk, found.iter().find(|mark| mark.end > chunk.start), length);
        if shown.start > chunk.start {
            excerpt.text.push('…');
        }
        let shift = excerpt.text.len();
        excerpt.text.push_str(&text[shown.clone()]);
        let inside = |mark: &&Range<usize>| mark.start >= shown.start && mark.end <= shown.end;
        let moved = |mark: &Range<usize>| mark.start - shown.start + shift..mark.end - shown.start + shift;
        excerpt.highlights.extend(found.iter().filter(inside).map(moved));
        if shown.end < chunk.end {
            excerpt.text.push('…');
        }
    }
    if to < chunks.len() {
        excerpt.text.push_str(" …");
    }
    excerpt
}

/// The ranges between blanks.
fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split_whitespace().map(move |chunk| {
        let start = chunk.as_ptr() as usize - text.as_ptr() as usize;
        start..start + chunk.len()
    })
}

/// Shortens a chunk that is longer than the excerpt (a link, or text without blanks) to the part
/// that begins with its first match.
fn shortened(text: &str, chunk: &Range<usize>, mark: Option<&Range<usize>>, length: usize) -> Range<usize> {
    let count = text[chunk.clone()].chars().count();
    if count <= length {
        return chunk.clone();
    }
    let start = mark.filter(|mark| mark.end <= chunk.end).map_or(chunk.start, |mark| mark.start);
    let end = text[start..chunk.end].char_indices().nth(length).map_or(chunk.end, |(at, _)| start + at);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Formats an excerpt with its highlights in brackets.
    fn shown(text: &str, query: &str, length: usize) -> String {
        let excerpt = excerpt(text, &MessageTerms::parse(query), length);
        let piece = |(text, marked): (&str, bool)| if marked { format!("[{text}]") } else { text.to_owned() };
        excerpt.pieces().into_iter().map(piece).collect()
    }

    #[test]
    fn highlights_follow_the_spelling_of_the_text() {
        assert_eq!(
            shown("Салом, Азизахон! Щётка борми?", "aziza schyotka", 80),
            "Салом, [Азизахон]! [Щётка] борми?"
        );
        assert_eq!(shown("Oʻtkir 'ertaga' keladi", "ўткир ertaga", 80), "[Oʻtkir] '[ertaga]' keladi");
        assert_eq!(
            shown("Straße, cafe\u{301} \u{130}stanbul", "strasse CAFÉ istanbul", 80),
            "[Straße], [cafe\u{301}] [\u{130}stanbul]"
        );
        assert_eq!(shown("ok 👩\u{200d}👧❤️ да", "❤ да", 80), "ok 👩\u{200d}👧[❤️] [да]");
        assert_eq!(shown("שלום לכולם מחר", "לכולם", 80), "שלום [לכולם] מחר");
        assert_eq!(shown("nothing here", "else", 80), "nothing here");
    }

    #[test]
    fn long_texts_are_cut_between_words_around_the_first_match() {
        let text = format!(
            "{} one two three four five six found\n\nafter it {}",
            "lead ".repeat(50),
            "tail ".repeat(50)
        );
        assert_eq!(shown(&text, "found", 50), "… four five six [found] after it tail tail tail tail …");
        assert_eq!(shown("a b c found", "found", 5), "… [found]");
        assert_eq!(
            shown(&format!("{}found", "lead ".repeat(9)), "found", 30),
            "… lead lead lead lead [found]"
        );
        let link = format!("https://example.uz/{}/found/{}", "x".repeat(100), "y".repeat(100));
        assert_eq!(shown(&link, "found", 20), format!("…[found]/{}…", "y".repeat(14)));
    }

    proptest! {
        #[test]
        fn highlights_are_ordered_and_on_character_boundaries(
            text in "(\\PC{0,6}[ \n]?(Щука|İ|ﬃ|👩\u{200d}👧|e\u{301}|الله|шуқа)?){0,12}",
            query in "\\PC{0,8} (shuka|e|щ)?",
            length in 1_usize..60,
        ) {
            let terms = MessageTerms::parse(&query);
            let excerpt = excerpt(&text, &terms, length);
            let mut last = 0;
            for mark in &excerpt.highlights {
                prop_assert!(mark.start >= last && mark.end > mark.start);
                last = mark.end;
                let (_, spellings) = words_of(&excerpt.text[mark.clone()]).next().unwrap();
                prop_assert!(terms.match_word(&spellings));
            }
            let whole: String = excerpt.pieces().into_iter().map(|(piece, _)| piece).collect();
            prop_assert_eq!(whole, excerpt.text);
        }
    }
}
