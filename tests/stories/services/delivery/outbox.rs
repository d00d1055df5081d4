//! Stories of the way out: nothing is lost, nothing is sent twice silently, and a status never goes backwards.

use std::{collections::HashSet, time::Duration};

use aloqa::{
    domain::{
        ChatId, ClientId, Event, EventId, Failure, Message, MessageId, MessageStatus, MessageText, Transport,
    },
    error::AppError,
    services::{ChannelContext, GAVE_UP, Outgoing, ReportedStatus, SecretKey, UNKNOWN_FATE, Vault},
    simulator::Behaviour,
};
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::support::{
    Company, World, at_once,
    providers::twilio::{account, early_report, report, sms},
    world::{impatient, listener, until},
};

on_both_engines![
    a_message_is_sent_delivered_and_read,
    what_is_sent_says_where_to_report,
    a_late_report_takes_nothing_back,
    a_failure_is_final_until_someone_tries_again,
    what_a_failure_says_is_kept,
    whoever_asks_us_to_wait_is_waited_for,
    a_provider_that_is_away_gets_it_when_it_is_back,
    what_could_not_be_handed_over_in_a_day_fails,
    a_broken_answer_leaves_the_fate_unknown_and_is_not_repeated,
    a_silent_provider_leaves_the_fate_unknown_and_a_report_settles_it,
    what_a_dead_worker_held_is_unknown,
    a_report_may_come_before_the_answer,
    a_report_stops_what_was_to_be_tried_again,
    a_failure_that_is_reported_while_it_waits_can_be_retried,
    a_report_of_an_earlier_try_is_not_about_this_one,
    reports_about_nothing_of_ours_change_nothing,
    retry_pressed_twice_sends_once,
    only_what_failed_or_is_unknown_is_retried,
    what_was_deleted_is_not_sent,
    a_secret_that_does_not_open_sends_nothing_and_loses_nothing,
    reports_at_once_end_where_the_last_would,
    the_worker_sends_what_is_queued_and_stops_when_told,
    two_workers_send_each_message_once,
    a_worker_that_stops_finishes_what_is_under_way,
];

/// A company with a chat in which it can answer.
struct Office {
    world: World,
    company: Company,
    channel: ChannelContext,
    chat: ChatId,
    client: ClientId,
}

impl Office {
    async fn new(world: World) -> Self {
        let company = world.company("samarkand").await;
        let channel = world.connect(&company).await;
        let client = company.client(&world, "Aziza", "+998901234567").await;
        let (chat, _) = world.services.chats.open(&company.agent, client).await.unwrap();
        Self { world, company, channel, chat: chat.id, client }
    }

    async fn send(&self, text: &str) -> Message {
        let text = MessageText::parse(text).unwrap();
        let outgoing = Outgoing { text, ..Outgoing::default() };
        self.world.services.chats.send(&self.company.agent, self.chat, outgoing).await.unwrap()
    }

    /// Queues a message and hands it over, as `behaviour` has it.
    async fn hand_over(&self, behaviour: Behaviour) -> Message {
        let message = self.send("Salom").await;
        self.world.simulator.next(behaviour);
        assert_eq!(self.drain().await, 1);
        self.message(message.id).await
    }

    async fn drain(&self) -> usize {
        self.world.services.delivery.drain().await.unwrap()
    }

    async fn message(&self, id: MessageId) -> Message {
        self.company.read().await.messages().find(id).await.unwrap().unwrap()
    }

    async fn status(&self, id: MessageId) -> MessageStatus {
        self.message(id).await.status
    }

    async fn report(&self, reported: ReportedStatus) -> bool {
        self.world.services.delivery.report(&self.channel, reported).await.unwrap()
    }

    async fn retry(&self, id: MessageId) -> aloqa::error::Result<Message> {
        self.world.services.chats.retry(&self.company.agent, self.chat, id).await
    }

    /// What Twilio calls the message that it was asked for last.
    fn sid(&self) -> String {
        self.world.simulator.requests().last().unwrap().message_sid.clone()
    }

    fn asked(&self) -> usize {
        self.world.simulator.requests().len()
    }

    async fn outbox(&self) -> i64 {
        self.world.raw().await.count("deliveries").await
    }

    /// What the chat list shows.
    async fn head(&self) -> MessageStatus {
        let chat = self.company.read().await.chats().get(self.chat).await.unwrap().unwrap();
        chat.last_message.unwrap().status
    }

    async fn changes(&self) -> usize {
        let (events, _) = self.company.read().await.events().after(EventId(0), 1_000).await.unwrap();
        events.iter().filter(|e| matches!(e.event, Event::MessageStatusChanged { .. })).count()
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Behaviour {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Behaviour::Answer { status, headers, body: body.to_owned() }
}

async fn a_message_is_sent_delivered_and_read(world: World) {
    let office = Office::new(world).await;
    let message = office.send("Salom").await;
    let start = office.world.clock.now();
    office.world.later(TimeDelta::seconds(1));
    office.world.simulator.next(Behaviour::AcceptSilently);
    assert_eq!(office.drain().await, 1);
    let sent = office.message(message.id).await;
    assert_eq!((sent.status, sent.sent_at), (MessageStatus::Sent, Some(start + TimeDelta::seconds(1))));
    assert_eq!(office.outbox().await, 0);

    let sid = office.sid();
    for (minute, status) in [(1, MessageStatus::Delivered), (2, MessageStatus::Read)] {
        office.world.later(TimeDelta::minutes(1));
        assert!(office.report(report(&sid, status)).await);
        assert!(office.report(report(&sid, status)).await, "twice is as good as once");
        assert_eq!((office.status(message.id).await, office.head().await), (status, status));
        let then = start + TimeDelta::seconds(1) + TimeDelta::minutes(minute);
        let message = office.message(message.id).await;
        let at = if status == MessageStatus::Read { message.read_at } else { message.delivered_at };
        assert_eq!(at, Some(then));
    }
    let read = office.message(message.id).await;
    assert_eq!((read.sent_at, read.failure), (Some(start + TimeDelta::seconds(1)), None));
    assert_eq!(office.changes().await, 3, "each change is told once");
}

async fn what_is_sent_says_where_to_report(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(Behaviour::AcceptSilently).await;
    let whatsapp = Outgoing {
        text: MessageText::parse("Салом\nўзингиз?").unwrap(),
        transport: Some(Transport::Whatsapp),
        idempotency_key: None,
        ..Outgoing::default()
    };
    office.world.services.chats.send(&office.company.agent, office.chat, whatsapp).await.unwrap();
    office.drain().await;
    let requests = office.world.simulator.requests();
    let account_sid = &office.channel.channel.account_sid;
    assert_eq!(&requests[0].account_sid, account_sid);
    assert!(requests[0].headers.contains(&("authorization".into(), format!("Basic {account_sid}"))));
    let form = |index: usize, name| requests[index].value(name).unwrap_or_default();
    assert_eq!(form(0, "To"), "+998901234567");
    assert_eq!(Some(form(0, "From")), office.channel.channel.sms_number.as_deref());
    assert_eq!(form(0, "Body"), "Salom");
    let callback =
        format!("https://crm.example.uz/crm/webhooks/twilio/status?message={}", message.reference());
    assert_eq!(form(0, "StatusCallback"), callback);
    assert_eq!(form(1, "To"), "whatsapp:+998901234567");
    assert!(form(1, "From").starts_with("whatsapp:+"));
    assert_eq!(form(1, "Body"), "Салом\nўзингиз?");
}

async fn a_late_report_takes_nothing_back(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(Behaviour::AcceptSilently).await;
    let sid = office.sid();
    office.report(report(&sid, MessageStatus::Read)).await;
    let before = office.message(message.id).await;
    let changes = office.changes().await;
    office.world.later(TimeDelta::minutes(1));
    for late in [MessageStatus::Delivered, MessageStatus::Sent, MessageStatus::Queued, MessageStatus::Failed]
    {
        assert!(office.report(report(&sid, late)).await);
        let now = office.message(message.id).await;
        assert_eq!((now.status, now.failure), (MessageStatus::Read, None), "after {late:?}");
        assert_eq!((now.delivered_at, now.read_at), (before.delivered_at, before.read_at));
    }
    assert_eq!((office.head().await, office.changes().await), (MessageStatus::Read, changes));
}

async fn a_failure_is_final_until_someone_tries_again(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(Behaviour::AcceptSilently).await;
    let first = office.sid();
    office.report(report(&first, MessageStatus::Failed)).await;
    for late in [MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Read] {
        office.report(report(&first, late)).await;
        assert_eq!(office.status(message.id).await, MessageStatus::Failed, "after {late:?}");
    }
    assert_eq!((office.drain().await, office.asked()), (0, 1), "nobody tries by itself");

    let again = office.retry(message.id).await.unwrap();
    assert_eq!((again.id, again.status, again.failure), (message.id, MessageStatus::Queued, None));
    assert_eq!(office.head().await, MessageStatus::Queued);
    office.world.simulator.next(Behaviour::AcceptSilently);
    assert_eq!(office.drain().await, 1);
    office.report(report(&office.sid(), MessageStatus::Delivered)).await;
    assert_eq!((office.status(message.id).await, office.asked()), (MessageStatus::Delivered, 2));
}

async fn what_a_failure_says_is_kept(world: World) {
    let office = Office::new(world).await;
    office.world.simulator.opt_out("+998901234567");
    let refused = office.send("Salom").await;
    office.drain().await;
    let refused = office.message(refused.id).await;
    let words = "Attempt to send to unsubscribed recipient";
    assert_eq!(refused.status, MessageStatus::Failed);
    assert_eq!(refused.failure, Some(Failure { code: "21610".into(), detail: Some(words.into()) }));
    assert_eq!((refused.sent_at, office.outbox().await), (None, 0));

    office.world.simulator.opt_in("+998901234567");
    let message = office.hand_over(Behaviour::AcceptSilently).await;
    let why = Failure { code: "30003".into(), detail: None };
    let reported =
        ReportedStatus { failure: Some(why.clone()), ..report(&office.sid(), MessageStatus::Failed) };
    office.report(reported).await;
    let failed = office.message(message.id).await;
    assert_eq!((failed.failure.as_ref(), failed.sent_at), (Some(&why), message.sent_at));
    for late in [MessageStatus::Delivered, MessageStatus::Failed] {
        office.report(report(&office.sid(), late)).await;
        assert_eq!(office.message(message.id).await.failure.as_ref(), Some(&why), "after a late {late:?}");
    }
}

async fn whoever_asks_us_to_wait_is_waited_for(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(answer(429, &[("Retry-After", "30")], r#"{"code":20429}"#)).await;
    assert_eq!((message.status, message.failure), (MessageStatus::Queued, None), "it still waits");
    office.world.later(TimeDelta::seconds(30) - TimeDelta::microseconds(1));
    assert_eq!(office.drain().await, 0);
    office.world.later(TimeDelta::microseconds(1));
    assert_eq!(office.drain().await, 1);
    assert_eq!((office.status(message.id).await, office.asked()), (MessageStatus::Sent, 2));
}

async fn a_provider_that_is_away_gets_it_when_it_is_back(world: World) {
    let office = Office::new(world).await;
    let (closed, nowhere) = listener();
    drop(closed);
    let away = office.world.services_with(|foundation| foundation.twilio_api_url = nowhere);
    let message = office.send("Salom").await;
    for minute in 0..3 {
        assert_eq!(away.delivery.drain().await.unwrap(), 1, "try {minute}");
        assert_eq!(away.delivery.drain().await.unwrap(), 0, "not again at once");
        assert_eq!(office.status(message.id).await, MessageStatus::Queued);
        office.world.later(TimeDelta::minutes(1));
    }
    for status in [500, 503, 408] {
        office.world.simulator.next(answer(status, &[], ""));
        assert_eq!(office.drain().await, 1);
        office.world.later(TimeDelta::minutes(1));
    }
    assert_eq!(office.drain().await, 1);
    assert_eq!((office.status(message.id).await, office.asked()), (MessageStatus::Sent, 4));
}

async fn what_could_not_be_handed_over_in_a_day_fails(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(answer(503, &[], "")).await;
    office.world.later(TimeDelta::hours(24));
    office.world.simulator.next(answer(503, &[], ""));
    office.drain().await;
    let failed = office.message(message.id).await;
    assert_eq!(failed.status, MessageStatus::Failed);
    assert_eq!(failed.failure.unwrap().code, GAVE_UP);
    assert_eq!(office.outbox().await, 0);
}

async fn a_broken_answer_leaves_the_fate_unknown_and_is_not_repeated(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(Behaviour::CloseBeforeAnswer).await;
    assert_eq!((message.status, message.sent_at), (MessageStatus::Unknown, None));
    assert_eq!(message.failure.unwrap().code, UNKNOWN_FATE);
    office.world.later(TimeDelta::days(2));
    assert_eq!((office.drain().await, office.asked(), office.outbox().await), (0, 1, 0));
    // A person may decide.
    office.retry(message.id).await.unwrap();
    office.drain().await;
    assert_eq!((office.status(message.id).await, office.asked()), (MessageStatus::Sent, 2));
}

async fn a_silent_provider_leaves_the_fate_unknown_and_a_report_settles_it(world: World) {
    let office = Office::new(world).await;
    let impatient = office.world.services_with(|foundation| foundation.http = impatient());
    let message = office.send("Salom").await;
    office.world.simulator.next(Behaviour::Hang);
    impatient.delivery.drain().await.unwrap();
    let unknown = office.message(message.id).await;
    assert_eq!(unknown.status, MessageStatus::Unknown);
    assert!(office.report(early_report(&office.sid(), &unknown, MessageStatus::Delivered)).await);
    let settled = office.message(message.id).await;
    assert_eq!((settled.status, settled.failure), (MessageStatus::Delivered, None));
    assert!(office.report(report(&office.sid(), MessageStatus::Read)).await, "it is known by name now");
    assert_eq!(office.status(message.id).await, MessageStatus::Read);
}

async fn what_a_dead_worker_held_is_unknown(world: World) {
    let office = Office::new(world).await;
    let message = office.send("Salom").await;
    assert_eq!(office.world.services.delivery.claim(10).await.unwrap().len(), 1);
    // And here it died.
    office.world.later(TimeDelta::seconds(60));
    office.drain().await;
    assert_eq!(office.status(message.id).await, MessageStatus::Queued, "it has its lease to the end");
    office.world.later(TimeDelta::microseconds(1));
    assert_eq!((office.drain().await, office.asked()), (0, 0), "it may have been sent");
    let unknown = office.message(message.id).await;
    assert_eq!(
        (unknown.status, unknown.failure.unwrap().code.as_str()),
        (MessageStatus::Unknown, UNKNOWN_FATE)
    );
    assert_eq!((office.head().await, office.outbox().await), (MessageStatus::Unknown, 0));
}

async fn a_report_may_come_before_the_answer(world: World) {
    let office = Office::new(world).await;
    office.world.take_callbacks(&office.channel);
    let message = office.hand_over(Behaviour::CallbackBeforeAnswer).await;
    assert_eq!(
        (message.status, message.failure),
        (MessageStatus::Delivered, None),
        "the answer takes nothing back"
    );
    assert_eq!((office.head().await, office.outbox().await), (MessageStatus::Delivered, 0));
    assert!(office.report(report(&office.sid(), MessageStatus::Read)).await);
    assert_eq!((office.drain().await, office.asked()), (0, 1));
}

async fn a_report_stops_what_was_to_be_tried_again(world: World) {
    let office = Office::new(world).await;
    // A gateway gave up, but the provider behind it has the message.
    for status in [MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Failed] {
        let message = office.hand_over(answer(504, &[], "")).await;
        assert_eq!(message.status, MessageStatus::Queued);
        assert!(office.report(early_report(&office.sid(), &message, status)).await);
        let asked = office.asked();
        office.world.later(TimeDelta::hours(1));
        office.drain().await;
        assert_eq!(office.asked(), asked, "{status:?} was reported, and it was sent again");
        assert_eq!((office.status(message.id).await, office.outbox().await), (status, 0));
    }
}

async fn a_failure_that_is_reported_while_it_waits_can_be_retried(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(answer(504, &[], "")).await;
    office.report(early_report(&office.sid(), &message, MessageStatus::Failed)).await;
    office.retry(message.id).await.unwrap();
    office.drain().await;
    assert_eq!((office.status(message.id).await, office.asked()), (MessageStatus::Sent, 2));
}

async fn a_report_of_an_earlier_try_is_not_about_this_one(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(Behaviour::CloseBeforeAnswer).await;
    let first = office.sid();
    office.retry(message.id).await.unwrap();
    assert!(!office.report(early_report(&first, &message, MessageStatus::Failed)).await);
    assert_eq!(office.status(message.id).await, MessageStatus::Queued);
    office.drain().await;
    assert!(!office.report(early_report(&first, &message, MessageStatus::Failed)).await);
    assert_eq!(office.status(message.id).await, MessageStatus::Sent);
}

async fn reports_about_nothing_of_ours_change_nothing(world: World) {
    let office = Office::new(world).await;
    let sent = office.hand_over(Behaviour::AcceptSilently).await;
    let queued = office.send("still here").await;
    let (_, inbound) = office.world.receive(&office.channel, &sms("SM7", "+998901234567", "Alik")).await;
    let other = office.world.company("bukhara").await;
    let elsewhere = office.world.connect(&other).await;
    let second = office.world.connect_account(&office.company, account(77)).await;
    let sid = office.sid();

    let no = async |by: &ChannelContext, reported: ReportedStatus| {
        let about = format!("{reported:?}");
        assert!(!office.world.services.delivery.report(by, reported).await.unwrap(), "{about}");
    };
    no(&office.channel, report("SM999", MessageStatus::Read)).await;
    no(&office.channel, report("SM7", MessageStatus::Read)).await;
    for stranger in [&elsewhere, &second] {
        no(stranger, report(&sid, MessageStatus::Read)).await;
        no(stranger, early_report("SM8", &queued, MessageStatus::Read)).await;
        no(stranger, early_report("SM8", &sent, MessageStatus::Read)).await;
    }
    no(&office.channel, early_report("SM8", &sent, MessageStatus::Read)).await;
    for reference in ["", ".", "x.0", "999.0", &format!("{}", queued.id), &format!("{}.x", queued.id)] {
        let reference = Some(reference.to_owned());
        no(&office.channel, ReportedStatus { reference, ..report("SM8", MessageStatus::Read) }).await;
    }
    assert_eq!(office.status(sent.id).await, MessageStatus::Sent);
    assert_eq!(office.status(queued.id).await, MessageStatus::Queued);
    let inbound = office.message(inbound).await;
    assert_eq!((inbound.status, inbound.read_at), (MessageStatus::Received, None));
}

async fn retry_pressed_twice_sends_once(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(answer(400, &[], r#"{"code":21211}"#)).await;
    assert_eq!(message.status, MessageStatus::Failed);
    let pressed = at_once(8, |_| {
        let (chats, actor) = (office.world.services.chats.clone(), office.company.agent.clone());
        let (chat, id) = (office.chat, message.id);
        async move { chats.retry(&actor, chat, id).await.unwrap().retries }
    });
    assert_eq!(pressed.await, [1; 8]);
    assert_eq!((office.outbox().await, office.drain().await, office.asked()), (1, 1, 2));
}

async fn only_what_failed_or_is_unknown_is_retried(world: World) {
    let office = Office::new(world).await;
    let sent = office.hand_over(Behaviour::AcceptSilently).await;
    let (_, inbound) = office.world.receive(&office.channel, &sms("SM7", "+998901234567", "Alik")).await;
    for id in [sent.id, inbound] {
        let refused = office.retry(id).await.unwrap_err();
        assert!(
            matches!(&refused, AppError::Conflict(conflict) if conflict.field == Some("status")),
            "{refused:?}"
        );
    }
    assert!(matches!(office.retry(MessageId(inbound.0 + 100)).await, Err(AppError::NotFound)));
    let queued = office.send("Salom").await;
    assert_eq!(office.retry(queued.id).await.unwrap().retries, 0, "it is on its way");
    assert_eq!(office.outbox().await, 1);
}

async fn what_was_deleted_is_not_sent(world: World) {
    let office = Office::new(world).await;
    office.send("Salom").await;
    office.world.services.clients.delete(&office.company.manager, office.client).await.unwrap();
    assert_eq!((office.drain().await, office.asked()), (0, 0));
}

async fn a_secret_that_does_not_open_sends_nothing_and_loses_nothing(world: World) {
    let office = Office::new(world).await;
    let key = SecretKey::from_base64("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    let wrong = office.world.services_with(|foundation| foundation.vault = Vault::new(&key));
    let message = office.send("Salom").await;
    wrong.delivery.drain().await.unwrap();
    assert_eq!((office.status(message.id).await, office.asked()), (MessageStatus::Queued, 0));
    office.world.later(TimeDelta::minutes(2));
    office.drain().await;
    assert_eq!((office.status(message.id).await, office.asked()), (MessageStatus::Sent, 1));
}

async fn reports_at_once_end_where_the_last_would(world: World) {
    let office = Office::new(world).await;
    let message = office.hand_over(answer(504, &[], "")).await;
    let statuses =
        [MessageStatus::Queued, MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Read];
    let sid = office.sid();
    let stored = at_once(20, |number| {
        let (delivery, channel) = (office.world.services.delivery.clone(), office.channel.clone());
        let reported = early_report(&sid, &message, statuses[number % 4]);
        async move { delivery.report(&channel, reported).await.unwrap() }
    });
    assert!(stored.await.into_iter().all(|stored| stored));
    assert_eq!(
        (office.status(message.id).await, office.head().await),
        (MessageStatus::Read, MessageStatus::Read)
    );
    let changes = office.changes().await;
    assert!((1..=3).contains(&changes), "{changes} changes were told");
}

async fn the_worker_sends_what_is_queued_and_stops_when_told(world: World) {
    let office = Office::new(world).await;
    office.world.take_callbacks(&office.channel);
    let stop = CancellationToken::new();
    let before = office.send("before it began").await;
    let worker = tokio::spawn({
        let (delivery, stop) = (office.world.services.delivery.clone(), stop.clone());
        async move { delivery.run(stop).await }
    });
    let mut ids = vec![before.id];
    for number in 0..20 {
        ids.push(office.send(&number.to_string()).await.id);
    }
    until(async || {
        let messages = office.company.read().await.messages().many(&ids).await.unwrap();
        messages.iter().all(|message| message.status == MessageStatus::Delivered)
    })
    .await;
    assert_eq!((office.asked(), office.outbox().await), (21, 0));
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), worker).await.unwrap().unwrap();
    let late = office.send("after it ended").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(office.status(late.id).await, MessageStatus::Queued);
}

async fn two_workers_send_each_message_once(world: World) {
    let office = Office::new(world).await;
    for number in 0..30 {
        office.send(&number.to_string()).await;
    }
    let stop = CancellationToken::new();
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let (services, stop) = (office.world.services_with(|_| ()), stop.clone());
            tokio::spawn(async move { services.delivery.run(stop).await })
        })
        .collect();
    until(async || office.outbox().await == 0).await;
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    let bodies: Vec<_> = office
        .world
        .simulator
        .requests()
        .iter()
        .map(|request| request.value("Body").unwrap().to_owned())
        .collect();
    assert_eq!((bodies.len(), bodies.iter().collect::<HashSet<_>>().len()), (30, 30));
}

async fn a_worker_that_stops_finishes_what_is_under_way(world: World) {
    let office = Office::new(world).await;
    let services = office.world.services_with(|foundation| foundation.http = impatient());
    office.world.simulator.next(Behaviour::Hang);
    let message = office.send("Salom").await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let stop = stop.clone();
        async move { services.delivery.run(stop).await }
    });
    until(async || office.asked() == 1).await;
    stop.cancel();
    worker.await.unwrap();
    assert_eq!((office.status(message.id).await, office.outbox().await), (MessageStatus::Unknown, 0));
}
