//! Splitting of a text that is too long for one message, preferably at the end of a paragraph,
//! line, sentence or word.

/// The maximum length of a text, in UTF-16 units as Telegram counts.
pub(super) const MAX_TEXT: usize = 4096;
/// The maximum length of a caption, in UTF-16 units.
pub(super) const MAX_CAPTION: usize = 1024;

/// The length of a text in UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Splits a text into non-empty pieces of at most the maximum length.
pub(super) fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let cut = cut(rest);
        let (piece, after) = rest.split_at(cut);
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The end of the first piece: after the last paragraph, else line, sentence or word in the second
/// half, else between characters.
fn cut(text: &str) -> usize {
    let most = fitting(text);
    if most == text.len() {
        return most;
    }
    let head = &text[..most];
    let enough = |at: &usize| *at >= most / 2;
    let last = |mark: &str| head.rfind(mark).map(|at| at + mark.len()).filter(enough);
    let sentence = [". ", "! ", "? ", "… ", "。"].iter().filter_map(|mark| last(mark)).max();
    let word = || head.rfind(char::is_whitespace).filter(enough);
    last("\n\n").or_else(|| last("\n")).or(sentence).or_else(word).unwrap_or_else(|| between(text, most))
}

/// The number of bytes that fit into one message.
fn fitting(text: &str) -> usize {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_TEXT {
            return at;
        }
    }
    text.len()
}

/// The last position up to `most` that does not split a combined character, such as an emoji with
/// modifiers.
fn between(text: &str, most: usize) -> usize {
    let joins = |c: char| matches!(c, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{300}'..='\u{36f}');
    let may = |at: &usize| {
        let next = text[*at..].chars().next();
        let before = text[..*at].chars().next_back();
        !next.is_some_and(joins) && before != Some('\u{200d}')
    };
    let places = text[..most].char_indices().map(|(at, _)| at).rev().take(32);
    std::iter::once(most).chain(places).filter(|at| *at > 0).find(may).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_are_one_piece() {
        assert_eq!(split(" Salom! "), ["Salom!"]);
        assert_eq!(split(&"я".repeat(4096)).len(), 1);
        assert!(split("  \n ").is_empty());
    }

    #[test]
    fn emoji_count_twice_and_are_not_split() {
        let text = "😀".repeat(2049);
        let pieces = split(&text);
        assert_eq!(pieces.iter().map(|piece| length(piece)).collect::<Vec<_>>(), [4096, 2]);
        let family = "👨\u{200d}👩\u{200d}👧";
        let text = family.repeat(600);
        for piece in split(&text) {
            assert_eq!(piece.len() % family.len(), 0);
        }
    }

    #[test]
    fn texts_are_split_at_paragraphs_lines_sentences_and_words() {
        let fill = |n: usize| "😀".repeat(n);
        for (mark, first) in [("\n\n", 1800), ("\n", 1900), (". ", 1700), (" ", 1950)] {
            let text = format!("{}{mark}{}", fill(first), fill(900));
            let pieces = split(&text);
            let end = if mark == ". " { "." } else { "" };
            assert_eq!(pieces, [format!("{}{end}", fill(first)), fill(900)], "{mark:?}");
        }
        // A break in the first half is not used.
        let early = format!("{} {}", fill(10), fill(2100));
        assert_eq!(length(split(&early)[0]), 4095);
    }

    proptest! {
        #[test]
        fn splitting_removes_only_white_space(text in "([a-zа-я😀👍🏽\u{301} .\n]{0,40}){0,400}") {
            let pieces = split(&text);
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&pieces.concat()), bare(&text));
            for piece in pieces {
                prop_assert!(length(piece) <= MAX_TEXT && !piece.is_empty());
            }
        }
    }
}
