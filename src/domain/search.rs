//! How text is made comparable: without case, accents, and the difference of Cyrillic and Latin letters.

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

fn is_apostrophe(c: char) -> bool {
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

/// What is searched for: each term must occur, in any order.
#[derive(Debug, Clone, Default)]
pub struct SearchTerms(Vec<String>);

impl SearchTerms {
    /// More terms than this add nothing but work; the rest is ignored.
    pub const MAX: usize = 6;

    /// Splits a query. One that is a phone number in any notation becomes its digits.
    pub fn parse(query: &str) -> Self {
        // No stored text has control characters, and PostgreSQL refuses a NUL even in a question.
        let query = &query.replace(char::is_control, " ");
        let phone_like =
            query.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-–().".contains(c));
        let digits: String = query.chars().filter(char::is_ascii_digit).collect();
        if phone_like && digits.len() >= 3 {
            return Self(vec![digits]);
        }
        Self(fold(query).split_whitespace().take(Self::MAX).map(str::to_owned).collect())
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `LIKE` patterns with `\` as the escape character; the ones not needed match everything.
    pub fn patterns(&self) -> [String; Self::MAX] {
        std::array::from_fn(|i| self.0.get(i).map_or_else(|| "%".to_owned(), |term| like(term)))
    }
}

fn like(term: &str) -> String {
    let mut pattern = String::with_capacity(term.len() + 2);
    pattern.push('%');
    for c in term.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
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
    fn wildcards_are_plain_characters() {
        let patterns = SearchTerms::parse("50%_off \\ x").patterns();
        assert_eq!(patterns[0], r"%50\%\_off%");
        assert_eq!(patterns[1], r"%\\%");
        assert_eq!(patterns[3], "%");
    }

    #[test]
    fn a_phone_in_any_notation_is_its_digits() {
        assert_eq!(SearchTerms::parse("+998 (90) 123-45").patterns()[0], "%9989012345%");
        assert_eq!(SearchTerms::parse("25 б").patterns()[..2], ["%25%", "%b%"]);
    }

    #[test]
    fn control_characters_part_words() {
        assert_eq!(SearchTerms::parse("a\0b\u{7f}").patterns()[..3], ["%a%", "%b%", "%"]);
    }
}
