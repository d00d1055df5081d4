//! Tests of stored channels and of the de-duplication of webhooks.

use aloqa::{
    domain::{ChannelId, ChannelProvider},
    persistence::NewChannel,
};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::{Company, TestEnv, concurrently};

on_both_engines![
    a_channel_is_read_as_stored,
    an_address_belongs_to_one_channel_of_all_tenants,
    a_provider_account_may_serve_several_tenants,
    a_webhook_is_deduplicated_by_channel_and_key,
    one_of_twenty_concurrent_duplicates_is_the_first,
];

fn channel(account_sid: &str, sms_number: Option<&str>) -> NewChannel {
    NewChannel {
        id: ChannelId(Uuid::new_v4()),
        provider: ChannelProvider::named("twilio"),
        account_sid: account_sid.into(),
        secret: vec![0, 159, 255],
        sms_number: sms_number.map(Into::into),
        whatsapp_number: None,
        messaging_service_sid: None,
        username: None,
        webhook: None,
    }
}

async fn create(company: &Company, env: &TestEnv, new: &NewChannel) -> bool {
    let mut tx = company.begin().await;
    let created = tx.channels_mut().create(new, env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    created
}

async fn a_channel_is_read_as_stored(env: TestEnv) {
    let company = env.company("samarkand").await;
    let new = NewChannel {
        whatsapp_number: Some("+998712000002".into()),
        messaging_service_sid: Some("MG1".into()),
        ..channel("AC1", Some("+998712000001"))
    };
    assert!(create(&company, &env, &new).await);
    env.advance_clock(TimeDelta::seconds(1));
    let second = channel("AC2", None);
    assert!(create(&company, &env, &second).await);
    let mut tx = company.read().await;
    let stored = tx.channels().get(new.id).await.unwrap().unwrap();
    assert_eq!(stored.secret, [0, 159, 255]);
    let stored = stored.channel;
    assert_eq!((stored.id, stored.tenant, stored.account_sid.as_str()), (new.id, company.id(), "AC1"));
    assert_eq!((stored.sms_number, stored.whatsapp_number), (new.sms_number, new.whatsapp_number));
    assert_eq!(stored.messaging_service_sid, new.messaging_service_sid);
    let all: Vec<_> = tx.channels().all().await.unwrap().into_iter().map(|c| c.channel.id).collect();
    assert_eq!(all, [new.id, second.id], "oldest first");
    assert!(tx.channels().get(ChannelId(Uuid::nil())).await.unwrap().is_none());
}

async fn an_address_belongs_to_one_channel_of_all_tenants(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    assert!(create(&samarkand, &env, &channel("AC1", Some("+998712000001"))).await);
    assert!(!create(&samarkand, &env, &channel("AC1", Some("+998712000001"))).await);
    assert!(
        !create(&bukhara, &env, &channel("AC1", Some("+998712000001"))).await,
        "a webhook names one tenant"
    );
    assert!(create(&bukhara, &env, &channel("AC1", Some("+998712000002"))).await);
    assert!(create(&bukhara, &env, &channel("AC2", Some("+998712000001"))).await, "another account's number");
    for sid in ["AC1", "AC1"] {
        assert!(
            create(&samarkand, &env, &channel(sid, None)).await,
            "what has no address is in nobody's way"
        );
    }
}

async fn a_provider_account_may_serve_several_tenants(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    create(&samarkand, &env, &channel("AC1", Some("+998712000001"))).await;
    env.advance_clock(TimeDelta::seconds(1));
    create(&bukhara, &env, &channel("AC1", Some("+998712000002"))).await;
    create(&bukhara, &env, &channel("AC2", Some("+998712000003"))).await;
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let found = cross_tenant.channels_of_account("AC1").await.unwrap();
    let tenants: Vec<_> = found.into_iter().map(|c| c.channel.tenant).collect();
    assert_eq!(tenants, [samarkand.id(), bukhara.id()]);
    assert!(cross_tenant.channels_of_account("AC9").await.unwrap().is_empty());
}

async fn a_webhook_is_deduplicated_by_channel_and_key(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (first, second) = (channel("AC1", None), channel("AC2", None));
    create(&company, &env, &first).await;
    create(&company, &env, &second).await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    assert!(tx.channels_mut().deduplicate(first.id, "SM1", now).await.unwrap());
    assert!(!tx.channels_mut().deduplicate(first.id, "SM1", now).await.unwrap());
    assert!(tx.channels_mut().deduplicate(first.id, "SM2", now).await.unwrap());
    assert!(tx.channels_mut().deduplicate(second.id, "SM1", now).await.unwrap());
    drop(tx);
    let mut tx = company.begin().await;
    assert!(
        tx.channels_mut().deduplicate(first.id, "SM1", now).await.unwrap(),
        "what was rolled back never came"
    );
}

async fn one_of_twenty_concurrent_duplicates_is_the_first(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (new, now) = (channel("AC1", None), env.clock.now());
    create(&company, &env, &new).await;
    let id = new.id;
    let firsts = concurrently(20, |_| {
        let company = company.clone();
        async move {
            let mut tx = company.begin().await;
            let first = tx.channels_mut().deduplicate(id, "SM1", now).await.unwrap();
            tx.commit().await.unwrap();
            first
        }
    });
    assert_eq!(firsts.await.into_iter().filter(|first| *first).count(), 1);
}
