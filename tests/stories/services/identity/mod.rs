//! Identity.

pub mod permissions;
pub mod sign_in;
