//! Tests of failing providers: what the chat shows, and that no message is sent twice unnoticed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use aloqa::{
    domain::{ChatId, MessageText, Transport},
    providers::{telegram, twilio},
    services::{OutgoingMessage, Services},
    simulator::Behaviour,
};
use chrono::TimeDelta;
use tokio::io::AsyncReadExt as _;
use url::Url;

use crate::support::{
    Company, TestEnv,
    http::{TestResponse, Visitor},
    providers::telegram::NODIRA,
    world::{client_with_short_timeout, listener},
};

on_both_engines! {
    a_rate_limited_twilio_message_is_sent_later,
    a_rate_limited_telegram_message_is_sent_later,
    a_message_fails_after_a_day_without_twilio,
    a_message_fails_after_a_day_without_telegram,
    a_broken_twilio_connection_leaves_the_status_unknown,
    a_broken_telegram_connection_leaves_the_status_unknown,
    a_twilio_timeout_leaves_the_status_unknown,
    a_telegram_timeout_leaves_the_status_unknown,
}

/// An agent with an open chat, and the provider that carries its messages.
struct Scenario {
    env: TestEnv,
    company: Company,
    agent: Visitor,
    chat: ChatId,
    transport: Transport,
}

impl Scenario {
    async fn new(env: TestEnv, transport: Transport) -> Self {
        let company = env.company("samarkand").await;
        let stranger = env.anonymous_visitor();
        if transport == Transport::Telegram {
            env.connect_bot(&company).await;
            stranger.post_telegram_update(&env.secret_of(&company), &NODIRA.text_update(1, "Salom")).await;
        } else {
            let by = env.connect(&company).await;
            stranger.receive_sms(&by, "SM1", "+998901234567", "Salom").await;
        }
        let agent = env.sign_in(&company.agent).await;
        let chats = agent.get("/crm/chats").json().await.is(200).value();
        let chat = ChatId(chats["items"][0]["id"].as_i64().unwrap());
        Self { env, company, agent, chat, transport }
    }

    /// Sends a message that meets this behaviour.
    async fn send(&self, behaviour: Behaviour) {
        self.set_behaviour(behaviour);
        self.write().await;
        self.env.services.delivery.drain().await.unwrap();
    }

    fn set_behaviour(&self, behaviour: Behaviour) {
        match self.transport {
            Transport::Telegram => self.env.bots.next(behaviour),
            _ => self.env.simulator.next(behaviour),
        }
    }

    async fn write(&self) {
        let outgoing =
            OutgoingMessage { text: MessageText::parse("Vaalaykum").unwrap(), ..OutgoingMessage::default() };
        self.env.services.chats.send(&self.company.agent, self.chat, outgoing).await.unwrap();
    }

    /// The number of requests to send that the provider got.
    fn requests(&self) -> usize {
        match self.transport {
            Transport::Telegram => {
                self.env.bots.calls().iter().filter(|call| call.method.starts_with("send")).count()
            }
            _ => self.env.simulator.requests().len(),
        }
    }

    async fn advance_clock(&self, by: TimeDelta) {
        self.env.advance_clock(by);
        self.env.services.delivery.drain().await.unwrap();
    }

    async fn page(&self) -> TestResponse {
        self.agent.get(format!("/crm/chats/{}", self.chat.0)).html().await.is(200)
    }

    /// Asserts that the page shows only this status of the message, and offers no action.
    async fn shows(&self, status: &str) {
        let page = self.page().await;
        assert_eq!(page.text_of("#log article.out .status"), status);
        assert!(!page.has("#log article.out :is(form, .reason)"), "{page:?}");
        assert!(!page.has("#log article:is(.failed, .unknown)"));
    }

    /// Asserts that the page shows an unconfirmed delivery and offers the user both actions.
    async fn shows_unknown(&self) {
        let page = self.page().await;
        assert_eq!(page.text_of("#log article.unknown .status"), "Delivery unconfirmed");
        let reason = page.text_of("#log article.unknown .reason");
        assert!(reason.starts_with("Delivery unconfirmed: ") && reason.len() > 40, "{reason}");
        assert_eq!(page.text_of("#log article.unknown details summary"), "Send again…");
        let warning = page.text_of("#log article.unknown details form");
        assert!(warning.contains("twice"), "{warning}");
        assert_eq!(page.texts("#log article.unknown form[action$='/arrived'] button"), ["Mark as delivered"]);
    }

    /// Presses a button of the message as the page has it.
    async fn press(&self, form: &str) {
        let page = self.page().await;
        let action = page.attribute(form, "action").unwrap_or_else(|| panic!("{form}: {page:?}"));
        let method = page.attribute(&format!("{form} input[name=_method]"), "value");
        let method = [("_method", method.unwrap_or_else(|| "POST".to_owned()))];
        self.agent.post(action).form(method).html().await.is(303);
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Behaviour {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Behaviour::Answer { status, headers, body: body.to_owned() }
}

async fn a_rate_limited_twilio_message_is_sent_later(env: TestEnv) {
    let busy = answer(429, &[("Retry-After", "30")], r#"{"code":20429,"message":"Too Many Requests"}"#);
    asks_to_wait(Scenario::new(env, Transport::Sms).await, busy).await;
}

async fn a_rate_limited_telegram_message_is_sent_later(env: TestEnv) {
    let body =
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":30}}"#;
    asks_to_wait(Scenario::new(env, Transport::Telegram).await, answer(429, &[], body)).await;
}

async fn asks_to_wait(scenario: Scenario, busy: Behaviour) {
    scenario.send(busy).await;
    scenario.shows("In queue").await;
    scenario.advance_clock(TimeDelta::seconds(30) - TimeDelta::microseconds(1)).await;
    assert_eq!(scenario.requests(), 1, "it was asked to wait");
    scenario.set_behaviour(Behaviour::AcceptSilently);
    scenario.advance_clock(TimeDelta::microseconds(1)).await;
    scenario.shows("Sent").await;
    scenario.advance_clock(TimeDelta::days(2)).await;
    assert_eq!(scenario.requests(), 2, "once more, and then no more");
}

async fn a_message_fails_after_a_day_without_twilio(env: TestEnv) {
    out_of_service(Scenario::new(env, Transport::Sms).await).await;
}

async fn a_message_fails_after_a_day_without_telegram(env: TestEnv) {
    out_of_service(Scenario::new(env, Transport::Telegram).await).await;
}

async fn out_of_service(scenario: Scenario) {
    let broken = || answer(503, &[], "<html>Service Unavailable</html>");
    scenario.send(broken()).await;
    scenario.shows("In queue").await;
    scenario.advance_clock(TimeDelta::microseconds(1)).await;
    assert_eq!(scenario.requests(), 1, "not at once");
    for tries in 2..5 {
        scenario.set_behaviour(broken());
        scenario.advance_clock(TimeDelta::hours(1)).await;
        assert_eq!(scenario.requests(), tries);
        scenario.shows("In queue").await;
    }
    scenario.set_behaviour(broken());
    scenario.advance_clock(TimeDelta::days(1)).await;
    assert_eq!(scenario.requests(), 5);
    // Delivery ends with a reason, and a user may retry.
    let page = scenario.page().await;
    assert_eq!(page.text_of("#log article.failed .status"), "Not delivered");
    assert!(page.text_of("#log article.failed .reason").len() > 30);
    scenario.advance_clock(TimeDelta::days(2)).await;
    assert_eq!(scenario.requests(), 5);
    scenario.set_behaviour(Behaviour::AcceptSilently);
    scenario.press("#log article.failed form[action$='/retry']").await;
    scenario.advance_clock(TimeDelta::zero()).await;
    scenario.shows("Sent").await;
    assert_eq!(scenario.requests(), 6);
}

async fn a_broken_twilio_connection_leaves_the_status_unknown(env: TestEnv) {
    breaks_off(Scenario::new(env, Transport::Sms).await).await;
}

async fn a_broken_telegram_connection_leaves_the_status_unknown(env: TestEnv) {
    breaks_off(Scenario::new(env, Transport::Telegram).await).await;
}

/// The connection is first reset without a byte of a response, then within a response.
async fn breaks_off(scenario: Scenario) {
    let (away, heard) = Reset::listen();
    let services = scenario.env.services_with(|dependencies| {
        dependencies.api_urls.set(twilio::NAME, away.clone());
        dependencies.api_urls.set(telegram::NAME, away.clone());
    });
    scenario.write().await;
    assert_unknown(&scenario, &services, &|| heard.load(Ordering::SeqCst)).await;
    // A user sets the outcome.
    scenario.press("#log article.unknown form[action$='/arrived']").await;
    scenario.advance_clock(TimeDelta::days(1)).await;
    assert_eq!((scenario.requests(), heard.load(Ordering::SeqCst)), (0, 1));
    assert!(!scenario.page().await.has("#log article.unknown"));

    scenario.set_behaviour(Behaviour::CloseBeforeAnswer);
    scenario.write().await;
    assert_unknown(&scenario, &scenario.env.services, &|| scenario.requests()).await;
    send_again(&scenario).await;
}

async fn a_twilio_timeout_leaves_the_status_unknown(env: TestEnv) {
    never_answers(Scenario::new(env, Transport::Sms).await).await;
}

async fn a_telegram_timeout_leaves_the_status_unknown(env: TestEnv) {
    never_answers(Scenario::new(env, Transport::Telegram).await).await;
}

async fn never_answers(scenario: Scenario) {
    scenario.set_behaviour(Behaviour::Hang);
    scenario.write().await;
    let services = scenario.env.services_with(|dependencies| dependencies.http = client_with_short_timeout());
    assert_unknown(&scenario, &services, &|| scenario.requests()).await;
    send_again(&scenario).await;
}

/// A message is handed to the provider once; its status is then unknown, however long one waits.
async fn assert_unknown(scenario: &Scenario, services: &Services, requests: &(dyn Fn() -> usize + Sync)) {
    services.delivery.drain().await.unwrap();
    scenario.shows_unknown().await;
    for _ in 0..3 {
        scenario.env.advance_clock(TimeDelta::days(1));
        services.delivery.drain().await.unwrap();
    }
    assert_eq!(requests(), 1, "nobody sends it again by itself");
    scenario.shows_unknown().await;
}

/// A user who has read the warning may send again.
async fn send_again(scenario: &Scenario) {
    scenario.set_behaviour(Behaviour::AcceptSilently);
    scenario.press("#log article.unknown details form").await;
    scenario.advance_clock(TimeDelta::zero()).await;
    let page = scenario.page().await;
    assert_eq!(page.texts("#log article.out .status").last().unwrap(), "Sent");
    scenario.advance_clock(TimeDelta::days(2)).await;
    assert_eq!(scenario.requests(), 2);
}

/// A provider that reads a request and resets the connection.
struct Reset;

impl Reset {
    fn listen() -> (Url, Arc<AtomicUsize>) {
        let (socket, url) = listener();
        let heard = Arc::new(AtomicUsize::new(0));
        let counter = heard.clone();
        let socket = tokio::net::TcpListener::from_std(socket).unwrap();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = socket.accept().await {
                let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
                // The body is short and arrives with the head or right after it.
                while !is_whole(&request) {
                    let read = connection.read(&mut chunk).await.unwrap_or(0);
                    if read == 0 {
                        break;
                    }
                    request.extend_from_slice(&chunk[..read]);
                }
                counter.fetch_add(1, Ordering::SeqCst);
                // With a linger of zero, closing resets the connection.
                let _ = connection.set_zero_linger();
            }
        });
        (url, heard)
    }
}

/// True if a complete request with a content length has arrived.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    length.is_none_or(|length| body.len() >= length)
}
