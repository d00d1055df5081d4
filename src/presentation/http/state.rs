//! The state that every handler shares.

use tokio_util::sync::CancellationToken;

use crate::{
    presentation::http::feature::{Feature, Features},
    services::Services,
};

/// What every handler can take a part of. `presentation::registry` makes it, with the features of every application.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub services: Services,
    /// Cancelled when the server goes down, so that live streams end.
    pub stop: CancellationToken,
    /// What the navigation, the spotlight and the router are made of.
    pub features: Features,
}

impl AppState {
    /// The same with one more feature, which its owner registers from outside.
    #[must_use]
    pub fn with_feature(mut self, feature: Feature) -> Self {
        self.features.register(feature);
        self
    }
}
