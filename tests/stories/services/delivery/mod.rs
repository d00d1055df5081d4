//! Tests of inbound and outbound delivery.

pub mod inbound;
pub mod manual_outcomes;
pub mod outbox;
pub mod telegram;
