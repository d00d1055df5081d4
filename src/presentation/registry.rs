//! The list of features. A new feature needs a line here; its declaration reaches the router, the
//! layout, the spotlight and the live stream through [`AppState`].

use axum::http::Method;
use tokio_util::sync::CancellationToken;

use crate::{
    presentation::{
        activity::{audit, live_stream},
        channels,
        chats::{self, templates},
        clients,
        delivery::{self, webhooks},
        http::{
            feature::{Feature, Features},
            monitoring,
            refusal_log::RefusalLog,
            routes,
            state::AppState,
        },
        identity, search,
        ui::{assets, pwa, style_guide},
    },
    services::Services,
};

/// The features of every application, in the order of the navigation.
const FEATURES: &[Feature] = &[
    chats::FEATURE,
    clients::FEATURE,
    templates::FEATURE,
    channels::FEATURE,
    search::FEATURE,
    identity::ACCOUNT,
    identity::TEAM,
    audit::FEATURE,
    identity::FEATURE,
    delivery::FEATURE,
    webhooks::FEATURE,
    style_guide::FEATURE,
    SYSTEM,
];

/// The routes outside of all features.
const SYSTEM: Feature = Feature::new("system", |table| {
    table
        .get(routes::Events::PATTERN, live_stream::stream)
        .get(routes::Static::PATTERN, assets::show)
        .get(routes::Manifest::PATTERN, pwa::manifest)
        .get(routes::ServiceWorker::PATTERN, pwa::service_worker)
        .get(routes::Offline::PATTERN, pwa::offline)
        .get(routes::Healthz::PATTERN, monitoring::alive)
        .get(routes::Readyz::PATTERN, monitoring::ready)
});

impl AppState {
    /// Creates the state of an application with the features of every application.
    pub fn new(services: Services, stop: CancellationToken) -> Self {
        Self { services, stop, features: Features::new(FEATURES), refusals: RefusalLog::default() }
    }
}

/// The method and pattern of each route, so that a test can visit all of them.
pub fn route_table() -> Vec<(Method, &'static str)> {
    Features::new(FEATURES).routes().entries
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_navigation_links_are_unique() {
        let names: BTreeSet<_> = FEATURES.iter().map(|feature| feature.name).collect();
        assert_eq!(names.len(), FEATURES.len());
        let links = FEATURES.iter().filter_map(|feature| feature.navigation);
        let hrefs: BTreeSet<_> = links.clone().map(|link| link.href).collect();
        assert_eq!(hrefs.len(), links.count());
    }

    #[test]
    fn each_kind_of_event_has_one_listener() {
        let (whole_page, one_chat) = Features::new(FEATURES).event_kinds();
        let kinds: Vec<_> = whole_page.split(' ').chain(one_chat.split(' ')).collect();
        let unique: BTreeSet<_> = kinds.iter().collect();
        assert_eq!(unique.len(), kinds.len(), "{kinds:?}");
        assert!(kinds.contains(&"ClientMerged") && kinds.contains(&"MessageReceived"), "{kinds:?}");
    }
}
