//! A bot's own affairs at the Bot API: who it is, where its updates go, where a file is.
//!
//! The token is part of every address, so no address and no error that names one leaves this folder.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use url::Url;

use crate::providers::telegram::SECRET_HEADER;
use crate::providers::{
    Reason,
    calls::{cause, read},
    media::{FetchError, Fetched, LONGEST_FETCH},
};

/// The kinds of updates that we use; Telegram posts no others.
pub(super) const ALLOWED_UPDATES: [&str; 3] = ["message", "edited_message", "my_chat_member"];
/// Telegram keeps what it could not post for a day, and posts at most this many at once.
const MOST_CONNECTIONS: u32 = 20;
/// A bot can't download more.
const MOST_BYTES: u64 = 20 * 1024 * 1024;

/// A bot, by its token.
#[derive(Clone, Debug)]
pub struct Bot {
    pub(super) http: Client,
    api_url: Url,
    token: SecretString,
}

/// Who a bot is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Me {
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
    Silent(String),
}

impl Bot {
    /// A bot. `http` should come from [`http_client`](crate::providers::http_client); `api_url` is
    /// `https://api.telegram.org`, a local Bot API server or a simulator.
    #[must_use]
    pub fn new(http: Client, api_url: Url, token: SecretString) -> Self {
        Self { http, api_url, token }
    }

    /// Who it is; the proof that the token is good.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn get_me(&self) -> Result<Me, BotError> {
        let me = self.call("getMe", &json!({})).await?;
        let id = me["id"].as_i64().ok_or_else(|| BotError::Silent("getMe named nobody".to_owned()))?;
        let text = |name: &str| me[name].as_str().unwrap_or_default().to_owned();
        Ok(Me { id, username: text("username"), name: text("first_name") })
    }

    /// Has Telegram post updates to an address, with a token that proves them, in place of any other address.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn set_webhook(&self, url: &Url, secret_token: &SecretString) -> Result<(), BotError> {
        let body = json!({
            "url": url.as_str(),
            "secret_token": secret_token.expose_secret(),
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": MOST_CONNECTIONS,
        });
        self.call("setWebhook", &body).await.map(drop)
    }

    /// Has Telegram post no updates any more.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn delete_webhook(&self) -> Result<(), BotError> {
        self.call("deleteWebhook", &json!({})).await.map(drop)
    }

    /// Where its updates go.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn webhook_info(&self) -> Result<WebhookInfo, BotError> {
        let info = self.call("getWebhookInfo", &json!({})).await?;
        let message = info["last_error_message"].as_str().map(str::to_owned);
        Ok(WebhookInfo {
            url: info["url"].as_str().unwrap_or_default().to_owned(),
            pending: info["pending_update_count"].as_u64().unwrap_or(0),
            last_error: info["last_error_date"].as_i64().zip(message),
        })
    }

    /// Asks for a file.
    pub(super) async fn download(&self, file_id: &str) -> Result<Fetched, FetchError> {
        let file = match self.call("getFile", &json!({ "file_id": file_id })).await {
            Ok(file) => file,
            Err(BotError::Silent(why)) => return Err(FetchError::Again(why)),
            Err(BotError::Refused(reason)) => return Err(no_file(&reason)),
        };
        if file["file_size"].as_u64().is_some_and(|size| size > MOST_BYTES) {
            return Err(FetchError::TooLarge);
        }
        let path = file["file_path"].as_str().filter(|path| !path.starts_with('/'));
        let Some(path) = path else {
            // A local Bot API server names a path of its own disk.
            return Err(FetchError::Refused("the file is on the Bot API server's own disk"));
        };
        let mut url = self.api_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            let bot = format!("bot{}", self.token.expose_secret());
            segments.pop_if_empty().extend(["file", bot.as_str()]).extend(path.split('/'));
        }
        let response = self.http.get(url).timeout(LONGEST_FETCH).send().await;
        let response = response.map_err(|error| FetchError::Again(cause(&error)))?;
        match response.status() {
            StatusCode::OK => Ok(Fetched::from(response)),
            other => Err(FetchError::Again(other.to_string())),
        }
    }

    /// A request for a method.
    pub(super) fn request(&self, method: &str) -> RequestBuilder {
        let mut url = self.api_url.clone();
        // Only an address without a host (`data:`) has no path; calling it is refused later.
        if let Ok(mut segments) = url.path_segments_mut() {
            let bot = format!("bot{}", self.token.expose_secret());
            segments.pop_if_empty().extend([bot.as_str(), method]);
        }
        self.http.post(url)
    }

    #[tracing::instrument(name = "telegram.call", skip_all, fields(method))]
    async fn call(&self, method: &str, body: &Value) -> Result<Value, BotError> {
        let silent = |error: reqwest::Error| BotError::Silent(cause(&error));
        let response = self.request(method).json(body).send().await.map_err(silent)?;
        let status = response.status();
        let body = read(response).await.map_err(silent)?;
        let mut answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        match answer["ok"].as_bool() {
            Some(true) => Ok(answer["result"].take()),
            Some(false) => {
                Err(BotError::Refused(crate::providers::telegram::answer::reason(status, &answer)))
            }
            None => Err(BotError::Silent(format!("{status}, and no answer of the Bot API's"))),
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

fn no_file(reason: &Reason) -> FetchError {
    match reason.code.as_deref() {
        Some("telegram-too-large") => FetchError::TooLarge,
        Some("400") => FetchError::Gone,
        // A token that is renewed, a busy server.
        _ => FetchError::Again(reason.text.clone()),
    }
}
