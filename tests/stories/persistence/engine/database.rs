//! Tests of transactions, of opening a database and of migrations.

use aloqa::{
    domain::{ChannelId, Client, DeliveryPriority, TenantId, Transport},
    error::AppError,
    persistence::{ClientFilter, ClientSort, Database, PageRequest, RowLevelSecurity, Snapshot},
};

use crate::support::{
    Engine, TestEnv, concurrently,
    database::{SchemaState, TestDatabase},
};

on_both_engines![
    an_uncommitted_change_is_invisible,
    a_read_transaction_sees_one_state,
    a_reader_cannot_write,
    a_reader_does_not_wait_for_a_writer,
    migrating_twice_changes_nothing,
    concurrent_migrations_succeed,
    the_database_is_ready_and_enforces_row_level_security,
    a_reopened_database_keeps_its_rows,
];

on_postgres![lost_connections_are_replaced];

async fn count_clients(tx: &mut Snapshot) -> i64 {
    let request = PageRequest { page: 1, limit: 1 };
    tx.clients().page(&ClientFilter::default(), ClientSort::Name, request).await.unwrap().total
}

async fn an_uncommitted_change_is_invisible(env: TestEnv) {
    let company = env.company("samarkand").await;
    let new = Client::builder("Aziza").build().unwrap();
    let mut tx = company.begin().await;
    tx.clients_mut().create(&new, env.clock.now()).await.unwrap();
    assert_eq!(count_clients(&mut tx).await, 1, "the transaction itself sees it");
    drop(tx);
    assert_eq!(count_clients(&mut *company.begin().await).await, 0);
}

async fn a_read_transaction_sees_one_state(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut reader = company.read().await;
    assert_eq!(count_clients(&mut reader).await, 0);
    company.client(&env, "Aziza", "+998901234567").await;
    assert_eq!(
        count_clients(&mut reader).await,
        0,
        "a page is made of one moment, whatever happens meanwhile"
    );
    drop(reader);
    assert_eq!(count_clients(&mut company.read().await).await, 1);
}

async fn a_reader_cannot_write(env: TestEnv) {
    let company = env.company("samarkand").await;
    // A tenant's snapshot has no method that writes: see `snapshot`.
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let (of, now) = ((company.id(), ChannelId(uuid::Uuid::nil()), Transport::Sms), env.clock.now());
    let leased = cross_tenant.lease_deliveries(of, DeliveryPriority::Bulk, now, now, 1).await;
    assert!(leased.is_err());
    drop(cross_tenant);
    assert_eq!(count_clients(&mut company.read().await).await, 0);
}

async fn a_reader_does_not_wait_for_a_writer(env: TestEnv) {
    let company = env.company("samarkand").await;
    let new = Client::builder("Aziza").build().unwrap();
    let mut writer = company.begin().await;
    writer.clients_mut().create(&new, env.clock.now()).await.unwrap();
    assert_eq!(count_clients(&mut company.read().await).await, 0);
    writer.commit().await.unwrap();
    assert_eq!(count_clients(&mut company.read().await).await, 1);
}

async fn migrating_twice_changes_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    company.client(&env, "Aziza", "+998901234567").await;
    env.database.migrate().await.unwrap();
    assert_eq!(count_clients(&mut company.read().await).await, 1);
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count();
    assert_eq!(env.raw().await.count("_sqlx_migrations").await, i64::try_from(files).unwrap());
}

async fn concurrent_migrations_succeed(env: TestEnv) {
    for _ in 0..3 {
        let place = TestDatabase::new(env.engine, SchemaState::Empty).await;
        let url = place.url();
        let opened = concurrently(4, |_| {
            let url = url.clone();
            async move {
                let database = Database::open(&url).await.map_err(|error| format!("opening: {error:?}"))?;
                database.migrate().await.map_err(|error| format!("migrating: {error:?}"))?;
                Ok::<_, String>(database)
            }
        });
        for database in opened.await {
            let database = database.unwrap();
            assert!(database.read_cross_tenant().await.unwrap().tenants().await.unwrap().is_empty());
            database.close().await;
        }
        place.remove();
    }
}

async fn the_database_is_ready_and_enforces_row_level_security(env: TestEnv) {
    env.database.ping().await.unwrap();
    let (name, wall) = match env.engine {
        Engine::Sqlite => ("sqlite", RowLevelSecurity::NotSupported),
        Engine::Postgres => ("postgres", RowLevelSecurity::Enforced),
    };
    assert_eq!((env.database.engine_name(), env.database.row_level_security().await.unwrap()), (name, wall));
    assert!(Database::open("mysql://localhost/aloqa").await.is_err());
}

async fn a_reopened_database_keeps_its_rows(env: TestEnv) {
    let company = env.company("samarkand").await;
    company.client(&env, "Aziza", "+998901234567").await;
    env.database.close().await;
    assert!(env.database.ping().await.is_err());
    let again = Database::open(&env.url).await.unwrap();
    assert_eq!(count_clients(&mut again.read(company.id()).await.unwrap()).await, 1);
    assert_eq!(
        count_clients(&mut again.read(TenantId(99)).await.unwrap()).await,
        0,
        "nobody's workspace is empty"
    );
    again.close().await;
}

async fn lost_connections_are_replaced(env: TestEnv) {
    let company = env.company("samarkand").await;
    let database = &env.database;
    let works = async || {
        let tenants = database.read_cross_tenant().await?.tenants().await?;
        let snapshot = database.read(company.id()).await?;
        Ok::<_, AppError>((tenants.len(), snapshot.tenant()))
    };
    assert_eq!(works().await.unwrap(), (1, company.id()));
    // As a restart of the server does.
    env.raw()
        .await
        .rows(
            "SELECT CAST(pg_terminate_backend(pid) AS TEXT) FROM pg_stat_activity
             WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()",
        )
        .await;
    assert_eq!(works().await.unwrap(), (1, company.id()));
}
