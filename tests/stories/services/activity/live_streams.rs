//! Tests of live streams: all streams of a tenant share one reader, and none of them misses, repeats or delays an event.

use std::time::Duration;

use aloqa::{
    domain::{ChangedFields, ClientId, Event, EventId},
    persistence::{Database, Device},
    services::{EventStream, LiveUpdate, SignIn},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::support::{
    Company, TestEnv, concurrently,
    database::statements::StatementCounter,
    event_stream::events_until_silence,
    http::SOON,
    people::{PASSWORD, attempt},
};

on_both_engines![
    forty_streams_read_an_event_with_as_many_statements_as_one,
    an_event_of_another_tenant_wakes_no_stream,
    a_tenant_without_streams_is_not_read,
    a_stream_that_opens_while_the_last_one_closes_misses_no_event,
    a_stream_that_begins_in_the_past_gets_every_event_once_and_in_order,
    a_stream_that_is_not_read_delays_no_other_and_misses_no_event,
    an_ended_session_closes_its_streams_at_once,
    a_changed_password_closes_the_streams_of_all_sessions_of_the_user,
    an_ended_session_that_woke_nobody_closes_its_streams_at_the_next_check,
    a_stream_is_not_opened_for_an_ended_session,
];

on_postgres![a_session_that_another_instance_ended_closes_its_streams_at_once];

/// Much shorter than the time between two checks without a wake-up.
const AT_ONCE: Duration = Duration::from_secs(5);
/// Long compared with a wake-up.
const PAUSE: Duration = Duration::from_millis(100);

fn client_updated() -> Event {
    Event::ClientUpdated { client_id: ClientId(1), changes: ChangedFields::default() }
}

async fn record(company: &Company, env: &TestEnv, count: usize) {
    let mut tx = company.begin().await;
    for _ in 0..count {
        tx.record(client_updated(), Some(company.agent.user.id), env.clock.now());
    }
    tx.commit().await.unwrap();
}

async fn next_id(stream: &mut EventStream) -> i64 {
    let update = timeout(SOON, stream.next()).await.expect("the stream stays silent");
    let Some(LiveUpdate::Event(recorded)) = update else { panic!("{update:?}") };
    recorded.id.0
}

async fn next_ids(stream: &mut EventStream, count: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(next_id(stream).await);
    }
    ids
}

async fn is_closed_at_once(stream: &mut EventStream) -> bool {
    matches!(timeout(AT_ONCE, stream.next()).await, Ok(None))
}

async fn is_silent(stream: &mut EventStream) -> bool {
    timeout(PAUSE, stream.next()).await.is_err()
}

/// A session of the agent, and its stream.
async fn session_with_stream(env: &TestEnv, company: &Company) -> (SecretString, EventStream) {
    let email = company.agent.user.email.as_str();
    let SignIn::Session { token, .. } =
        env.services.identity.sign_in(attempt(email, PASSWORD)).await.unwrap()
    else {
        panic!("denied")
    };
    let stream = env.services.events.open_stream(&company.agent, token.expose_secret(), None).await.unwrap();
    (token, stream)
}

async fn newest(company: &Company) -> EventId {
    company.read().await.events().last_id().await.unwrap()
}

async fn forty_streams_read_an_event_with_as_many_statements_as_one(env: TestEnv) {
    for (slug, count) in [("samarkand", 1), ("bukhara", 40)] {
        let company = env.company(slug).await;
        let counter = StatementCounter::default();
        let mut streams = Vec::new();
        for number in 0..count {
            let user = company.staff()[number % 4];
            streams.push(counter.watch(env.open_stream(user, None)).await);
        }
        sleep(PAUSE).await;
        counter.take();
        record(&company, &env, 1).await;
        for stream in &mut streams {
            assert_eq!(counter.watch(next_id(stream)).await, 1);
        }
        sleep(PAUSE).await;
        let used = counter.take();
        assert_eq!(
            (used.statements.len(), used.transactions),
            (2, 1),
            "the tokens and the events, once for all of {count} streams: {used:?}"
        );
        sleep(Duration::from_secs(2)).await;
        assert_eq!(counter.count(), 0, "without a wake-up nothing is read");
    }
}

async fn an_event_of_another_tenant_wakes_no_stream(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    let counter = StatementCounter::default();
    let mut stream = counter.watch(env.open_stream(&ours.agent, None)).await;
    sleep(PAUSE).await;
    let opened = counter.count();
    record(&theirs, &env, 1).await;
    assert!(counter.watch(is_silent(&mut stream)).await);
    assert_eq!(counter.count(), opened);
}

async fn a_tenant_without_streams_is_not_read(env: TestEnv) {
    let company = env.company("samarkand").await;
    let counter = StatementCounter::default();
    let mut streams = Vec::new();
    for user in company.staff() {
        streams.push(counter.watch(env.open_stream(user, None)).await);
    }
    drop(streams);
    sleep(PAUSE).await;
    let closed = counter.count();
    record(&company, &env, 1).await;
    sleep(PAUSE).await;
    assert_eq!(counter.count(), closed);
    let mut stream = env.open_stream(&company.agent, Some(EventId(0))).await;
    record(&company, &env, 1).await;
    assert_eq!(next_ids(&mut stream, 2).await, [1, 2]);
}

async fn a_stream_that_opens_while_the_last_one_closes_misses_no_event(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut last = env.open_stream(&company.agent, None).await;
    for turn in 1..=30 {
        let (next, closed) = tokio::join!(env.open_stream(&company.agent, None), async { drop(last) });
        let () = closed;
        last = next;
        record(&company, &env, 1).await;
        assert_eq!(next_id(&mut last).await, turn);
    }
}

async fn a_stream_that_begins_in_the_past_gets_every_event_once_and_in_order(env: TestEnv) {
    let company = env.company("samarkand").await;
    for _ in 0..5 {
        record(&company, &env, 90).await;
    }
    let counter = StatementCounter::default();
    let mut stream = env.open_stream(&company.agent, Some(EventId(10))).await;
    sleep(PAUSE).await;
    assert_eq!(counter.watch(next_ids(&mut stream, 440)).await, (11..=450).collect::<Vec<_>>());
    assert_eq!(counter.count(), 6, "three batches, each with a look at the token");

    // Others begin while events are recorded.
    let (writer, now) = (company.clone(), env.clock.now());
    let writing = tokio::spawn(concurrently(4, move |_| {
        let company = writer.clone();
        async move {
            for _ in 0..25 {
                let mut tx = company.begin().await;
                tx.record(client_updated(), None, now);
                tx.commit().await.unwrap();
            }
        }
    }));
    let mut others = Vec::new();
    for after in [400, 449, 450] {
        let mut stream = env.open_stream(&company.manager, Some(EventId(after))).await;
        let count = usize::try_from(550 - after).unwrap();
        others.push(tokio::spawn(async move { (after, next_ids(&mut stream, count).await) }));
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(next_ids(&mut stream, 100).await, (451..=550).collect::<Vec<_>>());
    for other in others {
        let (after, ids) = other.await.unwrap();
        assert_eq!(ids, (after + 1..=550).collect::<Vec<_>>());
    }
    writing.await.unwrap();
    assert!(is_silent(&mut stream).await);
}

async fn a_stream_that_is_not_read_delays_no_other_and_misses_no_event(env: TestEnv) {
    const EVENTS: i64 = 150;
    let company = env.company("samarkand").await;
    let mut slow = env.open_stream(&company.agent, None).await;
    let mut quick = env.open_stream(&company.manager, None).await;
    for id in 1..=EVENTS {
        record(&company, &env, 1).await;
        assert_eq!(next_id(&mut quick).await, id);
    }
    // More than is kept for it, so it reads the table.
    let counter = StatementCounter::default();
    let ids = counter.watch(next_ids(&mut slow, 150)).await;
    assert_eq!(ids, (1..=EVENTS).collect::<Vec<_>>());
    assert_eq!(counter.count(), 2, "one batch");
    record(&company, &env, 1).await;
    assert_eq!((next_id(&mut slow).await, next_id(&mut quick).await), (EVENTS + 1, EVENTS + 1));
    assert!(is_silent(&mut slow).await);
}

async fn an_ended_session_closes_its_streams_at_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (token, mut stream) = session_with_stream(&env, &company).await;
    let (_, mut other) = session_with_stream(&env, &company).await;
    let agent = &company.agent;
    let mut second = env.services.events.open_stream(agent, token.expose_secret(), None).await.unwrap();
    assert!(is_silent(&mut stream).await && is_silent(&mut other).await);
    let before = newest(&company).await;
    env.services.identity.sign_out(agent, token.expose_secret()).await.unwrap();
    assert!(is_closed_at_once(&mut stream).await && is_closed_at_once(&mut second).await);
    assert_eq!(newest(&company).await.0, before.0 + 1, "only signing out is recorded");
    assert!(is_silent(&mut other).await);
    record(&company, &env, 1).await;
    assert_eq!(next_id(&mut other).await, before.0 + 2);
}

async fn a_changed_password_closes_the_streams_of_all_sessions_of_the_user(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (_, mut first) = session_with_stream(&env, &company).await;
    let (_, mut second) = session_with_stream(&env, &company).await;
    let mut program = env.open_stream(&company.agent, None).await;
    let (identity, tenants) = (&env.services.identity, &env.services.tenants);
    let new = SecretString::from("correct horse battery staple");
    identity.change_password(&company.agent, PASSWORD.into(), new.clone(), Device::default()).await.unwrap();
    assert!(is_closed_at_once(&mut first).await && is_closed_at_once(&mut second).await);
    assert!(is_closed_at_once(&mut program).await, "API tokens end with the password, too");

    let email = &company.agent.user.email;
    let SignIn::Session { token, .. } = identity.sign_in(attempt(email.as_str(), new)).await.unwrap() else {
        panic!("denied")
    };
    let open = env.services.events.open_stream(&company.agent, token.expose_secret(), None);
    let mut stream = open.await.unwrap();
    tenants.reset_password(company.id(), email, PASSWORD.into()).await.unwrap();
    assert!(is_closed_at_once(&mut stream).await, "also by the operator");
}

async fn an_ended_session_that_woke_nobody_closes_its_streams_at_the_next_check(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (_, mut stream) = session_with_stream(&env, &company).await;
    let mut program = env.open_stream(&company.manager, None).await;
    env.raw().await.run("DELETE FROM sessions").await.unwrap();
    assert_eq!(timeout(SOON, stream.next()).await.map(|update| update.is_none()), Ok(true));
    assert!(is_silent(&mut program).await);
}

async fn a_stream_is_not_opened_for_an_ended_session(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (token, stream) = session_with_stream(&env, &company).await;
    drop(stream);
    let (services, agent) = (&env.services, &company.agent);
    services.identity.sign_out(agent, token.expose_secret()).await.unwrap();
    assert!(services.events.open_stream(agent, token.expose_secret(), None).await.is_err());
    let (other, mut stream) = session_with_stream(&env, &company).await;
    env.advance_clock(chrono::TimeDelta::days(15));
    record(&company, &env, 1).await;
    assert!(is_closed_at_once(&mut stream).await, "an expired session receives nothing");
    assert!(services.events.open_stream(agent, other.expose_secret(), None).await.is_err());
    let stranger = env.company("bukhara").await;
    let mut stream = env.open_stream(&stranger.agent, Some(EventId(0))).await;
    assert!(events_until_silence(&mut stream).await.is_empty());
}

async fn a_session_that_another_instance_ended_closes_its_streams_at_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (relayed, stop) = (env.database.clone(), CancellationToken::new());
    let until = stop.clone();
    let relay = tokio::spawn(async move { relayed.relay_wake_ups(until).await });
    let database = Database::open(&env.url).await.unwrap();
    let other = env.services_with(|dependencies| dependencies.database = database.clone());
    let mut program = env.open_stream(&company.manager, None).await;
    // Listening begins some time after the call; from the first event of the other instance on, it is heard.
    loop {
        let mut tx = database.begin(company.id()).await.unwrap();
        tx.record(client_updated(), None, env.clock.now());
        tx.commit().await.unwrap();
        if !is_silent(&mut program).await {
            break;
        }
    }
    let (token, mut stream) = session_with_stream(&env, &company).await;
    other.identity.sign_out(&company.agent, token.expose_secret()).await.unwrap();
    assert!(is_closed_at_once(&mut stream).await);
    stop.cancel();
    timeout(SOON, relay).await.unwrap().unwrap();
    database.close().await;
}
