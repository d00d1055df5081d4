//! Delivery.

pub mod inbound;
pub mod manual_outcomes;
pub mod outbox;
pub mod telegram;
