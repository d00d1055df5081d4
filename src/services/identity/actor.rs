//! The user on whose behalf a service acts.

use crate::{
    domain::{Author, Locale, Origin, Permission, Tenant, TenantId, User, UserId},
    error::{AppError, Result},
};

/// An authenticated user and the tenant.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user's tenant.
    pub tenant: Tenant,
    /// The authenticated user.
    pub user: User,
    /// True if the user needs a second factor and has none yet, so that nothing else is allowed in a session.
    pub needs_second_factor: bool,
    /// The circumstances of the request, which the audit log shows.
    pub origin: Origin,
}

impl Actor {
    /// Checks that the user's role includes the permission.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(AppError::Forbidden(permission)) }
    }

    /// True if the user's role includes the permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.user.permissions.contains(permission)
    }

    /// Checks that the request has all permissions of the user's role. A restricted API token, which may have leaked, changes
    /// nothing about the way in which the user signs in.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn require_unrestricted(&self) -> Result<()> {
        let missing = self.user.role.permissions().iter().find(|permission| !self.may(*permission));
        missing.map_or(Ok(()), |permission| Err(AppError::Forbidden(permission)))
    }

    /// The language of the user's pages.
    pub fn locale(&self) -> Locale {
        self.user.preferences.locale.unwrap_or(self.tenant.locale)
    }

    pub(in crate::services) fn tenant_id(&self) -> TenantId {
        self.tenant.id
    }

    /// The author of the events that the request causes.
    pub(in crate::services) fn author(&self) -> Author {
        Author::user(self.user.id, self.user.name.full(), self.origin.clone())
    }

    /// The user's id, for records that name a user.
    #[expect(clippy::unnecessary_wraps, reason = "the user of a record is optional, and here is one")]
    pub(in crate::services) fn user_id(&self) -> Option<UserId> {
        Some(self.user.id)
    }
}
