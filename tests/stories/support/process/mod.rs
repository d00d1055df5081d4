//! Processes for the tests: the program, its server and Chromium.

#[macro_use]
pub mod chromium;
pub mod program;
pub mod server;
