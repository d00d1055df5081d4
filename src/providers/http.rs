//! The HTTP client for providers, set up so that its errors say whether a message may have left.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect, retry};

/// Builds the client for calls to providers.
///
/// It gives up connecting after 5 seconds and altogether after 15, follows no redirects
/// (credentials stay with the host they are meant for) and repeats nothing by itself, for a
/// repeated message is two messages.
///
/// Where the system has no root certificates it still builds, and every https address then fails to
/// connect: the demo and the simulator need none.
pub fn http_client() -> reqwest::Result<Client> {
    build(|| builder().timeout(Duration::from_secs(15)))
}

/// Builds the client for calls that carry files: as [`http_client`], with more time.
///
/// A worker leases a delivery for a minute. The limit leaves it the ten seconds that teloxide waits before it passes on
/// a server's error.
pub fn upload_client() -> reqwest::Result<Client> {
    build(|| builder().timeout(Duration::from_secs(45)))
}

/// Builds a client, without root certificates where the system's can't be used.
pub(super) fn build(builder: impl Fn() -> ClientBuilder) -> reqwest::Result<Client> {
    // reqwest panics without a provider. An error here means that there is one already, which will
    // do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder().build().or_else(|error| {
        tracing::warn!(%error, "no root certificates; https to providers will fail");
        builder().tls_built_in_root_certs(false).build()
    })
}

fn builder() -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("aloqa/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        // On a connection that the server is about to close, a message could end as "unknown".
        .pool_idle_timeout(Duration::from_secs(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_builds_however_often_and_without_certificates() {
        assert!(http_client().is_ok());
        assert!(http_client().is_ok());
        assert!(upload_client().is_ok());
        assert!(builder().tls_built_in_root_certs(false).build().is_ok());
    }
}
