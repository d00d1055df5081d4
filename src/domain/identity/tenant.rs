//! Tenants: workspaces that are isolated from each other.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::domain::{Country, Locale, OutboundCountries, Problem, TenantId, TwoFactorRule, values::problem};

/// A tenant's short name in commands: lower-case letters, digits and inner hyphens, at most 63 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Required);
        }
        if text.len() > 63 {
            return Err(Problem::TooLong { max: 63 });
        }
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !text.chars().all(inner) || text.starts_with('-') || text.ends_with('-') {
            return Err(Problem::BadCharacters);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A time zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The IANA name, such as `Asia/Tashkent`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Converts `at` to local time.
    pub fn local(self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.0)
    }

    /// Converts the local time `local` to UTC. A local time that occurs twice is read as the first
    /// one.
    ///
    /// # Errors
    /// [`Problem::TimeSkipped`] for a local time that does not exist.
    pub fn to_utc(self, local: NaiveDateTime) -> Result<DateTime<Utc>, Problem> {
        let found = self.0.from_local_datetime(&local).earliest().ok_or(Problem::TimeSkipped)?;
        Ok(found.to_utc())
    }

    /// The moment at which `date` begins in this zone: the first minute that exists, where clocks
    /// are put forward at midnight.
    pub fn start_of_day(self, date: NaiveDate) -> DateTime<Utc> {
        let midnight = date.and_time(NaiveTime::MIN);
        (0..=24)
            .find_map(|quarter| {
                let time = midnight + chrono::TimeDelta::minutes(15 * quarter);
                self.0.from_local_datetime(&time).earliest()
            })
            .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
    }
}

impl FromStr for TimeZone {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        text.parse()
            .map(Self)
            .map_err(|_| Problem::NotOneOf("an IANA time zone, such as Asia/Tashkent".into()))
    }
}

/// A tenant and its regional settings.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The tenant's id.
    pub id: TenantId,
    /// The short name in commands.
    pub slug: Slug,
    /// The name that pages show.
    pub name: String,
    /// The language of pages, unless a user selected another.
    pub locale: Locale,
    /// The zone of all dates and times on pages.
    pub time_zone: TimeZone,
    /// The country that phone numbers without a country code belong to.
    pub country: Country,
    /// The time when the operator suspended it.
    pub suspended_at: Option<DateTime<Utc>>,
}

/// The data of a tenant to be created.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// The short name in commands.
    pub slug: Slug,
    /// The name that pages show.
    pub name: String,
    /// The language of pages.
    pub locale: Locale,
    /// The zone of all dates and times on pages.
    pub time_zone: TimeZone,
    /// The country that phone numbers without a country code belong to.
    pub country: Country,
}

/// The settings of a tenant that its administrators change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSettings {
    /// The name that pages show.
    pub name: String,
    /// The language of pages, unless a user selected another.
    pub locale: Locale,
    /// The zone of all dates and times on pages.
    pub time_zone: TimeZone,
    /// The country that phone numbers without a country code belong to.
    pub country: Country,
    /// The countries to whose numbers messages are sent.
    pub outbound_countries: OutboundCountries,
    /// The users who need a second factor.
    pub two_factor: TwoFactorRule,
}

impl NewTenant {
    /// Parses a name: not empty, and at most 255 characters.
    pub fn name(text: &str) -> Result<String, Problem> {
        problem::required_text(text, 255)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_validated() {
        assert_eq!("samarkand-textiles".parse::<Slug>().unwrap().as_str(), "samarkand-textiles");
        for bad in ["", "Samarkand", "a b", "-a", "a-", "ўзбек", &"a".repeat(64)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad}");
        }
    }

    #[test]
    fn to_utc_rejects_skipped_hours_and_uses_the_first_of_repeated_ones() {
        let berlin = "Europe/Berlin".parse::<TimeZone>().unwrap();
        let moment = |local: &str| berlin.to_utc(local.parse().unwrap()).map(|at| at.to_rfc3339());
        assert_eq!(moment("2026-03-29T02:30:00"), Err(Problem::TimeSkipped));
        assert_eq!(moment("2026-03-29T03:00:00"), Ok("2026-03-29T01:00:00+00:00".into()));
        assert_eq!(moment("2026-10-25T02:30:00"), Ok("2026-10-25T00:30:00+00:00".into()));
    }

    #[test]
    fn start_of_day_handles_a_skipped_midnight() {
        let day = |zone: &str, date: &str| {
            zone.parse::<TimeZone>().unwrap().start_of_day(date.parse().unwrap()).to_rfc3339()
        };
        assert_eq!(day("Asia/Tashkent", "2026-11-22"), "2026-11-21T19:00:00+00:00");
        // Beirut put its clocks forward at midnight of 27 March 2022: the day began at one o'clock.
        assert_eq!(day("Asia/Beirut", "2022-03-27"), "2022-03-26T22:00:00+00:00");
    }
}
