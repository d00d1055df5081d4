//! End-to-end tests of Aloqa on the real database engines, with a fixed clock and simulated providers.
//!
//! A test that uses a database runs on SQLite and on PostgreSQL from one body (`on_both_engines!`). Tests for which the
//! machine lacks a requirement are skipped and reported.
#![expect(clippy::unwrap_used, reason = "a story that can't go on has failed, and says so by panicking")]
#![expect(unreachable_pub, reason = "nothing here has an outside; `pub` means: for the other stories")]

#[macro_use]
mod support;

mod backup;
mod browser;
mod cli;
mod docs;
mod http;
mod import_cycles;
mod operator;
mod persistence;
mod provider_names;
mod server;
mod services;
mod tenant_lifecycle;
mod transfer;
mod upgrade;

use crate::support::requirements::Requirement;

#[test]
fn skipped_tests_are_reported() {
    for need in Requirement::ALL {
        if !need.is_available() {
            need.report_skipped_tests();
        }
    }
}

#[test]
fn required_services_are_available() {
    for need in Requirement::ALL {
        assert!(
            !need.is_required() || need.is_available(),
            "{} is required: {}",
            need.name(),
            need.instructions()
        );
    }
}
