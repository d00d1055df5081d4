//! The division of an SMS into segments, which determines its price.

/// The characters of GSM 03.38 that take one septet each.
pub const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The characters of the extension table, which take two septets each.
pub const GSM_EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// The character encoding of an SMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsEncoding {
    /// Seven bits per character: 160 in a single segment, 153 in each of several.
    Gsm7,
    /// Sixteen bits per character: 70 in a single segment, 67 in each of several.
    Ucs2,
}

impl SmsEncoding {
    /// The number of units in a message of one segment.
    pub fn single_limit(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// The number of units in each of several segments; a header with their order takes the rest.
    pub fn concatenated_limit(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }
}

/// The segments of a text that is sent as SMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    /// The encoding of all segments.
    pub encoding: SmsEncoding,
    /// The number of segments; an empty text has none.
    pub count: usize,
    /// The number of units that are free in the last segment.
    pub remaining: usize,
    /// The character outside GSM 03.38 that makes the whole text use 16 bits per character: the first letter, otherwise the
    /// first sign. A sign could be replaced, which helps only if no letter needs the encoding as well.
    pub first_non_gsm: Option<char>,
}

impl Segments {
    /// Computes the segments of a text. A character is never split between two segments.
    pub fn of(text: &str) -> Self {
        let mut non_gsm = text.chars().filter(|c| septets(*c).is_none());
        let first = non_gsm.clone().next();
        let first_non_gsm = non_gsm.find(|c| c.is_alphabetic()).or(first);
        let encoding = if first_non_gsm.is_some() { SmsEncoding::Ucs2 } else { SmsEncoding::Gsm7 };
        let units = |c: char| match encoding {
            SmsEncoding::Gsm7 => septets(c).unwrap_or(1),
            SmsEncoding::Ucs2 => c.len_utf16(),
        };
        let total: usize = text.chars().map(units).sum();
        if total <= encoding.single_limit() {
            return Self {
                encoding,
                count: usize::from(total > 0),
                remaining: encoding.single_limit() - total,
                first_non_gsm,
            };
        }
        let (mut count, mut left) = (1, encoding.concatenated_limit());
        for taken in text.chars().map(units) {
            if taken > left {
                count += 1;
                left = encoding.concatenated_limit();
            }
            left -= taken;
        }
        Self { encoding, count, remaining: left, first_non_gsm }
    }
}

fn septets(c: char) -> Option<usize> {
    if GSM_BASIC.contains(c) { Some(1) } else { GSM_EXTENDED.contains(c).then_some(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> (SmsEncoding, usize, usize) {
        let segments = Segments::of(text);
        (segments.encoding, segments.count, segments.remaining)
    }

    #[test]
    fn gsm_tables_match_the_standard() {
        // 128 septets, of which one is the escape to the extension table.
        assert_eq!((GSM_BASIC.chars().count(), GSM_EXTENDED.chars().count()), (127, 10));
    }

    #[test]
    fn segments_are_counted_like_carriers() {
        use SmsEncoding::*;
        assert_eq!(cut(""), (Gsm7, 0, 160));
        assert_eq!(cut(&"a".repeat(160)), (Gsm7, 1, 0));
        assert_eq!(cut(&"a".repeat(161)), (Gsm7, 2, 145));
        assert_eq!(cut(&"a".repeat(306)), (Gsm7, 2, 0));
        assert_eq!(cut(&"a".repeat(307)), (Gsm7, 3, 152));
        assert_eq!(cut(&"€".repeat(80)), (Gsm7, 1, 0));
        assert_eq!(cut(&"я".repeat(70)), (Ucs2, 1, 0));
        assert_eq!(cut(&"я".repeat(71)), (Ucs2, 2, 63));
        assert_eq!(cut("Salom!\n{A}"), (Gsm7, 1, 148));
    }

    #[test]
    fn characters_are_never_split_between_segments() {
        // 152 characters and one of two septets, which goes to the next segment whole.
        let text = format!("{}€{}", "a".repeat(152), "a".repeat(10));
        assert_eq!(cut(&text), (SmsEncoding::Gsm7, 2, 141));
        let text = format!("{}😀{}", "я".repeat(66), "я".repeat(4));
        assert_eq!(cut(&text), (SmsEncoding::Ucs2, 2, 61));
    }

    #[test]
    fn first_non_gsm_character_is_reported() {
        assert_eq!(Segments::of("Oʻzbekiston").first_non_gsm, Some('ʻ'));
        assert_eq!(Segments::of("O'zbekiston").first_non_gsm, None);
        assert_eq!(Segments::of("9–18").first_non_gsm, Some('–'));
        assert_eq!(
            Segments::of("9–18, Тимур").first_non_gsm,
            Some('Т'),
            "without the dash it would be the same"
        );
    }
}
