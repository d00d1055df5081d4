//! Downloads files of inbound messages from the provider.
//!
//! URLs come from outside and are not trusted: credentials are sent to the configured API host
//! only, redirects are followed without them, and addresses of private networks are refused, also
//! when a name resolves or a redirect leads to one. Only the API host may have a private address,
//! because the operator configured it.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use reqwest::{
    Client, ClientBuilder, Response, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_DISPOSITION, LOCATION},
    redirect, retry,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use crate::providers::http::build;

/// The maximum duration of a download, from the first connection to the last byte.
pub const FETCH_TIMEOUT: Duration = Duration::from_mins(2);
const MAX_REDIRECTS: usize = 5;

/// Credentials for the provider's API.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The base URL of the API. They are sent to its host only, which may have a private address.
    pub api_url: Url,
    /// The user name of Basic authentication.
    pub user: String,
    /// The password of Basic authentication.
    pub password: SecretString,
}

/// The reason why a file cannot be downloaded.
#[derive(Debug)]
pub enum FetchError {
    /// The URL must not be requested; final.
    Refused(&'static str),
    /// The provider no longer has the file.
    Gone,
    /// The file exceeds the provider's limit for downloads.
    TooLarge,
    /// A temporary failure.
    Retry(String),
}

/// A file whose content has not been read yet.
pub struct Fetched(Response);

/// Downloads files of inbound messages.
#[derive(Clone, Debug)]
pub struct MediaFetcher {
    /// The client for the API's own host, which may have any address.
    api_client: Client,
    /// The client for all other hosts, which connects to public addresses only.
    public_client: Client,
}

impl MediaFetcher {
    /// Creates a fetcher.
    ///
    /// # Errors
    /// An error if the HTTP clients cannot be built.
    pub fn new() -> reqwest::Result<Self> {
        let api_client = build(builder)?;
        let public_client = build(|| builder().dns_resolver(Arc::new(PublicOnly)))?;
        Ok(Self { api_client, public_client })
    }

    /// Requests a file.
    ///
    /// # Errors
    /// [`FetchError::Retry`] if a later attempt may succeed; otherwise the failure is final.
    pub async fn fetch(&self, url: &str, credentials: &Credentials) -> Result<Fetched, FetchError> {
        let mut url = Url::parse(url).map_err(|_| FetchError::Refused("not a URL"))?;
        let mut may_know_us = true;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(&url, credentials, may_know_us).await?;
            if !response.status().is_redirection() {
                return accepted(response);
            }
            let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let next = location.and_then(|to| url.join(to).ok());
            let next = next.ok_or_else(|| FetchError::Retry("a redirect leads nowhere".to_owned()))?;
            if url.scheme() == "https" && next.scheme() != "https" {
                return Err(FetchError::Refused("a redirect gives up encryption"));
            }
            url = next;
            may_know_us = false;
        }
        Err(FetchError::Refused("too many redirects"))
    }

    async fn ask(
        &self,
        url: &Url,
        credentials: &Credentials,
        may_know_us: bool,
    ) -> Result<Response, FetchError> {
        let is_api = url.origin() == credentials.api_url.origin();
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Refused("neither http nor https"));
        }
        let is_public = match url.host() {
            Some(Host::Ipv4(address)) => is_public(address.into()),
            Some(Host::Ipv6(address)) => is_public(address.into()),
            // The resolver checks the addresses of the name.
            Some(Host::Domain(_)) => true,
            None => false,
        };
        if !is_api && !is_public {
            return Err(FetchError::Refused("a private address"));
        }
        let mut request = if is_api { &self.api_client } else { &self.public_client }.get(url.clone());
        if is_api && may_know_us {
            request = request.basic_auth(&credentials.user, Some(credentials.password.expose_secret()));
        }
        request.send().await.map_err(|error| {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = cause {
                if error.is::<PrivateAddress>() {
                    return FetchError::Refused("a name leads to a private address");
                }
                cause = error.source();
            }
            FetchError::Retry(error.without_url().to_string())
        })
    }
}

fn builder() -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("aloqa/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(Duration::from_secs(20))
        .timeout(FETCH_TIMEOUT)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        // A proxy would resolve names by itself.
        .no_proxy()
        .pool_max_idle_per_host(0)
}

fn accepted(response: Response) -> Result<Fetched, FetchError> {
    match response.status() {
        StatusCode::OK => Ok(Fetched(response)),
        // The file may not be available yet right after the webhook, and invalid credentials may be
        // corrected.
        other => Err(FetchError::Retry(other.to_string())),
    }
}

impl From<Response> for Fetched {
    fn from(response: Response) -> Self {
        Self(response)
    }
}

impl Fetched {
    /// The length according to the header `Content-Length`.
    pub fn length(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// The file name according to the header `Content-Disposition`.
    pub fn name(&self) -> Option<String> {
        let value = self.0.headers().get(CONTENT_DISPOSITION)?;
        disposition_name(&String::from_utf8_lossy(value.as_bytes()))
    }

    /// The content as a stream, which ends with an error if the source is slower than the minimum rate.
    pub fn content(self) -> impl Stream<Item = Result<Bytes, ContentError>> + Send {
        let rate = Rate { begun: Instant::now(), bytes: 0 };
        stream::unfold(Some((self.0, rate)), |state| async move {
            let (mut response, mut rate) = state?;
            match response.chunk().await {
                Ok(Some(chunk)) => match rate.count(chunk.len(), Instant::now()) {
                    Ok(()) => Some((Ok(chunk), Some((response, rate)))),
                    Err(slow) => Some((Err(slow), None)),
                },
                Ok(None) => None,
                Err(error) => Some((Err(error.without_url().into()), None)),
            }
        })
    }
}

/// The reason why the content of a file is not received to its end.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The connection broke off, or nothing came for too long.
    #[error(transparent)]
    Broken(#[from] reqwest::Error),
    /// The source is slower than the minimum rate, and keeps the files of others waiting.
    #[error("the file arrives too slowly")]
    TooSlow,
}

/// The rate at which a file arrives.
struct Rate {
    begun: Instant,
    bytes: usize,
}

impl Rate {
    /// The minimum number of bytes in a second, on average since the beginning.
    const MIN_PER_SECOND: u64 = 16 * 1024;
    /// The time for which any rate is accepted.
    const GRACE: Duration = Duration::from_secs(10);

    fn count(&mut self, bytes: usize, now: Instant) -> Result<(), ContentError> {
        self.bytes += bytes;
        let took = now.saturating_duration_since(self.begun);
        let is_slow = took > Self::GRACE && (self.bytes as u64) < took.as_secs() * Self::MIN_PER_SECOND;
        if is_slow { Err(ContentError::TooSlow) } else { Ok(()) }
    }
}

/// The error of a name that resolves to private addresses only.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to a private address")]
struct PrivateAddress;

/// A resolver that returns public addresses only. The connection uses these addresses, so that the
/// name cannot resolve differently in between.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !found.is_empty() && !found.iter().any(|address| is_public(address.ip())) {
                return Err(PrivateAddress.into());
            }
            let public: Vec<_> = found.into_iter().filter(|address| is_public(address.ip())).collect();
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// True if an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!(
            (a, b, c),
            (0 | 224.., ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _)
        );
    !special
}

/// True for global unicast addresses (`2000::/3`); an address that embeds an IPv4 address must
/// embed a public one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => within(high, low),
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The file name of a `Content-Disposition` (RFC 6266): `filename*` is preferred to `filename`.
fn disposition_name(value: &str) -> Option<String> {
    let parameters = disposition_parameters(value);
    let part = |name: &str| {
        let found = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    let extended = part("filename*").and_then(|value| {
        let encoded = value.splitn(3, '\'').nth(2)?;
        Some(percent_encoding::percent_decode_str(encoded).decode_utf8().ok()?.into_owned())
    });
    extended.or_else(|| part("filename")).filter(|name| !name.is_empty())
}

/// The parameters of a header after its first word. A quoted value may contain semicolons, and quotes after a backslash
/// (RFC 9110, section 5.6.4).
fn disposition_parameters(value: &str) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    let mut rest = value.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((key, after)) = rest.split_once('=') {
        // A parameter without a value ends at its semicolon.
        let key = key.rsplit(';').next().unwrap_or(key).trim().to_owned();
        let after = after.trim_start();
        let mut text = String::new();
        let mut characters = after.char_indices();
        let is_quoted = after.starts_with('"');
        if is_quoted {
            characters.next();
        }
        let mut end = after.len();
        while let Some((index, character)) = characters.next() {
            match character {
                '\\' if is_quoted => text.extend(characters.next().map(|(_, escaped)| escaped)),
                '"' if is_quoted => {
                    end = index + 1;
                    break;
                }
                ';' if !is_quoted => {
                    end = index;
                    break;
                }
                other => text.push(other),
            }
        }
        parameters.push((key, if is_quoted { text } else { text.trim().to_owned() }));
        rest = after.get(end..).and_then(|rest| rest.split_once(';')).map_or("", |(_, rest)| rest);
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_content_disposition_are_read_whole() {
        for (header, name) in [
            ("attachment; filename=a.pdf", Some("a.pdf")),
            ("attachment; filename=\"Narxlar; 2026.pdf\"; size=7", Some("Narxlar; 2026.pdf")),
            (r#"attachment; filename="5\" ekran.pdf""#, Some("5\" ekran.pdf")),
            (r#"attachment; filename="a.pdf"; filename*=UTF-8''%D0%90.pdf"#, Some("А.pdf")),
            ("inline; foo; FileName = b.txt", Some("b.txt")),
            ("attachment; filename=\"open", Some("open")),
            ("attachment; filename=\"\"", None),
            ("attachment", None),
            ("", None),
        ] {
            assert_eq!(disposition_name(header).as_deref(), name, "{header}");
        }
    }

    #[test]
    fn a_source_that_drips_is_cut_off() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let mut drip = Rate { begun, bytes: 0 };
        for second in 0..=10 {
            assert!(drip.count(1, after(second)).is_ok(), "a short pause is none");
        }
        assert!(matches!(drip.count(1, after(11)), Err(ContentError::TooSlow)));
        let mut telephone = Rate { begun, bytes: 0 };
        for second in 1..120 {
            assert!(telephone.count(20 * 1024, after(second)).is_ok());
        }
    }

    #[test]
    fn private_networks_are_not_public() {
        for address in [
            "127.0.0.1",
            "127.255.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.170",
            "198.18.0.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2002:a00:1::",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "100::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in
            ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
        {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn private_addresses_are_refused_in_every_notation() {
        let fetcher = MediaFetcher::new().unwrap();
        let api_url = "https://api.example.com".parse().unwrap();
        let credentials = Credentials { api_url, user: "AC1".into(), password: "token".into() };
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.0.1/",
            "http://[fc00::1]/",
            "http://localhost/",
            "file:///etc/passwd",
            "ftp://example.com/",
            "data:,x",
            "nonsense",
            "",
            "https://api.example.com@127.0.0.1/",
        ] {
            let error = fetcher.fetch(url, &credentials).await.err().expect("refused");
            assert!(matches!(error, FetchError::Refused(_)), "{url}: {error:?}");
        }
    }
}
