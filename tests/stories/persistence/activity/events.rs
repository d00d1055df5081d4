//! Tests of events: they are numbered in the order of commits, without gaps.

use std::time::Duration;

use aloqa::{
    domain::{ChangedFields, ClientId, Event, EventId, RecordedEvent},
    persistence::{Database, WakeUp},
};
use futures_util::FutureExt as _;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::{Company, Engine, TestEnv, concurrently, event_stream::events_until_silence};

on_both_engines![
    an_event_is_read_as_recorded,
    a_rollback_records_no_event_and_leaves_no_gap,
    forty_concurrent_events_are_numbered_without_gaps,
    a_reader_that_polls_misses_no_event,
    events_that_this_version_cannot_read_are_skipped,
    pollers_of_a_tenant_are_woken_after_the_commit,
    each_tenant_numbers_its_own_events,
];

on_postgres![events_are_numbered_in_the_order_of_commits, other_processes_are_notified_of_an_event];

fn updated(id: i64) -> Event {
    Event::ClientUpdated { client_id: ClientId(id), changes: ChangedFields::default() }
}

async fn record(company: &Company, env: &TestEnv, events: &[i64]) {
    let mut tx = company.begin().await;
    for id in events {
        tx.record(updated(*id), Some(company.agent.user.id), env.clock.now());
    }
    tx.commit().await.unwrap();
}

async fn after(company: &Company, id: i64, limit: i64) -> Vec<RecordedEvent> {
    company.read().await.events().after(EventId(id), limit).await.unwrap().0
}

async fn last_id(company: &Company) -> i64 {
    company.read().await.events().last_id().await.unwrap().0
}

async fn an_event_is_read_as_recorded(env: TestEnv) {
    let company = env.company("samarkand").await;
    assert_eq!(last_id(&company).await, 0);
    record(&company, &env, &[7, 8]).await;
    record(&company, &env, &[9]).await;
    let events = after(&company, 0, 10).await;
    let told: Vec<_> = events.iter().map(|e| (e.id.0, e.event.clone())).collect();
    assert_eq!(told, [(1, updated(7)), (2, updated(8)), (3, updated(9))]);
    assert_eq!((events[0].actor, events[0].at), (Some(company.agent.user.id), env.clock.now()));
    assert_eq!(after(&company, 1, 1).await[0].id, EventId(2), "no more than asked for");
    assert!(after(&company, 3, 10).await.is_empty());
    assert_eq!(last_id(&company).await, 3);
}

async fn a_rollback_records_no_event_and_leaves_no_gap(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut followed = env.database.wake_ups().subscribe(company.id());
    record(&company, &env, &[1]).await;
    assert_eq!(followed.next().now_or_never(), Some(WakeUp::Changed));
    let mut tx = company.begin().await;
    tx.record(updated(2), None, env.clock.now());
    drop(tx);
    assert!(followed.next().now_or_never().is_none(), "nothing is announced that was not committed");
    record(&company, &env, &[3]).await;
    let told: Vec<_> = after(&company, 0, 10).await.into_iter().map(|e| (e.id.0, e.event)).collect();
    assert_eq!(told, [(1, updated(1)), (2, updated(3))]);
}

async fn forty_concurrent_events_are_numbered_without_gaps(env: TestEnv) {
    let company = env.company("samarkand").await;
    let now = env.clock.now();
    concurrently(40, |number| {
        let company = company.clone();
        async move {
            let mut tx = company.begin().await;
            for _ in 0..=number % 3 {
                tx.record(updated(i64::try_from(number).unwrap()), None, now);
            }
            // Every fourth transaction is rolled back.
            if number % 4 != 3 {
                tx.commit().await.unwrap();
            }
        }
    })
    .await;
    let ids: Vec<_> = after(&company, 0, 1_000).await.into_iter().map(|e| e.id.0).collect();
    let count: usize = (0..40).filter(|number| number % 4 != 3).map(|number| number % 3 + 1).sum();
    assert_eq!(ids, (1..=i64::try_from(count).unwrap()).collect::<Vec<_>>());
    assert_eq!(last_id(&company).await, i64::try_from(count).unwrap());
}

async fn a_reader_that_polls_misses_no_event(env: TestEnv) {
    let company = env.company("samarkand").await;
    let now = env.clock.now();
    let (followed, reader) = (env.database.wake_ups().subscribe(company.id()), company.clone());
    let reading = tokio::spawn(async move {
        let (mut followed, mut seen) = (followed, Vec::new());
        while seen.len() < 30 {
            followed.next().await;
            let last = seen.last().copied().unwrap_or(0);
            seen.extend(after(&reader, last, 100).await.into_iter().map(|e| e.id.0));
        }
        seen
    });
    concurrently(30, |number| {
        let company = company.clone();
        async move {
            let mut tx = company.begin().await;
            tx.record(updated(i64::try_from(number).unwrap()), None, now);
            tx.commit().await.unwrap();
        }
    })
    .await;
    assert_eq!(reading.await.unwrap(), (1..=30).collect::<Vec<_>>(), "each once, in order");
}

async fn events_that_this_version_cannot_read_are_skipped(env: TestEnv) {
    let company = env.company("samarkand").await;
    record(&company, &env, &[1, 2, 3]).await;
    let mut raw = env.raw().await;
    // What a later version stores can't be made by an update, since events are append-only.
    let drop = match env.engine {
        Engine::Sqlite => "DROP TRIGGER events_append_only",
        Engine::Postgres => "DROP TRIGGER events_append_only ON events",
    };
    raw.run(drop).await.unwrap();
    raw.run("UPDATE events SET kind = 'ClientCloned', payload = '{\"type\":\"ClientCloned\"}' WHERE id = 2")
        .await
        .unwrap();
    let ids: Vec<_> = after(&company, 0, 10).await.into_iter().map(|e| e.id.0).collect();
    assert_eq!(ids, [1, 3]);

    // A full page of unreadable events must not stop the reader.
    raw.run("UPDATE events SET payload = '{}' WHERE id < 3").await.unwrap();
    let (events, seen) = company.read().await.events().after(EventId(0), 2).await.unwrap();
    assert_eq!((events.len(), seen), (0, EventId(2)), "they were seen, if not understood");
    let mut stream = env.open_stream(&company.agent, Some(EventId(0))).await;
    let ids = |events: Vec<RecordedEvent>| events.into_iter().map(|e| e.id.0).collect::<Vec<_>>();
    assert_eq!(ids(events_until_silence(&mut stream).await), [3]);
    raw.run("UPDATE events SET payload = '{}'").await.unwrap();
    let (events, seen) = company.read().await.events().after(EventId(0), 10).await.unwrap();
    assert_eq!((events.len(), seen), (0, EventId(3)));
    let mut other = env.open_stream(&company.agent, Some(EventId(0))).await;
    record(&company, &env, &[4]).await;
    assert_eq!(ids(events_until_silence(&mut other).await), [4]);
    assert_eq!(ids(events_until_silence(&mut stream).await), [4]);
}

async fn pollers_of_a_tenant_are_woken_after_the_commit(env: TestEnv) {
    let company = env.company("samarkand").await;
    let other = env.company("bukhara").await;
    let mut followed = env.database.wake_ups().subscribe(company.id());
    let mut followed_other = env.database.wake_ups().subscribe(other.id());
    let mut tx = company.begin().await;
    tx.record(updated(1), None, env.clock.now());
    assert!(followed.next().now_or_never().is_none());
    tx.commit().await.unwrap();
    assert_eq!(followed.next().now_or_never(), Some(WakeUp::Changed));
    company.begin().await.commit().await.unwrap();
    assert!(followed.next().now_or_never().is_none(), "nothing happened, so nothing is told");
    record(&company, &env, &[2]).await;
    record(&company, &env, &[3]).await;
    assert_eq!(followed.next().now_or_never(), Some(WakeUp::Changed));
    assert!(followed.next().now_or_never().is_none(), "one look finds both");
    assert!(followed_other.next().now_or_never().is_none(), "no other tenant is woken");
}

async fn each_tenant_numbers_its_own_events(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    record(&samarkand, &env, &[1, 2]).await;
    record(&bukhara, &env, &[3]).await;
    record(&samarkand, &env, &[4]).await;
    let told: Vec<_> = after(&bukhara, 0, 10).await.into_iter().map(|e| (e.id.0, e.event)).collect();
    assert_eq!(told, [(1, updated(3))]);
    assert_eq!((last_id(&samarkand).await, last_id(&bukhara).await), (3, 1));
}

async fn events_are_numbered_in_the_order_of_commits(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (mut slow, mut quick) = (company.begin().await, company.begin().await);
    slow.record(updated(1), None, env.clock.now());
    quick.record(updated(2), None, env.clock.now());
    quick.commit().await.unwrap();
    slow.commit().await.unwrap();
    let told: Vec<_> = after(&company, 0, 10).await.into_iter().map(|e| (e.id.0, e.event)).collect();
    assert_eq!(told, [(1, updated(2)), (2, updated(1))]);
}

async fn other_processes_are_notified_of_an_event(env: TestEnv) {
    let company = env.company("samarkand").await;
    let other = Database::open(&env.url).await.unwrap();
    let (mut heard, stop) = (other.wake_ups().subscribe(company.id()), CancellationToken::new());
    let relay = tokio::spawn({
        let (other, stop) = (other.clone(), stop.clone());
        async move { other.relay_wake_ups(stop).await }
    });
    // Listening begins some time after the call, so events are recorded until one is received.
    let hear = async {
        loop {
            record(&company, &env, &[1]).await;
            if let Ok(wake_up) = timeout(Duration::from_millis(50), heard.next()).await {
                break wake_up;
            }
        }
    };
    assert_eq!(timeout(Duration::from_secs(20), hear).await.unwrap(), WakeUp::Changed);
    stop.cancel();
    timeout(Duration::from_secs(20), relay).await.unwrap().unwrap();
    other.close().await;
}
