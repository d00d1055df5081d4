//! An imitation of Twilio's Messages API, for which the demo, development and tests need no
//! account.
//!
//! It checks credentials and addresses as Twilio does, answers in the same format, and then reports
//! with valid signatures that the message was queued, sent and delivered. A recipient whose number
//! ends in 0000 is unreachable: its messages end as undelivered with code 30003. Tests can script
//! the next answers and read the received requests.

mod api;
mod callbacks;
mod media;
pub(in crate::simulator) mod replies;
mod request;
mod resources;
mod script;

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use reqwest::{Client, StatusCode};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

pub use crate::simulator::phones::{
    EntryContent, PhoneBehaviour, PhoneEntry, PhoneLine, Phones, SimulatedOutcome, TelegramAccount,
    telegram_account, telegram_update, twilio_form,
};
pub use crate::simulator::telegram::{BotSimulator, Call, CallFile, SimulatedBot, Webhook};
pub use crate::simulator::twilio::media::FetchedMedia;
pub use crate::simulator::twilio::request::Request;
pub use crate::simulator::twilio::script::{Behaviour, Pace};

/// The number of newest requests that are kept.
pub(in crate::simulator) const RETAINED: usize = 1000;

/// The URLs of the program that uses the simulator, and the pace of deliveries.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The base URL of status callbacks, which they are also signed for. Other URLs are not called.
    pub public_url: Url,
    /// The address to reach `public_url` at, if it differs.
    pub post_to: Option<Url>,
    /// The speed of deliveries.
    pub pace: Pace,
}

/// A handle to a simulator; clones share it.
#[derive(Clone)]
pub struct Simulator {
    settings: Arc<Settings>,
    http: Client,
    phones: Phones,
    state: Arc<Mutex<State>>,
    stopping: CancellationToken,
}

#[derive(Default)]
struct State {
    accounts: HashMap<String, SecretString>,
    /// Accounts and numbers of WhatsApp senders.
    whatsapp: Vec<(String, String)>,
    /// Answers that a test has set, by path.
    answers: HashMap<String, (u16, String)>,
    opted_out: HashSet<String>,
    silent: HashSet<String>,
    script: VecDeque<Behaviour>,
    requests: VecDeque<Request>,
    media: HashMap<String, media::SimulatedMedia>,
    fetched: Vec<FetchedMedia>,
}

impl Simulator {
    /// Creates a simulator without accounts. `http` posts the callbacks.
    #[must_use]
    pub fn new(settings: Settings, http: Client) -> Self {
        let (state, stopping) = (Arc::default(), CancellationToken::new());
        Self { settings: Arc::new(settings), http, phones: Phones::default(), state, stopping }
    }

    /// The phones that receive the messages.
    #[must_use]
    pub fn phones(&self) -> &Phones {
        &self.phones
    }

    /// The public URL of a path and the URL to reach it at; `None` if the path is not below the
    /// public URL.
    #[must_use]
    pub fn resolve(&self, path: &str) -> Option<(Url, Url)> {
        let public = self.settings.public_url.join(path).ok()?;
        let local = callbacks::target(&self.settings, &public)?;
        Some((public, local))
    }

    /// Adds an account, or changes its token.
    pub fn add_account(&self, account_sid: &str, auth_token: SecretString) {
        self.state().accounts.insert(account_sid.to_owned(), auth_token);
    }

    /// Adds a WhatsApp sender to an account.
    pub fn add_whatsapp_sender(&self, account_sid: &str, number: &str) {
        self.state().whatsapp.push((account_sid.to_owned(), number.to_owned()));
    }

    /// Sets the answer to requests for this path.
    pub fn answer(&self, path: &str, status: u16, body: &str) {
        self.state().answers.insert(path.to_owned(), (status, body.to_owned()));
    }

    /// Makes messages to this number (without `whatsapp:`) fail with 21610.
    pub fn opt_out(&self, number: &str) {
        self.state().opted_out.insert(number.to_owned());
    }

    /// Reverts [`opt_out`](Self::opt_out).
    pub fn opt_in(&self, number: &str) {
        self.state().opted_out.remove(number);
    }

    /// Makes free texts by WhatsApp to this number fail with 63016, as outside the service window.
    pub fn close_window(&self, number: &str) {
        self.state().silent.insert(number.to_owned());
    }

    /// Reverts [`close_window`](Self::close_window), as after a message from the number.
    pub fn open_window(&self, number: &str) {
        self.state().silent.remove(number);
    }

    /// Scripts the answer to the next request with valid credentials; several calls form a queue.
    pub fn next(&self, behaviour: Behaviour) {
        self.state().script.push_back(behaviour);
    }

    /// All received requests including rejected ones, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.iter().cloned().collect()
    }

    /// Posts a status callback in Twilio's format for a message that was requested before. Returns
    /// the status of the answer; `None` if the message is unknown or its callback is outside the
    /// public URL.
    ///
    /// # Errors
    /// An error if the server does not answer.
    pub async fn report(
        &self,
        message_sid: &str,
        status: &str,
        error_code: Option<u32>,
    ) -> reqwest::Result<Option<StatusCode>> {
        let request =
            self.state().requests.iter().find(|request| request.message_sid == message_sid).cloned();
        match request {
            Some(request) => callbacks::post(self, &request, status, error_code).await,
            None => Ok(None),
        }
    }

    /// The routes of the API, for adding them to an existing server.
    pub fn router(&self) -> Router {
        api::router(self.clone())
    }

    /// Serves the API until `shutdown` is cancelled, which also cancels pending callbacks.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> io::Result<()> {
        let stopping = self.stopping.clone();
        let stop = async move {
            shutdown.cancelled().await;
            stopping.cancel();
        };
        axum::serve(listener, self.router()).with_graceful_shutdown(stop).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it has this lock, and each change is a single call, so that the
        // state is always complete.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn token(&self, account_sid: &str) -> Option<SecretString> {
        self.state().accounts.get(account_sid).cloned()
    }

    fn whatsapp_senders(&self, account_sid: &str) -> Vec<String> {
        let state = self.state();
        let own = state.whatsapp.iter().filter(|(account, _)| account == account_sid);
        own.map(|(_, number)| number.clone()).collect()
    }

    fn answer_to(&self, path: &str) -> Option<(u16, String)> {
        self.state().answers.get(path).cloned()
    }

    fn is_opted_out(&self, number: &str) -> bool {
        self.state().opted_out.contains(number)
    }

    fn has_closed_window(&self, number: &str) -> bool {
        self.state().silent.contains(number)
    }

    fn behaviour(&self) -> Behaviour {
        self.state().script.pop_front().unwrap_or(Behaviour::Accept)
    }

    fn remember(&self, request: Request) {
        let mut state = self.state();
        if state.requests.len() == RETAINED {
            state.requests.pop_front();
        }
        state.requests.push_back(request);
    }
}

#[cfg(test)]
mod tests;
