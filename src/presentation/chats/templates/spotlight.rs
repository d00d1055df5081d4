//! The spotlight's source of quick replies.

use crate::{
    domain::Permission,
    presentation::{
        http::routes,
        search::{Destination, Item, Kind, Source, SourceResults, Spotlight, SpotlightRequest},
    },
    services::FoundRecords,
};

pub(super) const SPOTLIGHT: Spotlight = Spotlight {
    destinations: &[Destination::action(
        "templates-new",
        "plus",
        routes::NewInstantMessage::PATTERN,
        Permission::MessageTemplateCreate,
    )],
    sources: &[Source { kind: Kind::Template, items }],
};

fn items(request: &SpotlightRequest<'_>, found: &FoundRecords) -> SourceResults {
    let list = format!("{}?q={}", routes::InstantMessages, request.query_value());
    let more = found.templates.has_more.then(|| list.clone());
    let may_edit = request.ctx.actor.may(Permission::MessageTemplateUpdate);
    let items = found.templates.items.iter().map(|template| {
        // Users without the permission to change it get a link to the list, which shows the text.
        let url = if may_edit { routes::EditInstantMessage(template.id).to_string() } else { list.clone() };
        let (name, text) = (template.name.clone(), template.text.clone());
        Item::new(request, Kind::Template, "bolt", name, text, url)
    });
    SourceResults { items: items.collect(), more }
}
