//! Phone numbers as people and programs write them: links, extensions, brackets, and spaces and dashes of all kinds.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use crate::domain::values::invisible::is_invisible;

/// The digits of a text that is nothing but a phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain) struct WrittenPhone {
    /// The digits in the order in which they are written.
    pub(in crate::domain) digits: String,
    /// The digits without a trunk prefix in brackets, as in `+49 (0) 176 1234567`.
    pub(in crate::domain) without_bracketed_zero: Option<String>,
    /// True if the digits begin with a country's calling code: after `+`, and in links of WhatsApp.
    pub(in crate::domain) is_international: bool,
}

/// The longest text that is taken for a phone number, in characters.
const MAX_LENGTH: usize = 250;

/// The addresses of links to a chat of WhatsApp, without the scheme. The number follows, without `+`.
const WHATSAPP_LINKS: [&str; 4] =
    ["wa.me/", "api.whatsapp.com/send?phone=", "web.whatsapp.com/send?phone=", "whatsapp://send?phone="];

/// The words before an extension, in the three languages. Such a number is kept without its extension, which no message
/// can be sent to.
const EXTENSION_WORDS: [&str; 13] = [
    "ext",
    "extn",
    "extension",
    "x",
    "доб",
    "добавочный",
    "вн",
    "внутр",
    "внутренний",
    "ichki",
    "qoʻsh",
    "qo'sh",
    "qoshimcha",
];

/// The longest extension, in digits.
const MAX_EXTENSION: usize = 8;

impl WrittenPhone {
    /// Reads a text; `None` if it is not a phone number in any notation.
    pub(in crate::domain) fn parse(text: &str) -> Option<Self> {
        // Copied numbers contain invisible characters for the writing direction; the compatible form of a character
        // makes one space of all kinds of spaces, and ASCII digits of full-width ones.
        let text: String = text.nfkc().filter(|c| !is_invisible(*c)).take(MAX_LENGTH + 1).collect();
        let text = text.trim();
        if text.chars().count() > MAX_LENGTH {
            return None;
        }
        match number_of_link(text) {
            Some(Link::Whatsapp(number)) => Self::read(&number, true),
            Some(Link::Telephone { number, context }) => Self::read(&format!("{context}{number}"), false),
            None => Self::read(text, false),
        }
    }

    fn read(text: &str, is_international: bool) -> Option<Self> {
        let text = without_extension(text)?.trim();
        let first = text.find(|c: char| !c.is_whitespace() && c != '(')?;
        let plus = text[first..].starts_with('+');
        let rest = if plus { &text[first + 1..] } else { text };
        let is_plain = |c: char| {
            decimal_digit(c).is_some() || c.is_whitespace() || "-()[]./~\u{30fc}".contains(c) || is_dash(c)
        };
        if !rest.chars().all(is_plain) {
            return None;
        }
        let digits: String = rest.chars().filter_map(decimal_digit).collect();
        let compact: String = rest.chars().filter(|c| !c.is_whitespace()).collect();
        let without_bracketed_zero = compact.split_once("(0)").map(|(before, after)| {
            before.chars().chain(after.chars()).filter_map(decimal_digit).collect::<String>()
        });
        let is_international = is_international || plus;
        (!digits.is_empty()).then_some(Self { digits, without_bracketed_zero, is_international })
    }
}

enum Link {
    Whatsapp(String),
    Telephone { number: String, context: String },
}

fn number_of_link(text: &str) -> Option<Link> {
    let has_prefix = |text: &str, prefix: &str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let after = |text: &'_ str, prefixes: &[&str]| {
        prefixes.iter().find(|prefix| has_prefix(text, prefix)).map(|prefix| text[prefix.len()..].to_owned())
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    if let Some(rest) = after(text, &["tel:", "sms:", "callto:"]) {
        let (number, parameters) = rest.split_once([';', '?']).unwrap_or((&rest, ""));
        let context = parameters.split(';').find_map(|one| one.strip_prefix("phone-context=+"));
        let context = context.filter(|_| !number.trim_start().starts_with('+'));
        let context = context.map_or(String::new(), |code| format!("+{code}"));
        return Some(Link::Telephone { number: decoded(number), context });
    }
    let address = after(text, &["https://", "http://"]).unwrap_or_else(|| text.to_owned());
    let address = after(&address, &["www."]).unwrap_or(address);
    let number = after(&address, &WHATSAPP_LINKS)?;
    let end = number.find(['?', '&', '/', '#']).unwrap_or(number.len());
    Some(Link::Whatsapp(decoded(&number[..end])))
}

/// The text before an extension; `None` if other words are in it.
fn without_extension(text: &str) -> Option<&str> {
    let Some(start) = text.find(|c: char| c.is_alphabetic() || ",;#".contains(c)) else { return Some(text) };
    let (number, extension) = text.split_at(start);
    let extension = extension.trim_start_matches([',', ';', '#', ' ']).to_lowercase();
    let word_end =
        extension.find(|c: char| c.is_ascii_digit() || ".:=# ".contains(c)).unwrap_or(extension.len());
    let (word, digits) = extension.split_at(word_end);
    let digits = digits.trim_start_matches(['.', ':', '=', '#', ' ', '№']);
    let is_number =
        (1..=MAX_EXTENSION).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_known = word.is_empty() || EXTENSION_WORDS.contains(&word);
    // An opening bracket before the word belongs to the extension.
    (is_number && is_known).then(|| number.trim_end_matches(['(', ' ']))
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The value of a decimal digit of the scripts that phones and keyboards offer, as an ASCII digit.
fn decimal_digit(c: char) -> Option<char> {
    const ZEROS: [char; 12] = [
        '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}',
        '\u{e50}', '\u{1040}', '\u{17e0}',
    ];
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Option<String> {
        let phone = WrittenPhone::parse(text)?;
        Some(format!("{}{}", if phone.is_international { "+" } else { "" }, phone.digits))
    }

    #[test]
    fn links_and_extensions_are_read() {
        for text in [
            "+998901234567",
            "tel:+998-90-123-45-67",
            "TEL:+998901234567;ext=12",
            "tel:90-123-45-67;phone-context=+998",
            "https://wa.me/998901234567?text=hi",
            "wa.me/+998901234567",
            "https://api.whatsapp.com/send?phone=%2B998901234567&text=hi",
            "whatsapp://send?phone=998901234567",
            "+998 90 123 45 67 ext. 12",
            "+998 90 123 45 67 доб. 12",
            "+998 90 123 45 67 (доб. 12",
            "+998 90 123 45 67 x12",
            "+998 90 123 45 67,12",
            "+998 90 123 45 67 # 12",
            "(+998) 90 123 45 67",
            "\u{2067}+998 90 123 45 67\u{2069}",
            "＋９９８ ９０ １２３ ４５ ６７",
            "+٩٩٨ ٩٠ ١٢٣ ٤٥ ٦٧",
        ] {
            assert_eq!(digits(text).as_deref(), Some("+998901234567"), "{text}");
        }
        let bracketed = WrittenPhone::parse("+49 (0) 176 1234567").unwrap();
        assert_eq!(bracketed.digits, "4901761234567");
        assert_eq!(bracketed.without_bracketed_zero.as_deref(), Some("491761234567"));
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "call me",
            "90 123 45 67 now",
            "+",
            "0800 FLOWERS",
            "1+2",
            "12 ext. 123456789",
            "https://wa.me/",
            "90 or 91",
        ] {
            assert_eq!(digits(text), None, "{text}");
        }
        assert_eq!(digits(&"1".repeat(300)), None);
    }
}
