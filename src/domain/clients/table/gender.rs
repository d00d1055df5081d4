//! Words for genders in imported tables.

use crate::domain::fold;

const WORDS: &[(&str, &[&str])] = &[
    ("female", &["female", "f", "woman", "girl", "j", "jen", "jenskiy", "jenschina", "ayol", "a", "qiz"]),
    ("male", &["male", "m", "man", "boy", "muj", "mujskoy", "mujchina", "erkak", "e", "er"]),
    ("other", &["other", "o", "drugoy", "drugoe", "inoe", "boshqa"]),
];

/// Returns the gender that a word in any of the three languages means, or the word's first letter.
/// Other words are returned as they are.
pub(super) fn gender(text: &str) -> &str {
    let word: String = fold(text).chars().filter(|c| c.is_alphabetic()).collect();
    let found = WORDS.iter().find(|(_, words)| words.contains(&word.as_str()));
    found.map_or(text, |(gender, _)| *gender)
}

#[cfg(test)]
mod tests {
    #[test]
    fn gender_words_parse_in_three_languages() {
        for (gender, words) in [
            ("female", ["Female", "Ж", "жен.", "Женский", "Ayol"]),
            ("male", ["male", "М", "муж.", "Мужской", "ERKAK"]),
            ("other", ["other", "Другой", "Boshqa", "O", "иное"]),
        ] {
            for word in words {
                assert_eq!(super::gender(word), gender, "{word}");
            }
        }
        assert_eq!(super::gender("yes"), "yes");
    }
}
