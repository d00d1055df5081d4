//! Stories of the repositories, of the schema and of the wall between tenants.

mod activity;
mod channels;
mod chats;
mod clients;
mod delivery;
mod engine;
mod identity;
mod search;
