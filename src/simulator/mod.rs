//! The simulator: imitations of the providers' APIs, and the phones of clients that receive their
//! messages.

pub(crate) mod page;
mod phones;
mod service;
mod telegram;
mod twilio;

pub use crate::simulator::page::register;
pub use crate::simulator::service::{
    ClientFile, Phone, REPORTABLE_STATUSES, SIMULATED_TRANSPORTS, SimulatorService,
};
pub use crate::simulator::twilio::*;
