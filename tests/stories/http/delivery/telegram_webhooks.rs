//! Tests of Telegram's webhooks, genuine and forged.

use aloqa::providers::telegram::SECRET_HEADER;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv, concurrently,
    database::raw::Raw,
    http::Visitor,
    providers::telegram::{DMITRY, NODIRA, WEBHOOK},
};

on_both_engines! {
    a_message_creates_a_client_for_its_sender,
    an_unverified_update_is_rejected,
    twenty_concurrent_copies_of_an_update_are_stored_once,
    twenty_concurrent_messages_of_a_new_sender_create_one_chat,
    irrelevant_updates_are_acknowledged_and_ignored,
    a_body_that_is_not_an_update_is_malformed,
    a_client_is_found_by_username_until_another_account_has_it,
    an_edit_keeps_the_former_text,
    edits_in_any_order_give_the_same_result,
    tenants_receive_their_own_messages,
    characters_that_no_engine_stores_are_left_out,
    any_text_is_stored_unchanged,
    files_are_fetched_without_revealing_the_token,
    an_album_is_shown_as_one_group,
    a_shared_own_number_is_offered_for_the_client,
    a_number_of_another_client_offers_a_merge,
    an_invite_link_assigns_the_telegram_account_to_its_client,
    an_invite_link_used_by_another_client_offers_a_merge,
    a_disabled_channel_receives_nothing_until_it_is_enabled,
    no_signed_update_causes_an_internal_error,
    an_unavailable_database_makes_telegram_retry,
    a_bot_is_switched_off_and_on_on_its_page,
    an_administrator_connects_a_bot_on_the_settings_page,
}

/// A tenant with a bot, an API client, and the secret of its updates.
async fn connected(env: &TestEnv) -> (Company, Visitor, String) {
    let company = env.company("samarkand").await;
    env.connect_bot(&company).await;
    let program = env.api_client(&company.administrator).await;
    let secret = env.secret_of(&company);
    (company, program, secret)
}

/// The messages of the only chat.
async fn messages(visitor: &Visitor) -> Vec<Value> {
    let chats = visitor.get("/crm/chats").json().await.is(200).value();
    assert_eq!(chats["total"], 1, "{chats}");
    let path = format!("/crm/chats/{}", chats["items"][0]["id"]);
    visitor.get(path).json().await.is(200).value()["messages"].as_array().unwrap().clone()
}

async fn all_rows(raw: &mut Raw) -> Vec<String> {
    let mut all = Vec::new();
    for table in raw.tables().await {
        // The time of the channel's last webhook is no trace of its content.
        if table != "channels" {
            all.extend(raw.dump(&table, "1 = 1").await);
        }
    }
    all
}

async fn a_message_creates_a_client_for_its_sender(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    let text: Value = serde_json::from_str(include_str!("../../../fixtures/telegram/text.json")).unwrap();
    program.post_telegram_update(&secret, &text).await;
    let clients = program.get("/crm/clients").json().await.is(200).value();
    let client = &clients["items"][0];
    assert_eq!((&client["first_name"], &client["last_name"]), (&"Азиза".into(), &"Каримова".into()));
    assert_eq!(client["phone"], Value::Null);
    let contacts: Vec<_> =
        client["contacts"].as_array().unwrap().iter().map(|c| (&c["type"], &c["value"])).collect();
    let telegram = &Value::from("telegram");
    assert_eq!(contacts, [(telegram, &"5123456789".into()), (telegram, &"aziza_k".into())]);
    let [message] = &messages(&program).await[..] else { panic!("one message") };
    assert_eq!(message["message"], "Assalomu alaykum! Narxi qancha?");
    assert_eq!((&message["transport"], &message["status"]), (telegram, &"received".into()));
    let data = env.raw().await.rows("SELECT data FROM members").await.remove(0).remove(0).unwrap();
    let data: Value = serde_json::from_str(&data).unwrap();
    assert_eq!((&data["chat_id"], &data["username"]), (&5_123_456_789_i64.into(), &"aziza_k".into()));
}

async fn an_unverified_update_is_rejected(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;
    let update = NODIRA.text_update(1, "Salom");
    let long = "a".repeat(5_000);
    for wrong in ["", "x", &secret[1..], &format!("{secret}x"), &secret.to_lowercase(), &long, "' OR 1=1 --"]
    {
        program.updates(wrong, &update).await.is(401);
    }
    let bytes = program.post(WEBHOOK).json_body(update.clone()).header(SECRET_HEADER, b"\xff\xfe");
    bytes.send().await.is(401);
    program.post(WEBHOOK).json_body(update.clone()).json().await.problem(401);
    program.post(WEBHOOK).json_body(update.clone()).html().await.is(401);
    // The content is not looked at before the sender is verified.
    program.post(WEBHOOK).raw("application/json", "{").send().await.is(401);
    let token = crate::support::providers::telegram::bot_token(&company);
    program.updates(&token, &update).await.is(401);
    assert_eq!(all_rows(&mut raw).await, before);
    program.post_telegram_update(&secret, &update).await;
    assert_ne!(all_rows(&mut raw).await, before, "it was only ever the secret");
}

async fn twenty_concurrent_copies_of_an_update_are_stored_once(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    let update = NODIRA.text_update(1, "Salom");
    concurrently(20, |_| {
        let (program, secret, update) = (program.clone(), secret.clone(), update.clone());
        async move { program.post_telegram_update(&secret, &update).await }
    })
    .await;
    assert_eq!(messages(&program).await.len(), 1);
    program.post_telegram_update(&secret, &update).await;
    assert_eq!(messages(&program).await.len(), 1);
}

async fn twenty_concurrent_messages_of_a_new_sender_create_one_chat(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    concurrently(20, |number| {
        let (program, secret) = (program.clone(), secret.clone());
        let update = NODIRA.text_update(i64::try_from(number).unwrap() + 1, "Salom");
        async move { program.post_telegram_update(&secret, &update).await }
    })
    .await;
    assert_eq!(messages(&program).await.len(), 20);
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 1);
}

async fn irrelevant_updates_are_acknowledged_and_ignored(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    let mut raw = env.raw().await;
    let before = all_rows(&mut raw).await;
    macro_rules! payload {
        ($($name:literal),*) => { [$(include_str!(concat!("../../../fixtures/telegram/", $name, ".json"))),*] };
    }
    for payload in payload!["group", "channel_post", "callback_query", "message_reaction", "pinned"] {
        let update: Value = serde_json::from_str(payload).unwrap();
        program.post_telegram_update(&secret, &update).await;
    }
    let bot = json!({ "update_id": 5, "message": { "message_id": 1, "date": 1, "text": "I am a bot",
        "from": { "id": 7, "is_bot": true, "first_name": "B" }, "chat": { "id": 7, "type": "private" } } });
    program.post_telegram_update(&secret, &bot).await;
    assert_eq!(all_rows(&mut raw).await, before);
}

async fn a_body_that_is_not_an_update_is_malformed(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    for body in ["", "{", "null", "[]", "{}", "\"x\"", "{\"update_id\":\"1\"}", "\u{0}"] {
        let request = program.post(WEBHOOK).raw("application/json", body).header(SECRET_HEADER, &secret);
        request.json().await.problem(400);
    }
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    program
        .post(WEBHOOK)
        .raw("application/json", deep)
        .header(SECRET_HEADER, &secret)
        .json()
        .await
        .problem(400);
    let large = format!("{{\"update_id\":1,\"x\":\"{}\"}}", "x".repeat(1_100_000));
    program
        .post(WEBHOOK)
        .raw("application/json", large)
        .header(SECRET_HEADER, &secret)
        .json()
        .await
        .problem(413);
}

async fn a_client_is_found_by_username_until_another_account_has_it(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let client = company.client(&env, "Nodira opa", "+998901234567").await;
    let contact = json!({ "type": "telegram", "value": "@Nodira_S" });
    program.post(format!("/crm/clients/{client}/contacts")).json_body(contact).json().await.is(201);
    program.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
    let chats = program.get("/crm/chats").json().await.value();
    assert_eq!((&chats["total"], &chats["items"][0]["client"]["id"]), (&1.into(), &client.0.into()));
    // The username is given up and taken by someone else.
    let heir = crate::support::providers::telegram::Account { username: "Nodira_S", ..DMITRY };
    program.post_telegram_update(&secret, &heir.text_update(2, "Privet")).await;
    let chats = program.get("/crm/chats").json().await.value();
    assert_eq!((&chats["total"], &chats["items"][0]["client"]["full_name"]), (&2.into(), &"Дмитрий".into()));
    // The first client is still recognised, with another username.
    let renamed = crate::support::providers::telegram::Account { username: "nodira_new", ..NODIRA };
    program.post_telegram_update(&secret, &renamed.text_update(3, "Men yana")).await;
    let chats = program.get("/crm/chats?q=yana").json().await.value();
    assert_eq!((&chats["total"], &chats["items"][0]["client"]["id"]), (&1.into(), &client.0.into()));
}

async fn an_edit_keeps_the_former_text(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    program.post_telegram_update(&secret, &NODIRA.text_update(1, "Naxri qancha?")).await;
    program.post_telegram_update(&secret, &NODIRA.edit_update(2, 1, 1_772_442_060, "Narxi qancha?")).await;
    program.post_telegram_update(&secret, &NODIRA.edit_update(2, 1, 1_772_442_060, "Narxi qancha?")).await;
    program.post_telegram_update(&secret, &NODIRA.edit_update(3, 1, 1_772_442_120, "Narxlari qancha?")).await;
    let [message] = &messages(&program).await[..] else { panic!("one message") };
    assert_eq!(message["message"], "Narxlari qancha?");
    assert_eq!(message["edited_at"], "2026-03-02T09:02:00Z");
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(format!("/crm/chats/{}", message["chat_id"])).html().await.is(200);
    assert_eq!(page.texts(".bubble > p"), ["Narxlari qancha?"]);
    assert_eq!(page.texts(".earlier li p"), ["Naxri qancha?", "Narxi qancha?"]);
    assert!(page.text_of(".earlier summary").contains("edited"));
    let found = program.get("/crm/chats?q=narxlari").json().await.value();
    assert_eq!(
        (&found["total"], &found["items"][0]["last_message"]["message"]),
        (&1.into(), &"Narxlari qancha?".into())
    );
    assert_eq!(found["items"][0]["unread_count"], 1, "a change is no new message");
}

async fn edits_in_any_order_give_the_same_result(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    let updates = [
        NODIRA.text_update(1, "one"),
        NODIRA.edit_update(2, 1, 1_772_442_060, "two"),
        NODIRA.edit_update(3, 1, 1_772_442_120, "three"),
    ];
    for (place, order) in
        [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].into_iter().enumerate()
    {
        for which in order {
            // Each order is applied to another message of the same chat.
            let mut update = updates[which].clone();
            let shift = i64::try_from(place).unwrap() * 100;
            update["update_id"] = (update["update_id"].as_i64().unwrap() + shift).into();
            let kind = if which == 0 { "message" } else { "edited_message" };
            update[kind]["message_id"] = (1 + shift).into();
            program.post_telegram_update(&secret, &update).await;
        }
        let all = messages(&program).await;
        assert_eq!((all.len(), &all[place]["message"]), (place + 1, &"three".into()), "{order:?}");
        assert_eq!(all[place]["edited_at"], "2026-03-02T09:02:00Z", "{order:?}");
    }
    let mut raw = env.raw().await;
    let kept =
        raw.rows("SELECT text, CAST(COUNT(*) AS TEXT) FROM message_edits GROUP BY text ORDER BY text").await;
    let kept: Vec<_> =
        kept.into_iter().map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap())).collect();
    assert_eq!(kept, [("one".to_owned(), "6".to_owned()), ("two".to_owned(), "6".to_owned())]);
}

async fn tenants_receive_their_own_messages(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    let other = env.company("bukhara").await;
    env.connect_bot(&other).await;
    let (their_program, their_secret) = (env.api_client(&other.administrator).await, env.secret_of(&other));
    // The same person and the same ids in another tenant.
    program.post_telegram_update(&secret, &NODIRA.text_update(1, "for Samarkand")).await;
    program.post_telegram_update(&their_secret, &NODIRA.text_update(1, "for Bukhara")).await;
    for (visitor, text) in [(&program, "for Samarkand"), (&their_program, "for Bukhara")] {
        let [message] = &messages(visitor).await[..] else { panic!("one message") };
        assert_eq!(message["message"], text);
    }
    // An edit is applied to the message of its own channel.
    program.post_telegram_update(&their_secret, &NODIRA.edit_update(2, 1, 1_772_442_060, "changed")).await;
    assert_eq!(messages(&program).await[0]["message"], "for Samarkand");
    assert_eq!(messages(&their_program).await[0]["message"], "changed");
}

async fn characters_that_no_engine_stores_are_left_out(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    let visitor = env.anonymous_visitor();
    let document = json!({ "document": {
        "file_id": "BQ\0AD", "file_unique_id": "A\0g", "file_name": "pass\0port.pdf",
        "mime_type": "application/\0pdf", "file_size": 10,
    } });
    let mut update = NODIRA.message_update(1, &document);
    for (field, value) in [("username", "no\0dira"), ("first_name", "No\0dira"), ("language_code", "u\0z")] {
        update["message"]["from"][field] = value.into();
    }
    update["message"]["caption"] = "Sa\0lom".into();
    visitor.update(&secret, &update).send().await.is(200);
    let stored = messages(&program).await;
    assert_eq!(stored[0]["message"], "Salom", "{stored:?}");
    assert_eq!(stored[0]["attachments"][0]["name"], "passport.pdf", "{stored:?}");
}

async fn any_text_is_stored_unchanged(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    let long = "я".repeat(4_096);
    let texts = [
        "مرحبا 👨‍👩‍👧",
        "<script>alert(1)</script>",
        "{{client.first_name}}",
        "' OR 1=1 --",
        "a\u{202e}b",
        &long,
    ];
    for (number, text) in texts.iter().enumerate() {
        program
            .post_telegram_update(&secret, &NODIRA.text_update(i64::try_from(number).unwrap() + 1, text))
            .await;
    }
    let stored: Vec<_> =
        messages(&program).await.iter().map(|m| m["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(stored, texts);
}

async fn files_are_fetched_without_revealing_the_token(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let token = crate::support::providers::telegram::bot_token(&company);
    env.bots.store_file("doc-1", "documents/file_1.pdf", "%PDF-1.4 contract", 1);
    env.bots.store_large_file("doc-2", 25_000_000);
    for (number, id) in [(1, "doc-1"), (2, "doc-2"), (3, "doc-3")] {
        let document =
            json!({ "file_id": id, "file_name": format!("{id}.pdf"), "mime_type": "application/pdf" });
        program
            .post_telegram_update(&secret, &NODIRA.message_update(number, &json!({ "document": document })))
            .await;
    }
    let coming = messages(&program).await;
    assert_eq!(coming[0]["attachments"][0]["name"], "doc-1.pdf");
    for _ in 0..3 {
        env.services.media.drain().await.unwrap();
        env.advance_clock(chrono::TimeDelta::minutes(1));
    }
    let all = messages(&program).await;
    let file = &all[0]["attachments"][0];
    assert_eq!((&file["size"], &file["content_type"]), (&17.into(), &"application/pdf".into()));
    let got = program.get(file["url"].as_str().unwrap()).send().await.is(200);
    assert_eq!(got.text(), "%PDF-1.4 contract");
    let mut raw = env.raw().await;
    let lost = raw.rows("SELECT failure FROM attachments WHERE failure IS NOT NULL ORDER BY id").await;
    let lost: Vec<_> = lost.into_iter().map(|row| row[0].clone().unwrap()).collect();
    assert_eq!(lost, ["too-large", "gone"], "and the page says so");
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(format!("/crm/chats/{}", all[0]["chat_id"])).html().await.is(200);
    for text in [page.text(), format!("{all:?}"), all_rows(&mut raw).await.concat()] {
        assert!(!text.contains(&token), "the token shows");
    }
}

async fn an_album_is_shown_as_one_group(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    for payload in [
        include_str!("../../../fixtures/telegram/album_1.json"),
        include_str!("../../../fixtures/telegram/album_2.json"),
    ] {
        program.post_telegram_update(&secret, &serde_json::from_str(payload).unwrap()).await;
    }
    let all = messages(&program).await;
    assert_eq!(all.len(), 2);
    let browser = env.sign_in(&company.agent).await;
    let page = browser.get(format!("/crm/chats/{}", all[0]["chat_id"])).html().await.is(200);
    assert_eq!(page.texts("article.message").len(), 2);
    assert_eq!(page.texts("article.message.joined").len(), 1);
    assert_eq!(page.texts("article.message footer").len(), 1, "the group says once who and when");
}

async fn a_shared_own_number_is_offered_for_the_client(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let contact = |user: i64| json!({ "contact": { "phone_number": "998901234567", "first_name": "N", "user_id": user } });
    program.post_telegram_update(&secret, &NODIRA.message_update(1, &contact(77))).await;
    let chat = messages(&program).await[0]["chat_id"].clone();
    let browser = env.sign_in(&company.agent).await;
    let page = async || browser.get(format!("/crm/chats/{chat}")).html().await.is(200);
    assert!(!page().await.has(".offer"), "anyone's number can be sent");
    program.post_telegram_update(&secret, &NODIRA.message_update(2, &contact(NODIRA.id))).await;
    let shown = page().await;
    let action = shown.attribute(".offer form", "action").unwrap();
    assert_eq!(shown.attribute(".offer [name=phone]", "value").as_deref(), Some("+998901234567"));
    browser.post(&action).form([("_method", "PUT"), ("phone", "+998901234567")]).html().await.is(303);
    assert!(!page().await.has(".offer"), "it is done");
    assert_eq!(program.get(action).json().await.value()["phone"], "+998901234567");
    let looker = env.sign_in(&company.read_only).await;
    assert!(!looker.get(format!("/crm/chats/{chat}")).html().await.has(".offer"));
}

async fn a_number_of_another_client_offers_a_merge(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let known = company.client(&env, "Nodira Saidova", "+998901234567").await;
    let contact =
        json!({ "contact": { "phone_number": "+998901234567", "first_name": "N", "user_id": NODIRA.id } });
    program.post_telegram_update(&secret, &NODIRA.message_update(1, &contact)).await;
    let chat = messages(&program).await[0]["chat_id"].clone();
    let manager = env.sign_in(&company.manager).await;
    let page = manager.get(format!("/crm/chats/{chat}")).html().await.is(200);
    assert!(page.text_of(".offer").contains("Nodira Saidova"));
    let href = page.attribute(".offer a", "href").unwrap();
    assert!(href.ends_with(&format!("/merge?other_id={known}")), "{href}");
    manager.get(href).html().await.is(200);
    let agent = env.sign_in(&company.agent).await;
    assert!(
        !agent.get(format!("/crm/chats/{chat}")).html().await.has(".offer"),
        "who may not merge is not asked"
    );
}

async fn an_invite_link_assigns_the_telegram_account_to_its_client(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let client = company.client(&env, "Nodira Saidova", "+998901234567").await;
    let path = format!("/crm/clients/{client}/invitations");
    let none = program.get(&path).json().await.is(200).value();
    assert_eq!((&none["items"][0]["bot"], &none["items"][0]["url"]), (&"samarkand_bot".into(), &Value::Null));
    let made = program.post(&path).json_body(json!({})).json().await.is(201).value();
    let url = made["url"].as_str().unwrap().to_owned();
    let code = url.strip_prefix("https://t.me/samarkand_bot?start=").unwrap();
    assert!(
        code.len() <= 64 && code.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
        "{code}"
    );
    assert_eq!(
        program.post(&path).json_body(json!({})).json().await.value()["url"],
        url,
        "asked again it is the same"
    );
    let browser = env.sign_in(&company.agent).await;
    assert!(
        browser.get(format!("/crm/clients/{client}/actions")).html().await.has(&format!("a[href='{path}']"))
    );
    assert_eq!(
        browser.get(&path).html().await.is(200).attribute("input[readonly]", "value"),
        Some(url.clone())
    );

    // A bot of another tenant does not know the code.
    let other = env.company("bukhara").await;
    env.connect_bot(&other).await;
    program.post_telegram_update(&env.secret_of(&other), &DMITRY.start_update(1, code)).await;
    // The link leads to the survivor after a merge, and back after the undo.
    let twin = company.client(&env, "Nodira", "+998935550011").await;
    let body = json!({ "other_id": client });
    let merged =
        program.post(format!("/crm/clients/{twin}/merge")).json_body(body).json().await.is(200).value();
    let of_twin = program.get(format!("/crm/clients/{twin}/invitations")).json().await.value();
    assert_eq!(of_twin["items"][0]["url"], url);
    program.post(format!("/crm/clients/merges/{}/undo", merged["id"])).json().await.is(200);
    assert_eq!(program.get(&path).json().await.is(200).value()["items"][0]["url"], url);
    program.post_telegram_update(&secret, &NODIRA.start_update(1, code)).await;
    program.post_telegram_update(&secret, &NODIRA.text_update(2, "Salom")).await;
    let chats = program.get("/crm/chats").json().await.value();
    assert_eq!((&chats["total"], &chats["items"][0]["client"]["id"]), (&1.into(), &client.0.into()));
    let said: Vec<_> = messages(&program).await.iter().map(|m| m["message"].clone()).collect();
    assert_eq!(said, ["/start", "Salom"], "the code says nothing to a reader");
    // An invite link is valid for one person.
    program.post_telegram_update(&secret, &DMITRY.start_update(3, code)).await;
    assert_eq!(program.get("/crm/chats").json().await.value()["total"], 2);
    for wrong in ["nonsense", "00000000-0000-0000-0000-000000000000"] {
        let asked = program.post(&path).json_body(json!({ "channel_id": wrong })).json().await;
        asked.problem(422);
    }
    // The parameters of other links are stored with the message and shown.
    program.post_telegram_update(&secret, &NODIRA.start_update(4, "spring-sale")).await;
    let details =
        env.raw().await.rows("SELECT details FROM messages WHERE details LIKE '%spring-sale%'").await;
    assert_eq!(details.len(), 1);
}

async fn an_invite_link_used_by_another_client_offers_a_merge(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let client = company.client(&env, "Nodira Saidova", "+998901234567").await;
    program.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
    let made = program
        .post(format!("/crm/clients/{client}/invitations"))
        .json_body(json!({}))
        .json()
        .await
        .is(201)
        .value();
    let code = made["url"].as_str().unwrap().rsplit('=').next().unwrap().to_owned();
    program.post_telegram_update(&secret, &NODIRA.start_update(2, &code)).await;
    let all = messages(&program).await;
    assert_eq!(all.len(), 2, "what is known stays where it is");
    let manager = env.sign_in(&company.manager).await;
    let page = manager.get(format!("/crm/chats/{}", all[0]["chat_id"])).html().await.is(200);
    assert!(page.attribute(".offer a", "href").unwrap().ends_with(&format!("other_id={client}")));
}

async fn a_disabled_channel_receives_nothing_until_it_is_enabled(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let channels = &env.services.channels;
    let id = channels.list(&company.administrator).await.unwrap().content[0].channel.id;
    program.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
    assert!(channels.show(&company.administrator, id).await.unwrap().channel.last_webhook_at.is_some());
    channels.set_enabled(&company.administrator, id, false).await.unwrap();
    assert_eq!(env.bot_of(&company).webhook, None, "Telegram posts no more");
    program.updates(&secret, &NODIRA.text_update(2, "Eshityapsizmi?")).await.is(401);
    channels.set_enabled(&company.administrator, id, true).await.unwrap();
    assert_eq!(env.secret_of(&company), secret);
    program.post_telegram_update(&secret, &NODIRA.text_update(2, "Eshityapsizmi?")).await;
    assert_eq!(messages(&program).await.len(), 2);
    let found = channels.test(&company.administrator, id).await.unwrap();
    let kinds: Vec<_> = found.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, ["bot-active", "bot-posts-here"]);
    channels.remove(&company.administrator, id).await.unwrap();
    assert_eq!(env.bot_of(&company).webhook, None);
    program.updates(&secret, &NODIRA.text_update(3, "Hey")).await.is(401);
    // The bot can be connected again.
    env.connect_bot(&company).await;
    program.post_telegram_update(&env.secret_of(&company), &NODIRA.text_update(3, "Hey")).await;
    assert_eq!(messages(&program).await.len(), 3, "and its clients are known");
}

async fn no_signed_update_causes_an_internal_error(env: TestEnv) {
    use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
    let (_, program, secret) = connected(&env).await;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        proptest::sample::select(&["", "\0", "/start x", "private", "\u{202e}", "+998901234567", "%"][..])
            .prop_map(Value::from),
        Just(Value::from("я".repeat(70_000))),
    ];
    let names: &[&str] = &[
        "text",
        "caption",
        "entities",
        "caption_entities",
        "photo",
        "document",
        "voice",
        "audio",
        "video",
        "video_note",
        "animation",
        "sticker",
        "location",
        "venue",
        "contact",
        "media_group_id",
        "edit_date",
        "from",
        "file_id",
        "file_name",
        "mime_type",
        "width",
        "latitude",
        "longitude",
        "phone_number",
        "first_name",
        "user_id",
        "username",
        "type",
        "offset",
        "length",
        "url",
        "emoji",
        "thumbnail",
        "date",
        "poll",
        "dice",
        "title",
        "performer",
    ];
    let value = leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(names), inner), 0..6).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    });
    let fields = proptest::collection::vec((proptest::sample::select(names), value), 1..7);
    let mut runner = TestRunner::deterministic();
    for case in 0..150 {
        let some = fields.new_tree(&mut runner).unwrap().current();
        let mut message = NODIRA.message(case % 40 + 1, &json!({}));
        for (name, value) in some {
            message[name] = value;
        }
        let kind = if case % 4 == 0 { "edited_message" } else { "message" };
        let update = json!({ "update_id": case, kind: message });
        let answer = program.updates(&secret, &update).await;
        assert!(
            answer.status == 200 || answer.status == 413,
            "{answer:?} after {:.3000}",
            update.to_string()
        );
    }
    program.get("/crm/chats?limit=100").json().await.is(200);
    let chats = program.get("/crm/chats").json().await.value();
    program.get(format!("/crm/chats/{}", chats["items"][0]["id"])).html().await.is(200);
}

async fn an_unavailable_database_makes_telegram_retry(env: TestEnv) {
    let (_, program, secret) = connected(&env).await;
    env.database.close().await;
    program.updates(&secret, &NODIRA.text_update(1, "Salom")).await.is(503);
}

async fn a_bot_is_switched_off_and_on_on_its_page(env: TestEnv) {
    let (company, program, secret) = connected(&env).await;
    let browser = env.sign_in(&company.administrator).await;
    let channels = program.get("/crm/settings/channels").json().await.is(200).value();
    let channel = &channels["items"][0];
    assert_eq!((&channel["name"], &channel["provider"]), (&json!("@samarkand_bot"), &json!("telegram")));
    let bot = crate::support::providers::telegram::bot_token(&company).split(':').next().unwrap().to_owned();
    assert_eq!((&channel["account_sid"], &channel["sms_number"]), (&json!(bot), &Value::Null));
    let path = format!("/crm/settings/channels/{}", channel["id"].as_str().unwrap());
    let switch = async |on: &str| {
        browser.post(&path).form([("_method", "PUT"), ("enabled", on)]).html().await.is(303);
        browser.get(&path).html().await.is(200).texts(".state")
    };
    assert_eq!(switch("false").await, ["Switched off"]);
    assert_eq!(env.bot_of(&company).webhook, None, "Telegram keeps what clients write meanwhile");
    program.updates(&secret, &NODIRA.text_update(1, "Salom")).await.is(401);
    assert_eq!(switch("true").await, ["Working"]);
    assert_eq!(env.secret_of(&company), secret);
    program.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
}

async fn an_administrator_connects_a_bot_on_the_settings_page(env: TestEnv) {
    let company = env.company("samarkand").await;
    let token = crate::support::providers::telegram::bot_token(&company);
    let browser = env.sign_in(&company.administrator).await;
    let form = |token: &str| [("bot_token".to_owned(), token.to_owned())];
    let refused = browser.post("/crm/settings/channels").form(form(&token)).html().await.is(422);
    assert!(!refused.text().contains(&token), "it is not shown again");
    env.bots.add_bot(&token, "samarkand_bot");
    let made = browser.post("/crm/settings/channels").form(form(&token)).html().await.is(303);
    let path = made.location().to_owned();
    let page = browser.get(&path).html().await.is(200);
    assert!(page.text_of("h1").contains("@samarkand_bot"));
    assert!(!page.has("#senders") && page.has("#credentials"), "a bot has no numbers");
    assert!(!page.text().contains(&token) && !page.text().contains(&env.secret_of(&company)));
    let tested = browser.post(format!("{path}/test")).html().await.is(200);
    assert_eq!(tested.texts("#findings li").len(), 2);
    let again = browser.post("/crm/settings/channels").form(form(&token)).json().await;
    again.problem(409);
    let agent = env.api_client(&company.agent).await;
    agent.post("/crm/settings/channels").form(form(&token)).json().await.problem(403);
}
