//! The spotlight's source of quick replies.

use crate::{
    domain::{Permission, SearchTerms},
    error::Result,
    persistence::{PageRequest, TemplateSort},
    presentation::{
        http::routes,
        search::{Destination, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest},
    },
};

pub(super) const SPOTLIGHT: Spotlight = Spotlight {
    destinations: &[Destination::action(
        "templates-new",
        "plus",
        routes::NewInstantMessage::PATTERN,
        Permission::MessageTemplateCreate,
    )],
    sources: &[Source {
        kind: Kind::Template,
        permission: Permission::MessageTemplateRead,
        find: |request| Box::pin(find(request)),
        find_by_ids: None,
    }],
};

async fn find(request: &SpotlightRequest<'_>) -> Result<SourceResults> {
    let actor = &request.ctx.actor;
    let page_request = PageRequest { page: 1, limit: request.limit };
    let terms = SearchTerms::parse(request.query);
    let templates = &request.ctx.services().templates;
    let page = templates.list(actor, &terms, TemplateSort::MostUsed, page_request).await?.content;
    let list = format!("{}?q={}", routes::InstantMessages, request.query_value());
    let more = page.has_more().then(|| list.clone());
    let may_edit = actor.may(Permission::MessageTemplateUpdate);
    let items = page.items.into_iter().map(|template| {
        // Users without the permission to change it get a link to the list, which shows the text.
        let url = if may_edit { routes::EditInstantMessage(template.id).to_string() } else { list.clone() };
        Item::new(request, Kind::Template, "bolt", template.name, template.text, url)
    });
    Ok(SourceResults { items: items.collect(), more })
}
