//! Tests of channels: which channel a webhook authenticates as, rejection of forged webhooks, and encryption of
//! secrets.

use aloqa::{
    domain::ChannelProvider,
    error::AppError,
    providers::{
        twilio::signature,
        webhook::{SignedWebhook, WebhookProof},
    },
    services::{ChannelContext, SecretKey, Vault},
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::support::{
    TestEnv,
    providers::twilio::{TwilioAccount, account, auth_token},
    world::PUBLIC_URL,
};

on_both_engines![
    secrets_are_stored_encrypted,
    a_signed_webhook_authenticates_its_channel,
    a_forged_webhook_is_rejected,
    the_address_distinguishes_tenants_that_share_a_twilio_account,
    an_address_is_connected_once,
    a_secret_is_not_decrypted_with_another_key,
];

const PATH: &str = "/crm/webhooks/twilio?x=1";

fn form() -> Vec<(String, String)> {
    [("Body", "Salom"), ("From", "+998901234567")].map(|(name, value)| (name.into(), value.into())).into()
}

/// The account and the addresses by which a webhook names its channel.
#[derive(Clone, Copy)]
struct Named<'a> {
    account: &'a str,
    address: &'a str,
    messaging_service: Option<&'a str>,
}

fn named<'a>(account: &'a str, address: &'a str) -> Named<'a> {
    Named { account, address, messaging_service: None }
}

/// The channel that a webhook signed with this token authenticates as.
async fn authenticate(env: &TestEnv, named: Named<'_>, token: &SecretString) -> Option<ChannelContext> {
    let params = form();
    let signature = signature::sign(token, &format!("{PUBLIC_URL}{PATH}"), &params);
    authenticated(env, named, &signature, PATH, &params).await
}

/// The channel that a webhook with this signature authenticates as.
async fn authenticated(
    env: &TestEnv,
    named: Named<'_>,
    signature: &str,
    path_and_query: &str,
    params: &[(String, String)],
) -> Option<ChannelContext> {
    let addresses = [Some(named.address), named.messaging_service];
    let (signature, params) = (signature.to_owned(), params.to_vec());
    let url = format!("{PUBLIC_URL}{path_and_query}");
    let proof = WebhookProof::Signature(SignedWebhook {
        account: named.account.to_owned(),
        addresses: addresses.into_iter().flatten().map(str::to_owned).collect(),
        verify: Box::new(move |token| signature::verify(token, &signature, &url, &params)),
    });
    env.services.channels.authenticate(&ChannelProvider::named("twilio"), &proof).await.unwrap()
}

async fn secrets_are_stored_encrypted(env: TestEnv) {
    let company = env.company("samarkand").await;
    let new = account(1);
    env.connect_account(&company, new.clone()).await;
    assert!(!env.contains_plaintext(auth_token(1).expose_secret()).await);
    assert!(env.contains_plaintext(&new.account_sid).await, "the search would find it");
    let opened = env.services.channels.list_with_secrets(company.id()).await.unwrap();
    assert_eq!(opened[0].1.expose_secret(), auth_token(1).expose_secret());
    assert!(!format!("{opened:?}").contains(auth_token(1).expose_secret()), "nor in what is printed of it");
}

async fn a_signed_webhook_authenticates_its_channel(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect_account(&company, account(1)).await.channel;
    for address in ["sms_number", "whatsapp_number"].map(|kind| channel.address(kind).unwrap()) {
        let context = authenticate(&env, named(&channel.account, address), &auth_token(1)).await.unwrap();
        assert_eq!((context.tenant.id, context.channel.id), (company.id(), channel.id));
    }
}

async fn a_forged_webhook_is_rejected(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect_account(&company, account(1)).await.channel;
    let other = env.company("bukhara").await;
    env.connect_account(&other, account(2)).await;
    let (sid, number) = (channel.account.as_str(), channel.address("sms_number").unwrap());
    assert!(authenticate(&env, named(sid, number), &auth_token(2)).await.is_none(), "another's token");
    assert!(authenticate(&env, named("AC999", number), &auth_token(1)).await.is_none(), "an account unknown");
    assert!(authenticate(&env, named("", ""), &auth_token(1)).await.is_none());

    let params = form();
    let right = signature::sign(&auth_token(1), &format!("{PUBLIC_URL}{PATH}"), &params);
    let mut changed = params.clone();
    changed[0].1 = "Send money".into();
    for (signature, path_and_query, params) in [
        ("", PATH, &params),
        ("AAAA", PATH, &params),
        (&right[1..], PATH, &params),
        (&right, "/crm/webhooks/twilio", &params),
        (&right, "/crm/webhooks/twilio?x=2", &params),
        (&right, PATH, &changed),
    ] {
        let got = authenticated(&env, named(sid, number), signature, path_and_query, params).await;
        assert!(got.is_none(), "{signature} {path_and_query} {params:?}");
    }
}

async fn the_address_distinguishes_tenants_that_share_a_twilio_account(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let first = account(1);
    let second =
        TwilioAccount { account_sid: first.account_sid.clone(), auth_token: auth_token(1), ..account(2) };
    let pool = TwilioAccount {
        sms_number: None,
        whatsapp_number: None,
        messaging_service_sid: Some("MG1".into()),
        ..first.clone()
    };
    let by_number = env.connect_account(&samarkand, first.clone()).await;
    let other = env.connect_account(&bukhara, second).await;
    let by_pool = env.connect_account(&bukhara, pool).await;
    let token = auth_token(1);
    for context in [&by_number, &other] {
        let number = context.channel.address("sms_number").unwrap();
        let found = authenticate(&env, named(&first.account_sid, number), &token).await.unwrap();
        assert_eq!((found.tenant.id, found.channel.id), (context.tenant.id, context.channel.id));
    }
    // A number of a Messaging Service's pool that nobody has entered.
    let by_service = Named { messaging_service: Some("MG1"), ..named(&first.account_sid, "+15005550006") };
    assert_eq!(authenticate(&env, by_service, &token).await.unwrap().channel.id, by_pool.channel.id);
    let nobody = named(&first.account_sid, "+15005550006");
    assert!(
        authenticate(&env, nobody, &token).await.is_none(),
        "nobody's number, and more than one to guess from"
    );
}

async fn an_address_is_connected_once(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    env.connect_account(&samarkand, account(1)).await;
    for company in [&samarkand, &bukhara] {
        let taken = env.add_account(company, &account(1)).await.unwrap_err();
        assert!(matches!(taken, AppError::Conflict(_)), "{taken:?}");
    }
    assert_eq!(env.raw().await.count("channels").await, 1);
}

async fn a_secret_is_not_decrypted_with_another_key(env: TestEnv) {
    let company = env.company("samarkand").await;
    let other = env.company("bukhara").await;
    let own = env.connect_account(&company, account(1)).await.channel.id;
    let elsewhere = env.connect_account(&other, account(2)).await.channel.id;
    let key = SecretKey::from_base64("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    let wrong = env.services_with(|dependencies| dependencies.vault = Vault::new(&key));
    assert!(wrong.channels.list_with_secrets(company.id()).await.is_err());

    // A secret is bound to its channel: copied to the row of another channel, it can't be decrypted.
    let id = |id: &aloqa::domain::ChannelId| match env.engine {
        crate::support::Engine::Sqlite => format!("X'{}'", id.0.simple()),
        crate::support::Engine::Postgres => format!("'{id}'"),
    };
    let copy = format!(
        "UPDATE channels SET secret = (SELECT secret FROM channels WHERE id = {}) WHERE id = {}",
        id(&own),
        id(&elsewhere)
    );
    assert_eq!(env.raw().await.run(&copy).await.unwrap(), 1);
    assert!(env.services.channels.list_with_secrets(other.id()).await.is_err());
    assert!(env.services.channels.list_with_secrets(company.id()).await.is_ok());
}
