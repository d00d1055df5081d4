//! The tenants that are measured, stored through the repositories.

use aloqa::{
    domain::{
        Client, ClientField, Country, Email, Locale, NewTenant, Origin, PersonName, PhoneNumber, Role,
        Tenant, TenantId, TrustedProxies, UserRole,
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
use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use url::Url;

const FIRST: [&str; 10] =
    ["Азиза", "Bobur", "Dilnoza", "Ўткир", "Gulnora", "Jasur", "Kamola", "Nodira", "Sardor", "Zarina"];
const LAST: [&str; 12] = [
    "Karimova",
    "Каримов",
    "Rahimova",
    "Yusupov",
    "Toʻrayeva",
    "Abdullayev",
    "Saidova",
    "Хасанов",
    "Nazarova",
    "Ergashev",
    "Ismoilova",
    "Mirzayev",
];
const BATCH: usize = 1_000;

/// A large tenant, and the credentials to request its pages.
pub struct Seed {
    pub database: Database,
    pub tenant: TenantId,
    pub clients: usize,
    /// A client from the middle of the list.
    pub client: i64,
    pub phone: String,
    /// A name that one client has.
    pub rare: &'static str,
    pub token: String,
    services: Services,
}

/// The location of the database, until it is removed.
pub struct BenchDatabase {
    pub url: String,
    folder: TempDir,
    server: Option<(String, String)>,
}

impl BenchDatabase {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Ok(server) = std::env::var("ALOQA_TEST_POSTGRES_URL") else {
            let url = format!("sqlite://{}", folder.path().join("aloqa.db").display());
            return Self { url, folder, server: None };
        };
        let name = format!("aloqa_bench_{}", std::process::id());
        run(&server, &format!("CREATE DATABASE {name}")).await;
        let mut url: Url = server.parse().unwrap();
        url.set_path(&name);
        Self { url: url.into(), folder, server: Some((server, name)) }
    }

    /// Removes the database.
    pub async fn remove(self) {
        if let Some((server, name)) = self.server {
            run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
        drop(self.folder);
    }
}

async fn run(server: &str, statement: &str) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(statement.to_owned())).await.unwrap();
}

fn now() -> DateTime<Utc> {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

impl Seed {
    /// Creates fifty tenants with twenty clients each, and the large one among them.
    pub async fn create() -> (Self, BenchDatabase) {
        let place = BenchDatabase::new().await;
        let database = Database::open(&place.url).await.unwrap();
        database.migrate().await.unwrap();
        let services = Services::new(Dependencies {
            database: database.clone(),
            clock: Clock::fixed(now()),
            vault: Vault::new(
                &SecretKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap(),
            ),
            storage: Storage::in_folder(place.folder.path()).unwrap(),
            public_url: "https://crm.example.uz".parse().unwrap(),
            api_urls: ApiUrls::default(),
            scratch: place.folder.path().to_owned(),
            metrics: aloqa::metrics::Metrics::default(),
            trusted_proxies: TrustedProxies::default(),
            token_requests_per_minute: u32::MAX,
            address_requests_per_minute: u32::MAX,
            stream_limits: StreamLimits::default(),
            quotas: Quotas::new(TenantLimits::default()),
            http: http_client().unwrap(),
        });
        for number in 0..25 {
            clients(&database, company(&database, number).await.id, 20).await;
        }
        let large = company(&database, 1_000).await;
        let count = std::env::var("ALOQA_BENCH_CLIENTS").map_or(100_000, |count| count.parse().unwrap());
        let (client, phone) = clients(&database, large.id, count).await;
        for number in 25..50 {
            clients(&database, company(&database, number).await.id, 20).await;
        }
        let mut reader = database.read(large.id).await.unwrap();
        let user = reader.users().by_email(&email(1_000)).await.unwrap().unwrap();
        drop(reader);
        analyze(&place).await;
        let actor =
            Actor { tenant: large.clone(), user, needs_second_factor: false, origin: Origin::default() };
        let token = services
            .identity
            .create_api_key(&actor, NewApiKey::own("bench", TOKEN_LIFETIME))
            .await
            .unwrap()
            .token
            .expose_secret()
            .to_owned();
        (
            Self {
                database,
                tenant: large.id,
                clients: count,
                client,
                phone,
                rare: "Shahrizoda",
                token,
                services,
            },
            place,
        )
    }

    pub fn router(&self) -> Router {
        app(AppState::new(self.services.clone(), CancellationToken::new()))
    }
}

/// Updates the statistics, as a server does from time to time.
async fn analyze(place: &BenchDatabase) {
    if place.server.is_some() {
        run(&place.url, "VACUUM ANALYZE").await;
    }
}

fn email(number: usize) -> Email {
    Email::parse(&format!("manager@company{number}.example")).unwrap()
}

async fn company(database: &Database, number: usize) -> Tenant {
    let new = NewTenant {
        slug: format!("company{number}").parse().unwrap(),
        name: format!("Company {number}"),
        locale: Locale::En,
        time_zone: "Asia/Tashkent".parse().unwrap(),
        country: Country::UZ,
    };
    let mut operator = database.begin_cross_tenant().await.unwrap();
    let id = operator.create_tenant(&new, now()).await.unwrap().unwrap();
    let tenant = operator.tenant(id).await.unwrap();
    operator.commit().await.unwrap();
    let mut tx = database.begin(id).await.unwrap();
    let name = PersonName::parse("Manager", None).unwrap();
    tx.users_mut()
        .create(&email(number), &name, &UserRole::BuiltIn(Role::Manager), "nobody signs in", now())
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    tenant
}

/// Creates clients over two years, the last of them now; returns one from the middle.
async fn clients(database: &Database, tenant: TenantId, count: usize) -> (i64, String) {
    let mut middle = (0, String::new());
    let step = TimeDelta::days(730) / i32::try_from(count).unwrap();
    for batch in 0..count.div_ceil(BATCH) {
        let mut tx = database.begin(tenant).await.unwrap();
        for number in batch * BATCH..((batch + 1) * BATCH).min(count) {
            let is_middle = number == count / 2;
            // Scattered, so that clients created together are not neighbours in the alphabet.
            let scattered = number.wrapping_mul(7_919) % 1_000_003;
            let first = if is_middle { "Shahrizoda" } else { FIRST[scattered % FIRST.len()] };
            let phone = PhoneNumber::parse_international(&format!("+99890{number:07}")).unwrap();
            let new = Client::builder(first)
                .last_name(LAST[scattered / 10 % LAST.len()])
                .email(Email::parse(&format!("client{number}@mail{}.example", scattered % 50)).unwrap())
                .phone(phone.clone())
                .with(
                    ClientField::Comments,
                    "Asked for the price of silk, and whether it can be sent to Nukus before the holiday.",
                )
                .build()
                .unwrap();
            let back = i32::try_from(count - number).unwrap();
            let id = tx.clients_mut().create(&new, now() - step * back).await.unwrap();
            if is_middle {
                middle = (id.0, phone.to_string());
            }
        }
        tx.commit().await.unwrap();
    }
    middle
}
