//! Links by which users set a password.

use chrono::{DateTime, Utc};

use super::users::{role_of, stored_role};
use crate::{
    domain::{AccessLink, AccessLinkId, Email, LinkPurpose, PersonName},
    error::Result,
    persistence::{
        Snapshot, UnitOfWork,
        engine::{FromRow, Row},
    },
};

/// The links of a tenant.
pub struct AccessLinks<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's links, for writing.
pub struct AccessLinksMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

impl FromRow for AccessLink {
    fn from_row(row: &Row) -> Result<Self> {
        let first: Option<String> = row.get("first_name")?;
        let last = row.get("last_name")?;
        let purpose = match row.get("user_id")? {
            Some(user) => LinkPurpose::Reset(user),
            None => LinkPurpose::Invitation {
                name: first.map(|first| PersonName { first, last }),
                role: role_of(row)?,
            },
        };
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            purpose,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

impl AccessLinks<'_> {
    /// Lists the invitations that were not accepted yet, also expired ones, by address.
    pub async fn invitations(&mut self) -> Result<Vec<AccessLink>> {
        self.snapshot
            .query(
                "SELECT l.id, l.email, l.user_id, l.first_name, l.last_name, l.role, l.role_id, r.name AS role_name,
                     r.permissions AS role_permissions, l.created_at, l.expires_at
                 FROM access_links l LEFT JOIN roles r ON r.tenant_id = l.tenant_id AND r.id = l.role_id
                 WHERE l.tenant_id = $1 AND l.user_id IS NULL ORDER BY l.email",
            )
            .all()
            .await
    }

    /// Finds a valid link by the hash of its token.
    pub async fn by_token(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<Option<AccessLink>> {
        self.snapshot
            .query(
                "SELECT l.id, l.email, l.user_id, l.first_name, l.last_name, l.role, l.role_id, r.name AS role_name,
                     r.permissions AS role_permissions, l.created_at, l.expires_at
                 FROM access_links l LEFT JOIN roles r ON r.tenant_id = l.tenant_id AND r.id = l.role_id
                 WHERE l.tenant_id = $1 AND l.token_hash = $2 AND l.expires_at > $3",
            )
            .bind(token_hash)
            .bind(at)
            .optional()
            .await
    }
}

impl AccessLinksMut<'_> {
    /// Creates a link, which replaces the former one of the address.
    pub async fn create(
        &mut self,
        email: &Email,
        purpose: &LinkPurpose,
        token_hash: &[u8],
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<AccessLinkId> {
        self.work
            .query("DELETE FROM access_links WHERE tenant_id = $1 AND email = $2")
            .bind(email)
            .execute()
            .await?;
        let (user, name, role) = match purpose {
            LinkPurpose::Invitation { name, role } => (None, name.as_ref(), Some(stored_role(role))),
            LinkPurpose::Reset(user) => (Some(*user), None, None),
        };
        self.work
            .query(
                "INSERT INTO access_links (tenant_id, email, user_id, first_name, last_name, role, role_id, token_hash,
                     created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
            )
            .bind(email)
            .bind(user)
            .bind(name.map(|name| &name.first))
            .bind(name.and_then(|name| name.last.as_ref()))
            .bind(role.map(|(role, _)| role))
            .bind(role.and_then(|(_, own)| own))
            .bind(token_hash)
            .bind(at)
            .bind(expires_at)
            .one()
            .await
    }

    /// Deletes a link, by which it is used or withdrawn; returns false if it does not exist, so that only one of two who
    /// use it at once succeeds.
    pub async fn delete(&mut self, id: AccessLinkId) -> Result<bool> {
        let deleted = self
            .work
            .query("DELETE FROM access_links WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .execute()
            .await?;
        Ok(deleted == 1)
    }
}
