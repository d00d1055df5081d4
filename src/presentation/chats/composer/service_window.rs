//! Whether WhatsApp takes any text now, until when, and what it takes otherwise.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::presentation::chats::composer::whatsapp_templates::FilledView;
use crate::{
    domain::{ChatId, Permission, Window},
    presentation::{http::routes, ui::i18n::Texts},
    services::{Actor, FilledTemplate},
};

/// As many templates as the composer shows; the page of all of them has the rest.
const SHOWN: usize = 4;

/// What the composer says of it.
pub(in crate::presentation) struct WindowView {
    /// `open`, `closed` or `unopened`.
    pub(in crate::presentation) state: &'static str,
    /// The sentence.
    pub(in crate::presentation) says: Cow<'static, str>,
    /// When it closes, for the script that counts down.
    pub(in crate::presentation) until: Option<String>,
    /// How that script says it, with hours and without.
    pub(in crate::presentation) words: [Cow<'static, str>; 2],
    /// The templates that can be sent.
    pub(in crate::presentation) templates: Vec<FilledView>,
    /// Where all of them are, if there are more, or none need be shown.
    pub(in crate::presentation) all: Option<String>,
    /// Where an administrator adds some, when there are none.
    pub(in crate::presentation) settings: Option<String>,
}

impl WindowView {
    pub(in crate::presentation) fn new(
        chat: ChatId,
        window: Window,
        templates: Vec<FilledTemplate>,
        actor: &Actor,
        now: DateTime<Utc>,
        texts: Texts,
    ) -> Self {
        let any = !templates.is_empty();
        let shown = if matches!(window, Window::Open { .. }) { 0 } else { SHOWN };
        let more = templates.len() > shown;
        let (says, until) = match window {
            Window::Open { until } => (left(until, now, texts), Some(until.to_rfc3339())),
            Window::Closed => (texts.get("window-closed"), None),
            Window::Unopened => (texts.get("window-unopened"), None),
        };
        Self {
            state: window.as_str(),
            says,
            until,
            words: [says_left("#hours", "#minutes", texts), says_left("", "#minutes", texts)],
            templates: templates.into_iter().take(shown).map(|t| FilledView::new(t, chat)).collect(),
            all: (any && more).then(|| routes::ChatApproved(chat).to_string()),
            settings: (!any && actor.may(Permission::ChannelManage)).then(|| routes::Channels.to_string()),
        }
    }

    /// Whether the client can be written to freely.
    pub(in crate::presentation) fn is_open(&self) -> bool {
        self.until.is_some()
    }
}

/// How long it stays open; a minute that has begun counts.
fn left(until: DateTime<Utc>, now: DateTime<Utc>, texts: Texts) -> Cow<'static, str> {
    let minutes = ((until - now).num_seconds().max(0) + 59) / 60;
    let hours = if minutes < 60 { String::new() } else { (minutes / 60).to_string() };
    says_left(&hours, &(minutes % 60).to_string(), texts)
}

fn says_left(hours: &str, minutes: &str, texts: Texts) -> Cow<'static, str> {
    if hours.is_empty() {
        return texts.with("window-open-minutes", "minutes", minutes);
    }
    let args = [("hours", hours.to_owned().into()), ("minutes", minutes.to_owned().into())];
    texts.args("window-open", &args)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::Locale;

    #[test]
    fn the_time_that_is_left_is_told_in_hours_and_minutes() {
        let now = DateTime::UNIX_EPOCH;
        let says = |seconds: i64, locale| left(now + TimeDelta::seconds(seconds), now, Texts::new(locale));
        let hours = 5 * 3_600 + 11 * 60 + 30;
        assert_eq!(says(hours, Locale::En), "The 24-hour window closes in 5 h 12 min.");
        assert_eq!(says(hours, Locale::Ru), "24-часовое окно закроется через 5 ч 12 мин.");
        assert_eq!(says(hours, Locale::Uz), "24 soatlik oyna 5 soat 12 daqiqadan keyin yopiladi.");
        assert_eq!(says(3, Locale::En), "The 24-hour window closes in 1 min.");
        assert_eq!(says(24 * 3_600, Locale::En), "The 24-hour window closes in 24 h 0 min.");
    }
}
