//! The event hub of a tenant: one task that reads the tenant's events once for all of its open streams.
//!
//! A hub begins with the first stream of its tenant and ends with the last one. At each wake-up it reads, in one
//! snapshot, the new events and the tokens of the streams that are still valid. Streams get the events over one bounded
//! channel, which costs a stream nothing but its place in it. A stream that is too far behind, or that begins further
//! back, reads the events that it lacks itself, a batch at a time.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        watch,
    },
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::instrument::WithSubscriber as _;

use crate::services::{Actor, Dependencies, StreamLimits};
use crate::{
    domain::{EventId, Permission, PermissionSet, Presence, RecordedEvent, TenantId, UserId},
    error::{AppError, Result},
    persistence::{TenantWakeUps, TokenHash, WakeUp},
};

/// The number of events that are read at once.
const BATCH_SIZE: i64 = 200;
/// The number of updates that the hub keeps for its slowest stream. One that is further behind reads the table.
const CAPACITY: usize = 64;
/// The longest pause between two looks: a process that can't wake this one may have recorded events or ended sessions.
const CHECK_INTERVAL: Duration = Duration::from_secs(15);
/// Changes within this time are read together. On PostgreSQL each change also comes back as a notification.
const COALESCING_DELAY: Duration = Duration::from_millis(5);

/// The hubs of the tenants that have an open stream in this process.
#[derive(Clone, Default)]
pub(super) struct EventHubs(Arc<Mutex<HashMap<TenantId, Arc<EventHub>>>>);

/// The time after which a refused stream may be opened again.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// The event hub of a tenant: the channel of its updates, and the permissions of its streams.
struct EventHub {
    updates: broadcast::Sender<Update>,
    /// The number of open streams by user.
    open: Mutex<HashMap<UserId, usize>>,
    /// The valid tokens of the streams with their permissions. The removal of a token ends its streams.
    tokens: Mutex<HashMap<TokenHash, watch::Sender<PermissionSet>>>,
}

#[derive(Clone)]
enum Update {
    Events(Arc<Batch>),
    Presence(Arc<Presence>),
}

/// All events between two positions that this version can read.
struct Batch {
    after: EventId,
    events: Vec<RecordedEvent>,
    read_to: EventId,
}

/// The place of a stream among those of its tenant, which it leaves when it ends.
struct Place {
    hub: Arc<EventHub>,
    user: UserId,
}

/// An open stream of what a user may see.
pub struct EventStream {
    _place: Place,
    deps: Arc<Dependencies>,
    tenant: TenantId,
    user: UserId,
    token: TokenHash,
    permissions: PermissionSet,
    granted: watch::Receiver<PermissionSet>,
    updates: broadcast::Receiver<Update>,
    /// The batch that is being passed on, and how much of it was.
    batch: Arc<Batch>,
    next: usize,
    /// True if there are events after the batch that the channel does not hold any more.
    is_behind: bool,
    stop: CancellationToken,
}

/// The content of a stream.
#[derive(Debug)]
pub enum LiveUpdate {
    /// An event.
    Event(RecordedEvent),
    /// Another user's presence in a chat.
    Presence(Arc<Presence>),
}

impl EventHubs {
    /// Opens a stream of the events after `after`, or from now on. A position that is not reached yet is another tenant's,
    /// or from before a backup was restored, and means now.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`] if the token is not valid any more; [`AppError::TooManyAttempts`] if the user or the
    /// tenant has too many open streams.
    pub(super) async fn open_stream(
        &self,
        deps: &Arc<Dependencies>,
        actor: &Actor,
        token: TokenHash,
        after: Option<EventId>,
    ) -> Result<EventStream> {
        let tenant = actor.tenant_id();
        // Subscribed before the table is read, so that no event falls between.
        let (place, updates, granted) = self.subscribe(deps, actor, token)?;
        let (valid, newest) = read(deps, tenant, &[token], None).await?;
        let permissions = *valid.get(&token).ok_or(AppError::Unauthenticated)?;
        let position = after.map_or(newest.read_to, |after| after.min(newest.read_to));
        let batch = Arc::new(Batch { after: position, events: Vec::new(), read_to: position });
        Ok(EventStream {
            _place: place,
            deps: deps.clone(),
            tenant,
            user: actor.user.id,
            token,
            permissions,
            granted,
            updates,
            batch,
            next: 0,
            is_behind: position < newest.read_to,
            stop: CancellationToken::new(),
        })
    }

    /// Subscribes to the tenant's hub, which is started if there is none.
    fn subscribe(
        &self,
        deps: &Arc<Dependencies>,
        actor: &Actor,
        token: TokenHash,
    ) -> Result<(Place, broadcast::Receiver<Update>, watch::Receiver<PermissionSet>)> {
        let (tenant, permissions) = (actor.tenant_id(), actor.user.permissions);
        let mut hubs = self.hubs();
        let (hub, is_new) = match hubs.entry(tenant) {
            Entry::Occupied(entry) => (entry.get().clone(), false),
            Entry::Vacant(entry) => (entry.insert(Arc::new(EventHub::new())).clone(), true),
        };
        let place = Place::take(&hub, actor.user.id, deps.stream_limits)?;
        let updates = hub.updates.subscribe();
        let granted =
            hub.tokens().entry(token).or_insert_with(|| watch::Sender::new(permissions)).subscribe();
        if is_new {
            let wake_ups = deps.database.wake_ups().subscribe(tenant);
            let reader = HubReader { deps: deps.clone(), hubs: self.clone(), tenant, hub, wake_ups };
            tokio::spawn(reader.run().with_current_subscriber());
        }
        Ok((place, updates, granted))
    }

    /// The number of open streams.
    pub(super) fn open_streams(&self) -> usize {
        self.hubs().values().map(|hub| hub.open().values().sum::<usize>()).sum()
    }

    fn hubs(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<EventHub>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Takes a place, if the user and the tenant have one left.
    fn take(hub: &Arc<EventHub>, user: UserId, limits: StreamLimits) -> Result<Self> {
        let mut open = hub.open();
        let is_full = open.values().sum::<usize>() >= limits.per_tenant;
        let of_user = open.get(&user).copied().unwrap_or_default();
        if is_full || of_user >= limits.per_user {
            return Err(AppError::TooManyAttempts { retry_after: RETRY_AFTER });
        }
        open.insert(user, of_user + 1);
        Ok(Self { hub: hub.clone(), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Entry::Occupied(mut of_user) = self.hub.open().entry(self.user) {
            *of_user.get_mut() -= 1;
            if *of_user.get() == 0 {
                of_user.remove();
            }
        }
    }
}

impl EventHub {
    fn new() -> Self {
        Self { updates: broadcast::Sender::new(CAPACITY), open: Mutex::default(), tokens: Mutex::default() }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<UserId, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<TokenHash, watch::Sender<PermissionSet>>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tokens of the open streams.
    fn used_tokens(&self) -> Vec<TokenHash> {
        let mut tokens = self.tokens();
        tokens.retain(|_, granted| granted.receiver_count() > 0);
        tokens.keys().copied().collect()
    }

    /// Tells streams which permissions their tokens give now, before they get what was read with it.
    fn set_permissions(&self, checked: &[TokenHash], valid: &HashMap<TokenHash, PermissionSet>) {
        let mut tokens = self.tokens();
        for token in checked {
            match valid.get(token) {
                Some(permissions) => {
                    if let Some(granted) = tokens.get(token) {
                        granted
                            .send_if_modified(|known| std::mem::replace(known, *permissions) != *permissions);
                    }
                }
                None => drop(tokens.remove(token)),
            }
        }
    }

    fn send(&self, update: Update) {
        // The last stream may have just been closed.
        let _ = self.updates.send(update);
    }
}

/// The task of a hub. Its end, also by an error, closes all streams of the tenant: without the database it can't be
/// checked who may still read them, and their readers come back by themselves.
struct HubReader {
    deps: Arc<Dependencies>,
    hubs: EventHubs,
    tenant: TenantId,
    hub: Arc<EventHub>,
    wake_ups: TenantWakeUps,
}

impl Drop for HubReader {
    fn drop(&mut self) {
        self.leave(true);
    }
}

impl HubReader {
    async fn run(mut self) {
        let mut position = None;
        loop {
            match self.pass_on(position).await {
                Ok((read_to, has_more)) => {
                    position = Some(read_to);
                    if has_more {
                        continue;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, tenant = %self.tenant, "events could not be read; live streams end");
                    return;
                }
            }
            if !self.wait().await {
                return;
            }
        }
    }

    /// Reads the next events and passes them on. Returns the position of the last one, and true if there may be more. The
    /// first time it reads only where the events end.
    async fn pass_on(&mut self, position: Option<EventId>) -> Result<(EventId, bool)> {
        self.wake_ups.forget_changes();
        let tokens = self.hub.used_tokens();
        let (valid, batch) = read(&self.deps, self.tenant, &tokens, position).await?;
        self.hub.set_permissions(&tokens, &valid);
        let (read_to, has_more) = (batch.read_to, batch.is_full());
        // The first one tells those who read the table a moment before that they missed something.
        if position.is_none_or(|position| position < read_to) {
            self.hub.send(Update::Events(Arc::new(batch)));
        }
        Ok((read_to, has_more))
    }

    /// Waits until the events and the tokens have to be read; `false` when there is no stream any more. Passes on presence
    /// in the meantime.
    async fn wait(&mut self) -> bool {
        let check_at = Instant::now() + CHECK_INTERVAL;
        loop {
            tokio::select! {
                wake_up = self.wake_ups.next() => match wake_up {
                    WakeUp::Changed => {
                        tokio::time::sleep(COALESCING_DELAY).await;
                        return true;
                    }
                    WakeUp::Presence(presence) => self.hub.send(Update::Presence(Arc::new(presence))),
                },
                () = tokio::time::sleep_until(check_at) => return true,
                () = self.hub.updates.closed() => {
                    if self.leave(false) {
                        return false;
                    }
                }
            }
        }
    }

    /// Removes the hub from the map if it has no stream; with `in_any_case`, also if it has some. Returns true if it was
    /// to be removed, after which the next stream starts another hub.
    fn leave(&self, in_any_case: bool) -> bool {
        let mut hubs = self.hubs.hubs();
        let is_unused = in_any_case || self.hub.updates.receiver_count() == 0;
        if is_unused && hubs.get(&self.tenant).is_some_and(|hub| Arc::ptr_eq(hub, &self.hub)) {
            hubs.remove(&self.tenant);
        }
        is_unused
    }
}

impl Batch {
    /// True if there may be more events. Numbers have no gaps.
    fn is_full(&self) -> bool {
        self.read_to.0.saturating_sub(self.after.0) >= BATCH_SIZE
    }
}

/// Reads, in one snapshot, which of the tokens are valid, with their permissions, and the next events after a position; without
/// one, where the events end.
#[tracing::instrument(name = "read_events", level = "debug", skip_all, fields(%tenant))]
async fn read(
    deps: &Dependencies,
    tenant: TenantId,
    tokens: &[TokenHash],
    after: Option<EventId>,
) -> Result<(HashMap<TokenHash, PermissionSet>, Batch)> {
    let mut tx = deps.database.read(tenant).await?;
    let valid = tx.users().token_permissions(tokens, deps.clock.now()).await?;
    let batch = if let Some(after) = after {
        let (events, read_to) = tx.events().after(after, BATCH_SIZE).await?;
        Batch { after, events, read_to }
    } else {
        let newest = tx.events().last_id().await?;
        Batch { after: newest, events: Vec::new(), read_to: newest }
    };
    Ok((valid, batch))
}

impl EventStream {
    /// The same stream, which ends when `stop` is cancelled and there is nothing left to send.
    #[must_use]
    pub fn until(self, stop: CancellationToken) -> Self {
        Self { stop, ..self }
    }

    /// Waits for the next update; `None` when the stream has ended: the token is not valid any more, the database is away,
    /// or the server stops.
    pub async fn next(&mut self) -> Option<LiveUpdate> {
        loop {
            // Events that were recorded before the user lost a permission are not shown any more either.
            if self.granted.has_changed().ok()? {
                self.update_permissions();
            }
            if let Some(event) = self.next_of_batch() {
                return Some(LiveUpdate::Event(event));
            }
            if self.is_behind {
                self.catch_up().await?;
                continue;
            }
            tokio::select! {
                biased;
                changed = self.granted.changed() => {
                    changed.ok()?;
                    self.update_permissions();
                }
                update = self.updates.recv() => match update {
                    Ok(Update::Events(batch)) => self.take(batch),
                    Ok(Update::Presence(presence)) if self.may_see(&presence) => {
                        return Some(LiveUpdate::Presence(presence));
                    }
                    Ok(Update::Presence(_)) => {}
                    Err(RecvError::Lagged(_)) => self.is_behind = true,
                    Err(RecvError::Closed) => return None,
                },
                () = self.stop.cancelled() => return None,
            }
        }
    }

    fn next_of_batch(&mut self) -> Option<RecordedEvent> {
        let rest = self.batch.events.get(self.next..)?;
        let skipped =
            rest.iter().position(|recorded| self.permissions.contains(recorded.event.kind().permission()));
        self.next += skipped.map_or(rest.len(), |skipped| skipped + 1);
        skipped.map(|skipped| rest[skipped].clone())
    }

    /// Goes on with a batch of the hub: with what is new of it, or, if there are events before it, with those.
    fn take(&mut self, batch: Arc<Batch>) {
        let position = self.batch.read_to;
        if position < batch.after {
            self.is_behind = true;
        } else if position < batch.read_to {
            self.next = batch.events.partition_point(|recorded| recorded.id <= position);
            self.batch = batch;
        }
    }

    /// Reads the next events from the table; `None` if the stream has ended.
    async fn catch_up(&mut self) -> Option<()> {
        let position = Some(self.batch.read_to);
        let (valid, batch) = read(&self.deps, self.tenant, &[self.token], position).await.ok()?;
        self.permissions = *valid.get(&self.token)?;
        self.is_behind = batch.is_full();
        (self.batch, self.next) = (Arc::new(batch), 0);
        Some(())
    }

    /// Takes over the permissions that the hub has read.
    fn update_permissions(&mut self) {
        self.permissions = *self.granted.borrow_and_update();
    }

    fn may_see(&self, presence: &Presence) -> bool {
        presence.user != self.user && self.permissions.contains(Permission::ChatRead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_and_tenants_have_a_limited_number_of_streams() {
        let hub = Arc::new(EventHub::new());
        let limits = StreamLimits { per_user: 3, per_tenant: 12 };
        let take = |user| Place::take(&hub, UserId(user), limits);
        let users = 4;
        let mut places: Vec<_> =
            (0..users).flat_map(|user| [user; 3]).map(|user| take(user).unwrap()).collect();
        assert!(matches!(take(users), Err(AppError::TooManyAttempts { .. })), "the tenant has too many");
        places.pop();
        assert!(take(0).is_err(), "the user has too many");
        places.push(take(users).unwrap());
        places.clear();
        assert!(hub.open().is_empty());
    }
}
