//! Tests of the background workers: their statements while nothing is due, and their metrics.

use std::time::Duration;

use aloqa::{
    persistence::WorkKind,
    presentation::notification_text,
    services::{Services, WorkerMetrics},
};
use serde_json::json;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::support::{TestEnv, database::statements::StatementCounter, world::until};

on_both_engines! {
    an_idle_server_polls_at_most_twice_a_second,
    all_workers_run_together_and_count_their_jobs,
}

async fn an_idle_server_polls_at_most_twice_a_second(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (channel, program) = (env.connect(&company).await, env.api_client(&company.administrator).await);
    program.receive_sms(&channel, "SM1", "+998901234567", "Salom").await;
    env.services.merges.sweep().await.unwrap();
    let (counter, stop) = (StatementCounter::default(), CancellationToken::new());
    let watching = async {
        // The periodic tasks run at the start, and rarely afterwards.
        sleep(Duration::from_millis(900)).await;
        let before = counter.count();
        sleep(Duration::from_secs(3)).await;
        let idle = counter.count() - before;
        assert!((1..=6).contains(&idle), "{idle} statements in three seconds");

        program.receive_sms(&channel, "SM2", "+998901234567", "Yana salom").await;
        let before = counter.count();
        sleep(Duration::from_secs(2)).await;
        let woken = counter.count() - before;
        assert!((1..=4).contains(&woken), "{woken} statements in the two seconds after a webhook");
        stop.cancel();
    };
    let workers = env.services.workers(notification_text).run(stop.clone());
    tokio::join!(counter.watch(workers), watching);
}

fn metrics(services: &Services, kind: WorkKind) -> WorkerMetrics {
    let all = services.worker_metrics();
    all.into_iter().find(|(of, _)| *of == kind).map(|(_, metrics)| metrics).unwrap()
}

async fn all_workers_run_together_and_count_their_jobs(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let stop = CancellationToken::new();
    let workers = tokio::spawn(env.services.workers(notification_text).run(stop.clone()));
    program.post("/crm/clients").json_body(json!({ "first_name": "Aziza" })).json().await.is(201);
    until(async || metrics(&env.services, WorkKind::Duplicates).succeeded > 0).await;
    let done = metrics(&env.services, WorkKind::Duplicates);
    assert_eq!((done.failed, done.expired), (0, 0));
    assert!(done.leased >= done.succeeded);
    assert_eq!(metrics(&env.services, WorkKind::Delivery), WorkerMetrics::default(), "nothing was sent");
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), workers).await.unwrap().unwrap();
}
