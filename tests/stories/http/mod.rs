//! Stories of the HTTP interface, with the whole application in process.

mod clients;
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
mod roles;
mod sign_in;
mod table;
mod webhooks;
