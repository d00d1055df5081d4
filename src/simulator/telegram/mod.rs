//! An imitation of the Telegram Bot API, for which the demo, development and tests need no bot.
//!
//! It identifies bots by their tokens, checks requests as Telegram does, and answers in the same
//! format. Accounts whose id ends in 0000 have blocked every bot. Tests can script the next answers
//! and read the received calls.

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

/// A handle to a simulator; clones share it.
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

/// A bot of the simulator.
#[derive(Clone, Debug)]
pub struct SimulatedBot {
    /// The bot's id.
    pub id: i64,
    /// The bot's username.
    pub username: String,
    /// The webhook of the bot, if one is set.
    pub webhook: Option<Webhook>,
}

/// The webhook of a bot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Webhook {
    /// The URL that updates are posted to.
    pub url: String,
    /// The secret token in the header of each update.
    pub secret_token: String,
    /// The kinds of update that are posted.
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
    /// The phones that receive the bots' messages.
    pub fn phones(&self) -> &Phones {
        &self.phones
    }

    /// Adds a bot, like BotFather.
    pub fn add_bot(&self, token: &str, username: &str) {
        let id = token.split(':').next().and_then(|number| number.parse().ok()).unwrap_or(1);
        let bot = SimulatedBot { id, username: username.to_owned(), webhook: None };
        self.state().bots.insert(token.to_owned(), bot);
    }

    /// Revokes a bot's token, like BotFather.
    pub fn revoke(&self, token: &str) {
        self.state().bots.remove(token);
    }

    /// The bot of a token.
    pub fn bot(&self, token: &str) -> Option<SimulatedBot> {
        self.state().bots.get(token).cloned()
    }

    /// Makes an account reject messages of all bots.
    pub fn block(&self, account: i64) {
        self.state().blocked.insert(account);
    }

    /// Reverts [`block`](Self::block).
    pub fn unblock(&self, account: i64) {
        self.state().blocked.remove(&account);
    }

    /// Scripts the answer to the next message that is sent with a valid token; several calls form a
    /// queue.
    pub fn next(&self, behaviour: Behaviour) {
        self.state().script.push_back(behaviour);
    }

    /// The received calls with a valid token, the oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.iter().cloned().collect()
    }

    /// The texts and captions of sent messages, the oldest first.
    pub fn sent(&self) -> Vec<String> {
        let sends = self.calls().into_iter().filter(|call| call.method.starts_with("send"));
        sends.filter_map(|call| call.value("text").or(call.value("caption")).map(str::to_owned)).collect()
    }

    /// Stores a file under this id, like a file that a client sent. The first `missing` requests
    /// for it fail.
    pub fn store_file(&self, id: &str, path: &str, content: impl Into<Bytes>, missing: u32) {
        let content = content.into();
        let size = content.len() as u64;
        let file = SimulatedFile { path: path.to_owned(), content, size, missing };
        self.state().files.insert(id.to_owned(), file);
    }

    /// Stores only the size of a file, like one that is too large for bots.
    pub fn store_large_file(&self, id: &str, size: u64) {
        let file = SimulatedFile { path: format!("documents/{id}"), content: Bytes::new(), size, missing: 0 };
        self.state().files.insert(id.to_owned(), file);
    }

    /// Serves the API until `shutdown` is cancelled.
    ///
    /// # Errors
    /// An error of the listener.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> io::Result<()> {
        let stopping = self.stopping.clone();
        let stop = async move {
            shutdown.cancelled().await;
            stopping.cancel();
        };
        axum::serve(listener, api::router(self.clone())).with_graceful_shutdown(stop).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it has this lock.
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
