//! Clients: list, page, contacts, duplicates, merges, imports and exports.

pub(crate) mod bulk_delete;
pub(crate) mod contacts;
pub(crate) mod create;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod fields;
pub(crate) mod imports;
pub(crate) mod list;
pub(crate) mod list_query;
pub(crate) mod merges;
pub(crate) mod page;
pub(crate) mod profile;
pub(crate) mod spotlight;
pub(crate) mod tabs;
pub(crate) mod view;

use crate::domain::{EventKind, Permission};
use crate::presentation::channels::invite_links;
use crate::presentation::http::{
    feature::{Feature, Navigation, PageEvents},
    routes,
};

/// The routes, the navigation link and the spotlight source of clients.
pub const FEATURE: Feature = Feature {
    events: PageEvents {
        whole_page: &[
            EventKind::ClientCreated,
            EventKind::ClientUpdated,
            EventKind::ClientDeleted,
            EventKind::ClientMerged,
            EventKind::ClientUnmerged,
        ],
        ..PageEvents::NONE
    },
    navigation: Some(Navigation {
        label: "nav-clients",
        icon: "people",
        href: routes::Clients::PATTERN,
        permission: Permission::ClientRead,
    }),
    spotlight: spotlight::SPOTLIGHT,
    ..Feature::new("clients", |table| {
        merges::routes(table)
            .get(routes::Clients::PATTERN, list::show)
            .post(routes::Clients::PATTERN, create::submit)
            .get(routes::NewClient::PATTERN, create::form)
            .get(routes::ExportClients::PATTERN, export::show)
            .get(routes::DeleteClients::PATTERN, bulk_delete::confirm)
            .post(routes::DeleteClients::PATTERN, bulk_delete::submit)
            .get(routes::Imports::PATTERN, imports::list::show)
            .post(routes::Imports::PATTERN, imports::actions::upload)
            .get(routes::Import::PATTERN, imports::pages::show)
            .put(routes::Import::PATTERN, imports::actions::check)
            .post(routes::StartImport::PATTERN, imports::actions::start)
            .post(routes::CancelImport::PATTERN, imports::actions::cancel)
            .get(routes::ImportErrors::PATTERN, imports::invalid_rows::show)
            .get(routes::Client::PATTERN, page::show)
            .put(routes::Client::PATTERN, edit::submit)
            .delete(routes::Client::PATTERN, edit::delete)
            .get(routes::EditClient::PATTERN, edit::form)
            .get(routes::DeleteClient::PATTERN, edit::confirm_deletion)
            .get(routes::ClientMessages::PATTERN, tabs::messages)
            .get(routes::ClientActions::PATTERN, tabs::actions)
            .get(routes::InviteLinks::PATTERN, invite_links::show)
            .post(routes::InviteLinks::PATTERN, invite_links::submit)
            .get(routes::Contacts::PATTERN, contacts::list)
            .post(routes::Contacts::PATTERN, contacts::create)
            .delete(routes::Contact::PATTERN, contacts::delete)
    })
};
