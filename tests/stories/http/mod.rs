//! Tests of the HTTP interface, with the whole application in the test's process.

mod activity;
mod all_routes;
mod budgets;
mod channels;
mod chats;
mod clients;
mod delivery;
mod identity;
mod search;
mod simulator;
