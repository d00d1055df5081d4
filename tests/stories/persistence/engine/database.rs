//! Stories of transactions, of opening and of migrating.

use aloqa::{
    domain::{ChannelId, Client, TenantId},
    persistence::{ClientFilter, ClientSort, Database, PageRequest, Tx, Wall},
};

use crate::support::{
    Engine, World, at_once,
    database::{Filled, Place},
};

on_both_engines![
    what_is_not_committed_never_was,
    a_reader_sees_one_moment,
    a_reader_cannot_write,
    a_reader_does_not_wait_for_a_writer,
    migrating_twice_changes_nothing,
    two_who_migrate_at_once_agree,
    the_database_answers_and_knows_its_wall,
    what_is_opened_again_is_all_there,
];

async fn clients(tx: &mut Tx) -> i64 {
    let request = PageRequest { page: 1, limit: 1 };
    tx.clients().page(&ClientFilter::default(), ClientSort::Name, request).await.unwrap().total
}

async fn what_is_not_committed_never_was(world: World) {
    let company = world.company("samarkand").await;
    let new = Client::builder("Aziza").build().unwrap();
    let mut tx = company.begin().await;
    tx.clients().create(&new, world.clock.now()).await.unwrap();
    assert_eq!(clients(&mut tx).await, 1, "the transaction itself sees it");
    drop(tx);
    assert_eq!(clients(&mut company.begin().await).await, 0);
}

async fn a_reader_sees_one_moment(world: World) {
    let company = world.company("samarkand").await;
    let mut reader = company.read().await;
    assert_eq!(clients(&mut reader).await, 0);
    company.client(&world, "Aziza", "+998901234567").await;
    assert_eq!(clients(&mut reader).await, 0, "a page is made of one moment, whatever happens meanwhile");
    drop(reader);
    assert_eq!(clients(&mut company.read().await).await, 1);
}

async fn a_reader_cannot_write(world: World) {
    let company = world.company("samarkand").await;
    let new = Client::builder("Aziza").build().unwrap();
    let mut reader = company.read().await;
    assert!(reader.clients().create(&new, world.clock.now()).await.is_err());
    drop(reader);
    let mut operator = world.database.read_as_operator().await.unwrap();
    let (of, now) = ((company.id(), ChannelId(uuid::Uuid::nil())), world.clock.now());
    assert!(operator.directory().claim_deliveries(of, now, now, 1).await.is_err());
    drop(operator);
    assert_eq!(clients(&mut company.read().await).await, 0);
}

async fn a_reader_does_not_wait_for_a_writer(world: World) {
    let company = world.company("samarkand").await;
    let new = Client::builder("Aziza").build().unwrap();
    let mut writer = company.begin().await;
    writer.clients().create(&new, world.clock.now()).await.unwrap();
    assert_eq!(clients(&mut company.read().await).await, 0);
    writer.commit().await.unwrap();
    assert_eq!(clients(&mut company.read().await).await, 1);
}

async fn migrating_twice_changes_nothing(world: World) {
    let company = world.company("samarkand").await;
    company.client(&world, "Aziza", "+998901234567").await;
    world.database.migrate().await.unwrap();
    assert_eq!(clients(&mut company.read().await).await, 1);
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count();
    assert_eq!(world.raw().await.count("_sqlx_migrations").await, i64::try_from(files).unwrap());
}

async fn two_who_migrate_at_once_agree(world: World) {
    for _ in 0..3 {
        let place = Place::new(world.engine, Filled::Empty).await;
        let url = place.url();
        let opened = at_once(4, |_| {
            let url = url.clone();
            async move {
                let database = Database::open(&url).await.map_err(|error| format!("opening: {error:?}"))?;
                database.migrate().await.map_err(|error| format!("migrating: {error:?}"))?;
                Ok::<_, String>(database)
            }
        });
        for database in opened.await {
            let database = database.unwrap();
            assert!(
                database.read_as_operator().await.unwrap().directory().tenants().await.unwrap().is_empty()
            );
            database.close().await;
        }
        place.leave();
    }
}

async fn the_database_answers_and_knows_its_wall(world: World) {
    world.database.ping().await.unwrap();
    let (name, wall) = match world.engine {
        Engine::Sqlite => ("sqlite", Wall::NoneNeeded),
        Engine::Postgres => ("postgres", Wall::Stands),
    };
    assert_eq!((world.database.engine_name(), world.database.wall().await.unwrap()), (name, wall));
    assert!(Database::open("mysql://localhost/aloqa").await.is_err());
}

async fn what_is_opened_again_is_all_there(world: World) {
    let company = world.company("samarkand").await;
    company.client(&world, "Aziza", "+998901234567").await;
    world.database.close().await;
    assert!(world.database.ping().await.is_err());
    let again = Database::open(&world.url).await.unwrap();
    assert_eq!(clients(&mut again.read(company.id()).await.unwrap()).await, 1);
    assert_eq!(clients(&mut again.read(TenantId(99)).await.unwrap()).await, 0, "nobody's workspace is empty");
    again.close().await;
}
