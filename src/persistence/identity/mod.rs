//! Identity: users, sessions and tokens.

pub(in crate::persistence) mod access_links;
mod cross_tenant;
pub(in crate::persistence) mod roles;
pub(in crate::persistence) mod sessions;
pub(in crate::persistence) mod tenant;
pub(in crate::persistence) mod tokens;
pub(in crate::persistence) mod two_factor;
pub(in crate::persistence) mod users;
pub(in crate::persistence) mod workspace;

use crate::persistence::{Snapshot, UnitOfWork};
pub use access_links::{AccessLinks, AccessLinksMut};
pub use cross_tenant::{Attempts, MonthUsage, SessionRow};
pub use roles::{Roles, RolesMut};
pub use sessions::{Device, StoredSession, session_id};
pub use tenant::TenantMut;
pub use tokens::NewToken;
pub use two_factor::{SealedFactor, TwoFactor, TwoFactorMut};
pub use users::{Credentials, TokenHash, Users, UsersMut};
pub use workspace::{TenantUsage, Workspace, WorkspaceMut};

impl Snapshot {
    /// Users, their sessions and tokens.
    pub fn users(&mut self) -> Users<'_> {
        Users { snapshot: self }
    }

    /// The roles that the tenant has made itself.
    pub fn roles(&mut self) -> Roles<'_> {
        Roles { snapshot: self }
    }

    /// The second factors of users.
    pub fn two_factor(&mut self) -> TwoFactor<'_> {
        TwoFactor { snapshot: self }
    }

    /// The settings of the tenant itself.
    pub fn workspace(&mut self) -> Workspace<'_> {
        Workspace { snapshot: self }
    }

    /// Links by which users set a password.
    pub fn access_links(&mut self) -> AccessLinks<'_> {
        AccessLinks { snapshot: self }
    }
}

impl UnitOfWork {
    /// Write access to users.
    pub fn users_mut(&mut self) -> UsersMut<'_> {
        UsersMut { work: self }
    }

    /// Write access to the tenant itself.
    pub fn tenant_mut(&mut self) -> TenantMut<'_> {
        TenantMut { work: self }
    }

    /// Write access to own roles.
    pub fn roles_mut(&mut self) -> RolesMut<'_> {
        RolesMut { work: self }
    }

    /// Write access to the second factors of users.
    pub fn two_factor_mut(&mut self) -> TwoFactorMut<'_> {
        TwoFactorMut { work: self }
    }

    /// Write access to the settings of the tenant itself.
    pub fn workspace_mut(&mut self) -> WorkspaceMut<'_> {
        WorkspaceMut { work: self }
    }

    /// Write access to links.
    pub fn access_links_mut(&mut self) -> AccessLinksMut<'_> {
        AccessLinksMut { work: self }
    }
}
