//! Sends messages through Twilio's Messages API.

use std::error::Error as _;

use chrono::Utc;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{address, answer};
use crate::providers::{Outbound, Outcome, Provider, Reason, SendFrom};

/// An answer is about a kilobyte; what is longer than this was not meant for us.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A Twilio account that sends SMS and WhatsApp messages.
#[derive(Clone, Debug)]
pub struct Twilio {
    pub(super) http: Client,
    pub(super) api_url: Url,
    messages_url: Url,
    pub(super) account_sid: String,
    pub(super) auth_token: SecretString,
}

impl Twilio {
    /// Speaks for one account. `http` should come from
    /// [`http_client`](crate::providers::http_client), whose time-outs and silence about redirects
    /// the classification of outcomes relies on; `api_url` is `https://api.twilio.com`, a region's
    /// address or a simulator's.
    #[must_use]
    pub fn new(http: Client, api_url: Url, account_sid: String, auth_token: SecretString) -> Self {
        let mut messages_url = api_url.clone();
        // Only an address without a host (`data:`) has no path; sending to it is refused later.
        if let Ok(mut path) = messages_url.path_segments_mut() {
            path.pop_if_empty().extend(["2010-04-01", "Accounts", &account_sid, "Messages.json"]);
        }
        Self { http, api_url, messages_url, account_sid, auth_token }
    }

    #[tracing::instrument(name = "twilio.send", skip_all, fields(account = %self.account_sid, message = %message.reference))]
    async fn deliver(&self, message: &Outbound) -> Outcome {
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
            Err(error) => return unanswered(&error),
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
            Err(error) => Outcome::Unknown(reason(&format!("the answer broke off: {}", cause(&error)))),
        }
    }
}

impl Provider for Twilio {
    fn send<'a>(&'a self, message: &'a Outbound) -> BoxFuture<'a, Outcome> {
        self.deliver(message).boxed()
    }
}

/// The request's form; none for a transport that Twilio does not carry.
fn form(message: &Outbound) -> Option<Vec<(&'static str, String)>> {
    let mut form = vec![("To", address::format(message.transport, &message.to)?)];
    form.push(match &message.from {
        SendFrom::Number(number) => ("From", address::format(message.transport, number)?),
        SendFrom::MessagingService(sid) => ("MessagingServiceSid", sid.clone()),
    });
    if !message.body.is_empty() {
        form.push(("Body", message.body.clone()));
    }
    form.extend(message.media.iter().map(|url| ("MediaUrl", url.to_string())));
    let mut callback = message.status_callback.clone();
    callback.query_pairs_mut().append_pair("message", &message.reference);
    form.push(("StatusCallback", callback.into()));
    Some(form)
}

/// What an error without an answer means: only when no connection came about was nothing written.
fn unanswered(error: &reqwest::Error) -> Outcome {
    let text = cause(error);
    if error.is_builder() {
        Outcome::Refused(reason(&format!("the request could not be made: {text}")))
    } else if error.is_connect() {
        Outcome::Retry { after: None, reason: reason(&format!("no connection: {text}")) }
    } else {
        Outcome::Unknown(reason(&format!("no answer: {text}")))
    }
}

/// Twilio's words repeat the recipient's number, so its code has to do where there is one.
fn log(outcome: &Outcome) {
    let told = |reason: &Reason| reason.code.clone().unwrap_or_else(|| reason.text.clone());
    match outcome {
        Outcome::Accepted { provider_id } => tracing::debug!(provider_id, "accepted"),
        Outcome::Retry { after, reason } => {
            tracing::warn!(reason = told(reason), ?after, "not now");
        }
        Outcome::Refused(reason) => tracing::warn!(reason = told(reason), "refused"),
        Outcome::Unknown(reason) => tracing::warn!(reason = told(reason), "fate unknown"),
    }
}

pub(super) async fn read(mut response: Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            // No answer of Twilio's, so it won't parse; the status speaks for itself.
            break;
        }
    }
    Ok(body)
}

/// The innermost cause, which names neither the address nor anything that was sent.
pub(super) fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut innermost = error.source();
    while let Some(source) = innermost.and_then(std::error::Error::source) {
        innermost = Some(source);
    }
    innermost.map_or_else(|| "unknown cause".to_owned(), ToString::to_string)
}

fn reason(text: &str) -> Reason {
    Reason { code: None, text: text.to_owned() }
}

#[cfg(test)]
mod tests;
