//! Phone numbers, stored in E.164 and formatted for display.

use std::{fmt, str::FromStr};

use phonenumber::{Mode, country};

use crate::domain::Problem;

/// A country (ISO 3166-1 alpha-2), for parsing national phone numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country(country::Id);

impl Country {
    /// Uzbekistan, the default of a new tenant.
    pub const UZ: Self = Self(country::Id::UZ);

    /// All countries with a telephone numbering plan, sorted by code.
    pub fn all() -> impl Iterator<Item = Self> {
        let letters = || 'A'..='Z';
        letters().flat_map(move |a| letters().filter_map(move |b| format!("{a}{b}").parse().ok()))
    }

    /// The two-letter code.
    pub fn code(&self) -> &str {
        self.0.as_ref()
    }
}

impl Default for Country {
    fn default() -> Self {
        Self::UZ
    }
}

impl FromStr for Country {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let code = text.trim().to_ascii_uppercase();
        code.parse().map(Self).map_err(|_| Problem::NotOneOf("ISO 3166-1 alpha-2".into()))
    }
}

const INVISIBLE: [char; 12] = [
    '\u{200b}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2060}', '\u{2066}', '\u{2069}', '\u{feff}',
];

/// A phone number in E.164 that a numbering plan allows: `+` and at most fifteen digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Parses a number in any notation; numbers without `+` belong to `country`.
    pub fn parse(text: &str, country: Country) -> Result<Self, Problem> {
        // Copied numbers often contain invisible characters for the writing direction.
        let text: String = text.chars().filter(|c| !INVISIBLE.contains(c)).collect();
        let text = text.trim();
        // The library also accepts letters ("0800 FLOWERS") and finds numbers inside longer text.
        let plain = |c: char| {
            c.is_ascii_digit() || c.is_whitespace() || "+-().\u{2010}\u{2011}\u{2012}–\u{2212}/".contains(c)
        };
        if !text.chars().all(plain) {
            return Err(Problem::NotAPhone);
        }
        let valid = |text: &str| {
            let number =
                phonenumber::parse(Some(country.0), text).ok().filter(phonenumber::PhoneNumber::is_valid)?;
            Some(Self(number.format().mode(Mode::E164).to_string()))
        };
        // Numbers in Uzbekistan are still written with the trunk prefix 8, which the numbering plan no longer has.
        let without_prefix = || text.strip_prefix('8').filter(|_| country == Country::UZ).and_then(valid);
        valid(text).or_else(without_prefix).ok_or(Problem::NotAPhone)
    }

    /// Reads a stored number. The numbering plan is not checked again: the number was valid when it was stored, and
    /// stays readable when the plan changes.
    ///
    /// # Errors
    /// [`Problem::NotAPhone`] for a text that is not E.164.
    pub fn from_stored(text: &str) -> Result<Self, Problem> {
        let digits = text.strip_prefix('+').ok_or(Problem::NotAPhone)?;
        let is_e164 = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_e164 { Ok(Self(text.to_owned())) } else { Err(Problem::NotAPhone) }
    }

    /// Parses a number that begins with `+` and the country's calling code, as providers write it.
    pub fn parse_international(text: &str) -> Result<Self, Problem> {
        if !text.starts_with('+') {
            return Err(Problem::NotAPhone);
        }
        Self::parse(text, Country::UZ)
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Formats the number in international notation: `+998 90 123 45 67`.
    pub fn format_international(&self) -> String {
        phonenumber::parse(None, &self.0)
            .map_or_else(|_| self.0.clone(), |n| n.format().mode(Mode::International).to_string())
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations_of_a_number_parse_alike() {
        for text in [
            "+998901234567",
            "90 123 45 67",
            "+998 (90) 123-45-67",
            "998901234567",
            "90.123.45.67",
            "\u{202a}+998\u{a0}90 123\u{2011}45\u{2212}67\u{202c}",
            " 00998901234567\n",
            "8 (90) 123-45-67",
            "8-90-123-45-67",
        ] {
            assert_eq!(PhoneNumber::parse(text, Country::UZ).unwrap().as_str(), "+998901234567", "{text}");
        }
        let number = PhoneNumber::parse_international("+998901234567").unwrap();
        assert_eq!(number.format_international(), "+998 90 123 45 67");
        let moscow = PhoneNumber::parse("8 (495) 123-45-67", "RU".parse().unwrap()).unwrap();
        assert_eq!(moscow.format_international(), "+7 495 123-45-67");
        assert_eq!(Country::all().count(), 245);
    }

    #[test]
    fn a_stored_number_stays_readable_when_the_numbering_plan_changes() {
        assert!(PhoneNumber::parse_international("+998001234567").is_err());
        assert_eq!(PhoneNumber::from_stored("+998001234567").unwrap().as_str(), "+998001234567");
        for text in ["", "+", "998901234567", "+99890123456x", "+9989012345670000", "+998 90 123 45 67"] {
            assert!(PhoneNumber::from_stored(text).is_err(), "{text}");
        }
    }

    #[test]
    fn invalid_numbers_are_rejected() {
        for text in
            ["", "12", "+1", "+999999999999999", "call me", "+99890123456789012345", "90 123 45 67 now"]
        {
            assert_eq!(PhoneNumber::parse(text, Country::UZ), Err(Problem::NotAPhone), "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_round_trips(text in "\\PC{0,24}") {
            if let Ok(number) = PhoneNumber::parse(&text, Country::UZ) {
                prop_assert_eq!(PhoneNumber::parse_international(number.as_str()).unwrap(), number);
            }
        }

        #[test]
        fn digit_strings_parse_or_are_rejected(text in "[+]?[0-9 ()-]{0,20}") {
            if let Ok(number) = PhoneNumber::parse(&text, Country::UZ) {
                prop_assert!(number.as_str().starts_with('+') && number.as_str().len() <= 16);
                prop_assert_eq!(PhoneNumber::parse_international(number.as_str()).unwrap(), number);
            }
        }
    }
}
