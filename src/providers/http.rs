//! The HTTP client for providers. Its settings ensure that an error tells if a message may have
//! been sent.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect, retry};

/// Builds the client for calls to providers.
///
/// Connecting times out after 5 seconds, and a whole call after 15. Redirects are not followed, so
/// that credentials stay with the intended host, and requests are never repeated automatically,
/// because a repeated request sends a second message.
///
/// Without root certificates in the system the client is still built, and https connections fail:
/// the demo and the simulator do not need them.
pub fn http_client() -> reqwest::Result<Client> {
    build(|| builder().timeout(Duration::from_secs(15)))
}

/// Builds the client for calls with files: like [`http_client`], with a longer time-out.
///
/// The lease of a delivery lasts a minute. The time-out leaves room for the ten seconds that
/// teloxide waits before it returns a server error.
pub fn upload_client() -> reqwest::Result<Client> {
    build(|| builder().timeout(Duration::from_secs(45)))
}

/// Builds a client, without root certificates if those of the system cannot be used.
pub(super) fn build(builder: impl Fn() -> ClientBuilder) -> reqwest::Result<Client> {
    // reqwest panics without a crypto provider. An error means that one is installed already.
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
        // A request on a connection that the server is closing could end as "unknown".
        .pool_idle_timeout(Duration::from_secs(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_builds_repeatedly_and_without_certificates() {
        assert!(http_client().is_ok());
        assert!(http_client().is_ok());
        assert!(upload_client().is_ok());
        assert!(builder().tls_built_in_root_certs(false).build().is_ok());
    }
}
