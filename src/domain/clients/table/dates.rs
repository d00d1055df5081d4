//! Dates in the notations of people and spreadsheet programs.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::Problem;

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
        let [a, b, c] = parts(text).ok_or(Problem::NotADate)?;
        let number = |text: &str| text.parse::<u32>().map_err(|_| Problem::NotADate);
        let (year, month, day) = if a.len() == 4 {
            (a, b, c)
        } else if self == Self::DayFirst {
            (c, b, a)
        } else {
            (c, a, b)
        };
        let mut full = i32::try_from(number(year)?).map_err(|_| Problem::NotADate)?;
        match year.len() {
            4 => {}
            // Two-digit years never result in a date of birth in the future.
            2 if full + 2000 > today.year() => full += 1900,
            2 => full += 2000,
            _ => return Err(Problem::NotADate),
        }
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
            (DayFirst, "17 May 1990", None),
            (DayFirst, "17.05", None),
            (DayFirst, "17.05.990", None),
            (DayFirst, "33010", None),
            (DayFirst, "", None),
        ] {
            assert_eq!(order.parse(text, today()).ok(), expected, "{text}");
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
