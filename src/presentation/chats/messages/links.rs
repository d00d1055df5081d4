//! Detection of addresses in messages, so that pages can link to them safely.

use std::borrow::Cow;

use linkify::{LinkFinder, LinkKind};
use url::Url;

/// A part of a text, with the address if it is a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::presentation) struct TextPart {
    pub(in crate::presentation) text: String,
    pub(in crate::presentation) href: Option<String>,
}

/// The allowed URL schemes of links.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Closing quotation marks of the supported languages; an address does not end with one.
const CLOSING_QUOTES: [char; 5] = ['»', '”', '“', '’', '›'];

/// Splits a text at its addresses; the parts together are the text.
pub(in crate::presentation) fn split_links(text: &str) -> Vec<TextPart> {
    let mut parts = Vec::new();
    for span in LinkFinder::new().spans(&with_ascii_host(text)) {
        let whole = text.get(span.start()..span.end()).unwrap_or_default();
        let (address, rest) = match span.kind() {
            Some(_) => whole.split_at(whole.trim_end_matches(CLOSING_QUOTES).len()),
            None => (whole, ""),
        };
        let href = match span.kind() {
            Some(LinkKind::Url) => safe_href(address),
            Some(LinkKind::Email) => safe_href(&format!("mailto:{address}")),
            _ => None,
        };
        parts.push(TextPart { text: address.to_owned(), href });
        parts.push(TextPart { text: rest.to_owned(), href: None });
    }
    parts.retain(|part| !part.text.is_empty());
    parts
}

/// Replaces each letter of hosts such as `почта.рф` by as many ASCII bytes, because the link finder
/// recognises top-level domains in ASCII only.
fn with_ascii_host(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut shadow = String::with_capacity(text.len());
    for (index, piece) in text.split("://").enumerate() {
        let outside = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'));
        let (host, rest) = match index {
            0 => ("", piece),
            _ => piece.split_at(piece.find(outside).unwrap_or(piece.len())),
        };
        shadow.push_str(if index == 0 { "" } else { "://" });
        for c in host.chars() {
            match c {
                _ if c.is_ascii() => shadow.push(c),
                _ => shadow.extend(std::iter::repeat_n('x', c.len_utf8())),
            }
        }
        shadow.push_str(rest);
    }
    Cow::Owned(shadow)
}

fn safe_href(address: &str) -> Option<String> {
    // Characters that change the writing direction could make an address look like another.
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if address.contains(turns) {
        return None;
    }
    let url = Url::parse(address).ok()?;
    // A user name before the host could make it look like another host.
    (SCHEMES.contains(&url.scheme()) && url.password().is_none()).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<(String, String)> {
        let all = split_links(text);
        assert_eq!(all.iter().map(|part| part.text.as_str()).collect::<String>(), text, "nothing is lost");
        all.into_iter().filter_map(|part| Some((part.text, part.href?))).collect()
    }

    fn hrefs(text: &str) -> Vec<String> {
        links(text).into_iter().map(|(_, href)| href).collect()
    }

    #[test]
    fn addresses_end_where_people_see_their_end() {
        for (text, expected) in [
            ("Look: https://example.uz/a?b=1&c=2.", vec!["https://example.uz/a?b=1&c=2"]),
            ("(see http://example.uz/x_(y)), ok?", vec!["http://example.uz/x_(y)"]),
            ("«https://example.uz».", vec!["https://example.uz/"]),
            ("write to a.b@example.uz!", vec!["mailto:a.b@example.uz"]),
            ("http://a.uz http://b.uz", vec!["http://a.uz/", "http://b.uz/"]),
            (
                "(https://почта.рф/ящик?имя=Азиза)",
                vec![
                    "https://xn--80a1acny.xn--p1ai/%D1%8F%D1%89%D0%B8%D0%BA?%D0%B8%D0%BC%D1%8F=%D0%90%D0%B7%D0%B8%D0%B7%D0%B0",
                ],
            ),
            ("no address here: 12:30, a/b, 1.5", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(hrefs(text), expected, "{text}");
        }
    }

    #[test]
    fn only_what_is_safe_is_linked() {
        for text in [
            "javascript:alert(1)",
            "javascript://example.uz/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "ftp://example.uz/a",
            "https://bank.uz:secret@evil.example/",
            "https://exa\u{202e}mple.uz/",
        ] {
            assert_eq!(hrefs(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_long_text_is_split_quickly() {
        let text = "http://".repeat(600);
        assert_eq!(split_links(&text).iter().map(|part| part.text.len()).sum::<usize>(), text.len());
    }
}
