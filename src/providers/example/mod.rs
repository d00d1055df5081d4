//! A gateway for SMS, which takes messages at `POST /send` and posts what clients write.

#[cfg(test)]
mod tests;

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::{Client, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use url::Url;

use crate::domain::{ChannelProvider, InboundEvent, InboundMessage, MessageText, Transport};
use crate::providers::{
    CheckResult, FailureClass, NO_RESPONSE, OutboundMessage, Outcome, Provider, Registration, SendFrom,
    calls::{cause, log, no_response, read, reason, truncated_response},
    media::{FetchError, Fetched},
    webhook::{Webhook, WebhookAnswer, WebhookBody, WebhookProof, WebhookRejection, WebhookRequest},
};

/// The name of the provider.
pub const NAME: ChannelProvider = ChannelProvider::named("gateway");

/// The gateway among the providers.
pub(in crate::providers) static REGISTRATION: Registration = Registration {
    name: NAME,
    sender: |channel, transport| match transport {
        Transport::Sms => channel.sms_number.clone().map(SendFrom::Number),
        _ => None,
    },
    may_start: true,
    status_path: None,
    classify: |code| match code {
        "no-credit" => FailureClass::CHANNEL,
        code => FailureClass::of_any_provider(code),
    },
    suppression_code: |_| "closed",
    check: |by, check| {
        let gateway = Gateway::new(&by.http, &check.channel.account_sid, check.secret);
        async move { vec![gateway.check().await] }.boxed()
    },
    check_code: |kind| (kind == "no-answer").then_some(NO_RESPONSE),
    webhooks: &[Webhook {
        provider: NAME,
        path: "/crm/webhooks/gateway",
        kind: "message",
        body: WebhookBody::Raw,
        authenticate: |request| {
            let token = request.headers.get("x-gateway-token").ok_or(WebhookRejection::UnknownToken)?;
            Ok(WebhookProof::Token(token.as_bytes().to_vec()))
        },
        parse: events,
        answer: |_| WebhookAnswer::empty(204),
        unverified: WebhookRejection::UnknownToken,
    }],
    webhooks_by_hand: true,
    open: |by, channel, token| Box::new(Gateway::new(&by.http, &channel.account_sid, token)),
};

struct Gateway {
    http: Client,
    /// The address of the account's gateway.
    url: Option<Url>,
    token: SecretString,
}

impl Gateway {
    fn new(http: &Client, account: &str, token: SecretString) -> Self {
        Self { http: http.clone(), url: account.parse().ok(), token }
    }

    fn at(&self, path: &str) -> Option<Url> {
        self.url.as_ref()?.join(path).ok()
    }

    async fn deliver(&self, message: &OutboundMessage) -> Outcome {
        let (Some(url), SendFrom::Number(from)) = (self.at("send"), &message.from) else {
            return Outcome::Refused(reason("the channel has no address or no number"));
        };
        let body = json!({ "from": from, "to": message.to, "text": message.body });
        let request = self.http.post(url).bearer_auth(self.token.expose_secret()).json(&body);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return no_response(&error),
        };
        let status = response.status();
        let body: Value = match read(response).await {
            Ok(body) => serde_json::from_slice(&body).unwrap_or_default(),
            Err(error) => return truncated_response(&error),
        };
        match (status, body["id"].as_str()) {
            (StatusCode::OK, Some(id)) => Outcome::Accepted { provider_id: id.to_owned() },
            (StatusCode::OK, None) => Outcome::Unknown(reason("no id")),
            (StatusCode::TOO_MANY_REQUESTS, _) => Outcome::Retry { after: None, reason: reason("busy") },
            (other, _) if other.is_server_error() => Outcome::Retry { after: None, reason: reason("down") },
            (other, _) => Outcome::Refused(reason(&other.to_string())),
        }
    }

    async fn check(&self) -> CheckResult {
        let Some(url) = self.at("account") else { return CheckResult::failed("account-unknown", "gateway") };
        match self.http.get(url).bearer_auth(self.token.expose_secret()).send().await {
            Ok(response) if response.status().is_success() => {
                CheckResult::passed("account-active", "gateway")
            }
            Ok(response) => CheckResult::failed("credentials-refused", response.status().to_string()),
            Err(error) => CheckResult::failed("no-answer", cause(&error)),
        }
    }
}

impl Provider for Gateway {
    fn send<'a>(&'a self, message: &'a OutboundMessage) -> BoxFuture<'a, Outcome> {
        async move {
            let outcome = self.deliver(message).await;
            log(&outcome);
            outcome
        }
        .boxed()
    }

    fn fetch<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>> {
        async { Err(FetchError::Refused("it sends no files")) }.boxed()
    }
}

/// A webhook of the gateway: one message a request.
fn events(request: &WebhookRequest) -> Result<Vec<InboundEvent>, WebhookRejection> {
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|_| WebhookRejection::Malformed("not JSON"))?;
    let (Some(id), Some(from)) = (body["id"].as_str(), body["from"].as_str()) else {
        return Err(WebhookRejection::Malformed("no id or no sender"));
    };
    let text = MessageText::from_provider(body["text"].as_str().unwrap_or_default());
    let message = InboundMessage::new(id.to_owned(), Transport::Sms, from.to_owned(), text);
    Ok(vec![InboundEvent::Message(Box::new(message))])
}
