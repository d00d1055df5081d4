//! Tests of stored channels and of the de-duplication of webhooks.

use aloqa::{
    domain::{ChannelAddresses, ChannelId, ChannelProvider, ChannelSettings},
    persistence::NewChannel,
};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::{Company, TestEnv, concurrently};

on_both_engines![
    a_channel_is_read_as_stored,
    an_address_belongs_to_one_channel_of_all_tenants,
    addresses_are_replaced_and_given_up_with_the_channel,
    a_provider_account_may_serve_several_tenants,
    a_webhook_is_deduplicated_by_channel_and_key,
    one_of_twenty_concurrent_duplicates_is_the_first,
];

fn channel(account: &str, sms_number: Option<&str>) -> NewChannel {
    NewChannel {
        id: ChannelId(Uuid::new_v4()),
        provider: ChannelProvider::named("twilio"),
        account: account.into(),
        secret: vec![0, 159, 255],
        addresses: sms_number.into_iter().map(|number| ("sms_number", number)).collect(),
        settings: ChannelSettings::new(),
        webhook: None,
        is_proven: true,
    }
}

async fn create(company: &Company, env: &TestEnv, new: &NewChannel) -> bool {
    let mut tx = company.begin().await;
    let taken = tx.channels_mut().create(new, env.clock.now()).await.unwrap();
    if taken.is_none() {
        tx.commit().await.unwrap();
    }
    taken.is_none()
}

async fn a_channel_is_read_as_stored(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut new = channel("AC1", Some("+998712000001"));
    new.addresses.set("whatsapp_number", Some("+998712000002".into()));
    new.settings.insert("username".into(), "samarkand_bot".into());
    assert!(create(&company, &env, &new).await);
    env.advance_clock(TimeDelta::seconds(1));
    let second = channel("AC2", None);
    assert!(create(&company, &env, &second).await);
    let mut tx = company.read().await;
    let stored = tx.channels().get(new.id).await.unwrap().unwrap();
    assert_eq!(stored.secret, [0, 159, 255]);
    let stored = stored.channel;
    assert_eq!((stored.id, stored.tenant, stored.account.as_str()), (new.id, company.id(), "AC1"));
    assert_eq!((stored.addresses, stored.settings), (new.addresses, new.settings));
    assert_eq!(
        tx.channels().get(second.id).await.unwrap().unwrap().channel.addresses,
        ChannelAddresses::default()
    );
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

async fn addresses_are_replaced_and_given_up_with_the_channel(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let (first, second) = (channel("AC1", Some("+998712000001")), channel("AC1", Some("+998712000002")));
    assert!(create(&samarkand, &env, &first).await && create(&bukhara, &env, &second).await);
    let numbers = |sms: &str, whatsapp: &str| -> ChannelAddresses {
        [("sms_number", sms), ("whatsapp_number", whatsapp)].into_iter().collect()
    };
    let mut tx = samarkand.begin().await;
    let taken = tx.channels_mut().set_addresses(first.id, &numbers("+998712000002", "+998712000003")).await;
    assert_eq!(taken.unwrap().as_deref(), Some("sms_number"), "another tenant has it");
    drop(tx);
    let mut tx = samarkand.begin().await;
    let changed = numbers("+998712000001", "+998712000002");
    assert_eq!(tx.channels_mut().set_addresses(first.id, &changed).await.unwrap(), None);
    tx.commit().await.unwrap();
    let stored = samarkand.read().await.channels().get(first.id).await.unwrap().unwrap();
    assert_eq!(stored.channel.addresses, changed);

    let mut tx = bukhara.begin().await;
    assert!(tx.channels_mut().remove(second.id, env.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
    assert!(create(&samarkand, &env, &channel("AC1", Some("+998712000002"))).await, "it is free again");
}

async fn a_provider_account_may_serve_several_tenants(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    create(&samarkand, &env, &channel("AC1", Some("+998712000001"))).await;
    env.advance_clock(TimeDelta::seconds(1));
    create(&bukhara, &env, &channel("AC1", Some("+998712000002"))).await;
    create(&bukhara, &env, &channel("AC2", Some("+998712000003"))).await;
    let mut cross_tenant = env.database.read_cross_tenant().await.unwrap();
    let twilio = ChannelProvider::named("twilio");
    let found = cross_tenant.channels_of_account(&twilio, "AC1").await.unwrap();
    let tenants: Vec<_> = found.into_iter().map(|c| c.sealed.channel.tenant).collect();
    assert_eq!(tenants, [samarkand.id(), bukhara.id()]);
    let gateway = ChannelProvider::named("gateway");
    for (provider, account) in [(&twilio, "AC9"), (&gateway, "AC1")] {
        assert!(cross_tenant.channels_of_account(provider, account).await.unwrap().is_empty());
    }
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
