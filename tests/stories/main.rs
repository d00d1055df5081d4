//! Stories of Aloqa as its users live them: the real engines, a clock that stands still, a Twilio that obeys.
//!
//! A story that works on a database is told on SQLite and on PostgreSQL from one body (`on_both_engines!`). What the
//! machine lacks is left out, and said aloud.
#![expect(clippy::unwrap_used, reason = "a story that can't go on has failed, and says so by panicking")]
#![expect(unreachable_pub, reason = "nothing here has an outside; `pub` means: for the other stories")]

#[macro_use]
mod support;

mod browser;
mod cli;
mod docs;
mod http;
mod persistence;
mod services;
mod upgrade;

use crate::support::requirements::Need;

#[test]
fn what_is_left_out() {
    for need in Need::ALL {
        if !need.is_met() {
            need.say_what_is_left_out();
        }
    }
}

#[test]
fn what_is_required_is_there() {
    for need in Need::ALL {
        assert!(!need.is_required() || need.is_met(), "{} is required: {}", need.name(), need.way());
    }
}
