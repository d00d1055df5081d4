//! Tests of the client against servers with valid answers, invalid answers and none.

mod published;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;

use super::*;
use crate::domain::Transport;
use crate::providers::{OutboundFile, http_client};

const ACCEPTED: &str = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\
                        Content-Length: 13\r\n\r\n{\"sid\":\"SM1\"}";

/// A server that reads whole requests and answers each with the next of these byte strings, then
/// closes the connection.
struct Stub {
    url: Url,
    requests: mpsc::Receiver<String>,
}

impl Stub {
    fn answering(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let answers: Vec<String> = answers.iter().map(ToString::to_string).collect();
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                sender.send(request(&mut stream)).unwrap();
                // A client that has read enough may have closed the connection.
                stream.write_all(answer.as_bytes()).ok();
            }
        });
        Self { url, requests }
    }

    fn request(&self) -> String {
        self.requests.recv_timeout(Duration::from_secs(5)).unwrap()
    }

    fn form(&self) -> Vec<(String, String)> {
        let request = self.request();
        let (_, body) = request.split_once("\r\n\r\n").unwrap();
        form_urlencoded::parse(body.as_bytes()).into_owned().collect()
    }
}

/// Reads one whole request: its head, and a body of the length given in the head.
fn request(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).unwrap();
        assert_ne!(read, 0, "the request broke off: {text}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() >= length.parse().unwrap() {
            return text;
        }
    }
}

fn twilio(url: &Url) -> Twilio {
    Twilio::new(http_client().unwrap(), url.clone(), "AC1".into(), SecretString::from("s3cret"))
}

fn sms() -> OutboundMessage {
    OutboundMessage {
        reference: "42".into(),
        transport: Transport::Sms,
        to: "+998901234567".into(),
        from: SendFrom::Number("+998712000000".into()),
        body: "Салом & hi".into(),
        media: vec![],
        whatsapp_template: None,
        parts: vec![],
        status_callback: Some("https://crm.example.uz/crm/webhooks/twilio/status".parse().unwrap()),
    }
}

/// A file whose content is not read.
fn linked(url: &str) -> OutboundFile {
    OutboundFile {
        name: "a.jpg".into(),
        content_type: "image/jpeg".into(),
        size: 1,
        link: url.parse().unwrap(),
        content: std::sync::Arc::new(|| Box::pin(async { Err(std::io::ErrorKind::NotFound.into()) })),
    }
}

async fn send_to(answer: &str) -> Outcome {
    twilio(&Stub::answering(&[answer]).url).send(&sms()).await
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn sms_requests_have_twilios_format() {
    let stub = Stub::answering(&[ACCEPTED]);
    let outcome = twilio(&stub.url).send(&sms()).await;
    assert_eq!(outcome, Outcome::Accepted { provider_id: "SM1".into() });
    let request = stub.request();
    assert!(request.starts_with("POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n"), "{request}");
    let credentials = base64::engine::general_purpose::STANDARD.encode("AC1:s3cret");
    assert!(request.contains(&format!("authorization: Basic {credentials}\r\n")), "{request}");
    assert!(request.contains("content-type: application/x-www-form-urlencoded\r\n"), "{request}");
    assert!(request.contains(concat!("user-agent: aloqa/", env!("CARGO_PKG_VERSION"), "\r\n")), "{request}");
    assert!(request.contains("&Body=%D0%A1%D0%B0%D0%BB%D0%BE%D0%BC+%26+hi&"), "{request}");
}

#[tokio::test]
async fn whatsapp_addresses_are_prefixed_and_files_are_linked() {
    let stub = Stub::answering(&[ACCEPTED]);
    let message = OutboundMessage {
        transport: Transport::Whatsapp,
        body: String::new(),
        media: ["https://crm.example.uz/uploads/1?a=b", "https://crm.example.uz/uploads/2"]
            .map(linked)
            .to_vec(),
        ..sms()
    };
    twilio(&stub.url).send(&message).await;
    assert_eq!(
        pairs(&stub.form()),
        [
            ("To", "whatsapp:+998901234567"),
            ("From", "whatsapp:+998712000000"),
            ("MediaUrl", "https://crm.example.uz/uploads/1?a=b"),
            ("MediaUrl", "https://crm.example.uz/uploads/2"),
            ("StatusCallback", "https://crm.example.uz/crm/webhooks/twilio/status?message=42"),
        ]
    );
}

#[tokio::test]
async fn messaging_services_replace_the_sender() {
    let stub = Stub::answering(&[ACCEPTED]);
    let from = SendFrom::MessagingService("MG1".into());
    let status_callback = Some("https://crm.example.uz/status?x=1".parse().unwrap());
    twilio(&stub.url.join("sub/").unwrap()).send(&OutboundMessage { from, status_callback, ..sms() }).await;
    let request = stub.request();
    assert!(request.starts_with("POST /sub/2010-04-01/Accounts/AC1/Messages.json "), "{request}");
    assert!(request.contains("&MessagingServiceSid=MG1&") && !request.contains("From="), "{request}");
    assert!(request.ends_with("status%3Fx%3D1%26message%3D42"), "{request}");
}

#[tokio::test]
async fn other_transports_are_refused_without_a_call() {
    let message = OutboundMessage { transport: Transport::Telegram, ..sms() };
    let nowhere = "http://127.0.0.1:1/".parse().unwrap();
    assert!(matches!(twilio(&nowhere).send(&message).await, Outcome::Refused(_)));
}

#[tokio::test]
async fn failed_connections_are_retried() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let Outcome::Retry { after: None, reason } = twilio(&url).send(&sms()).await else { panic!("retry") };
    assert!(reason.text.contains("refused"), "{reason:?}");
}

#[tokio::test]
async fn failed_handshakes_are_retried() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap()).parse().unwrap();
    thread::spawn(move || listener.accept().unwrap().0.write_all(b"HTTP/1.1 400 Not TLS\r\n\r\n"));
    assert!(matches!(twilio(&url).send(&sms()).await, Outcome::Retry { .. }));
}

#[tokio::test]
async fn a_connection_closed_before_the_response_is_unknown() {
    assert!(matches!(send_to("").await, Outcome::Unknown(_)));
    assert!(matches!(send_to("HTTP/1.1 201 Crea").await, Outcome::Unknown(_)));
    assert!(matches!(send_to("SSH-2.0-OpenSSH_9.2\r\n").await, Outcome::Unknown(_)));
}

#[tokio::test]
async fn a_truncated_response_is_unknown() {
    let cut = ACCEPTED.replace("Content-Length: 13", "Content-Length: 500");
    assert!(matches!(send_to(&cut).await, Outcome::Unknown(_)));
    let error = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 500\r\n\r\n{\"code\":2";
    assert!(matches!(send_to(error).await, Outcome::Unknown(_)));
}

#[tokio::test]
async fn a_timeout_is_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let impatient = Client::builder().timeout(Duration::from_millis(200));
    // The client of `http_client` installs the crypto provider that other clients need.
    http_client().unwrap();
    let twilio = Twilio::new(impatient.build().unwrap(), url, "AC1".into(), SecretString::from("s3cret"));
    let Outcome::Unknown(reason) = twilio.send(&sms()).await else { panic!("unknown") };
    assert_eq!(reason.text, "no answer: timed out");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Stub::answering(&[ACCEPTED]);
    let redirect = format!("HTTP/1.1 307 Away\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", elsewhere.url);
    let Outcome::Refused(reason) = send_to(&redirect).await else { panic!("refused") };
    assert_eq!(reason.code.as_deref(), Some("307"));
    assert!(elsewhere.requests.try_recv().is_err());
}

#[tokio::test]
async fn a_busy_server_is_retried_after_the_requested_wait() {
    let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n";
    let Outcome::Retry { after, reason } = send_to(busy).await else { panic!("retry") };
    assert_eq!((after, reason.code.as_deref()), (Some(Duration::from_secs(9)), Some("503")));
}

#[tokio::test]
async fn one_message_is_one_request() {
    // The second answer is for a repeated request, which must not happen.
    let stub = Stub::answering(&["", ACCEPTED]);
    assert!(matches!(twilio(&stub.url).send(&sms()).await, Outcome::Unknown(_)));
    stub.request();
    assert!(stub.requests.recv_timeout(Duration::from_millis(300)).is_err());
}

#[tokio::test]
async fn endless_answers_are_truncated() {
    let started = Instant::now();
    let page = "x".repeat(200_000);
    let endless = format!("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 99999999\r\n\r\n{page}");
    assert!(matches!(send_to(&endless).await, Outcome::Retry { .. }));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn debug_output_contains_neither_token_nor_text() {
    let url = "https://api.twilio.com".parse().unwrap();
    assert!(!format!("{:?}", twilio(&url)).contains("s3cret"));
}
