//! Tests of the outbox.

pub mod outbox;
