//! Tests of live pages across broken connections.

pub mod reconnect;
