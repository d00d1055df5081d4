//! The open connections: their number, and the time that each has been waiting for its client.

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use strum::{EnumCount, IntoStaticStr, VariantArray};
use tokio_util::sync::CancellationToken;

use super::limits::Limits;
use crate::{
    domain::{PeerNetwork, TrustedProxies},
    metrics::Metrics,
};

/// The reason why a connection is ended by the server, or not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumCount, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Ended {
    /// The system could not accept it.
    NotAccepted,
    /// All connections are in use.
    Refused,
    /// It waited for its client, and another one needed its place.
    Replaced,
    /// The head of a request was not complete in time.
    SlowHead,
    /// A body, or the reading of an answer, was too slow.
    SlowBody,
    /// It had no request for a long time.
    Idle,
}

/// The open connections of a server.
pub(super) struct Connections {
    limits: Limits,
    /// Proxies, which have the connections of many users.
    trusted: TrustedProxies,
    metrics: Metrics,
    table: Mutex<Table>,
    ended: [AtomicU64; Ended::COUNT],
    /// The sum of `ended` at the last warning.
    warned: AtomicU64,
    last_peer: Mutex<Option<PeerNetwork>>,
}

#[derive(Default)]
struct Table {
    next: u64,
    open: HashMap<u64, Entry>,
    peers: HashMap<PeerNetwork, Peer>,
    /// The connections that wait for their client, by the time since when.
    waiting: BTreeSet<(u64, u64)>,
}

#[derive(Default)]
struct Peer {
    open: usize,
    reserved: usize,
    waiting: BTreeSet<(u64, u64)>,
}

struct Entry {
    connection: Arc<Connection>,
    /// The position in the order of waiting; `None` while the server is at work for a request.
    waiting: Option<u64>,
    phase: Phase,
    since: Instant,
    /// The bytes that were read when the phase began.
    read_before: u64,
    reading: Option<Measurement>,
    writing: Option<Measurement>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Between requests.
    Idle,
    /// Reading the head of a request.
    Head,
    /// A request is being answered.
    Request,
}

/// The beginning of a window in which bytes are counted.
#[derive(Clone, Copy)]
struct Measurement {
    since: Instant,
    bytes: u64,
}

/// An open connection.
pub(super) struct Connection {
    id: u64,
    peer: PeerNetwork,
    /// True if it serves only health checks and webhooks.
    pub(super) is_reserved: bool,
    /// Cancelled when the server ends the connection.
    pub(super) ended: CancellationToken,
    pub(super) traffic: Traffic,
}

/// The traffic of a connection.
#[derive(Default)]
pub(super) struct Traffic {
    pub(super) read: AtomicU64,
    pub(super) written: AtomicU64,
    /// True while a handler waits for the next bytes of a body.
    pub(super) waits_for_body: AtomicBool,
    /// True while the client does not accept the next bytes of an answer.
    pub(super) waits_for_client: AtomicBool,
}

impl Connections {
    pub(super) fn new(limits: Limits, trusted: TrustedProxies, metrics: Metrics) -> Self {
        Self {
            limits,
            trusted,
            metrics,
            table: Mutex::default(),
            ended: Default::default(),
            warned: AtomicU64::new(0),
            last_peer: Mutex::default(),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The number of open connections.
    pub(super) fn open(&self) -> usize {
        self.table().open.len()
    }

    /// Admits a connection, or returns `None` if it is refused. A connection that waits for its client gives way to a new
    /// one, so that silent clients do not keep others out.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Arc<Connection>> {
        let peer = PeerNetwork::from(address);
        let is_trusted = self.trusted.contains(address);
        let mut table = self.table();
        let of_peer = table.peers.get(&peer);
        let peer_is_full = !is_trusted && of_peer.is_some_and(|of_peer| of_peer.open >= self.limits.per_peer);
        let is_full = table.open.len() + self.limits.reserve >= self.limits.connections;
        let replaced = match of_peer {
            Some(of_peer) if peer_is_full => of_peer.waiting.first(),
            _ if is_full => table.waiting.first(),
            _ => None,
        };
        let replaced = replaced.copied();
        if let Some((_, id)) = replaced {
            table.end(id);
        }
        let is_reserved = replaced.is_none() && (peer_is_full || is_full);
        let reserved = table.peers.get(&peer).map_or(0, |of_peer| of_peer.reserved);
        let share = if is_trusted { self.limits.reserve } else { self.limits.reserve.div_ceil(2) };
        let refused = is_reserved && (table.open.len() >= self.limits.connections || reserved >= share);
        let admitted = (!refused).then(|| table.add(peer, is_reserved));
        drop(table);
        if replaced.is_some() {
            self.count(Ended::Replaced, Some(peer));
        }
        if admitted.is_some() {
            self.metrics.connection_opened();
        }
        if refused {
            self.count(Ended::Refused, Some(peer));
        }
        admitted
    }

    /// Notes that a request begins.
    pub(super) fn begin_request(&self, connection: &Connection) {
        self.table().enter(connection.id, Phase::Request);
    }

    /// Notes that a request is answered.
    pub(super) fn end_request(&self, connection: &Connection) {
        self.table().enter(connection.id, Phase::Idle);
    }

    /// Removes a closed connection.
    pub(super) fn remove(&self, connection: &Connection) {
        self.metrics.connection_closed();
        self.table().remove(connection.id);
    }

    /// Ends the connections whose clients have kept the server waiting for too long.
    pub(super) fn end_overdue(&self, now: Instant) {
        let (mut ended, mut changed) = (Vec::new(), Vec::new());
        let mut table = self.table();
        for (id, entry) in &mut table.open {
            if let Some(reason) = entry.overdue(now, &self.limits) {
                ended.push((*id, entry.connection.peer, reason));
            } else if entry.phase == Phase::Request && entry.waits_for_client() != entry.waiting.is_some() {
                changed.push((*id, entry.waits_for_client()));
            }
        }
        for (id, waits) in changed {
            table.set_waiting(id, waits);
        }
        for (id, _, _) in &ended {
            table.end(*id);
        }
        drop(table);
        for (_, peer, reason) in ended {
            self.count(reason, Some(peer));
        }
    }

    /// Ends all connections.
    pub(super) fn end_all(&self) {
        let mut table = self.table();
        let all: Vec<_> = table.open.keys().copied().collect();
        for id in all {
            table.end(id);
        }
    }

    /// Counts a connection that the server has ended or refused.
    pub(super) fn count(&self, reason: Ended, peer: Option<PeerNetwork>) {
        self.ended[reason as usize].fetch_add(1, Ordering::Relaxed);
        self.metrics.connection_ended(reason.into());
        // Browsers leave connections open, therefore their end is nothing to warn of.
        if reason != Ended::Idle {
            *lock(&self.last_peer) = peer;
        }
    }

    /// Logs a warning if connections were refused or ended since the last one.
    pub(super) fn warn_about_ended(&self) {
        let count = |reason: Ended| self.ended[reason as usize].load(Ordering::Relaxed);
        let reasons = Ended::VARIANTS.iter().copied().filter(|reason| *reason != Ended::Idle);
        let sum = reasons.clone().map(count).sum();
        if self.warned.swap(sum, Ordering::Relaxed) == sum {
            return;
        }
        let counts: Vec<_> =
            reasons.map(|reason| format!("{}: {}", <&str>::from(reason), count(reason))).collect();
        let last_peer = lock(&self.last_peer).map(|peer| peer.to_string()).unwrap_or_default();
        let open = self.open();
        tracing::warn!(open, last_peer, ended = counts.join(", "), "connections were refused or ended");
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        lock(&self.table)
    }
}

impl Table {
    fn add(&mut self, peer: PeerNetwork, is_reserved: bool) -> Arc<Connection> {
        self.next += 1;
        let id = self.next;
        let connection = Arc::new(Connection {
            id,
            peer,
            is_reserved,
            ended: CancellationToken::new(),
            traffic: Traffic::default(),
        });
        let entry = Entry {
            connection: connection.clone(),
            waiting: None,
            phase: Phase::Request,
            since: Instant::now(),
            read_before: 0,
            reading: None,
            writing: None,
        };
        self.open.insert(id, entry);
        let of_peer = self.peers.entry(peer).or_default();
        of_peer.open += 1;
        of_peer.reserved += usize::from(is_reserved);
        self.enter(id, Phase::Head);
        connection
    }

    fn enter(&mut self, id: u64, phase: Phase) {
        let Some(entry) = self.open.get_mut(&id) else { return };
        entry.phase = phase;
        entry.since = Instant::now();
        entry.read_before = entry.connection.traffic.read.load(Ordering::Relaxed);
        self.set_waiting(id, phase != Phase::Request);
    }

    /// Puts a connection at the end of the order of those that wait for their client, or takes it out of it.
    fn set_waiting(&mut self, id: u64, waits: bool) {
        self.next += 1;
        let Some(entry) = self.open.get_mut(&id) else { return };
        let before = std::mem::replace(&mut entry.waiting, waits.then_some(self.next));
        let of_peer = self.peers.entry(entry.connection.peer).or_default();
        for waiting in [&mut self.waiting, &mut of_peer.waiting] {
            if let Some(before) = before {
                waiting.remove(&(before, id));
            }
            if let Some(position) = entry.waiting {
                waiting.insert((position, id));
            }
        }
    }

    /// Tells a connection to close, and does not count it any more.
    fn end(&mut self, id: u64) {
        if let Some(connection) = self.remove(id) {
            connection.ended.cancel();
        }
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Connection>> {
        let Entry { connection, waiting, .. } = self.open.remove(&id)?;
        if let Some(position) = waiting {
            self.waiting.remove(&(position, id));
        }
        if let Some(of_peer) = self.peers.get_mut(&connection.peer) {
            of_peer.open -= 1;
            of_peer.reserved -= usize::from(connection.is_reserved);
            if let Some(position) = waiting {
                of_peer.waiting.remove(&(position, id));
            }
            if of_peer.open == 0 {
                self.peers.remove(&connection.peer);
            }
        }
        Some(connection)
    }
}

impl Entry {
    /// True if a request waits for the next bytes of its body, or for the client to accept more of the answer.
    fn waits_for_client(&self) -> bool {
        let traffic = &self.connection.traffic;
        traffic.waits_for_body.load(Ordering::Relaxed) || traffic.waits_for_client.load(Ordering::Relaxed)
    }

    /// The reason why a connection is to be ended now.
    fn overdue(&mut self, now: Instant, limits: &Limits) -> Option<Ended> {
        let traffic = &self.connection.traffic;
        let read = traffic.read.load(Ordering::Relaxed);
        if self.phase == Phase::Idle && read != self.read_before {
            (self.phase, self.since) = (Phase::Head, now);
        }
        let waits_for_body = self.phase == Phase::Request && traffic.waits_for_body.load(Ordering::Relaxed);
        let waits_for_client = traffic.waits_for_client.load(Ordering::Relaxed);
        let written = traffic.written.load(Ordering::Relaxed);
        let is_slow =
            [(&mut self.reading, waits_for_body, read), (&mut self.writing, waits_for_client, written)]
                .into_iter()
                .any(|(measurement, waits, bytes)| is_slow(measurement, waits, bytes, now, limits));
        let waited = now.saturating_duration_since(self.since);
        match self.phase {
            _ if is_slow => Some(Ended::SlowBody),
            Phase::Head if waited >= limits.head => Some(Ended::SlowHead),
            Phase::Idle if waited >= limits.idle && !waits_for_client => Some(Ended::Idle),
            _ => None,
        }
    }
}

/// True if less than the minimum was transferred in a whole window in which the server waited.
fn is_slow(
    measurement: &mut Option<Measurement>,
    waits: bool,
    bytes: u64,
    now: Instant,
    limits: &Limits,
) -> bool {
    let begun = Some(Measurement { since: now, bytes });
    match *measurement {
        _ if !waits => *measurement = None,
        None => *measurement = begun,
        Some(Measurement { since, bytes: before }) => {
            if now.saturating_duration_since(since) >= limits.window {
                *measurement = begun;
                return bytes.saturating_sub(before) < limits.bytes_per_window;
            }
        }
    }
    false
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
