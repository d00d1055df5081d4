//! Stories of workspaces, seen through the operator's door.

use aloqa::{
    domain::{Country, Locale, NewTenant, TenantId, TimeZone},
    error::AppError,
};

use crate::support::World;

on_both_engines![
    a_workspace_is_found_by_its_id_and_its_slug,
    a_slug_is_one_workspace,
    customs_that_are_not_known_fall_back,
];

async fn a_workspace_is_found_by_its_id_and_its_slug(world: World) {
    let (samarkand, bukhara) = world.two_companies().await;
    let mut operator = world.database.read_as_operator().await.unwrap();
    let found = operator.directory().tenant_by_slug("samarkand").await.unwrap().unwrap();
    assert_eq!((found.id, found.name.as_str(), found.locale), (samarkand.id(), "samarkand LLC", Locale::En));
    assert_eq!((found.time_zone.name(), found.country), ("Asia/Tashkent", Country::UZ));
    assert_eq!(operator.directory().tenant(bukhara.id()).await.unwrap().slug.as_str(), "bukhara");
    assert!(operator.directory().tenant_by_slug("khiva").await.unwrap().is_none());
    assert!(matches!(operator.directory().tenant(TenantId(99)).await, Err(AppError::NotFound)));
    let all: Vec<_> = operator.directory().tenants().await.unwrap().into_iter().map(|t| t.id).collect();
    assert_eq!(all, [bukhara.id(), samarkand.id()], "by slug");
}

async fn a_slug_is_one_workspace(world: World) {
    world.company("samarkand").await;
    let again = NewTenant {
        slug: "samarkand".parse().unwrap(),
        name: "Another".into(),
        locale: Locale::Ru,
        time_zone: TimeZone::UTC,
        country: Country::UZ,
    };
    let mut operator = world.database.begin_as_operator().await.unwrap();
    assert!(operator.directory().create_tenant(&again, world.clock.now()).await.unwrap().is_none());
    assert_eq!(operator.directory().tenants().await.unwrap()[0].name, "samarkand LLC");
}

async fn customs_that_are_not_known_fall_back(world: World) {
    world.company("samarkand").await;
    let mut raw = world.raw().await;
    raw.run("UPDATE tenants SET locale = 'tlh', time_zone = 'Mars/Olympus', country = '??'").await.unwrap();
    let mut operator = world.database.read_as_operator().await.unwrap();
    let tenant = operator.directory().tenant_by_slug("samarkand").await.unwrap().unwrap();
    assert_eq!((tenant.locale, tenant.time_zone, tenant.country), (Locale::En, TimeZone::UTC, Country::UZ));
}
