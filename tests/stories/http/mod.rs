//! Stories of the HTTP interface, with the whole application in process.

mod clients;
mod day;
mod export;
mod forgery;
mod fuzz;
mod health;
mod imports;
mod isolation;
mod live;
mod profile;
mod roles;
mod sign_in;
mod table;
mod webhooks;
