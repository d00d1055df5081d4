//! The roles that a tenant has made itself.

use chrono::{DateTime, Utc};

use crate::{
    domain::{NewRole, OwnRole, RoleId},
    error::Result,
    persistence::{
        Snapshot, UnitOfWork,
        engine::{FromRow, Row},
    },
};

/// The own roles of a tenant.
pub struct Roles<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's own roles, for writing.
pub struct RolesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

impl FromRow for OwnRole {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            permissions: row.get("permissions")?,
            users: row.get("users")?,
            created_at: row.get("created_at")?,
        })
    }
}

impl Roles<'_> {
    /// Lists all own roles by name.
    pub async fn all(&mut self) -> Result<Vec<OwnRole>> {
        self.snapshot
            .query(
                "SELECT r.id, r.name, r.permissions, r.created_at,
                     (SELECT COUNT(*) FROM users u WHERE u.tenant_id = $1 AND u.role_id = r.id) AS users
                 FROM roles r WHERE r.tenant_id = $1 ORDER BY r.name",
            )
            .all()
            .await
    }

    /// Loads an own role.
    pub async fn get(&mut self, id: RoleId) -> Result<Option<OwnRole>> {
        self.snapshot
            .query(
                "SELECT r.id, r.name, r.permissions, r.created_at,
                     (SELECT COUNT(*) FROM users u WHERE u.tenant_id = $1 AND u.role_id = r.id) AS users
                 FROM roles r WHERE r.tenant_id = $1 AND r.id = $2",
            )
            .bind(id)
            .optional()
            .await
    }
}

impl RolesMut<'_> {
    /// Creates a role; returns `None` if another one has the name.
    pub async fn create(&mut self, new: &NewRole, at: DateTime<Utc>) -> Result<Option<RoleId>> {
        self.work
            .query(
                "INSERT INTO roles (tenant_id, name, permissions, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING RETURNING id",
            )
            .bind(&new.name)
            .bind(new.permissions)
            .bind(at)
            .optional()
            .await
    }

    /// True if another role has the name.
    pub async fn is_taken(&mut self, id: RoleId, name: &str) -> Result<bool> {
        let other: Option<RoleId> = self
            .work
            .query("SELECT id FROM roles WHERE tenant_id = $1 AND id <> $2 AND name = $3")
            .bind(id)
            .bind(name)
            .optional()
            .await?;
        Ok(other.is_some())
    }

    /// Changes a role, which applies to the open sessions and streams of its users.
    pub async fn update(&mut self, id: RoleId, new: &NewRole, at: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "UPDATE roles SET name = $3, permissions = $4, updated_at = $5 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(&new.name)
            .bind(new.permissions)
            .bind(at)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(())
    }

    /// Deletes a role that no user has; returns false if a user has it.
    pub async fn delete(&mut self, id: RoleId) -> Result<bool> {
        let deleted = self
            .work
            .query(
                "DELETE FROM roles WHERE tenant_id = $1 AND id = $2 AND NOT EXISTS (
                     SELECT 1 FROM users u WHERE u.tenant_id = $1 AND u.role_id = $2)
                     AND NOT EXISTS (SELECT 1 FROM access_links l WHERE l.tenant_id = $1 AND l.role_id = $2)",
            )
            .bind(id)
            .execute()
            .await?;
        Ok(deleted == 1)
    }
}
