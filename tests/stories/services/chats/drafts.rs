//! Tests of drafts: a draft belongs to its author, and an older save never replaces a newer one.

use aloqa::{
    domain::{ChatId, Draft, MessageText, NewTemplate, SearchTerms, TemplateText, Transport},
    error::AppError,
    persistence::{ChatFilter, PageRequest, Start},
    services::{Actor, OutgoingMessage},
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::support::{Company, TestEnv};

on_both_engines![
    a_draft_belongs_to_its_author,
    an_older_save_never_overwrites_a_newer_one,
    sending_deletes_the_draft_and_later_saves_of_it_are_ignored,
    a_message_sent_by_an_api_client_keeps_the_draft,
    a_draft_is_deleted_with_its_chat_but_not_with_its_template,
    templates_are_filled_in_and_their_uses_are_counted,
];

fn draft(text: &str, written_at: DateTime<Utc>) -> Draft {
    Draft {
        text: text.into(),
        transport: Some(Transport::Sms),
        template: None,
        key: "key".into(),
        written_at,
    }
}

async fn chat_of(env: &TestEnv, company: &Company) -> ChatId {
    let aziza = company.client(env, "Aziza", "+998901234567").await;
    env.services.chats.open(&company.agent, aziza).await.unwrap().0.id
}

async fn text_of(env: &TestEnv, actor: &Actor, chat: ChatId) -> Option<String> {
    env.services.drafts.get(actor, chat).await.unwrap().map(|draft| draft.text)
}

async fn a_draft_belongs_to_its_author(env: TestEnv) {
    let (mine, other) = env.two_companies().await;
    let (chat, now) = (chat_of(&env, &mine).await, env.clock.now());
    let drafts = &env.services.drafts;
    let kept = drafts.save(&mine.agent, chat, draft("Half a sen", now)).await.unwrap();
    assert_eq!(kept, Some(draft("Half a sen", now)));
    assert_eq!(text_of(&env, &mine.manager, chat).await, None);
    let chats = &env.services.chats;
    let listed = async |actor| {
        let list = chats.list_slice(actor, &ChatFilter::default(), Start::Offset(0), 50).await.unwrap();
        list.items.into_iter().find(|row| row.chat.id == chat).unwrap().draft
    };
    assert_eq!(listed(&mine.agent).await.as_deref(), Some("Half a sen"));
    assert_eq!(listed(&mine.manager).await, None);
    assert_eq!(listed(&mine.read_only).await, None);
    let stranger = drafts.save(&other.agent, chat, draft("stolen", now)).await;
    assert!(matches!(stranger, Err(AppError::NotFound)), "{stranger:?}");
    let looks_on = drafts.save(&mine.read_only, chat, draft("no", now)).await;
    assert!(matches!(looks_on, Err(AppError::Forbidden(_))), "{looks_on:?}");
}

async fn an_older_save_never_overwrites_a_newer_one(env: TestEnv) {
    let company = env.company("samarkand").await;
    let chat = chat_of(&env, &company).await;
    env.advance_clock(TimeDelta::seconds(10));
    let (drafts, agent, now) = (&env.services.drafts, &company.agent, env.clock.now());
    let ago = |seconds| now - TimeDelta::seconds(seconds);
    drafts.save(agent, chat, draft("two", ago(2))).await.unwrap();
    let kept = drafts.save(agent, chat, draft("one", ago(3))).await.unwrap();
    assert_eq!(kept, Some(draft("two", ago(2))), "the answer is what is kept");
    drafts.save(agent, chat, draft("three", ago(1))).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await.as_deref(), Some("three"));
    // The time of a client's clock that is ahead is not accepted.
    drafts.save(agent, chat, draft("ahead", now + TimeDelta::days(9))).await.unwrap();
    env.advance_clock(TimeDelta::seconds(1));
    drafts.save(agent, chat, draft("here", env.clock.now())).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await.as_deref(), Some("here"));
    env.advance_clock(TimeDelta::seconds(1));
    drafts.save(agent, chat, draft("", env.clock.now())).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await, None);
}

fn outgoing(text: &str, key: &str, written_at: Option<DateTime<Utc>>) -> OutgoingMessage {
    OutgoingMessage {
        text: MessageText::parse(text).unwrap(),
        idempotency_key: Some(key.into()),
        written_at,
        ..OutgoingMessage::default()
    }
}

async fn sending_deletes_the_draft_and_later_saves_of_it_are_ignored(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let chat = chat_of(&env, &company).await;
    env.advance_clock(TimeDelta::seconds(10));
    let (agent, now) = (&company.agent, env.clock.now());
    let (drafts, chats) = (&env.services.drafts, &env.services.chats);
    let ago = |seconds| now - TimeDelta::seconds(seconds);
    drafts.save(agent, chat, draft("Salom", ago(5))).await.unwrap();
    chats.send(agent, chat, outgoing("Salom!", "one", Some(ago(4)))).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await, None);
    // The page was left while sending: its last save has the time of the click and arrives after the message.
    drafts.save(agent, chat, draft("Salom!", ago(4))).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await, None);
    // A draft written after the click stays, also when the same request arrives again.
    drafts.save(agent, chat, draft("And then", ago(1))).await.unwrap();
    chats.send(agent, chat, outgoing("Salom!", "one", Some(ago(4)))).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await.as_deref(), Some("And then"));
    assert_eq!(env.raw().await.count("messages").await, 1);
    chats.send(agent, chat, outgoing("Salom!", "one", Some(now))).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await, None, "sent again from a page that was loaded anew");
}

async fn a_message_sent_by_an_api_client_keeps_the_draft(env: TestEnv) {
    let company = env.company("samarkand").await;
    let chat = chat_of(&env, &company).await;
    let (agent, now) = (&company.agent, env.clock.now());
    env.services.drafts.save(agent, chat, draft("Half a sen", now)).await.unwrap();
    // No channel is connected: nothing is sent, and the draft stays.
    let refused = env.services.chats.send(agent, chat, outgoing("Half a sen", "one", Some(now))).await;
    assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    env.connect(&company).await;
    env.services.chats.send(agent, chat, outgoing("By a program", "two", None)).await.unwrap();
    assert_eq!(text_of(&env, agent, chat).await.as_deref(), Some("Half a sen"));
}

const FIRST: PageRequest = PageRequest { page: 1, limit: 100 };

async fn a_draft_is_deleted_with_its_chat_but_not_with_its_template(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (chat, now) = (chat_of(&env, &company).await, env.clock.now());
    let new = NewTemplate { name: "Salom".into(), text: TemplateText::parse("Salom!").unwrap() };
    let template = env.services.templates.create(&company.manager, &new).await.unwrap();
    let with = Draft { template: Some(template.id), ..draft("Salom!", now) };
    env.services.drafts.save(&company.agent, chat, with).await.unwrap();
    env.services.templates.delete(&company.manager, template.id).await.unwrap();
    let kept = env.services.drafts.get(&company.agent, chat).await.unwrap().unwrap();
    assert_eq!((kept.text.as_str(), kept.template), ("Salom!", None));
    let client = env.services.chats.find(&company.agent, chat).await.unwrap().client;
    env.services.clients.delete(&company.manager, client).await.unwrap();
    assert_eq!(env.raw().await.count("drafts").await, 0);
}

async fn templates_are_filled_in_and_their_uses_are_counted(env: TestEnv) {
    let (company, other) = env.two_companies().await;
    env.connect(&company).await;
    let chat = chat_of(&env, &company).await;
    let text = "Salom, {{client.first_name}} {{client.last_name}}! {{user.first_name}}, {{tenant.name}}";
    let new = NewTemplate { name: "Greeting".into(), text: TemplateText::parse(text).unwrap() };
    let template = env.services.templates.create(&company.manager, &new).await.unwrap();
    let drafts = &env.services.drafts;
    let found =
        drafts.templates(&company.agent, chat, &SearchTerms::parse("greet"), FIRST).await.unwrap().templates;
    assert_eq!(found.items[0].text, "Salom, Aziza! agent, samarkand LLC");
    assert_eq!(found.total, 1);
    let stranger = drafts.templates(&other.agent, chat, &SearchTerms::default(), FIRST).await;
    assert!(matches!(stranger, Err(AppError::NotFound)), "{stranger:?}");
    for key in ["one", "one", "two"] {
        let sent = OutgoingMessage { template: Some(template.id), ..outgoing("Salom", key, None) };
        env.services.chats.send(&company.agent, chat, sent).await.unwrap();
    }
    let uses = env.raw().await.rows("SELECT CAST(uses AS TEXT) FROM message_templates").await;
    assert_eq!(uses, [[Some("2".to_owned())]], "a repeat is not another use");
}
