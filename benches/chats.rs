//! Benchmarks of search and long chats: the spotlight compared with the page of one client, with 100,000 clients and
//! 1,000,000 messages; a chat of 100,000 messages compared with one of 50. On SQLite, and on the PostgreSQL server that
//! `ALOQA_TEST_POSTGRES_URL` names.
//!
//! Ratios say more than times: `cargo bench --bench chats`, or `scripts/with-postgres cargo bench --bench chats`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement tells, or fails")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use aloqa::{
    domain::{
        Country, Email, Locale, NewTenant, Origin, PersonName, Role, TenantId, TrustedProxies, UserRole,
    },
    persistence::Database,
    presentation::{AppState, app},
    providers::{ApiUrls, http_client},
    services::{
        Actor, Clock, Dependencies, NewApiKey, Quotas, SecretKey, Services, StreamLimits, TOKEN_LIFETIME,
        TenantLimits, Vault,
    },
    storage::Storage,
};
use axum::{Router, body::Body, http::Request};
use secrecy::ExposeSecret as _;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Executor as _, Row as _, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use tower::ServiceExt as _;
use tracing::{Subscriber, instrument::WithSubscriber as _, span::Attributes};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

const CLIENTS: i64 = 100_000;
const MESSAGES: i64 = 1_000_000;
const LONG: i64 = 100_000;
const ROUNDS: usize = 21;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    measure("SQLite", &format!("sqlite://{}", folder.path().join("aloqa.db").display()), folder.path()).await;
    let Ok(server) = std::env::var("ALOQA_TEST_POSTGRES_URL") else { return };
    let options: PgConnectOptions = server.parse().unwrap();
    let mut connection = options.connect().await.unwrap();
    connection.execute("DROP DATABASE IF EXISTS aloqa_bench_chats").await.unwrap();
    connection.execute("CREATE DATABASE aloqa_bench_chats").await.unwrap();
    let (front, _) = server.rsplit_once('/').unwrap();
    measure("PostgreSQL", &format!("{front}/aloqa_bench_chats"), folder.path()).await;
    connection.execute("DROP DATABASE aloqa_bench_chats WITH (FORCE)").await.unwrap();
}

/// The pages that are measured, and the page that each is compared with.
const ASKED: &[(&str, &str)] = &[
    ("the page of one client", "/crm/clients/77"),
    ("spotlight: empty", "/spotlight?recent=client-77,chat-9"),
    ("spotlight: a name", "/spotlight?q=ism777"),
    ("spotlight: a beginning of all names", "/spotlight?q=ism"),
    ("spotlight: one letter", "/spotlight?q=i"),
    ("spotlight: part of a phone", "/spotlight?q=0012345"),
    ("spotlight: a rare word", "/spotlight?q=soz77777"),
    ("spotlight: a word of every message", "/spotlight?q=salom"),
    ("spotlight: two words", "/spotlight?q=salom+soz77777"),
    ("spotlight: nothing", "/spotlight?q=zzzzzz"),
    ("messages: the part after 500,000", "/spotlight?q=salom&kind=message&before=500000"),
    ("list of chats", "/crm/chats"),
    ("list of chats: unread ones", "/crm/chats?unread=true"),
    ("list of chats: a name", "/crm/chats?q=ism777"),
    ("list of chats: a rare word", "/crm/chats?q=soz77777"),
    ("list of chats: a word of every message", "/crm/chats?q=salom"),
    ("a chat of 50 messages", "/crm/chats/2"),
    ("a chat of 100,000 messages", "/crm/chats/1"),
    ("a chat of 100,000, in the middle", "/crm/chats/1?message=50000"),
    ("older messages of 50", "/crm/chats/2/messages?before=100040"),
    ("older messages of 100,000", "/crm/chats/1/messages?before=50000"),
];

async fn measure(engine: &str, url: &str, folder: &std::path::Path) {
    let database = Database::open(url).await.unwrap();
    database.migrate().await.unwrap();
    let public_url: url::Url = "http://localhost".parse().unwrap();
    let services = Services::new(Dependencies {
        database: database.clone(),
        clock: Clock::system(),
        vault: Vault::new(&SecretKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap()),
        storage: Storage::in_folder(folder).unwrap(),
        scratch: folder.to_owned(),
        public_url,
        api_urls: ApiUrls::default(),
        metrics: aloqa::metrics::Metrics::default(),
        trusted_proxies: TrustedProxies::default(),
        token_requests_per_minute: u32::MAX,
        address_requests_per_minute: u32::MAX,
        stream_limits: StreamLimits::default(),
        quotas: Quotas::new(TenantLimits::default()),
        http: http_client().unwrap(),
    });
    let actor = found(&database).await;
    fill(url, actor.tenant.id).await;
    let token = services
        .identity
        .create_api_key(&actor, NewApiKey::own("bench", TOKEN_LIFETIME))
        .await
        .unwrap()
        .token;
    let router = app(AppState::new(services, tokio_util::sync::CancellationToken::new()));
    println!("\n{engine}: {CLIENTS} clients, {MESSAGES} messages");
    println!("{:<42} {:>10} {:>7} {:>11}", "page as HTML", "median", "ratio", "statements");
    let token = token.expose_secret();
    for (name, path) in ASKED {
        // Both are requested in turn, so that other load on the machine affects both.
        let (mut units, mut times, mut statements) = (Vec::new(), Vec::new(), 0);
        for _ in 0..ROUNDS {
            units.push(time(&router, ASKED[0].1, token).await.0);
            let (taken, count) = time(&router, path, token).await;
            times.push(taken);
            statements = count;
        }
        let [unit, median] = [units, times].map(|mut all| {
            all.sort();
            all[ROUNDS / 2].as_secs_f64()
        });
        println!("{name:<42} {:>7.2} ms {:>7.1} {statements:>11}", median * 1e3, median / unit);
    }
    database.close().await;
}

struct Counter(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Counter {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "statement" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The time of a page, and its number of statements.
async fn time(router: &Router, path: &str, token: &str) -> (Duration, usize) {
    let begun = Instant::now();
    let statements = ask(router, path, token).await;
    (begun.elapsed(), statements)
}

async fn ask(router: &Router, path: &str, token: &str) -> usize {
    let request =
        Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let subscriber = tracing_subscriber::registry().with(Counter(count.clone()));
    let answer = async {
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        status
    };
    assert_eq!(answer.with_subscriber(subscriber).await, 200, "{path}");
    count.load(Ordering::Relaxed)
}

async fn found(database: &Database) -> Actor {
    let new = NewTenant {
        slug: "bench".parse().unwrap(),
        name: "Bench".into(),
        locale: Locale::En,
        time_zone: "Asia/Tashkent".parse().unwrap(),
        country: Country::UZ,
    };
    let now = Clock::system().now();
    let mut operator = database.begin_cross_tenant().await.unwrap();
    let id = operator.create_tenant(&new, now).await.unwrap().unwrap();
    let tenant = operator.tenant(id).await.unwrap();
    operator.commit().await.unwrap();
    let mut tx = database.begin(id).await.unwrap();
    let email = Email::parse("a@bench.example").unwrap();
    let name = PersonName::parse("Agent", None).unwrap();
    tx.users_mut()
        .create(&email, &name, &UserRole::BuiltIn(Role::Administrator), "no hash", now)
        .await
        .unwrap();
    let user = tx.users().by_email(&email).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    Actor { tenant, user, needs_second_factor: false, origin: Origin::default() }
}

/// Creates channels for every transport, clients with a chat, an SMS and a WhatsApp member each, and messages: the
/// first chat has most of them, the second 50, all others share the rest. Bulk statements of the engine write them,
/// because single ones would take an hour.
#[expect(clippy::too_many_lines, reason = "one fill, statement after statement")]
async fn fill(url: &str, tenant: TenantId) {
    let others = CLIENTS - 2;
    // The chat of message number n.
    let chat = format!("CASE WHEN n <= {LONG} THEN 1 WHEN n <= {LONG} + 50 THEN 2 ELSE 3 + n % {others} END");
    let at = "'2026-03-02T09:00:00.000000+00:00'";
    let client = "'998' || substr('000000000' || n, -9)";
    let (series, uuid, words, name_words) = if url.starts_with("sqlite") {
        (
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {}) SELECT n FROM s)",
            "randomblob(16)",
            format!(
                "INSERT INTO message_search (rowid, words) SELECT n, '{tenant}:salom {tenant}:soz' || n FROM"
            ),
            format!(
                "INSERT INTO client_search (rowid, words) SELECT n, '{tenant}:ism' || n || ' {tenant}^i {tenant}:sm' || n \
                 || ' {tenant}:' || {client} || ' {tenant}:' || substr({client}, 4) || ' {tenant}:' || substr({client}, 6) FROM"
            ),
        )
    } else {
        (
            "(SELECT CAST(n AS BIGINT) AS n FROM generate_series(1, {}) n)",
            "gen_random_uuid()",
            format!(
                "INSERT INTO message_search (tenant_id, message_id, words) SELECT {tenant}, n, \
                 array_to_tsvector(ARRAY['{tenant}:salom', '{tenant}:soz' || n]) FROM"
            ),
            String::new(),
        )
    };
    let client =
        if url.starts_with("sqlite") { client.to_owned() } else { "'998' || lpad(n::text, 9, '0')".into() };
    let name_words = if name_words.is_empty() {
        format!(
            "INSERT INTO client_search (tenant_id, client_id, words) SELECT {tenant}, n, array_to_tsvector(ARRAY[\
             '{tenant}:ism' || n, '{tenant}^i', '{tenant}:sm' || n, '{tenant}:' || {client}, \
             '{tenant}:' || substr({client}, 4), '{tenant}:' || substr({client}, 6)]) FROM"
        )
    } else {
        name_words
    };
    let of = |count: i64| format!("{} s", series.replace("{}", &count.to_string()));
    let (clients, messages) = (of(CLIENTS), of(MESSAGES));
    // The values of bytes and UUIDs are written differently by the engines.
    let (twilio, telegram, secret) = if url.starts_with("sqlite") {
        ("x'00000000000000000000000000000001'", "x'00000000000000000000000000000002'", "x'00'")
    } else {
        (
            "CAST('00000000-0000-0000-0000-000000000001' AS UUID)",
            "CAST('00000000-0000-0000-0000-000000000002' AS UUID)",
            "CAST('\\x00' AS BYTEA)",
        )
    };
    let statements = [
        format!(
            "INSERT INTO channels (tenant_id, id, provider, account, secret, created_at) \
             VALUES ({tenant}, {twilio}, 'twilio', 'AC1', {secret}, {at}), ({tenant}, {telegram}, 'telegram', '1', {secret}, {at})"
        ),
        format!(
            "INSERT INTO channel_addresses (tenant_id, channel_id, kind, address, provider, account) VALUES \
             ({tenant}, {twilio}, 'sms_number', '+998712000001', 'twilio', 'AC1'), \
             ({tenant}, {twilio}, 'whatsapp_number', '+998712000002', 'twilio', 'AC1'), \
             ({tenant}, {telegram}, 'bot', '1', 'telegram', '1')"
        ),
        format!(
            "INSERT INTO clients (tenant_id, id, first_name, phone, sort_name, search, created_at, updated_at) \
             SELECT {tenant}, n, 'Ism' || n, '+' || {client}, 'ism' || n, 'ism' || n, {at}, {at} FROM {clients}"
        ),
        format!("{name_words} {clients}"),
        format!(
            "INSERT INTO chats (tenant_id, id, client_id, active_at, created_at) SELECT {tenant}, n, n, {at}, {at} FROM {clients}"
        ),
        format!(
            "INSERT INTO members (tenant_id, id, chat_id, transport, participant, sender_type, client_id, address, data, created_at) \
             SELECT {tenant}, {uuid}, n, t.transport, 'c', 'client', n, '+' || {client}, '{{}}', {at} FROM {clients} \
             CROSS JOIN (SELECT 'sms' AS transport UNION ALL SELECT 'whatsapp') t"
        ),
        format!(
            "INSERT INTO messages (tenant_id, id, chat_id, member_id, channel_id, direction, transport, text, status, read_at, created_at) \
             SELECT {tenant}, s.n, m.chat_id, m.id, {twilio}, 'inbound', m.transport, 'Salom soz' || s.n, 'received', {at}, {at} \
             FROM {messages} CROSS JOIN members m WHERE m.tenant_id = {tenant} AND m.chat_id = {chat} \
             AND m.transport = CASE WHEN s.n % 2 = 0 THEN 'sms' ELSE 'whatsapp' END"
        ),
        format!("{words} {messages}"),
        "UPDATE chats SET last_message_id = (SELECT MAX(m.id) FROM messages m \
             WHERE m.tenant_id = chats.tenant_id AND m.chat_id = chats.id), last_message_preview = 'Salom', \
             last_message_direction = 'inbound', last_message_transport = 'sms', last_message_status = 'received'".to_owned(),
        "VACUUM ANALYZE".to_owned(),
    ];
    if url.starts_with("sqlite") {
        let options: SqliteConnectOptions = url.parse().unwrap();
        let mut connection =
            options.synchronous(sqlx::sqlite::SqliteSynchronous::Off).connect().await.unwrap();
        // SQLite has no statistics in a production database either.
        for statement in &statements[..statements.len() - 1] {
            connection.execute(AssertSqlSafe(statement.clone())).await.unwrap();
        }
        for (name, plan) in plans(tenant, true) {
            let rows =
                connection.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {plan}"))).await.unwrap();
            let lines: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
            println!("{name}: {}", lines.join("; "));
        }
    } else {
        let options: PgConnectOptions = url.parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        connection.execute("SET aloqa.operator = 'on'").await.unwrap();
        for statement in &statements {
            let statement = statement.replace(at, &format!("TIMESTAMPTZ {at}"));
            let numbered = ["clients", "chats", "messages"].map(|table| format!("INSERT INTO {table} "));
            let statement = if numbered.iter().any(|begin| statement.starts_with(begin)) {
                statement.replacen(") SELECT", ") OVERRIDING SYSTEM VALUE SELECT", 1)
            } else {
                statement
            };
            connection.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        for (name, plan) in plans(tenant, false) {
            let rows =
                connection.fetch_all(AssertSqlSafe(format!("EXPLAIN (COSTS OFF) {plan}"))).await.unwrap();
            let lines: Vec<String> =
                rows.iter().map(|row| row.get::<String, _>(0).trim().to_owned()).collect();
            println!("{name}: {}", lines.join("; "));
        }
    }
}

/// Statements for which the query plan decides.
fn plans(tenant: TenantId, sqlite: bool) -> Vec<(&'static str, String)> {
    let mut all = vec![
        (
            "plan, opening a chat",
            format!(
                "SELECT * FROM messages WHERE tenant_id = {tenant} AND chat_id = 1 AND id < 99999999 ORDER BY id DESC LIMIT 51"
            ),
        ),
        (
            "plan, names",
            format!(
                "SELECT id, sort_name FROM clients WHERE tenant_id = {tenant} AND sort_name >= 'ism777' ORDER BY sort_name, id LIMIT 6"
            ),
        ),
    ];
    all.push((
        "plan, messages",
        if sqlite {
            format!(
                "SELECT m.id FROM message_search CROSS JOIN messages m ON m.id = message_search.rowid \
                 WHERE message_search MATCH '\"{tenant}:salom\" *' AND message_search.rowid < 999999999 AND m.tenant_id = {tenant} \
                 ORDER BY message_search.rowid DESC LIMIT 6"
            )
        } else {
            format!(
                "WITH found AS MATERIALIZED (SELECT message_id FROM message_search \
                 WHERE tenant_id = {tenant} AND words @@ CAST('''{tenant}:soz77777'':*' AS TSQUERY) AND message_id < 999999999) \
                 SELECT message_id FROM found ORDER BY message_id DESC LIMIT 6"
            )
        },
    ));
    all
}
