//! The configuration: environment variables, or the same keys in `aloqa.toml`.

use std::{
    collections::BTreeMap,
    env, fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use chrono::TimeDelta;
use config::{Config as Source, File, FileFormat};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, de::Error as _};
use strum::EnumString;
use url::Url;

use crate::{
    backup::{self, Schedule},
    domain::TrustedProxies,
    error::{AppError, Result},
    metrics::Metrics,
    persistence::Database,
    providers::{self, ApiUrls},
    services::{
        Clock, Dependencies, KeyFile, Quotas, SecretKey, Services, StreamLimits, TenantLimits, Vault,
    },
    storage::Storage,
};

/// The configuration file that is read if it exists and no other file is named.
const DEFAULT_FILE: &str = "aloqa.toml";
/// The keys of the settings, which are also the names of the environment variables without the `ALOQA_` prefix, and their
/// meaning. Those of the providers' APIs are known by the providers.
const KEYS: [(&str, &str); 20] = [
    ("database_url", "sqlite://… or postgres://… [default: aloqa.db in the data directory]"),
    ("listen", "the address and port of the server [default: 127.0.0.1:8080]"),
    ("public_url", "the URL for browsers and providers [default: http://localhost:8080]"),
    ("data_dir", "uploads, the embedded database and the key [default: data]"),
    ("files_url", "file:///FOLDER or s3://BUCKET/PREFIX [default: files in the data directory]"),
    ("secret_key", "32 bytes in base64 [default: secret.key in the data directory]"),
    ("trusted_proxies", "the addresses of reverse proxies, separated by commas"),
    ("metrics_listen", "the address and port of the metrics [default: off]"),
    ("backup_dir", "the folder of scheduled backups [default: off]"),
    ("backup_every", "the time between two backups: 30m, 24h, 7d [default: 1d]"),
    ("backup_keep", "the number of backups that are kept [default: 7]"),
    ("token_requests_per_minute", "the maximum for an API token [default: 1200]"),
    ("address_requests_per_minute", "the maximum for an address [default: 6000]"),
    ("streams_per_user", "the maximum of open live pages of a user [default: 10]"),
    ("streams_per_tenant", "the maximum of open live pages of a workspace [default: 200]"),
    ("tenant_stored_bytes", "the maximum of stored files of a workspace [default: 100000000000]"),
    (
        "tenant_waiting_messages",
        "the maximum of waiting messages of programs and schedules [default: 100000]",
    ),
    ("tenant_open_imports", "the maximum of imports that have not ended [default: 20]"),
    ("log", "a filter of log messages: warn, info, debug [default: info]"),
    ("log_format", "pretty or json [default: pretty]"),
];

/// The names of all settings.
fn keys() -> Vec<String> {
    KEYS.into_iter().map(|(key, _)| key.to_owned()).chain(ApiUrls::default().keys()).collect()
}

/// The configuration of a process.
#[derive(Clone, Deserialize)]
pub struct Config {
    /// The database's URL (`sqlite://…` or `postgres://…`), which may contain a password.
    #[serde(default)]
    database_url: Option<SecretString>,
    /// The address and port that the server listens on.
    #[serde(default = "default_listen", deserialize_with = "listen")]
    pub listen: SocketAddr,
    /// The base URL under which browsers and providers reach the server.
    #[serde(default = "default_public_url", deserialize_with = "public_url")]
    pub public_url: Url,
    /// The directory of uploaded files, the embedded database and the encryption key.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// The location of files, if not in the data directory.
    #[serde(default)]
    files_url: Option<Url>,
    #[serde(default)]
    secret_key: Option<SecretString>,
    /// The base URLs of the providers' APIs, under the keys that the providers name.
    #[serde(skip)]
    pub api_urls: ApiUrls,
    /// The address and port that serve metrics; `None` if they are not served.
    #[serde(default, deserialize_with = "metrics_listen")]
    pub metrics_listen: Option<SocketAddr>,
    /// The folder of scheduled backups of the embedded database.
    #[serde(default)]
    backup_dir: Option<PathBuf>,
    #[serde(default = "default_backup_every", deserialize_with = "interval")]
    backup_every: TimeDelta,
    #[serde(default = "default_backup_keep")]
    backup_keep: usize,
    /// The reverse proxies whose `X-Forwarded-For` is believed.
    #[serde(default, deserialize_with = "proxies")]
    pub trusted_proxies: TrustedProxies,
    /// The maximum number of requests with an API token in a minute.
    #[serde(default = "default_token_requests")]
    token_requests_per_minute: u32,
    /// The maximum number of requests from one address in a minute.
    #[serde(default = "default_address_requests")]
    address_requests_per_minute: u32,
    /// The maximum number of open live streams of a user.
    #[serde(default = "default_streams_per_user")]
    streams_per_user: usize,
    /// The maximum number of open live streams of a tenant.
    #[serde(default = "default_streams_per_tenant")]
    streams_per_tenant: usize,
    /// The maximum size of the stored files of a tenant, in bytes.
    #[serde(default = "default_stored_bytes")]
    tenant_stored_bytes: u64,
    /// The maximum number of waiting messages of a tenant's programs and schedules.
    #[serde(default = "default_waiting_messages")]
    tenant_waiting_messages: u64,
    /// The maximum number of a tenant's imports that have not ended.
    #[serde(default = "default_open_imports")]
    tenant_open_imports: u64,
    /// The filter of log messages, in the syntax of `tracing`.
    #[serde(default = "default_log")]
    pub log: String,
    /// The format of log messages.
    #[serde(default, deserialize_with = "log_format")]
    pub log_format: LogFormat,
    /// All other keys.
    #[serde(flatten)]
    rest: BTreeMap<String, config::Value>,
}

/// The format of log messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people to read.
    #[default]
    Pretty,
    /// One JSON object per line, for log collectors.
    Json,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

#[expect(clippy::expect_used, reason = "a constant")]
fn default_public_url() -> Url {
    Url::parse("http://localhost:8080").expect("a URL")
}

fn default_data_dir() -> PathBuf {
    PathBuf::from("data")
}

fn default_token_requests() -> u32 {
    1200
}

fn default_address_requests() -> u32 {
    6000
}

fn default_streams_per_user() -> usize {
    StreamLimits::default().per_user
}

fn default_streams_per_tenant() -> usize {
    StreamLimits::default().per_tenant
}

fn default_stored_bytes() -> u64 {
    TenantLimits::default().stored_bytes
}

fn default_waiting_messages() -> u64 {
    TenantLimits::default().waiting_messages
}

fn default_open_imports() -> u64 {
    TenantLimits::default().open_imports
}

fn default_backup_every() -> TimeDelta {
    TimeDelta::days(1)
}

fn default_backup_keep() -> usize {
    7
}

fn interval<'de, D: Deserializer<'de>>(value: D) -> Result<TimeDelta, D::Error> {
    let text = String::deserialize(value)?;
    backup::parse_interval(&text).map_err(D::Error::custom)
}

/// Parses the text of a setting.
fn parsed<'de, D: Deserializer<'de>, T: FromStr>(value: D, expected: &str) -> Result<T, D::Error> {
    let text = String::deserialize(value)?;
    text.trim().parse().map_err(|_| D::Error::custom(format!("`{text}` is not {expected}")))
}

const ADDRESS: &str = "an address and a port, such as 127.0.0.1:8080";

fn listen<'de, D: Deserializer<'de>>(value: D) -> Result<SocketAddr, D::Error> {
    parsed(value, ADDRESS)
}

fn metrics_listen<'de, D: Deserializer<'de>>(value: D) -> Result<Option<SocketAddr>, D::Error> {
    parsed(value, ADDRESS).map(Some)
}

fn log_format<'de, D: Deserializer<'de>>(value: D) -> Result<LogFormat, D::Error> {
    parsed(value, "pretty or json")
}

fn public_url<'de, D: Deserializer<'de>>(value: D) -> Result<Url, D::Error> {
    const EXPECTED: &str = "a URL of http or https, such as https://crm.example.com";
    let url: Url = parsed(value, EXPECTED)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    if is_web { Ok(url) } else { Err(D::Error::custom(format!("`{url}` is not {EXPECTED}"))) }
}

fn proxies<'de, D: Deserializer<'de>>(value: D) -> Result<TrustedProxies, D::Error> {
    String::deserialize(value)?.parse().map_err(D::Error::custom)
}

fn default_log() -> String {
    "info".to_owned()
}

impl Config {
    /// Reads the configuration file and then the environment, which takes precedence.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a named file does not exist, for an unknown key and for an invalid
    /// value.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let required = file.is_some();
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let mut source =
            Source::builder().add_source(File::from(path).format(FileFormat::Toml).required(required));
        for key in keys() {
            if let Some(value) = env_value(&key) {
                source = source.set_override(key, value).map_err(AppError::internal)?;
            }
        }
        let mut config: Self =
            source.build().and_then(Source::try_deserialize).map_err(AppError::internal)?;
        for (key, value) in std::mem::take(&mut config.rest) {
            let value = value.into_string().map_err(AppError::internal)?;
            let known = config.api_urls.configure(&key, &value);
            if !known.map_err(|why| AppError::internal(format!("{why} for key `{key}`")))? {
                return Err(AppError::internal(format!("unknown field `{key}`")));
            }
        }
        Ok(config)
    }

    /// The database's URL; by default the embedded database in the data directory.
    pub fn database_url(&self) -> SecretString {
        let default = || format!("sqlite://{}", self.data_dir.join("aloqa.db").display()).into();
        self.database_url.clone().unwrap_or_else(default)
    }

    /// True if a database is configured, false for the default one.
    pub fn has_database_url(&self) -> bool {
        self.database_url.is_some()
    }

    /// Returns this configuration with the embedded database in `data_dir`.
    #[must_use]
    pub fn in_directory(mut self, data_dir: PathBuf) -> Self {
        self.database_url = None;
        self.files_url = None;
        self.data_dir = data_dir;
        self
    }

    /// The vault with the key that encrypts stored credentials: the configured one, otherwise the one in the data
    /// directory, which is created if it does not exist.
    ///
    /// # Errors
    /// [`AppError::Internal`] for an invalid key and for a file that cannot be read or written.
    pub fn vault(&self) -> Result<Vault> {
        match self.configured_key()? {
            Some(key) => Ok(Vault::new(&key)),
            None => Vault::from_file(self.key_file()),
        }
    }

    /// The key in the configuration; `None` if it is in a file.
    ///
    /// # Errors
    /// [`AppError::Internal`] for an invalid key.
    pub fn configured_key(&self) -> Result<Option<SecretKey>> {
        self.secret_key.as_ref().map(|key| SecretKey::from_base64(key.expose_secret())).transpose()
    }

    /// True if the key that encrypts stored credentials is configured, or its file exists.
    pub fn has_secret_key(&self) -> bool {
        self.secret_key.is_some() || self.key_file().path().exists()
    }

    /// The file of the key, unless it is configured.
    pub fn key_file(&self) -> KeyFile {
        KeyFile::new(self.data_dir.join("secret.key"))
    }

    /// Opens the file storage: the configured location, otherwise a folder in the data directory.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the location cannot be used.
    pub fn storage(&self) -> Result<Storage> {
        match &self.files_url {
            Some(url) => Storage::at(url),
            None => Storage::in_folder(&self.data_dir.join("files")),
        }
    }

    /// The schedule of backups; `None` if none are configured.
    pub fn backup_schedule(&self) -> Option<Schedule> {
        let folder = self.backup_dir.clone()?;
        Some(Schedule { folder, every: self.backup_every, keep: self.backup_keep })
    }

    /// Opens the database and creates the services.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if the database does not answer; [`AppError::Internal`] if it
    /// cannot be opened or the key cannot be read.
    pub async fn services(&self) -> Result<Services> {
        self.services_on(Database::open(self.database_url().expose_secret()).await?)
    }

    /// Creates the services on an open database.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the key or the storage cannot be used.
    pub fn services_on(&self, database: Database) -> Result<Services> {
        let vault = self.vault()?;
        let http = providers::http_client().map_err(AppError::internal)?;
        let storage = self.storage()?;
        Ok(Services::new(Dependencies {
            database,
            clock: Clock::system(),
            vault,
            storage,
            public_url: self.public_url.clone(),
            api_urls: self.api_urls.clone(),
            scratch: self.data_dir.join("tmp"),
            http,
            metrics: Metrics::default(),
            trusted_proxies: self.trusted_proxies.clone(),
            token_requests_per_minute: self.token_requests_per_minute,
            address_requests_per_minute: self.address_requests_per_minute,
            stream_limits: StreamLimits {
                per_user: self.streams_per_user,
                per_tenant: self.streams_per_tenant,
            },
            quotas: Quotas::new(TenantLimits {
                stored_bytes: self.tenant_stored_bytes,
                waiting_messages: self.tenant_waiting_messages,
                open_imports: self.tenant_open_imports,
            }),
        }))
    }
}

/// The environment variables with their meaning, one in a line, for the help of the command line.
pub fn settings_help() -> String {
    let line = |(key, meaning): (&str, &str)| {
        format!("  {:<34} {meaning}", format!("ALOQA_{}", key.to_ascii_uppercase()))
    };
    KEYS.map(line).join("\n")
}

/// The environment variables that begin with `ALOQA_` and are no settings.
pub fn unknown_variables() -> Vec<String> {
    let known = keys();
    let is_unknown = |name: &String| {
        let key = name.strip_prefix("ALOQA_").map(str::to_ascii_lowercase);
        key.is_some_and(|key| !key.starts_with("test_") && !known.contains(&key))
    };
    env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(is_unknown).collect()
}

/// The value of an environment variable. The database's URL is also read from `DATABASE_URL`.
fn env_value(key: &str) -> Option<String> {
    let own = env::var(format!("ALOQA_{}", key.to_ascii_uppercase())).ok();
    let common = || (key == "database_url").then(|| env::var("DATABASE_URL").ok()).flatten();
    own.or_else(common).filter(|value| !value.is_empty())
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("public_url", &self.public_url.as_str())
            .field("data_dir", &self.data_dir)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::providers::registrations;

    #[test]
    fn api_urls_are_read_by_the_names_of_providers_and_unknown_keys_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("aloqa.toml");
        let load = |text: String| {
            fs::write(&file, text).unwrap();
            Config::load(Some(&file))
        };
        let default = load(String::new()).unwrap();
        for registration in registrations() {
            let key = format!("{}_api_url", registration.name.as_str());
            let own = default.api_urls.get(&registration.name);
            assert_eq!(own.as_str().trim_end_matches('/'), registration.api_url);
            let config = load(format!("{key} = \"http://127.0.0.1:9/api\"")).unwrap();
            assert_eq!(config.api_urls.get(&registration.name).as_str(), "http://127.0.0.1:9/api");
            assert!(load(format!("{key} = \"data:,\"")).is_err(), "clients panic on a URL without a host");
        }
        for (key, value) in [("pigeon_api_url", "\"http://127.0.0.1:9\""), ("port", "8080")] {
            let unknown = load(format!("{key} = {value}")).unwrap_err();
            assert!(format!("{unknown:?}").contains(key), "{unknown:?}");
        }
    }
}
