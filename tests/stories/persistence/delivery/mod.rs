//! Delivery.

pub mod outbox;
