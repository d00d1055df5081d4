//! Tests of what Telegram's clients send besides texts: replaced files, late messages, replies, forwards, and contents
//! without words. Also of files that Telegram refuses.

use aloqa::simulator::Behaviour;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    http::{TestResponse, Visitor},
    providers::telegram::NODIRA,
};

on_both_engines! {
    an_edit_replaces_a_file_and_keeps_the_former_one,
    edits_of_files_in_any_order_give_the_same_result,
    messages_are_shown_in_the_order_of_writing,
    the_time_of_writing_is_shown_beside_that_of_arrival,
    a_reply_quotes_the_message_that_it_answers,
    a_forwarded_message_names_its_author,
    contents_without_words_are_named,
    service_messages_are_no_messages_of_the_client,
    files_without_a_name_get_an_ending,
    a_refused_photo_or_voice_message_is_sent_as_a_document,
    an_empty_file_is_refused,
    reactions_are_shown_at_their_message,
}

struct Scenario {
    company: Company,
    program: Visitor,
    secret: String,
}

async fn scenario(env: &TestEnv) -> Scenario {
    let company = env.company("samarkand").await;
    env.connect_bot(&company).await;
    let program = env.api_client(&company.agent).await;
    let secret = env.secret_of(&company);
    Scenario { company, program, secret }
}

impl Scenario {
    async fn receive(&self, update: i64, number: i64, fields: &Value) {
        let update = json!({ "update_id": update, "message": NODIRA.message(number, fields) });
        self.program.post_telegram_update(&self.secret, &update).await;
    }

    async fn edit(&self, update: i64, number: i64, fields: &Value) {
        let update = json!({ "update_id": update, "edited_message": NODIRA.message(number, fields) });
        self.program.post_telegram_update(&self.secret, &update).await;
    }

    async fn chat(&self) -> Value {
        let chats = self.program.get("/crm/chats").json().await.is(200).value();
        assert_eq!(chats["total"], 1, "{chats}");
        chats["items"][0].clone()
    }

    async fn path(&self) -> String {
        format!("/crm/chats/{}", self.chat().await["id"])
    }

    async fn messages(&self) -> Vec<Value> {
        let chat = self.program.get(self.path().await).json().await.is(200).value();
        chat["messages"].as_array().unwrap().clone()
    }

    async fn texts(&self) -> Vec<String> {
        self.messages().await.iter().map(|m| m["message"].as_str().unwrap().to_owned()).collect()
    }

    async fn page(&self, env: &TestEnv) -> TestResponse {
        let browser = env.sign_in(&self.company.agent).await;
        browser.get(self.path().await).html().await.is(200)
    }

    async fn send_file(&self, name: &str, content: &[u8]) -> TestResponse {
        let parts = [("transport", None, b"telegram".as_slice()), ("attachments", Some(name), content)];
        self.program.post(format!("{}/messages", self.path().await)).multipart(&parts).json().await
    }
}

fn photo(id: &str, caption: &str) -> Value {
    let size = json!({ "file_id": format!("file-{id}"), "file_unique_id": id, "width": 90, "height": 60 });
    json!({ "photo": [size], "caption": caption })
}

fn edited(mut fields: Value, at: i64) -> Value {
    fields["edit_date"] = json!(at);
    fields
}

async fn an_edit_replaces_a_file_and_keeps_the_former_one(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.receive(1, 1, &photo("A", "Mana")).await;
    let first = scenario.messages().await[0]["attachments"].clone();
    scenario.edit(2, 1, &edited(photo("B", "Mana"), 1_772_442_060)).await;
    let [message] = &scenario.messages().await[..] else { panic!("one message") };
    assert_eq!(message["attachments"].as_array().unwrap().len(), 1);
    assert_ne!(message["attachments"], first, "the new photo is shown");
    assert!(!message["edited_at"].is_null());
    let page = scenario.page(&env).await;
    assert_eq!(page.texts(".earlier .attachments .name"), ["photo.jpg"], "the former one is kept");

    // A repeated edit with the same photo changes nothing, and a new caption keeps it.
    let second = message["attachments"].clone();
    scenario.edit(3, 1, &edited(photo("B", "Mana, yangisi"), 1_772_442_070)).await;
    let [message] = &scenario.messages().await[..] else { panic!("one message") };
    assert_eq!((&message["attachments"], &message["message"]), (&second, &json!("Mana, yangisi")));
    assert_eq!(scenario.page(&env).await.texts(".earlier .attachments .name").len(), 1);

    // The photo becomes a document with another caption.
    let document = json!({
        "document": { "file_id": "file-C", "file_unique_id": "C", "file_name": "Narxlar.pdf" }, "caption": "Narxlar",
    });
    scenario.edit(4, 1, &edited(document, 1_772_442_080)).await;
    let [message] = &scenario.messages().await[..] else { panic!("one message") };
    assert_eq!(message["attachments"][0]["name"], "Narxlar.pdf");
    assert_eq!(message["message"], "Narxlar");
    assert_eq!(scenario.page(&env).await.texts(".earlier .attachments .name").len(), 2);
}

async fn edits_of_files_in_any_order_give_the_same_result(env: TestEnv) {
    let scenario = scenario(&env).await;
    // The newest state comes first, then the original, then the state between.
    scenario.edit(3, 1, &edited(photo("C", "Mana"), 1_772_442_090)).await;
    scenario.receive(1, 1, &photo("A", "Mana")).await;
    scenario.edit(2, 1, &edited(photo("B", "Mana"), 1_772_442_060)).await;
    scenario.edit(4, 1, &edited(photo("C", "Mana"), 1_772_442_090)).await;
    let [message] = &scenario.messages().await[..] else { panic!("one message") };
    assert_eq!(message["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(scenario.page(&env).await.texts(".earlier .attachments .name").len(), 2);
    let mut raw = env.raw().await;
    assert_eq!(raw.count("attachments").await, 3);
}

async fn messages_are_shown_in_the_order_of_writing(env: TestEnv) {
    let scenario = scenario(&env).await;
    for number in [3, 1, 2] {
        scenario.receive(number, number, &json!({ "text": format!("{number}-xabar") })).await;
    }
    let written = ["1-xabar", "2-xabar", "3-xabar"];
    assert_eq!(scenario.texts().await, written);
    let page = scenario.page(&env).await;
    assert_eq!(page.texts("#log .bubble p"), written);
    let chat = scenario.chat().await;
    assert_eq!(chat["last_message"]["message"], "3-xabar");
    assert_eq!(chat["unread_count"], 3);
    let listed =
        scenario.program.get(format!("{}/messages", scenario.path().await)).json().await.is(200).value();
    assert_eq!(listed["items"][0]["message"], "1-xabar");
    // An update of an open page has all of them, whatever their order.
    let first = scenario.messages().await.iter().map(|m| m["id"].as_i64().unwrap()).min().unwrap();
    let part = format!("/crm/chats/parts?chat={}&from={first}", chat["id"]);
    let browser = env.sign_in(&scenario.company.agent).await;
    let part = browser.get(part).html().await.is(200);
    assert_eq!(part.texts(".bubble p"), written);

    // An answer stays where it is, and what was written before it comes before it.
    let body = json!({ "message": "Javob", "transport": "telegram" });
    let send = scenario.program.post(format!("{}/messages", scenario.path().await)).json_body(body);
    send.json().await.is(201);
    scenario.receive(9, 9, &json!({ "text": "9-xabar" })).await;
    scenario.receive(8, 8, &json!({ "text": "8-xabar" })).await;
    assert_eq!(scenario.texts().await[3..], ["Javob", "8-xabar", "9-xabar"]);
}

async fn the_time_of_writing_is_shown_beside_that_of_arrival(env: TestEnv) {
    let scenario = scenario(&env).await;
    let written = env.clock.now() - TimeDelta::hours(5);
    scenario.receive(1, 1, &json!({ "text": "Kechikdi", "date": written.timestamp() })).await;
    scenario.receive(2, 2, &json!({ "text": "Hozir", "date": env.clock.now().timestamp() })).await;
    let messages = scenario.messages().await;
    assert_eq!(messages[0]["sent_at"], "2026-03-02T04:00:00Z");
    assert!(messages[0]["created_at"].as_str().unwrap().starts_with("2026-03-02T09:00:00"));
    let page = scenario.page(&env).await;
    let footers = page.texts("#log footer");
    let late: Vec<_> = footers.iter().filter(|text| text.contains("Written")).collect();
    assert_eq!(late.len(), 1, "{footers:?}");
    assert!(late[0].contains("9:00"), "in the workspace's zone: {late:?}");
}

async fn a_reply_quotes_the_message_that_it_answers(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.receive(1, 1, &json!({ "text": "Narxi qancha?" })).await;
    let answered = json!({ "message_id": 1, "text": "Narxi qancha?" });
    let reply = json!({ "text": "Qizili-chi?", "reply_to_message": answered });
    scenario.receive(2, 2, &reply).await;
    assert_eq!(scenario.page(&env).await.texts("a.quote"), ["Narxi qancha?"]);
    // An edit keeps the quote, and an unknown message is not quoted.
    scenario
        .edit(3, 2, &edited(json!({ "text": "Yashili-chi?", "reply_to_message": answered }), 1_772_442_060))
        .await;
    let unknown = json!({ "text": "Eski", "reply_to_message": { "message_id": 77, "text": "?" } });
    scenario.receive(4, 4, &unknown).await;
    assert_eq!(scenario.page(&env).await.texts("a.quote"), ["Narxi qancha?"]);
}

async fn a_forwarded_message_names_its_author(env: TestEnv) {
    let scenario = scenario(&env).await;
    let origins = [
        json!({ "type": "user", "date": 1, "sender_user": { "id": 7, "first_name": "Aziz", "last_name": "Karimov" } }),
        json!({ "type": "hidden_user", "date": 1, "sender_user_name": "Yashirin" }),
        json!({ "type": "channel", "date": 1, "chat": { "id": -1, "title": "Yangiliklar" }, "message_id": 5 }),
        json!({ "type": "chat", "date": 1, "sender_chat": { "id": -2, "title": "Guruh" } }),
        json!({ "type": "another", "date": 1 }),
    ];
    for (index, origin) in origins.into_iter().enumerate() {
        let number = i64::try_from(index).unwrap() + 1;
        scenario.receive(number, number, &json!({ "text": "Xabar", "forward_origin": origin })).await;
    }
    let forwarded =
        ["Aziz Karimov", "Yashirin", "Yangiliklar", "Guruh"].map(|name| format!("Forwarded from {name}"));
    let origins = scenario.page(&env).await.texts(".origin");
    assert_eq!(origins[..4], forwarded);
    assert_eq!(origins[4..], ["Forwarded"]);
}

async fn contents_without_words_are_named(env: TestEnv) {
    let scenario = scenario(&env).await;
    let tasks = json!([{ "id": 1, "text": "Non" }, { "id": 2, "text": "Choy" }]);
    let contents = [
        json!({ "invoice": { "title": "Qahva", "description": "1 kg", "currency": "UZS", "total_amount": 100 } }),
        json!({ "checklist": { "title": "Bozor", "tasks": tasks } }),
        json!({ "story": { "chat": { "id": 7, "type": "private" }, "id": 3 } }),
        json!({ "paid_media": { "star_count": 5, "paid_media": [{ "type": "preview" }] }, "caption": "Video" }),
        json!({ "giveaway": { "winner_count": 3, "prize_description": "Telefon" } }),
        json!({ "game": { "title": "Poyga", "description": "", "photo": [] } }),
    ];
    for (index, content) in contents.iter().enumerate() {
        let number = i64::try_from(index).unwrap() + 1;
        scenario.receive(number, number, content).await;
    }
    let expected = [
        "Invoice: Qahva",
        "Checklist: Bozor\n– Non\n– Choy",
        "Story",
        "Paid media: Video",
        "Giveaway: Telefon",
        "Game: Poyga",
    ];
    assert_eq!(scenario.texts().await, expected);
    assert_eq!(scenario.page(&env).await.texts("#log .bubble p")[2], "Story");
    // Lists show a symbol of any language.
    scenario.receive(9, 9, &contents[2]).await;
    let browser = env.sign_in(&scenario.company.agent).await;
    let list = browser.get("/crm/chats").html().await.is(200).text();
    assert!(list.contains('📖'), "the story in the list");
}

async fn service_messages_are_no_messages_of_the_client(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.receive(1, 1, &json!({ "text": "Salom" })).await;
    let services = [
        json!({ "forum_topic_created": { "name": "Savol", "icon_color": 1 } }),
        json!({ "checklist_tasks_done": { "marked_as_done_task_ids": [1] } }),
        json!({ "checklist_tasks_added": { "tasks": [] } }),
        json!({ "gift": { "gift": { "id": "1" } } }),
        json!({ "unique_gift": { "gift": { "name": "x" } } }),
        json!({ "passport_data": { "data": [], "credentials": {} } }),
        json!({ "paid_message_price_changed": { "paid_message_star_count": 1 } }),
        json!({ "giveaway_created": {} }),
        json!({ "suggested_post_paid": { "currency": "XTR" } }),
    ];
    for (index, service) in services.iter().enumerate() {
        let number = i64::try_from(index).unwrap() + 2;
        scenario.receive(number, number, service).await;
    }
    let chat = scenario.chat().await;
    assert_eq!((&chat["unread_count"], scenario.messages().await.len()), (&json!(1), 1));
}

async fn files_without_a_name_get_an_ending(env: TestEnv) {
    let scenario = scenario(&env).await;
    let files = [
        json!({ "document": { "file_id": "1", "file_unique_id": "1", "mime_type": "application/pdf" } }),
        json!({ "audio": { "file_id": "2", "file_unique_id": "2", "mime_type": "audio/x-m4a", "title": "Bahor" } }),
        json!({ "document": { "file_id": "3", "file_unique_id": "3" } }),
        json!({ "voice": { "file_id": "4", "file_unique_id": "4", "mime_type": "audio/ogg" } }),
    ];
    for (index, file) in files.iter().enumerate() {
        let number = i64::try_from(index).unwrap() + 1;
        scenario.receive(number, number, file).await;
    }
    let names: Vec<_> =
        scenario.messages().await.iter().map(|m| m["attachments"][0]["name"].clone()).collect();
    assert_eq!(names, ["file.pdf", "Bahor.m4a", "file", "voice.ogg"]);
}

async fn a_refused_photo_or_voice_message_is_sent_as_a_document(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.receive(1, 1, &json!({ "text": "Salom" })).await;
    let mut png = Vec::new();
    let picture = image::RgbImage::from_pixel(20, 400, image::Rgb([20, 90, 90]));
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let refusal = |description: &str| {
        let body = format!(r#"{{"ok":false,"error_code":400,"description":"Bad Request: {description}"}}"#);
        Behaviour::Answer { status: 400, headers: vec![], body }
    };
    let ogg = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead".as_slice();
    for (name, content, description) in [
        ("ekran.png", png.as_slice(), "PHOTO_INVALID_DIMENSIONS"),
        ("ovoz.ogg", ogg, "VOICE_MESSAGES_FORBIDDEN"),
    ] {
        env.bots.next(refusal(description));
        scenario.send_file(name, content).await.is(201);
        env.services.delivery.drain().await.unwrap();
        let call = env.bots.calls().pop().unwrap();
        assert_eq!(call.method, "sendDocument", "{description}");
        assert_eq!(call.file("document").unwrap().name, name);
        assert_eq!(scenario.messages().await.last().unwrap()["status"], "sent");
    }
    // An album with one such picture goes as documents as well.
    env.bots.next(refusal("PHOTO_INVALID_DIMENSIONS"));
    let parts = [
        ("transport", None, b"telegram".as_slice()),
        ("attachments", Some("1.png"), png.as_slice()),
        ("attachments", Some("2.png"), png.as_slice()),
    ];
    let path = format!("{}/messages", scenario.path().await);
    scenario.program.post(path).multipart(&parts).json().await.is(201);
    env.services.delivery.drain().await.unwrap();
    let call = env.bots.calls().pop().unwrap();
    assert_eq!(call.method, "sendMediaGroup");
    assert_eq!(call.value("media").unwrap().matches(r#""type":"document""#).count(), 2);
    // Any other refusal fails, without a second call.
    let calls = env.bots.calls().len();
    env.bots.next(refusal("wrong file identifier"));
    scenario.send_file("ekran.png", &png).await.is(201);
    env.services.delivery.drain().await.unwrap();
    assert_eq!(env.bots.calls().len(), calls + 1);
    assert_eq!(scenario.messages().await.last().unwrap()["status"], "failed");
}

async fn an_empty_file_is_refused(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.receive(1, 1, &json!({ "text": "Salom" })).await;
    let refused = scenario.send_file("bo‘sh.pdf", b"").await;
    assert_eq!(refused.invalid_fields(), ["attachments"]);
    assert!(refused.text().contains("is empty"), "{}", refused.text());
    assert_eq!(env.raw().await.count("attachments").await, 0);
    // The page's script refuses it before the upload.
    let files = scenario.page(&env).await.attribute("#by-telegram", "data-files").unwrap();
    assert!(files.contains("is empty"), "{files}");
}

async fn reactions_are_shown_at_their_message(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.receive(1, 1, &json!({ "text": "Salom" })).await;
    let body = json!({ "message": "Javob", "transport": "telegram" });
    let send = scenario.program.post(format!("{}/messages", scenario.path().await)).json_body(body);
    let answer = send.json().await.is(201).value();
    env.services.delivery.drain().await.unwrap();
    let id = aloqa::domain::MessageId(answer["id"].as_i64().unwrap());
    let sent = scenario.company.read().await.messages().provider_id(id).await.unwrap().unwrap();
    let number: i64 = sent.split_once('.').unwrap().1.parse().unwrap();
    let react = async |update: i64, date: i64, emoji: &[&str]| {
        let message = NODIRA.message(number, &json!({}));
        let reactions: Vec<_> =
            emoji.iter().map(|emoji| json!({ "type": "emoji", "emoji": emoji })).collect();
        let reaction = json!({
            "chat": message["chat"], "user": message["from"], "message_id": number, "date": date,
            "old_reaction": [], "new_reaction": reactions,
        });
        let update = json!({ "update_id": update, "message_reaction": reaction });
        scenario.program.post_telegram_update(&scenario.secret, &update).await;
    };
    let shown = async || scenario.page(&env).await.texts(&format!("#m{id} .reactions"));
    react(10, 100, &["👍", "❤"]).await;
    assert_eq!(shown().await, ["Reaction of the client: 👍 ❤"]);
    // An older report, and a repeated one, change nothing.
    react(11, 90, &["👎"]).await;
    react(10, 100, &[]).await;
    assert_eq!(shown().await, ["Reaction of the client: 👍 ❤"]);
    react(12, 110, &[]).await;
    assert_eq!(shown().await, [""; 0]);
    assert_eq!(scenario.chat().await["unread_count"], 1, "a reaction is no message");
}
