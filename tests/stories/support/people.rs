//! Tenants, their users and their clients.

use std::{net::IpAddr, sync::LazyLock};

use aloqa::{
    domain::{
        Client, ClientId, Email, Locale, NewTenant, Origin, PersonName, PhoneNumber, Role, Tenant, TenantId,
        UserRole,
    },
    persistence::{Database, Snapshot, UnitOfWork},
    services::{Actor, SignInAttempt},
};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher as _};
use secrecy::SecretString;

use crate::support::TestEnv;

/// The password of every user.
pub const PASSWORD: &str = "correct horse battery";

/// An attempt to sign in from a browser that has never signed in.
pub fn attempt(email: &str, password: impl Into<SecretString>) -> SignInAttempt<'_> {
    let peer = IpAddr::from([203, 0, 113, 7]);
    SignInAttempt {
        email,
        password: password.into(),
        workspace: None,
        peer,
        browser: None,
        session: None,
        user_agent: None,
    }
}

/// Hashed once with cheap parameters; the parameters are in the hash, so checking it is cheap as well.
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| {
    let cheap = Params::new(8, 1, 1, None).unwrap();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
    argon.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
});

/// A tenant with a user of each role, whose address is `ROLE@SLUG.example`.
#[derive(Clone)]
pub struct Company {
    pub tenant: Tenant,
    pub administrator: Actor,
    pub manager: Actor,
    pub agent: Actor,
    pub read_only: Actor,
    database: Database,
}

impl TestEnv {
    /// Creates a tenant in Uzbekistan.
    pub async fn company(&self, slug: &str) -> Company {
        self.company_in(slug, "UZ").await
    }

    /// Creates a tenant in a country.
    pub async fn company_in(&self, slug: &str, country: &str) -> Company {
        let new = NewTenant {
            slug: slug.parse().unwrap(),
            name: format!("{slug} LLC"),
            locale: Locale::En,
            time_zone: "Asia/Tashkent".parse().unwrap(),
            country: country.parse().unwrap(),
        };
        let now = self.clock.now();
        let mut cross_tenant = self.database.begin_cross_tenant().await.unwrap();
        let id = cross_tenant.create_tenant(&new, now).await.unwrap().unwrap();
        let tenant = cross_tenant.tenant(id).await.unwrap();
        cross_tenant.commit().await.unwrap();

        let mut tx = self.database.begin(id).await.unwrap();
        let mut staff = Vec::new();
        for role in Role::ALL {
            let email = email_of(role, slug);
            let name = PersonName::parse(role.as_str(), Some("Karimov")).unwrap();
            tx.users_mut()
                .create(&email, &name, &UserRole::BuiltIn(role), &PASSWORD_HASH, now)
                .await
                .unwrap()
                .unwrap();
            let user = tx.users().by_email(&email).await.unwrap().unwrap();
            let origin = Origin::default();
            staff.push(Actor { tenant: tenant.clone(), user, needs_second_factor: false, origin });
        }
        tx.commit().await.unwrap();
        let [administrator, manager, agent, read_only] = staff.try_into().unwrap_or_else(|_| unreachable!());
        Company { tenant, administrator, manager, agent, read_only, database: self.database.clone() }
    }

    /// Two tenants, for tests of isolation.
    pub async fn two_companies(&self) -> (Company, Company) {
        (self.company("samarkand").await, self.company("bukhara").await)
    }
}

pub fn email_of(role: Role, slug: &str) -> Email {
    Email::parse(&format!("{}@{slug}.example", role.as_str())).unwrap()
}

impl Company {
    pub fn id(&self) -> TenantId {
        self.tenant.id
    }

    /// The users, from the role with the most permissions to that with the fewest.
    pub fn staff(&self) -> [&Actor; 4] {
        [&self.administrator, &self.manager, &self.agent, &self.read_only]
    }

    /// A transaction that writes.
    pub async fn begin(&self) -> UnitOfWork {
        self.database.begin(self.id()).await.unwrap()
    }

    /// A transaction that reads.
    pub async fn read(&self) -> Snapshot {
        self.database.read(self.id()).await.unwrap()
    }

    /// Stores a client with a phone.
    pub async fn client(&self, env: &TestEnv, name: &str, phone: &str) -> ClientId {
        let new = Client::builder(name).phone(phone_of(phone)).build().unwrap();
        let mut tx = self.begin().await;
        let id = tx.clients_mut().create(&new, env.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}

pub fn phone_of(text: &str) -> PhoneNumber {
    PhoneNumber::parse_international(text).unwrap()
}
