//! The environment of a test.

use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use aloqa::{
    domain::TrustedProxies,
    persistence::Database,
    providers::{ApiUrls, http_client, telegram, twilio},
    services::{Clock, Dependencies, Quotas, SecretKey, Services, StreamLimits, TenantLimits, Vault},
    simulator::{BotSimulator, Pace, Settings, Simulator},
    storage::Storage,
};
use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::support::{Engine, database};

/// 32 zero bytes.
pub const SECRET_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// The public URL, by which browsers and providers would reach the application.
pub const PUBLIC_URL: &str = "https://crm.example.uz";

/// A new database, a fixed clock, and all services, with simulators of Twilio and of Telegram.
pub struct TestEnv {
    pub engine: Engine,
    pub url: String,
    pub database: Database,
    pub clock: Clock,
    pub services: Services,
    pub simulator: Simulator,
    /// The simulator of Telegram.
    pub bots: BotSimulator,
    /// The address to which the simulator posts its callbacks, which wait until a test serves them.
    pub callback_listener: TcpListener,
    /// The folder of stored files.
    pub files: TempDir,
    #[expect(dead_code, reason = "its end stops the simulator")]
    stop: DropGuard,
}

impl TestEnv {
    pub async fn new(engine: Engine, url: String) -> Self {
        let database = Database::open(&url).await.unwrap();
        let clock = Clock::fixed(start_time());
        let (callback_listener, post_to) = listener();
        let mut api_urls = ApiUrls::default();
        let (api, twilio_api) = listener();
        api_urls.set(twilio::NAME, twilio_api);
        let http = http_client().unwrap();
        let public_url: Url = PUBLIC_URL.parse().unwrap();
        let settings =
            Settings { public_url: public_url.clone(), post_to: Some(post_to), pace: Pace::INSTANT };
        let simulator = Simulator::new(settings, http.clone());
        let stop = CancellationToken::new();
        let api = tokio::net::TcpListener::from_std(api).unwrap();
        let (serving, until) = (simulator.clone(), stop.clone());
        tokio::spawn(async move { serving.serve(api, until).await });
        let bots = BotSimulator::default();
        let (api, telegram_api) = listener();
        api_urls.set(telegram::NAME, telegram_api);
        let api = tokio::net::TcpListener::from_std(api).unwrap();
        let (serving, until) = (bots.clone(), stop.clone());
        tokio::spawn(async move { serving.serve(api, until).await });
        let files = database::folder();
        let services = Services::new(Dependencies {
            database: database.clone(),
            clock: clock.clone(),
            vault: Vault::new(&secret_key()),
            storage: Storage::in_folder(files.path()).unwrap(),
            public_url,
            api_urls,
            scratch: std::env::temp_dir(),
            metrics: aloqa::metrics::Metrics::default(),
            trusted_proxies: TrustedProxies::default(),
            token_requests_per_minute: u32::MAX,
            address_requests_per_minute: u32::MAX,
            stream_limits: StreamLimits::default(),
            quotas: Quotas::new(TenantLimits::default()),
            http,
        });
        Self {
            engine,
            url,
            database,
            clock,
            services,
            simulator,
            bots,
            callback_listener,
            files,
            stop: stop.drop_guard(),
        }
    }

    /// The same services with other dependencies.
    pub fn services_with(&self, change: impl FnOnce(&mut Dependencies)) -> Services {
        let mut dependencies = self.services.dependencies().clone();
        change(&mut dependencies);
        Services::new(dependencies)
    }

    /// Advances the clock.
    pub fn advance_clock(&self, by: TimeDelta) {
        self.clock.advance(by);
    }
}

/// An HTTP client with time-outs that are short enough for a test.
pub fn client_with_short_timeout() -> reqwest::Client {
    let builder = reqwest::Client::builder().timeout(Duration::from_secs(1));
    builder.retry(reqwest::retry::never()).build().unwrap()
}

/// Waits until the condition holds; fails if it does not hold soon.
pub async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..3_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not become so");
}

/// The key that secrets are sealed with.
pub fn secret_key() -> SecretKey {
    SecretKey::from_base64(SECRET_KEY).unwrap()
}

/// A Monday morning, with microseconds.
pub fn start_time() -> DateTime<Utc> {
    "2026-03-02T09:00:00.123456Z".parse().unwrap()
}

/// A listener on a free port of this machine.
pub fn listener() -> (TcpListener, Url) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    (listener, url)
}
