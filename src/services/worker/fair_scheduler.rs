//! Fair scheduling: each tenant in turn, each of its lanes in turn, and no lane beyond its limits.

use std::{
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{domain::TenantId, services::worker::Backoff};

/// The pauses of a lane whose jobs failed, or whose work another process is doing.
const LANE_BACKOFF: Backoff =
    Backoff { min: Duration::from_secs(1), max: Duration::from_secs(30), factor: 2 };

/// A group of a tenant's jobs that is scheduled fairly with other groups.
pub(in crate::services) trait Lane: Clone + Send + Sync + 'static {
    /// The id of a lane.
    type Key: Copy + Eq + Hash + Debug + Send + Sync + 'static;

    fn key(&self) -> Self::Key;

    fn tenant(&self) -> TenantId;

    /// The maximum number of jobs per second; `None` without a limit.
    fn rate(&self) -> Option<u32> {
        None
    }
}

/// The key of a lane.
pub(super) type LaneKey<L> = <L as Lane>::Key;

/// A tenant with a single lane.
impl Lane for TenantId {
    type Key = Self;

    fn key(&self) -> Self {
        *self
    }

    fn tenant(&self) -> TenantId {
        *self
    }
}

/// The turns and token buckets of the lanes in this process.
#[derive(Debug)]
pub(in crate::services) struct FairScheduler<K> {
    state: Arc<Mutex<State<K>>>,
    max_in_flight: usize,
}

impl<K> Clone for FairScheduler<K> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), max_in_flight: self.max_in_flight }
    }
}

/// A job in progress.
#[derive(Debug)]
pub(super) struct InFlight<K: Copy + Eq + Hash> {
    scheduler: FairScheduler<K>,
    lane: K,
}

impl<K: Copy + Eq + Hash> InFlight<K> {
    /// Records whether the job made progress; a lane without progress pauses.
    pub(super) fn finish(self, progressed: bool) {
        if let Some(lane) = self.scheduler.state().lanes.get_mut(&self.lane) {
            if progressed {
                (lane.failures, lane.rests_until) = (0, None);
            } else {
                lane.failures += 1;
                lane.rests_until = Some(Instant::now() + LANE_BACKOFF.pause(lane.failures));
            }
        }
    }
}

impl<K: Copy + Eq + Hash> Drop for InFlight<K> {
    fn drop(&mut self) {
        self.scheduler.release(self.lane);
    }
}

#[derive(Debug)]
struct State<K> {
    turn: u64,
    tenants: HashMap<TenantId, u64>,
    lanes: HashMap<K, LaneState>,
}

#[derive(Debug)]
struct LaneState {
    /// The number of the lane's last turn.
    turn: u64,
    in_flight: usize,
    /// The tokens of the bucket at `refilled_at`; a job takes one.
    tokens: f64,
    refilled_at: Instant,
    /// The number of consecutive jobs without progress.
    failures: i64,
    rests_until: Option<Instant>,
}

impl<K: Copy + Eq + Hash> FairScheduler<K> {
    /// Creates a scheduler that allows this many jobs of a lane in progress.
    pub(super) fn new(max_in_flight: usize) -> Self {
        let state = State { turn: 0, tenants: HashMap::new(), lanes: HashMap::new() };
        Self { state: Arc::new(Mutex::new(state)), max_in_flight }
    }

    /// Allocates up to `free` jobs to the lanes, one by one: to the tenant that was served least
    /// recently, and among its lanes to the one that was served least recently.
    pub(super) fn allocate<L: Lane<Key = K>>(&self, due: &[L], free: usize, now: Instant) -> Vec<(L, usize)> {
        let mut state = self.state();
        let mut capacity: Vec<usize> =
            due.iter().map(|lane| state.capacity(lane, self.max_in_flight, now)).collect();
        let mut shares = vec![0; due.len()];
        for _ in 0..free {
            let waits = (0..due.len()).filter(|index| capacity[*index] > 0);
            let Some(next) = waits.min_by_key(|index| state.last_served(&due[*index])) else { break };
            state.mark_served(&due[next]);
            capacity[next] -= 1;
            shares[next] += 1;
        }
        due.iter().cloned().zip(shares).filter(|(_, share)| *share > 0).collect()
    }

    /// The pause until a lane may be served; `None` if all wait for the end of a job.
    pub(super) fn wait<L: Lane<Key = K>>(&self, due: &[L], now: Instant) -> Option<Duration> {
        let mut state = self.state();
        due.iter().filter_map(|lane| state.wait(lane, self.max_in_flight, now)).min()
    }

    /// Charges the leased jobs to a lane.
    pub(super) fn charge(&self, lane: K, count: usize) {
        let mut state = self.state();
        let Some(lane) = state.lanes.get_mut(&lane) else { return };
        lane.in_flight += count;
        #[expect(clippy::cast_precision_loss, reason = "at most a batch")]
        let spent = count as f64;
        lane.tokens -= spent;
    }

    /// Returns a guard for a job in progress; dropping it, also in a panic, releases the lane.
    pub(super) fn in_flight(&self, lane: K) -> InFlight<K> {
        InFlight { scheduler: self.clone(), lane }
    }

    fn release(&self, lane: K) {
        let mut state = self.state();
        if let Some(lane) = state.lanes.get_mut(&lane) {
            lane.in_flight = lane.in_flight.saturating_sub(1);
        }
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> State<K> {
    fn last_served<L: Lane<Key = K>>(&self, due: &L) -> (u64, u64) {
        let tenant = self.tenants.get(&due.tenant()).copied().unwrap_or(0);
        (tenant, self.lanes.get(&due.key()).map_or(0, |lane| lane.turn))
    }

    fn mark_served<L: Lane<Key = K>>(&mut self, due: &L) {
        self.turn += 1;
        self.tenants.insert(due.tenant(), self.turn);
        if let Some(lane) = self.lanes.get_mut(&due.key()) {
            lane.turn = self.turn;
        }
    }

    /// The state of a lane, with its tokens refilled.
    fn lane<L: Lane<Key = K>>(&mut self, due: &L, now: Instant) -> &mut LaneState {
        let rate = due.rate().map_or(f64::INFINITY, f64::from);
        let begin = || LaneState {
            turn: 0,
            in_flight: 0,
            tokens: rate,
            refilled_at: now,
            failures: 0,
            rests_until: None,
        };
        let lane = self.lanes.entry(due.key()).or_insert_with(begin);
        if rate.is_finite() {
            let passed = now.saturating_duration_since(lane.refilled_at).as_secs_f64();
            lane.tokens = (lane.tokens + passed * rate).min(rate);
        }
        lane.refilled_at = now;
        lane
    }

    /// The number of jobs that the lane may begin now.
    fn capacity<L: Lane<Key = K>>(&mut self, due: &L, max_in_flight: usize, now: Instant) -> usize {
        let lane = self.lane(due, now);
        if lane.rests_until.is_some_and(|until| now < until) {
            return 0;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between none and the rate; a number that is too large becomes the largest"
        )]
        let allowed = lane.tokens.max(0.0) as usize;
        allowed.min(max_in_flight.saturating_sub(lane.in_flight))
    }

    fn wait<L: Lane<Key = K>>(&mut self, due: &L, max_in_flight: usize, now: Instant) -> Option<Duration> {
        let lane = self.lane(due, now);
        if lane.in_flight >= max_in_flight {
            return None;
        }
        let rest = lane.rests_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let refill = match due.rate() {
            Some(rate) if lane.tokens < 1.0 => {
                Duration::from_secs_f64((1.0 - lane.tokens) / f64::from(rate.max(1)))
            }
            _ => Duration::ZERO,
        };
        Some(rest.max(refill))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use crate::domain::ChannelId;

    use super::*;

    /// A channel for which something is due.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Due {
        tenant: TenantId,
        channel: ChannelId,
        rate: u32,
    }

    impl Lane for Due {
        type Key = ChannelId;

        fn key(&self) -> ChannelId {
            self.channel
        }

        fn tenant(&self) -> TenantId {
            self.tenant
        }

        fn rate(&self) -> Option<u32> {
            Some(self.rate)
        }
    }

    fn due(tenant: i64, rate: u32) -> Due {
        Due { tenant: TenantId(tenant), channel: ChannelId(Uuid::new_v4()), rate }
    }

    fn counts(shares: &[(Due, usize)]) -> Vec<(i64, usize)> {
        shares.iter().map(|(due, share)| (due.tenant.0, *share)).collect()
    }

    #[test]
    fn tenants_are_served_in_turn() {
        let scheduler = FairScheduler::new(8);
        let all = [due(1, 40), due(1, 40), due(1, 40), due(2, 40)];
        let now = Instant::now();
        let shares = scheduler.allocate(&all, 8, now);
        let of =
            |tenant| shares.iter().filter(|(due, _)| due.tenant.0 == tenant).map(|(_, n)| n).sum::<usize>();
        assert_eq!((of(1), of(2)), (4, 4), "a workspace with three channels has no more than one with one");

        // The same applies if only one job is free at a time.
        let scheduler = FairScheduler::new(8);
        let served: Vec<_> = (0..4).map(|_| counts(&scheduler.allocate(&all, 1, now))[0].0).collect();
        assert_eq!(served, [1, 2, 1, 2]);
    }

    #[test]
    fn a_channel_is_limited_in_flight_and_by_rate() {
        let scheduler = FairScheduler::new(8);
        let all = [due(1, 10)];
        let channel = all[0].channel;
        let mut now = Instant::now();
        assert_eq!(counts(&scheduler.allocate(&all, 100, now)), [(1, 8)]);
        scheduler.charge(channel, 8);
        assert_eq!(scheduler.allocate(&all, 100, now), [], "eight are under way");
        (0..8).for_each(|_| scheduler.release(channel));
        assert_eq!(counts(&scheduler.allocate(&all, 100, now)), [(1, 2)], "ten in a second");
        scheduler.charge(channel, 2);
        (0..2).for_each(|_| scheduler.release(channel));
        assert_eq!(scheduler.allocate(&all, 100, now), []);
        now += Duration::from_millis(301);
        assert_eq!(counts(&scheduler.allocate(&all, 100, now)), [(1, 3)]);
        now += Duration::from_hours(1);
        assert_eq!(
            counts(&scheduler.allocate(&all, 100, now)),
            [(1, 8)],
            "what was not used does not pile up"
        );
    }

    #[test]
    fn a_lane_without_progress_rests() {
        let scheduler = FairScheduler::new(1);
        let lanes = [TenantId(1), TenantId(2)];
        let now = Instant::now();
        let served = scheduler.allocate(&lanes, 1, now);
        assert_eq!(served, [(TenantId(1), 1)]);
        scheduler.charge(TenantId(1), 1);
        scheduler.in_flight(TenantId(1)).finish(false);
        let now = Instant::now();
        assert_eq!(scheduler.allocate(&lanes, 8, now), [(TenantId(2), 1)]);
        scheduler.charge(TenantId(2), 1);
        let pause = scheduler.wait(&lanes, now).unwrap();
        assert!(pause > Duration::from_millis(500) && pause <= Duration::from_secs(1), "{pause:?}");
        assert_eq!(scheduler.allocate(&lanes, 8, now + pause), [(TenantId(1), 1)]);
        scheduler.charge(TenantId(1), 1);
        assert_eq!(scheduler.wait(&lanes, now + pause), None, "the end of a job is waited for");
        scheduler.in_flight(TenantId(1)).finish(true);
        assert_eq!(scheduler.wait(&lanes, now), Some(Duration::ZERO), "progress ends the rest");
    }
}
