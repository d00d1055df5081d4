//! The audit log of a workspace: the page, its JSON, and the export as CSV.

pub(crate) mod export;
pub(crate) mod list;
mod query;
mod view;

use crate::{
    domain::Permission,
    presentation::http::{
        feature::{Feature, SettingsSection},
        routes,
    },
};

/// The routes and the settings page of the audit log.
pub const FEATURE: Feature = Feature {
    settings: &[SettingsSection {
        title: "audit-title",
        icon: "doc",
        href: routes::Audit::PATTERN,
        permission: Some(Permission::AuditRead),
    }],
    ..Feature::new("audit", |table| {
        table.get(routes::Audit::PATTERN, list::show).get(routes::ExportAudit::PATTERN, export::show)
    })
};
