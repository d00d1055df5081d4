use axum::{Json, Router, routing::post};
use chrono::DateTime;
use secrecy::SecretString;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::*;
use crate::domain::{Channel, ChannelId, TenantId};
use crate::providers::{Connections, http_client, media::MediaFetcher, upload_client};

fn channel(account: String) -> Channel {
    Channel {
        id: ChannelId(Uuid::nil()),
        tenant: TenantId(1),
        provider: NAME,
        account_sid: account,
        sms_number: Some("+998712000000".to_owned()),
        whatsapp_number: None,
        messaging_service_sid: None,
        username: None,
        created_at: DateTime::UNIX_EPOCH,
        disabled_at: None,
        last_webhook_at: None,
        last_error: None,
        failing: false,
    }
}

#[test]
fn the_document_shows_this_provider() {
    let example = include_str!("mod.rs").replace("#[cfg(test)]\nmod tests;\n\n", "");
    assert!(include_str!("../../../docs/providers.md").contains(example.trim()));
}

#[tokio::test]
async fn a_message_goes_out_by_the_registration() {
    async fn answer(Json(sent): Json<Value>) -> Json<Value> {
        Json(json!({ "id": format!("{}-{}", sent["to"].as_str().unwrap(), sent["text"].as_str().unwrap()) }))
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let account = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/send", post(answer))).await });
    let channel = channel(account.clone());
    let url: Url = account.parse().unwrap();
    let by = Connections {
        http: http_client().unwrap(),
        uploads: upload_client().unwrap(),
        media: MediaFetcher::new(url.clone()).unwrap(),
        twilio_api_url: url.clone(),
        telegram_api_url: url.clone(),
    };
    let message = OutboundMessage {
        reference: "1".to_owned(),
        transport: Transport::Sms,
        to: "+998901234567".to_owned(),
        from: (REGISTRATION.sender)(&channel, Transport::Sms).unwrap(),
        body: "Salom".to_owned(),
        approved: None,
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
