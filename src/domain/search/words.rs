//! The words of the full-text tables. Both database engines store the same words and compare them
//! by bytes, so that results do not depend on the engine.
//!
//! The first character of a client's word is a marker: `:` before each suffix of a word, so that a
//! prefix query finds the middle of names and numbers; `^` before the first letter of a word, for
//! queries of one letter; `=` before a whole word and `!` before the whole name, for the rank of a
//! match. Words of names are stored in all their [spellings].

use std::{collections::HashSet, ops::Range};

use unicode_normalization::char::is_combining_mark;

use crate::domain::search::{
    SearchTerms,
    fold::{fold_for_search, is_apostrophe, spellings, spellings_of_name},
    terms::SearchTerm,
};
use crate::domain::{ClientFields, Contact, ContactType};

/// The longest word, in characters; longer words are cut, both in the table and in queries.
const MAX_LENGTH: usize = 64;
/// The maximum number of words of one client or message: PostgreSQL limits their size to one
/// megabyte.
const MAX_WORDS: usize = 2_000;
/// The shortest suffix of a number that is stored; nobody searches for shorter ones.
const MIN_NUMBER_LENGTH: usize = 3;

/// A query of a full-text table: at least one pattern of each list must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordQuery(pub Vec<Vec<WordPattern>>);

/// A word, or the prefix of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordPattern {
    /// The word as it is stored, without the tenant's prefix.
    pub word: String,
    /// True if words that begin with `word` match, too.
    pub prefix: bool,
}

/// A set of words in order of insertion, limited to the first [`MAX_WORDS`].
#[derive(Default)]
struct Words {
    list: Vec<String>,
    seen: HashSet<String>,
}

impl Words {
    fn add(&mut self, mark: char, word: &str) {
        if self.list.len() < MAX_WORDS {
            let word: String = std::iter::once(mark).chain(word.chars().take(MAX_LENGTH)).collect();
            if self.seen.insert(word.clone()) {
                self.list.push(word);
            }
        }
    }

    /// Inserts a word and all its suffixes. A single letter is inserted only where it is not a
    /// letter of an alphabet: queries of one letter use the marker of first letters.
    fn with_endings(&mut self, word: &str) {
        self.begin(word);
        for (at, letter) in word.char_indices().skip(1) {
            let ending = &word[at..];
            if !letter.is_ascii_alphanumeric() || ending.len() > 1 {
                self.add(':', ending);
            }
        }
    }

    fn begin(&mut self, word: &str) {
        if let Some(first) = word.chars().next() {
            self.add(':', word);
            self.add('^', first.encode_utf8(&mut [0; 4]));
            self.add('=', word);
        }
    }

    fn number(&mut self, number: &str) {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        self.begin(&digits);
        for at in 1..(digits.len() + 1).saturating_sub(MIN_NUMBER_LENGTH) {
            self.add(':', &digits[at..]);
        }
    }

    /// Inserts an e-mail address. All suffixes that begin in the local part are inserted, but in the
    /// domain, which many addresses share, only those that begin after `@`, `.` or `-`.
    fn email(&mut self, email: &str) {
        let email = fold_for_search(email);
        let domain = email.rfind('@').map_or(0, |at| at + 1);
        self.begin(&email);
        for (at, _) in email.char_indices().skip(1) {
            if at < domain || email[..at].ends_with(['@', '.', '-']) {
                self.add(':', &email[at..]);
            }
        }
    }

    fn text(&mut self, text: &str) {
        let text = text.replace(char::is_control, " ");
        for word in text.split_whitespace() {
            for spelling in spellings(word) {
                self.with_endings(&spelling);
            }
        }
    }

    fn name(&mut self, name: &str) {
        for spelling in spellings_of_name(name) {
            self.add('!', &spelling);
        }
        self.text(name);
    }
}

/// The words that a client is found by: from the names, the phone number, the e-mail address and
/// the contacts.
pub fn client_words(client: &ClientFields, contacts: &[Contact]) -> Vec<String> {
    let mut words = Words::default();
    words.name(&client.full_name());
    if let Some(phone) = client.phone() {
        words.number(phone.as_str());
    }
    if let Some(email) = client.email() {
        words.email(email.as_str());
    }
    for contact in contacts {
        match contact.kind {
            ContactType::Phone | ContactType::Whatsapp if contact.value.starts_with('+') => {
                words.number(&contact.value);
            }
            ContactType::Email => words.email(&contact.value),
            _ => words.text(contact.value.trim_start_matches('+')),
        }
    }
    words.list
}

/// How well a client matches the terms of a search, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchRank {
    /// The terms are the whole name.
    Name,
    /// Each term is a whole word, number or address.
    Word,
    /// Each term begins a word.
    Beginning,
    /// Each term is within a word.
    Inside,
}

impl MatchRank {
    /// All ranks, the best first.
    pub const ALL: [Self; 4] = [Self::Name, Self::Word, Self::Beginning, Self::Inside];

    /// The place among the ranks, counted from 0.
    pub fn number(self) -> i64 {
        self as i64
    }
}

impl SearchTerms {
    /// The query for the client table.
    pub fn client_query(&self) -> WordQuery {
        let alternatives = |term: &SearchTerm| term.forms.iter().map(|form| of_client(form)).collect();
        WordQuery(self.terms().iter().map(alternatives).collect())
    }

    /// The query for clients that match with this rank or a better one; `None` if no client can.
    pub fn rank_query(&self, rank: MatchRank) -> Option<WordQuery> {
        let words = |prefix: bool| {
            let word = |form: &String| WordPattern { word: marked('=', form), prefix };
            WordQuery(self.terms().iter().map(|term| term.forms.iter().map(word).collect()).collect())
        };
        match rank {
            MatchRank::Name if self.name().is_empty() => None,
            MatchRank::Name => {
                let name = |form: &String| WordPattern { word: marked('!', form), prefix: false };
                Some(WordQuery(vec![self.name().iter().map(name).collect()]))
            }
            MatchRank::Word => Some(words(false)),
            MatchRank::Beginning => Some(words(true)),
            MatchRank::Inside => Some(self.client_query()),
        }
    }
}

fn of_client(term: &str) -> WordPattern {
    let mut letters = term.chars();
    let (mark, prefix) = match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_alphanumeric() => ('^', false),
        _ => (':', true),
    };
    WordPattern { word: marked(mark, term), prefix }
}

fn marked(mark: char, word: &str) -> String {
    std::iter::once(mark).chain(word.chars().take(MAX_LENGTH)).collect()
}

/// The distinct words of a message.
pub fn message_words(text: &str) -> Vec<String> {
    let mut words = Words::default();
    for (_, spellings) in words_of(text) {
        for word in spellings {
            words.add(':', &word);
        }
    }
    words.list
}

/// The terms of a search in messages. Each of them must occur, in any order. Words of three or more
/// letters also match as prefixes, because the languages of the users inflect the ends of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageTerms(Vec<Vec<String>>);

impl MessageTerms {
    const MIN_PREFIX_LENGTH: usize = 3;

    /// Splits a query like messages are split; words beyond [`SearchTerms::MAX`] are ignored.
    pub fn parse(query: &str) -> Self {
        let mut terms = Vec::new();
        for (_, spellings) in words_of(query) {
            let cut = |word: &String| word.chars().take(MAX_LENGTH).collect::<String>();
            let forms: Vec<_> = spellings.iter().map(cut).collect();
            if terms.len() < SearchTerms::MAX && !terms.contains(&forms) {
                terms.push(forms);
            }
        }
        Self(terms)
    }

    /// True if there are no terms, in which case nothing matches.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The query for the message table.
    pub fn message_query(&self) -> WordQuery {
        let pattern = |term: &String| WordPattern { word: format!(":{term}"), prefix: begins(term) };
        WordQuery(self.0.iter().map(|forms| forms.iter().map(pattern).collect()).collect())
    }

    /// True if a text contains all terms by the rules of the full-text table.
    pub fn occur_in(&self, text: &str) -> bool {
        let words = message_words(text);
        self.message_query().0.iter().all(|any| {
            let says = |pattern: &WordPattern| {
                let same = |word: &String| *word == pattern.word;
                words.iter().any(|word| same(word) || (pattern.prefix && word.starts_with(&pattern.word)))
            };
            any.iter().any(says)
        })
    }

    /// True if one of the spellings of a word matches one of the terms.
    pub(super) fn match_word(&self, spellings: &[String]) -> bool {
        let matches =
            |term: &String, word: &String| if begins(term) { word.starts_with(term) } else { word == term };
        self.0.iter().flatten().any(|term| spellings.iter().any(|word| matches(term, word)))
    }
}

fn begins(term: &str) -> bool {
    term.chars().nth(MessageTerms::MIN_PREFIX_LENGTH - 1).is_some()
}

/// The words of a text in their [spellings], with their byte ranges. Letters and digits form words, an emoji is a
/// word by itself, and everything else separates words.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = (Range<usize>, Vec<String>)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[from..];
            // Some apostrophes count as letters; a word does not begin with one.
            let begins = |c: char| (c.is_alphanumeric() && !is_apostrophe(c)) || is_emoji(c);
            let start = from + rest.find(begins)?;
            let first = text[start..].chars().next()?;
            let end =
                start + if is_emoji(first) { emoji_length(&text[start..]) } else { word(&text[start..]) };
            from = end;
            let kept = |spelling: &String| -> String {
                spelling.chars().filter(|c| begins(*c) && !is_skin_tone(*c)).collect()
            };
            let spellings: Vec<_> = spellings(&text[start..end]).iter().map(kept).collect();
            if !spellings[0].is_empty() {
                return Some((start..end, spellings));
            }
        }
    })
}

/// The length of the word at the beginning of a text. A final apostrophe is excluded, since it
/// closes a quotation more often than it belongs to the word.
fn word(text: &str) -> usize {
    let belongs = |c: char| (c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c)) && !is_emoji(c);
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(is_apostrophe).len()
}

/// The length of the emoji at the beginning of a text, including modifiers and joined emoji.
fn emoji_length(text: &str) -> usize {
    let mut before = '\0';
    let inside = |(at, c): &(usize, char)| {
        let joined = *at == 0
            || before == JOINER
            || matches!(c, &JOINER | '\u{fe0f}' | '\u{20e3}')
            || is_skin_tone(*c)
            // Flags are pairs of regional indicators.
            || (is_flag(*c) && is_flag(before) && *at == before.len_utf8());
        before = *c;
        joined
    };
    text.char_indices().take_while(inside).last().map_or(0, |(at, c)| at + c.len_utf8())
}

const JOINER: char = '\u{200d}';

fn is_emoji(c: char) -> bool {
    is_flag(c) || matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}')
}

fn is_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Client, Email, PhoneNumber};

    fn words(text: &str) -> Vec<String> {
        words_of(text).map(|(_, spellings)| spellings[0].clone()).collect()
    }

    #[test]
    fn client_words_include_all_endings() {
        let phone = PhoneNumber::parse_international("+998901234567").unwrap();
        let email = Email::parse("a.b@z-y.uz").unwrap();
        let client = Client::builder("Азиз 5%").phone(phone).email(email).build().unwrap();
        let expected = "!5%_aziz :aziz ^a =aziz :ziz :iz :5% ^5 =5% :% :998901234567 ^9 =998901234567 \
                        :98901234567 :8901234567 :901234567 :01234567 \
                        :1234567 :234567 :34567 :4567 :567 :a.b@z-y.uz =a.b@z-y.uz :.b@z-y.uz :b@z-y.uz :@z-y.uz \
                        :z-y.uz :y.uz :uz";
        assert_eq!(client_words(&client, &[]).join(" "), expected);
    }

    #[test]
    fn number_of_words_is_bounded() {
        let client = Client::builder(&"ж".repeat(255)).last_name("a ".repeat(120)).build().unwrap();
        let words = client_words(&client, &[]);
        assert!(words.len() < 255 + 4 && words.iter().all(|word| word.chars().count() <= MAX_LENGTH + 1));
        let novel: String = (0..9_000).flat_map(|number| [number.to_string(), " ".to_owned()]).collect();
        assert_eq!(message_words(&novel).len(), MAX_WORDS);
    }

    #[test]
    fn client_queries_match_prefixes_and_dialled_numbers() {
        let ask = |query: &str| {
            let all = SearchTerms::parse(query).client_query().0.into_iter();
            let text = |p: WordPattern| format!("{}{}", p.word, if p.prefix { "*" } else { "" });
            all.map(|any| any.into_iter().map(text).collect::<Vec<_>>().join("|"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(ask("Азиз k 李 %"), ":aziz* ^k :李* :%*");
        assert_eq!(ask("8 (701) 123-45-67"), ":87011234567*|:7011234567*");
        assert_eq!(ask("00998 90 123 45 67"), ":00998901234567*|:998901234567*|:0998901234567*");
        assert_eq!(ask("0901"), ":0901*");
        assert_eq!(ask(&"w".repeat(100)), format!(":{}*", "w".repeat(MAX_LENGTH)));
    }

    #[test]
    fn message_words_are_letters_digits_and_emoji() {
        assert_eq!(words("«Салом», aziza@example.uz! №5—½"), ["salom", "aziza", "ehample", "uz", "5", "12"]);
        assert_eq!(words("'ertaga' Oʻtkir keladi, don't"), ["ertaga", "otkir", "keladi", "dont"]);
        assert_eq!(words("ok👍🏽👍 ❤️🇺🇿🇷🇺 👩\u{200d}👧!"), ["ok", "👍", "👍", "❤", "🇺🇿", "🇷🇺", "👩👧"]);
        assert_eq!(words("שלום مرحبا cafe\u{301}s"), ["שלום", "مرحبا", "cafes"]);
        assert!(words("… -- \0 \u{301} ʻ ʼ ʹ").is_empty());
        assert_eq!(words("ʻʼ ʻaziza ʼʼ b ʻ"), ["aziza", "b"]);
        assert_eq!(message_words("да, да!"), [":da"]);
    }

    #[test]
    fn short_query_words_match_whole_words() {
        let terms = MessageTerms::parse("на заказ \"*NOT");
        let matches = |word: &str| terms.match_word(&[word.to_owned()]);
        assert!(matches("na") && !matches("nad"));
        assert!(matches("zakaz") && matches("zakaza") && !matches("zak"));
        assert_eq!(terms.message_query().0.len(), 3);
        assert!(MessageTerms::parse("\" * -").is_empty());
    }
}
