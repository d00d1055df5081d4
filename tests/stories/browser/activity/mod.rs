//! Activity.

pub mod reconnect;
