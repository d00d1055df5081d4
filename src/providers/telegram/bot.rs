//! A bot's own affairs at the Bot API: who it is, where its updates go, where a file is.
//!
//! The token is part of every address, so no address and no error that names one leaves this folder.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use teloxide_core::{
    RequestError,
    payloads::{DeleteWebhook, GetFile, GetMe, GetWebhookInfo, SetWebhook, SetWebhookSetters as _},
    types::{AllowedUpdate, FileId},
};
use url::Url;

use crate::providers::telegram::{SECRET_HEADER, answer, call};
use crate::providers::{
    Reason,
    calls::cause,
    media::{FETCH_TIMEOUT, FetchError, Fetched},
};

/// The kinds of updates that we use; Telegram posts no others.
const ALLOWED_UPDATES: [AllowedUpdate; 3] =
    [AllowedUpdate::Message, AllowedUpdate::EditedMessage, AllowedUpdate::MyChatMember];
/// Telegram keeps what it could not post for a day, and posts at most this many at once.
const MAX_CONNECTIONS: u8 = 20;
/// A bot can't download more.
const MAX_BYTES: u64 = 20 * 1024 * 1024;

/// A bot, by its token. It has no `Debug`, since teloxide's shows the token.
#[derive(Clone)]
pub struct Bot {
    api: teloxide_core::Bot,
}

/// Who a bot is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BotIdentity {
    /// Its number.
    pub id: i64,
    /// Its username, without `@`.
    pub username: String,
    /// Its name.
    pub name: String,
}

/// Where a bot's updates go, and whether they arrive.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct WebhookInfo {
    /// The address; empty when there is none.
    pub url: String,
    /// Updates that wait.
    pub pending: u64,
    /// What went wrong last, and when, in seconds since 1970.
    pub last_error: Option<(i64, String)>,
}

/// Why a bot's affair was not settled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BotError {
    /// Telegram said no.
    Refused(Reason),
    /// Telegram did not answer, or not as itself.
    NoResponse(String),
}

impl Bot {
    /// A bot. `http` should come from [`http_client`](crate::providers::http_client); `api_url` is
    /// `https://api.telegram.org`, a local Bot API server or a simulator, by http or https.
    #[must_use]
    pub fn new(http: Client, mut api_url: Url, token: &SecretString) -> Self {
        // teloxide appends to the path, and a slash at its end would be there twice.
        if let Ok(mut segments) = api_url.path_segments_mut() {
            segments.pop_if_empty();
        }
        let api = teloxide_core::Bot::with_client(token.expose_secret(), http);
        Self { api: api.set_api_url(api_url) }
    }

    /// What makes teloxide's calls for this bot.
    pub(super) fn api(&self) -> &teloxide_core::Bot {
        &self.api
    }

    /// The same by another HTTP client.
    pub(super) fn api_by(&self, http: Client) -> teloxide_core::Bot {
        teloxide_core::Bot::with_client(self.api.token(), http).set_api_url(self.api.api_url())
    }

    /// Who it is; the proof that the token is good.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn get_me(&self) -> Result<BotIdentity, BotError> {
        let me = settled(call::json(&self.api, GetMe::new()).await)?;
        let id = me["id"].as_i64().ok_or_else(|| BotError::NoResponse("getMe named nobody".to_owned()))?;
        let text = |name: &str| me[name].as_str().unwrap_or_default().to_owned();
        Ok(BotIdentity { id, username: text("username"), name: text("first_name") })
    }

    /// Has Telegram post updates to an address, with a token that proves them, in place of any other address.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn set_webhook(&self, url: &Url, secret_token: &SecretString) -> Result<(), BotError> {
        let method = SetWebhook::new(url.clone())
            .secret_token(secret_token.expose_secret())
            .allowed_updates(ALLOWED_UPDATES)
            .max_connections(MAX_CONNECTIONS);
        settled(call::multipart(&self.api, method).await).map(drop)
    }

    /// Has Telegram post no updates any more.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn delete_webhook(&self) -> Result<(), BotError> {
        settled(call::json(&self.api, DeleteWebhook::new()).await).map(drop)
    }

    /// Where its updates go.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn webhook_info(&self) -> Result<WebhookInfo, BotError> {
        let info = settled(call::json(&self.api, GetWebhookInfo::new()).await)?;
        let message = info["last_error_message"].as_str().map(str::to_owned);
        Ok(WebhookInfo {
            url: info["url"].as_str().unwrap_or_default().to_owned(),
            pending: info["pending_update_count"].as_u64().unwrap_or(0),
            last_error: info["last_error_date"].as_i64().zip(message),
        })
    }

    /// Asks for a file.
    pub(super) async fn download(&self, file_id: &str) -> Result<Fetched, FetchError> {
        let file = match settled(call::json(&self.api, GetFile::new(FileId(file_id.to_owned()))).await) {
            Ok(file) => file,
            Err(BotError::NoResponse(why)) => return Err(FetchError::Retry(why)),
            Err(BotError::Refused(reason)) => return Err(no_file(&reason)),
        };
        if file["file_size"].as_u64().is_some_and(|size| size > MAX_BYTES) {
            return Err(FetchError::TooLarge);
        }
        let path = file["file_path"].as_str().filter(|path| !path.starts_with('/'));
        let Some(path) = path else {
            // A local Bot API server names a path of its own disk.
            return Err(FetchError::Refused("the file is on the Bot API server's own disk"));
        };
        let mut url = self.api.api_url();
        if let Ok(mut segments) = url.path_segments_mut() {
            let bot = format!("bot{}", self.api.token());
            segments.pop_if_empty().extend(["file", bot.as_str()]).extend(path.split('/'));
        }
        let response = self.api.client().get(url).timeout(FETCH_TIMEOUT).send().await;
        let response = response.map_err(|error| FetchError::Retry(cause(&error)))?;
        match response.status() {
            StatusCode::OK => Ok(Fetched::from(response)),
            other => Err(FetchError::Retry(other.to_string())),
        }
    }

    /// Posts an update to where it would be posted, for the simulator; what was answered, which may be a call.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn post_update(
        http: &Client,
        to: &Url,
        secret_token: &SecretString,
        update: &Value,
    ) -> reqwest::Result<Response> {
        let request = http.post(to.clone()).header(SECRET_HEADER, secret_token.expose_secret());
        request.timeout(Duration::from_secs(10)).json(update).send().await
    }
}

/// The result of a call that sends no message.
fn settled(answer: Result<Value, RequestError>) -> Result<Value, BotError> {
    answer::result(answer).map_err(BotError::from)
}

fn no_file(reason: &Reason) -> FetchError {
    match reason.code.as_deref() {
        Some("telegram-too-large") => FetchError::TooLarge,
        Some("400") => FetchError::Gone,
        // A token that is renewed, a busy server.
        _ => FetchError::Retry(reason.text.clone()),
    }
}
