//! Tests of the outbox: no message is lost, none is sent twice unnoticed, and a status never goes backwards.

use std::{collections::HashSet, time::Duration};

use aloqa::{
    domain::{
        ChatId, ClientId, Event, EventId, Failure, InboundMessage, Message, MessageId, MessageStatus,
        MessageText, ReportedStatus, Transport,
    },
    error::AppError,
    providers::twilio::NAME,
    services::{ChannelContext, DELIVERY_UNCONFIRMED, OutgoingMessage, RETRIES_EXHAUSTED, SecretKey, Vault},
    simulator::Behaviour,
};
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::support::{
    Company, TestEnv, concurrently,
    providers::twilio::{account, early_report, report, sms},
    world::{client_with_short_timeout, listener, until},
};

on_both_engines![
    a_message_goes_through_sent_delivered_and_read,
    an_outbound_message_carries_its_status_callback,
    a_late_report_does_not_lower_the_status,
    a_failed_message_is_sent_again_only_on_retry,
    the_failure_code_and_detail_are_stored,
    retry_after_is_honoured,
    a_message_is_retried_until_the_provider_is_available,
    a_delivery_not_accepted_within_a_day_fails,
    an_unreadable_response_leaves_the_status_unknown_and_is_not_retried,
    a_timeout_leaves_the_status_unknown_until_a_report,
    a_delivery_of_a_dead_worker_becomes_unknown,
    a_report_may_arrive_before_the_provider_responds,
    a_report_stops_further_delivery_attempts,
    a_failure_reported_before_the_next_attempt_can_be_retried,
    a_report_of_an_earlier_attempt_does_not_affect_the_current_one,
    reports_about_unknown_messages_change_nothing,
    retrying_twice_sends_once,
    only_failed_and_unconfirmed_messages_can_be_retried,
    a_message_of_a_deleted_client_is_not_sent,
    an_undecryptable_secret_delays_delivery_without_loss,
    concurrent_reports_end_with_the_highest_status,
    the_worker_sends_queued_messages_and_stops_on_request,
    two_workers_send_each_message_once,
    a_stopping_worker_finishes_deliveries_in_flight,
];

/// A tenant with a chat in which it can reply.
struct Scenario {
    env: TestEnv,
    company: Company,
    channel: ChannelContext,
    chat: ChatId,
    client: ClientId,
}

impl Scenario {
    async fn new(env: TestEnv) -> Self {
        let company = env.company("samarkand").await;
        let channel = env.connect(&company).await;
        let client = company.client(&env, "Aziza", "+998901234567").await;
        let (chat, _) = env.services.chats.open(&company.agent, client).await.unwrap();
        Self { env, company, channel, chat: chat.id, client }
    }

    async fn send(&self, text: &str) -> Message {
        let text = MessageText::parse(text).unwrap();
        let outgoing = OutgoingMessage { text, ..OutgoingMessage::default() };
        self.env.services.chats.send(&self.company.agent, self.chat, outgoing).await.unwrap()
    }

    /// Queues a message and delivers it to a provider that shows this behaviour.
    async fn deliver(&self, behaviour: Behaviour) -> Message {
        let message = self.send("Salom").await;
        self.env.simulator.next(behaviour);
        assert_eq!(self.drain().await, 1);
        self.message(message.id).await
    }

    async fn drain(&self) -> usize {
        self.env.services.delivery.drain().await.unwrap()
    }

    async fn message(&self, id: MessageId) -> Message {
        self.company.read().await.messages().find(id).await.unwrap().unwrap()
    }

    async fn status(&self, id: MessageId) -> MessageStatus {
        self.message(id).await.status
    }

    async fn report(&self, reported: ReportedStatus) -> bool {
        self.env.services.delivery.report(&self.channel, reported).await.unwrap()
    }

    async fn retry(&self, id: MessageId) -> aloqa::error::Result<Message> {
        self.env.services.chats.retry(&self.company.agent, self.chat, id).await
    }

    /// The provider's id of the message that Twilio was asked to send last.
    fn sid(&self) -> String {
        self.env.simulator.requests().last().unwrap().message_sid.clone()
    }

    fn requests(&self) -> usize {
        self.env.simulator.requests().len()
    }

    async fn outbox(&self) -> i64 {
        self.env.raw().await.count("deliveries").await
    }

    /// The status that the chat list shows.
    async fn head_status(&self) -> MessageStatus {
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

async fn a_message_goes_through_sent_delivered_and_read(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.send("Salom").await;
    let start = scenario.env.clock.now();
    scenario.env.advance_clock(TimeDelta::seconds(1));
    scenario.env.simulator.next(Behaviour::AcceptSilently);
    assert_eq!(scenario.drain().await, 1);
    let sent = scenario.message(message.id).await;
    assert_eq!((sent.status, sent.sent_at), (MessageStatus::Sent, Some(start + TimeDelta::seconds(1))));
    assert_eq!(scenario.outbox().await, 0);

    let sid = scenario.sid();
    for (minute, status) in [(1, MessageStatus::Delivered), (2, MessageStatus::Read)] {
        scenario.env.advance_clock(TimeDelta::minutes(1));
        assert!(scenario.report(report(&sid, status)).await);
        assert!(scenario.report(report(&sid, status)).await, "twice is as good as once");
        assert_eq!((scenario.status(message.id).await, scenario.head_status().await), (status, status));
        let then = start + TimeDelta::seconds(1) + TimeDelta::minutes(minute);
        let message = scenario.message(message.id).await;
        let at = if status == MessageStatus::Read { message.read_at } else { message.delivered_at };
        assert_eq!(at, Some(then));
    }
    let read = scenario.message(message.id).await;
    assert_eq!((read.sent_at, read.failure), (Some(start + TimeDelta::seconds(1)), None));
    assert_eq!(scenario.changes().await, 3, "each change is told once");
}

async fn an_outbound_message_carries_its_status_callback(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(Behaviour::AcceptSilently).await;
    let (from, text) = ("+998901234567".to_owned(), MessageText::from_provider("Salom"));
    let inbound = InboundMessage::new("SM-window".to_owned(), Transport::Whatsapp, from, text);
    scenario.env.receive(&scenario.channel, &inbound).await;
    let whatsapp = OutgoingMessage {
        text: MessageText::parse("Салом\nўзингиз?").unwrap(),
        transport: Some(Transport::Whatsapp),
        idempotency_key: None,
        ..OutgoingMessage::default()
    };
    scenario.env.services.chats.send(&scenario.company.agent, scenario.chat, whatsapp).await.unwrap();
    scenario.drain().await;
    let requests = scenario.env.simulator.requests();
    let account_sid = &scenario.channel.channel.account;
    assert_eq!(&requests[0].account_sid, account_sid);
    assert!(requests[0].headers.contains(&("authorization".into(), format!("Basic {account_sid}"))));
    let form = |index: usize, name| requests[index].value(name).unwrap_or_default();
    assert_eq!(form(0, "To"), "+998901234567");
    assert_eq!(Some(form(0, "From")), scenario.channel.channel.address("sms_number"));
    assert_eq!(form(0, "Body"), "Salom");
    let callback =
        format!("https://crm.example.uz/crm/webhooks/twilio/status?message={}", message.callback_reference());
    assert_eq!(form(0, "StatusCallback"), callback);
    assert_eq!(form(1, "To"), "whatsapp:+998901234567");
    assert!(form(1, "From").starts_with("whatsapp:+"));
    assert_eq!(form(1, "Body"), "Салом\nўзингиз?");
}

async fn a_late_report_does_not_lower_the_status(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(Behaviour::AcceptSilently).await;
    let sid = scenario.sid();
    scenario.report(report(&sid, MessageStatus::Read)).await;
    let before = scenario.message(message.id).await;
    let changes = scenario.changes().await;
    scenario.env.advance_clock(TimeDelta::minutes(1));
    for late in [MessageStatus::Delivered, MessageStatus::Sent, MessageStatus::Queued, MessageStatus::Failed]
    {
        assert!(scenario.report(report(&sid, late)).await);
        let now = scenario.message(message.id).await;
        assert_eq!((now.status, now.failure), (MessageStatus::Read, None), "after {late:?}");
        assert_eq!((now.delivered_at, now.read_at), (before.delivered_at, before.read_at));
    }
    assert_eq!((scenario.head_status().await, scenario.changes().await), (MessageStatus::Read, changes));
}

async fn a_failed_message_is_sent_again_only_on_retry(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(Behaviour::AcceptSilently).await;
    let first = scenario.sid();
    scenario.report(report(&first, MessageStatus::Failed)).await;
    for late in [MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Read] {
        scenario.report(report(&first, late)).await;
        assert_eq!(scenario.status(message.id).await, MessageStatus::Failed, "after {late:?}");
    }
    assert_eq!((scenario.drain().await, scenario.requests()), (0, 1), "nobody tries by itself");

    let again = scenario.retry(message.id).await.unwrap();
    assert_eq!((again.id, again.status, again.failure), (message.id, MessageStatus::Queued, None));
    assert_eq!(scenario.head_status().await, MessageStatus::Queued);
    scenario.env.simulator.next(Behaviour::AcceptSilently);
    assert_eq!(scenario.drain().await, 1);
    scenario.report(report(&scenario.sid(), MessageStatus::Delivered)).await;
    assert_eq!((scenario.status(message.id).await, scenario.requests()), (MessageStatus::Delivered, 2));
}

async fn the_failure_code_and_detail_are_stored(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    scenario.env.simulator.opt_out("+998901234567");
    let refused = scenario.send("Salom").await;
    scenario.drain().await;
    let refused = scenario.message(refused.id).await;
    let words = "Attempt to send to unsubscribed recipient";
    assert_eq!(refused.status, MessageStatus::Failed);
    assert_eq!(refused.failure, Some(Failure { code: "21610".into(), detail: Some(words.into()) }));
    assert_eq!((refused.sent_at, scenario.outbox().await), (None, 0));

    scenario.env.simulator.opt_in("+998901234567");
    // As after START; without it nothing goes by another transport.
    scenario.env.raw().await.run("DELETE FROM suppressions").await.unwrap();
    let message = scenario.deliver(Behaviour::AcceptSilently).await;
    let why = Failure { code: "30003".into(), detail: None };
    let reported =
        ReportedStatus { failure: Some(why.clone()), ..report(&scenario.sid(), MessageStatus::Failed) };
    scenario.report(reported).await;
    let failed = scenario.message(message.id).await;
    assert_eq!((failed.failure.as_ref(), failed.sent_at), (Some(&why), message.sent_at));
    for late in [MessageStatus::Delivered, MessageStatus::Failed] {
        scenario.report(report(&scenario.sid(), late)).await;
        assert_eq!(scenario.message(message.id).await.failure.as_ref(), Some(&why), "after a late {late:?}");
    }
}

async fn retry_after_is_honoured(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(answer(429, &[("Retry-After", "30")], r#"{"code":20429}"#)).await;
    assert_eq!((message.status, message.failure), (MessageStatus::Queued, None), "it still waits");
    scenario.env.advance_clock(TimeDelta::seconds(30) - TimeDelta::microseconds(1));
    assert_eq!(scenario.drain().await, 0);
    scenario.env.advance_clock(TimeDelta::microseconds(1));
    assert_eq!(scenario.drain().await, 1);
    assert_eq!((scenario.status(message.id).await, scenario.requests()), (MessageStatus::Sent, 2));
}

async fn a_message_is_retried_until_the_provider_is_available(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let (closed, nowhere) = listener();
    drop(closed);
    let away = scenario.env.services_with(|dependencies| dependencies.api_urls.set(NAME, nowhere));
    let message = scenario.send("Salom").await;
    for minute in 0..3 {
        assert_eq!(away.delivery.drain().await.unwrap(), 1, "try {minute}");
        assert_eq!(away.delivery.drain().await.unwrap(), 0, "not again at once");
        assert_eq!(scenario.status(message.id).await, MessageStatus::Queued);
        scenario.env.advance_clock(TimeDelta::minutes(1));
    }
    for status in [500, 503, 408] {
        scenario.env.simulator.next(answer(status, &[], ""));
        assert_eq!(scenario.drain().await, 1);
        scenario.env.advance_clock(TimeDelta::minutes(1));
    }
    assert_eq!(scenario.drain().await, 1);
    assert_eq!((scenario.status(message.id).await, scenario.requests()), (MessageStatus::Sent, 4));
}

async fn a_delivery_not_accepted_within_a_day_fails(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(answer(503, &[], "")).await;
    scenario.env.advance_clock(TimeDelta::hours(24));
    scenario.env.simulator.next(answer(503, &[], ""));
    scenario.drain().await;
    let failed = scenario.message(message.id).await;
    assert_eq!(failed.status, MessageStatus::Failed);
    assert_eq!(failed.failure.unwrap().code, RETRIES_EXHAUSTED);
    assert_eq!(scenario.outbox().await, 0);
}

async fn an_unreadable_response_leaves_the_status_unknown_and_is_not_retried(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(Behaviour::CloseBeforeAnswer).await;
    assert_eq!((message.status, message.sent_at), (MessageStatus::Unknown, None));
    assert_eq!(message.failure.unwrap().code, DELIVERY_UNCONFIRMED);
    scenario.env.advance_clock(TimeDelta::days(2));
    assert_eq!((scenario.drain().await, scenario.requests(), scenario.outbox().await), (0, 1, 0));
    // A user may decide.
    scenario.retry(message.id).await.unwrap();
    scenario.drain().await;
    assert_eq!((scenario.status(message.id).await, scenario.requests()), (MessageStatus::Sent, 2));
}

async fn a_timeout_leaves_the_status_unknown_until_a_report(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let impatient =
        scenario.env.services_with(|dependencies| dependencies.http = client_with_short_timeout());
    let message = scenario.send("Salom").await;
    scenario.env.simulator.next(Behaviour::Hang);
    impatient.delivery.drain().await.unwrap();
    let unknown = scenario.message(message.id).await;
    assert_eq!(unknown.status, MessageStatus::Unknown);
    assert!(scenario.report(early_report(&scenario.sid(), &unknown, MessageStatus::Delivered)).await);
    let settled = scenario.message(message.id).await;
    assert_eq!((settled.status, settled.failure), (MessageStatus::Delivered, None));
    assert!(scenario.report(report(&scenario.sid(), MessageStatus::Read)).await, "it is known by name now");
    assert_eq!(scenario.status(message.id).await, MessageStatus::Read);
}

async fn a_delivery_of_a_dead_worker_becomes_unknown(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.send("Salom").await;
    assert_eq!(scenario.env.services.delivery.lease(10).await.unwrap().len(), 1);
    // The worker dies here.
    scenario.env.advance_clock(TimeDelta::seconds(60));
    scenario.drain().await;
    assert_eq!(scenario.status(message.id).await, MessageStatus::Queued, "it has its lease to the end");
    scenario.env.advance_clock(TimeDelta::microseconds(1));
    assert_eq!((scenario.drain().await, scenario.requests()), (0, 0), "it may have been sent");
    let unknown = scenario.message(message.id).await;
    assert_eq!(
        (unknown.status, unknown.failure.unwrap().code.as_str()),
        (MessageStatus::Unknown, DELIVERY_UNCONFIRMED)
    );
    assert_eq!((scenario.head_status().await, scenario.outbox().await), (MessageStatus::Unknown, 0));
}

async fn a_report_may_arrive_before_the_provider_responds(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    scenario.env.take_callbacks(&scenario.channel);
    let message = scenario.deliver(Behaviour::CallbackBeforeAnswer).await;
    assert_eq!(
        (message.status, message.failure),
        (MessageStatus::Delivered, None),
        "the answer takes nothing back"
    );
    assert_eq!((scenario.head_status().await, scenario.outbox().await), (MessageStatus::Delivered, 0));
    assert!(scenario.report(report(&scenario.sid(), MessageStatus::Read)).await);
    assert_eq!((scenario.drain().await, scenario.requests()), (0, 1));
}

async fn a_report_stops_further_delivery_attempts(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    // A gateway timed out, but the provider behind it has the message.
    for status in [MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Failed] {
        let message = scenario.deliver(answer(504, &[], "")).await;
        assert_eq!(message.status, MessageStatus::Queued);
        assert!(scenario.report(early_report(&scenario.sid(), &message, status)).await);
        let requests = scenario.requests();
        scenario.env.advance_clock(TimeDelta::hours(1));
        scenario.drain().await;
        assert_eq!(scenario.requests(), requests, "{status:?} was reported, and it was sent again");
        assert_eq!((scenario.status(message.id).await, scenario.outbox().await), (status, 0));
    }
}

async fn a_failure_reported_before_the_next_attempt_can_be_retried(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(answer(504, &[], "")).await;
    scenario.report(early_report(&scenario.sid(), &message, MessageStatus::Failed)).await;
    scenario.retry(message.id).await.unwrap();
    scenario.drain().await;
    assert_eq!((scenario.status(message.id).await, scenario.requests()), (MessageStatus::Sent, 2));
}

async fn a_report_of_an_earlier_attempt_does_not_affect_the_current_one(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(Behaviour::CloseBeforeAnswer).await;
    let first = scenario.sid();
    scenario.retry(message.id).await.unwrap();
    assert!(!scenario.report(early_report(&first, &message, MessageStatus::Failed)).await);
    assert_eq!(scenario.status(message.id).await, MessageStatus::Queued);
    scenario.drain().await;
    assert!(!scenario.report(early_report(&first, &message, MessageStatus::Failed)).await);
    assert_eq!(scenario.status(message.id).await, MessageStatus::Sent);
}

async fn reports_about_unknown_messages_change_nothing(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let sent = scenario.deliver(Behaviour::AcceptSilently).await;
    let queued = scenario.send("still here").await;
    let (_, inbound) = scenario.env.receive(&scenario.channel, &sms("SM7", "+998901234567", "Alik")).await;
    let other = scenario.env.company("bukhara").await;
    let elsewhere = scenario.env.connect(&other).await;
    let second = scenario.env.connect_account(&scenario.company, account(77)).await;
    let sid = scenario.sid();

    let no = async |by: &ChannelContext, reported: ReportedStatus| {
        let about = format!("{reported:?}");
        assert!(!scenario.env.services.delivery.report(by, reported).await.unwrap(), "{about}");
    };
    no(&scenario.channel, report("SM999", MessageStatus::Read)).await;
    no(&scenario.channel, report("SM7", MessageStatus::Read)).await;
    for stranger in [&elsewhere, &second] {
        no(stranger, report(&sid, MessageStatus::Read)).await;
        no(stranger, early_report("SM8", &queued, MessageStatus::Read)).await;
        no(stranger, early_report("SM8", &sent, MessageStatus::Read)).await;
    }
    no(&scenario.channel, early_report("SM8", &sent, MessageStatus::Read)).await;
    for reference in ["", ".", "x.0", "999.0", &format!("{}", queued.id), &format!("{}.x", queued.id)] {
        let reference = Some(reference.to_owned());
        no(&scenario.channel, ReportedStatus { reference, ..report("SM8", MessageStatus::Read) }).await;
    }
    assert_eq!(scenario.status(sent.id).await, MessageStatus::Sent);
    assert_eq!(scenario.status(queued.id).await, MessageStatus::Queued);
    let inbound = scenario.message(inbound).await;
    assert_eq!((inbound.status, inbound.read_at), (MessageStatus::Received, None));
}

async fn retrying_twice_sends_once(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(answer(400, &[], r#"{"code":21211}"#)).await;
    assert_eq!(message.status, MessageStatus::Failed);
    let pressed = concurrently(8, |_| {
        let (chats, actor) = (scenario.env.services.chats.clone(), scenario.company.agent.clone());
        let (chat, id) = (scenario.chat, message.id);
        async move { chats.retry(&actor, chat, id).await.unwrap().retries }
    });
    assert_eq!(pressed.await, [1; 8]);
    assert_eq!((scenario.outbox().await, scenario.drain().await, scenario.requests()), (1, 1, 2));
}

async fn only_failed_and_unconfirmed_messages_can_be_retried(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let sent = scenario.deliver(Behaviour::AcceptSilently).await;
    let (_, inbound) = scenario.env.receive(&scenario.channel, &sms("SM7", "+998901234567", "Alik")).await;
    for id in [sent.id, inbound] {
        let refused = scenario.retry(id).await.unwrap_err();
        assert!(
            matches!(&refused, AppError::Conflict(conflict) if conflict.field == Some("status")),
            "{refused:?}"
        );
    }
    assert!(matches!(scenario.retry(MessageId(inbound.0 + 100)).await, Err(AppError::NotFound)));
    let queued = scenario.send("Salom").await;
    assert_eq!(scenario.retry(queued.id).await.unwrap().retries, 0, "it is on its way");
    assert_eq!(scenario.outbox().await, 1);
}

async fn a_message_of_a_deleted_client_is_not_sent(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    scenario.send("Salom").await;
    scenario.env.services.clients.delete(&scenario.company.manager, scenario.client).await.unwrap();
    assert_eq!((scenario.drain().await, scenario.requests()), (0, 0));
}

async fn an_undecryptable_secret_delays_delivery_without_loss(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let key = SecretKey::from_base64("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    let wrong = scenario.env.services_with(|dependencies| dependencies.vault = Vault::new(&key));
    let message = scenario.send("Salom").await;
    wrong.delivery.drain().await.unwrap();
    assert_eq!((scenario.status(message.id).await, scenario.requests()), (MessageStatus::Queued, 0));
    scenario.env.advance_clock(TimeDelta::minutes(2));
    scenario.drain().await;
    assert_eq!((scenario.status(message.id).await, scenario.requests()), (MessageStatus::Sent, 1));
}

async fn concurrent_reports_end_with_the_highest_status(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let message = scenario.deliver(answer(504, &[], "")).await;
    let statuses =
        [MessageStatus::Queued, MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Read];
    let sid = scenario.sid();
    let stored = concurrently(20, |number| {
        let (delivery, channel) = (scenario.env.services.delivery.clone(), scenario.channel.clone());
        let reported = early_report(&sid, &message, statuses[number % 4]);
        async move { delivery.report(&channel, reported).await.unwrap() }
    });
    assert!(stored.await.into_iter().all(|stored| stored));
    assert_eq!(
        (scenario.status(message.id).await, scenario.head_status().await),
        (MessageStatus::Read, MessageStatus::Read)
    );
    let changes = scenario.changes().await;
    assert!((1..=3).contains(&changes), "{changes} changes were told");
}

async fn the_worker_sends_queued_messages_and_stops_on_request(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    scenario.env.take_callbacks(&scenario.channel);
    let stop = CancellationToken::new();
    let before = scenario.send("before it began").await;
    let worker = tokio::spawn({
        let (delivery, stop) = (scenario.env.services.delivery.clone(), stop.clone());
        async move { delivery.run(stop).await }
    });
    let mut ids = vec![before.id];
    for number in 0..20 {
        ids.push(scenario.send(&number.to_string()).await.id);
    }
    until(async || {
        let messages = scenario.company.read().await.messages().by_ids(&ids).await.unwrap();
        messages.iter().all(|message| message.status == MessageStatus::Delivered)
    })
    .await;
    assert_eq!((scenario.requests(), scenario.outbox().await), (21, 0));
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), worker).await.unwrap().unwrap();
    let late = scenario.send("after it ended").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(scenario.status(late.id).await, MessageStatus::Queued);
}

async fn two_workers_send_each_message_once(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    for number in 0..30 {
        scenario.send(&number.to_string()).await;
    }
    let stop = CancellationToken::new();
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let (services, stop) = (scenario.env.services_with(|_| ()), stop.clone());
            tokio::spawn(async move { services.delivery.run(stop).await })
        })
        .collect();
    until(async || scenario.outbox().await == 0).await;
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    let bodies: Vec<_> = scenario
        .env
        .simulator
        .requests()
        .iter()
        .map(|request| request.value("Body").unwrap().to_owned())
        .collect();
    assert_eq!((bodies.len(), bodies.iter().collect::<HashSet<_>>().len()), (30, 30));
}

async fn a_stopping_worker_finishes_deliveries_in_flight(env: TestEnv) {
    let scenario = Scenario::new(env).await;
    let services = scenario.env.services_with(|dependencies| dependencies.http = client_with_short_timeout());
    scenario.env.simulator.next(Behaviour::Hang);
    let message = scenario.send("Salom").await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let stop = stop.clone();
        async move { services.delivery.run(stop).await }
    });
    until(async || scenario.requests() == 1).await;
    stop.cancel();
    worker.await.unwrap();
    assert_eq!((scenario.status(message.id).await, scenario.outbox().await), (MessageStatus::Unknown, 0));
}
