//! The simulator: look-alikes of the providers' APIs, and the phones of clients that they reach.

mod phones;
mod service;
mod telegram;
mod twilio;

pub use service::{PLAYED, Phone, REPORTS, SimulatorService, WrittenFile};
pub use twilio::*;
