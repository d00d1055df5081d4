//! Staff are told of messages in Telegram: whom it is, of what, when not, and once.

use aloqa::{
    domain::{ChatId, ClientId, MessageText},
    presentation::notice,
    services::{MergeOrder, Outgoing},
    simulator::{Behaviour, Call},
};
use chrono::TimeDelta;
use serde_json::Value;

use crate::support::{
    Company, World, at_once,
    http::Visitor,
    providers::telegram::{Account, DMITRY, NODIRA},
};

on_both_engines! {
    a_code_links_an_account_which_is_no_client,
    a_code_is_good_once_for_an_hour_in_its_company,
    a_burst_is_told_once_and_what_is_read_is_not_told,
    each_is_told_of_what_they_want_in_their_language,
    in_quiet_hours_nothing_is_told_until_they_end,
    of_a_message_that_fails_its_sender_is_told,
    who_blocks_the_bot_is_unlinked_and_sees_why,
    a_provider_in_trouble_is_asked_again,
    two_processes_tell_once_and_a_dead_one_is_taken_over,
    a_chat_that_is_merged_or_gone_holds_up_nothing,
    what_is_wrong_is_said,
}

const PAGE: &str = "/account/notifications";
const LINK: &str = "/account/notifications/link";

/// A company with a bot that hears.
struct Desk {
    world: World,
    company: Company,
    agent: Visitor,
    bot: Visitor,
    secret: String,
}

impl Desk {
    async fn new(world: World) -> Self {
        let company = world.company("samarkand").await;
        world.connect_bot(&company).await;
        let (agent, bot) = (world.sign_in(&company.agent).await, world.stranger_at_the_door());
        let secret = world.secret_of(&company);
        Self { world, company, agent, bot, secret }
    }

    /// The same with the agent linked to an account.
    async fn linked(world: World) -> Self {
        let desk = Self::new(world).await;
        desk.link(&desk.agent, NODIRA, 1).await;
        desk
    }

    async fn code(&self, user: &Visitor) -> String {
        user.post(LINK).html().await.is(303);
        let page = user.get(PAGE).html().await.is(200);
        let url = page.attribute("#telegram-link a", "href").unwrap();
        url.strip_prefix("https://t.me/samarkand_bot?start=").unwrap().to_owned()
    }

    async fn link(&self, user: &Visitor, account: Account, number: i64) {
        let code = self.code(user).await;
        let answer = self.bot.updates(&self.secret, &account.starts(number, &code)).await.is(200).value();
        assert_eq!((&answer["method"], &answer["chat_id"]), (&"sendMessage".into(), &account.id.into()));
    }

    /// A client writes.
    async fn writes(&self, number: i64, text: &str) {
        self.bot.telegram_posts(&self.secret, &DMITRY.says(number, text)).await;
    }

    /// Tells what is due after some time; what was said, and to whom.
    async fn told_after(&self, seconds: i64) -> Vec<(String, String)> {
        self.drain().await;
        self.world.later(TimeDelta::seconds(seconds));
        let before = self.world.bots.calls().len();
        self.drain().await;
        let calls = self.world.bots.calls().split_off(before);
        let value = |call: &Call, name: &str| call.value(name).unwrap().to_owned();
        calls.iter().map(|call| (value(call, "chat_id"), value(call, "text"))).collect()
    }

    async fn drain(&self) -> usize {
        self.world.services.notifications.drain(notice).await.unwrap()
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
        let outgoing = Outgoing { text: MessageText::parse(text).unwrap(), ..Outgoing::default() };
        let chat = self.chat().await;
        self.world.services.chats.send(&self.company.agent, chat, outgoing).await.unwrap();
        self.world.services.delivery.drain().await.unwrap();
    }
}

async fn a_code_links_an_account_which_is_no_client(world: World) {
    let desk = Desk::new(world).await;
    let page = desk.agent.get(PAGE).html().await.is(200);
    assert_eq!(page.texts("#telegram-link form button"), ["Link Telegram by @samarkand_bot"]);
    let code = desk.code(&desk.agent).await;
    let start = NODIRA.starts(1, &code);
    let answer = desk.bot.updates(&desk.secret, &start).await.is(200).value();
    assert!(answer["text"].as_str().unwrap().contains("tells you of messages here"), "{answer}");
    // Posted again, it is done already.
    desk.bot.telegram_posts(&desk.secret, &start).await;
    assert_eq!(desk.clients().await, 0);
    let page = desk.agent.get(PAGE).html().await.is(200);
    assert!(page.text_of("#linked").contains("Nodira"));
    assert_eq!(desk.agent.get(PAGE).json().await.value()["linked_to"], "Nodira");

    // What the account writes is for nobody, also changed.
    desk.bot.telegram_posts(&desk.secret, &NODIRA.says(2, "hello?")).await;
    desk.bot.telegram_posts(&desk.secret, &NODIRA.changes(3, 2, 1_772_442_100, "hello!")).await;
    assert_eq!((desk.clients().await, desk.world.raw().await.count("messages").await), (0.into(), 0));

    let form = [("_method", "DELETE")];
    desk.agent.post(LINK).form(form).html().await.is(303);
    assert!(!desk.agent.get(PAGE).html().await.has("#linked"));
    desk.bot.telegram_posts(&desk.secret, &NODIRA.says(4, "Salom")).await;
    assert_eq!(desk.clients().await, 1, "from now on it is anyone's");
    // Who is a client already is heard as one, and told as well.
    desk.link(&desk.agent, NODIRA, 5).await;
    desk.bot.telegram_posts(&desk.secret, &NODIRA.says(6, "Salom again")).await;
    assert_eq!(desk.world.raw().await.count("messages").await, 2);
}

async fn a_code_is_good_once_for_an_hour_in_its_company(world: World) {
    let desk = Desk::new(world).await;
    let other = desk.world.company("bukhara").await;
    desk.world.connect_bot(&other).await;
    let code = desk.code(&desk.agent).await;
    let theirs = desk.world.secret_of(&other);
    desk.bot.telegram_posts(&theirs, &NODIRA.starts(1, &code)).await;
    assert!(!desk.agent.get(PAGE).html().await.has("#linked"), "another company's bot");
    desk.world.later(TimeDelta::hours(1));
    desk.bot.telegram_posts(&desk.secret, &NODIRA.starts(2, &code)).await;
    assert!(!desk.agent.get(PAGE).html().await.has("#linked"), "it was too late");
    assert_eq!(desk.clients().await, 1, "so someone has written");

    let code = desk.code(&desk.agent).await;
    let renewed = desk.code(&desk.agent).await;
    assert_ne!(code, renewed);
    desk.bot.telegram_posts(&desk.secret, &DMITRY.starts(3, &renewed)).await;
    assert!(desk.agent.get(PAGE).html().await.text_of("#linked").contains("Дмитрий"));
    for (number, used) in [(4, code), (5, renewed)] {
        desk.bot.telegram_posts(&desk.secret, &NODIRA.starts(number, &used)).await;
    }
    assert!(desk.agent.get(PAGE).html().await.text_of("#linked").contains("Дмитрий"));

    // An account is one user's: the last one's.
    let manager = desk.world.sign_in(&desk.company.manager).await;
    desk.link(&manager, DMITRY, 6).await;
    assert!(!desk.agent.get(PAGE).html().await.has("#linked"));
    assert!(manager.get(PAGE).html().await.has("#linked"));
}

async fn a_burst_is_told_once_and_what_is_read_is_not_told(world: World) {
    let desk = Desk::linked(world).await;
    for number in 10..13 {
        desk.writes(number, &format!("message {number}")).await;
    }
    assert_eq!(desk.told_after(2).await, [], "more may come");
    let url = format!("https://crm.example.uz/crm/chats/{}", desk.chat().await.0);
    let told = desk.told_after(3).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, NODIRA.id.to_string());
    assert!(told[0].1.starts_with("3 new messages from Дмитрий") && told[0].1.ends_with(&url), "{told:?}");
    assert!(told[0].1.contains("\nmessage 12\n"), "{}", told[0].1);
    assert_eq!(desk.told_after(3_600).await, [], "once");

    desk.writes(13, "one more").await;
    assert_eq!(desk.told_after(10).await.len(), 1, "that was long ago");
    desk.writes(14, "and one").await;
    assert_eq!(desk.told_after(10).await, [], "just told");
    let told = desk.told_after(60).await;
    assert!(told[0].1.starts_with("New message from"), "{told:?}");

    // What someone has read meanwhile needs no telling.
    desk.writes(15, "read at once").await;
    let page = desk.agent.get(format!("/crm/chats/{}", desk.chat().await.0)).json().await.is(200).value();
    let last = page["messages"].as_array().unwrap().last().unwrap()["id"].clone();
    desk.agent.put(format!("/crm/chats/{}/messages/{last}/read", desk.chat().await.0)).json().await.is(200);
    assert_eq!(desk.told_after(3_600).await, []);
    // Nor does the sender's own work, or another company's.
    desk.answers("Alik").await;
    assert_eq!(desk.told_after(3_600).await, []);
}

async fn each_is_told_of_what_they_want_in_their_language(world: World) {
    let desk = Desk::linked(world).await;
    desk.agent.put("/account").form([("locale", "ru")]).json().await.is(200);
    desk.wishes(&[("inbound", "mine"), ("with_text", "false")]).await;
    desk.writes(10, "a secret").await;
    assert_eq!(desk.told_after(3_600).await, [], "the agent has not written to them");
    desk.answers("Alik").await;
    desk.writes(11, "a secret").await;
    let told = desk.told_after(10).await;
    assert!(told[0].1.starts_with("Новое сообщение от Дмитрий"), "{told:?}");
    assert!(!told[0].1.contains("secret"));
    desk.wishes(&[("inbound", "none")]).await;
    desk.writes(12, "a secret").await;
    assert_eq!(desk.told_after(3_600).await, []);
    let kept = desk.agent.get(PAGE).json().await.is(200).value();
    assert_eq!((&kept["inbound"], &kept["with_text"]), (&"none".into(), &false.into()), "{kept}");
    // Without scripts, by the form as it is: what is not ticked is off.
    let fields = [
        ("_method", "PUT"),
        ("inbound", "all"),
        ("failed", "false"),
        ("with_text", "true"),
        ("with_text", "false"),
    ];
    let page = desk.agent.post(PAGE).form(fields).html().await.is(303);
    let page = desk.agent.get(page.location()).html().await.is(200);
    assert_eq!(page.attributes("#notifications-form input[checked]", "name"), ["inbound", "with_text"]);
}

async fn in_quiet_hours_nothing_is_told_until_they_end(world: World) {
    let desk = Desk::linked(world).await;
    let zone = desk.company.tenant.time_zone;
    let shown = |minutes: i64| {
        let at = desk.world.clock.now() + TimeDelta::minutes(minutes);
        zone.local(at).format("%H:%M").to_string()
    };
    let (from, to) = (shown(-60), shown(60));
    desk.wishes(&[("quiet_from", &from), ("quiet_to", &to)]).await;
    desk.writes(10, "one").await;
    desk.writes(11, "two").await;
    assert_eq!(desk.told_after(59 * 60).await, []);
    let told = desk.told_after(61).await;
    assert!(told[0].1.starts_with("2 new messages from"), "{told:?}");
}

async fn of_a_message_that_fails_its_sender_is_told(world: World) {
    let desk = Desk::linked(world).await;
    desk.writes(10, "Salom").await;
    desk.told_after(10).await;
    let refused = || Behaviour::Answer {
        status: 400,
        headers: Vec::new(),
        body: r#"{"ok":false,"error_code":400,"description":"Bad Request: something"}"#.into(),
    };
    desk.world.bots.next(refused());
    desk.answers("this fails").await;
    let told = desk.told_after(10).await;
    assert!(told[0].1.starts_with("Your message to Дмитрий was not delivered"), "{told:?}");
    assert!(!told[0].1.contains("this fails"));
    desk.wishes(&[("failed", "false")]).await;
    desk.world.bots.next(refused());
    desk.answers("this too").await;
    assert_eq!(desk.told_after(3_600).await, []);
}

async fn who_blocks_the_bot_is_unlinked_and_sees_why(world: World) {
    let desk = Desk::linked(world).await;
    desk.world.bots.block(NODIRA.id);
    desk.writes(10, "Salom").await;
    assert_eq!(desk.told_after(10).await.len(), 1, "it was tried");
    let page = desk.agent.get(PAGE).html().await.is(200);
    assert!(!page.has("#linked"));
    assert!(page.text_of("#lost").starts_with("The bot was blocked"), "{page:?}");
    desk.writes(11, "Salom").await;
    assert_eq!(desk.told_after(3_600).await, []);

    // Linked again, that is forgotten; and Telegram itself may say so.
    desk.world.bots.unblock(NODIRA.id);
    desk.link(&desk.agent, NODIRA, 20).await;
    let page = desk.agent.get(PAGE).html().await.is(200);
    assert!(page.has("#linked") && !page.has("#lost"));
    let blocked: Value =
        serde_json::from_str(include_str!("../../../fixtures/telegram/blocked.json")).unwrap();
    let text = blocked
        .to_string()
        .replace(&blocked["my_chat_member"]["chat"]["id"].to_string(), &NODIRA.id.to_string());
    desk.bot.telegram_posts(&desk.secret, &serde_json::from_str(&text).unwrap()).await;
    assert!(desk.agent.get(PAGE).html().await.has("#lost"));
}

async fn a_provider_in_trouble_is_asked_again(world: World) {
    let desk = Desk::linked(world).await;
    let body =
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":100}}"#;
    desk.world.bots.next(Behaviour::Answer { status: 429, headers: Vec::new(), body: body.into() });
    desk.writes(10, "Salom").await;
    assert_eq!(desk.told_after(10).await.len(), 1);
    assert_eq!(desk.told_after(99).await, [], "it was asked to wait");
    desk.world.bots.next(Behaviour::CloseBeforeAnswer);
    assert_eq!(desk.told_after(1).await.len(), 1);
    assert_eq!(desk.told_after(600).await.len(), 1, "twice is better than never");
    assert_eq!(desk.told_after(3_600).await, []);
}

async fn two_processes_tell_once_and_a_dead_one_is_taken_over(world: World) {
    let desk = Desk::linked(world).await;
    desk.writes(10, "Salom").await;
    desk.world.later(TimeDelta::seconds(10));
    desk.drain().await;
    desk.world.later(TimeDelta::seconds(10));
    let told = at_once(8, |_| {
        let services = desk.world.services_with(|_| ());
        async move { services.notifications.drain(notice).await.unwrap() }
    });
    let told: usize = told.await.into_iter().sum();
    let calls = desk.world.bots.calls().iter().filter(|call| call.method == "sendMessage").count();
    assert_eq!(calls, 1, "{told}");

    // One that has claimed and died.
    desk.writes(11, "Salom").await;
    desk.drain().await;
    desk.world.later(TimeDelta::seconds(100));
    let now = desk.world.clock.now();
    let mut tx = desk.company.begin().await;
    let claimed = tx.notifications().claim(now, now + TimeDelta::seconds(90), 10).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(desk.told_after(89).await, []);
    assert_eq!(desk.told_after(2).await.len(), 1);
}

async fn a_chat_that_is_merged_or_gone_holds_up_nothing(world: World) {
    let desk = Desk::linked(world).await;
    let stranger = Account { id: 6_111_222_333, first: "Sevara", username: "sevara" };
    desk.writes(10, "one").await;
    desk.bot.telegram_posts(&desk.secret, &stranger.says(11, "two")).await;
    assert_eq!(desk.told_after(1).await, []);
    // Both are known as news when the two turn out to be one person.
    let clients = desk.agent.get("/crm/clients?sort=created_at").json().await.is(200).value();
    let id = |index: usize| ClientId(clients["items"][index]["id"].as_i64().unwrap());
    let order = MergeOrder { kept: id(0), lost: id(1), choices: Vec::new(), seen: (None, None) };
    desk.world.services.merges.merge(&desk.company.manager, &order).await.unwrap();
    let told = desk.told_after(10).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.starts_with("2 new messages from Дмитрий"), "{told:?}");

    // One who is deleted before anyone has looked is no news, and in nobody's way.
    let other = Account { id: 6_444_555_666, first: "Timur", username: "timur" };
    desk.bot.telegram_posts(&desk.secret, &other.says(12, "three")).await;
    let clients = desk.agent.get("/crm/clients").json().await.is(200).value();
    let gone = ClientId(clients["items"][0]["id"].as_i64().unwrap());
    desk.world.services.clients.delete(&desk.company.manager, gone).await.unwrap();
    desk.writes(13, "four").await;
    let told = desk.told_after(60).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].1.contains("four"));
}

async fn what_is_wrong_is_said(world: World) {
    let desk = Desk::new(world).await;
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
        let answer = desk.agent.put(PAGE).form(fields.clone()).json().await;
        assert_eq!(answer.wrong_fields(), [field], "{field}={value}");
        let page = desk.agent.put(PAGE).form(fields).html().await.is(422);
        assert!(page.has(".problems"), "{page:?}");
    }
    let alone = desk.agent.put(PAGE).form([("quiet_from", "22:00")]).json().await;
    assert_eq!(alone.wrong_fields(), ["quiet_to"]);
    for channel in ["nonsense", "00000000-0000-0000-0000-000000000000"] {
        let answer = desk.agent.post(LINK).form([("channel_id", channel)]).json().await;
        assert_eq!(answer.wrong_fields(), ["channel_id"]);
    }
    desk.agent.delete(LINK).json().await.is(204);
    let lonely = desk.world.company("bukhara").await;
    let agent = desk.world.sign_in(&lonely.agent).await;
    assert!(agent.get(PAGE).html().await.is(200).has("#no-bot"));
    assert_eq!(agent.post(LINK).json().await.wrong_fields(), ["channel_id"]);
}
