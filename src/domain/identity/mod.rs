//! Identity: tenants, users, roles and permissions.

pub(in crate::domain) mod permission;
pub(in crate::domain) mod tenant;
pub(in crate::domain) mod theme;
pub(in crate::domain) mod user;

pub use permission::{Permission, Role};
pub use tenant::{NewTenant, Slug, Tenant, TimeZone};
pub use theme::Theme;
pub use user::{PersonName, Preferences, User};
