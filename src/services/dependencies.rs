//! The objects that all services share.

use std::path::PathBuf;

use url::Url;

use crate::{
    domain::TrustedProxies,
    metrics::Metrics,
    persistence::Database,
    providers::ApiUrls,
    services::{Clock, Quotas, Vault},
    storage::Storage,
};

/// The shared objects: database, clock, vault, storage, addresses and the HTTP client.
#[derive(Clone)]
pub struct Dependencies {
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Clock,
    /// The vault that encrypts stored credentials.
    pub vault: Vault,
    /// The storage of file contents.
    pub storage: Storage,
    /// The base URL by which browsers and providers reach this server, without a path.
    pub public_url: Url,
    /// The base URLs of the providers' APIs.
    pub api_urls: ApiUrls,
    /// The folder for temporary files.
    pub scratch: PathBuf,
    /// The HTTP client for calls to providers.
    pub http: reqwest::Client,
    /// The metrics of the process.
    pub metrics: Metrics,
    /// The reverse proxies that name the addresses of clients.
    pub trusted_proxies: TrustedProxies,
    /// The maximum number of requests with an API token in a minute.
    pub token_requests_per_minute: u32,
    /// The maximum number of requests from one address (of IPv6: one network of 64 bits) in a minute.
    pub address_requests_per_minute: u32,
    /// The limits of open live streams.
    pub stream_limits: StreamLimits,
    /// The limits of stored files and waiting work.
    pub quotas: Quotas,
}

/// The maximum numbers of open live streams in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamLimits {
    /// Those of a user: browsers share one among their tabs where they can.
    pub per_user: usize,
    /// Those of a tenant.
    pub per_tenant: usize,
}

impl Default for StreamLimits {
    fn default() -> Self {
        Self { per_user: 10, per_tenant: 200 }
    }
}
