//! Tests of the budgets of the database: how many statements and transactions a page needs, including
//! the authentication of the request.

use aloqa::{domain::ChatId, persistence::Database, services::ChannelContext};
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    http::all_routes::route_table::{Ids, routes},
    support::{
        Company, Engine, TestEnv,
        chat_fixture::chat_page,
        database::statements::count_database_use,
        http::Visitor,
        providers::{
            telegram::{Account, DMITRY, NODIRA},
            webhook::{INBOUND, set, sms_form, token_of, whatsapp_form},
        },
        world::until,
    },
};

on_both_engines! {
    pages_stay_within_their_budgets,
    an_inbound_message_stays_within_its_budget,
    a_delivery_stays_within_its_budget,
    a_long_chat_costs_as_much_as_a_short_one,
}

const AZIZA: &str = "+998901234567";

/// The maximum number of statements and transactions of a page in HTML. `{chat}`, `{client}` and others stand for ids.
const PAGES: &[(&str, usize, usize)] = &[
    ("/crm/chats", 7, 2),
    ("/crm/chats?unread=true", 7, 2),
    ("/crm/chats?q=salom", 7, 2),
    // One statement of these counts the messages before those that wait to be sent.
    ("/crm/chats/{chat}", 13, 2),
    ("/crm/chats/{chat}?message={message}", 13, 2),
    // A template is one statement more, a search within the chat two.
    ("/crm/chats/{chat}?template={template}", 14, 2),
    ("/crm/chats/{chat}?find=salom", 15, 2),
    ("/crm/chats/{chat}/messages?before={message}", 9, 2),
    ("/crm/chats/parts?rows={chat}", 8, 2),
    ("/crm/chats/parts?rows={chat}&chat={chat}&from={message}", 9, 2),
    // With the routes to the client, which change rarely.
    ("/crm/chats/parts?rows={chat}&chat={chat}&from={message}&ways=", 13, 2),
    // The routes to the client decide which templates can be sent.
    ("/crm/chats/{chat}/approved-templates", 12, 2),
    ("/crm/chats/{chat}/approved-templates/{approved}", 12, 2),
    ("/crm/chats/{chat}/messages/{scheduled}/schedule", 8, 2),
    ("/crm/chats/new?q=aziza", 8, 2),
    ("/crm/clients", 7, 2),
    ("/crm/clients?q=aziza&sort=name&created_from=2026-01-01", 7, 2),
    ("/crm/clients/{client}", 8, 2),
    ("/crm/clients/{client}?edit=personal", 8, 2),
    ("/crm/clients/{client}/merge?q=aziza", 8, 2),
    ("/crm/clients/{client}/merge?other_id={twin}", 8, 2),
    ("/crm/clients/delete?ids={client}", 8, 2),
    ("/crm/clients/delete?all=true&q=aziza", 8, 2),
    ("/crm/instant-messages/new?from={template}", 8, 2),
    ("/crm/settings/deliveries?channel={channel}", 8, 2),
    ("/spotlight?q=aziza", 8, 2),
    ("/spotlight?q=aziza&kind=message", 8, 2),
    ("/spotlight?recent=client-{client},chat-{chat}", 8, 2),
    // Pages that show nothing of the database but their frame.
    ("/account", 2, 2),
    ("/crm/clients/new", 2, 2),
    ("/crm/instant-messages/new", 2, 2),
    ("/crm/settings/channels/new", 2, 2),
    ("/workbench", 2, 2),
];

/// The budget of each route of the table of routes without a line above.
const ANY_PAGE: (usize, usize) = (8, 2);

/// Routes that are measured at another address above, and one that answers with a stream.
const MEASURED_ELSEWHERE: &[&str] = &[
    // It needs a token that was sent.
    "/access",
    "/crm/chats/parts",
    "/crm/chats/{id}/messages/{message_id}/schedule",
    "/crm/clients/delete",
    "/crm/events",
];

/// A workspace with SMS, WhatsApp and Telegram, and a client who has written by each.
struct Workspace {
    company: Company,
    twilio: ChannelContext,
    ids: Ids,
    /// A possible duplicate of the client.
    twin: i64,
    /// A scheduled message.
    scheduled: i64,
}

impl Workspace {
    async fn create(env: &TestEnv) -> Self {
        let company = env.company("samarkand").await;
        let twilio = env.connect(&company).await;
        env.connect_bot(&company).await;
        let ids = Ids::create(env, &company, &twilio, "Aziza", AZIZA).await;
        let administrator = env.api_client(&company.administrator).await;
        // The account of this username is the client's.
        let username = json!({ "type": "telegram", "value": NODIRA.username });
        let contacts = format!("/crm/clients/{}/contacts", ids.client);
        administrator.post(contacts).json_body(username).json().await.is(201);
        let twin = json!({ "first_name": "Aziza", "last_name": "Aziza", "date_of_birth": "1990-05-17" });
        let twin = created(&administrator, "/crm/clients", twin).await;
        env.services.merges.sweep().await.unwrap();
        let mut workspace = Self { company, twilio, ids, twin, scheduled: 0 };
        workspace.receive_messages(env).await;
        // The window of WhatsApp has closed, so that the page offers templates.
        env.advance_clock(TimeDelta::hours(25));
        let (program, chat) = (env.api_client(&workspace.company.administrator).await, workspace.ids.chat);
        let scheduled =
            json!({ "message": "Eslatma", "transport": "sms", "scheduled_at": "2026-03-09T09:00:00+05:00" });
        workspace.scheduled = created(&program, &format!("/crm/chats/{chat}/messages"), scheduled).await;
        let draft = json!({ "message": "Half a sen", "transport": "sms", "idempotency_key": "key-1" });
        program.put(format!("/crm/chats/{chat}/draft")).json_body(draft).json().await.is(200);
        workspace
    }

    /// The client writes by WhatsApp and by Telegram, changes a message, and shares a number; another sends a picture.
    async fn receive_messages(&self, env: &TestEnv) {
        let (visitor, twilio) = (env.anonymous_visitor(), &self.twilio);
        let whatsapp = whatsapp_form(twilio, "SM1", AZIZA, "Salom", "Aziza");
        let mut picture = sms_form(twilio, "SM2", "+998935550128", "");
        set(&mut picture, "NumMedia", "1");
        set(&mut picture, "MediaContentType0", "image/jpeg");
        set(
            &mut picture,
            "MediaUrl0",
            "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
        );
        for form in [whatsapp, picture] {
            visitor.post_twilio_webhook(twilio, INBOUND, &form).await.is(200);
        }
        let secret = env.secret_of(&self.company);
        let number = json!({ "phone_number": "998935550127", "first_name": "N", "user_id": NODIRA.id });
        for update in [
            NODIRA.text_update(1, "Salom"),
            NODIRA.edit_update(2, 1, 1_772_442_060, "Salom!"),
            NODIRA.message_update(3, &json!({ "contact": number })),
        ] {
            visitor.post_telegram_update(&secret, &update).await;
        }
    }

    /// An address with the ids of this workspace.
    fn path(&self, pattern: &str) -> String {
        let ids = &self.ids;
        let channel = ids.channel.to_string();
        [
            ("{chat}", ids.chat.to_string()),
            ("{client}", ids.client.to_string()),
            ("{message}", ids.message.to_string()),
            ("{template}", ids.template.to_string()),
            ("{channel}", channel),
            ("{approved}", ids.approved.to_string()),
            ("{twin}", self.twin.to_string()),
            ("{scheduled}", self.scheduled.to_string()),
        ]
        .iter()
        .fold(pattern.to_owned(), |path, (name, id)| path.replace(name, id))
    }
}

/// Posts a new record and returns its id.
async fn created(program: &Visitor, path: &str, body: Value) -> i64 {
    program.post(path).json_body(body).json().await.is(201).value()["id"].as_i64().unwrap()
}

/// The addresses of all pages with their budgets: those of the table above, and those of all other routes.
fn budgets(workspace: &Workspace) -> Vec<(String, usize, usize)> {
    let named = |(pattern, statements, transactions): &(&str, usize, usize)| {
        (workspace.path(pattern), *statements, *transactions)
    };
    let mut all: Vec<_> = PAGES.iter().map(named).collect();
    for route in routes() {
        let path = route.path(&workspace.ids);
        let is_named = all.iter().any(|(named, ..)| *named == path);
        if route.method == Method::GET && !is_named && !MEASURED_ELSEWHERE.contains(&route.pattern) {
            all.push((path, ANY_PAGE.0, ANY_PAGE.1));
        }
    }
    all
}

async fn pages_stay_within_their_budgets(env: TestEnv) {
    let workspace = Workspace::create(&env).await;
    let browser = env.sign_in(&workspace.company.administrator).await;
    let program = env.api_client(&workspace.company.administrator).await;
    let mut pages = 0;
    for (path, statements, transactions) in budgets(&workspace) {
        for (visitor, format) in [(&browser, "text/html"), (&program, "application/json")] {
            let (answer, used) = count_database_use(visitor.get(&path).header("accept", format).send()).await;
            assert!(answer.status.as_u16() < 400 || path.starts_with("/static/"), "{path}: {answer:?}");
            // Files are streamed in batches.
            if answer.header("content-type").is_some_and(|kind| kind.contains(format)) {
                pages += usize::from(format == "text/html");
                used.is_within(&format!("{path} as {format}"), statements, transactions);
            }
        }
    }
    assert!(pages > 40, "only {pages} pages");
}

async fn an_inbound_message_stays_within_its_budget(env: TestEnv) {
    let workspace = Workspace::create(&env).await;
    let (visitor, twilio) = (env.anonymous_visitor(), &workspace.twilio);
    let secret = env.secret_of(&workspace.company);
    let sms = |from: &str, sid: &str| {
        visitor.signed(&token_of(twilio), INBOUND, &sms_form(twilio, sid, from, "Salom"))
    };
    let telegram = |from: Account, number| visitor.update(&secret, &from.text_update(number, "Salom"));
    // Twice a minute a webhook also notes that its channel is alive.
    sms(AZIZA, "SM10").send().await.is(200);
    telegram(NODIRA, 10).send().await.is(200);
    let whatsapp = whatsapp_form(twilio, "SM11", AZIZA, "Salom", "Aziza");
    for (what, request, statements) in [
        ("an SMS", sms(AZIZA, "SM12"), 16),
        ("the same again", sms(AZIZA, "SM12"), 2),
        ("a message by WhatsApp", visitor.signed(&token_of(twilio), INBOUND, &whatsapp), 16),
        ("a message by Telegram", telegram(NODIRA, 11), 16),
        ("the first message of a stranger", sms("+998935550999", "SM13"), 16),
        // The username becomes another contact.
        ("the first message of a stranger by Telegram", telegram(DMITRY, 12), 27),
    ] {
        let (answer, used) = count_database_use(request.send()).await;
        answer.is(200);
        used.is_within(what, statements, 2);
    }
}

async fn a_delivery_stays_within_its_budget(env: TestEnv) {
    let workspace = Workspace::create(&env).await;
    let program = env.api_client(&workspace.company.administrator).await;
    env.services.delivery.drain().await.unwrap();
    let mut drained = Vec::new();
    for count in 1..=2 {
        for recipient in 0..count {
            let chat = json!({ "phone": format!("+99893555020{recipient}") });
            let chat = program.post("/crm/chats").json_body(chat).json().await.value()["id"].clone();
            let text = json!({ "message": "Salom", "transport": "sms" });
            program.post(format!("/crm/chats/{chat}/messages")).json_body(text).json().await.is(201);
        }
        let (done, used) = count_database_use(Box::pin(env.services.delivery.drain())).await;
        assert_eq!(done.unwrap(), count);
        drained.push(used);
    }
    // Both look for due channels and lease at once, so what the second has more is one delivery.
    let [one, two] = &drained[..] else { unreachable!() };
    let (statements, transactions) =
        (two.statements.len() - one.statements.len(), two.transactions - one.transactions);
    // One of them asks for the present addresses of the client.
    assert!(statements <= 13 && transactions <= 2, "{statements}, {transactions}: {two:#?}");
}

/// The number of messages of a long chat.
const MANY: usize = 20_000;
/// More rows than a page of a chat reads.
const FEW: i64 = 1_000;

async fn a_long_chat_costs_as_much_as_a_short_one(env: TestEnv) {
    let workspace = Workspace::create(&env).await;
    let browser = env.sign_in(&workspace.company.administrator).await;
    let pages = [
        "/crm/chats/{chat}",
        "/crm/chats/{chat}?message={message}",
        "/crm/chats/parts?rows={chat}&chat={chat}&from={message}&ways=",
    ]
    .map(|pattern| workspace.path(pattern));
    let mut short = Vec::new();
    for page in &pages {
        short.push(count_database_use(browser.get(page).html()).await.1.statements.len());
    }
    workspace.write_many_answers(&env).await;
    let mut raw = env.raw().await;
    for (page, short) in pages.iter().zip(short) {
        let (answer, used) = count_database_use(browser.get(page).html()).await;
        answer.is(200);
        // The suggestion of a message that is not shown any more is not looked for.
        assert!(used.statements.len() <= short, "{page}: {used:#?}");
        if env.engine == Engine::Sqlite {
            for statement in &used.statements {
                let plan = raw.query_plan(statement).await;
                assert!(
                    !plan.iter().any(|step| reads_a_whole_chat(step, statement)),
                    "{statement}: {plan:#?}"
                );
            }
        }
    }
    if env.engine == Engine::Postgres {
        let read = rows_read(&env, &workspace).await;
        assert!((1..FEW).contains(&read), "{read} rows of {MANY} messages");
    }
}

impl Workspace {
    /// Answers the client by SMS so often that the messages of WhatsApp and Telegram are long ago.
    async fn write_many_answers(&self, env: &TestEnv) {
        let chat = self.ids.chat;
        let mut raw = env.raw().await;
        raw.run(&format!(
            "INSERT INTO messages (tenant_id, chat_id, member_id, direction, transport, channel_id, text, status,
                 created_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
             SELECT m.tenant_id, m.chat_id, m.member_id, 'outbound', 'sms', m.channel_id, 'Salom', 'sent', m.created_at
             FROM n CROSS JOIN messages m WHERE m.id = (
                 SELECT MAX(id) FROM messages
                 WHERE chat_id = {chat} AND direction = 'outbound' AND transport = 'sms')"
        ))
        .await
        .unwrap();
        raw.run("ANALYZE messages").await.unwrap();
        if env.engine == Engine::Sqlite {
            // Programs have no statistics there.
            raw.run("DELETE FROM sqlite_stat1").await.unwrap();
        }
    }
}

/// True if a step of a plan of SQLite may read all messages of a chat: those that it reads in their order, up to a limit and
/// without another condition, are few.
fn reads_a_whole_chat(step: &str, statement: &str) -> bool {
    let in_order = statement.split("m.chat_id = $").skip(1).all(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = rest.strip_prefix(" AND (m.id) ").map_or(rest, |range| {
            range.trim_start_matches(|c: char| "<>($) ".contains(c) || c.is_ascii_digit())
        });
        rest.trim_start().starts_with("ORDER BY m.id")
    });
    let walks = step.contains("messages_by_chat") && !(in_order && statement.contains("m.chat_id = $"));
    walks || ["m", "messages", "l", "s", "n"].iter().any(|alias| step.starts_with(&format!("SCAN {alias} ")))
}

/// The rows of messages that PostgreSQL reads for a chat's page. The sessions report them when they end.
async fn rows_read(env: &TestEnv, workspace: &Workspace) -> i64 {
    let mut raw = env.raw().await;
    let sessions = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()";
    let counters = "SELECT CAST(COALESCE(SUM(idx_tup_read), 0) AS BIGINT)
             + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'messages')
         FROM pg_stat_user_indexes WHERE relname = 'messages'";
    let (others, before) = (raw.number(sessions).await, raw.number(counters).await);
    let database = Database::open(&env.url).await.unwrap();
    let services = env.services_with(|dependencies| dependencies.database = database.clone());
    let chat = ChatId(workspace.ids.chat);
    chat_page(&services, &workspace.company.administrator, chat, None).await.unwrap();
    database.close().await;
    until(async || raw.number(sessions).await <= others).await;
    raw.number(counters).await - before
}
