//! Character encodings of uploaded tables, as spreadsheet programs write them in different locales.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// A character encoding that spreadsheet programs write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little-endian; Windows programs call it "Unicode text".
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// Excel writes it as CSV in Russian and Uzbek (Cyrillic) locales.
    Windows1251,
}

impl Charset {
    const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1251];

    /// The usual name of the encoding.
    pub fn as_str(self) -> &'static str {
        self.encoding().name()
    }

    /// Returns the encoding of a name; unknown names are read as UTF-8.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|charset| charset.as_str() == name).unwrap_or(Self::Utf8)
    }

    /// Returns a decoder, which replaces invalid bytes by `U+FFFD` and removes a byte order mark.
    pub fn decoder(self) -> Decoder {
        self.encoding().new_decoder_with_bom_removal()
    }

    /// Decodes a whole text; invalid bytes become `U+FFFD`.
    pub fn decode(self, bytes: &[u8]) -> String {
        self.encoding().decode(bytes).0.into_owned()
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1251 => WINDOWS_1251,
        }
    }
}

/// Detects a file's encoding from its bytes as a stream. A file that is valid UTF-8 throughout, or but for a few spoiled
/// bytes, is UTF-8, because other text is valid only by rare coincidence; so the result is known only at the end.
pub struct CharsetDetector {
    head: Vec<u8>,
    utf8: Decoder,
    /// The characters of more than one byte that are valid UTF-8, and the places that are not.
    valid: u64,
    malformed: u64,
}

/// The number of bytes that UTF-16 without a byte order mark is detected from: tables contain
/// ASCII, whose other bytes are zero.
const HEAD: usize = 1024;

/// The number of valid characters for each spoiled place from which a text is UTF-8. Text of another encoding has hardly any.
const SPOILED: u64 = 4;

impl Default for CharsetDetector {
    fn default() -> Self {
        Self { head: Vec::new(), utf8: UTF_8.new_decoder_without_bom_handling(), valid: 0, malformed: 0 }
    }
}

impl CharsetDetector {
    /// Takes the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        let wanted = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        self.check(bytes, false);
    }

    fn check(&mut self, mut bytes: &[u8], last: bool) {
        let mut text = [0; 4096];
        loop {
            let (result, read, written) =
                self.utf8.decode_to_utf8_without_replacement(bytes, &mut text, last);
            let leads = text.iter().take(written).filter(|byte| **byte >= 0xc0).count();
            self.valid += u64::try_from(leads).unwrap_or(0);
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.malformed += 1,
            }
            bytes = bytes.get(read..).unwrap_or_default();
        }
    }

    /// Returns the encoding after the last bytes.
    pub fn finish(mut self) -> Charset {
        self.check(&[], true);
        match self.head.as_slice() {
            [0xff, 0xfe, ..] => return Charset::Utf16Le,
            [0xfe, 0xff, ..] => return Charset::Utf16Be,
            _ => {}
        }
        let zeros = |odd: usize| self.head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        let many = self.head.len() / 8 + 1;
        match (zeros(0), zeros(1)) {
            (0, high) if high >= many => Charset::Utf16Le,
            (high, 0) if high >= many => Charset::Utf16Be,
            _ if self.malformed == 0 || self.valid > SPOILED * self.malformed => Charset::Utf8,
            _ => Charset::Windows1251,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TABLE: &str = "Имя;Телефон\r\nАзиза;90 123 45 67\r\n";

    fn guessed(bytes: &[u8], at_once: usize) -> Charset {
        let mut guess = CharsetDetector::default();
        for chunk in bytes.chunks(at_once) {
            guess.feed(chunk);
        }
        guess.finish()
    }

    fn utf16(text: &str, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to).collect()
    }

    #[test]
    fn charsets_of_spreadsheets_are_detected() {
        let windows = WINDOWS_1251.encode(TABLE).0.into_owned();
        let marked = format!("\u{feff}{TABLE}");
        for (bytes, charset) in [
            (TABLE.as_bytes().to_vec(), Charset::Utf8),
            (marked.as_bytes().to_vec(), Charset::Utf8),
            (windows, Charset::Windows1251),
            (utf16(&marked, u16::to_le_bytes), Charset::Utf16Le),
            (utf16(&marked, u16::to_be_bytes), Charset::Utf16Be),
            (utf16(TABLE, u16::to_le_bytes), Charset::Utf16Le),
            (utf16(TABLE, u16::to_be_bytes), Charset::Utf16Be),
            (b"first_name\nAziza\n".to_vec(), Charset::Utf8),
            (Vec::new(), Charset::Utf8),
        ] {
            for at_once in [1, 3, 10_000] {
                assert_eq!(guessed(&bytes, at_once), charset);
            }
            let mut text = String::with_capacity(1_000);
            let _ = charset.decoder().decode_to_string(&bytes, &mut text, true);
            assert!(text == TABLE || text.len() < 20, "{text}");
            assert_eq!(Charset::from_name(charset.as_str()), charset);
        }
        // ASCII in the beginning, Cyrillic only later.
        let late = format!("{}{TABLE}", "name;phone\n".repeat(2_000));
        assert_eq!(guessed(&WINDOWS_1251.encode(&late).0, 4_096), Charset::Windows1251);
        assert_eq!(guessed(late.as_bytes(), 4_095), Charset::Utf8);
        // One spoiled byte does not make another encoding of the rest.
        let mut spoiled = TABLE.repeat(20).into_bytes();
        spoiled[500] = 0xff;
        assert_eq!(guessed(&spoiled, 64), Charset::Utf8);
        // A character that is cut off at the end.
        assert_eq!(guessed(&"Имя".as_bytes()[..3], 2), Charset::Windows1251);
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let charset = guessed(&bytes, 7);
            let mut text = String::with_capacity(1_000);
            let _ = charset.decoder().decode_to_string(&bytes, &mut text, true);
        }
    }
}
