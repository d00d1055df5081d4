//! The HTTP clients and the base URLs for calls to providers.

use std::collections::BTreeMap;

use reqwest::Client;
use url::Url;

use crate::domain::ChannelProvider;
use crate::providers::media::MediaFetcher;

/// The HTTP clients and base URLs for calls to providers.
#[derive(Clone, Debug)]
pub struct Connections {
    /// The client for calls without files.
    pub http: Client,
    /// The client for calls with files.
    pub uploads: Client,
    /// The downloader of files from clients.
    pub media: MediaFetcher,
    /// The base URLs of the providers' APIs.
    pub api_urls: ApiUrls,
}

impl Connections {
    /// The base URL of a provider's API.
    pub fn api_url(&self, provider: &ChannelProvider) -> Url {
        self.api_urls.get(provider)
    }
}

/// The base URLs of the providers' APIs. The default is the provider's own; an operator may configure another one by
/// the key `NAME_api_url`.
#[derive(Clone, Debug)]
pub struct ApiUrls(pub(in crate::providers) BTreeMap<ChannelProvider, Url>);

impl ApiUrls {
    /// The base URL of a provider's API.
    ///
    /// # Panics
    /// If the provider is not registered and has no URL here.
    #[expect(clippy::expect_used, reason = "a provider asks for its own URL")]
    pub fn get(&self, provider: &ChannelProvider) -> Url {
        self.0.get(provider).cloned().expect("a registered provider")
    }

    /// Replaces the base URL of a provider's API.
    pub fn set(&mut self, provider: ChannelProvider, url: Url) {
        self.0.insert(provider, url);
    }

    /// Replaces the base URL that a configuration key means. Returns `false` if it means none.
    ///
    /// # Errors
    /// A text for operators, for a value that is no URL of HTTP: the clients of some APIs panic on one.
    pub fn configure(&mut self, name: &str, value: &str) -> Result<bool, String> {
        let Some(configured) =
            self.0.iter_mut().find_map(|(provider, url)| (key(provider) == name).then_some(url))
        else {
            return Ok(false);
        };
        let url = Url::parse(value).map_err(|error| error.to_string())?;
        if !["http", "https"].contains(&url.scheme()) {
            return Err(format!("{} is neither http nor https", url.scheme()));
        }
        *configured = url;
        Ok(true)
    }

    /// The configuration keys.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        self.0.keys().map(key)
    }
}

fn key(provider: &ChannelProvider) -> String {
    format!("{}_api_url", provider.as_str().replace('-', "_"))
}
