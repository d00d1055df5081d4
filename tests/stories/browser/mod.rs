//! Tests of the pages in Chromium.

mod activity;
mod all_pages;
mod chats;
mod clients;
mod identity;
mod search;

/// Phones of two clients.
const AZIZA: &str = "+998901234567";
const BOBUR: &str = "+998935550127";
