//! Identity: use cases of sign-in, sessions, tokens and tenants.

pub(in crate::services) mod actor;
pub(in crate::services) mod login_limit;
pub(in crate::services) mod service;
pub(in crate::services) mod tenants;

pub use actor::Actor;
pub use service::{IdentityService, SignIn, Workspace};
pub use tenants::TenantService;
