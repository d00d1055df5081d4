//! Tests of the simulator with our own Twilio client and our own parser of webhooks.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::domain::Transport;
use crate::providers::twilio::webhook::{StatusCallback, TwilioStatus};
use crate::providers::twilio::{Twilio, signature};
use crate::providers::{OutboundMessage, Outcome, Provider as _, SendFrom, http_client};
use crate::simulator::twilio::{Behaviour, Pace, Settings, Simulator};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "12345";
const PUBLIC: &str = "https://crm.example.uz";

/// A received callback: its query and its content.
type Report = (String, StatusCallback);

/// A simulator with an account, a receiver of its callbacks behind a "proxy", and a client.
struct Stage {
    simulator: Simulator,
    api: Url,
    twilio: Twilio,
    reports: mpsc::UnboundedReceiver<Report>,
    shutdown: CancellationToken,
}

impl Stage {
    async fn new() -> Self {
        let (sender, reports) = mpsc::unbounded_channel();
        let receiver = Router::new().fallback(post(receive)).with_state(sender);
        let (listener, post_to) = listen().await;
        tokio::spawn(async move { axum::serve(listener, receiver).await });

        let http = http_client().unwrap();
        let settings =
            Settings { public_url: PUBLIC.parse().unwrap(), post_to: Some(post_to), pace: Pace::INSTANT };
        let simulator = Simulator::new(settings, http.clone());
        simulator.add_account(ACCOUNT, SecretString::from(TOKEN));
        let (listener, api) = listen().await;
        let (serving, shutdown) = (simulator.clone(), CancellationToken::new());
        let stop = shutdown.clone();
        tokio::spawn(async move { serving.serve(listener, stop).await });
        let twilio = Twilio::new(http, api.clone(), ACCOUNT.into(), SecretString::from(TOKEN));
        Self { simulator, api, twilio, reports, shutdown }
    }

    async fn send(&self, message: &OutboundMessage) -> Outcome {
        self.twilio.send(message).await
    }

    async fn report(&mut self) -> Report {
        tokio::time::timeout(Duration::from_secs(5), self.reports.recv()).await.unwrap().unwrap()
    }

    async fn statuses(&mut self, count: usize) -> Vec<TwilioStatus> {
        let mut statuses = Vec::new();
        for _ in 0..count {
            statuses.push(self.report().await.1.status);
        }
        statuses
    }

    async fn assert_silence(&mut self) {
        assert!(tokio::time::timeout(Duration::from_millis(200), self.reports.recv()).await.is_err());
    }
}

async fn listen() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    (listener, url)
}

/// Receives a callback like the real server: only with a valid signature over the public URL.
async fn receive(
    State(reports): State<mpsc::UnboundedSender<Report>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let form: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
    let header = headers.get(signature::HEADER).unwrap().to_str().unwrap();
    if !signature::verify(&SecretString::from(TOKEN), header, &format!("{PUBLIC}{uri}"), &form) {
        return StatusCode::FORBIDDEN;
    }
    reports.send((uri.to_string(), StatusCallback::parse(&form).unwrap())).unwrap();
    StatusCode::NO_CONTENT
}

fn sms() -> OutboundMessage {
    OutboundMessage {
        reference: "42".into(),
        transport: Transport::Sms,
        to: "+998901234567".into(),
        from: SendFrom::Number("+998712000000".into()),
        body: "Салом".into(),
        media: vec![],
        whatsapp_template: None,
        parts: vec![],
        status_callback: Some(format!("{PUBLIC}/status").parse().unwrap()),
    }
}

fn sid(outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted { provider_id } => provider_id,
        other => panic!("not accepted: {other:?}"),
    }
}

fn code(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused(reason) | Outcome::RecipientUnreachable { reason, .. } => reason.code.unwrap(),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn messages_are_accepted_sent_and_delivered() {
    let mut stage = Stage::new().await;
    let sid = sid(stage.send(&sms()).await);
    assert!(sid.len() == 34 && sid.starts_with("SM"), "{sid}");
    let (query, first) = stage.report().await;
    assert_eq!(
        (query.as_str(), first.message_sid, first.status),
        ("/status?message=42", sid, TwilioStatus::Queued)
    );
    assert_eq!((first.from.as_deref(), first.to.as_deref()), (Some("+998712000000"), Some("+998901234567")));
    assert_eq!(stage.statuses(2).await, [TwilioStatus::Sent, TwilioStatus::Delivered]);
}

#[tokio::test]
async fn numbers_ending_in_0000_are_unreachable() {
    let mut stage = Stage::new().await;
    let message = OutboundMessage { transport: Transport::Whatsapp, to: "+998901230000".into(), ..sms() };
    sid(stage.send(&message).await);
    assert_eq!(stage.statuses(2).await, [TwilioStatus::Queued, TwilioStatus::Sent]);
    let (_, last) = stage.report().await;
    assert_eq!((last.status, last.error_code.as_deref()), (TwilioStatus::Failed, Some("30003")));
    assert_eq!(last.transport, Transport::Whatsapp);
}

#[tokio::test]
async fn messaging_services_select_the_sender() {
    let mut stage = Stage::new().await;
    sid(stage.send(&OutboundMessage { from: SendFrom::MessagingService("MG1".into()), ..sms() }).await);
    let (_, report) = stage.report().await;
    assert_eq!(
        (report.messaging_service_sid.as_deref(), report.from.as_deref()),
        (Some("MG1"), Some("+15005550006"))
    );
}

#[tokio::test]
async fn bad_credentials_are_refused_and_not_recorded() {
    let stage = Stage::new().await;
    stage.simulator.next(Behaviour::AcceptSilently);
    let http = http_client().unwrap();
    for (account, token) in [(ACCOUNT, "wrong"), ("AC2", TOKEN)] {
        let stranger =
            Twilio::new(http.clone(), stage.api.clone(), account.into(), SecretString::from(token));
        assert_eq!(code(stranger.send(&sms()).await), "20003");
    }
    let requests = stage.simulator.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].headers.contains(&("authorization".into(), format!("Basic {ACCOUNT}"))));
    assert_eq!(requests[0].value("Body"), Some("Салом"));

    // The script waits for a known account; accounts can be added at run time.
    stage.simulator.add_account("AC2", SecretString::from(TOKEN));
    let friend = Twilio::new(http, stage.api.clone(), "AC2".into(), SecretString::from(TOKEN));
    sid(friend.send(&sms()).await);
}

#[tokio::test]
async fn wrong_addresses_and_empty_texts_are_refused() {
    let stage = Stage::new().await;
    for to in ["901234567", "+0123456789", "+12", "+99890123456x", "whatsapp"] {
        assert_eq!(code(stage.send(&OutboundMessage { to: to.into(), ..sms() }).await), "21211", "{to}");
    }
    let from = |number: &str| OutboundMessage { from: SendFrom::Number(number.into()), ..sms() };
    assert_eq!(code(stage.send(&from("")).await), "21603");
    assert_eq!(code(stage.send(&from("a name too long")).await), "21212");
    assert_eq!(code(stage.send(&from("whatsapp:+998712000000")).await), "21910");
    assert_eq!(code(stage.send(&OutboundMessage { to: String::new(), ..sms() }).await), "21604");
    assert_eq!(code(stage.send(&OutboundMessage { body: String::new(), ..sms() }).await), "21602");
    assert_eq!(code(stage.send(&OutboundMessage { body: "ў".repeat(1601), ..sms() }).await), "21617");
    sid(stage.send(&OutboundMessage { body: "ў".repeat(1600), ..from("ALOQA") }).await);
}

#[tokio::test]
async fn an_opted_out_number_is_refused_until_it_opts_in() {
    let stage = Stage::new().await;
    stage.simulator.opt_out("+998901234567");
    assert_eq!(code(stage.send(&sms()).await), "21610");
    stage.simulator.opt_in("+998901234567");
    sid(stage.send(&sms()).await);
}

#[tokio::test]
async fn a_callback_may_come_before_the_answer() {
    let mut stage = Stage::new().await;
    stage.simulator.next(Behaviour::CallbackBeforeAnswer);
    let sid = sid(stage.send(&sms()).await);
    // All reports have arrived when the answer does.
    for _ in 0..3 {
        assert_eq!(stage.reports.try_recv().unwrap().1.message_sid, sid);
    }
}

#[tokio::test]
async fn a_broken_connection_is_resolved_by_a_late_callback() {
    let mut stage = Stage::new().await;
    stage.simulator.next(Behaviour::CloseBeforeAnswer);
    assert!(matches!(stage.send(&sms()).await, Outcome::Unknown(_)));
    stage.assert_silence().await;
    let sid = stage.simulator.requests()[0].message_sid.clone();
    let answer = stage.simulator.report(&sid, "delivered", None).await.unwrap();
    assert_eq!(answer, Some(StatusCode::NO_CONTENT));
    assert_eq!(stage.report().await.1.status, TwilioStatus::Delivered);
    assert_eq!(stage.simulator.report("SM0", "delivered", None).await.unwrap(), None);
}

#[tokio::test]
async fn scripted_responses_are_returned_exactly_and_once() {
    let mut stage = Stage::new().await;
    let headers = vec![("Retry-After".into(), "3".into()), ("no header".into(), String::new())];
    stage.simulator.next(Behaviour::Answer { status: 429, headers, body: r#"{"code":20429}"#.into() });
    stage.simulator.next(Behaviour::AcceptSilently);
    stage.simulator.next(Behaviour::Undeliver { code: 30005 });
    let Outcome::Retry { after, reason } = stage.send(&sms()).await else { panic!("retry") };
    assert_eq!((after, reason.code.as_deref()), (Some(Duration::from_secs(3)), Some("20429")));
    sid(stage.send(&sms()).await);
    stage.assert_silence().await;
    sid(stage.send(&sms()).await);
    stage.statuses(2).await;
    assert_eq!(stage.report().await.1.error_code.as_deref(), Some("30005"));
    sid(stage.send(&sms()).await);
    assert_eq!(stage.statuses(3).await[2], TwilioStatus::Delivered);
}

#[tokio::test]
async fn shutdown_releases_waiting_requests() {
    let stage = Stage::new().await;
    stage.simulator.next(Behaviour::Hang);
    let message = sms();
    let sending = stage.send(&message);
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        stage.shutdown.cancel();
    };
    let (outcome, ()) = tokio::join!(sending, stopping);
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
}

#[tokio::test]
async fn callbacks_outside_the_public_url_are_not_followed() {
    let mut stage = Stage::new().await;
    let status_callback = Some("http://169.254.169.254/latest".parse().unwrap());
    sid(stage.send(&OutboundMessage { status_callback, ..sms() }).await);
    stage.assert_silence().await;
}

#[tokio::test]
async fn only_the_newest_requests_are_remembered() {
    let stage = Stage::new().await;
    let request = crate::simulator::twilio::Request::new(ACCOUNT.into(), &HeaderMap::new(), b"Body=first");
    stage.simulator.remember(request);
    for _ in 0..crate::simulator::twilio::RETAINED {
        stage.simulator.remember(crate::simulator::twilio::Request::new(
            ACCOUNT.into(),
            &HeaderMap::new(),
            b"Body=later",
        ));
    }
    let requests = stage.simulator.requests();
    assert_eq!(
        (requests.len(), requests[0].value("Body")),
        (crate::simulator::twilio::RETAINED, Some("later"))
    );
}
