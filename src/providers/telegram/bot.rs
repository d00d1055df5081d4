//! Methods of the Bot API that concern the bot itself: its identity, its webhook and its files.
//!
//! The token is part of every URL, so neither URLs nor errors that contain one leave this module.

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

/// The kinds of update that Telegram posts to the webhook.
const ALLOWED_UPDATES: [AllowedUpdate; 4] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::MessageReaction,
    AllowedUpdate::MyChatMember,
];
/// The maximum number of concurrent webhook requests. Telegram keeps updates that it could not post
/// for a day.
const MAX_CONNECTIONS: u8 = 20;
/// The maximum size of a file that bots can download.
const MAX_BYTES: u64 = 20 * 1024 * 1024;

/// A bot, identified by its token. There is no `Debug`, since teloxide's would print the token.
#[derive(Clone)]
pub struct Bot {
    api: teloxide_core::Bot,
}

/// The identity of a bot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BotIdentity {
    /// The bot's id.
    pub id: i64,
    /// The username, without `@`.
    pub username: String,
    /// The display name.
    pub name: String,
}

/// The webhook of a bot and its state.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct WebhookInfo {
    /// The URL; empty without a webhook.
    pub url: String,
    /// The number of updates that wait to be posted.
    pub pending: u64,
    /// The time of the last failure, in seconds since 1970, and its description.
    pub last_error: Option<(i64, String)>,
}

/// The reason why a call failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BotError {
    /// Telegram refused the call.
    Refused(Reason),
    /// Telegram did not answer, or the answer is not from the Bot API.
    NoResponse(String),
}

impl Bot {
    /// Creates a bot. `http` should come from [`http_client`](crate::providers::http_client);
    /// `api_url` is `https://api.telegram.org`, a local Bot API server or a simulator, by http or
    /// https.
    #[must_use]
    pub fn new(http: Client, mut api_url: Url, token: &SecretString) -> Self {
        // teloxide appends to the path, so that a trailing slash would be doubled.
        if let Ok(mut segments) = api_url.path_segments_mut() {
            segments.pop_if_empty();
        }
        let api = teloxide_core::Bot::with_client(token.expose_secret(), http);
        Self { api: api.set_api_url(api_url) }
    }

    /// The teloxide client of this bot.
    pub(super) fn api(&self) -> &teloxide_core::Bot {
        &self.api
    }

    /// A teloxide client of this bot with another HTTP client.
    pub(super) fn api_by(&self, http: Client) -> teloxide_core::Bot {
        teloxide_core::Bot::with_client(self.api.token(), http).set_api_url(self.api.api_url())
    }

    /// Returns the bot's identity, which proves that the token is valid.
    ///
    /// # Errors
    /// [`BotError::Refused`] for an invalid token.
    pub async fn get_me(&self) -> Result<BotIdentity, BotError> {
        let me = settled(call::json(&self.api, GetMe::new()).await)?;
        let id = me["id"].as_i64().ok_or_else(|| BotError::NoResponse("getMe named nobody".to_owned()))?;
        let text = |name: &str| me[name].as_str().unwrap_or_default().to_owned();
        Ok(BotIdentity { id, username: text("username"), name: text("first_name") })
    }

    /// Sets the webhook, replacing any other one. Telegram sends the secret token with each update.
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

    /// Removes the webhook.
    ///
    /// # Errors
    /// [`BotError`].
    pub async fn delete_webhook(&self) -> Result<(), BotError> {
        settled(call::json(&self.api, DeleteWebhook::new()).await).map(drop)
    }

    /// Returns the webhook and its state.
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

    /// Requests a file.
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
            // A local Bot API server returns a path of its own disk.
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

    /// Posts an update like Telegram, for the simulator. Returns the body of the answer, which may
    /// be a method call.
    ///
    /// # Errors
    /// An error if the server does not answer.
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

/// The result of a call that does not send a message.
fn settled(answer: Result<Value, RequestError>) -> Result<Value, BotError> {
    answer::result(answer).map_err(BotError::from)
}

fn no_file(reason: &Reason) -> FetchError {
    match reason.code.as_deref() {
        Some("telegram-too-large") => FetchError::TooLarge,
        Some("400") => FetchError::Gone,
        // The token may be renewed, and the server may recover.
        _ => FetchError::Retry(reason.text.clone()),
    }
}
