//! The state of the service window in the composer, and the WhatsApp templates that can be sent
//! when it is closed.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::presentation::chats::composer::whatsapp_templates::FilledTemplateView;
use crate::{
    domain::{ChatId, Permission, ServiceWindow},
    presentation::{http::routes, ui::i18n::I18n},
    services::{Actor, FilledTemplate},
};

/// The number of templates that the composer shows; the page of all templates has the rest.
const MAX_TEMPLATES: usize = 4;

/// The data of the service window's notice.
pub(in crate::presentation) struct ServiceWindowView {
    /// `open`, `closed` or `unopened`.
    pub(in crate::presentation) state: &'static str,
    /// The text of the notice.
    pub(in crate::presentation) sentence: Cow<'static, str>,
    /// The end of the window, for the script that counts down.
    pub(in crate::presentation) until: Option<String>,
    /// The texts of the countdown for the script, with and without hours.
    pub(in crate::presentation) countdown_texts: [Cow<'static, str>; 2],
    /// The templates that can be sent.
    pub(in crate::presentation) templates: Vec<FilledTemplateView>,
    /// The address of the list of all templates, if the composer does not show all of them.
    pub(in crate::presentation) all_url: Option<String>,
    /// The address where an administrator can add templates, if there are none.
    pub(in crate::presentation) settings_url: Option<String>,
}

impl ServiceWindowView {
    pub(in crate::presentation) fn new(
        chat: ChatId,
        window: ServiceWindow,
        templates: Vec<FilledTemplate>,
        actor: &Actor,
        now: DateTime<Utc>,
        i18n: I18n,
    ) -> Self {
        let any = !templates.is_empty();
        let shown = if matches!(window, ServiceWindow::Open { .. }) { 0 } else { MAX_TEMPLATES };
        let more = templates.len() > shown;
        let (sentence, until) = match window {
            ServiceWindow::Open { until } => (remaining_time(until, now, i18n), Some(until.to_rfc3339())),
            ServiceWindow::Closed => (i18n.get("window-closed"), None),
            ServiceWindow::NeverOpened => (i18n.get("window-unopened"), None),
        };
        Self {
            state: window.as_str(),
            sentence,
            until,
            countdown_texts: [
                remaining_sentence("#hours", "#minutes", i18n),
                remaining_sentence("", "#minutes", i18n),
            ],
            templates: templates.into_iter().take(shown).map(|t| FilledTemplateView::new(t, chat)).collect(),
            all_url: (any && more).then(|| routes::ChatWhatsappTemplates(chat).to_string()),
            settings_url: (!any && actor.may(Permission::ChannelManage))
                .then(|| routes::Channels.to_string()),
        }
    }

    /// True if free texts can be sent.
    pub(in crate::presentation) fn is_open(&self) -> bool {
        self.until.is_some()
    }
}

/// The remaining time of the window; a started minute counts in full.
fn remaining_time(until: DateTime<Utc>, now: DateTime<Utc>, i18n: I18n) -> Cow<'static, str> {
    let minutes = ((until - now).num_seconds().max(0) + 59) / 60;
    let hours = if minutes < 60 { String::new() } else { (minutes / 60).to_string() };
    remaining_sentence(&hours, &(minutes % 60).to_string(), i18n)
}

fn remaining_sentence(hours: &str, minutes: &str, i18n: I18n) -> Cow<'static, str> {
    if hours.is_empty() {
        return i18n.with("window-open-minutes", "minutes", minutes);
    }
    let args = [("hours", hours.to_owned().into()), ("minutes", minutes.to_owned().into())];
    i18n.args("window-open", &args)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::Locale;

    #[test]
    fn the_time_that_is_left_is_told_in_hours_and_minutes() {
        let now = DateTime::UNIX_EPOCH;
        let says =
            |seconds: i64, locale| remaining_time(now + TimeDelta::seconds(seconds), now, I18n::new(locale));
        let hours = 5 * 3_600 + 11 * 60 + 30;
        assert_eq!(says(hours, Locale::En), "You can reply freely for another 5 h 12 min.");
        assert_eq!(says(hours, Locale::Ru), "Ответить можно ещё 5 ч 12 мин.");
        assert_eq!(says(hours, Locale::Uz), "Yana 5 soat 12 daqiqa erkin javob yozish mumkin.");
        assert_eq!(says(3, Locale::En), "You can reply freely for another 1 min.");
        assert_eq!(says(24 * 3_600, Locale::En), "You can reply freely for another 24 h 0 min.");
    }
}
