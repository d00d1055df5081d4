//! Tests of staff notifications by Telegram: recipients, contents, quiet hours, and that each is
//! sent once.

use aloqa::{
    domain::{ChatId, ClientId, MessageText},
    presentation::notification_text,
    services::{MergeRequest, OutgoingMessage},
    simulator::{Behaviour, Call},
};
use chrono::TimeDelta;
use serde_json::Value;

use crate::support::{
    Company, TestEnv, concurrently,
    http::Visitor,
    providers::telegram::{Account, DMITRY, NODIRA},
};

on_both_engines! {
    a_code_links_an_account_without_creating_a_client,
    a_code_is_valid_once_for_an_hour_in_its_tenant,
    a_burst_is_notified_once_and_read_messages_are_not,
    each_user_is_notified_by_preference_and_in_their_language,
    no_notification_is_sent_in_quiet_hours,
    the_sender_of_a_failed_message_is_notified,
    blocking_the_bot_unlinks_the_account_with_a_reason,
    a_failed_notification_is_sent_again,
    two_processes_notify_once_and_take_over_from_a_dead_one,
    a_merged_or_deleted_chat_does_not_block_notifications,
    invalid_preferences_and_channels_are_rejected,
}

const PAGE: &str = "/account/notifications";
const LINK: &str = "/account/notifications/link";

/// A tenant with a bot whose webhook is connected.
struct Scenario {
    env: TestEnv,
    company: Company,
    agent: Visitor,
    bot: Visitor,
    secret: String,
}

impl Scenario {
    async fn new(env: TestEnv) -> Self {
        let company = env.company("samarkand").await;
        env.connect_bot(&company).await;
        let (agent, bot) = (env.sign_in(&company.agent).await, env.anonymous_visitor());
        let secret = env.secret_of(&company);
        Self { env, company, agent, bot, secret }
    }

    /// The same with the agent linked to a Telegram account.
    async fn linked(env: TestEnv) -> Self {
        let scenario = Self::new(env).await;
        scenario.link(&scenario.agent, NODIRA, 1).await;
        scenario
    }

    async fn code(&self, user: &Visitor) -> String {
        user.post(LINK).html().await.is(303);
        let page = user.get(PAGE).html().await.is(200);
        let url = page.attribute("#telegram-link a", "href").unwrap();
        url.strip_prefix("https://t.me/samarkand_bot?start=").unwrap().to_owned()
    }

    async fn link(&self, user: &Visitor, account: Account, number: i64) {
        let code = self.code(user).await;
        let answer =
            self.bot.updates(&self.secret, &account.start_update(number, &code)).await.is(200).value();
        assert_eq!((&answer["method"], &answer["chat_id"]), (&"sendMessage".into(), &account.id.into()));
    }

    /// Posts a message that a client writes.
    async fn receive_text(&self, number: i64, text: &str) {
        self.bot.post_telegram_update(&self.secret, &DMITRY.text_update(number, text)).await;
    }

    /// Sends the notifications that are due after some time; returns recipients and texts.
    async fn sent_after(&self, seconds: i64) -> Vec<(String, String)> {
        self.drain().await;
        self.env.advance_clock(TimeDelta::seconds(seconds));
        let before = self.env.bots.calls().len();
        self.drain().await;
        let calls = self.env.bots.calls().split_off(before);
        let value = |call: &Call, name: &str| call.value(name).unwrap().to_owned();
        calls.iter().map(|call| (value(call, "chat_id"), value(call, "text"))).collect()
    }

    async fn drain(&self) -> usize {
        self.env.services.notifications.drain(notification_text).await.unwrap()
    }

    async fn clients(&self) -> Value {
        self.agent.get("/crm/clients").json().await.is(200).value()["total"].clone()
    }

    async fn set_preferences(&self, fields: &[(&str, &str)]) {
        self.agent.put(PAGE).form(fields.to_vec()).json().await.is(200);
    }

    async fn chat(&self) -> ChatId {
        let chats = self.agent.get("/crm/chats").json().await.is(200).value();
        ChatId(chats["items"][0]["id"].as_i64().unwrap())
    }

    async fn reply(&self, text: &str) {
        let outgoing =
            OutgoingMessage { text: MessageText::parse(text).unwrap(), ..OutgoingMessage::default() };
        let chat = self.chat().await;
        self.env.services.chats.send(&self.company.agent, chat, outgoing).await.unwrap();
        self.env.services.delivery.drain().await.unwrap();
    }
}

async fn a_code_links_an_account_without_creating_a_client(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let page = scenario.agent.get(PAGE).html().await.is(200);
    assert_eq!(page.texts("#telegram-link form button"), ["Link Telegram with @samarkand_bot"]);
    let code = scenario.code(&scenario.agent).await;
    let start = NODIRA.start_update(1, &code);
    let answer = scenario.bot.updates(&scenario.secret, &start).await.is(200).value();
    assert!(answer["text"].as_str().unwrap().contains("now arrive here"), "{answer}");
    // The same update posted again changes nothing.
    scenario.bot.post_telegram_update(&scenario.secret, &start).await;
    assert_eq!(scenario.clients().await, 0);
    let page = scenario.agent.get(PAGE).html().await.is(200);
    assert!(page.text_of("#linked").contains("Nodira"));
    assert_eq!(scenario.agent.get(PAGE).json().await.value()["linked_to"], "Nodira");

    // A message of a linked account creates no client and no message, also when it is edited.
    scenario.bot.post_telegram_update(&scenario.secret, &NODIRA.text_update(2, "hello?")).await;
    scenario
        .bot
        .post_telegram_update(&scenario.secret, &NODIRA.edit_update(3, 2, 1_772_442_100, "hello!"))
        .await;
    assert_eq!((scenario.clients().await, scenario.env.raw().await.count("messages").await), (0.into(), 0));

    let form = [("_method", "DELETE")];
    scenario.agent.post(LINK).form(form).html().await.is(303);
    assert!(!scenario.agent.get(PAGE).html().await.has("#linked"));
    scenario.bot.post_telegram_update(&scenario.secret, &NODIRA.text_update(4, "Salom")).await;
    assert_eq!(scenario.clients().await, 1, "from now on it is anyone's");
    // A linked account that is a client as well has its messages stored.
    scenario.link(&scenario.agent, NODIRA, 5).await;
    scenario.bot.post_telegram_update(&scenario.secret, &NODIRA.text_update(6, "Salom again")).await;
    assert_eq!(scenario.env.raw().await.count("messages").await, 2);
}

async fn a_code_is_valid_once_for_an_hour_in_its_tenant(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let other = scenario.env.company("bukhara").await;
    scenario.env.connect_bot(&other).await;
    let code = scenario.code(&scenario.agent).await;
    let theirs = scenario.env.secret_of(&other);
    scenario.bot.post_telegram_update(&theirs, &NODIRA.start_update(1, &code)).await;
    assert!(!scenario.agent.get(PAGE).html().await.has("#linked"), "another company's bot");
    scenario.env.advance_clock(TimeDelta::hours(1));
    scenario.bot.post_telegram_update(&scenario.secret, &NODIRA.start_update(2, &code)).await;
    assert!(!scenario.agent.get(PAGE).html().await.has("#linked"), "it was too late");
    assert_eq!(scenario.clients().await, 1, "so someone has written");

    let code = scenario.code(&scenario.agent).await;
    let renewed = scenario.code(&scenario.agent).await;
    assert_ne!(code, renewed);
    scenario.bot.post_telegram_update(&scenario.secret, &DMITRY.start_update(3, &renewed)).await;
    assert!(scenario.agent.get(PAGE).html().await.text_of("#linked").contains("Дмитрий"));
    for (number, used) in [(4, code), (5, renewed)] {
        scenario.bot.post_telegram_update(&scenario.secret, &NODIRA.start_update(number, &used)).await;
    }
    assert!(scenario.agent.get(PAGE).html().await.text_of("#linked").contains("Дмитрий"));

    // A Telegram account is linked to one user: the last one that linked it.
    let manager = scenario.env.sign_in(&scenario.company.manager).await;
    scenario.link(&manager, DMITRY, 6).await;
    assert!(!scenario.agent.get(PAGE).html().await.has("#linked"));
    assert!(manager.get(PAGE).html().await.has("#linked"));
}

async fn a_burst_is_notified_once_and_read_messages_are_not(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    for number in 10..13 {
        scenario.receive_text(number, &format!("message {number}")).await;
    }
    assert_eq!(scenario.sent_after(2).await, [], "more may come");
    let url = format!("https://crm.example.uz/crm/chats/{}", scenario.chat().await.0);
    let told = scenario.sent_after(3).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, NODIRA.id.to_string());
    assert!(told[0].1.starts_with("3 new messages from Дмитрий") && told[0].1.ends_with(&url), "{told:?}");
    assert!(told[0].1.contains("\nmessage 12\n"), "{}", told[0].1);
    assert_eq!(scenario.sent_after(3_600).await, [], "once");

    scenario.receive_text(13, "one more").await;
    assert_eq!(scenario.sent_after(10).await.len(), 1, "that was long ago");
    scenario.receive_text(14, "and one").await;
    assert_eq!(scenario.sent_after(10).await, [], "just told");
    let told = scenario.sent_after(60).await;
    assert!(told[0].1.starts_with("New message from"), "{told:?}");

    // A message that a user has read in the meantime needs no notification.
    scenario.receive_text(15, "read at once").await;
    let page =
        scenario.agent.get(format!("/crm/chats/{}", scenario.chat().await.0)).json().await.is(200).value();
    let last = page["messages"].as_array().unwrap().last().unwrap()["id"].clone();
    scenario
        .agent
        .put(format!("/crm/chats/{}/messages/{last}/read", scenario.chat().await.0))
        .json()
        .await
        .is(200);
    assert_eq!(scenario.sent_after(3_600).await, []);
    // The recipient's own actions and those of another tenant need no notification either.
    scenario.reply("Alik").await;
    assert_eq!(scenario.sent_after(3_600).await, []);
}

async fn each_user_is_notified_by_preference_and_in_their_language(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.agent.put("/account").form([("locale", "ru")]).json().await.is(200);
    scenario.set_preferences(&[("inbound", "mine"), ("with_text", "false")]).await;
    scenario.receive_text(10, "a secret").await;
    assert_eq!(scenario.sent_after(3_600).await, [], "the agent has not written to them");
    scenario.reply("Alik").await;
    scenario.receive_text(11, "a secret").await;
    let told = scenario.sent_after(10).await;
    assert!(told[0].1.starts_with("Новое сообщение от Дмитрий"), "{told:?}");
    assert!(!told[0].1.contains("secret"));
    scenario.set_preferences(&[("inbound", "none")]).await;
    scenario.receive_text(12, "a secret").await;
    assert_eq!(scenario.sent_after(3_600).await, []);
    let kept = scenario.agent.get(PAGE).json().await.is(200).value();
    assert_eq!((&kept["inbound"], &kept["with_text"]), (&"none".into(), &false.into()), "{kept}");
    // Without scripts, the form is sent as it is: a check box that is not ticked switches its notification off.
    let fields = [
        ("_method", "PUT"),
        ("inbound", "all"),
        ("failed", "false"),
        ("with_text", "true"),
        ("with_text", "false"),
    ];
    let page = scenario.agent.post(PAGE).form(fields).html().await.is(303);
    let page = scenario.agent.get(page.location()).html().await.is(200);
    assert_eq!(page.attributes("#notifications-form input[checked]", "name"), ["inbound", "with_text"]);
}

async fn no_notification_is_sent_in_quiet_hours(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    let zone = scenario.company.tenant.time_zone;
    let shown = |minutes: i64| {
        let at = scenario.env.clock.now() + TimeDelta::minutes(minutes);
        zone.local(at).format("%H:%M").to_string()
    };
    let (from, to) = (shown(-60), shown(60));
    scenario.set_preferences(&[("quiet_from", &from), ("quiet_to", &to)]).await;
    scenario.receive_text(10, "one").await;
    scenario.receive_text(11, "two").await;
    assert_eq!(scenario.sent_after(59 * 60).await, []);
    let told = scenario.sent_after(61).await;
    assert!(told[0].1.starts_with("2 new messages from"), "{told:?}");
}

async fn the_sender_of_a_failed_message_is_notified(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.receive_text(10, "Salom").await;
    scenario.sent_after(10).await;
    let refused = || Behaviour::Answer {
        status: 400,
        headers: Vec::new(),
        body: r#"{"ok":false,"error_code":400,"description":"Bad Request: something"}"#.into(),
    };
    scenario.env.bots.next(refused());
    scenario.reply("this fails").await;
    let told = scenario.sent_after(10).await;
    assert!(told[0].1.starts_with("Your message to Дмитрий was not delivered"), "{told:?}");
    assert!(!told[0].1.contains("this fails"));
    scenario.set_preferences(&[("failed", "false")]).await;
    scenario.env.bots.next(refused());
    scenario.reply("this too").await;
    assert_eq!(scenario.sent_after(3_600).await, []);
}

async fn blocking_the_bot_unlinks_the_account_with_a_reason(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.env.bots.block(NODIRA.id);
    scenario.receive_text(10, "Salom").await;
    assert_eq!(scenario.sent_after(10).await.len(), 1, "it was tried");
    let page = scenario.agent.get(PAGE).html().await.is(200);
    assert!(!page.has("#linked"));
    assert!(page.text_of("#lost").starts_with("The bot was blocked"), "{page:?}");
    scenario.receive_text(11, "Salom").await;
    assert_eq!(scenario.sent_after(3_600).await, []);

    // A new link clears the reason; Telegram also reports a block by an update.
    scenario.env.bots.unblock(NODIRA.id);
    scenario.link(&scenario.agent, NODIRA, 20).await;
    let page = scenario.agent.get(PAGE).html().await.is(200);
    assert!(page.has("#linked") && !page.has("#lost"));
    let blocked: Value =
        serde_json::from_str(include_str!("../../../fixtures/telegram/blocked.json")).unwrap();
    let text = blocked
        .to_string()
        .replace(&blocked["my_chat_member"]["chat"]["id"].to_string(), &NODIRA.id.to_string());
    scenario.bot.post_telegram_update(&scenario.secret, &serde_json::from_str(&text).unwrap()).await;
    assert!(scenario.agent.get(PAGE).html().await.has("#lost"));
}

async fn a_failed_notification_is_sent_again(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    let body =
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":100}}"#;
    scenario.env.bots.next(Behaviour::Answer { status: 429, headers: Vec::new(), body: body.into() });
    scenario.receive_text(10, "Salom").await;
    assert_eq!(scenario.sent_after(10).await.len(), 1);
    assert_eq!(scenario.sent_after(99).await, [], "it was asked to wait");
    scenario.env.bots.next(Behaviour::CloseBeforeAnswer);
    assert_eq!(scenario.sent_after(1).await.len(), 1);
    assert_eq!(scenario.sent_after(600).await.len(), 1, "twice is better than never");
    assert_eq!(scenario.sent_after(3_600).await, []);
}

async fn two_processes_notify_once_and_take_over_from_a_dead_one(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.receive_text(10, "Salom").await;
    scenario.env.advance_clock(TimeDelta::seconds(10));
    scenario.drain().await;
    scenario.env.advance_clock(TimeDelta::seconds(10));
    let told = concurrently(8, |_| {
        let services = scenario.env.services_with(|_| ());
        async move { services.notifications.drain(notification_text).await.unwrap() }
    });
    let told: usize = told.await.into_iter().sum();
    let calls = scenario.env.bots.calls().iter().filter(|call| call.method == "sendMessage").count();
    assert_eq!(calls, 1, "{told}");

    // A process that leased a notification and died.
    scenario.receive_text(11, "Salom").await;
    scenario.drain().await;
    scenario.env.advance_clock(TimeDelta::seconds(100));
    let now = scenario.env.clock.now();
    let mut tx = scenario.company.begin().await;
    let claimed = tx.notifications_mut().lease(now, now + TimeDelta::seconds(90), 10).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(scenario.sent_after(89).await, []);
    assert_eq!(scenario.sent_after(2).await.len(), 1);
}

async fn a_merged_or_deleted_chat_does_not_block_notifications(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    let stranger = Account { id: 6_111_222_333, first: "Sevara", username: "sevara" };
    scenario.receive_text(10, "one").await;
    scenario.bot.post_telegram_update(&scenario.secret, &stranger.text_update(11, "two")).await;
    assert_eq!(scenario.sent_after(1).await, []);
    // Notifications for both clients are pending when the clients are merged.
    let clients = scenario.agent.get("/crm/clients?sort=created_at").json().await.is(200).value();
    let id = |index: usize| ClientId(clients["items"][index]["id"].as_i64().unwrap());
    let order = MergeRequest { survivor: id(0), merged: id(1), choices: Vec::new(), last_seen: (None, None) };
    scenario.env.services.merges.merge(&scenario.company.manager, &order).await.unwrap();
    let told = scenario.sent_after(10).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.starts_with("2 new messages from Дмитрий"), "{told:?}");

    // A client that is deleted before the notification is due causes none, and does not block others.
    let other = Account { id: 6_444_555_666, first: "Timur", username: "timur" };
    scenario.bot.post_telegram_update(&scenario.secret, &other.text_update(12, "three")).await;
    let clients = scenario.agent.get("/crm/clients").json().await.is(200).value();
    let gone = ClientId(clients["items"][0]["id"].as_i64().unwrap());
    scenario.env.services.clients.delete(&scenario.company.manager, gone).await.unwrap();
    scenario.receive_text(13, "four").await;
    let told = scenario.sent_after(60).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.contains("four"));
}

async fn invalid_preferences_and_channels_are_rejected(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    for (field, value) in [
        ("inbound", "everything"),
        ("failed", "perhaps"),
        ("with_text", "7"),
        ("quiet_from", "25:00"),
        ("quiet_to", "noon"),
    ] {
        let mut fields = vec![("quiet_from", "22:00"), ("quiet_to", "07:00")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let answer = scenario.agent.put(PAGE).form(fields.clone()).json().await;
        assert_eq!(answer.invalid_fields(), [field], "{field}={value}");
        let page = scenario.agent.put(PAGE).form(fields).html().await.is(422);
        assert!(page.has(".problems"), "{page:?}");
    }
    // All problems at once: each is listed by the words that its field has on the page.
    let wrong =
        [("inbound", "x"), ("failed", "x"), ("with_text", "x"), ("quiet_from", "x"), ("quiet_to", "x")];
    let page = scenario.agent.put(PAGE).form(wrong).html().await.is(422);
    let listed = page.text_of(".problems");
    for label in
        ["Notify me about", "My messages that are not delivered", "Show the text of the message", "From"]
    {
        assert!(listed.contains(label), "{label} in {listed}");
    }
    let alone = scenario.agent.put(PAGE).form([("quiet_from", "22:00")]).json().await;
    assert_eq!(alone.invalid_fields(), ["quiet_to"]);
    for channel in ["nonsense", "00000000-0000-0000-0000-000000000000"] {
        let answer = scenario.agent.post(LINK).form([("channel_id", channel)]).json().await;
        assert_eq!(answer.invalid_fields(), ["channel_id"]);
    }
    scenario.agent.delete(LINK).json().await.is(204);
    let lonely = scenario.env.company("bukhara").await;
    let agent = scenario.env.sign_in(&lonely.agent).await;
    assert!(agent.get(PAGE).html().await.is(200).has("#no-bot"));
    assert_eq!(agent.post(LINK).json().await.invalid_fields(), ["channel_id"]);
}
