//! Tests of the services on both engines, with a fixed clock and a Twilio server that behaves as each test sets it.

mod activity;
mod channels;
mod chats;
mod clients;
mod clock_jumps;
mod delivery;
mod identity;
mod worker;
