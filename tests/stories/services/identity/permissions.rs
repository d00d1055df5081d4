//! Tests of permissions: each use case is tried as each role.

use aloqa::{
    domain::{
        ChannelAddresses, ChannelId, Client, ClientPatch, ContactType, ContactValue, Country, Email, EventId,
        MessageText, NewRole, NewTemplate, Permission, PresenceState, Role, SearchTerms, TemplateText,
        UserRole,
    },
    error::AppError,
    persistence::{ChatFilter, ClientFilter, ClientSort, PageRequest, Start, TemplateSort},
    providers::twilio::NAME,
    services::{ChatPageRequest, ChatUpdatesRequest, MemberChanges, MergeRequest, OutgoingMessage},
};

use crate::support::{
    TestEnv,
    event_stream::events_until_silence,
    people::phone_of,
    providers::twilio::{account, auth_token},
};

on_both_engines![
    each_use_case_requires_its_permission,
    the_event_stream_contains_only_permitted_events,
    unread_chats_are_counted_per_tenant,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 25 };

/// Tries each use case as each role. Each line names the roles that are permitted: `a`dministrator, `m`anager, a`g`ent
/// and `r`ead-only. Any other role gets "forbidden", whether or not the record exists.
macro_rules! may {
    ($company:expr, |$actor:ident| $($who:literal: $case:expr;)*) => {
        for $actor in $company.staff() {
            let letter = match $actor.user.role.built_in() {
                Some(Role::Administrator) => 'a',
                Some(Role::Manager) => 'm',
                Some(Role::Agent) => 'g',
                Some(Role::ReadOnly) => 'r',
                None => panic!("a role of the workspace's own"),
            };
            $(
                let forbidden = matches!($case.await, Err(AppError::Forbidden(_)));
                assert_eq!(!forbidden, $who.contains(letter), "{} as {:?}", stringify!($case), $actor.user.role);
            )*
        }
    };
}

#[expect(clippy::too_many_lines, reason = "one line for each use case")]
async fn each_use_case_requires_its_permission(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    let (client, chat) = (mine.test_chat.client, mine.test_chat.chat);
    let (services, company) = (&env.services, &mine.company);
    let new = Client::builder("Bobur").build().unwrap();
    let contact = ContactValue::parse(ContactType::Telegram, "bobur", Country::UZ).unwrap();
    let template = NewTemplate { name: "Xayr".into(), text: TemplateText::parse("Xayr!").unwrap() };
    let outgoing = OutgoingMessage {
        text: MessageText::parse("Salom").unwrap(),
        transport: None,
        idempotency_key: None,
        ..OutgoingMessage::default()
    };
    let email = Email::parse("new@example.uz").unwrap();
    let role = NewRole { name: "Own".into(), permissions: [Permission::ChatRead].into_iter().collect() };
    let phone = phone_of("+998935550011");
    let opened = ChatPageRequest {
        chat,
        at: None,
        find: None,
        template: None,
        filter: ChatFilter::default(),
        start: Start::Offset(0),
        limit: 50,
    };
    let order =
        MergeRequest { survivor: mine.other, merged: client, choices: Vec::new(), last_seen: (None, None) };
    may! { company, |actor|
        "a": services.team.list(actor, FIRST);
        "a": services.team.member(actor, company.agent.user.id);
        "a": services.team.change(actor, company.agent.user.id, &MemberChanges::default());
        "a": services.team.invite(actor, &email, None, UserRole::BuiltIn(Role::Agent));
        "a": services.team.withdraw(actor, mine.link);
        "a": services.team.reset_link(actor, company.agent.user.id);
        "a": services.team.roles(actor);
        "a": services.team.own_role(actor, mine.role);
        "a": services.team.create_role(actor, &role);
        "a": services.team.update_role(actor, mine.role, &role);
        "a": services.team.delete_role(actor, mine.role);
        "a": services.outbox.open(actor, None, FIRST);
        "a": services.outbox.retry_failed(actor, &aloqa::services::FailedSelection::All(None));
        "a": services.channels.list(actor);
        "a": services.channels.show(actor, mine.test_chat.channel);
        "a": services.channels.connect(actor, &NAME, &account(77).values());
        "a": services.channels.update_addresses(actor, mine.test_chat.channel, &ChannelAddresses::default());
        "a": services.channels.replace_credentials(actor, mine.test_chat.channel, &auth_token(77), false);
        "a": services.channels.set_enabled(actor, mine.test_chat.channel, true);
        "a": services.channels.test(actor, mine.test_chat.channel);
        "a": services.channels.remove(actor, ChannelId(uuid::Uuid::nil()));
        "amgr": services.clients.list(actor, &ClientFilter::default(), ClientSort::Name, FIRST);
        "amgr": services.clients.get(actor, client);
        "amg": services.clients.create(actor, &new);
        "amg": services.clients.update(actor, client, ClientPatch::default());
        "amg": services.clients.add_contact(actor, client, &contact);
        "amg": services.clients.remove_contact(actor, client, mine.contact);
        "amgr": services.chats.list(actor, &ChatFilter::default(), FIRST);
        "amgr": services.chats.get(actor, chat);
        "amgr": services.chats.find(actor, chat);
        "amgr": services.chats.messages_before(actor, chat, None, 50);
        "amgr": services.chats.last_messages(actor, &[]);
        "amg": services.chats.mark_read(actor, chat, mine.inbound);
        "amg": services.chats.open(actor, client);
        "amg": services.chats.open_by_phone(actor, &phone, None);
        "amg": services.chats.send(actor, chat, outgoing.clone());
        "amg": services.chats.retry(actor, chat, mine.outbound);
        "amg": services.chats.mark_unread(actor, chat);
        "amg": services.chats.mark_delivered(actor, chat, mine.outbound);
        "amgr": services.chats.list_slice(actor, &ChatFilter::default(), Start::Offset(0), 50);
        "amgr": services.chats.updates(actor, &ChatUpdatesRequest::default());
        "amgr": services.chats.open_page(actor, &opened);
        "amgr": services.chats.messages_after(actor, chat, mine.inbound, 50);
        "amgr": services.presence.announce(actor, chat, PresenceState::Viewing);
        "amgr": services.templates.list(actor, &SearchTerms::default(), TemplateSort::Name, FIRST);
        "amgr": services.templates.get(actor, mine.template);
        "am": services.templates.create(actor, &template);
        "am": services.templates.update(actor, mine.template, &template, |_| Ok(()));
        "am": services.templates.delete(actor, mine.template);
        "amgr": services.merges.choose(actor, client, SearchTerms::default());
        "amgr": services.merges.duplicate_pairs(actor, FIRST);
        "amgr": services.merges.list(actor, FIRST);
        "amgr": services.clients.open_page(actor, client);
        "amgr": services.clients.open_actions(actor, client);
        "amgr": services.clients.open_messages(actor, client);
        "amg": services.merges.dismiss(actor, client, mine.other);
        "am": services.merges.compare(actor, client, mine.other);
        "am": services.merges.merge(actor, &order);
        "am": services.merges.undo(actor, mine.merge);
        "am": services.clients.delete(actor, client);
    }

    // A forbidden request has no effect.
    let other = env.populated_tenant("bukhara").await;
    let (services, actor) = (&env.services, &other.company.read_only);
    let condition = format!("tenant_id = {}", other.company.id());
    let mut raw = env.raw().await;
    let events = raw.dump("events", &condition).await;
    services.clients.delete(actor, other.test_chat.client).await.unwrap_err();
    services.clients.create(actor, &new).await.unwrap_err();
    services.templates.delete(actor, other.template).await.unwrap_err();
    services.chats.send(actor, other.test_chat.chat, outgoing).await.unwrap_err();
    assert_eq!(raw.dump("events", &condition).await, events);
    assert!(services.clients.get(actor, other.test_chat.client).await.is_ok());
}

async fn the_event_stream_contains_only_permitted_events(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    let user = mine.company.agent.user.id;
    let mut tx = mine.company.begin().await;
    tx.record(aloqa::domain::Event::SignedIn { user_id: user }, Some(user), env.clock.now());
    tx.commit().await.unwrap();
    for (actor, expected) in mine.company.staff().into_iter().zip([3, 3, 1, 1]) {
        let mut stream = env.open_stream(actor, Some(EventId(0))).await;
        let events = events_until_silence(&mut stream).await;
        assert_eq!(events.len(), expected, "{:?}", actor.user.role);
    }
    assert_eq!(mine.company.read().await.events().last_id().await.unwrap(), EventId(3));
    let stranger = env.company("bukhara").await;
    let mut stream = env.open_stream(&stranger.administrator, Some(EventId(0))).await;
    assert_eq!(events_until_silence(&mut stream).await.len(), 0);
}

async fn unread_chats_are_counted_per_tenant(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    for actor in mine.company.staff() {
        assert_eq!(env.services.events.page_frame(actor).await.unwrap().unread_chats, 1);
    }
    let stranger = env.company("bukhara").await;
    assert_eq!(env.services.events.page_frame(&stranger.administrator).await.unwrap().unread_chats, 0);
}
