//! A gateway for SMS, which takes messages at `POST /send` and posts what clients write.

#[cfg(test)]
mod tests;

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use url::Url;

use crate::domain::{
    ChannelProvider, ChannelSettings, FieldErrors, InboundEvent, InboundMessage, MessageText, PhoneNumber,
    Problem, Transport,
};
use crate::providers::{
    Capabilities, CheckResult, Connected, ConnectionField, Connections, FailureClass, FieldRole, NO_RESPONSE,
    OutboundMessage, Outcome, Provider, Registration, SendFrom, TransportCapabilities, WebhookChange,
    WebhookSetup,
    calls::{cause, log, no_response, read, reason, truncated_response},
    media::{FetchError, Fetched},
    webhook::{Webhook, WebhookAnswer, WebhookBody, WebhookProof, WebhookRejection, WebhookRequest},
};

/// The path to which the gateway posts.
const WEBHOOK_PATH: &str = "/crm/webhooks/gateway";

/// The name of the provider.
pub const NAME: ChannelProvider = ChannelProvider::named("gateway");

const TOKEN: &str = "gateway_token";
const SMS_NUMBER: &str = "sms_number";

const FIELDS: &[ConnectionField] = &[
    ConnectionField { name: TOKEN, role: FieldRole::Secret, parse: |text, _| Ok(text.trim().to_owned()) },
    ConnectionField {
        name: SMS_NUMBER,
        role: FieldRole::Address,
        parse: |text, country| PhoneNumber::parse(text, country).map(|number| number.to_string()),
    },
];

/// The gateway among the providers.
pub(in crate::providers) static REGISTRATION: Registration = Registration {
    name: NAME,
    api_url: "https://api.gateway.example",
    fields: FIELDS,
    connect: |by, request| {
        async move {
            let gateway = Gateway::new(by, request.values.get(TOKEN).into());
            let account = gateway.account().await.map_err(|result| match result.kind {
                "gateway-refused" => FieldErrors::one(TOKEN, Problem::CredentialsRefused),
                _ => FieldErrors::one(TOKEN, Problem::ProviderUnresponsive(result.subject)),
            })?;
            let addresses = request.values.addresses(FIELDS);
            Ok(Connected { account, addresses, settings: ChannelSettings::new(), unproven: None })
        }
        .boxed()
    },
    webhook_setup: WebhookSetup::Automatic(set_webhook),
    names: |channel| channel.address(SMS_NUMBER).map(str::to_owned).into_iter().collect(),
    username: |_| None,
    invite_link: |_, _| None,
    sender: |channel, transport| match transport {
        Transport::Sms => channel.address(SMS_NUMBER).map(|number| SendFrom::Number(number.to_owned())),
        _ => None,
    },
    consent_addresses: |channel, _| channel.address(SMS_NUMBER).map(str::to_owned).into_iter().collect(),
    capabilities: Capabilities {
        transports: &[TransportCapabilities {
            transport: Transport::Sms,
            max_text: 1_000,
            splits_text: false,
            files: None,
            window: None,
            templates: false,
        }],
        rate: |_, _| 10,
        may_start: true,
        reports_delivery: false,
        reports_read: false,
        keeps_inbound: false,
        edits: false,
    },
    status_path: None,
    parse_template_id: None,
    classify: |code| match code {
        "no-credit" => FailureClass::CHANNEL,
        code => FailureClass::of_any_provider(code),
    },
    suppression_code: |_| "closed",
    check: |by, check| {
        async move {
            let account = Gateway::new(by, check.secret).account().await;
            vec![account.map_or_else(|failed| failed, |name| CheckResult::passed("gateway-active", name))]
        }
        .boxed()
    },
    check_code: |kind| match kind {
        "gateway-refused" => Some("401"),
        "gateway-no-answer" => Some(NO_RESPONSE),
        _ => None,
    },
    webhooks: &[Webhook {
        provider: NAME,
        path: WEBHOOK_PATH,
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
    open: |by, _, token| Box::new(Gateway::new(by, token)),
};

struct Gateway {
    http: Client,
    api_url: Url,
    token: SecretString,
}

impl Gateway {
    fn new(by: &Connections, token: SecretString) -> Self {
        Self { http: by.http.clone(), api_url: by.api_url(&NAME), token }
    }

    fn request(&self, method: Method, resource: &str) -> RequestBuilder {
        let mut url = self.api_url.clone();
        url.set_path(resource);
        self.http.request(method, url).bearer_auth(self.token.expose_secret())
    }

    async fn deliver(&self, message: &OutboundMessage) -> Outcome {
        let SendFrom::Number(from) = &message.from else {
            return Outcome::Refused(reason("the channel has no number"));
        };
        let body = json!({ "from": from, "to": message.to, "text": message.body });
        let response = match self.request(Method::POST, "send").json(&body).send().await {
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

    /// The id of the account, which proves the token.
    async fn account(&self) -> Result<String, CheckResult> {
        let answer = self.request(Method::GET, "account").send().await;
        let answer = answer.map_err(|error| CheckResult::failed("gateway-no-answer", cause(&error)))?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Err(CheckResult::failed("gateway-refused", "the gateway"));
        }
        let body: Value =
            read(answer).await.ok().and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or_default();
        let id = body["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| CheckResult::failed("gateway-no-answer", "no account"))
    }
}

/// Has the gateway post to this server, or to nowhere.
fn set_webhook<'a>(by: &'a Connections, change: WebhookChange<'a>) -> BoxFuture<'a, Result<(), FieldErrors>> {
    async move {
        let gateway = Gateway::new(by, change.secret.clone());
        let url = change.target.and_then(|(public_url, _)| public_url.join(WEBHOOK_PATH).ok());
        let token = change.target.map(|(_, token)| token.expose_secret());
        let request = gateway.request(Method::PUT, "webhook").json(&json!({ "url": url, "token": token }));
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        answer
            .map(drop)
            .map_err(|error| FieldErrors::one(TOKEN, Problem::ProviderUnresponsive(cause(&error))))
    }
    .boxed()
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
