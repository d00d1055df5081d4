//! Identity: tenants, users, roles and permissions.

pub(in crate::domain) mod password;
pub(in crate::domain) mod peer;
pub(in crate::domain) mod permission;
pub(in crate::domain) mod tenant;
pub(in crate::domain) mod theme;
pub(in crate::domain) mod two_factor;
pub(in crate::domain) mod user;

pub use crate::domain::identity::password::{
    MAX_PASSWORD_BYTES, PASSWORD_MIN, check_new_password, normalize_password,
};
pub use crate::domain::identity::peer::{NotANetwork, PeerNetwork, TrustedProxies};
pub use crate::domain::identity::permission::{NewRole, OwnRole, Permission, PermissionSet, Role, UserRole};
pub use crate::domain::identity::tenant::{NewTenant, Slug, Tenant, TimeZone, WorkspaceSettings};
pub use crate::domain::identity::theme::Theme;
pub use crate::domain::identity::two_factor::{FactorCode, TwoFactorRule};
pub use crate::domain::identity::user::{
    AccessLink, ApiToken, LinkPurpose, PersonName, Preferences, Session, User, UserAccount,
};
