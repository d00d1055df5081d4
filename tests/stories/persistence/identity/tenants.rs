//! Tests of tenants, read through the cross-tenant access.

use aloqa::{
    domain::{Country, Locale, NewTenant, TenantId, TimeZone},
    error::AppError,
};

use crate::support::TestEnv;

on_both_engines![
    a_tenant_is_found_by_its_id_and_its_slug,
    a_slug_is_unique,
    unknown_locale_time_zone_and_country_fall_back_to_defaults,
];

async fn a_tenant_is_found_by_its_id_and_its_slug(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let found = cross_tenant.tenant_by_slug("samarkand").await.unwrap().unwrap();
    assert_eq!((found.id, found.name.as_str(), found.locale), (samarkand.id(), "samarkand LLC", Locale::En));
    assert_eq!((found.time_zone.name(), found.country), ("Asia/Tashkent", Country::UZ));
    assert_eq!(cross_tenant.tenant(bukhara.id()).await.unwrap().slug.as_str(), "bukhara");
    assert!(cross_tenant.tenant_by_slug("khiva").await.unwrap().is_none());
    assert!(matches!(cross_tenant.tenant(TenantId(99)).await, Err(AppError::NotFound)));
    let all: Vec<_> = cross_tenant.tenants().await.unwrap().into_iter().map(|t| t.id).collect();
    assert_eq!(all, [bukhara.id(), samarkand.id()], "by slug");
}

async fn a_slug_is_unique(env: TestEnv) {
    env.company("samarkand").await;
    let again = NewTenant {
        slug: "samarkand".parse().unwrap(),
        name: "Another".into(),
        locale: Locale::Ru,
        time_zone: TimeZone::UTC,
        country: Country::UZ,
    };
    let mut cross_tenant = env.database.begin_cross_tenant().await.unwrap();
    assert!(cross_tenant.create_tenant(&again, env.clock.now()).await.unwrap().is_none());
    assert_eq!(cross_tenant.tenants().await.unwrap()[0].name, "samarkand LLC");
}

async fn unknown_locale_time_zone_and_country_fall_back_to_defaults(env: TestEnv) {
    env.company("samarkand").await;
    let mut raw = env.raw().await;
    raw.run("UPDATE tenants SET locale = 'tlh', time_zone = 'Mars/Olympus', country = '??'").await.unwrap();
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let tenant = cross_tenant.tenant_by_slug("samarkand").await.unwrap().unwrap();
    assert_eq!((tenant.locale, tenant.time_zone, tenant.country), (Locale::En, TimeZone::UTC, Country::UZ));
}
