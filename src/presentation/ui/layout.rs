//! The layout of the pages of signed-in users: navigation, page texts, times in the tenant's zone.

use std::borrow::Cow;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse as _, Response},
};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, SecondsFormat, Utc};

use crate::{
    domain::{Theme, TimeZone, UserId},
    error::{AppError, Result},
    presentation::{
        http::{
            context::Ctx,
            feature::{Badge, Feature},
            routes,
        },
        ui::{assets::Assets, i18n::I18n, layout_preferences::LayoutPreferences},
    },
    services::{Actor, PageFrame},
};

/// Keyboard shortcuts, each with the key of its description. The scripts in `static/script`
/// implement them.
const SHORTCUTS: &[(&[&str], &str)] = &[
    (&["Ctrl", "K"], "keys-spotlight"),
    (&["/"], "keys-search"),
    (&["J"], "keys-next"),
    (&["K"], "keys-previous"),
    (&["Enter"], "keys-send"),
    (&["Shift", "Enter"], "keys-break"),
    (&["/"], "keys-templates"),
    (&["Esc"], "keys-leave"),
    (&["R"], "keys-return"),
    (&["Esc"], "keys-close"),
    (&["?"], "keys-help"),
];

/// The layout of a page.
pub struct Layout {
    /// The page texts.
    pub t: I18n,
    /// The addresses of style sheets, scripts and icons.
    pub assets: &'static Assets,
    /// The CSRF token of forms.
    pub csrf: String,
    /// The links of the navigation.
    pub navigation: Vec<NavigationLink>,
    /// The number of chats with unread messages.
    pub unread_chats: i64,
    /// The kinds of events after which the page is loaded as a whole, separated by spaces.
    pub page_events: String,
    /// The kinds of events after which one chat is loaded, separated by spaces.
    pub chat_events: String,
    /// The user and tenant, as a prefix for what the browser stores for each user.
    pub storage_scope: String,
    /// The layout preferences of the browser.
    pub preferences: LayoutPreferences,
    /// The user's name.
    pub user: String,
    /// The user's id.
    pub user_id: UserId,
    /// The colour theme of the user.
    pub theme: Theme,
    /// True if shortcuts of a single key are enabled.
    pub single_keys: bool,
    /// Keyboard shortcuts, each with the key of its description.
    pub shortcuts: &'static [(&'static [&'static str], &'static str)],
    /// The tenant's name.
    pub tenant: String,
    /// The address of the live stream, which begins after the event that the page shows.
    pub events_url: String,
    /// The end of the tenant's current day, in milliseconds since the Unix epoch. The page is
    /// reloaded then, because "today" changes its meaning.
    pub midnight: i64,
    zone: TimeZone,
    now: DateTime<Utc>,
}

/// A link of the navigation.
pub struct NavigationLink {
    /// The name.
    pub name: Cow<'static, str>,
    /// The full name for screen readers; that of the chats includes the number of unread chats.
    pub label: Cow<'static, str>,
    /// The icon's name.
    pub icon: &'static str,
    /// The address.
    pub href: &'static str,
    /// True if the page belongs to this link.
    pub current: bool,
    /// The number on the link; 0 is not shown.
    pub badge: i64,
}

impl NavigationLink {
    /// The navigation link of a feature, if it has one.
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
    /// Creates the layout of a page from the frame of its snapshot; `section` is the address of the
    /// navigation link that the page belongs to.
    pub fn new(ctx: &Ctx, section: &'static str, frame: PageFrame) -> Self {
        let (actor, t) = (&ctx.actor, ctx.i18n);
        let link = |feature: &Feature| {
            let count = feature.badge.map_or(0, |badge| (badge.count)(&frame));
            NavigationLink::new(feature, count, t, section).filter(|_| may_follow(feature, actor))
        };
        let navigation = ctx.state.features.iter().filter_map(link).collect();
        let (page_events, chat_events) = ctx.state.features.event_kinds();
        let events_url = format!("{}?after={}", routes::Events, frame.last_event);
        let unread_chats = frame.unread_chats;
        Self { navigation, unread_chats, page_events, chat_events, events_url, ..Self::partial(ctx) }
    }

    /// Creates the layout of a page whose service call does not return the frame, which is loaded in
    /// a transaction of its own.
    pub async fn load(ctx: &Ctx, section: &'static str) -> Result<Self> {
        let frame = ctx.services().events.page_frame(&ctx.actor).await?;
        Ok(Self::new(ctx, section, frame))
    }

    /// Creates a layout without navigation, for parts of a page that is open already.
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
            user_id: actor.user.id,
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

    /// The user's initials, shown in place of a picture.
    pub fn initials(&self) -> String {
        initials(&self.user)
    }

    /// The address of the service worker in the user's language; it changes with each version.
    pub fn service_worker_url(&self) -> String {
        format!("{}?locale={}&version={}", routes::ServiceWorker, self.t.locale.tag(), self.assets.version)
    }

    /// The value of `<time datetime>`: RFC 3339 with the tenant's offset, to the second, because
    /// HTML allows no more than three digits after it.
    pub fn datetime(&self, at: &DateTime<Utc>) -> String {
        self.zone.local(*at).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Hours and minutes in the tenant's zone.
    pub fn time(&self, at: &DateTime<Utc>) -> String {
        self.zone.local(*at).format("%H:%M").to_string()
    }

    /// The day in the tenant's zone.
    pub fn date(&self, at: &DateTime<Utc>) -> NaiveDate {
        self.zone.local(*at).date_naive()
    }

    /// A day relative to today: today, yesterday, 12 March, 12 March 2025.
    pub fn relative_day(&self, date: NaiveDate) -> Cow<'static, str> {
        let today = self.date(&self.now);
        match (today - date).num_days() {
            0 => self.t.get("today"),
            1 => self.t.get("yesterday"),
            _ if date.year() == today.year() => self.full_date("date-day", date),
            _ => self.full_date("date-full", date),
        }
    }

    /// A short time for lists: the time if it was today, the weekday within a week, else the day.
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

    /// A day with its month in words and its year.
    pub fn long_date(&self, at: &DateTime<Utc>) -> Cow<'static, str> {
        self.full_date("date-full", self.date(at))
    }

    /// A day of the calendar without a time zone, such as a birthday.
    pub fn calendar_day(&self, date: NaiveDate) -> Cow<'static, str> {
        self.full_date("date-full", date)
    }

    /// Day and time.
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

/// Renders a page with a status.
///
/// # Errors
/// [`crate::error::AppError::Internal`] if the template can't be rendered.
pub fn page<T: Template>(status: StatusCode, template: &T) -> Result<Response> {
    let _span = tracing::debug_span!("render", page = std::any::type_name::<T>()).entered();
    Ok((status, Html(template.render().map_err(AppError::internal)?)).into_response())
}

/// The initials of a name, or the beginning of a number, shown in place of a picture.
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
