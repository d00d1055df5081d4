//! The page of the audit log, and its JSON.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use strum::VariantNames as _;

use crate::{
    domain::{AuthorKind, EventKind, ObjectType},
    error::Result,
    persistence::{AuditEntry, ListPage},
    presentation::{
        activity::audit::{
            query::AuditQuery,
            view::{EntryView, in_words},
        },
        http::{context::Ctx, extract::Format, page::PageView, routes},
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

/// A choice of a filter: its value and its label.
type Choice = (String, String);

#[derive(Template)]
#[template(path = "activity/audit.html")]
struct AuditPage {
    layout: Layout,
    list: PageView<EntryView>,
    query: AuditQuery,
    kinds: Vec<Choice>,
    actors: Vec<Choice>,
    objects: Vec<Choice>,
    previous: Option<String>,
    next: Option<String>,
    export: String,
}

/// Lists a page of entries.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`]; [`crate::error::AppError::Invalid`] for a bad query.
pub async fn show(ctx: Ctx) -> Result<Response> {
    let query = AuditQuery::parse(&ctx)?;
    let audit = &ctx.services().audit;
    let found = audit.list(&ctx.actor, &query.filter, query.request, query.position.clone()).await?;
    let ListPage { page: entries, previous, next } = found.content;
    let has_more = next.is_some();
    let list = PageView { has_more, ..PageView::of(entries, |entry: AuditEntry| EntryView::from(entry)) };
    if ctx.format == Format::Json {
        return Ok(Json(list).into_response());
    }
    let layout = Layout::new(&ctx, routes::Account::PATTERN, found.frame);
    let t = layout.t;
    let choices = |prefix: &str, words: &[&str], chosen: &str| {
        let mut choices: Vec<Choice> =
            words.iter().map(|word| ((*word).to_owned(), in_words(&t, prefix, word))).collect();
        choices.sort_by(|(_, a), (_, b)| a.cmp(b));
        // One that was chosen by a link, such as a single client.
        if !chosen.is_empty() && !words.contains(&chosen) {
            choices.insert(0, (chosen.to_owned(), chosen_in_words(t, prefix, chosen, &list.items)));
        }
        choices
    };
    let kinds: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kinds = choices("happened", &kinds, "");
    let actors = choices("actor", AuthorKind::VARIANTS, query.value("actor"));
    let objects = choices("object", ObjectType::VARIANTS, query.value("object"));
    let link = |page: i64, direction: &str, cursor: String| {
        query.with(&[("page", &page.to_string()), (direction, &cursor)])
    };
    let previous = previous.map(|at| link((list.page - 1).max(1), "before", at.text()));
    let next = next.map(|at| link(list.page.saturating_add(1), "after", at.text()));
    let export = format!("{}?{}", routes::ExportAudit, query.text());
    page(StatusCode::OK, &AuditPage { layout, list, query, kinds, actors, objects, previous, next, export })
}

/// The label of an author or object that a link has chosen, as far as the entries of the page name it.
fn chosen_in_words(t: I18n, prefix: &str, chosen: &str, entries: &[EntryView]) -> String {
    let named = match prefix {
        "actor" => entries
            .iter()
            .find(|entry| entry.actor_filter().ends_with(chosen))
            .map(|entry| entry.actor_in_words(&t)),
        _ => entries
            .iter()
            .find(|entry| entry.object_filter().as_deref() == Some(chosen))
            .map(|entry| entry.object_in_words(&t)),
    };
    named.unwrap_or_else(|| chosen.to_owned())
}
