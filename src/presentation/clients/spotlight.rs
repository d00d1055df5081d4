//! The spotlight's source of clients.

use crate::{
    domain::{Permission, PhoneNumber},
    persistence::ClientSummary,
    presentation::{
        http::routes,
        search::{Destination, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest},
    },
    services::FoundRecords,
};

pub(in crate::presentation) const SPOTLIGHT: Spotlight = Spotlight {
    destinations: &[
        Destination::action("clients-new", "plus", routes::NewClient::PATTERN, Permission::ClientCreate),
        Destination::action("import-title", "doc", routes::Imports::PATTERN, Permission::ClientCreate),
        Destination::action(
            "duplicates-title",
            "people",
            routes::Duplicates::PATTERN,
            Permission::ClientRead,
        ),
        Destination::action("export", "doc", routes::ExportClients::PATTERN, Permission::ClientExport),
    ],
    sources: &[Source { kind: Kind::Client, items }],
};

fn items(request: &SpotlightRequest<'_>, found: &FoundRecords) -> SourceResults {
    // The list of clients shows all matches.
    let more = found.clients.has_more.then(|| format!("{}?q={}", routes::Clients, request.query_value()));
    SourceResults { items: found.clients.items.iter().map(|client| item(request, client)).collect(), more }
}

fn item(request: &SpotlightRequest<'_>, client: &ClientSummary) -> Item {
    let phone = client.phone.as_ref().map(PhoneNumber::format_international);
    let subtitle = phone.into_iter().chain(client.email.clone()).collect::<Vec<_>>().join(" · ");
    let url = routes::Client(client.id).to_string();
    Item::new(request, Kind::Client, "people", client.name.clone(), subtitle, url)
}
