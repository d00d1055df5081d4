//! Dates in the notations of people and spreadsheet programs.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{Problem, clients::table::cells::is_nothing_besides_names, fold};

/// The order of day and month in a date that does not begin with the year.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantNames,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum DateOrder {
    /// 17.05.1990, as in Uzbekistan, Russia and most of the world.
    #[default]
    DayFirst,
    /// 05/17/1990, as in the United States.
    MonthFirst,
}

/// The date order that the values of a column imply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrderGuess {
    /// There are no dates, or all of them begin with the year.
    Unneeded,
    /// At least one date is valid in this order only.
    Certain(DateOrder),
    /// All dates are valid in either order.
    Ambiguous,
}

impl DateOrder {
    /// Both orders.
    pub const ALL: [Self; 2] = [Self::DayFirst, Self::MonthFirst];

    /// The name in forms and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses a date. A date that begins with the year ignores the order; a time after the date is
    /// ignored.
    pub fn parse(self, text: &str, today: NaiveDate) -> Result<NaiveDate, Problem> {
        if let Some(date) = in_words(text, today) {
            return date.ok_or(Problem::NotADate);
        }
        let [a, b, c] = parts(text).ok_or(Problem::NotADate)?;
        let number = |text: &str| text.parse::<u32>().map_err(|_| Problem::NotADate);
        let (year, month, day) = if a.len() == 4 {
            (a, b, c)
        } else if self == Self::DayFirst {
            (c, b, a)
        } else {
            (c, a, b)
        };
        let full = full_year(year, today).ok_or(Problem::NotADate)?;
        NaiveDate::from_ymd_opt(full, number(month)?, number(day)?).ok_or(Problem::NotADate)
    }
}

impl DateOrderGuess {
    /// Examines the cells of a column.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a str>) -> Self {
        let mut guess = Self::Unneeded;
        for [a, b, _] in cells.into_iter().filter_map(parts) {
            if a.len() == 4 {
                continue;
            }
            let over = |text: &str| text.parse::<u32>().is_ok_and(|number| number > 12);
            match (over(a), over(b)) {
                (true, _) => return Self::Certain(DateOrder::DayFirst),
                (_, true) => return Self::Certain(DateOrder::MonthFirst),
                _ => guess = Self::Ambiguous,
            }
        }
        guess
    }

    /// The order to use, day first by default.
    pub fn order(self) -> DateOrder {
        match self {
            Self::Certain(order) => order,
            Self::Unneeded | Self::Ambiguous => DateOrder::default(),
        }
    }
}

/// A year of four digits or of two, which never result in a date of birth in the future.
fn full_year(text: &str, today: NaiveDate) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 if year + 2000 > today.year() => Some(year + 1900),
        2 => Some(year + 2000),
        _ => None,
    }
}

/// The beginnings of the names of months, folded: of January, of February and so on, in the three languages.
const MONTHS: [&[&str]; 12] = [
    &["jan", "yanv"],
    &["feb", "fev"],
    &["mar"],
    &["apr"],
    &["may", "maya", "mai"],
    &["jun", "iyun"],
    &["jul", "iyul"],
    &["aug", "avg"],
    &["sep", "sen"],
    &["oct", "okt"],
    &["nov", "noy"],
    &["dec", "dek"],
];
/// The longest text that is examined as a date.
const MAX_LENGTH: usize = 64;

/// Reads a date whose month is a word, such as `17 мая 1990 г.`, `May 17, 1990` and `1990-yil 17-may`. `None` if the text has no
/// month in words; an inner `None` if it has one but is no date.
#[expect(clippy::option_option, reason = "no date in words, or a wrong one")]
fn in_words(text: &str, today: NaiveDate) -> Option<Option<NaiveDate>> {
    if text.len() > MAX_LENGTH || !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let folded = fold(text);
    let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut letters = words().filter(|word| word.len() >= 3 && word.chars().all(char::is_alphabetic));
    let month_of = |word: &str| {
        MONTHS.iter().zip(1..).find(|(names, _)| names.iter().any(|name| word.starts_with(name)))
    };
    let (_, month) = letters.find_map(month_of)?;
    // A time may follow the date.
    let numbers: Vec<&str> =
        words().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).take(2).collect();
    let date = |year: &str, day: &str| {
        NaiveDate::from_ymd_opt(full_year(year, today)?, month, day.parse().ok().filter(|_| day.len() <= 2)?)
    };
    Some(match numbers.as_slice() {
        [year, day] if year.len() == 4 => date(year, day),
        [day, year] => date(year, day),
        _ => None,
    })
}

/// True for a text that stands for no date: zeros, and a birthday without its year.
pub(super) fn is_no_date(text: &str, today: NaiveDate) -> bool {
    let text = text.trim();
    if is_nothing_besides_names(text) {
        return true;
    }
    let is_zeros = text.contains('0') && text.chars().all(|c| matches!(c, '0' | '.' | '/' | '-' | ' ' | ':'));
    // vCard and Google write a birthday without its year as --05-17, others as 17.05 or 0000-05-17.
    let bare = text.strip_prefix("--").or_else(|| text.strip_prefix("0000-")).unwrap_or(text);
    let pair: Vec<_> = bare.trim_end_matches('.').split(['.', '/', '-']).collect();
    let is_pair = pair.len() == 2
        && pair
            .iter()
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    let no_year =
        in_words(text, today) == Some(None) && !text.bytes().filter(u8::is_ascii_digit).count().gt(&2);
    is_zeros || is_pair || no_year
}

/// Splits a date into its three numbers.
fn parts(text: &str) -> Option<[&str; 3]> {
    let date = text.trim().split([' ', 'T', '\u{a0}']).next()?;
    let parts: Vec<&str> = date.split(['.', '/', '-']).collect();
    let numbers =
        parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    if numbers { parts.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    #[test]
    fn dates_parse_in_every_order() {
        use DateOrder::{DayFirst, MonthFirst};
        let date = NaiveDate::from_ymd_opt;
        for (order, text, expected) in [
            (DayFirst, "17.05.1990", date(1990, 5, 17)),
            (DayFirst, " 7.5.90 ", date(1990, 5, 7)),
            (DayFirst, "1/2/05", date(2005, 2, 1)),
            (DayFirst, "17.05.1990 00:00:00", date(1990, 5, 17)),
            (MonthFirst, "05/17/1990", date(1990, 5, 17)),
            (MonthFirst, "1990-05-17", date(1990, 5, 17)),
            (DayFirst, "1990-05-17T00:00:00Z", date(1990, 5, 17)),
            (DayFirst, "1990/5/17", date(1990, 5, 17)),
            (DayFirst, "05/17/1990", None),
            (DayFirst, "31.02.1990", None),
            (DayFirst, "17 May 1990", date(1990, 5, 17)),
            (DayFirst, "17 мая 1990 г.", date(1990, 5, 17)),
            (DayFirst, "17 Мая 1990 года", date(1990, 5, 17)),
            (MonthFirst, "May 17, 1990", date(1990, 5, 17)),
            (DayFirst, "1990-yil 17-may", date(1990, 5, 17)),
            (DayFirst, "1990 йил 17 май", date(1990, 5, 17)),
            (DayFirst, "3 сентября 1985", date(1985, 9, 3)),
            (DayFirst, "3 sentabr 1985", date(1985, 9, 3)),
            (DayFirst, "Sept. 3, 1985 12:30", date(1985, 9, 3)),
            (DayFirst, "17-May-90", date(1990, 5, 17)),
            (DayFirst, "May 17, 05", date(2005, 5, 17)),
            (DayFirst, "31 июня 1985", None),
            (DayFirst, "мая", None),
            (DayFirst, "17.05", None),
            (DayFirst, "17.05.990", None),
            (DayFirst, "33010", None),
            (DayFirst, "", None),
        ] {
            assert_eq!(order.parse(text, today()).ok(), expected, "{text}");
        }
    }

    #[test]
    fn zeros_and_birthdays_without_a_year_are_no_dates() {
        for text in
            ["0/0/00", "00.00.0000", "0000-00-00", "--05-17", "17.05", "0000-05-17", "17 мая", "-", "NULL"]
        {
            assert!(is_no_date(text, today()), "{text}");
        }
        for text in ["17.05.1990", "1990-05-17", "17 мая 1990", "31.02.1990", "soon"] {
            assert!(!is_no_date(text, today()), "{text}");
        }
    }

    #[test]
    fn date_order_is_guessed_from_a_column() {
        assert_eq!(DateOrderGuess::of(["1990-05-17", ""]), DateOrderGuess::Unneeded);
        assert_eq!(
            DateOrderGuess::of(["01.02.1990", "17.05.1990"]),
            DateOrderGuess::Certain(DateOrder::DayFirst)
        );
        assert_eq!(
            DateOrderGuess::of(["01/02/1990", "05/17/1990"]),
            DateOrderGuess::Certain(DateOrder::MonthFirst)
        );
        assert_eq!(DateOrderGuess::of(["01/02/1990", "nonsense"]), DateOrderGuess::Ambiguous);
    }

    proptest! {
        #[test]
        fn parsing_dates_never_panics(text in "\\PC{0,16}|[0-9./-]{0,12}") {
            for order in DateOrder::ALL {
                let _ = order.parse(&text, today());
            }
            let _ = DateOrderGuess::of([text.as_str()]);
        }
    }
}
