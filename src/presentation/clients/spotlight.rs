//! What the spotlight finds of clients.

use crate::{
    domain::{ClientId, Permission, PhoneNumber},
    error::Result,
    persistence::ClientBrief,
    presentation::{
        http::routes,
        search::{Found, Item, Kind, Place, Question, Source, Spotlight},
    },
};

pub(in crate::presentation) const SPOTLIGHT: Spotlight = Spotlight {
    places: &[
        Place::action("clients-new", "plus", routes::NewClient::PATTERN, Permission::ClientCreate),
        Place::action("import-title", "doc", routes::Imports::PATTERN, Permission::ClientCreate),
        Place::action("duplicates-title", "people", routes::Duplicates::PATTERN, Permission::ClientRead),
        Place::action("export", "doc", routes::ExportClients::PATTERN, Permission::ClientExport),
    ],
    sources: &[Source {
        kind: Kind::Client,
        permission: Permission::ClientRead,
        find: |question| Box::pin(find(question)),
        recall: Some(|question, ids| Box::pin(recall(question, ids))),
    }],
};

async fn find(question: &Question<'_>) -> Result<Found> {
    let actor = &question.signed_in.actor;
    let found = question.state.services.find.clients(actor, question.query, question.limit).await?;
    // The list has all of them, in pages.
    let more = found.has_more.then(|| format!("{}?q={}", routes::Clients, question.query_value()));
    Ok(Found { items: found.items.into_iter().map(|client| item(question, client)).collect(), more })
}

async fn recall(question: &Question<'_>, ids: &[i64]) -> Result<Found> {
    let ids: Vec<_> = ids.iter().copied().map(ClientId).collect();
    let found = question.state.services.find.clients_of(&question.signed_in.actor, &ids).await?;
    Ok(Found { items: found.into_iter().map(|client| item(question, client)).collect(), more: None })
}

fn item(question: &Question<'_>, client: ClientBrief) -> Item {
    let phone = client.phone.as_ref().map(PhoneNumber::international);
    let subtitle = phone.into_iter().chain(client.email).collect::<Vec<_>>().join(" · ");
    Item::new(question, Kind::Client, "people", client.name, subtitle, routes::Client(client.id).to_string())
}
