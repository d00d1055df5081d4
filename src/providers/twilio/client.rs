//! Sends messages through Twilio's Messages API.

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::Client;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use crate::domain::{ChannelAddresses, InboundMessage};
use crate::providers::calls::{log, no_response, read, reason, truncated_response};
use crate::providers::media::{Credentials, FetchError, Fetched, MediaFetcher};
use crate::providers::twilio::{address, answer};
use crate::providers::{OutboundMessage, Outcome, Provider, Reason, SendFrom};

/// The Twilio provider of one account, for SMS and WhatsApp.
#[derive(Clone, Debug)]
pub struct Twilio {
    pub(super) http: Client,
    pub(super) api_url: Url,
    messages_url: Url,
    pub(super) account_sid: String,
    pub(super) auth_token: SecretString,
    media: Option<MediaFetcher>,
}

impl Twilio {
    /// Creates the provider of an account. `http` should come from
    /// [`http_client`](crate::providers::http_client): the classification of outcomes relies on its
    /// time-outs and on redirects not being followed. `api_url` is `https://api.twilio.com`, the
    /// URL of a region or that of a simulator.
    #[must_use]
    pub fn new(http: Client, api_url: Url, account_sid: String, auth_token: SecretString) -> Self {
        let mut messages_url = api_url.clone();
        // Only a URL without a host (`data:`) has no path; sending to it fails later.
        if let Ok(mut path) = messages_url.path_segments_mut() {
            path.pop_if_empty().extend(["2010-04-01", "Accounts", &account_sid, "Messages.json"]);
        }
        Self { http, api_url, messages_url, account_sid, auth_token, media: None }
    }

    /// Adds the fetcher for files of inbound messages.
    #[must_use]
    pub fn with_media_fetcher(self, media: MediaFetcher) -> Self {
        Self { media: Some(media), ..self }
    }

    #[tracing::instrument(name = "twilio.send", skip_all, fields(account = %self.account_sid, message = %message.reference))]
    async fn deliver(&self, message: &OutboundMessage) -> Outcome {
        let outcome = match form(message) {
            Some(form) => self.post(&form).await,
            None => Outcome::Refused(reason("Twilio carries SMS and WhatsApp only")),
        };
        log(&outcome);
        outcome
    }

    async fn post(&self, form: &[(&str, String)]) -> Outcome {
        let request = self
            .http
            .post(self.messages_url.clone())
            .basic_auth(&self.account_sid, Some(self.auth_token.expose_secret()))
            .form(form);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return no_response(&error),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        match read(response).await {
            Ok(body) => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "a date in Retry-After is measured by the machine's clock"
                )]
                let now = Utc::now();
                answer::outcome(status, &headers, &body, now)
            }
            Err(error) => truncated_response(&error),
        }
    }
}

impl Provider for Twilio {
    fn send<'a>(&'a self, message: &'a OutboundMessage) -> BoxFuture<'a, Outcome> {
        self.deliver(message).boxed()
    }

    fn fetch<'a>(&'a self, source: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>> {
        async move {
            let media = self.media.as_ref().ok_or(FetchError::Refused("nothing fetches for this account"))?;
            let credentials = Credentials {
                api_url: self.api_url.clone(),
                user: self.account_sid.clone(),
                password: self.auth_token.clone(),
            };
            media.fetch(source, &credentials).await
        }
        .boxed()
    }

    fn list_inbound<'a>(
        &'a self,
        addresses: &'a ChannelAddresses,
        since: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<InboundMessage>, Reason>> {
        self.inbound_since(addresses, since).boxed()
    }
}

/// The form of the request; `None` for a transport that Twilio does not carry.
fn form(message: &OutboundMessage) -> Option<Vec<(&'static str, String)>> {
    let mut form = vec![("To", address::format(message.transport, &message.to)?)];
    form.push(match &message.from {
        SendFrom::Number(number) => ("From", address::format(message.transport, number)?),
        SendFrom::MessagingService(sid) => ("MessagingServiceSid", sid.clone()),
    });
    if let Some(template) = &message.whatsapp_template {
        form.push(("ContentSid", template.sid.clone()));
        if !template.variables.is_empty() {
            form.push(("ContentVariables", numbered(&template.variables)));
        }
    } else {
        if !message.body.is_empty() {
            form.push(("Body", message.body.clone()));
        }
        form.extend(message.media.iter().map(|file| ("MediaUrl", file.link.to_string())));
    }
    if let Some(mut callback) = message.status_callback.clone() {
        callback.query_pairs_mut().append_pair("message", &message.reference);
        form.push(("StatusCallback", callback.into()));
    }
    Some(form)
}

/// Template variables in Twilio's format: an object with the variables' numbers as keys.
fn numbered(values: &[String]) -> String {
    let named =
        (1..).zip(values).map(|(number, value): (usize, _)| (number.to_string(), value.as_str().into()));
    Value::Object(named.collect()).to_string()
}

#[cfg(test)]
mod tests;
