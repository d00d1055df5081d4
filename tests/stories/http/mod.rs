//! Stories of the HTTP interface, with the whole application in process.

mod day;
mod forgery;
mod isolation;
mod table;
mod webhooks;
