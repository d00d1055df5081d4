//! Users and their roles.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::persistence::{
    Page, PageRequest, Snapshot, UnitOfWork,
    engine::{FromRow, Key, List, Row, Sql},
};
use crate::{
    domain::{
        Email, PermissionSet, PersonName, Preferences, Role, RoleId, TenantId, Theme, User, UserAccount,
        UserId, UserRole,
    },
    error::{AppError, Result},
};

/// The kinds of users: people, and the accounts of programs that belong to no person.
pub(super) const PERSON: &str = "person";
const SERVICE: &str = "service";
/// The hash of a user who has no password: no password has this hash.
const NO_PASSWORD: &str = "none";

/// Users, sessions and tokens of a tenant.
pub struct Users<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's users, for writing.
pub struct UsersMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The data for verifying a sign-in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The tenant of the user.
    pub tenant: TenantId,
    /// The tenant's slug, by which it can be selected.
    pub tenant_slug: String,
    /// The tenant's name, for display.
    pub tenant_name: String,
    /// The user.
    pub user: UserId,
    /// The address of the user.
    pub email: Email,
    /// The Argon2id hash in PHC format.
    pub password_hash: String,
    /// True if the tenant is suspended.
    pub is_suspended: bool,
}

/// The SHA-256 hash under which the token of a session or of a program is stored.
pub type TokenHash = [u8; 32];

pub(super) fn token_hash_of(row: &Row) -> Result<TokenHash> {
    let token: Vec<u8> = row.get("token_hash")?;
    token.try_into().map_err(|_| AppError::internal("a token's hash has another length"))
}

/// The role of a user, from the columns `role`, `role_id`, `role_name` and `role_permissions`.
pub(super) fn role_of(row: &Row) -> Result<UserRole> {
    let own: Option<RoleId> = row.get("role_id")?;
    let permissions: Option<PermissionSet> = row.get("role_permissions")?;
    Ok(match own.zip(permissions) {
        Some((id, permissions)) => UserRole::Own { id, name: row.get("role_name")?, permissions },
        // A role that this version does not know is read as the one with the fewest permissions.
        None => UserRole::BuiltIn(row.get_or("role", Role::ReadOnly)?),
    })
}

/// The permissions of a role, restricted to those of the token in the column `token_permissions`.
pub(super) fn granted(row: &Row, role: &UserRole) -> Result<PermissionSet> {
    let token: Option<PermissionSet> = row.get("token_permissions")?;
    Ok(token.map_or(role.permissions(), |token| role.permissions().intersection(token)))
}

impl FromRow for Credentials {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            tenant: row.get("tenant_id")?,
            tenant_slug: row.get("tenant_slug")?,
            tenant_name: row.get("tenant_name")?,
            user: row.get("id")?,
            email: row.get("email")?,
            password_hash: row.get("password_hash")?,
            is_suspended: row.get::<Option<DateTime<Utc>>>("suspended_at")?.is_some(),
        })
    }
}

impl FromRow for User {
    fn from_row(row: &Row) -> Result<Self> {
        let single_keys: Option<String> = row.get("single_keys")?;
        let role = role_of(row)?;
        Ok(Self {
            id: row.get("user_id")?,
            email: row.get("email")?,
            name: PersonName { first: row.get("first_name")?, last: row.get("last_name")? },
            permissions: granted(row, &role)?,
            role,
            preferences: Preferences {
                locale: row.valid("user_locale")?,
                theme: row.get_or("theme", Theme::default())?,
                single_keys: single_keys.as_deref() != Some("off"),
            },
            two_factor: row.get::<Option<DateTime<Utc>>>("two_factor_since")?.is_some(),
        })
    }
}

impl FromRow for UserAccount {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user: FromRow::from_row(row)?,
            created_at: row.get("created_at")?,
            disabled_at: row.get("disabled_at")?,
            last_seen_at: row.get("last_seen_at")?,
        })
    }
}

const ACCOUNT: &str = "\
    SELECT u.id AS user_id, u.email, u.first_name, u.last_name, u.role, u.role_id, r.name AS role_name, \
    r.permissions AS role_permissions, NULL AS token_permissions, u.locale AS user_locale, u.theme, u.single_keys, \
    (SELECT f.confirmed_at FROM second_factors f WHERE f.tenant_id = u.tenant_id AND f.user_id = u.id) \
    AS two_factor_since, \
    u.created_at, u.disabled_at, (SELECT MAX(s.last_used_at) FROM sessions s \
        WHERE s.tenant_id = $1 AND s.user_id = u.id) AS last_seen_at";
const USER: &str = "\
    SELECT u.id AS user_id, u.email, u.first_name, u.last_name, u.role, u.role_id, r.name AS role_name, \
    r.permissions AS role_permissions, NULL AS token_permissions, u.locale AS user_locale, u.theme, u.single_keys, \
    (SELECT f.confirmed_at FROM second_factors f WHERE f.tenant_id = $1 AND f.user_id = u.id) AS two_factor_since \
    FROM users u LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id WHERE u.tenant_id = $1";
const PEOPLE: &str = "\
    FROM users u LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id \
    WHERE u.tenant_id = $1 AND u.kind = 'person'";
const BY_ADDRESS: &[Key] = &[Key::text("u.email"), Key::number("u.id")];
impl Users<'_> {
    /// Lists all users by their addresses.
    pub async fn accounts(&mut self) -> Result<Vec<UserAccount>> {
        self.snapshot.query(ACCOUNT).push(PEOPLE).push("ORDER BY u.email").all().await
    }

    /// Lists a page of the users by their addresses.
    pub async fn page_of_accounts(&mut self, request: PageRequest) -> Result<Page<UserAccount>> {
        self.snapshot.page(&List::new(ACCOUNT, PEOPLE, BY_ADDRESS), request).await
    }

    /// Loads a user with the data for those who manage users; service accounts are not found.
    pub async fn account(&mut self, id: UserId) -> Result<Option<UserAccount>> {
        self.snapshot.query(ACCOUNT).push(PEOPLE).push("AND u.id = $2").bind(id).optional().await
    }

    /// Loads a user.
    pub async fn find(&mut self, id: UserId) -> Result<Option<User>> {
        self.snapshot.query(USER).push("AND u.id = $2").bind(id).optional().await
    }

    /// Finds the user with this address.
    pub async fn by_email(&mut self, email: &Email) -> Result<Option<User>> {
        self.snapshot.query(USER).push("AND u.email = $2").bind(email).optional().await
    }

    /// The hash of a user's password.
    pub async fn password_hash(&mut self, user: UserId) -> Result<Option<String>> {
        self.snapshot
            .query("SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2")
            .bind(user)
            .optional()
            .await
    }
}

/// The built-in role and the own role by which a role is stored.
pub(super) fn stored_role(role: &UserRole) -> (Role, Option<RoleId>) {
    match role {
        UserRole::BuiltIn(role) => (*role, None),
        // An older program that does not know own roles gives the fewest permissions.
        UserRole::Own { id, .. } => (Role::ReadOnly, Some(*id)),
    }
}

impl UsersMut<'_> {
    /// Creates a user; returns `None` if a user of this tenant has the address.
    pub async fn create(
        &mut self,
        email: &Email,
        name: &PersonName,
        role: &UserRole,
        password_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        self.insert(email, name, role, password_hash, PERSON, at).await
    }

    /// Creates a service account, through which a program acts that belongs to no person. It has no password, and an address
    /// that no mail reaches.
    pub async fn create_service(&mut self, name: &str, role: &UserRole, at: DateTime<Utc>) -> Result<UserId> {
        let address = format!("{}@service.invalid", Uuid::new_v4().simple());
        let address =
            Email::parse(&address).map_err(|_| AppError::internal("an address of a service account"))?;
        let name = PersonName { first: name.to_owned(), last: None };
        let created = self.insert(&address, &name, role, NO_PASSWORD, SERVICE, at).await?;
        created.ok_or_else(|| AppError::internal("the address of a service account exists"))
    }

    async fn insert(
        &mut self,
        email: &Email,
        name: &PersonName,
        role: &UserRole,
        password_hash: &str,
        kind: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<UserId>> {
        let (role, own) = stored_role(role);
        self.work
            .query(
                "INSERT INTO users (tenant_id, email, first_name, last_name, role, role_id, password_hash, kind,
                     created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id",
            )
            .bind(email)
            .bind(&name.first)
            .bind(&name.last)
            .bind(role)
            .bind(own)
            .bind(password_hash)
            .bind(kind)
            .bind(at)
            .optional()
            .await
    }

    /// Sets the name and the preferences of a user.
    pub async fn update(&mut self, user: UserId, name: &PersonName, preferences: &Preferences) -> Result<()> {
        self.work
            .query(
                "UPDATE users SET first_name = $3, last_name = $4, locale = $5, theme = $6, single_keys =
                     $7
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(user)
            .bind(&name.first)
            .bind(&name.last)
            .bind(preferences.locale)
            .bind(preferences.theme)
            .bind((!preferences.single_keys).then_some("off"))
            .execute()
            .await?;
        Ok(())
    }

    /// Locks an enabled user whose password still has this hash; returns false if it was changed meanwhile, or the user was
    /// disabled.
    pub async fn lock_with_password(&mut self, user: UserId, password_hash: &str) -> Result<bool> {
        // SQLite has one writer at a time and no row locks.
        let rows = Sql::by_engine(
            "SELECT id FROM users WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND disabled_at IS NULL",
            "SELECT id FROM users WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND disabled_at IS NULL
             FOR UPDATE",
        );
        let locked: Option<UserId> = self.work.query(rows).bind(user).bind(password_hash).optional().await?;
        Ok(locked.is_some())
    }

    /// Sets a password, and ends the sessions and API tokens of the user.
    pub async fn set_password(&mut self, user: UserId, password_hash: &str) -> Result<()> {
        self.work
            .query("UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(user)
            .bind(password_hash)
            .execute()
            .await?;
        self.end_access(user).await
    }

    /// Ends the sessions and API tokens of a user, whose live streams are closed by the commit.
    async fn end_access(&mut self, user: UserId) -> Result<()> {
        self.work
            .query("DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .execute()
            .await?;
        self.work
            .query("DELETE FROM api_tokens WHERE tenant_id = $1 AND user_id = $2")
            .bind(user)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(())
    }

    /// Disables a user and ends the user's sessions and API tokens. Returns false for the last enabled administrator, and
    /// if there is no such user.
    pub async fn disable(&mut self, user: UserId, at: DateTime<Utc>) -> Result<bool> {
        self.lock_administrators().await?;
        let changed = self
            .work
            .query(
                "UPDATE users SET disabled_at = COALESCE(disabled_at, $3) WHERE tenant_id = $1 AND id = $2
                     AND (role <> 'administrator' OR EXISTS (
                         SELECT 1 FROM users o WHERE o.tenant_id = $1 AND o.id <> $2
                             AND o.role = 'administrator' AND o.disabled_at IS NULL))",
            )
            .bind(user)
            .bind(at)
            .execute()
            .await?;
        if changed == 1 {
            self.end_access(user).await?;
        }
        Ok(changed == 1)
    }

    /// Locks the tenant's administrators, so that concurrent transactions do not each leave the other's.
    async fn lock_administrators(&mut self) -> Result<()> {
        // SQLite has one writer at a time and no row locks.
        let rows = Sql::by_engine(
            "SELECT id FROM users WHERE tenant_id = $1 AND role = 'administrator'",
            "SELECT id FROM users WHERE tenant_id = $1 AND role = 'administrator' ORDER BY id FOR UPDATE",
        );
        self.work.query(rows).all::<UserId>().await.map(drop)
    }

    /// Enables a disabled user, who has to sign in again.
    pub async fn enable(&mut self, user: UserId) -> Result<()> {
        self.work
            .query("UPDATE users SET disabled_at = NULL WHERE tenant_id = $1 AND id = $2")
            .bind(user)
            .execute()
            .await?;
        Ok(())
    }

    /// Sets a user's role, which applies to open sessions and streams. Returns false if the user is the last enabled
    /// administrator and would no longer be one, and if there is no such user.
    pub async fn set_role(&mut self, user: UserId, role: &UserRole) -> Result<bool> {
        let (role, own) = stored_role(role);
        self.lock_administrators().await?;
        let changed = self
            .work
            .query(
                "UPDATE users SET role = $3, role_id = $4 WHERE tenant_id = $1 AND id = $2
                     AND ($3 = 'administrator' OR role <> 'administrator' OR EXISTS (
                         SELECT 1 FROM users o WHERE o.tenant_id = $1 AND o.id <> $2
                             AND o.role = 'administrator' AND o.disabled_at IS NULL))",
            )
            .bind(user)
            .bind(role)
            .bind(own)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(changed == 1)
    }
}
