//! Folding: a normal form of text that ignores case, accents, and the difference of Cyrillic and
//! Latin script.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folds text to the form that searches store and compare: lower case, without accents and
/// apostrophes, Cyrillic transliterated to the Latin alphabet of Uzbek.
///
/// ```text
/// Азиза → aziza        Oʻtkir, O'tkir, Ўткир → otkir        José → jose
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Some letters decompose into a base and a mark in Unicode but are letters of their own in
    // Uzbek and Russian. They are replaced before the decomposition removes their marks.
    for c in text.nfc().flat_map(char::to_lowercase) {
        match latin(c) {
            Some(latin) => folded.push_str(latin),
            None => folded.extend(c.nfkd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c))),
        }
    }
    folded
}

/// Folds text like [`fold`], and unifies letters that are commonly substituted for each other. A
/// Russian keyboard has neither қ nor ҳ, so that Қодир and Зуҳра are also written Кодир and Зухра,
/// and in Latin Kodir and Zuxra.
///
/// The result is for comparison only; sorting must keep q and x apart.
pub fn fold_for_search(text: &str) -> String {
    fold_lookalikes(&fold(text))
}

/// Applies the substitutions of [`fold_for_search`] to text that is folded already.
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

/// Transliterates a Cyrillic letter according to the Uzbek alphabet of 1995, such that both
/// spellings of a name fold alike: soft and hard signs are removed, as apostrophes are.
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
    fn fold_ignores_script_accents_and_apostrophes() {
        assert_eq!(fold("Азиза Каримова"), "aziza karimova");
        for text in ["Oʻtkir", "O'tkir", "O‘tkir", "Ўткир", "otkir"] {
            assert_eq!(fold(text), "otkir", "{text}");
        }
        assert_eq!(fold("José Núñez"), "jose nunez");
        assert_eq!(fold("G‘ulom"), fold("Ғулом"));
        assert_eq!(fold("Şükrü ÇELİK"), "sukru celik");
    }

    #[test]
    fn fold_for_search_equates_letters_missing_on_keyboards() {
        for text in ["Зуҳра", "Зухра", "Zuhra", "zuxra"] {
            assert_eq!(fold_for_search(text), "zuhra", "{text}");
        }
        for text in ["Қодир", "Кодир", "Qodir", "kodir"] {
            assert_eq!(fold_for_search(text), "kodir", "{text}");
        }
    }
}
