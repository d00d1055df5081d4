//! Identity: users, sessions and tokens.

mod cross_tenant;
pub(in crate::persistence) mod users;

use crate::persistence::{Snapshot, UnitOfWork};
pub use cross_tenant::{Attempts, SessionRow};
pub use users::{Credentials, TokenHash, Users, UsersMut};

impl Snapshot {
    /// Users, their sessions and tokens.
    pub fn users(&mut self) -> Users<'_> {
        Users { snapshot: self }
    }
}

impl UnitOfWork {
    /// Write access to users.
    pub fn users_mut(&mut self) -> UsersMut<'_> {
        UsersMut { work: self }
    }
}
