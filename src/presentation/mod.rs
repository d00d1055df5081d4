//! HTTP and HTML: the application, extractors and responses, pages by feature, webhooks and the
//! live stream.

pub(crate) mod activity;
pub(crate) mod channels;
pub(crate) mod chats;
pub(crate) mod clients;
pub(crate) mod delivery;
pub(crate) mod http;
pub(crate) mod identity;
mod registry;
pub(crate) mod search;
pub(crate) mod ui;

pub use self::{
    activity::notification_texts::notification_text,
    channels::health::CheckResultView,
    http::{
        app::app,
        feature::{Feature, RouteTable},
        monitoring::metrics_app,
        routes,
        state::AppState,
    },
    registry::route_table,
    ui::i18n::I18n,
};

use crate::{domain::Locale, providers};

/// The page texts of a language, for texts outside of pages.
pub fn i18n(locale: Locale) -> I18n {
    I18n::new(locale)
}

/// True for the paths that are served even when there are no connections left for pages: health checks and webhooks.
pub fn is_essential(path: &str) -> bool {
    let health = [routes::Healthz::PATTERN, routes::Readyz::PATTERN];
    health.contains(&path) || providers::webhooks().any(|webhook| webhook.path == path)
}
