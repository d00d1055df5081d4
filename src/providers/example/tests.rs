use axum::{
    Json, Router,
    http::HeaderMap,
    routing::{get, post, put},
};
use chrono::DateTime;
use secrecy::SecretString;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::*;
use crate::domain::{Channel, ChannelId, TenantId};
use crate::providers::{
    ApiUrls, ChannelCheck, ConnectRequest, FieldValues, http_client, media::MediaFetcher, upload_client,
};

/// The gateway: it knows one token, and echoes what it is asked to send.
async fn connections() -> Connections {
    async fn send(Json(sent): Json<Value>) -> Json<Value> {
        Json(json!({ "id": format!("{}-{}", sent["to"].as_str().unwrap(), sent["text"].as_str().unwrap()) }))
    }
    async fn account(headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
        if headers["authorization"] == "Bearer token" {
            Ok(Json(json!({ "id": "account-7" })))
        } else {
            Err(StatusCode::UNAUTHORIZED)
        }
    }
    async fn webhook(Json(asked): Json<Value>) -> StatusCode {
        let here = asked == json!({ "url": "https://crm.example.uz/crm/webhooks/gateway", "token": "proof" });
        let nowhere = asked == json!({ "url": null, "token": null });
        if here || nowhere { StatusCode::NO_CONTENT } else { StatusCode::BAD_REQUEST }
    }
    let router = Router::new()
        .route("/send", post(send))
        .route("/account", get(account))
        .route("/webhook", put(webhook));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut api_urls = ApiUrls::default();
    api_urls.set(NAME, format!("http://{}", listener.local_addr().unwrap()).parse().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Connections {
        http: http_client().unwrap(),
        uploads: upload_client().unwrap(),
        media: MediaFetcher::new().unwrap(),
        api_urls,
    }
}

/// A channel as the services store it.
fn channel(connected: Connected) -> Channel {
    Channel {
        id: ChannelId(Uuid::nil()),
        tenant: TenantId(1),
        provider: NAME,
        account: connected.account,
        addresses: connected.addresses,
        settings: connected.settings,
        created_at: DateTime::UNIX_EPOCH,
        proven_at: None,
        disabled_at: None,
        last_webhook_at: None,
        history_read_at: None,
        filled: None,
        last_error: None,
        failing: false,
    }
}

async fn connect(by: &Connections, token: &str) -> Result<Connected, FieldErrors> {
    let mut values = FieldValues::default();
    values.set(TOKEN, token);
    values.set(SMS_NUMBER, "+998712000000");
    (REGISTRATION.connect)(by, ConnectRequest { values: &values, verify: true }).await
}

#[test]
fn the_document_shows_this_provider() {
    let example = include_str!("mod.rs").replace("#[cfg(test)]\nmod tests;\n\n", "");
    assert!(include_str!("../../../docs/providers.md").contains(example.trim()));
}

#[tokio::test]
async fn a_channel_is_connected_and_told_where_to_post() {
    let by = connections().await;
    let connected = connect(&by, "token").await.unwrap();
    assert_eq!(
        (connected.account.as_str(), connected.addresses.get(SMS_NUMBER)),
        ("account-7", Some("+998712000000"))
    );
    let refused = connect(&by, "another").await.unwrap_err();
    assert_eq!(refused, FieldErrors::one(TOKEN, Problem::CredentialsRefused));

    let WebhookSetup::Automatic(set) = REGISTRATION.webhook_setup else { panic!("by hand") };
    let public_url: Url = "https://crm.example.uz".parse().unwrap();
    let (secret, proof) = (SecretString::from("token"), SecretString::from("proof"));
    for target in [Some((&public_url, &proof)), None] {
        set(&by, WebhookChange { account: "account-7", secret: &secret, target }).await.unwrap();
    }
    let channel = channel(connected);
    let check = ChannelCheck { channel: &channel, secret, public_url: &public_url };
    assert!((REGISTRATION.check)(&by, check).await.iter().all(|result| result.passed));
}

#[tokio::test]
async fn a_message_goes_out_by_the_registration() {
    let by = connections().await;
    let channel = channel(connect(&by, "token").await.unwrap());
    let message = OutboundMessage {
        reference: "1".to_owned(),
        transport: Transport::Sms,
        to: "+998901234567".to_owned(),
        from: (REGISTRATION.sender)(&channel, Transport::Sms).unwrap(),
        body: "Salom".to_owned(),
        whatsapp_template: None,
        media: Vec::new(),
        parts: Vec::new(),
        status_callback: None,
    };
    let provider = (REGISTRATION.open)(&by, &channel, SecretString::from("token"));
    let accepted = Outcome::Accepted { provider_id: "+998901234567-Salom".to_owned() };
    assert_eq!(provider.send(&message).await, accepted);
    assert!((REGISTRATION.sender)(&channel, Transport::Whatsapp).is_none());
}

#[test]
fn a_webhook_is_proven_by_its_token_and_read() {
    let [webhook] = REGISTRATION.webhooks else { panic!("one webhook") };
    let mut request = WebhookRequest::default();
    assert!(matches!((webhook.authenticate)(&request), Err(WebhookRejection::UnknownToken)));
    request.headers.insert("x-gateway-token", "secret".parse().unwrap());
    assert!(matches!((webhook.authenticate)(&request), Ok(WebhookProof::Token(token)) if token == b"secret"));
    assert!(matches!((webhook.parse)(&request), Err(WebhookRejection::Malformed(_))));
    request.body = r#"{"id":"7","from":"+998901234567","text":"Salom"}"#.into();
    let events = (webhook.parse)(&request).unwrap();
    let [InboundEvent::Message(message)] = events.as_slice() else { panic!("one message") };
    assert_eq!((message.provider_id.as_str(), message.text.as_str()), ("7", "Salom"));
}

#[test]
fn codes_are_classified() {
    assert_eq!((REGISTRATION.classify)("no-credit"), FailureClass::CHANNEL);
    assert_eq!((REGISTRATION.classify)("503"), FailureClass::CHANNEL);
    assert_eq!((REGISTRATION.classify)("too-long"), FailureClass::MESSAGE);
}
