//! The configuration: environment variables, or the same keys in `aloqa.toml`.

use std::{
    env, fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use config::{Config as Source, File, FileFormat};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;

use crate::{
    error::{AppError, Result},
    persistence::Database,
    providers,
    services::{Clock, Dependencies, SecretKey, Services, Vault},
    storage::Storage,
};

/// The file that is read when there is one and none is named.
const DEFAULT_FILE: &str = "aloqa.toml";
/// The environment's variables, without their prefix.
const KEYS: [&str; 11] = [
    "database_url",
    "listen",
    "public_url",
    "data_dir",
    "files_url",
    "secret_key",
    "twilio_api_url",
    "telegram_api_url",
    "metrics_listen",
    "log",
    "log_format",
];

/// How this process is to run.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `sqlite://…` or `postgres://…`; may hold a password.
    #[serde(default)]
    database_url: Option<SecretString>,
    /// Where to listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// How browsers and providers reach the server.
    #[serde(default = "default_public_url")]
    pub public_url: Url,
    /// Uploads, the embedded database and the key.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// Where files are kept instead of the data directory.
    #[serde(default)]
    files_url: Option<Url>,
    #[serde(default)]
    secret_key: Option<SecretString>,
    /// Where Twilio's API is.
    #[serde(default = "default_twilio_api_url")]
    pub twilio_api_url: Url,
    /// Where the Telegram Bot API is.
    #[serde(default = "default_telegram_api_url", deserialize_with = "http_url")]
    pub telegram_api_url: Url,
    /// Where metrics are served; nothing serves them yet.
    #[serde(default)]
    metrics_listen: Option<SocketAddr>,
    /// The filter of logs (`tracing`'s syntax).
    #[serde(default = "default_log")]
    pub log: String,
    /// How log lines look.
    #[serde(default)]
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object a line, for collectors.
    Json,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

#[expect(clippy::expect_used, reason = "a constant")]
fn default_public_url() -> Url {
    Url::parse("http://localhost:8080").expect("a URL")
}

#[expect(clippy::expect_used, reason = "a constant")]
fn default_twilio_api_url() -> Url {
    Url::parse("https://api.twilio.com").expect("a URL")
}

#[expect(clippy::expect_used, reason = "a constant")]
fn default_telegram_api_url() -> Url {
    Url::parse("https://api.telegram.org").expect("a URL")
}

/// Reads the address of an HTTP API: teloxide panics on one that has no host.
fn http_url<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Url, D::Error> {
    let url = Url::deserialize(deserializer)?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(D::Error::custom(format!("{other} is neither http nor https"))),
    }
}

fn default_data_dir() -> PathBuf {
    PathBuf::from("data")
}

fn default_log() -> String {
    "info".to_owned()
}

impl Config {
    /// Reads the file, then the environment, which wins.
    ///
    /// # Errors
    /// A named file that is not there, an unknown key, a value that does not parse.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let required = file.is_some();
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let mut source =
            Source::builder().add_source(File::from(path).format(FileFormat::Toml).required(required));
        for key in KEYS {
            if let Some(value) = env_value(key) {
                source = source.set_override(key, value).map_err(AppError::internal)?;
            }
        }
        let config: Self = source.build().and_then(Source::try_deserialize).map_err(AppError::internal)?;
        if config.metrics_listen.is_some() {
            tracing::debug!(key = "metrics_listen", "has no effect in this version");
        }
        Ok(config)
    }

    /// The database's URL; the embedded database in the data directory when none is given.
    pub fn database_url(&self) -> SecretString {
        let default = || format!("sqlite://{}", self.data_dir.join("aloqa.db").display()).into();
        self.database_url.clone().unwrap_or_else(default)
    }

    /// Whether a database was named rather than left to the default.
    pub fn has_database_url(&self) -> bool {
        self.database_url.is_some()
    }

    /// This configuration with an embedded database of its own in `data_dir`.
    #[must_use]
    pub fn in_directory(mut self, data_dir: PathBuf) -> Self {
        self.database_url = None;
        self.files_url = None;
        self.data_dir = data_dir;
        self
    }

    /// The key that encrypts stored credentials: the configured one, else the data directory's, made when missing.
    ///
    /// # Errors
    /// A key that is none, or a file that can't be read or written.
    pub fn secret_key(&self) -> Result<SecretKey> {
        match &self.secret_key {
            Some(key) => SecretKey::from_base64(key.expose_secret()),
            None => SecretKey::from_file(&self.data_dir.join("secret.key")),
        }
    }

    /// Where the contents of files are kept: the configured place, else a folder in the data directory.
    ///
    /// # Errors
    /// A place that can't be used.
    pub fn storage(&self) -> Result<Storage> {
        match &self.files_url {
            Some(url) => Storage::at(url),
            None => Storage::in_folder(&self.data_dir.join("files")),
        }
    }

    /// Opens the database and builds the use cases.
    ///
    /// # Errors
    /// What keeps the database from being opened or the key from being read.
    pub async fn services(&self) -> Result<Services> {
        let database = Database::open(self.database_url().expose_secret()).await?;
        let vault = Vault::new(&self.secret_key()?);
        let http = providers::http_client().map_err(AppError::internal)?;
        let storage = self.storage()?;
        Ok(Services::new(Dependencies {
            database,
            clock: Clock::system(),
            vault,
            storage,
            public_url: self.public_url.clone(),
            twilio_api_url: self.twilio_api_url.clone(),
            telegram_api_url: self.telegram_api_url.clone(),
            scratch: self.data_dir.join("tmp"),
            http,
        }))
    }
}

/// A variable's value. The database's also goes by the name that other programs use.
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
