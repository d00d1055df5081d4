//! Aloqa: a multi-tenant CRM with a shared inbox, in one binary.
//!
//! A folder is a layer, and a layer uses only those below it: `presentation`, `services`, `providers`,
//! `persistence`, `domain`. `docs/architecture.md` walks through them.

pub mod cli;
pub mod config;
pub mod domain;
pub mod error;
pub mod persistence;
pub mod presentation;
pub mod providers;
pub mod services;
pub mod simulator;
pub mod storage;
