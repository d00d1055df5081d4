//! Aloqa: a multi-tenant CRM with a shared inbox, in one binary.
//!
//! Each layer is a folder and depends only on the layers below it: `presentation`, `services`,
//! `providers`, `persistence`, `domain`. `docs/architecture.md` describes them.

pub mod archive;
pub mod backup;
pub mod cli;
pub mod config;
pub mod domain;
pub mod error;
pub mod metrics;
pub mod persistence;
pub mod presentation;
pub mod providers;
pub mod server;
pub mod services;
pub mod simulator;
pub mod storage;
