//! What every page of a signed-in user has: navigation, words, times in the company's zone.

use std::borrow::Cow;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse as _, Response},
};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, SecondsFormat, Utc};

use crate::{
    domain::{EventId, Theme, TimeZone},
    error::{AppError, Result},
    presentation::{
        http::{
            context::Ctx,
            feature::{Badge, Feature},
            routes,
        },
        ui::{assets::Assets, i18n::I18n, layout_preferences::LayoutPreferences},
    },
    services::Actor,
};

/// Keys, and the keys of what they do. Those of scripts in `static/script`, told to people.
const SHORTCUTS: &[(&[&str], &str)] = &[
    (&["Ctrl", "K"], "keys-spotlight"),
    (&["/"], "keys-search"),
    (&["J"], "keys-next"),
    (&["K"], "keys-previous"),
    (&["Enter"], "keys-send"),
    (&["Shift", "Enter"], "keys-break"),
    (&["/"], "keys-templates"),
    (&["Esc"], "keys-close"),
    (&["?"], "keys-help"),
];

/// The frame of a page.
pub struct Layout {
    /// The words.
    pub t: I18n,
    /// Style, script and icons.
    pub assets: &'static Assets,
    /// The token that forms carry.
    pub csrf: String,
    /// The navigation.
    pub navigation: Vec<NavigationLink>,
    /// Chats with messages that no one has read.
    pub unread_chats: i64,
    /// The kinds of events after which the page is loaded as a whole, separated by spaces.
    pub page_events: String,
    /// The kinds of events after which one chat is loaded, separated by spaces.
    pub chat_events: String,
    /// Which user of which company this is, for what a browser keeps apart.
    pub storage_scope: String,
    /// What of the frame is shown.
    pub preferences: LayoutPreferences,
    /// The user's name.
    pub user: String,
    /// The colours that the user wants.
    pub theme: Theme,
    /// Whether single keys do something.
    pub single_keys: bool,
    /// Keys, and the keys of what they do.
    pub shortcuts: &'static [(&'static [&'static str], &'static str)],
    /// The company's name.
    pub tenant: String,
    /// Where news come from, after the moment that the page shows.
    pub events_url: String,
    /// When the company's day ends, in milliseconds: what "today" means is another day then.
    pub midnight: i64,
    zone: TimeZone,
    now: DateTime<Utc>,
}

/// A link of the navigation.
pub struct NavigationLink {
    /// What it is called.
    pub name: Cow<'static, str>,
    /// What it is called in full; the chats' also says how many are unread.
    pub label: Cow<'static, str>,
    /// The icon's name.
    pub icon: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Whether this page belongs to it.
    pub current: bool,
    /// A number on it; 0 shows none.
    pub badge: i64,
}

impl NavigationLink {
    /// The link of a feature that has one.
    fn new(feature: &Feature, count: i64, t: I18n, section: &str) -> Option<Self> {
        let navigation = feature.navigation?;
        let label = |badge: Badge| t.count(badge.label, count);
        Some(Self {
            name: t.get(navigation.label),
            label: feature.badge.map_or_else(|| t.get(navigation.label), label),
            icon: navigation.icon,
            href: navigation.href,
            current: navigation.href == section,
            badge: count,
        })
    }
}

fn may_follow(feature: &Feature, actor: &Actor) -> bool {
    feature.navigation.is_some_and(|navigation| actor.may(navigation.permission))
}

impl Layout {
    /// The layout of a page that shows the moment of `last_event` and belongs to the feature whose navigation link, if
    /// any, leads to `section`.
    pub async fn new(ctx: &Ctx, section: &'static str, last_event: Option<EventId>) -> Result<Self> {
        let actor = &ctx.actor;
        let last_event = match last_event {
            Some(id) => id,
            None => ctx.services().events.last_id(actor).await?,
        };
        let t = ctx.i18n;
        let (mut navigation, mut badges) = (Vec::new(), 0);
        for feature in ctx.state.features.iter() {
            let count = match &feature.badge {
                Some(badge) => (badge.count)(&ctx.state, actor).await?,
                None => 0,
            };
            badges += count;
            navigation.extend(
                NavigationLink::new(feature, count, t, section).filter(|_| may_follow(feature, actor)),
            );
        }
        let (page_events, chat_events) = ctx.state.features.event_kinds();
        let events_url = format!("{}?after={last_event}", routes::Events);
        let unread_chats = badges;
        Ok(Self { navigation, unread_chats, page_events, chat_events, events_url, ..Self::partial(ctx) })
    }

    /// The words and the times alone, for what is shown in a page that is there already.
    pub fn partial(ctx: &Ctx) -> Self {
        let actor = &ctx.actor;
        let (zone, now) = (actor.tenant.time_zone, ctx.services().dependencies().clock.now());
        Self {
            t: ctx.i18n,
            assets: Assets::get(),
            csrf: ctx.csrf_token(),
            navigation: Vec::new(),
            unread_chats: 0,
            page_events: String::new(),
            chat_events: String::new(),
            storage_scope: format!("{}-{}", actor.tenant.id, actor.user.id),
            preferences: ctx.layout_preferences,
            user: actor.user.name.full(),
            theme: actor.user.preferences.theme,
            single_keys: actor.user.preferences.single_keys,
            shortcuts: SHORTCUTS,
            tenant: actor.tenant.name.clone(),
            events_url: String::new(),
            midnight: midnight(zone, now),
            zone,
            now,
        }
    }

    /// What stands for the user's picture.
    pub fn initials(&self) -> String {
        initials(&self.user)
    }

    /// The script that keeps a page in the user's language for the time without a connection; a new one with each version.
    pub fn service_worker_url(&self) -> String {
        format!("{}?locale={}&version={}", routes::ServiceWorker, self.t.locale.tag(), self.assets.version)
    }

    /// For `<time datetime>`: RFC 3339 with the company's offset, to the second, since HTML knows no more than three digits
    /// after it.
    pub fn datetime(&self, at: &DateTime<Utc>) -> String {
        self.zone.local(*at).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Hours and minutes in the company's zone.
    pub fn time(&self, at: &DateTime<Utc>) -> String {
        self.zone.local(*at).format("%H:%M").to_string()
    }

    /// The day in the company's zone.
    pub fn date(&self, at: &DateTime<Utc>) -> NaiveDate {
        self.zone.local(*at).date_naive()
    }

    /// A day as people name it: today, yesterday, 12 March, 12 March 2025.
    pub fn relative_day(&self, date: NaiveDate) -> Cow<'static, str> {
        let today = self.date(&self.now);
        match (today - date).num_days() {
            0 => self.t.get("today"),
            1 => self.t.get("yesterday"),
            _ if date.year() == today.year() => self.full_date("date-day", date),
            _ => self.full_date("date-full", date),
        }
    }

    /// A time as lists show it: the hour today, the weekday this week, else the day.
    pub fn short_time(&self, at: &DateTime<Utc>) -> Cow<'static, str> {
        let date = self.date(at);
        match (self.date(&self.now) - date).num_days() {
            0 => self.time(at).into(),
            2..=6 => {
                let weekday = i64::from(date.weekday().number_from_monday());
                self.t.args("weekday", &[("day", weekday.into())])
            }
            _ => self.relative_day(date),
        }
    }

    /// A day with its year.
    pub fn long_date(&self, at: &DateTime<Utc>) -> Cow<'static, str> {
        self.full_date("date-full", self.date(at))
    }

    /// A day of the calendar, as one's birthday is.
    pub fn calendar_day(&self, date: NaiveDate) -> Cow<'static, str> {
        self.full_date("date-full", date)
    }

    /// Day and hour.
    pub fn date_and_time(&self, at: &DateTime<Utc>) -> String {
        format!("{}, {}", self.relative_day(self.date(at)), self.time(at))
    }

    fn full_date(&self, key: &str, date: NaiveDate) -> Cow<'static, str> {
        let year = date.year().to_string();
        self.t.args(
            key,
            &[
                ("day", i64::from(date.day()).into()),
                ("month", i64::from(date.month()).into()),
                ("year", year.into()),
            ],
        )
    }
}

fn midnight(zone: TimeZone, now: DateTime<Utc>) -> i64 {
    let tomorrow = zone.local(now).date_naive() + Days::new(1);
    zone.start_of_day(tomorrow).timestamp_millis()
}

/// A rendered page with its status.
///
/// # Errors
/// A template that can't be rendered, which is a mistake of ours.
pub fn page(status: StatusCode, template: &impl Template) -> Result<Response> {
    Ok((status, Html(template.render().map_err(AppError::internal)?)).into_response())
}

/// What stands in the circle of a person without a picture: initials, or the beginning of a number.
pub fn initials(name: &str) -> String {
    if name.starts_with('+') {
        return name.chars().take(2).collect();
    }
    let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let letters: Vec<char> = letters.collect();
    match letters.as_slice() {
        [] => "?".to_owned(),
        [only] => only.to_uppercase().collect(),
        [first, .., last] => first.to_uppercase().chain(last.to_uppercase()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_hold_initials_in_any_script() {
        for (name, expected) in [
            ("Азиза Каримова", "АК"),
            ("+998 93 555 01 27", "+9"),
            ("Oʻtkir", "O"),
            ("José M. Núñez", "JN"),
            ("😀", "?"),
        ] {
            assert_eq!(initials(name), expected);
        }
    }
}
