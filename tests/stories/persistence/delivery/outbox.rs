//! Stories of the outbox: what is due is held by one worker, and what a dead one held is lost, not given again.

use std::collections::HashSet;

use aloqa::{
    domain::MessageId,
    persistence::{ClaimedDelivery, Database},
    services::ChannelContext,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;

use crate::support::{
    Company, World, at_once,
    chat_fixture::{Talk, say},
};

on_both_engines![
    what_is_due_is_claimed_oldest_first_and_counted,
    workers_at_once_never_hold_the_same,
    what_is_postponed_comes_back_at_its_time,
    what_a_dead_worker_held_is_lost_and_not_given_again,
    the_commit_wakes_the_worker_and_a_rollback_does_not,
];

const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Takes what is due of every channel, up to `limit` of each.
async fn claim(database: &Database, now: DateTime<Utc>, limit: i64) -> Vec<ClaimedDelivery> {
    let mut operator = database.begin_as_operator().await.unwrap();
    let mut claimed = Vec::new();
    for due in operator.directory().due_channels(now).await.unwrap() {
        let of = (due.tenant, due.channel);
        claimed.extend(operator.directory().claim_deliveries(of, now, now + LEASE, limit).await.unwrap());
    }
    operator.commit().await.unwrap();
    claimed
}

async fn lost(database: &Database, now: DateTime<Utc>) -> Vec<MessageId> {
    let mut operator = database.read_as_operator().await.unwrap();
    let lost = operator.directory().lost_deliveries(now, 100).await.unwrap();
    lost.into_iter().map(|delivery| delivery.message).collect()
}

async fn next(database: &Database) -> Option<DateTime<Utc>> {
    database.read_as_operator().await.unwrap().directory().next_delivery().await.unwrap()
}

async fn enqueue_to(company: &Company, talk: &Talk, to: &str, at: DateTime<Utc>) -> MessageId {
    let mut tx = company.begin().await;
    let message = say(&mut tx, &talk.outbound("Salom", at)).await;
    tx.deliveries().enqueue(message, talk.channel, to, at, at).await.unwrap();
    tx.commit().await.unwrap();
    message
}

async fn enqueue(company: &Company, talk: &Talk, due_at: DateTime<Utc>, at: DateTime<Utc>) -> MessageId {
    let mut tx = company.begin().await;
    let message = say(&mut tx, &talk.outbound("Salom", at)).await;
    tx.deliveries().enqueue(message, talk.channel, "+998901234567", due_at, at).await.unwrap();
    tx.commit().await.unwrap();
    message
}

async fn office(world: &World, slug: &str) -> (Company, ChannelContext, Talk) {
    let company = world.company(slug).await;
    let channel = world.connect(&company).await;
    let talk = world.talk(&company, &channel, "Aziza", "+998901234567").await;
    (company, channel, talk)
}

async fn what_is_due_is_claimed_oldest_first_and_counted(world: World) {
    let (samarkand, channel, talk) = office(&world, "samarkand").await;
    let (bukhara, _, elsewhere) = office(&world, "bukhara").await;
    let now = world.clock.now();
    assert_eq!(next(&world.database).await, None);
    let tomorrow = enqueue(&samarkand, &talk, now + TimeDelta::days(1), now).await;
    let theirs = enqueue(&bukhara, &elsewhere, now, now).await;
    let second = enqueue_to(&samarkand, &talk, "+998907654321", now).await;
    let first = enqueue(&samarkand, &talk, now - TimeDelta::microseconds(1), now).await;
    assert_eq!(next(&world.database).await, Some(now - TimeDelta::microseconds(1)));

    let claimed = claim(&world.database, now, 1).await;
    let of: Vec<_> = claimed.iter().map(|delivery| (delivery.tenant, delivery.message)).collect();
    assert_eq!(of, [(samarkand.id(), first), (bukhara.id(), theirs)], "the oldest of every channel");
    let delivery = &claimed[0];
    assert_eq!((delivery.channel, talk.channel), (channel.channel.id, channel.channel.id));
    assert_eq!((delivery.recipient.as_str(), delivery.attempts), ("+998901234567", 1));
    assert_eq!(delivery.created_at, now);
    let rest: Vec<_> = claim(&world.database, now, 10).await.iter().map(|d| d.message).collect();
    assert_eq!(rest, [second], "and not before its time");
    assert!(claim(&world.database, now, 10).await.is_empty(), "they are held");
    assert_eq!(next(&world.database).await, Some(now + TimeDelta::days(1)));

    let mut tx = samarkand.begin().await;
    assert!(tx.deliveries().remove(first).await.unwrap());
    assert!(!tx.deliveries().remove(first).await.unwrap());
    tx.commit().await.unwrap();
    let later: Vec<_> =
        claim(&world.database, now + TimeDelta::days(1), 10).await.iter().map(|d| d.message).collect();
    assert_eq!(later, [tomorrow]);
}

async fn workers_at_once_never_hold_the_same(world: World) {
    let (company, _, talk) = office(&world, "samarkand").await;
    let now = world.clock.now();
    let mut all = HashSet::new();
    for number in 0..40 {
        all.insert(enqueue_to(&company, &talk, &format!("+9989012345{number:02}"), now).await);
    }
    let claimed = at_once(5, |_| {
        let database = world.database.clone();
        async move { claim(&database, now, 10).await }
    });
    let claimed: Vec<_> = claimed.await.into_iter().flatten().collect();
    let distinct: HashSet<_> = claimed.iter().map(|delivery| delivery.message).collect();
    assert_eq!(claimed.len(), distinct.len(), "none is held twice");
    assert!(claimed.iter().all(|delivery| delivery.attempts == 1));
    // Workers that meet step aside, so some may be left for the next round; none is forgotten.
    let rest = claim(&world.database, now, 100).await;
    let rest: HashSet<_> = rest.iter().map(|delivery| delivery.message).collect();
    assert!(distinct.is_disjoint(&rest));
    assert_eq!(distinct.union(&rest).copied().collect::<HashSet<_>>(), all);
}

async fn what_is_postponed_comes_back_at_its_time(world: World) {
    let (company, _, talk) = office(&world, "samarkand").await;
    let now = world.clock.now();
    let message = enqueue(&company, &talk, now, now).await;
    claim(&world.database, now, 10).await;
    let again = now + TimeDelta::seconds(30);
    let mut tx = company.begin().await;
    tx.deliveries().postpone(message, again).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(next(&world.database).await, Some(again));
    assert!(claim(&world.database, again - TimeDelta::microseconds(1), 10).await.is_empty());
    assert!(lost(&world.database, now + LEASE * 2).await.is_empty(), "nobody holds it");
    assert_eq!(claim(&world.database, again, 10).await[0].attempts, 2);
}

async fn what_a_dead_worker_held_is_lost_and_not_given_again(world: World) {
    let (company, _, talk) = office(&world, "samarkand").await;
    let now = world.clock.now();
    let message = enqueue(&company, &talk, now, now).await;
    claim(&world.database, now, 10).await;
    assert!(lost(&world.database, now + LEASE).await.is_empty(), "its worker has the whole lease");
    let after = now + LEASE + TimeDelta::microseconds(1);
    assert_eq!(lost(&world.database, after).await, [message]);
    assert!(claim(&world.database, after, 10).await.is_empty(), "it may have been sent");
}

async fn the_commit_wakes_the_worker_and_a_rollback_does_not(world: World) {
    let (company, _, talk) = office(&world, "samarkand").await;
    let now = world.clock.now();
    let rung = || world.database.bell().deliveries().now_or_never().is_some();
    assert!(!rung());
    let mut tx = company.begin().await;
    let message = say(&mut tx, &talk.outbound("Salom", now)).await;
    tx.deliveries().enqueue(message, talk.channel, "+998901234567", now, now).await.unwrap();
    assert!(!rung(), "there is nothing to see yet");
    drop(tx);
    assert!(!rung());
    assert_eq!(next(&world.database).await, None);
    enqueue(&company, &talk, now, now).await;
    assert!(rung());
}
