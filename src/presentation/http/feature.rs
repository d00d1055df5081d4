//! Features register themselves: routes, a place in the navigation, what the spotlight finds of them. Adding one is adding one such registration.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};

use crate::domain::Permission;
use crate::{
    presentation::{
        AppState,
        activity::live_stream,
        channels, chats,
        chats::templates,
        clients, delivery,
        delivery::webhooks,
        http::{health, routes},
        identity,
        identity::account_feature,
        search::{self, Spotlight},
        ui::{assets, pwa, style_guide},
    },
    simulator::page,
};

/// A part of the product.
#[derive(Clone, Copy)]
pub struct Feature {
    /// Its name, for people who read the code.
    pub name: &'static str,
    /// Its place in the navigation, where it has one.
    pub navigation: Option<Navigation>,
    /// What it gives to the spotlight besides the link of the navigation.
    pub spotlight: Spotlight,
    /// Adds its routes.
    pub routes: fn(RouteTable) -> RouteTable,
}

/// A link of the navigation, shown to those who may follow it.
#[derive(Debug, Clone, Copy)]
pub struct Navigation {
    /// The key of its label.
    pub label: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// What one must be allowed to.
    pub permission: Permission,
}

/// All features, in the order of the navigation.
pub const FEATURES: &[Feature] = &[
    chats::FEATURE,
    clients::FEATURE,
    templates::FEATURE,
    channels::FEATURE,
    search::FEATURE,
    account_feature::FEATURE,
    identity::FEATURE,
    delivery::FEATURE,
    webhooks::FEATURE,
    style_guide::FEATURE,
    SYSTEM,
];

/// What is there only where the providers are simulated.
pub const SIMULATED: &[Feature] = &[page::FEATURE];

/// What belongs to no feature.
const SYSTEM: Feature = Feature {
    name: "system",
    navigation: None,
    spotlight: Spotlight::NONE,
    routes: |table| {
        table
            .get(routes::Events::PATTERN, live_stream::stream)
            .get(routes::Static::PATTERN, assets::show)
            .get(routes::Manifest::PATTERN, pwa::manifest)
            .get(routes::ServiceWorker::PATTERN, pwa::service_worker)
            .get(routes::Offline::PATTERN, pwa::offline)
            .get(routes::Healthz::PATTERN, health::alive)
            .get(routes::Readyz::PATTERN, health::ready)
    },
};

/// A router that remembers what is in it, so that a test can go through all of it.
#[derive(Default)]
pub struct RouteTable {
    /// The router.
    pub router: Router<AppState>,
    /// Every method and pattern.
    pub entries: Vec<(Method, &'static str)>,
}

impl RouteTable {
    /// Adds a GET route.
    #[must_use]
    pub fn get<H: Handler<T, AppState>, T: 'static>(self, pattern: &'static str, handler: H) -> Self {
        self.add(Method::GET, pattern, on(MethodFilter::GET, handler))
    }

    /// Adds a POST route.
    #[must_use]
    pub fn post<H: Handler<T, AppState>, T: 'static>(self, pattern: &'static str, handler: H) -> Self {
        self.add(Method::POST, pattern, on(MethodFilter::POST, handler))
    }

    /// Adds a PUT route.
    #[must_use]
    pub fn put<H: Handler<T, AppState>, T: 'static>(self, pattern: &'static str, handler: H) -> Self {
        self.add(Method::PUT, pattern, on(MethodFilter::PUT, handler))
    }

    /// Adds a DELETE route.
    #[must_use]
    pub fn delete<H: Handler<T, AppState>, T: 'static>(self, pattern: &'static str, handler: H) -> Self {
        self.add(Method::DELETE, pattern, on(MethodFilter::DELETE, handler))
    }

    fn add(mut self, method: Method, pattern: &'static str, route: MethodRouter<AppState>) -> Self {
        self.router = self.router.route(pattern, route);
        self.entries.push((method, pattern));
        self
    }
}

/// Every method and pattern of the router, so that a test can go through all of them.
pub fn route_table() -> Vec<(Method, &'static str)> {
    table().entries
}

/// The routes of all features.
pub fn table() -> RouteTable {
    FEATURES.iter().fold(RouteTable::default(), |table, feature| (feature.routes)(table))
}

/// The same with those that are there only where the providers are simulated.
pub fn simulated_table() -> RouteTable {
    SIMULATED.iter().fold(table(), |table, feature| (feature.routes)(table))
}
