//! Identity: users, sessions and tokens.

pub(in crate::persistence) mod users;

pub use users::{Credentials, Users};
