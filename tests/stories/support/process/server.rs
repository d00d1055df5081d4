//! A tenant with a running server: the application on a real port, its simulated Twilio, and the link to the browser.

use std::{
    net::{SocketAddr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use aloqa::{
    domain::TrustedProxies,
    presentation::{AppState, app, is_essential},
    providers::twilio::{self, post_signed},
    server::{Limits, ServerOptions, serve},
    services::{ChannelContext, Clock, Dependencies, Services},
    simulator::{Pace, Settings, Simulator},
};
use tokio::{
    io::{AsyncReadExt as _, copy, copy_bidirectional},
    net::TcpStream,
    sync::watch,
};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::support::{
    Company, TestEnv,
    providers::webhook::{Form, INBOUND, sms_form, token_of, whatsapp_form},
    world::listener,
};

/// A tenant whose application is served in this process, as `aloqa serve` does, with the machine's clock.
pub struct TestServer {
    pub env: TestEnv,
    pub services: Services,
    pub simulator: Simulator,
    pub company: Company,
    pub channel: ChannelContext,
    /// The public URL, which browsers use.
    pub address: Url,
    pub network: NetworkLink,
    /// The URL by which Twilio reaches the server also when the link to the browser is cut.
    server: Url,
    messages: AtomicU32,
    stop: CancellationToken,
    #[expect(dead_code, reason = "its end stops the server and the worker")]
    end: DropGuard,
}

impl TestServer {
    pub async fn open(env: TestEnv) -> Self {
        let company = env.company("samarkand").await;
        let channel = env.connect(&company).await;
        let (front, address) = listener();
        let (behind, server) = listener();
        let (api, twilio_api) = listener();
        let mut api_urls = env.services.dependencies().api_urls.clone();
        api_urls.set(twilio::NAME, twilio_api);
        let services = Services::new(Dependencies {
            clock: Clock::system(),
            public_url: address.clone(),
            api_urls,
            ..env.services.dependencies().clone()
        });
        let http = services.dependencies().http.clone();
        let settings =
            Settings { public_url: address.clone(), post_to: Some(server.clone()), pace: Pace::INSTANT };
        let simulator = Simulator::new(settings, http);
        simulator.add_account(&channel.channel.account, token_of(&channel));

        let stop = CancellationToken::new();
        let network = NetworkLink::between(front, behind.local_addr().unwrap());
        let router = app(AppState::new(services.clone(), stop.clone()));
        let behind = tokio::net::TcpListener::from_std(behind).unwrap();
        let options = ServerOptions {
            limits: Limits::of_process(),
            trusted_proxies: TrustedProxies::default(),
            is_essential,
            drain: Duration::ZERO,
            metrics: services.dependencies().metrics.clone(),
        };
        tokio::spawn(serve(behind, router, options, stop.clone()));
        let (twilio, until) = (simulator.clone(), stop.clone());
        let api = tokio::net::TcpListener::from_std(api).unwrap();
        tokio::spawn(async move { twilio.serve(api, until).await });
        let (database, until) = (env.database.clone(), stop.clone());
        tokio::spawn(async move { database.relay_wake_ups(until).await });
        let (messages, end) = (AtomicU32::new(0), stop.clone().drop_guard());
        Self { env, services, simulator, company, channel, address, network, server, messages, stop, end }
    }

    /// Starts the delivery worker: until then, messages stay queued.
    pub fn deliver(&self) {
        let (delivery, until) = (self.services.delivery.clone(), self.stop.clone());
        tokio::spawn(async move { delivery.run(until).await });
    }

    /// Posts an SMS from a client, which must be accepted.
    pub async fn sms(&self, from: &str, text: &str) {
        self.post(&sms_form(&self.channel, &self.sid(), from, text)).await;
    }

    /// Posts a WhatsApp message from a client.
    pub async fn whatsapp(&self, from: &str, text: &str) {
        self.post(&whatsapp_form(&self.channel, &self.sid(), from, text, "Aziza")).await;
    }

    fn sid(&self) -> String {
        format!("SM{:032}", self.messages.fetch_add(1, Ordering::Relaxed))
    }

    async fn post(&self, form: &Form) {
        let (signed_for, to) = (self.address.join(INBOUND).unwrap(), self.server.join(INBOUND).unwrap());
        let http = &self.services.dependencies().http;
        let answer = post_signed(http, &token_of(&self.channel), &signed_for, &to, form).await.unwrap();
        assert!(answer.status().is_success(), "the webhook was answered {}", answer.status());
    }

    /// The texts that Twilio was asked to send, oldest first.
    pub fn sent(&self) -> Vec<String> {
        let requests = self.simulator.requests();
        requests.iter().filter_map(|request| request.value("Body").map(str::to_owned)).collect()
    }
}

/// The state of the link between browser and server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Connections are closed, and new ones are closed at once.
    Disconnected,
    /// Requests arrive, and their responses are dropped.
    ResponsesDropped,
    /// Nothing is forwarded, and connections stay open.
    Paused,
}

/// The network link from the browser to the server.
pub struct NetworkLink(watch::Sender<State>);

impl NetworkLink {
    fn between(front: TcpListener, server: SocketAddr) -> Self {
        let (sender, mut state) = watch::channel(State::Open);
        let front = tokio::net::TcpListener::from_std(front).unwrap();
        tokio::spawn(async move {
            while let Ok((browser, _)) = front.accept().await {
                let now = *state.borrow_and_update();
                let mut changed = state.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        () = carry(browser, server, now) => {}
                        _ = changed.changed() => {}
                    }
                });
            }
        });
        Self(sender)
    }

    pub fn disconnect(&self) {
        self.0.send_replace(State::Disconnected);
    }

    /// From now on requests arrive, and no response does.
    pub fn drop_responses(&self) {
        self.0.send_replace(State::ResponsesDropped);
    }

    /// From now on nothing is forwarded.
    pub fn pause(&self) {
        self.0.send_replace(State::Paused);
    }

    pub fn restore(&self) {
        self.0.send_replace(State::Open);
    }
}

async fn carry(mut browser: TcpStream, server: SocketAddr, state: State) {
    match state {
        State::Disconnected => return,
        State::Paused => std::future::pending().await,
        State::Open | State::ResponsesDropped => {}
    }
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    if state == State::Open {
        // Either side may close the connection.
        let _ = copy_bidirectional(&mut browser, &mut server).await;
        return;
    }
    let (mut answers, mut to_server) = server.split();
    let (mut from_browser, _) = browser.split();
    tokio::select! {
        _ = copy(&mut from_browser, &mut to_server) => {}
        _ = answers.read_u8() => {}
    }
}
