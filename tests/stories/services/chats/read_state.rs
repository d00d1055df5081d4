//! Stories of reading: looking is not reading, and what is read is read by all.

use aloqa::{
    domain::{Event, EventId, MessageId},
    error::AppError,
};
use chrono::TimeDelta;

use crate::support::{World, providers::twilio::sms};

on_both_engines![
    reading_a_message_reads_what_came_before_it_and_tells_once,
    looking_reads_nothing,
    history_is_read_page_by_page,
    a_message_is_read_only_in_its_own_chat,
];

async fn reading_a_message_reads_what_came_before_it_and_tells_once(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(world.receive(&channel, &sms(&format!("SM{number}"), "+998901234567", "Salom")).await);
    }
    let chats = &world.services.chats;
    let chat = ids[0].0;
    let news = chats.get(&company.agent, chat).await.unwrap().last_event;
    world.later(TimeDelta::minutes(1));
    let read = chats.read(&company.agent, chat, ids[1].1).await.unwrap();
    assert_eq!(read.read_at, Some(world.clock.now()));
    let conversation = chats.get(&company.manager, chat).await.unwrap();
    assert_eq!(conversation.chat.unread_count, 1);
    let times: Vec<_> = conversation.messages.iter().map(|message| message.read_at).collect();
    assert_eq!(times, [Some(world.clock.now()), Some(world.clock.now()), None]);

    // A second tab, and an earlier message: nothing is left to read there, so nothing is told.
    let when = world.clock.now();
    world.later(TimeDelta::minutes(1));
    assert_eq!(chats.read(&company.manager, chat, ids[1].1).await.unwrap().read_at, Some(when));
    chats.read(&company.agent, chat, ids[0].1).await.unwrap();
    let (events, _) = world.services.events.after(&company.agent, news).await.unwrap();
    let told: Vec<_> = events.iter().map(|recorded| (recorded.event.clone(), recorded.actor)).collect();
    assert_eq!(
        told,
        [(Event::MessageRead { chat_id: chat, message_id: ids[1].1 }, Some(company.agent.user.id))]
    );

    chats.read(&company.agent, chat, ids[2].1).await.unwrap();
    assert_eq!(chats.unread(&company.agent).await.unwrap(), 0);
}

async fn looking_reads_nothing(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let (chat, _) = world.receive(&channel, &sms("SM1", "+998901234567", "Salom")).await;
    for _ in 0..2 {
        let conversation = world.services.chats.get(&company.agent, chat).await.unwrap();
        world.services.chats.messages(&company.agent, chat, None, 50).await.unwrap();
        assert_eq!((conversation.chat.unread_count, conversation.messages[0].read_at), (1, None));
        assert_eq!(conversation.last_event, EventId(4));
    }
}

async fn history_is_read_page_by_page(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let mut ids = Vec::new();
    for number in 0..53 {
        ids.push(world.receive(&channel, &sms(&format!("SM{number}"), "+998901234567", "Salom")).await);
    }
    let chat = ids[0].0;
    let opening = world.services.chats.get(&company.agent, chat).await.unwrap();
    let shown: Vec<_> = opening.messages.iter().map(|message| message.id).collect();
    assert_eq!(shown, ids[3..].iter().map(|(_, id)| *id).collect::<Vec<_>>(), "the newest fifty, ascending");
    assert!(opening.has_more);
    let (older, has_more) =
        world.services.chats.messages(&company.agent, chat, Some(shown[0]), 50).await.unwrap();
    assert_eq!((older.len(), has_more), (3, false));
}

async fn a_message_is_read_only_in_its_own_chat(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let (chat, message) = world.receive(&channel, &sms("SM1", "+998901234567", "Salom")).await;
    let (other, _) = world.receive(&channel, &sms("SM2", "+998935550011", "Salom")).await;
    for (chat, id) in [(other, message), (chat, MessageId(message.0 + 100))] {
        let refused = world.services.chats.read(&company.agent, chat, id).await.unwrap_err();
        assert!(matches!(refused, AppError::NotFound), "{refused:?}");
    }
    assert_eq!(world.services.chats.unread(&company.agent).await.unwrap(), 2);
}
