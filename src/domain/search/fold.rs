//! Making text comparable: without case, accents, and the difference of Cyrillic and Latin letters.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folds text to the form in which it is stored for searching and in which queries are compared:
/// lower case, no accents, Cyrillic written in Latin letters (as Uzbek does), no apostrophes.
///
/// ```text
/// Азиза → aziza        Oʻtkir, O'tkir, Ўткир → otkir        José → jose
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Letters that are a base and a mark to Unicode but a letter of their own to Uzbek and Russian readers
    // are replaced before the decomposition takes their marks away.
    for c in text.nfc().flat_map(char::to_lowercase) {
        match latin(c) {
            Some(latin) => folded.push_str(latin),
            None => folded.extend(c.nfkd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c))),
        }
    }
    folded
}

/// Folds text as words are searched for: as [`fold`] does, and letters that people take for each other are one. A
/// Russian keyboard has neither қ nor ҳ, so Қодир and Зуҳра are written Кодир and Зухра too, and Kodir and Zuxra.
///
/// Only for comparing: in an alphabet, q and x have places of their own.
pub fn fold_for_search(text: &str) -> String {
    fold_lookalikes(&fold(text))
}

/// The second half of [`fold_for_search`], for what is folded already.
pub(super) fn fold_lookalikes(folded: &str) -> String {
    let one = |c| match c {
        'q' => 'k',
        'x' => 'h',
        c => c,
    };
    folded.chars().map(one).collect()
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | 'ʻ' | 'ʼ' | '‘' | '’' | 'ʹ' | '´')
}

/// The Latin spelling of a Cyrillic letter, close to the Uzbek alphabet of 1995 and made so that both spellings
/// of a name fold alike: soft and hard signs vanish, as apostrophes do.
#[expect(clippy::match_same_arms, reason = "an alphabet reads in its own order")]
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'ж' => "j",
        'з' => "z",
        'и' | 'і' => "i",
        'й' => "y",
        'к' => "k",
        'қ' => "q",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' | 'ў' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "x",
        'ҳ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "sch",
        'ы' => "i",
        'ь' | 'ъ' => "",
        'ю' => "yu",
        'я' => "ya",
        'ß' => "ss",
        'ı' => "i",
        'ø' => "o",
        'ł' => "l",
        'đ' => "d",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_accents_and_apostrophes_meet() {
        assert_eq!(fold("Азиза Каримова"), "aziza karimova");
        for text in ["Oʻtkir", "O'tkir", "O‘tkir", "Ўткир", "otkir"] {
            assert_eq!(fold(text), "otkir", "{text}");
        }
        assert_eq!(fold("José Núñez"), "jose nunez");
        assert_eq!(fold("G‘ulom"), fold("Ғулом"));
        assert_eq!(fold("Şükrü ÇELİK"), "sukru celik");
    }

    #[test]
    fn letters_that_a_keyboard_lacks_are_found_by_those_it_has() {
        for text in ["Зуҳра", "Зухра", "Zuhra", "zuxra"] {
            assert_eq!(fold_for_search(text), "zuhra", "{text}");
        }
        for text in ["Қодир", "Кодир", "Qodir", "kodir"] {
            assert_eq!(fold_for_search(text), "kodir", "{text}");
        }
    }
}
