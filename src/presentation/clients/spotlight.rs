//! The spotlight's source of clients.

use crate::{
    domain::{ClientId, Permission, PhoneNumber},
    error::Result,
    persistence::ClientSummary,
    presentation::{
        http::routes,
        search::{Destination, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest},
    },
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
    sources: &[Source {
        kind: Kind::Client,
        permission: Permission::ClientRead,
        find: |request| Box::pin(find(request)),
        find_by_ids: Some(|request, ids| Box::pin(find_by_ids(request, ids))),
    }],
};

async fn find(request: &SpotlightRequest<'_>) -> Result<SourceResults> {
    let actor = &request.ctx.actor;
    let found = request.ctx.services().search.clients(actor, request.query, request.limit).await?;
    // The list of clients shows all matches.
    let more = found.has_more.then(|| format!("{}?q={}", routes::Clients, request.query_value()));
    Ok(SourceResults { items: found.items.into_iter().map(|client| item(request, client)).collect(), more })
}

async fn find_by_ids(request: &SpotlightRequest<'_>, ids: &[i64]) -> Result<SourceResults> {
    let ids: Vec<_> = ids.iter().copied().map(ClientId).collect();
    let found = request.ctx.services().search.clients_of(&request.ctx.actor, &ids).await?;
    Ok(SourceResults { items: found.into_iter().map(|client| item(request, client)).collect(), more: None })
}

fn item(request: &SpotlightRequest<'_>, client: ClientSummary) -> Item {
    let phone = client.phone.as_ref().map(PhoneNumber::format_international);
    let subtitle = phone.into_iter().chain(client.email).collect::<Vec<_>>().join(" · ");
    Item::new(request, Kind::Client, "people", client.name, subtitle, routes::Client(client.id).to_string())
}
