//! Stories of the HTTP interface, with the whole application in process.

mod account;
mod channels;
mod chat_search;
mod clients;
mod composer;
mod conversation;
mod day;
mod export;
mod files;
mod forgery;
mod fuzz;
mod health;
mod imports;
mod isolation;
mod list;
mod live;
mod merges;
mod profile;
mod queue;
mod races;
mod roles;
mod sign_in;
mod spotlight;
mod table;
mod telegram;
mod webhooks;
