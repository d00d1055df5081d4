//! The terms of a search in the client list.

use crate::domain::search::fold;

/// The terms of a query. Each of them must occur, in any order.
#[derive(Debug, Clone, Default)]
pub struct SearchTerms(Vec<String>);

impl SearchTerms {
    /// The maximum number of terms; further terms are ignored, as they hardly narrow the result.
    pub const MAX: usize = 6;

    /// The longest term, in characters. Names are shorter, even where folding triples their
    /// letters, and SQLite rejects patterns of more than 50,000 bytes.
    const MAX_LENGTH: usize = 1_000;

    /// Splits a query into terms. A query that is a phone number in any notation becomes its
    /// digits.
    pub fn parse(query: &str) -> Self {
        // Stored text has no control characters, and PostgreSQL rejects NUL in parameters.
        let query = &query.replace(char::is_control, " ");
        let phone_like =
            query.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-–().".contains(c));
        let digits: String = query.chars().filter(char::is_ascii_digit).collect();
        let cut = |term: &str| term.chars().take(Self::MAX_LENGTH).collect::<String>();
        if phone_like && digits.len() >= 3 {
            return Self(vec![cut(&digits)]);
        }
        Self(fold(query).split_whitespace().take(Self::MAX).map(cut).collect())
    }

    /// True if there are no terms, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn terms(&self) -> &[String] {
        &self.0
    }

    /// The terms as `LIKE` patterns with `\` as the escape character; unused patterns match
    /// everything.
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
    fn control_characters_separate_terms() {
        assert_eq!(SearchTerms::parse("a\0b\u{7f}").patterns()[..3], ["%a%", "%b%", "%"]);
    }
}
