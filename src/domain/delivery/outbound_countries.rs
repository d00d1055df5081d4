//! The countries to whose phone numbers a tenant sends messages.

use crate::domain::{Country, Problem};

/// The most countries of a list.
const MAX_LISTED: usize = 300;

/// The countries to whose phone numbers a tenant sends messages. A client who wrote is always answered, whatever the country
/// of the number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OutboundCountries {
    /// The tenant's own country, and those from whose numbers clients have written.
    #[default]
    OwnAndInbound,
    /// All countries, and numbers of no country, such as those of satellite telephones.
    Any,
    /// These countries, sorted by code.
    Listed(Vec<Country>),
}

impl OutboundCountries {
    /// Parses country codes that are separated by blanks or commas.
    ///
    /// # Errors
    /// [`Problem::Required`] without a code, [`Problem::NotOneOf`] for an unknown one, [`Problem::TooLong`].
    pub fn parse_list(text: &str) -> Result<Self, Problem> {
        let separators = |c: char| c.is_whitespace() || c == ',' || c == ';';
        let codes: Vec<_> = text.split(separators).filter(|code| !code.is_empty()).collect();
        if codes.is_empty() {
            return Err(Problem::Required);
        }
        if codes.len() > MAX_LISTED {
            return Err(Problem::TooLong { max: MAX_LISTED });
        }
        let mut countries = codes.into_iter().map(str::parse).collect::<Result<Vec<Country>, _>>()?;
        countries.sort_unstable_by(|a, b| a.code().cmp(b.code()));
        countries.dedup();
        Ok(Self::Listed(countries))
    }

    /// Reads the stored text: nothing, `*`, or codes that are separated by blanks. An unreadable text is the default.
    pub fn from_stored(text: Option<&str>) -> Self {
        match text {
            None => Self::default(),
            Some("*") => Self::Any,
            Some(codes) => Self::parse_list(codes).unwrap_or_default(),
        }
    }

    /// The stored text.
    pub fn to_stored(&self) -> Option<String> {
        match self {
            Self::OwnAndInbound => None,
            Self::Any => Some("*".to_owned()),
            Self::Listed(countries) => Some(Self::codes(countries)),
        }
    }

    /// The codes of countries, separated by blanks.
    pub fn codes(countries: &[Country]) -> String {
        countries.iter().map(Country::code).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_stored_as_codes() {
        let listed = OutboundCountries::parse_list(" kz, UZ ru;UZ\n").unwrap();
        assert_eq!(listed.to_stored().as_deref(), Some("KZ RU UZ"));
        for of in [listed, OutboundCountries::Any, OutboundCountries::OwnAndInbound] {
            assert_eq!(OutboundCountries::from_stored(of.to_stored().as_deref()), of);
        }
    }

    #[test]
    fn unknown_countries_and_empty_lists_are_refused() {
        for bad in ["", " , ", "UZ XX", "Uzbekistan", &"UZ ".repeat(301)] {
            assert!(OutboundCountries::parse_list(bad).is_err(), "{bad}");
        }
    }
}
