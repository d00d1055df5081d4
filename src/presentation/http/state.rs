//! The state that all handlers share.

use tokio_util::sync::CancellationToken;

use crate::{
    presentation::http::{
        feature::{Feature, Features},
        refusal_log::RefusalLog,
    },
    services::Services,
};

/// The state of the application. `presentation::registry` creates it with the features of every
/// application.
#[derive(Clone)]
pub struct AppState {
    /// The services.
    pub services: Services,
    /// The token that is cancelled when the server stops, so that live streams end.
    pub stop: CancellationToken,
    /// The features, from which the router, the navigation and the spotlight are built.
    pub features: Features,
    /// The limit of logged refusals.
    pub refusals: RefusalLog,
}

impl AppState {
    /// Adds a feature of another module, such as the simulator.
    #[must_use]
    pub fn with_feature(mut self, feature: Feature) -> Self {
        self.features.register(feature);
        self
    }

    /// True if browsers reach the application by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.services.dependencies().public_url.scheme() == "https"
    }
}
