//! The declaration of a feature: types only. `presentation::registry` lists the features, and the
//! application's state passes the list to the layout, the spotlight and the live stream.

use std::sync::Arc;

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    domain::{EventKind, Permission},
    presentation::{http::state::AppState, search::spotlight::Spotlight},
    services::PageFrame,
};

/// A feature of the product, with everything that the rest of the application needs to know about
/// it.
#[derive(Clone, Copy)]
pub struct Feature {
    /// The name in tests and messages.
    pub name: &'static str,
    /// A function that adds its routes.
    pub routes: fn(RouteTable) -> RouteTable,
    /// The link in the navigation; without one, its pages are linked from other pages.
    pub navigation: Option<Navigation>,
    /// The pages of settings, which the spotlight finds by their titles, and the page of the account lists.
    pub settings: &'static [SettingsSection],
    /// The number on the link in the navigation.
    pub badge: Option<Badge>,
    /// The destinations and sources of the spotlight, besides the link of the navigation and the
    /// settings.
    pub spotlight: Spotlight,
    /// The events after which open pages are updated.
    pub events: PageEvents,
}

impl Feature {
    /// A feature with routes alone, to be completed by struct update syntax.
    pub const fn new(name: &'static str, routes: fn(RouteTable) -> RouteTable) -> Self {
        Self {
            name,
            routes,
            navigation: None,
            settings: &[],
            badge: None,
            spotlight: Spotlight::NONE,
            events: PageEvents::NONE,
        }
    }
}

/// A link of the navigation, shown to users with the permission.
#[derive(Debug, Clone, Copy)]
pub struct Navigation {
    /// The key of the label in the catalogue.
    pub label: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// The address of the feature's first page. Pages name it to say that they belong to the feature.
    pub href: &'static str,
    /// The permission that is needed.
    pub permission: Permission,
}

/// A page of settings.
#[derive(Debug, Clone, Copy)]
pub struct SettingsSection {
    /// The key of the title in the catalogue.
    pub title: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// The address.
    pub href: &'static str,
    /// The permission that is needed; `None` for settings that concern the user alone.
    pub permission: Option<Permission>,
}

/// A number on a link of the navigation, such as the number of unread chats.
#[derive(Debug, Clone, Copy)]
pub struct Badge {
    /// The key of the link's label with the number.
    pub label: &'static str,
    /// Returns the number for the frame of a page; 0 shows no badge.
    pub count: fn(&PageFrame) -> i64,
}

/// The kinds of events that open pages listen to in the live stream.
#[derive(Debug, Clone, Copy)]
pub struct PageEvents {
    /// Events after which the whole page is loaded again.
    pub whole_page: &'static [EventKind],
    /// Events after which only the row and the messages of the event's chat are loaded again.
    pub one_chat: &'static [EventKind],
}

impl PageEvents {
    /// No events.
    pub const NONE: Self = Self { whole_page: &[], one_chat: &[] };
}

/// The features of an application, in the order of the navigation.
#[derive(Clone)]
pub struct Features(Arc<Vec<Feature>>);

impl Features {
    /// Creates the list.
    pub fn new(features: &[Feature]) -> Self {
        Self(Arc::new(features.to_vec()))
    }

    /// Adds a feature that does not belong to every application.
    pub fn register(&mut self, feature: Feature) {
        Arc::make_mut(&mut self.0).push(feature);
    }

    /// Iterates over the features.
    pub fn iter(&self) -> std::slice::Iter<'_, Feature> {
        self.0.iter()
    }

    /// Builds the routes of all features.
    pub fn routes(&self) -> RouteTable {
        self.iter().fold(RouteTable::default(), |table, feature| (feature.routes)(table))
    }

    /// The names of the kinds of events after which the whole page is loaded, and of those after
    /// which one chat is loaded, each separated by spaces, for the script that reads the live
    /// stream.
    pub fn event_kinds(&self) -> (String, String) {
        let names = |kinds: fn(&Feature) -> &'static [EventKind]| {
            let names: Vec<_> = self.iter().flat_map(kinds).map(|kind| kind.as_str()).collect();
            names.join(" ")
        };
        (names(|feature| feature.events.whole_page), names(|feature| feature.events.one_chat))
    }
}

/// A router that records its routes, so that a test can visit all of them.
#[derive(Default)]
pub struct RouteTable {
    /// The router.
    pub router: Router<AppState>,
    /// The method and pattern of each route.
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
