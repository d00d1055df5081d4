//! Identity.

pub mod account;
