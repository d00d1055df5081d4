//! Tests of sign-in and permissions.

pub mod permissions;
pub mod sign_in;
