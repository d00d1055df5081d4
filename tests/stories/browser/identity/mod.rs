//! Tests of the account pages.

pub mod account;
