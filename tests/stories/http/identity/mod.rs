//! Identity.

pub mod account;
pub mod layout_preferences;
pub mod sign_in;
