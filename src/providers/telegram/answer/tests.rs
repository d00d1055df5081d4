//! Answers of the Bot API and of proxies in front of it, as teloxide returns them.

use axum::{Router, http::StatusCode};
use futures_util::future::join_all;
use tokio::net::TcpListener;

use super::*;
use crate::{
    domain::Transport,
    providers::{
        OutboundMessage, Provider as _, SendFrom, http_client,
        telegram::{Bot, Telegram},
        upload_client,
    },
};

/// Sends a message to the server at `url`.
async fn send(url: &str) -> Outcome {
    let bot = Bot::new(http_client().unwrap(), url.parse().unwrap(), &"123456:a-token".into());
    let message = OutboundMessage {
        reference: "1.0".into(),
        transport: Transport::Telegram,
        to: "7".into(),
        from: SendFrom::Number("123456".into()),
        body: "Salom".into(),
        media: Vec::new(),
        whatsapp_template: None,
        parts: Vec::new(),
        status_callback: None,
    };
    Telegram::new(bot, upload_client().unwrap()).send(&message).await
}

async fn answer(status: u16, body: &str) -> Outcome {
    let (status, body) = (StatusCode::from_u16(status).unwrap(), body.to_owned());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = Router::new().fallback(move || async move { (status, body) });
    let serving = tokio::spawn(async { axum::serve(listener, server).await });
    let outcome = send(&url).await;
    serving.abort();
    outcome
}

async fn refused(code: u16, description: &str) -> Outcome {
    let body = serde_json::json!({ "ok": false, "error_code": code, "description": description });
    answer(code, &body.to_string()).await
}

fn code(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused(reason) | Outcome::RecipientUnreachable { reason, .. } => reason.code.unwrap(),
        other => panic!("not refused: {other:?}"),
    }
}

/// An error page like those of nginx.
fn page(status: &str) -> String {
    format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
    )
}

#[tokio::test]
async fn messages_and_albums_are_accepted() {
    let accepted = Outcome::Accepted { provider_id: "7.12".into() };
    let message = r#"{"message_id":12,"date":1,"chat":{"id":7,"type":"private"},"text":"a"}"#;
    assert_eq!(answer(200, &format!(r#"{{"ok":true,"result":{message}}}"#)).await, accepted);
    let album = format!(r#"{{"ok":true,"result":[{message},{{"message_id":13}}]}}"#);
    assert_eq!(answer(200, &album).await, accepted);
}

#[tokio::test]
async fn results_unknown_to_teloxide_are_accepted() {
    let accepted = Outcome::Accepted { provider_id: "7.12".into() };
    for message in [
        r#"{"message_id":12,"chat":{"id":7}}"#,
        r#"{"message_id":12,"date":"today","chat":{"id":7,"type":"planet"},"entities":[{"type":"glow"}]}"#,
    ] {
        assert!(serde_json::from_str::<teloxide_core::types::Message>(message).is_err());
        assert_eq!(answer(200, &format!(r#"{{"ok":true,"result":{message}}}"#)).await, accepted);
    }
    let raw = r#"{"ok":true,"result":{"message_id":12,"chat":{"id":7}},"ok":true}"#;
    let unread = RequestError::InvalidJson {
        source: Arc::new(serde_json::from_str::<bool>(raw).unwrap_err()),
        raw: raw.into(),
    };
    assert_eq!(outcome(Err(unread)), accepted, "the id is in the raw text");
}

#[tokio::test]
async fn acceptance_without_an_id_is_unknown() {
    for body in ["", "<html>", "{}", r#"{"ok":true}"#, r#"{"ok":true,"result":[]}"#, r#"{"ok":true,"resu"#] {
        let outcome = answer(200, body).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{body}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_blocked_bot_suppresses_the_recipient() {
    let blocked = refused(403, "Forbidden: bot was blocked by the user").await;
    assert!(
        matches!(blocked, Outcome::RecipientUnreachable { suppression: SuppressionReason::Blocked, .. }),
        "{blocked:?}"
    );
    assert_eq!(code(blocked), "telegram-blocked");
    let gone = refused(403, "Forbidden: user is deactivated").await;
    assert!(
        matches!(gone, Outcome::RecipientUnreachable { suppression: SuppressionReason::Gone, .. }),
        "{gone:?}"
    );
    let never = refused(403, "Forbidden: bot can't initiate conversation with a user").await;
    assert!(matches!(never, Outcome::Refused(_)));
    assert_eq!(code(never), "telegram-not-started");
    assert_eq!(code(refused(400, "Bad Request: chat not found").await), "telegram-not-started");
}

#[tokio::test]
async fn refusals_have_telegrams_code_and_description() {
    let Outcome::Refused(reason) = refused(400, "Bad Request: message is too long").await else {
        panic!("refused")
    };
    assert_eq!(reason.code.as_deref(), Some("400"));
    assert_eq!(reason.text, "Bad Request: message is too long");
    let Outcome::Refused(reason) = refused(400, "Bad Request: strange").await else { panic!("refused") };
    assert_eq!((reason.code.as_deref(), reason.text.as_str()), (Some("400"), "Bad Request: strange"));
    assert_eq!(code(refused(401, "Unauthorized").await), "telegram-unauthorized");
    assert_eq!(code(refused(404, "Not Found").await), "telegram-unauthorized");
    assert_eq!(code(refused(400, "Bad Request: file is too big").await), "telegram-too-large");
    assert_eq!(code(refused(413, "Request Entity Too Large").await), "telegram-too-large");
    assert_eq!(code(answer(413, &page("413 Request Entity Too Large")).await), "telegram-too-large");
    assert_eq!(code(answer(307, &page("307 Temporary Redirect")).await), "307");
}

#[tokio::test]
async fn refusals_unreadable_to_teloxide_are_refused() {
    let odd = r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user","parameters":{}}"#;
    assert!(matches!(
        answer(403, odd).await,
        Outcome::RecipientUnreachable { suppression: SuppressionReason::Blocked, .. }
    ));
    let odd =
        r#"{"ok":false,"error_code":429,"description":"Slow down","parameters":{"retry_after":5,"why":1}}"#;
    let Outcome::Retry { after, reason } = answer(429, odd).await else { panic!("retry") };
    assert_eq!((after, reason.code.as_deref()), (Some(Duration::from_secs(5)), Some("429")));
    let bare = r#"{"ok":false,"error_code":420}"#;
    let Outcome::Refused(reason) = answer(420, bare).await else { panic!("refused") };
    assert_eq!((reason.code.as_deref(), reason.text.as_str()), (Some("420"), "no reason given"));
}

#[tokio::test]
async fn too_many_requests_are_retried_after_the_requested_time() {
    let busy = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#;
    let Outcome::Retry { after, reason } = answer(429, busy).await else { panic!("retry") };
    assert_eq!((after, reason.code.as_deref()), (Some(Duration::from_secs(7)), Some("429")));
    let long = r#"{"ok":false,"error_code":429,"parameters":{"retry_after":99999}}"#;
    assert!(matches!(answer(429, long).await, Outcome::Retry { after: Some(MAX_WAIT), .. }));
}

#[tokio::test]
async fn server_errors_are_retried() {
    // teloxide waits for ten seconds before it returns a server error, so all requests run
    // concurrently.
    let told = |code: u16, description: &str| {
        serde_json::json!({ "ok": false, "error_code": code, "description": description }).to_string()
    };
    let answers = [
        (500, told(500, "Internal Server Error")),
        (500, told(500, "Internal Server Error: restart")),
        (502, told(502, "Bad Gateway")),
        (502, page("502 Bad Gateway")),
        (503, "<html><body><h1>503 Service Unavailable</h1>\nNo server is available.\n</body></html>".into()),
        (504, "Gateway Timeout".into()),
        (408, page("408 Request Time-out")),
        (429, page("429 Too Many Requests")),
    ];
    let outcomes = join_all(answers.iter().map(|(status, body)| answer(*status, body))).await;
    for ((status, body), outcome) in answers.iter().zip(outcomes) {
        let Outcome::Retry { after: None, reason } = &outcome else { panic!("{body}: {outcome:?}") };
        assert_eq!(reason.code, Some(status.to_string()), "{body}");
    }
}

#[tokio::test]
async fn error_pages_without_a_status_are_unknown() {
    for body in ["", "busy", "<html><body>Sorry</body></html>", "9000 errors"] {
        let outcome = answer(404, body).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{body}: {outcome:?}");
    }
}

#[tokio::test]
async fn network_errors_are_retried_only_without_a_connection() {
    let refused = send("http://127.0.0.1:1").await;
    assert!(matches!(refused, Outcome::Retry { after: None, .. }), "{refused:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let closing = tokio::spawn(async move { listener.accept().await.map(drop) });
    let cut = send(&url).await;
    assert!(matches!(cut, Outcome::Unknown(_)), "{cut:?}");
    closing.await.unwrap().unwrap();
}
