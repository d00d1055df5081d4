//! Identity: users, sessions and tokens.

pub(in crate::persistence) mod users;

pub use crate::persistence::identity::users::{Credentials, Users};
