//! Activity.

pub mod events;
