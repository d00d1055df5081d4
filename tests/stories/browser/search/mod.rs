//! Tests of the spotlight.

pub mod spotlight;
