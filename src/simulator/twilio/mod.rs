//! A look-alike of Twilio's Messages API, so that the demo, development and the tests need no
//! account.
//!
//! It checks credentials and addresses as Twilio does, answers in its words and then reports,
//! correctly signed, that the message was queued, sent and delivered. A recipient whose number ends
//! in 0000 can't be reached: such a message ends as undelivered, with 30003. Tests can script the
//! next answers and read what was asked.

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

/// Of the requests received, the newest this many are remembered.
pub(in crate::simulator) const RETAINED: usize = 1000;

/// How a simulator finds the program whose provider it plays.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Status callbacks are followed only below this address, and signed over it.
    pub public_url: Url,
    /// Where that address can be reached from here, when that differs.
    pub post_to: Option<Url>,
    /// How quickly messages travel.
    pub pace: Pace,
}

/// A handle to one simulator; clones are the same one.
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
    /// Account and number.
    whatsapp: Vec<(String, String)>,
    /// What a test wants to be answered, by path.
    answers: HashMap<String, (u16, String)>,
    opted_out: HashSet<String>,
    silent: HashSet<String>,
    script: VecDeque<Behaviour>,
    requests: VecDeque<Request>,
    media: HashMap<String, media::SimulatedMedia>,
    fetched: Vec<FetchedMedia>,
}

impl Simulator {
    /// A simulator without accounts. `http` posts the callbacks.
    #[must_use]
    pub fn new(settings: Settings, http: Client) -> Self {
        let (state, stopping) = (Arc::default(), CancellationToken::new());
        Self { settings: Arc::new(settings), http, phones: Phones::default(), state, stopping }
    }

    /// The phones that its messages go to.
    #[must_use]
    pub fn phones(&self) -> &Phones {
        &self.phones
    }

    /// An address below the public URL, and where it can be reached from here; none for what is not below it.
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

    /// Gives an account a WhatsApp sender.
    pub fn add_whatsapp_sender(&self, account_sid: &str, number: &str) {
        self.state().whatsapp.push((account_sid.to_owned(), number.to_owned()));
    }

    /// From now on a question for this path is answered so.
    pub fn answer(&self, path: &str, status: u16, body: &str) {
        self.state().answers.insert(path.to_owned(), (status, body.to_owned()));
    }

    /// From now on messages to this number, written without `whatsapp:`, are refused with 21610.
    pub fn opt_out(&self, number: &str) {
        self.state().opted_out.insert(number.to_owned());
    }

    /// Takes the number's opt-out back.
    pub fn opt_in(&self, number: &str) {
        self.state().opted_out.remove(number);
    }

    /// From now on free texts by WhatsApp to this number fail with 63016, as to someone who wrote too long ago.
    pub fn close_window(&self, number: &str) {
        self.state().silent.insert(number.to_owned());
    }

    /// The number has written by WhatsApp again.
    pub fn open_window(&self, number: &str) {
        self.state().silent.remove(number);
    }

    /// Scripts the next request that comes with good credentials; calls queue up.
    pub fn next(&self, behaviour: Behaviour) {
        self.state().script.push_back(behaviour);
    }

    /// The requests received, also those refused, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.iter().cloned().collect()
    }

    /// Posts a status callback, in Twilio's words, for a message that was once requested. Gives the
    /// answer's status, or none when the message is unknown or its callback leads outside the
    /// public URL.
    ///
    /// Fails when no answer came.
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

    /// The API's routes, for a server that exists already.
    pub fn router(&self) -> Router {
        api::router(self.clone())
    }

    /// Serves the API until `shutdown` is cancelled, which also ends the callbacks that are still
    /// to come.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> io::Result<()> {
        let stopping = self.stopping.clone();
        let stop = async move {
            shutdown.cancelled().await;
            stopping.cancel();
        };
        axum::serve(listener, self.router()).with_graceful_shutdown(stop).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock, and a half-made change is impossible with single
        // calls.
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
