//! Tests of the repositories, the schema, transactions and tenant isolation.

mod activity;
mod channels;
mod chats;
mod clients;
mod delivery;
mod engine;
mod identity;
mod search;
