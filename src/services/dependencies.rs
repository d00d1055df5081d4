//! What all services share.

use std::path::PathBuf;

use url::Url;

use crate::{
    persistence::Database,
    services::{Clock, Vault},
    storage::Storage,
};

/// What the use cases share: database, clock, secrets, storage, addresses and the HTTP client.
#[derive(Clone)]
pub struct Dependencies {
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Clock,
    /// What encrypts stored credentials.
    pub vault: Vault,
    /// Where the contents of files are kept.
    pub storage: Storage,
    /// How browsers and providers reach this server, without a path.
    pub public_url: Url,
    /// Where Twilio's API is.
    pub twilio_api_url: Url,
    /// Where the Telegram Bot API is.
    pub telegram_api_url: Url,
    /// Where files are that live only while they are written and read.
    pub scratch: PathBuf,
    /// What calls the providers.
    pub http: reqwest::Client,
}
