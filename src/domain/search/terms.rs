//! The terms of a search in the client list.

use crate::domain::{
    clients::contact::username,
    search::{
        fold,
        fold::{spellings, spellings_of_name},
    },
    values::{invisible::is_invisible, written_phone::WrittenPhone},
};

/// The terms of a query. Each of them must occur, in any order.
#[derive(Debug, Clone, Default)]
pub struct SearchTerms {
    terms: Vec<SearchTerm>,
    /// The spellings of the whole query as a name, if it is one.
    name: Vec<String>,
}

/// A term, and the forms in which it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SearchTerm {
    /// The folded text, or the digits of a number.
    text: String,
    /// The forms, [`fold_for_search`](super::fold_for_search) of the text first.
    pub(super) forms: Vec<String>,
    /// True for the digits of a number.
    pub(super) is_number: bool,
}

/// The shortest term that is looked up in other spellings, in characters; shorter ones would find nearly everything.
const MIN_SPELLED: usize = 3;
/// The fewest digits of a phone number that is searched for without the prefix by which it is dialled.
const MIN_DIALLED: usize = 8;

impl SearchTerm {
    fn word(word: &str) -> Self {
        let text = cut(&fold(word));
        let mut forms = spellings(&text_of(word));
        let is_long = word.chars().count() >= MIN_SPELLED;
        let mut at = 0;
        forms.retain(|form| {
            at += 1;
            at == 1 || (is_long && form.chars().count() >= MIN_SPELLED)
        });
        Self { text, forms: forms.iter().map(|form| cut(form)).collect(), is_number: false }
    }

    fn digits(digits: &str) -> Self {
        Self { text: cut(digits), forms: vec![cut(digits)], is_number: true }
    }

    /// A number with its digits as they are dialled within the country and from abroad.
    fn number(number: &WrittenPhone) -> Self {
        let mut term = Self::digits(&number.digits);
        if number.digits.len() >= MIN_DIALLED {
            let dialled = ["00", "0", "8", "011", "810"];
            let dialled = dialled.into_iter().filter_map(|prefix| number.digits.strip_prefix(prefix));
            term.forms.extend(dialled.map(cut));
        }
        term.forms.extend(number.without_bracketed_zero.as_deref().map(cut));
        term
    }
}

fn cut(term: &str) -> String {
    term.chars().take(SearchTerms::MAX_LENGTH).collect()
}

/// The part of a term that is compared in other spellings, which are made for names.
fn text_of(word: &str) -> String {
    word.chars().take(SearchTerms::MAX_LENGTH).collect()
}

impl SearchTerms {
    /// The maximum number of terms; further terms are ignored, as they hardly narrow the result.
    pub const MAX: usize = 6;

    /// The longest term, in characters. Names are shorter, even where folding triples their
    /// letters, and SQLite rejects patterns of more than 50,000 bytes.
    const MAX_LENGTH: usize = 1_000;

    /// Splits a query into terms. A query that is a phone number in any notation becomes its
    /// digits; a username may be written with `@` or as a link.
    pub fn parse(query: &str) -> Self {
        // Stored text has no control characters, and PostgreSQL rejects NUL in parameters.
        let query = &query.replace(char::is_control, " ");
        if let Some(number) = WrittenPhone::parse(query).filter(|number| number.digits.len() >= 3) {
            return Self { terms: vec![SearchTerm::number(&number)], name: Vec::new() };
        }
        let visible: String = query.chars().filter(|c| !is_invisible(*c)).collect();
        let terms: Vec<_> = visible.split_whitespace().take(Self::MAX).map(Self::term).collect();
        let name = if terms.is_empty() { Vec::new() } else { spellings_of_name(&text_of(&visible)) };
        Self { terms, name }
    }

    fn term(word: &str) -> SearchTerm {
        let digits: String = word.chars().filter(char::is_ascii_digit).collect();
        let is_number = |c: char| c.is_ascii_digit() || "+-–()./".contains(c);
        if !digits.is_empty() && word.chars().all(is_number) {
            return SearchTerm::digits(&digits);
        }
        SearchTerm::word(username(word).filter(|name| !name.is_empty()).unwrap_or(word))
    }

    /// True if there are no terms, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub(super) fn terms(&self) -> &[SearchTerm] {
        &self.terms
    }

    /// The spellings of the whole query as a name; none if it is a number.
    pub(super) fn name(&self) -> &[String] {
        &self.name
    }

    /// The forms of the terms, each in the spellings that texts are compared in, for marking matches. Digits are
    /// compared with digits only.
    pub fn forms(&self) -> impl Iterator<Item = (&[String], bool)> {
        self.terms.iter().map(|term| (term.forms.as_slice(), term.is_number))
    }

    /// The terms as `LIKE` patterns with `\` as the escape character; unused patterns match
    /// everything.
    pub fn patterns(&self) -> [String; Self::MAX] {
        std::array::from_fn(|i| self.terms.get(i).map_or_else(|| "%".to_owned(), |term| like(&term.text)))
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
    fn wildcards_are_escaped() {
        let patterns = SearchTerms::parse("50%_off \\ x").patterns();
        assert_eq!(patterns[0], r"%50\%\_off%");
        assert_eq!(patterns[1], r"%\\%");
        assert_eq!(patterns[3], "%");
    }

    #[test]
    fn phone_queries_become_digits() {
        assert_eq!(SearchTerms::parse("+998 (90) 123-45").patterns()[0], "%9989012345%");
        assert_eq!(SearchTerms::parse("25 б").patterns()[..2], ["%25%", "%b%"]);
    }

    #[test]
    fn usernames_and_numbers_among_words_are_read() {
        assert_eq!(SearchTerms::parse("@aziza_k").patterns()[0], r"%aziza\_k%");
        assert_eq!(SearchTerms::parse("https://t.me/aziza?text=hi").patterns()[0], "%aziza%");
        assert_eq!(SearchTerms::parse("Азиза +998 (90)").patterns()[..3], ["%aziza%", "%998%", "%90%"]);
        assert_eq!(SearchTerms::parse("@").patterns()[0], "%@%");
        for query in [
            "\u{202a}+998 90 123\u{200e} 45 67\u{2068}",
            "tel:+998901234567",
            "https://wa.me/998901234567",
            "+998 (0) 90 123 45 67",
            "011 998 90 123 45 67",
            "8 10 998 90 123 45 67",
        ] {
            let forms = SearchTerms::parse(query).terms()[0].forms.clone();
            assert!(forms.contains(&"998901234567".to_owned()), "{query} {forms:?}");
        }
    }

    #[test]
    fn control_characters_separate_terms() {
        assert_eq!(SearchTerms::parse("a\0b\u{7f}").patterns()[..3], ["%a%", "%b%", "%"]);
    }
}
