//! Phone numbers, stored in E.164 and formatted for display (docs/adr/0001-packages.md).

use std::{fmt, str::FromStr};

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber as Number, PhoneNumberFormat, PhoneNumberType, Region};

use crate::domain::{Problem, values::written_phone::WrittenPhone};

/// A country (ISO 3166-1 alpha-2), for parsing national phone numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country([u8; 2]);

impl Country {
    /// Uzbekistan, the default of a new tenant.
    pub const UZ: Self = Self(*b"UZ");

    /// All countries with a telephone numbering plan, sorted by code.
    pub fn all() -> impl Iterator<Item = Self> {
        let letters = || 'A'..='Z';
        letters().flat_map(move |a| letters().filter_map(move |b| format!("{a}{b}").parse().ok()))
    }

    /// The two-letter code.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    fn region(self) -> Option<Region> {
        self.code().parse().ok()
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
        let region = code.parse::<Region>().ok();
        let known = region.filter(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some());
        let letters = code.as_bytes().try_into().ok().filter(|_| known.is_some());
        letters.map(Self).ok_or_else(|| Problem::NotOneOf("ISO 3166-1 alpha-2".into()))
    }
}

/// The countries of the former Soviet Union, in which a national number is also written with 8, the trunk prefix of
/// their former plan. The library knows the present prefix only; Uzbekistan has none. A 0 is not read so, because
/// numbers of other countries begin with it.
const FORMER_TRUNK_COUNTRIES: [&str; 15] =
    ["AM", "AZ", "BY", "EE", "GE", "KG", "KZ", "LT", "LV", "MD", "RU", "TJ", "TM", "UA", "UZ"];

/// The fewest digits of a number that is taken for one with a calling code although no `+` begins it.
const MIN_INTERNATIONAL: usize = 10;

/// A phone number in E.164 that a numbering plan allows: `+` and at most fifteen digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Parses a number in any notation; numbers without `+` belong to `country`.
    ///
    /// A text that libphonenumber takes for a valid number means that number. One that it refuses is read once more as
    /// people also write numbers: with a trunk prefix in brackets, with a former trunk prefix, or with the calling code
    /// but without `+`.
    pub fn parse(text: &str, country: Country) -> Result<Self, Problem> {
        let not_a_phone = || Problem::NotAPhone(country);
        let written = WrittenPhone::parse(text).ok_or_else(not_a_phone)?;
        let valid = |text: &str| valid_number(text, country);
        let international = |digits: &str| valid(&format!("+{digits}"));
        let WrittenPhone { digits, without_bracketed_zero, is_international } = &written;
        let read = |digits: &str| if *is_international { international(digits) } else { valid(digits) };
        let with_former_trunk = || {
            let trunk = FORMER_TRUNK_COUNTRIES.contains(&country.code()) && !is_international;
            valid(digits.strip_prefix('8').filter(|_| trunk)?)
        };
        let with_code = || {
            let is_long = |digits: &str| digits.len() >= MIN_INTERNATIONAL;
            let bare = || Some(digits.as_str()).filter(|digits| is_long(digits) && !is_international);
            let dialled = ["00", "810"].into_iter().filter_map(|prefix| digits.strip_prefix(prefix));
            bare().into_iter().chain(dialled.filter(|digits| is_long(digits))).find_map(international)
        };
        read(digits)
            .or_else(|| read(without_bracketed_zero.as_deref()?))
            .or_else(with_former_trunk)
            .or_else(with_code)
            .map(|number| Self(number.format_as(PhoneNumberFormat::E164).into_owned()))
            .ok_or_else(not_a_phone)
    }

    /// Reads a stored number. The numbering plan is not checked again: the number was valid when it was stored, and
    /// stays readable when the plan changes.
    ///
    /// # Errors
    /// [`Problem::NotAPhone`] for a text that is not E.164.
    pub fn from_stored(text: &str) -> Result<Self, Problem> {
        let not_a_phone = Problem::NotAPhone(Country::default());
        let Some(digits) = text.strip_prefix('+') else { return Err(not_a_phone) };
        let is_e164 = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_e164 { Ok(Self(text.to_owned())) } else { Err(not_a_phone) }
    }

    /// Parses a number that begins with `+` and the country's calling code, as providers write it.
    pub fn parse_international(text: &str) -> Result<Self, Problem> {
        if !text.starts_with('+') {
            return Err(Problem::NotAPhone(Country::default()));
        }
        Self::parse(text, Country::default())
    }

    /// A mobile number of a country in international notation, as an example in texts.
    pub fn example(country: Country) -> Option<String> {
        let region = country.region()?;
        let example = |kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind).ok();
        let number = example(PhoneNumberType::Mobile).or_else(|| example(PhoneNumberType::FixedLine))?;
        Some(number.format_as(PhoneNumberFormat::International).into_owned())
    }

    /// The country whose numbering plan has the number; `None` for numbers of no country, such as those of satellite
    /// telephones.
    pub fn country(&self) -> Option<Country> {
        let number = self.0.parse::<Number>().ok()?;
        PHONE_NUMBER_UTIL.get_region_for_number(&number)?.as_region_str().parse().ok()
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Formats the number in international notation: `+998 90 123 45 67`.
    pub fn format_international(&self) -> String {
        let number = self.0.parse::<Number>();
        number.map_or_else(|_| self.0.clone(), |n| n.format_as(PhoneNumberFormat::International).into_owned())
    }
}

/// Reads `+` and digits, or the digits of a national number of `country`; `None` if no numbering plan has the number.
fn valid_number(text: &str, country: Country) -> Option<Number> {
    Number::parse(text, country.region()).ok().filter(Number::is_valid)
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
            assert_eq!(PhoneNumber::parse(text, Country::UZ), Err(Problem::NotAPhone(Country::UZ)), "{text}");
        }
    }

    /// A line of `tests/fixtures/phone_numbers.txt`, which `scripts/phone-table` describes.
    struct Example<'t> {
        country: &'t str,
        code: &'t str,
        trunk: &'t str,
        /// The international prefix of the country.
        prefix: &'t str,
        number: &'t str,
        words: Vec<&'t str>,
        others: Vec<&'t str>,
    }

    impl<'t> Example<'t> {
        fn read(line: &'t str) -> Self {
            let fields: Vec<&str> = line.split(' ').collect();
            let [country, code, trunk, prefix, number] = fields[..5].try_into().unwrap();
            let trunk = trunk.trim_matches('.');
            Self {
                country,
                code,
                trunk,
                prefix,
                number,
                words: fields[5..11].to_vec(),
                others: fields[11..].to_vec(),
            }
        }

        fn e164(&self) -> String {
            format!("+{}{}", self.code, self.number)
        }

        /// The texts in the notations of the table, for a home with an international prefix.
        fn texts(&self, prefix: &str) -> [String; 6] {
            let Self { code, trunk, number, .. } = self;
            [
                format!("+{code}{number}"),
                format!("+{code} (0) {number}"),
                (*number).to_owned(),
                format!("{trunk}{number}"),
                format!("{prefix}{code}{number}"),
                format!("{code}{number}"),
            ]
        }

        /// The library's answer to a notation in the home with an index.
        fn answer(&self, way: usize, home: usize) -> Option<String> {
            let word = self.words[way].as_bytes();
            match word.get(home).unwrap_or(&word[0]) {
                b'-' => None,
                b'=' => Some(self.e164()),
                other => Some(self.others[usize::from(other - b'a')].to_owned()),
            }
        }
    }

    fn examples() -> (Vec<(&'static str, &'static str)>, Vec<Example<'static>>) {
        let table = include_str!("../../../tests/fixtures/phone_numbers.txt");
        let homes = table.lines().find_map(|line| line.strip_prefix("# homes ")).unwrap();
        let homes = homes.split(' ').filter_map(|home| home.split_once('=')).collect();
        (homes, table.lines().filter(|line| !line.starts_with('#')).map(Example::read).collect())
    }

    #[test]
    fn numbers_mean_what_libphonenumber_says_in_each_notation_and_country() {
        let (homes, examples) = examples();
        let (mut compared, mut read_further) = (0, 0);
        for example in &examples {
            let own = (example.country, example.prefix);
            for (place, (home, prefix)) in homes.iter().chain([&own]).enumerate() {
                let country: Country = home.parse().unwrap();
                for (way, text) in example.texts(prefix).iter().enumerate() {
                    let found = PhoneNumber::parse(text, country).ok().map(|number| number.to_string());
                    compared += 1;
                    if let Some(expected) = example.answer(way, place) {
                        assert_eq!(found, Some(expected), "{text} in {home}");
                        continue;
                    }
                    // What the library refuses is refused, or read as the number that was written.
                    read_further += usize::from(found.is_some());
                    let former = || {
                        let trunk = FORMER_TRUNK_COUNTRIES.contains(home);
                        let national = text.strip_prefix('8').filter(|_| trunk)?;
                        Some(valid_number(national, country)?.to_string())
                    };
                    // A number of another country without + may also be one in full of a third.
                    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                    let in_full = |found: &String| digits.ends_with(&found[1..]);
                    let plain = |found: &String| *found == example.e164() || in_full(found);
                    let fine = found.as_ref().is_none_or(plain) || found == former();
                    assert!(fine, "{text} in {home} is {found:?}");
                }
            }
        }
        assert_eq!(compared, examples.len() * (homes.len() + 1) * 6);
        assert!(compared > 80_000 && read_further > 10_000, "{compared} {read_further}");
    }

    #[test]
    fn numbers_in_full_are_kept_in_each_way_of_writing() {
        let (homes, examples) = examples();
        for (at, example) in examples.iter().enumerate() {
            let (home, _) = homes[at % homes.len()];
            let (code, number, country) = (example.code, example.number, home.parse().unwrap());
            let (begin, end) = number.split_at(number.len() / 2);
            for text in [
                format!("+{code} {begin} {end}"),
                format!("+{code}\u{a0}{begin}\u{202f}{end}"),
                format!("\u{2067}+{code}\u{2009}{begin}\u{3000}{end}\u{2069}"),
                format!("\u{202a}+{code}\u{200e}{begin}\u{2011}{end}\u{202c}"),
                format!("\u{feff}+{code}.{begin}\u{2212}{end}\u{fe0f}\u{3164}"),
                format!("+{code} ({begin}) {end}"),
                format!("(+{code}) {begin}/{end}"),
                format!("tel:+{code}-{begin}-{end}"),
                format!("https://wa.me/{code}{number}"),
                format!("+{code}{number} ext. 12"),
                format!("+{code}{number} доб. 12"),
                format!("\u{180e}＋{code}{number}\u{61c}\u{200c}"),
            ] {
                let found = PhoneNumber::parse(&text, country).map(|number| number.to_string());
                assert_eq!(found, Ok(example.e164()), "{text} in {home}");
            }
        }
    }

    #[test]
    fn numbers_are_read_further_than_libphonenumber_does() {
        for (text, country, expected) in [
            ("8 (90) 700-99-98", "UZ", "+998907009998"),
            ("79161234567", "UZ", "+79161234567"),
            ("998901234567", "RU", "+998901234567"),
            ("00 998 90 123 45 67", "US", "+998901234567"),
            ("8 10 998 90 123 45 67", "UZ", "+998901234567"),
            ("+00998901234567", "UZ", "+998901234567"),
            ("+1 (0) 201 555 0123", "UZ", "+12015550123"),
            // These were refused or changed by the library that was used before.
            ("+4915123456789", "US", "+4915123456789"),
            ("+241 06 03 12 34", "KG", "+24106031234"),
            ("+7 812 123-45-67", "RU", "+78121234567"),
            ("8 (812) 123-45-67", "RU", "+78121234567"),
            ("8 800 555 35 35", "RU", "+78005553535"),
            ("+1 809 234 5678", "RU", "+18092345678"),
            ("+86 800 123 4567", "RU", "+868001234567"),
            ("+998 88 123 45 67", "TM", "+998881234567"),
            ("+39 02 1234 5678", "TR", "+390212345678"),
            ("99 812 34 56", "UZ", "+998998123456"),
            ("998998989", "UZ", "+998998998989"),
            ("701 123 45 67", "KZ", "+77011234567"),
            ("47 16 17 46", "NO", "+4747161746"),
            ("391 231 2312", "IT", "+393912312312"),
            ("(55) 98765-4321", "BR", "+5555987654321"),
        ] {
            let found = PhoneNumber::parse(text, country.parse().unwrap()).map(|number| number.to_string());
            assert_eq!(found.as_deref(), Ok(expected), "{text} in {country}");
        }
    }

    #[test]
    fn every_country_has_an_example() {
        for country in Country::all() {
            let example = PhoneNumber::example(country).unwrap_or_default();
            assert!(PhoneNumber::parse(&example, country).is_ok(), "{} {example}", country.code());
        }
        assert_eq!(PhoneNumber::example("RU".parse().unwrap()).unwrap(), "+7 912 345-67-89");
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
