//! A look-alike of the Telegram Bot API, so that the demo, development and the tests need no bot.
//!
//! It knows its bots by their tokens, checks what Telegram checks and answers in its words. Whoever has a number that ends
//! in 0000 has blocked every bot. Tests can script the next answers and read what was asked.

mod api;
mod call;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::domain::Transport;
pub use crate::simulator::telegram::call::{Call, CallFile};
use crate::simulator::twilio::{Behaviour, PhoneLine, Phones, RETAINED};

/// A handle to one simulator; clones are the same one.
#[derive(Clone, Default)]
pub struct BotSimulator {
    phones: Phones,
    state: Arc<Mutex<State>>,
    stopping: CancellationToken,
}

#[derive(Default)]
struct State {
    bots: HashMap<String, SimulatedBot>,
    blocked: HashSet<i64>,
    script: VecDeque<Behaviour>,
    calls: VecDeque<Call>,
    files: HashMap<String, SimulatedFile>,
    messages: i64,
}

/// A bot that the simulator knows.
#[derive(Clone, Debug)]
pub struct SimulatedBot {
    /// Its number.
    pub id: i64,
    /// Its username.
    pub username: String,
    /// Where its updates are to go.
    pub webhook: Option<Webhook>,
}

/// Where a bot's updates are to go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// What proves them.
    pub secret_token: String,
    /// Their kinds.
    pub allowed_updates: Vec<String>,
}

#[derive(Clone)]
struct SimulatedFile {
    path: String,
    content: Bytes,
    size: u64,
    missing: u32,
}

impl SimulatedBot {
    fn line(&self, chat: &str) -> PhoneLine {
        PhoneLine { account: self.id.to_string(), transport: Transport::Telegram, address: chat.to_owned() }
    }
}

impl BotSimulator {
    /// The phones that its messages go to.
    pub fn phones(&self) -> &Phones {
        &self.phones
    }

    /// Adds a bot, such as BotFather would make.
    pub fn add_bot(&self, token: &str, username: &str) {
        let id = token.split(':').next().and_then(|number| number.parse().ok()).unwrap_or(1);
        let bot = SimulatedBot { id, username: username.to_owned(), webhook: None };
        self.state().bots.insert(token.to_owned(), bot);
    }

    /// Takes a bot's token back, as BotFather does.
    pub fn revoke(&self, token: &str) {
        self.state().bots.remove(token);
    }

    /// What is known of a bot.
    pub fn bot(&self, token: &str) -> Option<SimulatedBot> {
        self.state().bots.get(token).cloned()
    }

    /// From now on this account takes nothing from any bot.
    pub fn block(&self, account: i64) {
        self.state().blocked.insert(account);
    }

    /// Takes that back.
    pub fn unblock(&self, account: i64) {
        self.state().blocked.remove(&account);
    }

    /// Scripts the next message that is sent with a good token; calls queue up.
    pub fn next(&self, behaviour: Behaviour) {
        self.state().script.push_back(behaviour);
    }

    /// The calls that came with a good token, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().cloned().collect()
    }

    /// The texts and captions that were sent, oldest first.
    pub fn sent(&self) -> Vec<String> {
        let sends = self.calls().into_iter().filter(|call| call.method.starts_with("send"));
        sends.filter_map(|call| call.value("text").or(call.value("caption")).map(str::to_owned)).collect()
    }

    /// Keeps a file as Telegram keeps what a client sent, under this id. It is not there the first `missing` times.
    pub fn store_file(&self, id: &str, path: &str, content: impl Into<Bytes>, missing: u32) {
        let content = content.into();
        let size = content.len() as u64;
        let file = SimulatedFile { path: path.to_owned(), content, size, missing };
        self.state().files.insert(id.to_owned(), file);
    }

    /// Keeps a file of which only the size is told, as one that is too large for bots.
    pub fn store_large_file(&self, id: &str, size: u64) {
        let file = SimulatedFile { path: format!("documents/{id}"), content: Bytes::new(), size, missing: 0 };
        self.state().files.insert(id.to_owned(), file);
    }

    /// Serves the API until `shutdown` is cancelled.
    ///
    /// # Errors
    /// A listener that fails.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> io::Result<()> {
        let stopping = self.stopping.clone();
        let stop = async move {
            shutdown.cancelled().await;
            stopping.cancel();
        };
        axum::serve(listener, api::router(self.clone())).with_graceful_shutdown(stop).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn behaviour(&self) -> Behaviour {
        self.state().script.pop_front().unwrap_or(Behaviour::Accept)
    }

    fn remember(&self, call: Call) {
        let mut state = self.state();
        if state.calls.len() == RETAINED {
            state.calls.pop_front();
        }
        state.calls.push_back(call);
    }
}
