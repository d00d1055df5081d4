//! Stories of what a person settles by hand, while providers report and colleagues do the same.

use aloqa::{
    domain::{Direction, MessageStatus},
    error::AppError,
    persistence::{ChatFilter, PageRequest},
    services::ChannelContext,
};

use crate::support::{
    World, at_once,
    populated_tenant::Lived,
    providers::twilio::{report, sms},
};

on_both_engines![
    a_hand_and_a_report_settle_a_fate_once,
    what_a_person_settled_is_not_taken_back,
    unread_at_once_is_unread_once,
    a_chat_of_hundreds_is_read_around_any_message,
];

async fn unknown(world: &World, lived: &Lived) {
    let id = lived.outbound;
    let sql = format!(
        "UPDATE messages SET status = 'unknown', error_code = 'unknown', provider_id = 'SM77' WHERE id = {id}"
    );
    world.raw().await.run(&sql).await.unwrap();
}

async fn channel_of(world: &World, lived: &Lived) -> ChannelContext {
    let channel = world.services.channels.with_secrets(lived.company.id()).await.unwrap().remove(0).0;
    ChannelContext { tenant: lived.company.tenant.clone(), channel }
}

async fn a_hand_and_a_report_settle_a_fate_once(world: World) {
    let lived = world.lived_in("samarkand").await;
    unknown(&world, &lived).await;
    let channel = channel_of(&world, &lived).await;
    let (chats, agent, chat) = (&world.services.chats, &lived.company.agent, lived.talk.chat);
    let hands = at_once(6, |_| {
        let (chats, agent) = (chats.clone(), agent.clone());
        async move { chats.arrived(&agent, chat, lived.outbound).await }
    });
    let reported = world.services.delivery.report(&channel, report("SM77", MessageStatus::Delivered));
    let (hands, reported) = tokio::join!(hands, reported);
    assert!(reported.unwrap());
    for settled in hands {
        assert_eq!(settled.unwrap().status, MessageStatus::Delivered);
    }
    let mut raw = world.raw().await;
    let told = "SELECT COUNT(*) FROM events WHERE kind = 'MessageStatusChanged'";
    assert_eq!(raw.number(told).await, 1);
    let message = chats.get(agent, chat).await.unwrap().messages.pop().unwrap();
    assert_eq!((message.status, message.failure.is_none()), (MessageStatus::Delivered, true));
    assert_eq!(message.delivered_at, Some(world.clock.now()));
}

async fn what_a_person_settled_is_not_taken_back(world: World) {
    let lived = world.lived_in("samarkand").await;
    unknown(&world, &lived).await;
    let channel = channel_of(&world, &lived).await;
    let (chats, agent, chat) = (&world.services.chats, &lived.company.agent, lived.talk.chat);
    chats.arrived(agent, chat, lived.outbound).await.unwrap();
    let list = chats.list(agent, &ChatFilter::default(), PageRequest { page: 1, limit: 25 }).await.unwrap().0;
    assert_eq!(list.items[0].last_message.as_ref().unwrap().status, MessageStatus::Delivered);
    for (late, then) in [
        (MessageStatus::Sent, MessageStatus::Delivered),
        (MessageStatus::Failed, MessageStatus::Delivered),
        (MessageStatus::Read, MessageStatus::Read),
    ] {
        world.services.delivery.report(&channel, report("SM77", late)).await.unwrap();
        let message = chats.get(agent, chat).await.unwrap().messages.pop().unwrap();
        assert_eq!(message.status, then, "after {late:?}");
    }
    let refused = chats.arrived(agent, chat, lived.inbound).await.unwrap_err();
    assert!(matches!(refused, AppError::Conflict(_)), "{refused:?}");
    let refused = chats.retry(agent, chat, lived.outbound).await.unwrap_err();
    assert!(matches!(refused, AppError::Conflict(_)), "{refused:?}");
}

async fn unread_at_once_is_unread_once(world: World) {
    let lived = world.lived_in("samarkand").await;
    let (chats, agent, chat) = (&world.services.chats, &lived.company.agent, lived.talk.chat);
    chats.read(agent, chat, lived.outbound).await.unwrap();
    at_once(6, |_| {
        let (chats, agent) = (chats.clone(), agent.clone());
        async move { chats.mark_unread(&agent, chat).await.unwrap() }
    })
    .await;
    let found = chats.get(&lived.company.manager, chat).await.unwrap();
    assert_eq!((found.chat.unread_count, found.newest_unread), (1, Some(lived.inbound)));
    let mut raw = world.raw().await;
    assert_eq!(raw.number("SELECT COUNT(*) FROM events WHERE kind = 'MessageUnread'").await, 1);
    // Read again, nothing remains.
    chats.read(agent, chat, lived.outbound).await.unwrap();
    assert_eq!(chats.unread(agent).await.unwrap(), 0);
}

async fn a_chat_of_hundreds_is_read_around_any_message(world: World) {
    let company = world.company("samarkand").await;
    let channel = world.connect(&company).await;
    let mut ids = Vec::new();
    for number in 0..130 {
        ids.push(world.receive(&channel, &sms(&format!("SM{number}"), "+998901234567", "Salom")).await);
    }
    let (chats, agent, chat) = (&world.services.chats, &company.agent, ids[0].0);
    for (at, older, newer) in [(0, false, true), (10, false, true), (60, true, true), (129, true, false)] {
        let shown = chats.get_at(agent, chat, Some(ids[at].1)).await.unwrap();
        assert!(shown.messages.iter().any(|message| message.id == ids[at].1));
        assert!(shown.messages.is_sorted_by_key(|message| message.id));
        assert_eq!((shown.has_more, shown.has_newer), (older, newer), "{at}");
    }
    let part = chats.log_part(agent, chat, ids[3].1, None).await.unwrap();
    assert_eq!((part.messages.len(), part.before, part.after, part.has_newer), (101, 1, 0, true));
    let part = chats.log_part(agent, chat, ids[0].1, Some(ids[4].1)).await.unwrap();
    assert_eq!((part.messages.len(), part.before, part.after, part.has_newer), (6, 0, 1, false));
    let part = chats.log_part(agent, chat, ids[129].1, Some(ids[129].1)).await.unwrap();
    assert_eq!((part.messages.len(), part.before, part.after), (2, 1, 0));
    let part = chats.log_part(agent, chat, aloqa::domain::MessageId(i64::MAX), None).await.unwrap();
    assert_eq!((part.messages.len(), part.before), (1, 1));
    assert!(part.messages.iter().all(|message| message.direction == Direction::Inbound));
}
