//! Who asks for something.

use crate::{
    domain::{Locale, Permission, Tenant, TenantId, User, UserId},
    error::{AppError, Result},
};

/// A signed-in user in its workspace.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The workspace.
    pub tenant: Tenant,
    /// The user.
    pub user: User,
}

impl Actor {
    /// Goes on only if the user's role includes the permission.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.may(permission) { Ok(()) } else { Err(AppError::Forbidden(permission)) }
    }

    /// Whether the user's role includes the permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.user.role.may(permission)
    }

    /// The language of its pages.
    pub fn locale(&self) -> Locale {
        self.user.preferences.locale.unwrap_or(self.tenant.locale)
    }

    pub(in crate::services) fn tenant_id(&self) -> TenantId {
        self.tenant.id
    }

    /// Whom events name as the one who did it.
    #[expect(clippy::unnecessary_wraps, reason = "an event's actor is optional, and here is one")]
    pub(in crate::services) fn user_id(&self) -> Option<UserId> {
        Some(self.user.id)
    }
}
