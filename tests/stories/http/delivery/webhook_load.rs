//! Load tests of webhooks: a thousand of them concurrently, out of order, each more than once.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use aloqa::{
    domain::{ChatId, MessageText},
    services::OutgoingMessage,
    simulator::Behaviour,
};
use futures_util::{StreamExt as _, stream};
use rand::seq::SliceRandom as _;

use crate::support::{
    TestEnv,
    database::raw::Raw,
    providers::{
        telegram::Account,
        webhook::{INBOUND, STATUS, sms_form, status_form, whatsapp_form},
    },
};

on_both_engines! {
    a_thousand_concurrent_twilio_webhooks_are_processed_once,
    a_thousand_concurrent_telegram_updates_are_processed_once,
}

/// Number of concurrent webhooks.
const TOGETHER: usize = 64;
const CLIENTS: usize = 25;
const USERNAMES: [&str; CLIENTS] = [
    "anora", "bekzod", "charos", "dilshod", "elyor", "farida", "gulsum", "husan", "iroda", "jasur", "kamola",
    "laylo", "malika", "nodira", "oysha", "parviz", "qodir", "ravshan", "sevara", "timur", "umida", "vohid",
    "xurshid", "yulduz", "zilola",
];

/// Posts all webhooks as a provider does: in any order, many at once, and again after a 5xx response.
async fn post_concurrently<P: Send + Sync + 'static, F: Future<Output = u16> + Send>(
    mut posts: Vec<P>,
    post: impl Fn(Arc<P>) -> F,
) {
    posts.shuffle(&mut rand::rng());
    assert_eq!(posts.len(), 1_000);
    let mut left: Vec<_> = posts.into_iter().map(Arc::new).collect();
    for _ in 0..5 {
        let answers = stream::iter(left.drain(..)).map(|one| {
            let answer = post(one.clone());
            async move { (one, answer.await) }
        });
        let answers: Vec<_> = answers.buffer_unordered(TOGETHER).collect().await;
        for (one, status) in answers {
            match status {
                200 | 204 => {}
                500.. => left.push(one),
                other => panic!("it was answered {other}"),
            }
        }
    }
    assert!(left.is_empty(), "{} are still refused", left.len());
}

async fn a_thousand_concurrent_twilio_webhooks_are_processed_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let by = env.connect(&company).await;
    let twilio = env.anonymous_visitor();

    // Messages that were sent before, and of which nothing is reported yet.
    for number in 0..CLIENTS {
        let phone = format!("+9989011100{number:02}");
        twilio.receive_sms(&by, &format!("SMfirst{number}"), &phone, "Salom").await;
    }
    let program = env.api_client(&company.agent).await;
    let chats = program.get("/crm/chats?limit=100").json().await.is(200).value();
    for chat in chats["items"].as_array().unwrap() {
        for text in ["one", "two"] {
            env.simulator.next(Behaviour::AcceptSilently);
            let outgoing =
                OutgoingMessage { text: MessageText::parse(text).unwrap(), ..OutgoingMessage::default() };
            let id = ChatId(chat["id"].as_i64().unwrap());
            env.services.chats.send(&company.agent, id, outgoing).await.unwrap();
        }
    }
    while env.services.delivery.drain().await.unwrap() > 0 {}
    let sids: Vec<_> = env.simulator.requests().into_iter().map(|request| request.message_sid).collect();
    assert_eq!(sids.len(), 2 * CLIENTS);

    let mut posts = Vec::new();
    // Each message twice, by SMS and by WhatsApp, also from people who have never written.
    for number in 0..200 {
        let phone = format!("+9989011{:05}", if number % 2 == 0 { number % CLIENTS } else { number });
        let sid = format!("SM{number:032}");
        let text = format!("message {number}");
        let form = if number % 4 < 2 {
            sms_form(&by, &sid, &phone, &text)
        } else {
            whatsapp_form(&by, &sid, &phone, &text, "Aziza")
        };
        posts.extend([(INBOUND, form.clone()), (INBOUND, form)]);
    }
    // Each report three times; every fifth message is never read.
    for (number, sid) in sids.iter().enumerate() {
        for status in ["queued", "sent", "delivered", if number % 5 == 0 { "delivered" } else { "read" }] {
            let form = status_form(&by, sid, status);
            posts.extend([(STATUS, form.clone()), (STATUS, form.clone()), (STATUS, form)]);
        }
    }
    post_concurrently(posts, |post| {
        let (twilio, by) = (twilio.clone(), by.clone());
        async move { twilio.post_twilio_webhook(&by, post.0, &post.1).await.status.as_u16() }
    })
    .await;

    let mut raw = env.raw().await;
    let inbound = "SELECT COUNT(*) FROM messages WHERE direction = 'inbound'";
    assert_eq!(raw.number(inbound).await, 200 + i64::try_from(CLIENTS).unwrap());
    let distinct = "SELECT COUNT(DISTINCT provider_id) FROM messages WHERE direction = 'inbound'";
    assert_eq!(raw.number(distinct).await, 200 + i64::try_from(CLIENTS).unwrap());
    for (status, count) in [("read", 40), ("delivered", 10), ("sent", 0), ("queued", 0), ("failed", 0)] {
        let sql =
            format!("SELECT COUNT(*) FROM messages WHERE direction = 'outbound' AND status = '{status}'");
        assert_eq!(raw.number(&sql).await, count, "{status}");
    }
    let people: HashSet<_> = (0..200).map(|n| if n % 2 == 0 { n % CLIENTS } else { n }).collect();
    // The messages sent first have other ids.
    let expected = i64::try_from(people.len() + CLIENTS).unwrap();
    for table in ["clients", "chats"] {
        assert_eq!(raw.count(table).await, expected, "{table}");
    }
    let unread = "SELECT CAST(SUM(unread_count) AS BIGINT) FROM chats";
    assert_eq!(raw.number(unread).await, 200 + i64::try_from(CLIENTS).unwrap());
    assert_last_messages_are_right(&mut raw).await;
}

async fn a_thousand_concurrent_telegram_updates_are_processed_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect_bot(&company).await;
    let secret = env.secret_of(&company);
    let telegram = env.anonymous_visitor();
    let account = |number: usize| Account {
        id: 5_100_000_001 + i64::try_from(number % CLIENTS).unwrap(),
        first: "Nodira",
        username: USERNAMES[number % CLIENTS],
    };
    let mut posts = Vec::new();
    for number in 0..400_i64 {
        let by = account(usize::try_from(number).unwrap());
        let said = by.text_update(number + 1, &format!("message {number}"));
        posts.extend([said.clone(), said]);
        // Some messages were edited twice, by separate updates that may arrive before the message.
        if number % 4 == 0 {
            let change = |turn: i64| {
                by.edit_update(
                    10_000 + 2 * number + turn,
                    number + 1,
                    1_772_442_100 + turn,
                    &format!("change {turn}"),
                )
            };
            posts.extend([change(0), change(1)]);
        }
    }
    post_concurrently(posts, |post| {
        let (telegram, secret) = (telegram.clone(), secret.clone());
        async move { telegram.updates(&secret, &post).await.status.as_u16() }
    })
    .await;

    let mut raw = env.raw().await;
    assert_eq!(raw.count("messages").await, 400);
    assert_eq!(raw.number("SELECT COUNT(DISTINCT provider_id) FROM messages").await, 400);
    for table in ["clients", "chats"] {
        assert_eq!(raw.count(table).await, i64::try_from(CLIENTS).unwrap(), "{table}");
    }
    let texts = raw.rows("SELECT text FROM messages").await;
    let mut counts = HashMap::<String, usize>::new();
    for text in texts.into_iter().flatten().flatten() {
        let kind = if text.starts_with("message") { "unchanged".to_owned() } else { text };
        *counts.entry(kind).or_default() += 1;
    }
    let expected = HashMap::from([("unchanged".to_owned(), 300), ("change 1".to_owned(), 100)]);
    assert_eq!(counts, expected, "the last change holds, whenever it came");
    assert_eq!(raw.number("SELECT CAST(SUM(unread_count) AS BIGINT) FROM chats").await, 400);
    // The updates came in any order, and the last message is the one that was written last.
    let wrong = "SELECT COUNT(*) FROM chats c
                 JOIN messages l ON l.tenant_id = c.tenant_id AND l.id = c.last_message_id
                 JOIN members b ON b.tenant_id = l.tenant_id AND b.id = l.member_id
                 WHERE EXISTS (SELECT 1 FROM messages m
                     WHERE m.tenant_id = c.tenant_id AND m.chat_id = c.id
                         AND CAST(REPLACE(m.provider_id, b.address || '.', '') AS BIGINT) >
                             CAST(REPLACE(l.provider_id, b.address || '.', '') AS BIGINT))";
    assert_eq!(raw.number(wrong).await, 0);
}

/// Every chat's last message is its newest.
async fn assert_last_messages_are_right(raw: &mut Raw) {
    let wrong = "SELECT COUNT(*) FROM chats c WHERE c.last_message_id <> \
                 (SELECT MAX(m.id) FROM messages m WHERE m.tenant_id = c.tenant_id AND m.chat_id = c.id)";
    assert_eq!(raw.number(wrong).await, 0);
}
