//! The names of countries in the three languages, by `locales/countries.tsv` (from the Unicode CLDR).

use std::sync::LazyLock;

use crate::domain::{Country, Locale};

struct Row {
    code: &'static str,
    names: [&'static str; 3],
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        Some(Row { code: cells.next()?, names: [cells.next()?, cells.next()?, cells.next()?] })
    };
    include_str!("../../../locales/countries.tsv").lines().filter_map(row).collect()
});

fn column(locale: Locale) -> usize {
    match locale {
        Locale::En => 0,
        Locale::Ru => 1,
        Locale::Uz => 2,
    }
}

/// The name of a country, or its code if it has no name.
pub fn name(code: &str, locale: Locale) -> &str {
    let row = ROWS.iter().find(|row| row.code == code);
    row.and_then(|row| row.names.get(column(locale))).copied().unwrap_or(code)
}

/// All countries by code and name in alphabetical order, with `first` at the top.
pub fn choices(first: Country, locale: Locale) -> Vec<(&'static str, &'static str)> {
    let named = |row: &Row| Some((row.code, *row.names.get(column(locale))?));
    let mut all: Vec<_> = ROWS.iter().filter_map(named).collect();
    // Å is sorted as A, and Ё as Е; the other initial letters of names are in alphabetical order
    // already.
    let collation_key = |name: &str| name.to_lowercase().replace('å', "a").replace('ё', "е");
    all.sort_by_cached_key(|(code, name)| (*code != first.code(), collation_key(name)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_with_phones_has_a_name_in_every_language() {
        for country in Country::all() {
            for locale in Locale::ALL {
                assert_ne!(name(country.code(), locale), country.code(), "{locale:?}");
            }
        }
        assert_eq!(name("UZ", Locale::Uz), "Oʻzbekiston");
        assert_eq!(name("??", Locale::Ru), "??");
    }

    #[test]
    fn ones_own_country_comes_first_and_the_others_by_name() {
        for locale in Locale::ALL {
            let all = choices(Country::UZ, locale);
            assert_eq!(all.len(), Country::all().count());
            assert_eq!(all[0], ("UZ", name("UZ", locale)));
        }
        let english: Vec<_> = choices(Country::UZ, Locale::En).into_iter().map(|(code, _)| code).collect();
        assert_eq!(english[1..4], ["AF", "AX", "AL"]);
    }
}
