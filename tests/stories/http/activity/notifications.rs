//! Staff are told of messages in Telegram: whom it is, of what, when not, and once.

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
    a_code_links_an_account_which_is_no_client,
    a_code_is_good_once_for_an_hour_in_its_company,
    a_burst_is_notified_once_and_read_messages_are_not,
    each_user_is_notified_by_preference_and_in_their_language,
    no_notification_is_sent_in_quiet_hours,
    the_sender_of_a_failed_message_is_notified,
    blocking_the_bot_unlinks_the_account_with_a_reason,
    a_provider_in_trouble_is_asked_again,
    two_processes_notify_once_and_take_over_from_a_dead_one,
    a_chat_that_is_merged_or_gone_holds_up_nothing,
    what_is_wrong_is_said,
}

const PAGE: &str = "/account/notifications";
const LINK: &str = "/account/notifications/link";

/// A company with a bot that hears.
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

    /// The same with the agent linked to an account.
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

    /// A client writes.
    async fn writes(&self, number: i64, text: &str) {
        self.bot.post_telegram_update(&self.secret, &DMITRY.text_update(number, text)).await;
    }

    /// Tells what is due after some time; what was said, and to whom.
    async fn told_after(&self, seconds: i64) -> Vec<(String, String)> {
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

    async fn wishes(&self, fields: &[(&str, &str)]) {
        self.agent.put(PAGE).form(fields.to_vec()).json().await.is(200);
    }

    async fn chat(&self) -> ChatId {
        let chats = self.agent.get("/crm/chats").json().await.is(200).value();
        ChatId(chats["items"][0]["id"].as_i64().unwrap())
    }

    async fn answers(&self, text: &str) {
        let outgoing =
            OutgoingMessage { text: MessageText::parse(text).unwrap(), ..OutgoingMessage::default() };
        let chat = self.chat().await;
        self.env.services.chats.send(&self.company.agent, chat, outgoing).await.unwrap();
        self.env.services.delivery.drain().await.unwrap();
    }
}

async fn a_code_links_an_account_which_is_no_client(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let page = scenario.agent.get(PAGE).html().await.is(200);
    assert_eq!(page.texts("#telegram-link form button"), ["Link Telegram by @samarkand_bot"]);
    let code = scenario.code(&scenario.agent).await;
    let start = NODIRA.start_update(1, &code);
    let answer = scenario.bot.updates(&scenario.secret, &start).await.is(200).value();
    assert!(answer["text"].as_str().unwrap().contains("tells you of messages here"), "{answer}");
    // Posted again, it is done already.
    scenario.bot.post_telegram_update(&scenario.secret, &start).await;
    assert_eq!(scenario.clients().await, 0);
    let page = scenario.agent.get(PAGE).html().await.is(200);
    assert!(page.text_of("#linked").contains("Nodira"));
    assert_eq!(scenario.agent.get(PAGE).json().await.value()["linked_to"], "Nodira");

    // What the account writes is for nobody, also changed.
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
    // Who is a client already is heard as one, and told as well.
    scenario.link(&scenario.agent, NODIRA, 5).await;
    scenario.bot.post_telegram_update(&scenario.secret, &NODIRA.text_update(6, "Salom again")).await;
    assert_eq!(scenario.env.raw().await.count("messages").await, 2);
}

async fn a_code_is_good_once_for_an_hour_in_its_company(env: TestEnv) {
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

    // An account is one user's: the last one's.
    let manager = scenario.env.sign_in(&scenario.company.manager).await;
    scenario.link(&manager, DMITRY, 6).await;
    assert!(!scenario.agent.get(PAGE).html().await.has("#linked"));
    assert!(manager.get(PAGE).html().await.has("#linked"));
}

async fn a_burst_is_notified_once_and_read_messages_are_not(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    for number in 10..13 {
        scenario.writes(number, &format!("message {number}")).await;
    }
    assert_eq!(scenario.told_after(2).await, [], "more may come");
    let url = format!("https://crm.example.uz/crm/chats/{}", scenario.chat().await.0);
    let told = scenario.told_after(3).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, NODIRA.id.to_string());
    assert!(told[0].1.starts_with("3 new messages from Дмитрий") && told[0].1.ends_with(&url), "{told:?}");
    assert!(told[0].1.contains("\nmessage 12\n"), "{}", told[0].1);
    assert_eq!(scenario.told_after(3_600).await, [], "once");

    scenario.writes(13, "one more").await;
    assert_eq!(scenario.told_after(10).await.len(), 1, "that was long ago");
    scenario.writes(14, "and one").await;
    assert_eq!(scenario.told_after(10).await, [], "just told");
    let told = scenario.told_after(60).await;
    assert!(told[0].1.starts_with("New message from"), "{told:?}");

    // What someone has read meanwhile needs no telling.
    scenario.writes(15, "read at once").await;
    let page =
        scenario.agent.get(format!("/crm/chats/{}", scenario.chat().await.0)).json().await.is(200).value();
    let last = page["messages"].as_array().unwrap().last().unwrap()["id"].clone();
    scenario
        .agent
        .put(format!("/crm/chats/{}/messages/{last}/read", scenario.chat().await.0))
        .json()
        .await
        .is(200);
    assert_eq!(scenario.told_after(3_600).await, []);
    // Nor does the sender's own work, or another company's.
    scenario.answers("Alik").await;
    assert_eq!(scenario.told_after(3_600).await, []);
}

async fn each_user_is_notified_by_preference_and_in_their_language(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.agent.put("/account").form([("locale", "ru")]).json().await.is(200);
    scenario.wishes(&[("inbound", "mine"), ("with_text", "false")]).await;
    scenario.writes(10, "a secret").await;
    assert_eq!(scenario.told_after(3_600).await, [], "the agent has not written to them");
    scenario.answers("Alik").await;
    scenario.writes(11, "a secret").await;
    let told = scenario.told_after(10).await;
    assert!(told[0].1.starts_with("Новое сообщение от Дмитрий"), "{told:?}");
    assert!(!told[0].1.contains("secret"));
    scenario.wishes(&[("inbound", "none")]).await;
    scenario.writes(12, "a secret").await;
    assert_eq!(scenario.told_after(3_600).await, []);
    let kept = scenario.agent.get(PAGE).json().await.is(200).value();
    assert_eq!((&kept["inbound"], &kept["with_text"]), (&"none".into(), &false.into()), "{kept}");
    // Without scripts, by the form as it is: what is not ticked is off.
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
    scenario.wishes(&[("quiet_from", &from), ("quiet_to", &to)]).await;
    scenario.writes(10, "one").await;
    scenario.writes(11, "two").await;
    assert_eq!(scenario.told_after(59 * 60).await, []);
    let told = scenario.told_after(61).await;
    assert!(told[0].1.starts_with("2 new messages from"), "{told:?}");
}

async fn the_sender_of_a_failed_message_is_notified(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.writes(10, "Salom").await;
    scenario.told_after(10).await;
    let refused = || Behaviour::Answer {
        status: 400,
        headers: Vec::new(),
        body: r#"{"ok":false,"error_code":400,"description":"Bad Request: something"}"#.into(),
    };
    scenario.env.bots.next(refused());
    scenario.answers("this fails").await;
    let told = scenario.told_after(10).await;
    assert!(told[0].1.starts_with("Your message to Дмитрий was not delivered"), "{told:?}");
    assert!(!told[0].1.contains("this fails"));
    scenario.wishes(&[("failed", "false")]).await;
    scenario.env.bots.next(refused());
    scenario.answers("this too").await;
    assert_eq!(scenario.told_after(3_600).await, []);
}

async fn blocking_the_bot_unlinks_the_account_with_a_reason(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.env.bots.block(NODIRA.id);
    scenario.writes(10, "Salom").await;
    assert_eq!(scenario.told_after(10).await.len(), 1, "it was tried");
    let page = scenario.agent.get(PAGE).html().await.is(200);
    assert!(!page.has("#linked"));
    assert!(page.text_of("#lost").starts_with("The bot was blocked"), "{page:?}");
    scenario.writes(11, "Salom").await;
    assert_eq!(scenario.told_after(3_600).await, []);

    // Linked again, that is forgotten; and Telegram itself may say so.
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

async fn a_provider_in_trouble_is_asked_again(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    let body =
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":100}}"#;
    scenario.env.bots.next(Behaviour::Answer { status: 429, headers: Vec::new(), body: body.into() });
    scenario.writes(10, "Salom").await;
    assert_eq!(scenario.told_after(10).await.len(), 1);
    assert_eq!(scenario.told_after(99).await, [], "it was asked to wait");
    scenario.env.bots.next(Behaviour::CloseBeforeAnswer);
    assert_eq!(scenario.told_after(1).await.len(), 1);
    assert_eq!(scenario.told_after(600).await.len(), 1, "twice is better than never");
    assert_eq!(scenario.told_after(3_600).await, []);
}

async fn two_processes_notify_once_and_take_over_from_a_dead_one(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    scenario.writes(10, "Salom").await;
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

    // One that has claimed and died.
    scenario.writes(11, "Salom").await;
    scenario.drain().await;
    scenario.env.advance_clock(TimeDelta::seconds(100));
    let now = scenario.env.clock.now();
    let mut tx = scenario.company.begin().await;
    let claimed = tx.notifications_mut().lease(now, now + TimeDelta::seconds(90), 10).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(scenario.told_after(89).await, []);
    assert_eq!(scenario.told_after(2).await.len(), 1);
}

async fn a_chat_that_is_merged_or_gone_holds_up_nothing(env: TestEnv) {
    let scenario = Scenario::linked(env).await;
    let stranger = Account { id: 6_111_222_333, first: "Sevara", username: "sevara" };
    scenario.writes(10, "one").await;
    scenario.bot.post_telegram_update(&scenario.secret, &stranger.text_update(11, "two")).await;
    assert_eq!(scenario.told_after(1).await, []);
    // Both are known as news when the two turn out to be one person.
    let clients = scenario.agent.get("/crm/clients?sort=created_at").json().await.is(200).value();
    let id = |index: usize| ClientId(clients["items"][index]["id"].as_i64().unwrap());
    let order = MergeRequest { survivor: id(0), merged: id(1), choices: Vec::new(), last_seen: (None, None) };
    scenario.env.services.merges.merge(&scenario.company.manager, &order).await.unwrap();
    let told = scenario.told_after(10).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.starts_with("2 new messages from Дмитрий"), "{told:?}");

    // One who is deleted before anyone has looked is no news, and in nobody's way.
    let other = Account { id: 6_444_555_666, first: "Timur", username: "timur" };
    scenario.bot.post_telegram_update(&scenario.secret, &other.text_update(12, "three")).await;
    let clients = scenario.agent.get("/crm/clients").json().await.is(200).value();
    let gone = ClientId(clients["items"][0]["id"].as_i64().unwrap());
    scenario.env.services.clients.delete(&scenario.company.manager, gone).await.unwrap();
    scenario.writes(13, "four").await;
    let told = scenario.told_after(60).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.contains("four"));
}

async fn what_is_wrong_is_said(env: TestEnv) {
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
