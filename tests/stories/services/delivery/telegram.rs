//! Tests of Telegram bots as channels and of messages sent through them.

use aloqa::{
    domain::{
        ChannelProvider, ChatId, ClientId, ContactType, Event, EventId, InboundMessage, Message,
        MessageStatus, MessageText, Problem, Transport,
    },
    error::AppError,
    providers::{telegram::NAME, webhook::WebhookProof},
    services::{ChannelContext, OutgoingMessage, UnreachableReason},
    simulator::Behaviour,
};
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use crate::support::{
    Company, TestEnv,
    chat_fixture::chat_page,
    providers::telegram::{NODIRA, add_bot, bot_health, bot_token},
};

on_both_engines![
    each_bot_is_connected_with_its_own_webhook_secret,
    a_bot_is_connected_once,
    a_rejected_bot_token_stores_nothing,
    a_bot_is_checked_gets_a_new_token_and_is_disconnected,
    a_reply_is_sent_as_text,
    a_long_text_is_sent_in_parts_each_once,
    a_part_with_unknown_status_is_not_resent_automatically,
    files_are_sent_by_the_method_for_their_type,
    a_rate_limited_telegram_call_is_retried_after_the_requested_wait,
    a_client_who_blocked_the_bot_is_suppressed,
    a_bot_does_not_write_first,
    bot_tokens_are_never_shown,
];

/// A client who has written to a tenant's bot.
struct ChatFixture {
    company: Company,
    by: ChannelContext,
    chat: ChatId,
    client: ClientId,
}

fn text_message(number: i64, text: &str) -> InboundMessage {
    let id = format!("{}.{number}", NODIRA.id);
    let text = MessageText::from_provider(text);
    InboundMessage {
        receipt: Some(format!("update:{number}")),
        profile_name: Some(NODIRA.first.into()),
        username: Some(NODIRA.username.into()),
        ..InboundMessage::new(id, Transport::Telegram, NODIRA.id.to_string(), text)
    }
}

async fn test_chat(env: &TestEnv) -> ChatFixture {
    let company = env.company("samarkand").await;
    let by = env.connect_bot(&company).await;
    let (chat, _) = env.receive(&by, &text_message(1, "Salom")).await;
    let client = env.services.chats.find(&company.agent, chat).await.unwrap().client;
    ChatFixture { company, by, chat, client }
}

impl ChatFixture {
    async fn send(&self, env: &TestEnv, text: &str) -> Message {
        let outgoing =
            OutgoingMessage { text: MessageText::parse(text).unwrap(), ..OutgoingMessage::default() };
        env.services.chats.send(&self.company.agent, self.chat, outgoing).await.unwrap()
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

/// The channel that an update with this secret token authenticates as.
async fn authenticated(env: &TestEnv, secret_token: &str) -> Option<ChannelContext> {
    let proof = WebhookProof::Token(secret_token.as_bytes().to_vec());
    env.services.channels.authenticate(&ChannelProvider::named("telegram"), &proof).await.unwrap()
}

async fn each_bot_is_connected_with_its_own_webhook_secret(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    let by = env.connect_bot(&ours).await;
    env.connect_bot(&theirs).await;
    assert_eq!(by.channel.settings["username"], "samarkand_bot");
    let webhook = env.bot_of(&ours).webhook.unwrap();
    assert_eq!(webhook.url, "https://crm.example.uz/tg/webhook");
    assert_eq!(webhook.allowed_updates, ["message", "edited_message", "message_reaction", "my_chat_member"]);
    assert!(webhook.secret_token.len() >= 40, "{}", webhook.secret_token.len());
    assert_ne!(env.secret_of(&ours), env.secret_of(&theirs));
    for secret in [webhook.secret_token.clone(), bot_token(&ours)] {
        assert!(!env.contains_plaintext(&secret).await, "secrets are encrypted");
    }
    let context = authenticated(&env, &webhook.secret_token).await.unwrap();
    assert_eq!((context.tenant.id, context.channel.id), (ours.id(), by.channel.id));
    for wrong in ["", "x", &webhook.secret_token[1..], &webhook.secret_token.to_lowercase()] {
        assert!(authenticated(&env, wrong).await.is_none());
    }
}

async fn a_bot_is_connected_once(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    env.connect_bot(&ours).await;
    let secret = env.secret_of(&ours);
    for company in [&ours, &theirs] {
        let again = add_bot(&env.services, company, &bot_token(&ours)).await;
        assert!(matches!(again, Err(AppError::Conflict(_))));
    }
    assert_eq!(env.secret_of(&ours), secret, "what is connected goes on");
    assert_eq!(env.raw().await.count("channels").await, 1);
}

async fn a_rejected_bot_token_stores_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let connect = async |token: &str| problem_of(add_bot(&env.services, &company, token).await.unwrap_err());
    for no_token in ["", "token", "123", "123:", ":abc", "123:a b", "../../x:1", "1:a/../getMe"] {
        assert_eq!(connect(no_token).await, Problem::NotABotToken, "{no_token}");
    }
    assert_eq!(connect("123456:unknown").await, Problem::ProviderRejected("Unauthorized".into()));
    let nowhere = env.services_with(|dependencies| {
        dependencies.api_urls.set(NAME, "http://127.0.0.1:1".parse().unwrap());
    });
    let away = add_bot(&nowhere, &company, &bot_token(&company)).await.unwrap_err();
    assert!(matches!(problem_of(away), Problem::ProviderUnresponsive(_)));
    assert_eq!(env.raw().await.count("channels").await, 0);
}

async fn a_bot_is_checked_gets_a_new_token_and_is_disconnected(env: TestEnv) {
    let company = env.company("samarkand").await;
    let by = env.connect_bot(&company).await;
    let (channels, id, tenant) = (&env.services.channels, by.channel.id, company.id());
    let administrator = &company.administrator;
    let health = bot_health(&env.services, &company).await;
    assert!(health.webhook_is_ours && health.identity.unwrap().username == "samarkand_bot");

    let first = env.secret_of(&company);
    let another = "9000001:bot-token-of-samarkand-2";
    env.bots.add_bot(another, "samarkand_bot");
    channels.replace_credentials(administrator, id, &another.into(), false).await.unwrap();
    let second = env.bots.bot(another).unwrap().webhook.unwrap().secret_token;
    assert_ne!(first, second);
    assert!(authenticated(&env, &first).await.is_none());
    assert!(authenticated(&env, &second).await.is_some());

    let stranger = "777:another-bot";
    env.bots.add_bot(stranger, "another_bot");
    let wrong = channels.replace_credentials(administrator, id, &stranger.into(), false).await.unwrap_err();
    assert_eq!(problem_of(wrong), Problem::DifferentBot);

    channels.set_webhook(tenant, id, false).await.unwrap();
    assert_eq!(env.bots.bot(another).unwrap().webhook, None);
    assert!(!bot_health(&env.services, &company).await.webhook_is_ours);
    channels.set_webhook(tenant, id, true).await.unwrap();
    assert_eq!(env.bots.bot(another).unwrap().webhook.unwrap().secret_token, second, "the secret stays");

    env.bots.revoke(another);
    assert!(bot_health(&env.services, &company).await.identity.is_err());
    let other = env.company("bukhara").await;
    for error in [
        channels.test(&other.administrator, id).await.err(),
        channels.replace_credentials(&other.administrator, id, &another.into(), false).await.err(),
        channels.set_webhook(other.id(), id, false).await.err(),
        channels.set_webhook(other.id(), id, true).await.err(),
        channels.webhook_token_of(other.id(), id).await.err(),
    ] {
        assert!(matches!(error, Some(AppError::NotFound)), "{error:?}");
    }
}

async fn a_reply_is_sent_as_text(env: TestEnv) {
    let test_chat = test_chat(&env).await;
    let message = test_chat.send(&env, "Alik! *1* <b>2</b> _3_").await;
    assert_eq!(message.transport, Transport::Telegram);
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
    let call = env.bots.calls().pop().unwrap();
    assert_eq!(call.method, "sendMessage");
    assert_eq!(call.value("chat_id"), Some("5123456789"));
    assert_eq!(call.value("text"), Some("Alik! *1* <b>2</b> _3_"));
    assert_eq!(call.value("parse_mode"), None, "signs are signs");
    let sent = test_chat.now(&message).await;
    assert_eq!((sent.status, sent.sent_at), (MessageStatus::Sent, Some(env.clock.now())));
    assert_eq!(test_chat.provider_id(&message).await.as_deref(), Some("5123456789.1001"));
}

/// 4,096 characters of two UTF-16 code units each.
fn long() -> String {
    format!("{} {}", "😀".repeat(2000), "😎".repeat(2000))
}

async fn a_long_text_is_sent_in_parts_each_once(env: TestEnv) {
    let test_chat = test_chat(&env).await;
    let message = test_chat.send(&env, &long()).await;
    env.bots.next(Behaviour::Accept);
    let busy =
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":3}}"#;
    env.bots.next(Behaviour::Answer { status: 429, headers: vec![], body: busy.into() });
    env.services.delivery.drain().await.unwrap();
    assert_eq!(test_chat.now(&message).await.status, MessageStatus::Queued, "the rest is still to go");
    env.advance_clock(TimeDelta::seconds(4));
    env.services.delivery.drain().await.unwrap();
    let first = "😀".repeat(2000);
    let second = "😎".repeat(2000);
    assert_eq!(env.bots.sent(), [first, second.clone(), second], "the first went once");
    assert_eq!(test_chat.now(&message).await.status, MessageStatus::Sent);
    env.advance_clock(TimeDelta::seconds(90));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
}

async fn a_part_with_unknown_status_is_not_resent_automatically(env: TestEnv) {
    let test_chat = test_chat(&env).await;
    let message = test_chat.send(&env, &long()).await;
    env.bots.next(Behaviour::Accept);
    env.bots.next(Behaviour::CloseBeforeAnswer);
    env.services.delivery.drain().await.unwrap();
    assert_eq!(test_chat.now(&message).await.status, MessageStatus::Unknown);
    env.advance_clock(TimeDelta::minutes(5));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
    // A manual retry sends only the parts that are missing.
    env.services.chats.retry(&test_chat.company.agent, test_chat.chat, message.id).await.unwrap();
    env.services.delivery.drain().await.unwrap();
    let starts: Vec<_> = env.bots.sent().iter().map(|text| text.chars().next().unwrap()).collect();
    assert_eq!(starts, ['😀', '😎', '😎']);
    assert_eq!(test_chat.now(&message).await.status, MessageStatus::Sent);
}

async fn files_are_sent_by_the_method_for_their_type(env: TestEnv) {
    let test_chat = test_chat(&env).await;
    let files = env.services.files.clone();
    let send = async |text: &str, parts: &[(&str, &[u8])]| {
        let mut uploads = files.uploads(&test_chat.company.agent).unwrap();
        for (name, content) in parts {
            let content = futures_util::stream::iter([Ok(content.to_vec().into())]);
            uploads.add(name, content, 1_000_000).await.unwrap();
        }
        let text = MessageText::from_provider(text);
        let outgoing = OutgoingMessage { text, ..OutgoingMessage::default() };
        let message = env
            .services
            .chats
            .send_files(&test_chat.company.agent, test_chat.chat, outgoing, uploads)
            .await
            .unwrap();
        env.services.delivery.drain().await.unwrap();
        assert_eq!(test_chat.now(&message).await.status, MessageStatus::Sent);
        env.bots.calls().pop().unwrap()
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

async fn a_rate_limited_telegram_call_is_retried_after_the_requested_wait(env: TestEnv) {
    let test_chat = test_chat(&env).await;
    let message = test_chat.send(&env, "Salom").await;
    let busy = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 30","parameters":{"retry_after":30}}"#;
    env.bots.next(Behaviour::Answer { status: 429, headers: vec![], body: busy.into() });
    env.services.delivery.drain().await.unwrap();
    env.advance_clock(TimeDelta::seconds(29));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
    env.advance_clock(TimeDelta::seconds(1));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
    assert_eq!(test_chat.now(&message).await.status, MessageStatus::Sent);

    let silent = env
        .services_with(|dependencies| dependencies.http = crate::support::world::client_with_short_timeout());
    let message = test_chat.send(&env, "Yana").await;
    env.bots.next(Behaviour::Hang);
    silent.delivery.drain().await.unwrap();
    assert_eq!(test_chat.now(&message).await.status, MessageStatus::Unknown, "it may have it");
    let message = test_chat.send(&env, "Va yana").await;
    let empty = r#"{"ok":false,"error_code":400,"description":"Bad Request: strange"}"#;
    env.bots.next(Behaviour::Answer { status: 400, headers: vec![], body: empty.into() });
    env.services.delivery.drain().await.unwrap();
    let failure = test_chat.now(&message).await.failure.unwrap();
    assert_eq!((failure.code.as_str(), failure.detail.as_deref()), ("400", Some("Bad Request: strange")));
}

async fn a_client_who_blocked_the_bot_is_suppressed(env: TestEnv) {
    let test_chat = test_chat(&env).await;
    let ways = async || {
        let agent = &test_chat.company.agent;
        let page = chat_page(&env.services, agent, test_chat.chat, None).await.unwrap();
        let reachability = page.details.reachability;
        let closed = reachability.unreachable.iter().find(|closed| closed.transport == Transport::Telegram);
        (reachability.routes.len(), closed.map(|closed| closed.reason))
    };
    assert_eq!(ways().await, (1, None));
    let message = test_chat.send(&env, "Salom").await;
    env.bots.block(NODIRA.id);
    env.services.delivery.drain().await.unwrap();
    let failed = test_chat.now(&message).await;
    assert_eq!(
        (failed.status, failed.failure.unwrap().code.as_str()),
        (MessageStatus::Failed, "telegram-blocked")
    );
    let blocked = Some(UnreachableReason::Suppressed(aloqa::domain::SuppressionReason::Blocked));
    assert_eq!(ways().await, (0, blocked));
    let refused =
        env.services.chats.retry(&test_chat.company.agent, test_chat.chat, message.id).await.unwrap_err();
    assert_eq!(problem_of(refused), Problem::Unreachable);

    // The client writes again.
    env.receive(&test_chat.by, &text_message(2, "Men yana shu yerdaman")).await;
    assert_eq!(ways().await, (1, None));
    // The client blocks and unblocks the bot without writing.
    let address = NODIRA.id.to_string();
    for (number, open) in [(1, false), (1, true), (2, true), (3, false)] {
        let receipt = format!("update:1{number}");
        env.services
            .inbound
            .update_membership(&test_chat.by, &receipt, Transport::Telegram, &address, open)
            .await
            .unwrap();
        let expected = if number == 2 { (1, None) } else { (0, blocked) };
        assert_eq!(ways().await, expected, "a repeat changes nothing");
    }
    let (events, _) = test_chat.company.read().await.events().after(EventId(0), 100).await.unwrap();
    let changes = Event::ReachChanged { chat_id: test_chat.chat, client_id: test_chat.client };
    assert_eq!(events.iter().filter(|recorded| recorded.event == changes).count(), 5);
}

async fn a_bot_does_not_write_first(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect_bot(&company).await;
    let client = company.client(&env, "Aziza", "+998901234567").await;
    let mut tx = company.begin().await;
    let account = aloqa::domain::ContactValue::from_provider(ContactType::Telegram, "777").unwrap();
    tx.clients_mut().add_contact(client, &account, env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let (chat, _) = env.services.chats.open(&company.agent, client).await.unwrap();
    let shown = chat_page(&env.services, &company.agent, chat.id, None).await.unwrap().details;
    assert!(shown.reachability.routes.is_empty(), "{:?}", shown.reachability);
    assert!(
        shown
            .reachability
            .unreachable
            .iter()
            .any(|c| c.transport == Transport::Telegram && c.reason == UnreachableReason::NoAddress)
    );
}

async fn bot_tokens_are_never_shown(env: TestEnv) {
    let test_chat = test_chat(&env).await;
    let dead = env.services_with(|dependencies| {
        dependencies.api_urls.set(NAME, "http://127.0.0.1:1".parse().unwrap());
        dependencies.http = crate::support::world::client_with_short_timeout();
    });
    let message = test_chat.send(&env, "Salom").await;
    dead.delivery.drain().await.unwrap();
    let health = bot_health(&dead, &test_chat.company).await;
    let secret = "bot-token-of";
    assert!(!format!("{health:?}").contains(secret), "{health:?}");
    env.advance_clock(TimeDelta::hours(25));
    dead.delivery.drain().await.unwrap();
    let failed = test_chat.now(&message).await;
    assert_eq!(failed.status, MessageStatus::Failed);
    assert!(!format!("{failed:?}").contains(secret), "{failed:?}");
    assert!(
        !format!("{:?}", env.services.channels.list_with_secrets(test_chat.company.id()).await)
            .contains(secret)
    );
}
