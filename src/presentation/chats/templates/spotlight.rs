//! What the spotlight finds of message templates.

use crate::{
    domain::{Permission, SearchTerms},
    error::Result,
    persistence::{PageRequest, TemplateSort},
    presentation::{
        http::routes,
        search::{Found, Item, Kind, Place, Question, Source, Spotlight},
    },
};

pub(super) const SPOTLIGHT: Spotlight = Spotlight {
    places: &[Place::action(
        "templates-new",
        "plus",
        routes::NewInstantMessage::PATTERN,
        Permission::MessageTemplateCreate,
    )],
    sources: &[Source {
        kind: Kind::Template,
        permission: Permission::MessageTemplateRead,
        find: |question| Box::pin(find(question)),
        recall: None,
    }],
};

async fn find(question: &Question<'_>) -> Result<Found> {
    let actor = &question.signed_in.actor;
    let request = PageRequest { page: 1, limit: question.limit };
    let terms = SearchTerms::parse(question.query);
    let page = question.state.services.templates.list(actor, &terms, TemplateSort::MostUsed, request).await?;
    let list = format!("{}?q={}", routes::InstantMessages, question.query_value());
    let more = page.has_more().then(|| list.clone());
    let may_edit = actor.may(Permission::MessageTemplateUpdate);
    let items = page.items.into_iter().map(|template| {
        // Who may not change it finds it in the list, where its text is shown.
        let url = if may_edit { routes::EditInstantMessage(template.id).to_string() } else { list.clone() };
        Item::new(question, Kind::Template, "bolt", template.name, template.text, url)
    });
    Ok(Found { items: items.collect(), more })
}
