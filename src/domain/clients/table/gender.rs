//! Words for genders in imported tables.

use crate::domain::{Gender, Problem, fold};

const WORDS: &[(Gender, &[&str])] = &[
    (
        Gender::Female,
        &["female", "f", "woman", "girl", "j", "jen", "jenskiy", "jenschina", "ayol", "a", "qiz"],
    ),
    (Gender::Male, &["male", "m", "man", "boy", "muj", "mujskoy", "mujchina", "erkak", "e", "er"]),
    (Gender::Other, &["other", "o", "drugoy", "drugoe", "inoe", "boshqa"]),
];

/// Parses a gender from a word in any of the three languages, or from the word's first letter.
pub fn gender(text: &str) -> Result<Gender, Problem> {
    let word: String = fold(text).chars().filter(|c| c.is_alphabetic()).collect();
    let found = WORDS.iter().find(|(_, words)| words.contains(&word.as_str()));
    found.map(|(gender, _)| *gender).ok_or(Problem::NotOneOf("male, female, other"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gender_words_parse_in_three_languages() {
        for (gender, words) in [
            (Gender::Female, ["Female", "Ж", "жен.", "Женский", "Ayol"]),
            (Gender::Male, ["male", "М", "муж.", "Мужской", "ERKAK"]),
            (Gender::Other, ["other", "Другой", "Boshqa", "O", "иное"]),
        ] {
            for word in words {
                assert_eq!(super::gender(word), Ok(gender), "{word}");
            }
        }
        assert!(super::gender("yes").is_err());
    }
}
