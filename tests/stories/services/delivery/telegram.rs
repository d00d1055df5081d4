//! Stories of bots as channels, and of what goes out by them.

use aloqa::{
    domain::{
        ChatId, ClientId, ContactType, Event, EventId, Message, MessageStatus, MessageText, Problem,
        Transport,
    },
    error::AppError,
    services::{ChannelContext, InboundMessage, Outgoing, Why},
    simulator::Behaviour,
};
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use crate::support::{
    Company, World,
    providers::telegram::{NODIRA, bot_token},
};

on_both_engines![
    a_bot_is_connected_with_a_secret_of_its_own,
    a_bot_is_connected_once,
    a_bot_that_is_refused_leaves_nothing,
    a_bot_is_looked_at_renewed_and_given_up,
    a_reply_goes_out_as_text,
    a_long_text_goes_out_in_parts_and_each_once,
    a_part_whose_fate_is_unknown_is_not_sent_again_by_itself,
    files_go_out_as_what_they_are,
    a_busy_telegram_is_asked_again_when_it_says,
    who_blocked_the_bot_is_not_written_to,
    a_bot_does_not_write_first,
    no_token_is_told,
];

/// A client who has written to a company's bot.
struct Talk {
    company: Company,
    by: ChannelContext,
    chat: ChatId,
    client: ClientId,
}

fn written(number: i64, text: &str) -> InboundMessage {
    let id = format!("{}.{number}", NODIRA.id);
    let text = MessageText::from_provider(text);
    InboundMessage {
        receipt: Some(format!("update:{number}")),
        profile_name: Some(NODIRA.first.into()),
        username: Some(NODIRA.username.into()),
        ..InboundMessage::new(id, Transport::Telegram, NODIRA.id.to_string(), text)
    }
}

async fn talk(world: &World) -> Talk {
    let company = world.company("samarkand").await;
    let by = world.connect_bot(&company).await;
    let (chat, _) = world.receive(&by, &written(1, "Salom")).await;
    let client = world.services.chats.find(&company.agent, chat).await.unwrap().client;
    Talk { company, by, chat, client }
}

impl Talk {
    async fn send(&self, world: &World, text: &str) -> Message {
        let outgoing = Outgoing { text: MessageText::parse(text).unwrap(), ..Outgoing::default() };
        world.services.chats.send(&self.company.agent, self.chat, outgoing).await.unwrap()
    }

    async fn now(&self, message: &Message) -> Message {
        self.company.read().await.messages().find(message.id).await.unwrap().unwrap()
    }

    async fn provider_id(&self, message: &Message) -> Option<String> {
        self.company.read().await.messages().provider_id(message.id).await.unwrap()
    }
}

fn problem_of(error: AppError) -> Problem {
    match error {
        AppError::Invalid(errors) => errors.iter().next().unwrap().1.clone(),
        other => panic!("{other:?}"),
    }
}

async fn a_bot_is_connected_with_a_secret_of_its_own(world: World) {
    let (ours, theirs) = world.two_companies().await;
    let by = world.connect_bot(&ours).await;
    world.connect_bot(&theirs).await;
    assert_eq!(by.channel.username.as_deref(), Some("samarkand_bot"));
    let webhook = world.bot_of(&ours).webhook.unwrap();
    assert_eq!(webhook.url, "https://crm.example.uz/tg/webhook");
    assert_eq!(webhook.allowed_updates, ["message", "edited_message", "my_chat_member"]);
    assert!(webhook.secret_token.len() >= 40, "{}", webhook.secret_token.len());
    assert_ne!(world.secret_of(&ours), world.secret_of(&theirs));
    for secret in [webhook.secret_token.clone(), bot_token(&ours)] {
        assert!(!world.holds_in_clear(&secret).await, "secrets are encrypted");
    }
    let channels = &world.services.channels;
    let context = channels.verified_update(webhook.secret_token.as_bytes()).await.unwrap().unwrap();
    assert_eq!((context.tenant.id, context.channel.id), (ours.id(), by.channel.id));
    for wrong in ["", "x", &webhook.secret_token[1..], &webhook.secret_token.to_lowercase()] {
        assert!(channels.verified_update(wrong.as_bytes()).await.unwrap().is_none());
    }
}

async fn a_bot_is_connected_once(world: World) {
    let (ours, theirs) = world.two_companies().await;
    world.connect_bot(&ours).await;
    let secret = world.secret_of(&ours);
    for company in [&ours, &theirs] {
        let again = world.services.channels.connect_bot(company.id(), bot_token(&ours).into()).await;
        assert!(matches!(again, Err(AppError::Conflict(_))));
    }
    assert_eq!(world.secret_of(&ours), secret, "what is connected goes on");
    assert_eq!(world.raw().await.count("channels").await, 1);
}

async fn a_bot_that_is_refused_leaves_nothing(world: World) {
    let company = world.company("samarkand").await;
    let connect = async |token: &str| {
        problem_of(world.services.channels.connect_bot(company.id(), token.into()).await.unwrap_err())
    };
    for no_token in ["", "token", "123", "123:", ":abc", "123:a b", "../../x:1", "1:a/../getMe"] {
        assert_eq!(connect(no_token).await, Problem::NotABotToken, "{no_token}");
    }
    assert_eq!(connect("123456:unknown").await, Problem::ProviderRefuses("Unauthorized".into()));
    let nowhere =
        world.services_with(|foundation| foundation.telegram_api_url = "http://127.0.0.1:1".parse().unwrap());
    let away = nowhere.channels.connect_bot(company.id(), bot_token(&company).into()).await.unwrap_err();
    assert!(matches!(problem_of(away), Problem::ProviderSilent(_)));
    assert_eq!(world.raw().await.count("channels").await, 0);
}

async fn a_bot_is_looked_at_renewed_and_given_up(world: World) {
    let company = world.company("samarkand").await;
    let by = world.connect_bot(&company).await;
    let (channels, id, tenant) = (&world.services.channels, by.channel.id, company.id());
    let health = channels.check_bot(tenant, id).await.unwrap();
    assert!(health.posts_to_us && health.me.unwrap().username == "samarkand_bot");

    let first = world.secret_of(&company);
    let another = "9000001:bot-token-of-samarkand-2";
    world.bots.add_bot(another, "samarkand_bot");
    channels.renew_bot(tenant, id, another.into()).await.unwrap();
    let second = world.bots.bot(another).unwrap().webhook.unwrap().secret_token;
    assert_ne!(first, second);
    assert!(channels.verified_update(first.as_bytes()).await.unwrap().is_none());
    assert!(channels.verified_update(second.as_bytes()).await.unwrap().is_some());

    let stranger = "777:another-bot";
    world.bots.add_bot(stranger, "another_bot");
    let wrong = channels.renew_bot(tenant, id, stranger.into()).await.unwrap_err();
    assert_eq!(problem_of(wrong), Problem::AnotherBot);

    channels.disconnect_bot(tenant, id).await.unwrap();
    assert_eq!(world.bots.bot(another).unwrap().webhook, None);
    assert!(!channels.check_bot(tenant, id).await.unwrap().posts_to_us);
    channels.reconnect_bot(tenant, id).await.unwrap();
    assert_eq!(world.bots.bot(another).unwrap().webhook.unwrap().secret_token, second, "the secret stays");

    world.bots.revoke(another);
    assert!(channels.check_bot(tenant, id).await.unwrap().me.is_err());
    let other = world.company("bukhara").await;
    for error in [
        channels.check_bot(other.id(), id).await.err(),
        channels.renew_bot(other.id(), id, another.into()).await.err(),
        channels.disconnect_bot(other.id(), id).await.err(),
        channels.reconnect_bot(other.id(), id).await.err(),
        channels.webhook_secret_of(other.id(), id).await.err(),
    ] {
        assert!(matches!(error, Some(AppError::NotFound)), "{error:?}");
    }
}

async fn a_reply_goes_out_as_text(world: World) {
    let talk = talk(&world).await;
    let message = talk.send(&world, "Alik! *1* <b>2</b> _3_").await;
    assert_eq!(message.transport, Transport::Telegram);
    assert_eq!(world.services.delivery.drain().await.unwrap(), 1);
    let call = world.bots.calls().pop().unwrap();
    assert_eq!(call.method, "sendMessage");
    assert_eq!(call.value("chat_id"), Some("5123456789"));
    assert_eq!(call.value("text"), Some("Alik! *1* <b>2</b> _3_"));
    assert_eq!(call.value("parse_mode"), None, "signs are signs");
    let sent = talk.now(&message).await;
    assert_eq!((sent.status, sent.sent_at), (MessageStatus::Sent, Some(world.clock.now())));
    assert_eq!(talk.provider_id(&message).await.as_deref(), Some("5123456789.1001"));
}

/// 4,096 characters that count twice.
fn long() -> String {
    format!("{} {}", "😀".repeat(2000), "😎".repeat(2000))
}

async fn a_long_text_goes_out_in_parts_and_each_once(world: World) {
    let talk = talk(&world).await;
    let message = talk.send(&world, &long()).await;
    world.bots.next(Behaviour::Accept);
    let busy =
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":3}}"#;
    world.bots.next(Behaviour::Answer { status: 429, headers: vec![], body: busy.into() });
    world.services.delivery.drain().await.unwrap();
    assert_eq!(talk.now(&message).await.status, MessageStatus::Queued, "the rest is still to go");
    world.later(TimeDelta::seconds(4));
    world.services.delivery.drain().await.unwrap();
    let first = "😀".repeat(2000);
    let second = "😎".repeat(2000);
    assert_eq!(world.bots.sent(), [first, second.clone(), second], "the first went once");
    assert_eq!(talk.now(&message).await.status, MessageStatus::Sent);
    world.later(TimeDelta::seconds(90));
    assert_eq!(world.services.delivery.drain().await.unwrap(), 0);
}

async fn a_part_whose_fate_is_unknown_is_not_sent_again_by_itself(world: World) {
    let talk = talk(&world).await;
    let message = talk.send(&world, &long()).await;
    world.bots.next(Behaviour::Accept);
    world.bots.next(Behaviour::CloseBeforeAnswer);
    world.services.delivery.drain().await.unwrap();
    assert_eq!(talk.now(&message).await.status, MessageStatus::Unknown);
    world.later(TimeDelta::minutes(5));
    assert_eq!(world.services.delivery.drain().await.unwrap(), 0);
    // Who presses retry sends what is missing.
    world.services.chats.retry(&talk.company.agent, talk.chat, message.id).await.unwrap();
    world.services.delivery.drain().await.unwrap();
    let starts: Vec<_> = world.bots.sent().iter().map(|text| text.chars().next().unwrap()).collect();
    assert_eq!(starts, ['😀', '😎', '😎']);
    assert_eq!(talk.now(&message).await.status, MessageStatus::Sent);
}

async fn files_go_out_as_what_they_are(world: World) {
    let talk = talk(&world).await;
    let files = world.services.files.clone();
    let send = async |text: &str, parts: &[(&str, &[u8])]| {
        let mut uploads = files.uploads(&talk.company.agent).unwrap();
        for (name, content) in parts {
            let content = futures_util::stream::iter([Ok(content.to_vec().into())]);
            uploads.take(name, content, 1_000_000).await.unwrap();
        }
        let text = MessageText::from_provider(text);
        let outgoing = Outgoing { text, ..Outgoing::default() };
        let message =
            world.services.chats.send_files(&talk.company.agent, talk.chat, outgoing, uploads).await.unwrap();
        world.services.delivery.drain().await.unwrap();
        assert_eq!(talk.now(&message).await.status, MessageStatus::Sent);
        world.bots.calls().pop().unwrap()
    };
    let mut png = Vec::new();
    let picture = image::RgbImage::from_pixel(60, 40, image::Rgb([20, 90, 90]));
    picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let png = png.as_slice();
    let call = send("Mana", &[("a.png", png)]).await;
    assert_eq!((call.method.as_str(), call.value("caption")), ("sendPhoto", Some("Mana")));
    let file = call.file("photo").unwrap();
    assert_eq!((file.name.as_str(), file.size), ("a.png", png.len()));
    assert_eq!(file.sha256, <[u8; 32]>::from(Sha256::digest(png)), "it arrives as it is");
    let call = send("", &[("Шартнома.pdf", b"%PDF-1.4 x")]).await;
    assert_eq!((call.method.as_str(), call.value("caption")), ("sendDocument", None));
    assert_eq!(call.file("document").unwrap().name, "Шартнома.pdf");
    let call =
        send("", &[("voice.ogg", b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead")]).await;
    assert_eq!(call.method, "sendVoice");
    let call = send("Ikki rasm", &[("a.png", png), ("b.png", png)]).await;
    assert_eq!((call.method.as_str(), call.files.len()), ("sendMediaGroup", 2));
    let media: serde_json::Value = serde_json::from_str(call.value("media").unwrap()).unwrap();
    assert_eq!(media[0]["caption"], "Ikki rasm");
    let second = format!("attach://{}", call.files[1].field);
    assert_eq!((&media[1]["type"], &media[1]["media"]), (&"photo".into(), &second.into()));
    let names: Vec<_> = call.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a.png", "b.png"]);
}

async fn a_busy_telegram_is_asked_again_when_it_says(world: World) {
    let talk = talk(&world).await;
    let message = talk.send(&world, "Salom").await;
    let busy = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 30","parameters":{"retry_after":30}}"#;
    world.bots.next(Behaviour::Answer { status: 429, headers: vec![], body: busy.into() });
    world.services.delivery.drain().await.unwrap();
    world.later(TimeDelta::seconds(29));
    assert_eq!(world.services.delivery.drain().await.unwrap(), 0);
    world.later(TimeDelta::seconds(1));
    assert_eq!(world.services.delivery.drain().await.unwrap(), 1);
    assert_eq!(talk.now(&message).await.status, MessageStatus::Sent);

    let silent = world.services_with(|foundation| foundation.http = crate::support::world::impatient());
    let message = talk.send(&world, "Yana").await;
    world.bots.next(Behaviour::Hang);
    silent.delivery.drain().await.unwrap();
    assert_eq!(talk.now(&message).await.status, MessageStatus::Unknown, "it may have it");
    let message = talk.send(&world, "Va yana").await;
    let empty = r#"{"ok":false,"error_code":400,"description":"Bad Request: strange"}"#;
    world.bots.next(Behaviour::Answer { status: 400, headers: vec![], body: empty.into() });
    world.services.delivery.drain().await.unwrap();
    let failure = talk.now(&message).await.failure.unwrap();
    assert_eq!((failure.code.as_str(), failure.detail.as_deref()), ("400", Some("Bad Request: strange")));
}

async fn who_blocked_the_bot_is_not_written_to(world: World) {
    let talk = talk(&world).await;
    let ways = async || {
        let shown = world.services.chats.get(&talk.company.agent, talk.chat).await.unwrap();
        let closed = shown.closed.into_iter().find(|closed| closed.transport == Transport::Telegram);
        (shown.reach.len(), closed.map(|closed| closed.why))
    };
    assert_eq!(ways().await, (1, None));
    let message = talk.send(&world, "Salom").await;
    world.bots.block(NODIRA.id);
    world.services.delivery.drain().await.unwrap();
    let failed = talk.now(&message).await;
    assert_eq!(
        (failed.status, failed.failure.unwrap().code.as_str()),
        (MessageStatus::Failed, "telegram-blocked")
    );
    let blocked = Some(Why::Closed(aloqa::domain::Closing::Blocked));
    assert_eq!(ways().await, (0, blocked));
    let refused = world.services.chats.retry(&talk.company.agent, talk.chat, message.id).await.unwrap_err();
    assert_eq!(problem_of(refused), Problem::Unreachable);

    // They write again.
    world.receive(&talk.by, &written(2, "Men yana shu yerdaman")).await;
    assert_eq!(ways().await, (1, None));
    // Or only block and unblock.
    let address = NODIRA.id.to_string();
    for (number, open) in [(1, false), (1, true), (2, true), (3, false)] {
        let receipt = format!("update:1{number}");
        world.services.inbound.reach(&talk.by, &receipt, Transport::Telegram, &address, open).await.unwrap();
        let expected = if number == 2 { (1, None) } else { (0, blocked) };
        assert_eq!(ways().await, expected, "a repeat changes nothing");
    }
    let (events, _) = talk.company.read().await.events().after(EventId(0), 100).await.unwrap();
    let changes = Event::ReachChanged { chat_id: talk.chat, client_id: talk.client };
    assert_eq!(events.iter().filter(|recorded| recorded.event == changes).count(), 5);
}

async fn a_bot_does_not_write_first(world: World) {
    let company = world.company("samarkand").await;
    world.connect_bot(&company).await;
    let client = company.client(&world, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let account = aloqa::domain::ContactValue::from_provider(ContactType::Telegram, "777").unwrap();
    tx.clients().add_contact(client, &account, world.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let (chat, _) = world.services.chats.open(&company.agent, client).await.unwrap();
    let shown = world.services.chats.get(&company.agent, chat.id).await.unwrap();
    assert!(shown.reach.is_empty(), "{:?}", shown.reach);
    assert!(shown.closed.iter().any(|c| c.transport == Transport::Telegram && c.why == Why::NoAddress));
}

async fn no_token_is_told(world: World) {
    let talk = talk(&world).await;
    let dead = world.services_with(|foundation| {
        foundation.telegram_api_url = "http://127.0.0.1:1".parse().unwrap();
        foundation.http = crate::support::world::impatient();
    });
    let message = talk.send(&world, "Salom").await;
    dead.delivery.drain().await.unwrap();
    let health = dead.channels.check_bot(talk.company.id(), talk.by.channel.id).await.unwrap();
    let secret = "bot-token-of";
    assert!(!format!("{health:?}").contains(secret), "{health:?}");
    world.later(TimeDelta::hours(25));
    dead.delivery.drain().await.unwrap();
    let failed = talk.now(&message).await;
    assert_eq!(failed.status, MessageStatus::Failed);
    assert!(!format!("{failed:?}").contains(secret), "{failed:?}");
    assert!(!format!("{:?}", world.services.channels.with_secrets(talk.company.id()).await).contains(secret));
}
