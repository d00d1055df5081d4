//! Who is served next: each workspace in turn, each of its channels in turn, and no channel more than its provider takes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use crate::{
    domain::{ChannelId, TenantId},
    persistence::DueChannel,
};

/// Calls that are under way at once by one channel, so that one provider that hangs does not hold all of the worker.
const MAX_IN_FLIGHT: usize = 8;

/// Turns and allowances of the channels, as this process knows them.
#[derive(Debug, Clone, Default)]
pub(super) struct FairScheduler(Arc<Mutex<State>>);

/// A delivery that is under way.
#[derive(Debug)]
pub(super) struct InFlight {
    scheduler: FairScheduler,
    channel: ChannelId,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.scheduler.release(self.channel);
    }
}

#[derive(Debug, Default)]
struct State {
    turn: u64,
    tenants: HashMap<TenantId, u64>,
    channels: HashMap<ChannelId, ChannelState>,
}

#[derive(Debug)]
struct ChannelState {
    /// When it was served last.
    turn: u64,
    in_flight: usize,
    /// Messages that it may hand over now, counted in parts, as they were at `at`.
    tokens: f64,
    refilled_at: Instant,
}

impl FairScheduler {
    /// How many of each channel to take now, at most `free` together: one by one for the workspace that has waited
    /// longest, and in it for the channel that has.
    pub(super) fn allocate(&self, due: &[DueChannel], free: usize, now: Instant) -> Vec<(DueChannel, usize)> {
        let mut state = self.state();
        let mut capacity: Vec<usize> = due.iter().map(|channel| state.capacity(channel, now)).collect();
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

    /// Notes what was really taken.
    pub(super) fn charge(&self, channel: ChannelId, count: usize) {
        let mut state = self.state();
        let Some(channel) = state.channels.get_mut(&channel) else { return };
        channel.in_flight += count;
        #[expect(clippy::cast_precision_loss, reason = "at most a batch")]
        let spent = count as f64;
        channel.tokens -= spent;
    }

    /// Stands for one that is under way, until it is dropped, also by a mistake that unwinds.
    pub(super) fn in_flight(&self, channel: ChannelId) -> InFlight {
        InFlight { scheduler: self.clone(), channel }
    }

    fn release(&self, channel: ChannelId) {
        let mut state = self.state();
        if let Some(channel) = state.channels.get_mut(&channel) {
            channel.in_flight = channel.in_flight.saturating_sub(1);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn last_served(&self, due: &DueChannel) -> (u64, u64) {
        let tenant = self.tenants.get(&due.tenant).copied().unwrap_or(0);
        (tenant, self.channels.get(&due.channel).map_or(0, |channel| channel.turn))
    }

    fn mark_served(&mut self, due: &DueChannel) {
        self.turn += 1;
        self.tenants.insert(due.tenant, self.turn);
        if let Some(channel) = self.channels.get_mut(&due.channel) {
            channel.turn = self.turn;
        }
    }

    /// How many the channel may take now.
    fn capacity(&mut self, due: &DueChannel, now: Instant) -> usize {
        let rate = f64::from(rate(due));
        let begin = || ChannelState { turn: 0, in_flight: 0, tokens: rate, refilled_at: now };
        let channel = self.channels.entry(due.channel).or_insert_with(begin);
        let passed = now.saturating_duration_since(channel.refilled_at).as_secs_f64();
        channel.tokens = (channel.tokens + passed * rate).min(rate);
        channel.refilled_at = now;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between none and the rate"
        )]
        let allowed = channel.tokens.max(0.0) as usize;
        allowed.min(MAX_IN_FLIGHT.saturating_sub(channel.in_flight))
    }
}

/// Messages a second that a channel hands over at most. Twilio queues what is more than the sender's own rate, so this
/// only keeps us from being told 429: short codes and services have many senders' worth, a bot may 30.
fn rate(due: &DueChannel) -> u32 {
    let short_code = due.sms_number.as_deref().is_some_and(|number| !number.starts_with('+'));
    match due.provider.as_str() {
        "telegram" => 25,
        _ if short_code || due.messaging_service_sid.is_some() || due.sms_number.is_none() => 40,
        _ => 10,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;

    fn due(tenant: i64, sms_number: Option<&str>) -> DueChannel {
        DueChannel {
            tenant: TenantId(tenant),
            channel: ChannelId(Uuid::new_v4()),
            provider: "twilio".into(),
            sms_number: sms_number.map(Into::into),
            messaging_service_sid: None,
        }
    }

    fn counts(shares: &[(DueChannel, usize)]) -> Vec<(i64, usize)> {
        shares.iter().map(|(due, share)| (due.tenant.0, *share)).collect()
    }

    #[test]
    fn tenants_are_served_in_turn() {
        let scheduler = FairScheduler::default();
        let all = [due(1, None), due(1, None), due(1, None), due(2, None)];
        let now = Instant::now();
        let shares = scheduler.allocate(&all, 8, now);
        let of =
            |tenant| shares.iter().filter(|(due, _)| due.tenant.0 == tenant).map(|(_, n)| n).sum::<usize>();
        assert_eq!((of(1), of(2)), (4, 4), "a workspace with three channels has no more than one with one");

        // Also when there is room for one at a time only.
        let scheduler = FairScheduler::default();
        let served: Vec<_> = (0..4).map(|_| counts(&scheduler.allocate(&all, 1, now))[0].0).collect();
        assert_eq!(served, [1, 2, 1, 2]);
    }

    #[test]
    fn a_channel_is_limited_in_flight_and_by_rate() {
        let scheduler = FairScheduler::default();
        let all = [due(1, Some("+998712000000"))];
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
}
