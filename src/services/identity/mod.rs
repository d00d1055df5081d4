//! Identity: use cases of sign-in, sessions, tokens and tenants.

pub(in crate::services) mod actor;
pub(in crate::services) mod api_keys;
pub(in crate::services) mod known_browser;
pub(in crate::services) mod login_limit;
pub(in crate::services) mod password_hash;
pub(in crate::services) mod request_limit;
pub(in crate::services) mod service;
pub(in crate::services) mod sessions;
pub(in crate::services) mod sign_in;
pub(in crate::services) mod team;
pub(in crate::services) mod tenant_lifecycle;
pub(in crate::services) mod tenants;
pub(in crate::services) mod two_factor;
pub(in crate::services) mod workspace;

pub use crate::services::identity::actor::Actor;
pub use crate::services::identity::api_keys::{ApiKeys, CreatedApiKey, NewApiKey, TOKEN_LIFETIME};
pub use crate::services::identity::known_browser::BROWSER_LIFETIME;
pub use crate::services::identity::request_limit::RequestQuota;
pub use crate::services::identity::service::{IdentityService, SESSION_LIFETIME};
pub use crate::services::identity::sessions::ListedSession;
pub use crate::services::identity::sign_in::{
    CodeAttempt, SignIn, SignInAttempt, Workspace, device, stored_user_agent,
};
pub use crate::services::identity::team::{MemberChanges, OpenedLink, Team, TeamInvitation, TeamService};
pub use crate::services::identity::tenant_lifecycle::DeletedTenant;
pub use crate::services::identity::tenants::TenantService;
pub use crate::services::identity::two_factor::{FactorSetup, FactorState};
pub use crate::services::identity::workspace::{WorkspaceDetails, WorkspaceService};
