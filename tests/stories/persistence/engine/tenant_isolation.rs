//! Stories of the wall between companies: what one asks with another's ids gives nothing and changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    pin,
};

use aloqa::{
    domain::{
        ChannelError, ChannelId, ChannelProvider, Closing, Country, Draft, EarlierText, Email, EventId,
        Failure, ImportChoice, ImportCounts, ImportState, LostFile, MessageDetails, MessageId, MessageStatus,
        MessageTerms, MessageText, NewTemplate, NotificationKind, NotificationWishes, PersonName, Pin,
        Preferences, Role, SearchTerms, Sender, Senders, TemplateText, TenantId, Theme, Transport,
        table::Mapping,
    },
    error::{AppError, Result},
    persistence::{
        Backlog, Belongings, ChatFilter, ClientCursor, ClientFilter, ClientPage, ClientPlace, ClientSort,
        ClientWalk, DueNotification, ImportStep, ListStart, NewChannel, Page, PageRequest, StatusReport,
        TemplateSort, WebhookToken,
    },
};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::{
    World,
    chat_fixture::picture,
    database::raw::Raw,
    people::{email_of, phone_of},
    populated_tenant::{
        ACCOUNT, PHONE, STAFF, approved_template, code_of, contact_value, session_of, table_of,
    },
};

on_both_engines![
    no_method_of_any_repository_reaches_another_company,
    a_company_that_lived_has_rows_in_every_table,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 100 };

fn none<T>(got: &Result<Option<T>>) -> bool {
    matches!(got, Ok(None))
}

fn empty<T>(got: &Result<Vec<T>>) -> bool {
    matches!(got, Ok(items) if items.is_empty())
}

fn no_items<T>(got: &Result<Page<T>>) -> bool {
    matches!(got, Ok(page) if page.items.is_empty() && page.total == 0)
}

fn no_clients(got: &Result<ClientPage>) -> bool {
    matches!(got, Ok(list) if list.page.items.is_empty() && list.page.total == 0)
}

fn nothing(got: &Result<Belongings>) -> bool {
    matches!(got, Ok(what) if *what == Belongings::default())
}

fn done(got: &Result<Backlog>) -> bool {
    matches!(got, Ok(Backlog::Done))
}

fn no(got: &Result<bool>) -> bool {
    matches!(got, Ok(false))
}

fn zero(got: &Result<i64>) -> bool {
    matches!(got, Ok(0))
}

fn nothing_before<T>(got: &Result<(Vec<T>, bool)>) -> bool {
    matches!(got, Ok((items, false)) if items.is_empty())
}

fn only_one<T>(got: &Result<Vec<T>>) -> bool {
    matches!(got, Ok(items) if items.len() == 1)
}

/// Its own channel was connected.
fn only_its_own_event<T>(got: &Result<(Vec<T>, EventId)>) -> bool {
    matches!(got, Ok((events, last)) if events.len() == 1 && last.0 == 1)
}

fn the_first(got: &Result<EventId>) -> bool {
    matches!(got, Ok(id) if id.0 == 1)
}

/// There is nothing to get; that nothing changes is seen afterwards.
fn silence(got: &Result<()>) -> bool {
    got.is_ok()
}

fn refused<T>(got: &Result<T>) -> bool {
    matches!(got, Err(AppError::NotFound | AppError::Internal(_)))
}

/// What the asker's own company is given, whoever else exists.
fn its_own<T>(got: &Result<T>) -> bool {
    got.is_ok()
}

/// PostgreSQL numbers each company's by themselves, so that the number is free there.
fn its_own_or_none<T>(got: &Result<T>) -> bool {
    matches!(got, Ok(_) | Err(AppError::Conflict(_)))
}

fn no_rows(got: &Result<u64>) -> bool {
    matches!(got, Ok(0))
}

fn no_weight(got: &Result<(i64, i64)>) -> bool {
    matches!(got, Ok((0, 0)))
}

/// So many questions in one function would want more stack than a test's thread has.
fn on_the_heap<F: Future>(make: impl FnOnce() -> F) -> pin::Pin<Box<F>> {
    Box::pin(make())
}

/// Asks each question in a transaction of its own, which commits if it can.
macro_rules! asks {
    ($company:expr, $($repository:ident.$method:ident($($argument:expr),*) => $nothing:ident),* $(,)?) => {{
        let mut asked = BTreeSet::new();
        $({
            let question = concat!(stringify!($repository), ".", stringify!($method));
            asked.insert(question.to_owned());
            on_the_heap(|| async {
                let mut tx = $company.begin().await;
                let got = tx.$repository().$method($($argument),*).await;
                assert!($nothing(&got), "{question} gave what is not {}", stringify!($nothing));
                if got.is_ok() {
                    tx.commit().await.unwrap();
                }
            })
            .await;
        })*
        asked
    }};
}

#[expect(clippy::too_many_lines, reason = "one line for each method")]
async fn no_method_of_any_repository_reaches_another_company(world: World) {
    let mine = world.lived_in("samarkand").await;
    let thief = world.company("bukhara").await;
    let (talk, now) = (mine.talk, world.clock.now());
    let client = mine.company.read().await.clients().get(talk.client).await.unwrap().unwrap();
    let changed = client.clone().with_comments(Some("stolen".into()));
    let sender = Sender::Client { client: talk.client, contact: Some(mine.contact), address: PHONE.into() };
    let user = mine.company.agent.user.id;
    let email = email_of(Role::Agent, "samarkand");
    let name = PersonName::parse("Thief", None).unwrap();
    let template = NewTemplate { name: "stolen".into(), text: TemplateText::parse("stolen").unwrap() };
    let approved = approved_template();
    let senders = Senders { sms_number: Some("+998712005555".into()), ..Senders::default() };
    let failure = Failure { code: "20003".into(), detail: None };
    let trouble = ChannelError { failure, at: now };
    let report = StatusReport {
        status: MessageStatus::Failed,
        failure: None,
        provider_id: Some("stolen".into()),
        at: now,
    };
    let record = mine.company.read().await.merges().record(mine.merge).await.unwrap();
    let moved = record.chat.as_ref().unwrap();
    let long_ago = now - chrono::TimeDelta::days(99);
    let session = session_of(&mine.company);
    let stolen_name = PersonName::parse("Stolen", None).unwrap();
    let plain = Preferences { locale: None, theme: Theme::Dark, single_keys: false };
    let inbound = mine.company.read().await.messages().find(mine.inbound).await.unwrap().unwrap();
    let kind = NotificationKind::Inbound;
    let due = DueNotification { user, chat: talk.chat, kind, amount: 1, attempts: 1 };
    let inbound_text = MessageText::from_provider("stolen");
    let earlier = EarlierText { text: "stolen".into(), written_at: now };
    let webhook = WebhookToken { hash: b"stolen".into(), secret: b"stolen".into() };
    let draft = Draft {
        text: "stolen".into(),
        transport: None,
        template: None,
        key: String::new(),
        written_at: now + TimeDelta::days(1),
    };
    let own_channel = world.connect(&thief).await.channel.id;
    let pin = Pin::parse("12345678901234", Country::UZ).unwrap();
    let step = ImportStep::new(3, talk.client, None, "[]".into());
    let everyone = ClientFilter { terms: SearchTerms::parse("a"), ..ClientFilter::default() };
    let list = mine
        .company
        .read()
        .await
        .clients()
        .page_at(&everyone, ClientSort::Newest, FIRST, ClientPlace::Counted)
        .await;
    let place = list.unwrap().page.items[0].created_at.timestamp_micros();
    let beside = ClientCursor::parse(&format!("{}~{place}", talk.client.0 + 1), ClientSort::Newest);
    let beside = ClientPlace::After(beside.unwrap());
    let mut raw = world.raw().await;
    let discarded = raw.rows("SELECT file_key FROM discarded_files").await.remove(0).remove(0).unwrap();
    let before = rows_of(&mut raw, mine.company.id()).await;

    let asked = asks![
        thief,
        clients.get(talk.client) => none,
        clients.named("aziza", 50) => empty,
        clients.first_matching(&SearchTerms::parse("aziza"), 50) => empty,
        clients.briefs(&[talk.client]) => empty,
        clients.page(&ClientFilter::default(), ClientSort::Name, FIRST) => no_items,
        clients.page_at(&everyone, ClientSort::Newest, FIRST, beside.clone()) => no_clients,
        clients.matching(&everyone, None) => empty,
        clients.count(&everyone) => zero,
        clients.belongings(&[talk.client]) => nothing,
        clients.delete_many(&[talk.client]) => empty,
        clients.walk(&mut ClientWalk::new(everyone.clone(), ClientSort::Name), 50) => empty,
        search_index.older_clients() => done,
        search_index.older_messages() => done,
        clients.update(&changed) => silence,
        clients.refresh_search(&changed) => silence,
        clients.lock(talk.client) => no,
        clients.claim(&[PHONE]) => silence,
        clients.hold(talk.client) => no,
        clients.many(&[talk.client]) => empty,
        clients.delete(talk.client) => no,
        clients.find_by_address(&contact_value()) => none,
        clients.find_contact(&contact_value()) => none,
        clients.contacts(talk.client) => empty,
        clients.add_contact(talk.client, &contact_value(), now) => refused,
        clients.remove_contact(talk.client, mine.contact) => no,
        chats.page(&ChatFilter::default(), FIRST) => no_items,
        chats.part(&ChatFilter::default(), ListStart::Offset(0), 50) => nothing_before,
        chats.some(&ChatFilter::default(), &[talk.chat]) => empty,
        chats.unread_from(talk.chat, mine.inbound) => no,
        chats.get(talk.chat) => none,
        chats.briefs(&[talk.chat]) => empty,
        chats.of_clients(&[talk.client]) => empty,
        chats.of_client(talk.client) => none,
        chats.unread() => zero,
        chats.find_or_create(talk.client, now) => refused,
        chats.lock(talk.chat) => no,
        chats.refresh_head(talk.chat) => silence,
        chats.bump(mine.inbound, &talk.inbound("stolen", now)) => silence,
        chats.follow_status(talk.chat, mine.outbound, MessageStatus::Failed) => silence,
        chats.read_up_to(talk.chat, mine.outbound, now) => zero,
        chats.member(talk.chat, Transport::Sms, &sender, None, now) => refused,
        chats.members(talk.chat) => empty,
        chats.client_addresses(talk.chat) => empty,
        chats.last_inbound(talk.chat, talk.channel, Transport::Sms, PHONE) => none,
        chats.member_data(talk.member) => refused,
        messages.create(&talk.inbound("stolen", now), &[]) => refused,
        messages.get(talk.chat, mine.inbound) => none,
        messages.find(mine.inbound) => none,
        messages.by_provider_id(talk.channel, "SM1") => none,
        messages.provider_id(mine.inbound) => refused,
        messages.last_channel(talk.chat, Transport::Sms) => none,
        messages.by_idempotency_key(talk.chat, "click") => none,
        messages.search(&MessageTerms::parse("salom"), None, None, 50) => empty,
        messages.search(&MessageTerms::parse("salom"), Some(talk.chat), None, 50) => empty,
        messages.found(&[mine.inbound, mine.outbound]) => empty,
        messages.saying(&MessageTerms::parse("salom"), None, None, 50) => empty,
        messages.saying(&MessageTerms::parse("salom"), Some(talk.chat), None, 50) => empty,
        messages.before(talk.chat, None, 50) => nothing_before,
        messages.after(talk.chat, MessageId(0), 50) => nothing_before,
        messages.newest_inbound(talk.chat) => none,
        messages.many(&[mine.inbound, mine.outbound]) => empty,
        messages.lock(mine.outbound) => silence,
        messages.report(mine.outbound, &report) => silence,
        messages.requeue(mine.outbound) => silence,
        messages.edit(mine.inbound, &inbound_text, &MessageDetails::default(), now) => silence,
        messages.keep_earlier(mine.inbound, &earlier) => silence,
        messages.parts(mine.outbound) => empty,
        messages.add_part(mine.outbound, "stolen") => silence,
        chats.lift(&inbound, MessageStatus::Sent, now) => silence,
        drafts.get(talk.chat, user) => none,
        drafts.texts(user, &[talk.chat]) => empty,
        drafts.save(talk.chat, user, &draft) => refused,
        drafts.clear(talk.chat, user, now) => refused,
        scheduled.count() => zero,
        scheduled.page(FIRST) => no_items,
        scheduled.of_chat(talk.chat, 10) => empty,
        scheduled.withdraw(mine.outbound) => no,
        scheduled.delete(mine.outbound) => silence,
        scheduled.move_to(mine.outbound, now) => no,
        scheduled.reword(mine.outbound, &inbound_text) => silence,
        templates.used(mine.template) => silence,
        attachments.expect(mine.inbound, &picture("a.jpg"), now) => refused,
        attachments.add(mine.inbound, &mine.file) => refused,
        attachments.stored(mine.stored) => none,
        attachments.source(mine.coming) => none,
        attachments.arrive(mine.coming, &mine.file) => no,
        attachments.lose(mine.coming, LostFile::Gone) => no,
        attachments.postpone(mine.coming, now) => silence,
        attachments.names(&mine.file.key) => no,
        attachments.forget_discarded(&discarded) => silence,
        deliveries.enqueue(mine.inbound, talk.channel, PHONE, now, now) => refused,
        deliveries.enqueue(mine.inbound, own_channel, PHONE, now, now) => refused,
        deliveries.remove(mine.outbound) => no,
        deliveries.postpone(mine.outbound, now) => silence,
        deliveries.renew(mine.outbound, now) => silence,
        matches.like(&client, 5) => empty,
        matches.claim(&[talk.client]) => empty,
        matches.refresh(&client) => silence,
        matches.pairs(FIRST) => no_items,
        matches.dismiss(talk.client, mine.other) => no,
        merges.lock(talk.client, mine.other) => no,
        merges.create(talk.client, &client, None, now) => refused,
        merges.finish(mine.merge, &record) => silence,
        merges.get(mine.merge) => none,
        merges.record(mine.merge) => refused,
        merges.page(long_ago, FIRST) => no_items,
        merges.into_client(talk.client, long_ago) => empty,
        merges.led_on(mine.twin.client) => none,
        merges.led_on_chat(mine.twin.chat) => none,
        merges.bury(talk.client, mine.other, mine.merge) => empty,
        merges.unearth(mine.other, mine.merge, &[mine.merge]) => silence,
        merges.delete(mine.merge) => no,
        merges.purge(now + chrono::TimeDelta::days(99)) => no_rows,
        carrying.weigh(talk.client) => no_weight,
        carrying.contacts(talk.client, mine.other) => silence,
        carrying.chat(mine.merge, talk.chat, mine.twin.chat, mine.other) => refused,
        carrying.dismissals(talk.client, mine.other) => empty,
        carrying.contacts_back(&[mine.contact], talk.client, mine.other) => silence,
        carrying.chat_back(mine.merge, moved, talk.chat, talk.client, mine.other) => refused,
        carrying.settle(talk.client) => silence,
        channels.all() => only_one,
        channels.get(talk.channel) => none,
        channels.receive(talk.channel, "SM2", now) => refused,
        channels.renew(talk.channel, b"stolen", None, &webhook) => no,
        channels.take_back(talk.channel) => no,
        channels.close_way(talk.channel, Transport::Telegram, "7", Closing::Gone, now) => refused,
        channels.open_way(talk.channel, Transport::Telegram, ACCOUNT) => no,
        channels.closed_way(talk.channel, Transport::Telegram, ACCOUNT) => none,
        channels.invite(talk.channel, talk.client, "stolen", now, now) => refused,
        channels.invite(own_channel, talk.client, "stolen", now, now) => refused,
        channels.invitation(talk.channel, talk.client, long_ago) => none,
        channels.invited(talk.channel, &code_of(&mine.company), long_ago) => none,
        channels.forget_invitations(talk.channel, talk.client, now) => silence,
        channels.pass_invitations(talk.client, talk.client) => empty,
        channels.redirect_invitation(&code_of(&mine.company), talk.client) => silence,
        channels.readdress(talk.channel, &senders) => no,
        channels.rotate(talk.channel, b"stolen", None) => no,
        channels.switch(talk.channel, Some(now)) => no,
        channels.remove(talk.channel, now) => no,
        channels.heard(talk.channel, now) => silence,
        channels.failed(talk.channel, &trouble, true) => silence,
        channels.worked(talk.channel) => silence,
        deliveries.hasten(talk.channel, now, true) => silence,
        deliveries.waiting(talk.channel) => no_weight,
        undelivered.queues() => empty,
        undelivered.counts() => empty,
        undelivered.page(None, FIRST) => no_items,
        undelivered.failed(&[mine.outbound]) => empty,
        undelivered.failed_after(Some(talk.channel), MessageId(0), 10) => empty,
        notifications.settings(user) => none,
        notifications.wish(user, &NotificationWishes::default()) => refused,
        notifications.offer(user, own_channel, "stolen", now) => silence,
        notifications.link(talk.channel, "staff again", ("1", "Thief"), long_ago) => none,
        notifications.unlink(user) => silence,
        notifications.lose(talk.channel, STAFF, now) => none,
        notifications.is_linked(talk.channel, STAFF) => no,
        notifications.cursor() => none,
        notifications.advance(EventId(99)) => silence,
        notifications.note_inbound(talk.chat, now) => silence,
        notifications.note_failed(talk.chat, mine.outbound, now) => silence,
        notifications.claim(now + TimeDelta::days(1), now + TimeDelta::days(2), 10) => empty,
        notifications.finish(&due, Some(now)) => silence,
        notifications.postpone(&due, now) => silence,
        users.find(user) => none,
        users.by_email(&email) => none,
        users.update(user, &stolen_name, &plain) => silence,
        users.password_hash(user) => none,
        users.set_password(user, "stolen") => silence,
        users.start_session(user, b"stolen", now, now) => refused,
        users.end_session(&session) => silence,
        users.create_token(user, "stolen", b"stolen", now) => refused,
        approved.of_channel(talk.channel, 100) => empty,
        approved.count(talk.channel) => zero,
        approved.get(talk.channel, mine.approved) => none,
        approved.create(talk.channel, &approved, now) => refused,
        approved.update(talk.channel, mine.approved, &approved, now) => no,
        approved.delete(talk.channel, mine.approved) => no,
        templates.page(&SearchTerms::default(), TemplateSort::default(), FIRST) => no_items,
        templates.get(mine.template) => none,
        templates.lock(mine.template) => none,
        templates.update(mine.template, &template, now) => no,
        templates.delete(mine.template) => no,
        clients.find_by_pin(&pin) => none,
        clients.find_by_phone(&phone_of(PHONE)) => none,
        imports.get(mine.import) => none,
        imports.page(FIRST) => no_items,
        imports.check(mine.import, &Mapping::default()) => no,
        imports.start(mine.import, ImportChoice::default()) => no,
        imports.cancel(mine.import, now) => no,
        imports.hold(mine.import, ImportState::Mapping, "stolen", now) => no,
        imports.release(mine.import, "stolen") => silence,
        imports.forget_flaws(mine.import) => silence,
        imports.advance(mine.import, 1, &ImportCounts::default()) => silence,
        imports.enter(mine.import, ImportState::Done, now) => silence,
        imports.add_flaws(mine.import, 3, &[]) => refused,
        imports.flaws(mine.import, 0, true, 100) => empty,
        imports.add_step(mine.import, &step) => refused,
        imports.last_steps(mine.import, 100) => empty,
        imports.forget_steps(mine.import, 0) => silence,
        imports.forget_file(mine.import, now) => silence,
        events.after(EventId(0), 100) => only_its_own_event,
        events.of_client(talk.client, 100) => empty,
        events.last_id() => the_first,
        carrying.revive(&client) => its_own_or_none,
        // The same again for one's own, which another company's rows are not in the way of.
        clients.create(client.data(), now) => its_own,
        imports.create(&table_of(thief.agent.user.id), now) => its_own,
        channels.create(&own(), now) => its_own,
        users.create(&Email::parse("thief@example.uz").unwrap(), &name, Role::Agent, "hash", now) => its_own,
        templates.create(&template, now) => its_own,
    ];
    assert_eq!(asked, methods(), "every method is asked");
    assert_eq!(rows_of(&mut raw, mine.company.id()).await, before, "nothing changed");
}

/// A channel of one's own.
fn own() -> NewChannel {
    NewChannel {
        id: ChannelId(Uuid::new_v4()),
        provider: ChannelProvider::Twilio,
        account_sid: "AC9".into(),
        secret: Vec::new(),
        sms_number: None,
        whatsapp_number: None,
        messaging_service_sid: None,
        username: None,
        webhook: None,
    }
}

/// All methods that a tenant's transaction offers, by the sources of its repositories: a new one can't be forgotten above.
fn methods() -> BTreeSet<String> {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/persistence"));
    let repositories: BTreeMap<String, String> =
        sources.iter().flat_map(|source| accessors(source)).collect();
    let mut found = BTreeSet::new();
    for source in &sources {
        let mut repository = None;
        for line in source.lines() {
            if let Some(of) = line.strip_prefix("impl") {
                let name = of.split_once('<').map(|(before, _)| before.trim());
                let name =
                    name.filter(|name| !name.is_empty()).or_else(|| of.split("> ").nth(1)?.split('<').next());
                repository = name.and_then(|name| repositories.get(name));
            }
            let function = line.trim_start().strip_prefix("pub async fn ");
            if let (Some(repository), Some(rest)) = (repository, function) {
                found.insert(format!("{repository}.{}", rest.split(['(', '<']).next().unwrap_or_default()));
            }
        }
    }
    found
}

/// The texts of all source files in a folder.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = |path: PathBuf| {
        if path.is_dir() { sources(&path) } else { vec![std::fs::read_to_string(&path).unwrap()] }
    };
    entries.flat_map(texts).collect()
}

/// The repositories that a transaction gives out: their types, and the methods that give them.
fn accessors(source: &str) -> Vec<(String, String)> {
    let accessor = |line: &str| {
        let (method, result) = line.trim().strip_prefix("pub fn ")?.split_once("(&mut self) -> ")?;
        Some((result.strip_suffix("<'_> {")?.to_owned(), method.to_owned()))
    };
    source.lines().filter_map(accessor).filter(|(_, method)| method != "directory").collect()
}

async fn rows_of(raw: &mut Raw, tenant: TenantId) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for table in raw.tables().await {
        let column = if table == "tenants" { "id" } else { "tenant_id" };
        all.push((table.clone(), raw.dump(&table, &format!("{column} = {tenant}")).await));
    }
    all
}

async fn a_company_that_lived_has_rows_in_every_table(world: World) {
    let mine = world.lived_in("samarkand").await;
    for (table, rows) in rows_of(&mut world.raw().await, mine.company.id()).await {
        assert!(!rows.is_empty(), "{table} is empty, so stories of walls prove nothing about it");
    }
}
