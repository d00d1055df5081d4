//! Clients and their contacts.

mod actions;
mod bulk;
mod contacts;
mod create;
mod delete;
mod edit;
mod export;
mod imports;
mod invitations;
mod list;
mod merge;
mod messages;
mod profile;
mod query;
mod sections;
mod show;
mod spotlight;

use crate::domain::Permission;
use crate::presentation::{
    feature::{Feature, Navigation},
    routes,
};

/// The name by which pages say that they belong here.
const NAME: &str = "clients";

/// Clients.
pub const FEATURE: Feature = Feature {
    name: NAME,
    navigation: Some(Navigation {
        label: "nav-clients",
        icon: "people",
        href: routes::Clients::PATTERN,
        permission: Permission::ClientRead,
    }),
    spotlight: spotlight::SPOTLIGHT,
    routes: |table| {
        merge::routes(table)
            .get(routes::Clients::PATTERN, list::show)
            .post(routes::Clients::PATTERN, create::submit)
            .get(routes::NewClient::PATTERN, create::form)
            .get(routes::ExportClients::PATTERN, export::show)
            .get(routes::DeleteClients::PATTERN, bulk::confirm)
            .post(routes::DeleteClients::PATTERN, bulk::submit)
            .get(routes::Imports::PATTERN, imports::list::show)
            .post(routes::Imports::PATTERN, imports::upload::submit)
            .get(routes::Import::PATTERN, imports::show::show)
            .put(routes::Import::PATTERN, imports::check::submit)
            .post(routes::StartImport::PATTERN, imports::start::submit)
            .post(routes::CancelImport::PATTERN, imports::cancel::submit)
            .get(routes::ImportFlaws::PATTERN, imports::flaws::show)
            .get(routes::Client::PATTERN, show::show)
            .put(routes::Client::PATTERN, edit::submit)
            .delete(routes::Client::PATTERN, delete::submit)
            .get(routes::EditClient::PATTERN, edit::form)
            .get(routes::DeleteClient::PATTERN, delete::confirm)
            .get(routes::ClientMessages::PATTERN, messages::show)
            .get(routes::ClientActions::PATTERN, actions::show)
            .get(routes::Invitations::PATTERN, invitations::show)
            .post(routes::Invitations::PATTERN, invitations::submit)
            .get(routes::Contacts::PATTERN, contacts::list)
            .post(routes::Contacts::PATTERN, contacts::create)
            .delete(routes::Contact::PATTERN, contacts::delete)
    },
};
