//! How an SMS is cut into segments, which is what it costs.

/// The characters of GSM 03.38 that take one septet each.
pub const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Those of its extension table, which take two.
pub const GSM_EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// How the characters of an SMS are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsEncoding {
    /// Seven bits each: 160 in one segment, 153 in each of several.
    Gsm7,
    /// Sixteen bits each: 70 in one segment, 67 in each of several.
    Ucs2,
}

impl SmsEncoding {
    /// What fits into a message of one segment.
    pub fn single_limit(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// What fits into each of several segments, which tell their order in a header.
    pub fn concatenated_limit(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }
}

/// What a text is as an SMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    /// How it is written.
    pub encoding: SmsEncoding,
    /// How many there are; an empty text has none.
    pub count: usize,
    /// What still fits into the last one.
    pub remaining: usize,
    /// The first character that GSM 03.38 does not have, for which the whole text is written in sixteen bits.
    pub first_non_gsm: Option<char>,
}

impl Segments {
    /// Cuts a text. A character is never split between two segments.
    pub fn of(text: &str) -> Self {
        let first_non_gsm = text.chars().find(|c| septets(*c).is_none());
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
    fn the_table_is_the_standards() {
        // 128 septets, of which one is the escape to the extension table.
        assert_eq!((GSM_BASIC.chars().count(), GSM_EXTENDED.chars().count()), (127, 10));
    }

    #[test]
    fn segments_are_counted_as_carriers_do() {
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
    fn no_character_is_split() {
        // 152 and a sign of two septets: it goes to the next segment whole.
        let text = format!("{}€{}", "a".repeat(152), "a".repeat(10));
        assert_eq!(cut(&text), (SmsEncoding::Gsm7, 2, 141));
        let text = format!("{}😀{}", "я".repeat(66), "я".repeat(4));
        assert_eq!(cut(&text), (SmsEncoding::Ucs2, 2, 61));
    }

    #[test]
    fn the_character_that_makes_it_dear_is_named() {
        assert_eq!(Segments::of("Oʻzbekiston").first_non_gsm, Some('ʻ'));
        assert_eq!(Segments::of("O'zbekiston").first_non_gsm, None);
    }
}
