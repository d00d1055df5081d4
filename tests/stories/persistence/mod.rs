//! Stories of the repositories, of the schema and of the wall between tenants.

mod channels;
mod chats;
mod clients;
mod contacts;
mod database;
mod deliveries;
mod events;
mod messages;
mod templates;
mod tenants;
mod users;
