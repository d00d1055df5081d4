//! The list of quick replies: search, sort order, pages.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{MessageTemplate, Permission, Problem, SearchTerms, TemplateId},
    error::Result,
    persistence::TemplateSort,
    presentation::{
        chats::templates::view::TemplateView,
        http::{context::Ctx, extract::Format, fields::Fields, page::PageView, routes},
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

/// The sort orders by their names in addresses; the first is the default.
const SORTS: [(&str, TemplateSort); 3] =
    [("name", TemplateSort::Name), ("-uses", TemplateSort::MostUsed), ("-created_at", TemplateSort::Newest)];

#[derive(Template)]
#[template(path = "chats/templates/list.html")]
struct ListPage {
    layout: Layout,
    list: PageView<TemplateRow>,
    query: String,
    sort: &'static str,
    previous: Option<String>,
    next: Option<String>,
    may_create: bool,
    may_update: bool,
}

/// A quick reply in the list.
struct TemplateRow {
    id: TemplateId,
    name: String,
    text: String,
    usage: Cow<'static, str>,
}

/// Lists a page of quick replies.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    let actor = &ctx.actor;
    let request = ctx.query.page_request(25)?;
    let (name, sort) = sort(&ctx.query)?;
    let terms = SearchTerms::parse(ctx.query.text_or_empty("q"));
    let found = ctx.services().templates.list(actor, &terms, sort, request).await?;
    if ctx.format == Format::Json {
        return Ok(Json(PageView::of(found.content, TemplateView::from)).into_response());
    }
    let layout = Layout::new(&ctx, routes::InstantMessages::PATTERN, found.frame);
    let list = PageView::of(found.content, |template| TemplateRow::of(template, layout.t));
    let link = |page: i64| address(ctx.query.text_or_empty("q"), name, page);
    page(
        StatusCode::OK,
        &ListPage {
            query: ctx.query.text_or_empty("q").to_owned(),
            sort: name,
            previous: (list.page > 1).then(|| link(list.page - 1)),
            next: list.has_more.then(|| link(list.page + 1)),
            may_create: actor.may(Permission::MessageTemplateCreate),
            may_update: actor.may(Permission::MessageTemplateUpdate),
            list,
            layout,
        },
    )
}

/// The sort order of a query, and its name.
fn sort(query: &Fields) -> Result<(&'static str, TemplateSort)> {
    let parse = |text: &str| {
        let found = SORTS.into_iter().find(|(name, _)| *name == text);
        found.ok_or(Problem::NotOneOf("name, -uses, -created_at".into()))
    };
    Ok(query.optional("sort", parse)?.unwrap_or(SORTS[0]))
}

/// The address of a page of this list, without default values.
fn address(query: &str, sort: &str, page: i64) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("q", query), ("sort", if sort == SORTS[0].0 { "" } else { sort })] {
        if !value.is_empty() {
            text.append_pair(name, value);
        }
    }
    let text = text.append_pair("page", &page.to_string()).finish();
    format!("{}?{text}", routes::InstantMessages)
}

impl TemplateRow {
    fn of(template: MessageTemplate, t: I18n) -> Self {
        let usage = match template.uses {
            0 => t.get("templates-unused"),
            uses => t.count("templates-uses", uses),
        };
        Self { id: template.id, name: template.name, text: template.text, usage }
    }
}
