//! Tests of Twilio's webhooks, genuine and forged.

use aloqa::{error::AppError, providers::twilio::signature, services::ChannelContext, simulator::Behaviour};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv, concurrently,
    database::raw::Raw,
    http::{Visitor, public},
    providers::{
        twilio::{TwilioAccount, account, auth_token},
        webhook::{Form, INBOUND, STATUS, set, sms_form, status_form, token_of, whatsapp_form},
    },
};

on_both_engines! {
    webhooks_signed_by_the_official_package_are_accepted,
    an_altered_webhook_leaves_no_trace,
    unverified_webhooks_are_rejected_alike,
    the_address_determines_the_channel_of_an_account,
    a_pool_number_belongs_to_its_messaging_service,
    a_webhook_belongs_to_the_channel_whose_secret_verifies_it,
    an_account_of_another_tenant_is_connected_only_with_a_proven_token,
    the_only_channel_of_an_account_receives_for_unknown_numbers,
    twenty_concurrent_copies_of_a_message_are_stored_once,
    twenty_concurrent_messages_of_an_unknown_number_create_one_chat,
    an_unknown_number_creates_a_client_with_a_chat,
    a_known_client_is_found_by_phone_and_by_contact,
    all_media_are_stored,
    a_whatsapp_message_sets_the_name_of_a_new_client,
    any_text_is_stored_unchanged,
    an_empty_message_is_stored,
    senders_without_a_phone_number_become_clients,
    invalid_parameters_cause_no_internal_error,
    one_phone_is_a_separate_client_in_each_tenant,
    a_status_only_moves_forward,
    a_report_about_an_unknown_message_has_no_effect,
    a_report_before_the_send_response_is_applied,
    a_report_before_the_provider_id_is_stored_finds_its_message,
    a_report_of_another_channel_has_no_effect,
    an_unavailable_database_makes_twilio_retry,
}

const AZIZA: &str = "+998901234567";
const TWIML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

/// A tenant with its own Twilio account, and an API client of its administrator.
async fn connected(env: &TestEnv) -> (Company, ChannelContext, Visitor) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    (company, channel, program)
}

/// Tables to which a webhook can add rows.
const TRACES: [&str; 9] = [
    "clients",
    "contacts",
    "chats",
    "members",
    "messages",
    "attachments",
    "deliveries",
    "inbound_receipts",
    "events",
];

/// All rows of the tables that a webhook can change.
async fn all_rows(raw: &mut Raw) -> Vec<String> {
    let mut all = Vec::new();
    for table in TRACES {
        all.extend(raw.dump(table, "1 = 1").await);
    }
    all
}

/// The messages of the only chat.
async fn messages(visitor: &Visitor) -> Vec<Value> {
    let chats = visitor.get("/crm/chats").json().await.is(200).value();
    assert_eq!(chats["total"], 1, "{chats}");
    let path = format!("/crm/chats/{}", chats["items"][0]["id"]);
    visitor.get(path).json().await.is(200).value()["messages"].as_array().unwrap().clone()
}

async fn webhooks_signed_by_the_official_package_are_accepted(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = TwilioAccount {
        account_sid: "AC00000000000000000000000000000001".into(),
        auth_token: "12345".into(),
        messaging_service_sid: None,
        ..account(0)
    };
    env.connect_account(&company, channel).await;
    let twilio = env.anonymous_visitor();
    let cases: Vec<Value> =
        serde_json::from_str(include_str!("../../../fixtures/twilio/signatures.json")).unwrap();
    let ours = cases.iter().filter(|case| {
        let names = |name| case["params"].as_array().unwrap().iter().any(|pair| pair[0] == name);
        case["token"] == "12345" && case["url"] == public(INBOUND) && names("AccountSid")
    });
    let (mut taken, mut refused) = (0, 0);
    for case in ours {
        let params: Form = serde_json::from_value(case["params"].clone()).unwrap();
        let signature = case["signature"].as_str().unwrap();
        let answer = twilio.post(INBOUND).form(params).header("x-twilio-signature", signature).send().await;
        if case["accepted"] == true {
            taken += 1;
            let answer = answer.is(200);
            assert_eq!(answer.text(), TWIML);
            assert!(answer.header("content-type").unwrap().starts_with("text/xml"));
        } else {
            refused += 1;
            answer.is(403);
        }
    }
    assert!(taken >= 2 && refused >= 5, "{taken} {refused}");
    let program = env.api_client(&company.agent).await;
    assert_eq!(messages(&program).await.len(), 1, "all of them have the same SID");
}

async fn an_altered_webhook_leaves_no_trace(env: TestEnv) {
    let (_, channel, twilio) = connected(&env).await;
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;
    let good = sms_form(&channel, "SM1", AZIZA, "Salom");
    let token = token_of(&channel);
    let signature = signature::sign(&token, &public(INBOUND), &good);
    for (index, (name, value)) in good.iter().enumerate() {
        let mut changed = good.clone();
        changed[index].1 = format!("{value}!");
        let answer = twilio.post(INBOUND).form(changed).header("x-twilio-signature", &signature).json().await;
        answer.problem(403);
        let mut renamed = good.clone();
        renamed[index].0 = format!("{name}2");
        twilio.post(INBOUND).form(renamed).header("x-twilio-signature", &signature).json().await.problem(403);
    }
    let mut longer = good.clone();
    longer.push(("Extra".into(), String::new()));
    twilio.post(INBOUND).form(longer).header("x-twilio-signature", &signature).json().await.problem(403);
    let elsewhere = format!("{INBOUND}?a=1");
    twilio
        .post(elsewhere)
        .form(good.clone())
        .header("x-twilio-signature", &signature)
        .json()
        .await
        .problem(403);
    twilio.post(STATUS).form(good.clone()).header("x-twilio-signature", &signature).json().await.problem(403);
    assert_eq!(all_rows(&mut raw).await, before);

    twilio.post(INBOUND).form(good).header("x-twilio-signature", &signature).json().await.is(200);
    assert_ne!(all_rows(&mut raw).await, before, "it was only ever the change");
}

async fn unverified_webhooks_are_rejected_alike(env: TestEnv) {
    let (_, channel, twilio) = connected(&env).await;
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;
    for (path, good) in
        [(INBOUND, sms_form(&channel, "SM1", AZIZA, "Salom")), (STATUS, status_form(&channel, "SM1", "sent"))]
    {
        let mut stranger = good.clone();
        set(&mut stranger, "AccountSid", "AC99999999999999999999999999999999");
        let mut answers = vec![
            twilio.post(path).form(good.clone()).send().await,
            twilio.post(path).form(good.clone()).header("x-twilio-signature", "").send().await,
            twilio.post(path).form(good.clone()).header("x-twilio-signature", b"\xff\xfe").send().await,
            twilio.post(path).form(good.clone()).header("x-twilio-signature", "a".repeat(5_000)).send().await,
            twilio.signed(&"another token".into(), path, &good).send().await,
            twilio.signed(&"".into(), path, &good).send().await,
            twilio.signed(&token_of(&channel), path, &stranger).send().await,
        ];
        for missing in ["AccountSid", "MessageSid"] {
            let mut less = good.clone();
            less.retain(|(name, _)| name != missing && !name.starts_with("Sms"));
            answers.push(twilio.signed(&token_of(&channel), path, &less).send().await);
        }
        for answer in &answers {
            assert_eq!(answer.status, 403, "{answer:?}");
            assert_eq!(answer.text_of("h1"), answers[0].text_of("h1"), "nothing tells a forger what it was");
        }
    }
    assert_eq!(all_rows(&mut raw).await, before);
}

async fn the_address_determines_the_channel_of_an_account(env: TestEnv) {
    let company = env.company("samarkand").await;
    let second =
        TwilioAccount { account_sid: account(1).account_sid, auth_token: auth_token(1), ..account(2) };
    let one = env.connect_account(&company, account(1)).await;
    let two = env.connect_account(&company, second).await;
    let program = env.api_client(&company.agent).await;

    let mut to_nobody = sms_form(&one, "SM1", AZIZA, "Salom");
    set(&mut to_nobody, "To", "+998712009999");
    program.signed(&auth_token(1), INBOUND, &to_nobody).send().await.is(403);
    for (channel, sid) in [(&two, "SM2"), (&one, "SM3")] {
        let form = sms_form(channel, sid, AZIZA, "Salom");
        program.signed(&auth_token(2), INBOUND, &form).send().await.is(403);
        program.signed(&auth_token(1), INBOUND, &form).send().await.is(200);
        let stored = company.read().await.messages().by_provider_id(channel.channel.id, sid).await.unwrap();
        assert!(stored.is_some(), "{sid}");
    }
    assert_eq!(messages(&program).await.len(), 2);
}

async fn a_pool_number_belongs_to_its_messaging_service(env: TestEnv) {
    let company = env.company("samarkand").await;
    let service = "MG00000000000000000000000000000001";
    let pool = TwilioAccount {
        account_sid: account(1).account_sid,
        auth_token: auth_token(1),
        messaging_service_sid: Some(service.into()),
        ..account(2)
    };
    env.connect_account(&company, account(1)).await;
    let pool = env.connect_account(&company, pool).await;
    let program = env.api_client(&company.agent).await;
    let mut form = sms_form(&pool, "SM1", AZIZA, "Salom");
    set(&mut form, "To", "+15005550006");
    let token = auth_token(1);
    program.signed(&token, INBOUND, &form).send().await.is(403);
    set(&mut form, "MessagingServiceSid", "");
    program.signed(&token, INBOUND, &form).send().await.is(403);
    set(&mut form, "MessagingServiceSid", service);
    program.signed(&token, INBOUND, &form).send().await.is(200);
    assert_eq!(messages(&program).await.len(), 1);
}

async fn a_webhook_belongs_to_the_channel_whose_secret_verifies_it(env: TestEnv) {
    let (owner, thief) = env.two_companies().await;
    // The thief knows the account's id and a number of its pool, and makes up the token.
    let pool = "+15005550006";
    let claim = TwilioAccount {
        account_sid: account(1).account_sid,
        auth_token: auth_token(9),
        sms_number: Some(pool.into()),
        whatsapp_number: None,
        messaging_service_sid: None,
    };
    let claimed = env.add_account(&thief, &claim).await.unwrap();
    let channel = env.connect_account(&owner, account(1)).await;
    let (program, stranger) = (env.api_client(&owner.agent).await, env.api_client(&thief.agent).await);
    let own = channel.channel.address("sms_number").unwrap().to_owned();
    for (number, to) in [pool, own.as_str(), "+15005550007"].into_iter().enumerate() {
        let mut form = sms_form(&channel, &format!("SM{number}"), AZIZA, "Salom");
        set(&mut form, "To", to);
        program.signed(&auth_token(7), INBOUND, &form).send().await.is(403);
        program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
        assert_eq!(messages(&program).await.len(), number + 1, "{to}");
    }
    assert_eq!(stranger.get("/crm/chats").json().await.value()["total"], 0);
    // What the thief signs is the thief's own, whatever it names.
    let form = sms_form(&channel, "SM9", AZIZA, "Salom");
    program.signed(&auth_token(9), INBOUND, &form).send().await.is(200);
    assert_eq!(messages(&program).await.len(), 3);
    assert!(thief.read().await.messages().by_provider_id(claimed, "SM9").await.unwrap().is_some());
    let channels =
        env.api_client(&thief.administrator).await.get("/crm/settings/channels").json().await.value();
    assert_eq!(channels["items"][0]["state"], "unproven", "one's own webhook proves nothing");

    // The owner connects the pool's number with credentials that Twilio confirms: the claim gives way.
    let administrator = env.api_client(&owner.administrator).await;
    let body = json!({
        "provider": "twilio",
        "account_sid": channel.channel.account,
        "auth_token": auth_token(1).expose_secret(),
        "sms_number": pool,
    });
    administrator.post("/crm/settings/channels").json_body(body).json().await.is(201);
    let channels = administrator.get("/crm/settings/channels").json().await.value();
    let mut items = channels["items"].as_array().unwrap().iter();
    let pooled = items.find(|channel| channel["sms_number"] == pool).expect("the number has moved");
    assert_eq!(pooled["state"], "working");
    let left = env.services.channels.list_with_secrets(thief.id()).await.unwrap().remove(0).0;
    assert_eq!(left.address("sms_number"), None);
    assert!(!env.services.channels.is_proven(thief.id(), claimed).await.unwrap());
}

async fn an_account_of_another_tenant_is_connected_only_with_a_proven_token(env: TestEnv) {
    let (owner, other) = env.two_companies().await;
    let channel = env.connect_account(&owner, account(1)).await;
    let administrator = env.api_client(&other.administrator).await;
    let shared = |token| TwilioAccount {
        account_sid: account(1).account_sid,
        auth_token: auth_token(token),
        ..account(2)
    };
    let refused = env.add_account(&other, &shared(9)).await.unwrap_err();
    assert!(matches!(refused, AppError::Invalid(_)), "the command asks, too: {refused:?}");
    let path = format!("/2010-04-01/Accounts/{}.json", channel.channel.account);
    env.simulator.answer(&path, 503, "");
    let unclear = env.add_account(&other, &shared(1)).await.unwrap_err();
    assert!(matches!(unclear, AppError::Invalid(_)), "{unclear:?}");
    let body = json!({
        "account_sid": channel.channel.account, "auth_token": "made-up", "sms_number": "+15005550006",
    });
    let unclear = administrator.post("/crm/settings/channels").json_body(body).json().await;
    assert_eq!(unclear.invalid_fields(), ["auth_token"]);
    env.simulator.answer(&path, 200, "{}");
    env.add_account(&other, &shared(1)).await.unwrap();
    let program = env.api_client(&owner.agent).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    assert_eq!(messages(&program).await.len(), 1, "both work");
}

async fn the_only_channel_of_an_account_receives_for_unknown_numbers(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    let mut form = sms_form(&channel, "SM1", AZIZA, "Salom");
    set(&mut form, "To", "+15005550006");
    program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    assert_eq!(messages(&program).await.len(), 1);
}

async fn twenty_concurrent_copies_of_a_message_are_stored_once(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    let form = sms_form(&channel, "SM1", AZIZA, "Salom");
    let answers = concurrently(20, |_| {
        let request = program.signed(&token_of(&channel), INBOUND, &form);
        async { request.send().await }
    });
    for answer in answers.await {
        assert_eq!(answer.is(200).text(), TWIML);
    }
    let chats = program.get("/crm/chats").json().await.value();
    assert_eq!(chats["items"][0]["unread_count"], 1);
    assert_eq!(messages(&program).await.len(), 1);
    let mut raw = env.raw().await;
    for table in ["clients", "contacts", "chats", "members", "messages", "inbound_receipts"] {
        assert_eq!(raw.count(table).await, 1, "{table}");
    }
    assert_eq!(raw.number("SELECT COUNT(*) FROM events WHERE kind = 'MessageReceived'").await, 1);
}

async fn twenty_concurrent_messages_of_an_unknown_number_create_one_chat(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    let answers = concurrently(20, |number| {
        let form = sms_form(&channel, &format!("SM{number}"), AZIZA, &format!("{number}"));
        let request = program.signed(&token_of(&channel), INBOUND, &form);
        async { request.send().await.status.as_u16() }
    });
    assert_eq!(answers.await, [200; 20]);
    let messages = messages(&program).await;
    assert_eq!(messages.len(), 20);
    let mut said: Vec<i64> =
        messages.iter().map(|m| m["message"].as_str().unwrap().parse().unwrap()).collect();
    said.sort_unstable();
    assert_eq!(said, (0..20).collect::<Vec<_>>());
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 1);
    assert_eq!(program.get("/crm/chats").json().await.value()["items"][0]["unread_count"], 20);
}

async fn an_unknown_number_creates_a_client_with_a_chat(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let clients = program.get("/crm/clients").json().await.value();
    let client = &clients["items"][0];
    assert_eq!((&client["phone"], &client["full_name"]), (&json!(AZIZA), &json!("+998 90 123 45 67")));
    assert_eq!(client["contacts"][0]["type"], "phone");
    assert_eq!(client["contacts"][0]["value"], AZIZA);
    let chats = program.get("/crm/chats").json().await.value();
    let chat = program.get(format!("/crm/chats/{}", chats["items"][0]["id"])).json().await.value();
    assert_eq!(chat["client"]["id"], client["id"]);
    let [member] = chat["members"].as_array().unwrap().as_slice() else { panic!("{chat}") };
    assert_eq!(member["transport"], "sms");
    assert_eq!(
        member["sender"],
        json!({ "type": "client", "id": client["id"], "name": "+998 90 123 45 67" })
    );
    assert_eq!(chat["messages"][0]["sender_id"], member["id"]);
    program.receive_sms(&channel, "SM2", AZIZA, "Bormisiz?").await;
    let chat = program.get(format!("/crm/chats/{}", chats["items"][0]["id"])).json().await.value();
    assert_eq!(chat["members"].as_array().unwrap().len(), 1, "a member is reused");
}

async fn a_known_client_is_found_by_phone_and_by_contact(env: TestEnv) {
    let (company, channel, program) = connected(&env).await;
    let aziza = company.client(&env, "Aziza", AZIZA).await;
    let body = json!({ "type": "phone", "value": "93 555 01 27" });
    program.post(format!("/crm/clients/{aziza}/contacts")).json_body(body).json().await.is(201);
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    program.receive_sms(&channel, "SM2", "+998935550127", "Bu mening ikkinchi raqamim").await;
    program
        .post_twilio_webhook(&channel, INBOUND, &whatsapp_form(&channel, "SM3", AZIZA, "Salom", "Aziza K."))
        .await
        .is(200);
    let all = messages(&program).await;
    assert_eq!(
        all.iter().map(|m| m["transport"].as_str().unwrap()).collect::<Vec<_>>(),
        ["sms", "sms", "whatsapp"]
    );
    assert!(all.iter().all(|m| m["sender"]["name"] == "Aziza"), "its name stays what staff called it");
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 1);
}

async fn all_media_are_stored(env: TestEnv) {
    let (company, channel, program) = connected(&env).await;
    let mut form = sms_form(&channel, "MM1", AZIZA, "");
    set(&mut form, "NumMedia", "10");
    for number in 0..10 {
        let kind = if number % 2 == 0 { "image/jpeg" } else { "application/pdf" };
        set(&mut form, &format!("MediaUrl{number}"), &format!("https://api.twilio.com/Media/ME{number}"));
        set(&mut form, &format!("MediaContentType{number}"), kind);
    }
    program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    let message = messages(&program).await.remove(0);
    assert_eq!(message["message"], "");
    let files = message["attachments"].as_array().unwrap();
    assert_eq!(files.len(), 10);
    assert_eq!(files[1]["content_type"], "application/pdf");
    let mut raw = env.raw().await;
    let urls = raw.rows("SELECT source_url FROM attachments ORDER BY id").await;
    let expected: Vec<_> =
        (0..10).map(|n| vec![Some(format!("https://api.twilio.com/Media/ME{n}"))]).collect();
    assert_eq!(urls, expected);
    let page = env.sign_in(&company.agent).await.get("/crm/chats").html().await;
    assert_eq!(page.texts("#chat-list .preview").len(), 1);
    assert!(
        !page.texts("#chat-list .preview")[0].is_empty(),
        "a picture without words has words in the list"
    );
}

async fn a_whatsapp_message_sets_the_name_of_a_new_client(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    let form = whatsapp_form(&channel, "SM1", AZIZA, "Салом", "Азиза Каримова");
    program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    let client = program.get("/crm/clients").json().await.value()["items"][0].clone();
    assert_eq!((&client["full_name"], &client["phone"]), (&json!("Азиза Каримова"), &json!(AZIZA)));
    assert_eq!(client["contacts"][0]["type"], "whatsapp");
    let message = messages(&program).await.remove(0);
    assert_eq!((&message["transport"], &message["message"]), (&json!("whatsapp"), &json!("Салом")));
    let mut raw = env.raw().await;
    let data = raw.rows("SELECT CAST(data AS TEXT) FROM members").await.concat().remove(0).unwrap();
    assert!(data.contains("998901234567") && data.contains("Азиза"), "{data}");
}

async fn any_text_is_stored_unchanged(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    let texts = [
        "👋🏽 Ассалому алайкум! O‘zbekiston — 你好",
        "a+b=c & 100% <b>bold</b> \"quoted\" {{client.first_name}}",
        "two\nlines\n\nand a third",
        "e\u{301} is é in two parts, \u{202e}sdrawkcab",
        &"ў".repeat(10_000),
    ];
    for (number, text) in texts.iter().enumerate() {
        program.receive_sms(&channel, &format!("SM{number}"), AZIZA, text).await;
    }
    let messages = messages(&program).await;
    assert_eq!(messages.iter().map(|m| m["message"].as_str().unwrap()).collect::<Vec<_>>(), texts);
}

async fn an_empty_message_is_stored(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    for (number, body) in ["", "  \n ", "\0", "\u{1}\u{2}"].iter().enumerate() {
        program.receive_sms(&channel, &format!("SM{number}"), AZIZA, body).await;
    }
    let messages = messages(&program).await;
    assert_eq!(messages.len(), 4);
    for message in messages {
        assert_ne!(message["message"], "", "text and files are never both empty");
    }
}

async fn senders_without_a_phone_number_become_clients(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    let senders = [
        "7077",
        "BANK",
        "+99890",
        "whatsapp:US.1234567890abcdef",
        "whatsapp:+998901234567",
        "+0",
        "client@x",
    ];
    for (number, from) in senders.iter().enumerate() {
        program.receive_sms(&channel, &format!("SM{number}"), from, "Salom").await;
    }
    let chats = program.get("/crm/chats").json().await.value();
    assert_eq!(chats["total"], senders.len());
    program.get("/crm/clients").json().await.is(200);
}

async fn invalid_parameters_cause_no_internal_error(env: TestEnv) {
    let (_, channel, program) = connected(&env).await;
    let token = token_of(&channel);
    // The text is long and hard to compress, as for an index.
    let mut state = 1_u64;
    let mut digit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_digit(u32::try_from(state >> 60).unwrap(), 16).unwrap()
    };
    let long: String = (0..70_000).map(|_| digit()).collect();
    let odd = ["", " ", "\0", "\u{feff}", "null", "-1", "+", "whatsapp:", "'; DROP TABLE clients; --", &long];
    for (path, good) in
        [(INBOUND, sms_form(&channel, "SM1", AZIZA, "Salom")), (STATUS, status_form(&channel, "SM1", "sent"))]
    {
        for (name, _) in good.clone() {
            for value in odd {
                let mut form = good.clone();
                set(&mut form, &name, value);
                let answer = program.signed(&token, path, &form).send().await;
                assert!(answer.status.as_u16() < 500, "{name}={value:.20}: {answer:?}");
            }
        }
        for (kind, body) in [
            ("application/json", "{}"),
            ("application/json", "{"),
            ("text/plain", "hello"),
            ("application/x-www-form-urlencoded", "%zz=%&&&===\u{0}"),
            ("multipart/form-data", "no limit"),
            ("multipart/form-data; boundary=x", "--x\r\nbroken"),
            ("\u{7f}", ""),
        ] {
            let request = program.post(path).header("x-twilio-signature", "AAAA");
            let answer = if kind == "\u{7f}" { request } else { request.raw(kind, body) }.send().await;
            assert!((400..500).contains(&answer.status.as_u16()), "{kind} {body}: {answer:?}");
        }
        program.get(path).json().await.problem(405);
    }
}

async fn one_phone_is_a_separate_client_in_each_tenant(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    let (our_channel, their_channel) = (env.connect(&ours).await, env.connect(&theirs).await);
    let us = env.api_client(&ours.agent).await;
    let them = env.api_client(&theirs.agent).await;
    us.receive_sms(&our_channel, "SM1", AZIZA, "to Samarkand").await;
    us.receive_sms(&their_channel, "SM1", AZIZA, "to Bukhara").await;
    let said = |messages: Vec<Value>| messages.iter().map(|m| m["message"].clone()).collect::<Vec<_>>();
    assert_eq!(said(messages(&us).await), ["to Samarkand"]);
    assert_eq!(said(messages(&them).await), ["to Bukhara"]);
    let mixed = sms_form(&their_channel, "SM2", AZIZA, "whose?");
    us.signed(&token_of(&our_channel), INBOUND, &mixed).send().await.is(403);
}

/// Sends a reply that the provider accepts without reporting; returns the chat's path and Twilio's id of the message.
async fn send_reply(env: &TestEnv, channel: &ChannelContext, agent: &Visitor) -> (String, String) {
    agent.receive_sms(channel, "SM1", AZIZA, "Salom").await;
    let chats = agent.get("/crm/chats").json().await.value();
    let chat = format!("/crm/chats/{}", chats["items"][0]["id"]);
    let body = json!({ "message": "Alik", "transport": "sms" });
    agent.post(format!("{chat}/messages")).json_body(body).json().await.is(201);
    env.simulator.next(Behaviour::AcceptSilently);
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
    let request = env.simulator.requests().pop().unwrap();
    (chat, request.message_sid)
}

async fn last(agent: &Visitor, chat: &str) -> Value {
    agent.get(chat).json().await.value()["messages"].as_array().unwrap().last().unwrap().clone()
}

async fn a_status_only_moves_forward(env: TestEnv) {
    let (_, channel, agent) = connected(&env).await;
    let (chat, sid) = send_reply(&env, &channel, &agent).await;
    for (report, status) in [
        ("queued", "sent"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("undelivered", "delivered"),
        ("read", "read"),
        ("failed", "read"),
        ("delivered", "read"),
        ("teleported", "read"),
    ] {
        let answer =
            agent.post_twilio_webhook(&channel, STATUS, &status_form(&channel, &sid, report)).await.is(204);
        assert!(answer.body.is_empty());
        assert_eq!(last(&agent, &chat).await["status"], status, "after {report}");
    }
    let message = last(&agent, &chat).await;
    assert_eq!((&message["error_code"], &message["error_message"]), (&Value::Null, &Value::Null));
}

async fn a_report_about_an_unknown_message_has_no_effect(env: TestEnv) {
    let (_, channel, agent) = connected(&env).await;
    send_reply(&env, &channel, &agent).await;
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;
    for sid in ["SM99999999999999999999999999999999", "SM1", ""] {
        for query in [
            "",
            "?message=",
            "?message=1",
            "?message=99999999999999999999.0",
            "?message=0.0",
            "?message=.&x=%ff",
        ] {
            let form = status_form(&channel, sid, "delivered");
            let answer = agent.post_twilio_webhook(&channel, &format!("{STATUS}{query}"), &form).await;
            assert_eq!(answer.status, if sid.is_empty() { 403 } else { 204 }, "{query} {answer:?}");
        }
    }
    assert_eq!(all_rows(&mut raw).await, before);
}

async fn a_report_before_the_send_response_is_applied(env: TestEnv) {
    let (_, channel, agent) = connected(&env).await;
    env.serve_on_callback_address();
    agent.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let chats = agent.get("/crm/chats").json().await.value();
    let chat = format!("/crm/chats/{}", chats["items"][0]["id"]);
    agent.post(format!("{chat}/messages")).json_body(json!({ "message": "Alik" })).json().await.is(201);
    env.simulator.next(Behaviour::CallbackBeforeAnswer);
    env.services.delivery.drain().await.unwrap();
    assert_eq!(last(&agent, &chat).await["status"], "delivered", "the answer after it changes nothing");
}

async fn a_report_before_the_provider_id_is_stored_finds_its_message(env: TestEnv) {
    let (_, channel, agent) = connected(&env).await;
    agent.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let chats = agent.get("/crm/chats").json().await.value();
    let chat = format!("/crm/chats/{}", chats["items"][0]["id"]);
    let body = json!({ "message": "Alik" });
    let message = agent.post(format!("{chat}/messages")).json_body(body).json().await.is(201).value();
    let path = format!("{STATUS}?message={}.0", message["id"]);
    agent.post_twilio_webhook(&channel, &path, &status_form(&channel, "SM77", "sent")).await.is(204);
    assert_eq!(last(&agent, &chat).await["status"], "sent");
    agent.post_twilio_webhook(&channel, STATUS, &status_form(&channel, "SM77", "delivered")).await.is(204);
    assert_eq!(last(&agent, &chat).await["status"], "delivered", "it knows its name now");
    agent.post_twilio_webhook(&channel, &path, &status_form(&channel, "SM78", "read")).await.is(204);
    assert_eq!(last(&agent, &chat).await["status"], "delivered", "and no other");
}

async fn a_report_of_another_channel_has_no_effect(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    let (our_channel, their_channel) = (env.connect(&ours).await, env.connect(&theirs).await);
    let agent = env.api_client(&ours.agent).await;
    let (chat, sid) = send_reply(&env, &our_channel, &agent).await;
    let message = last(&agent, &chat).await;
    for path in [STATUS.to_owned(), format!("{STATUS}?message={}.0", message["id"])] {
        agent
            .post_twilio_webhook(&their_channel, &path, &status_form(&their_channel, &sid, "failed"))
            .await
            .is(204);
    }
    assert_eq!(last(&agent, &chat).await, message);
}

async fn an_unavailable_database_makes_twilio_retry(env: TestEnv) {
    let (_, channel, twilio) = connected(&env).await;
    env.database.close().await;
    let answer =
        twilio.post_twilio_webhook(&channel, INBOUND, &sms_form(&channel, "SM1", AZIZA, "Salom")).await;
    assert!(answer.is(503).header("retry-after").is_some());
    let answer = twilio.post_twilio_webhook(&channel, STATUS, &status_form(&channel, "SM1", "sent")).await;
    answer.is(503);
}
