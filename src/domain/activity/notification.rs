//! Preferences for staff notifications by the Telegram bot.

use chrono::{DateTime, NaiveTime, TimeDelta, Timelike as _, Utc};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{Problem, TimeZone};

/// The inbound messages that a user is notified of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum InboundNotifications {
    /// Messages of every client.
    #[default]
    All,
    /// Messages of clients to whom the user has written.
    Mine,
    /// No messages.
    None,
}

impl InboundNotifications {
    /// All variants, in the order in which forms offer them.
    pub const ALL: [Self; 3] = [Self::All, Self::Mine, Self::None];

    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Hours in the tenant's time zone during which no notification is sent, as minutes from midnight.
/// The end is exclusive. The range may cross midnight; a range whose ends are equal is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// The first minute of the range.
    pub from: u32,
    /// The minute after the last one of the range.
    pub to: u32,
}

impl QuietHours {
    /// Parses two times written as `HH:MM`; `None` when both are empty.
    pub fn parse(from: &str, to: &str) -> Result<Option<Self>, Problem> {
        if from.is_empty() && to.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { from: minute(from)?, to: minute(to)? }))
    }

    /// Formats both ends as `HH:MM`.
    pub fn clock_times(self) -> (String, String) {
        let shown = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        (shown(self.from), shown(self.to))
    }

    /// Returns the end of the quiet hours that contain `at`; `None` when `at` is outside of them.
    pub fn end(self, at: DateTime<Utc>, zone: TimeZone) -> Option<DateTime<Utc>> {
        let local = zone.local(at);
        let now = local.hour() * 60 + local.minute();
        let (since, lasts) = ((now + DAY - self.from) % DAY, (self.to + DAY - self.from) % DAY);
        let left = lasts.checked_sub(since).filter(|left| *left > 0)?;
        Some(at + TimeDelta::minutes(left.into()) - TimeDelta::seconds(local.second().into()))
    }
}

const DAY: u32 = 24 * 60;

fn minute(text: &str) -> Result<u32, Problem> {
    let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok());
    let time = time.ok_or(Problem::NotATime)?;
    Ok(time.hour() * 60 + time.minute())
}

/// The notifications that a user wants to receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotificationPreferences {
    /// The inbound messages that are announced.
    pub inbound: InboundNotifications,
    /// True if failures of the user's own messages are announced.
    pub failed: bool,
    /// True if notifications quote the text of the message.
    pub with_text: bool,
    /// The hours without notifications.
    pub quiet_hours: Option<QuietHours>,
}

impl Default for NotificationPreferences {
    fn default() -> Self {
        Self { inbound: InboundNotifications::All, failed: true, with_text: true, quiet_hours: None }
    }
}

/// The subject of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationKind {
    /// Inbound messages.
    Inbound,
    /// The user's own messages that failed.
    Failed,
}

impl NotificationKind {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Failed => "failed",
        }
    }

    /// Reads the name in the database; unknown names are read as `Inbound`.
    pub fn parse(text: &str) -> Self {
        if text == Self::Failed.as_str() { Self::Failed } else { Self::Inbound }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(from: &str, to: &str, at: &str) -> Option<String> {
        let hours = QuietHours::parse(from, to).unwrap().unwrap();
        // Tashkent is five hours ahead.
        let at: DateTime<Utc> = format!("2026-03-02T{at}Z").parse().unwrap();
        hours.end(at, "Asia/Tashkent".parse().unwrap()).map(|end| end.format("%d %H:%M:%S").to_string())
    }

    #[test]
    fn quiet_hours_can_cross_midnight() {
        assert_eq!(end("22:00", "07:00", "16:59:59"), None);
        assert_eq!(end("22:00", "07:00", "17:00:00").as_deref(), Some("03 02:00:00"));
        assert_eq!(end("22:00", "07:00", "19:30:20").as_deref(), Some("03 02:00:00"));
        assert_eq!(end("22:00", "07:00", "01:59:59").as_deref(), Some("02 02:00:00"));
        assert_eq!(end("22:00", "07:00", "02:00:00"), None);
        assert_eq!(end("12:30", "13:00", "07:45:00").as_deref(), Some("02 08:00:00"));
        assert_eq!(end("12:30", "13:00", "08:00:00"), None);
        assert_eq!(end("09:00", "09:00", "04:00:00"), None, "from an hour to the same is none");
    }

    #[test]
    fn quiet_hours_reject_invalid_times() {
        assert_eq!(QuietHours::parse("", ""), Ok(None));
        assert_eq!(
            QuietHours::parse("7:05", "23:59").unwrap().unwrap().clock_times(),
            ("07:05".into(), "23:59".into())
        );
        for (from, to) in [("22:00", ""), ("", "07:00"), ("24:00", "07:00"), ("22", "7"), ("22:60", "07:00")]
        {
            assert_eq!(QuietHours::parse(from, to), Err(Problem::NotATime), "{from} {to}");
        }
    }
}
