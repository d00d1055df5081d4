//! Stories of reading: looking is not reading, and what is read is read by all.

use aloqa::{
    domain::{Event, EventId, MessageId},
    error::AppError,
};
use chrono::TimeDelta;

use crate::support::{TestEnv, providers::twilio::sms};

on_both_engines![
    reading_a_message_reads_what_came_before_it_and_tells_once,
    viewing_does_not_mark_as_read,
    history_is_read_page_by_page,
    a_message_is_read_only_in_its_own_chat,
];

async fn reading_a_message_reads_what_came_before_it_and_tells_once(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(env.receive(&channel, &sms(&format!("SM{number}"), "+998901234567", "Salom")).await);
    }
    let chats = &env.services.chats;
    let chat = ids[0].0;
    let news = chats.get(&company.agent, chat).await.unwrap().last_event;
    env.advance_clock(TimeDelta::minutes(1));
    let read = chats.mark_read(&company.agent, chat, ids[1].1).await.unwrap();
    assert_eq!(read.read_at, Some(env.clock.now()));
    let conversation = chats.get(&company.manager, chat).await.unwrap();
    assert_eq!(conversation.chat.unread_count, 1);
    let times: Vec<_> = conversation.messages.iter().map(|message| message.read_at).collect();
    assert_eq!(times, [Some(env.clock.now()), Some(env.clock.now()), None]);

    // A second tab, and an earlier message: nothing is left to read there, so nothing is told.
    let when = env.clock.now();
    env.advance_clock(TimeDelta::minutes(1));
    assert_eq!(chats.mark_read(&company.manager, chat, ids[1].1).await.unwrap().read_at, Some(when));
    chats.mark_read(&company.agent, chat, ids[0].1).await.unwrap();
    let (events, _) = env.services.events.after(&company.agent, news).await.unwrap();
    let told: Vec<_> = events.iter().map(|recorded| (recorded.event.clone(), recorded.actor)).collect();
    assert_eq!(
        told,
        [(Event::MessageRead { chat_id: chat, message_id: ids[1].1 }, Some(company.agent.user.id))]
    );

    chats.mark_read(&company.agent, chat, ids[2].1).await.unwrap();
    assert_eq!(chats.count_unread(&company.agent).await.unwrap(), 0);
}

async fn viewing_does_not_mark_as_read(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let (chat, _) = env.receive(&channel, &sms("SM1", "+998901234567", "Salom")).await;
    for _ in 0..2 {
        let conversation = env.services.chats.get(&company.agent, chat).await.unwrap();
        env.services.chats.messages(&company.agent, chat, None, 50).await.unwrap();
        assert_eq!((conversation.chat.unread_count, conversation.messages[0].read_at), (1, None));
        assert_eq!(conversation.last_event, EventId(4));
    }
}

async fn history_is_read_page_by_page(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut ids = Vec::new();
    for number in 0..53 {
        ids.push(env.receive(&channel, &sms(&format!("SM{number}"), "+998901234567", "Salom")).await);
    }
    let chat = ids[0].0;
    let opening = env.services.chats.get(&company.agent, chat).await.unwrap();
    let shown: Vec<_> = opening.messages.iter().map(|message| message.id).collect();
    assert_eq!(shown, ids[3..].iter().map(|(_, id)| *id).collect::<Vec<_>>(), "the newest fifty, ascending");
    assert!(opening.has_more);
    let (older, has_more) =
        env.services.chats.messages(&company.agent, chat, Some(shown[0]), 50).await.unwrap();
    assert_eq!((older.len(), has_more), (3, false));
}

async fn a_message_is_read_only_in_its_own_chat(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let (chat, message) = env.receive(&channel, &sms("SM1", "+998901234567", "Salom")).await;
    let (other, _) = env.receive(&channel, &sms("SM2", "+998935550011", "Salom")).await;
    for (chat, id) in [(other, message), (chat, MessageId(message.0 + 100))] {
        let refused = env.services.chats.mark_read(&company.agent, chat, id).await.unwrap_err();
        assert!(matches!(refused, AppError::NotFound), "{refused:?}");
    }
    assert_eq!(env.services.chats.count_unread(&company.agent).await.unwrap(), 2);
}
