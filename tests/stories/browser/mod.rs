//! The pages as people use them, in Chromium.

mod accessible;
mod account;
mod attachments;
mod composer;
mod conversation;
mod day;
mod frame;
mod keyboard;
mod line;
mod merge;
mod once;
mod people;
mod phone;
mod profile;
mod scripts_off;
mod spotlight;
mod templates;
mod twilio;
mod whole_day;

/// Two clients.
const AZIZA: &str = "+998901234567";
const BOBUR: &str = "+998935550127";
