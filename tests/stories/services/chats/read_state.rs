//! Tests of the read state: viewing a chat does not mark it as read, and a message read by one user is read for all.

use aloqa::{
    domain::{Event, EventId, MessageId},
    error::AppError,
};
use chrono::TimeDelta;

use crate::support::{TestEnv, event_stream::events_until_silence, providers::twilio::sms};

on_both_engines![
    marking_a_message_as_read_includes_earlier_ones_and_records_one_event,
    viewing_a_chat_does_not_mark_it_as_read,
    the_history_is_paged_from_the_newest_message,
    a_message_is_marked_as_read_only_through_its_own_chat,
];

async fn marking_a_message_as_read_includes_earlier_ones_and_records_one_event(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(env.receive(&channel, &sms(&format!("SM{number}"), "+998901234567", "Salom")).await);
    }
    let chats = &env.services.chats;
    let chat = ids[0].0;
    let news = env.services.events.page_frame(&company.agent).await.unwrap().last_event;
    env.advance_clock(TimeDelta::minutes(1));
    let read = chats.mark_read(&company.agent, chat, ids[1].1).await.unwrap();
    assert_eq!(read.read_at, Some(env.clock.now()));
    let conversation = chats.get(&company.manager, chat).await.unwrap();
    assert_eq!(conversation.chat.unread_count, 1);
    let times: Vec<_> = conversation.messages.iter().map(|message| message.read_at).collect();
    assert_eq!(times, [Some(env.clock.now()), Some(env.clock.now()), None]);

    // Marking the same message again or an earlier one has nothing left to mark, so it records no event.
    let when = env.clock.now();
    env.advance_clock(TimeDelta::minutes(1));
    assert_eq!(chats.mark_read(&company.manager, chat, ids[1].1).await.unwrap().read_at, Some(when));
    chats.mark_read(&company.agent, chat, ids[0].1).await.unwrap();
    let mut stream = env.open_stream(&company.agent, Some(news)).await;
    let events = events_until_silence(&mut stream).await;
    let told: Vec<_> = events.iter().map(|recorded| (recorded.event.clone(), recorded.actor)).collect();
    assert_eq!(
        told,
        [(Event::MessageRead { chat_id: chat, message_id: ids[1].1 }, Some(company.agent.user.id))]
    );

    chats.mark_read(&company.agent, chat, ids[2].1).await.unwrap();
    assert_eq!(env.services.events.page_frame(&company.agent).await.unwrap().unread_chats, 0);
}

async fn viewing_a_chat_does_not_mark_it_as_read(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let (chat, _) = env.receive(&channel, &sms("SM1", "+998901234567", "Salom")).await;
    for _ in 0..2 {
        let conversation = env.services.chats.get(&company.agent, chat).await.unwrap();
        env.services.chats.messages_before(&company.agent, chat, None, 50).await.unwrap();
        assert_eq!((conversation.chat.unread_count, conversation.messages[0].read_at), (1, None));
        let frame = env.services.events.page_frame(&company.agent).await.unwrap();
        assert_eq!(frame.last_event, EventId(4));
    }
}

async fn the_history_is_paged_from_the_newest_message(env: TestEnv) {
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
    let older = env.services.chats.messages_before(&company.agent, chat, Some(shown[0]), 50).await.unwrap();
    assert_eq!((older.messages.len(), older.has_more), (3, false));
}

async fn a_message_is_marked_as_read_only_through_its_own_chat(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let (chat, message) = env.receive(&channel, &sms("SM1", "+998901234567", "Salom")).await;
    let (other, _) = env.receive(&channel, &sms("SM2", "+998935550011", "Salom")).await;
    for (chat, id) in [(other, message), (chat, MessageId(message.0 + 100))] {
        let refused = env.services.chats.mark_read(&company.agent, chat, id).await.unwrap_err();
        assert!(matches!(refused, AppError::NotFound), "{refused:?}");
    }
    assert_eq!(env.services.events.page_frame(&company.agent).await.unwrap().unread_chats, 2);
}
