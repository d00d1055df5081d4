//! Scheduled messages, and the times that they may be scheduled for.

use chrono::{DateTime, Datelike as _, Days, DurationRound as _, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{ChatId, ClientId, MessageId, Problem, TimeZone, Transport};

/// The furthest time ahead for which a message can be scheduled.
const MAX_SCHEDULE_AHEAD: TimeDelta = TimeDelta::days(366);
/// The time of day that the presets use.
const START_OF_WORKDAY: Option<NaiveTime> = NaiveTime::from_hms_opt(9, 0, 0);

/// A message that waits for its scheduled time.
#[derive(Debug, Clone)]
pub struct ScheduledMessage {
    /// The message's id.
    pub id: MessageId,
    /// The chat that it belongs to.
    pub chat: ChatId,
    /// The recipient.
    pub client: ClientId,
    /// The client's full name.
    pub client_name: String,
    /// The name of the user who wrote it.
    pub sender: String,
    /// The transport that will carry it.
    pub transport: Transport,
    /// The text.
    pub text: String,
    /// The time when it will be sent.
    pub at: DateTime<Utc>,
}

/// A time that users select with one click.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum SchedulePreset {
    /// One hour from now.
    Hour,
    /// Tomorrow at nine.
    Tomorrow,
    /// Next Monday at nine.
    Monday,
}

impl SchedulePreset {
    /// All presets, the soonest first.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Tomorrow, Self::Monday];

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The moment that the preset stands for at `now`.
    pub fn time_after(self, now: DateTime<Utc>, zone: TimeZone) -> DateTime<Utc> {
        let today = zone.local(now).date_naive();
        let days = match self {
            Self::Hour => {
                let at = now + TimeDelta::hours(1);
                return at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at);
            }
            Self::Tomorrow => 1,
            Self::Monday => 7 - u64::from(today.weekday().num_days_from_monday()),
        };
        let day = today.checked_add_days(Days::new(days)).unwrap_or(today);
        // No country puts its clocks forward at nine in the morning; if one did, the start of the
        // day would be used.
        zone.to_utc(day.and_time(START_OF_WORKDAY.unwrap_or_default()))
            .unwrap_or_else(|_| zone.start_of_day(day))
    }
}

/// Parses a time: RFC 3339, or a local date and time in `zone`.
///
/// # Errors
/// [`Problem::NotATime`], [`Problem::TimeSkipped`].
pub fn parse_scheduled_time(text: &str, zone: TimeZone) -> Result<DateTime<Utc>, Problem> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"];
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    zone.to_utc(local.ok_or(Problem::NotATime)?)
}

/// Accepts a time in the future that is at most 366 days ahead.
///
/// # Errors
/// [`Problem::TimePassed`], [`Problem::TimeTooFar`].
pub fn ensure_future(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    if at <= now {
        return Err(Problem::TimePassed);
    }
    if at > now + MAX_SCHEDULE_AHEAD { Err(Problem::TimeTooFar) } else { Ok(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn presets_use_the_tenants_time_zone() {
        let zone: TimeZone = "Asia/Tashkent".parse().unwrap();
        // Sunday evening in London is Monday in Tashkent.
        let now = at("2026-03-01T20:30:15.5Z");
        let moment = |preset: SchedulePreset| preset.time_after(now, zone).to_rfc3339();
        assert_eq!(moment(SchedulePreset::Hour), "2026-03-01T21:30:00+00:00");
        assert_eq!(moment(SchedulePreset::Tomorrow), "2026-03-03T04:00:00+00:00");
        assert_eq!(moment(SchedulePreset::Monday), "2026-03-09T04:00:00+00:00");
        for preset in SchedulePreset::ALL {
            assert_eq!(preset.as_str().parse(), Ok(preset));
            assert_eq!(ensure_future(preset.time_after(now, zone), now), Ok(preset.time_after(now, zone)));
        }
    }

    #[test]
    fn scheduled_times_parse_as_rfc3339_and_as_local_time() {
        let zone: TimeZone = "Europe/Berlin".parse().unwrap();
        assert_eq!(parse_scheduled_time("2026-03-02T09:00:00+05:00", zone), Ok(at("2026-03-02T04:00:00Z")));
        assert_eq!(parse_scheduled_time("2026-03-02T09:00", zone), Ok(at("2026-03-02T08:00:00Z")));
        assert_eq!(parse_scheduled_time("2026-03-29T02:30", zone), Err(Problem::TimeSkipped));
        for bad in ["", "tomorrow", "2026-02-30T09:00", "09:00", "2026-03-02", "10000-01-01T00:00"] {
            assert_eq!(parse_scheduled_time(bad, zone), Err(Problem::NotATime), "{bad}");
        }
    }

    #[test]
    fn ensure_future_rejects_past_and_distant_times() {
        let now = at("2026-03-02T09:00:00Z");
        assert_eq!(ensure_future(now, now), Err(Problem::TimePassed));
        assert_eq!(ensure_future(now + MAX_SCHEDULE_AHEAD, now), Ok(now + MAX_SCHEDULE_AHEAD));
        assert_eq!(ensure_future(at("9999-01-01T00:00:00Z"), now), Err(Problem::TimeTooFar));
    }
}
