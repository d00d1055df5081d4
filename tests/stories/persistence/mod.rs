//! Stories of the repositories, of the schema and of the wall between tenants.

mod channels;
mod chats;
mod clients;
mod contacts;
mod database;
mod deliveries;
mod events;
mod isolation;
mod messages;
mod schema;
mod search;
mod templates;
mod tenants;
mod users;
mod wall;
