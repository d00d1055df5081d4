//! Tests of the outbox: a due delivery is leased by one worker, and one with an expired lease is not leased again.

use std::collections::HashSet;

use aloqa::{
    domain::{DeliveryPriority, MessageId},
    persistence::{Database, LeasedDelivery},
    services::ChannelContext,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;

use crate::support::{
    Company, TestEnv,
    chat_fixture::{ChatFixture, store_message},
    concurrently,
};

on_both_engines![
    due_deliveries_are_leased_oldest_first_and_counted,
    concurrent_workers_never_lease_the_same_delivery,
    a_postponed_delivery_is_leased_at_its_time,
    an_expired_lease_is_lost_and_not_leased_again,
    the_commit_wakes_the_worker_and_a_rollback_does_not,
];

const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Leases the due deliveries of every channel, up to `limit` of each.
async fn lease(database: &Database, now: DateTime<Utc>, limit: i64) -> Vec<LeasedDelivery> {
    let mut cross_tenant = database.begin_cross_tenant().await.unwrap();
    let mut claimed = Vec::new();
    for due in cross_tenant.due_lanes(now).await.unwrap() {
        let of = (due.tenant, due.channel, due.transport);
        let first = DeliveryPriority::Interactive;
        claimed.extend(cross_tenant.lease_deliveries(of, first, now, now + LEASE, limit).await.unwrap());
    }
    cross_tenant.commit().await.unwrap();
    claimed
}

async fn expired_leases(database: &Database, now: DateTime<Utc>) -> Vec<MessageId> {
    let mut cross_tenant = database.read_cross_tenant().await.unwrap();
    let expired_leases = cross_tenant.expired_deliveries(now, 100).await.unwrap();
    expired_leases.into_iter().map(|delivery| delivery.message).collect()
}

async fn next_due(database: &Database) -> Option<DateTime<Utc>> {
    database.read_cross_tenant().await.unwrap().next_delivery_due_at().await.unwrap()
}

async fn enqueue_to(company: &Company, test_chat: &ChatFixture, to: &str, at: DateTime<Utc>) -> MessageId {
    let mut tx = company.begin().await;
    let message = store_message(&mut tx, &test_chat.outbound("Salom", at)).await;
    tx.deliveries_mut().enqueue(message, test_chat.channel, to, at, at).await.unwrap();
    tx.commit().await.unwrap();
    message
}

async fn enqueue(
    company: &Company,
    test_chat: &ChatFixture,
    due_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> MessageId {
    let mut tx = company.begin().await;
    let message = store_message(&mut tx, &test_chat.outbound("Salom", at)).await;
    tx.deliveries_mut().enqueue(message, test_chat.channel, "+998901234567", due_at, at).await.unwrap();
    tx.commit().await.unwrap();
    message
}

async fn test_server(env: &TestEnv, slug: &str) -> (Company, ChannelContext, ChatFixture) {
    let company = env.company(slug).await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    (company, channel, test_chat)
}

async fn due_deliveries_are_leased_oldest_first_and_counted(env: TestEnv) {
    let (samarkand, channel, test_chat) = test_server(&env, "samarkand").await;
    let (bukhara, _, elsewhere) = test_server(&env, "bukhara").await;
    let now = env.clock.now();
    assert_eq!(next_due(&env.database).await, None);
    let tomorrow = enqueue(&samarkand, &test_chat, now + TimeDelta::days(1), now).await;
    let theirs = enqueue(&bukhara, &elsewhere, now, now).await;
    let second = enqueue_to(&samarkand, &test_chat, "+998907654321", now).await;
    let first = enqueue(&samarkand, &test_chat, now - TimeDelta::microseconds(1), now).await;
    assert_eq!(next_due(&env.database).await, Some(now - TimeDelta::microseconds(1)));

    let claimed = lease(&env.database, now, 1).await;
    let of: Vec<_> = claimed.iter().map(|delivery| (delivery.tenant, delivery.message)).collect();
    assert_eq!(of, [(samarkand.id(), first), (bukhara.id(), theirs)], "the oldest of every channel");
    let delivery = &claimed[0];
    assert_eq!((delivery.channel, test_chat.channel), (channel.channel.id, channel.channel.id));
    assert_eq!((delivery.recipient.as_str(), delivery.attempts), ("+998901234567", 1));
    assert_eq!(delivery.created_at, now);
    let rest: Vec<_> = lease(&env.database, now, 10).await.iter().map(|d| d.message).collect();
    assert_eq!(rest, [second], "and not before its time");
    assert!(lease(&env.database, now, 10).await.is_empty(), "they are held");
    assert_eq!(next_due(&env.database).await, Some(now + TimeDelta::days(1)));

    let mut tx = samarkand.begin().await;
    assert!(tx.deliveries_mut().remove(first).await.unwrap());
    assert!(!tx.deliveries_mut().remove(first).await.unwrap());
    tx.commit().await.unwrap();
    let later: Vec<_> =
        lease(&env.database, now + TimeDelta::days(1), 10).await.iter().map(|d| d.message).collect();
    assert_eq!(later, [tomorrow]);
}

async fn concurrent_workers_never_lease_the_same_delivery(env: TestEnv) {
    let (company, _, test_chat) = test_server(&env, "samarkand").await;
    let now = env.clock.now();
    let mut all = HashSet::new();
    for number in 0..40 {
        all.insert(enqueue_to(&company, &test_chat, &format!("+9989012345{number:02}"), now).await);
    }
    let claimed = concurrently(5, |_| {
        let database = env.database.clone();
        async move { lease(&database, now, 10).await }
    });
    let claimed: Vec<_> = claimed.await.into_iter().flatten().collect();
    let distinct: HashSet<_> = claimed.iter().map(|delivery| delivery.message).collect();
    assert_eq!(claimed.len(), distinct.len(), "none is held twice");
    assert!(claimed.iter().all(|delivery| delivery.attempts == 1));
    // Concurrent workers skip rows that are locked, so some deliveries may be left for the next round; none is lost.
    let rest = lease(&env.database, now, 100).await;
    let rest: HashSet<_> = rest.iter().map(|delivery| delivery.message).collect();
    assert!(distinct.is_disjoint(&rest));
    assert_eq!(distinct.union(&rest).copied().collect::<HashSet<_>>(), all);
}

async fn a_postponed_delivery_is_leased_at_its_time(env: TestEnv) {
    let (company, _, test_chat) = test_server(&env, "samarkand").await;
    let now = env.clock.now();
    let message = enqueue(&company, &test_chat, now, now).await;
    lease(&env.database, now, 10).await;
    let again = now + TimeDelta::seconds(30);
    let mut tx = company.begin().await;
    tx.deliveries_mut().postpone(message, again).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(next_due(&env.database).await, Some(again));
    assert!(lease(&env.database, again - TimeDelta::microseconds(1), 10).await.is_empty());
    assert!(expired_leases(&env.database, now + LEASE * 2).await.is_empty(), "nobody holds it");
    assert_eq!(lease(&env.database, again, 10).await[0].attempts, 2);
}

async fn an_expired_lease_is_lost_and_not_leased_again(env: TestEnv) {
    let (company, _, test_chat) = test_server(&env, "samarkand").await;
    let now = env.clock.now();
    let message = enqueue(&company, &test_chat, now, now).await;
    lease(&env.database, now, 10).await;
    assert!(expired_leases(&env.database, now + LEASE).await.is_empty(), "its worker has the whole lease");
    let after = now + LEASE + TimeDelta::microseconds(1);
    assert_eq!(expired_leases(&env.database, after).await, [message]);
    assert!(lease(&env.database, after, 10).await.is_empty(), "it may have been sent");
}

async fn the_commit_wakes_the_worker_and_a_rollback_does_not(env: TestEnv) {
    let (company, _, test_chat) = test_server(&env, "samarkand").await;
    let now = env.clock.now();
    let rung = || env.database.wake_ups().delivery_due().now_or_never().is_some();
    assert!(!rung());
    let mut tx = company.begin().await;
    let message = store_message(&mut tx, &test_chat.outbound("Salom", now)).await;
    tx.deliveries_mut().enqueue(message, test_chat.channel, "+998901234567", now, now).await.unwrap();
    assert!(!rung(), "there is nothing to see yet");
    drop(tx);
    assert!(!rung());
    assert_eq!(next_due(&env.database).await, None);
    enqueue(&company, &test_chat, now, now).await;
    assert!(rung());
}
