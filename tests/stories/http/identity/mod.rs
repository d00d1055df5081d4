//! Tests of sign-in, accounts and layout preferences.

pub mod account;
pub mod layout_preferences;
pub mod request_limit;
pub mod sign_in;
pub mod team;
pub mod two_factor;
pub mod workspace;
