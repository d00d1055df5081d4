//! The list of clients: search, filter, sort order, pages.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{Days, NaiveDate};

use crate::{
    domain::{Client, Permission, SearchTerms},
    error::Result,
    persistence,
    presentation::{
        clients::{
            list_query::{ListQuery, ROWS},
            view::ClientView,
        },
        http::{context::Ctx, extract::Format, page::PageView, routes},
        search::{HighlightedPart, highlight_terms},
        ui::{
            i18n::I18n,
            layout::{Layout, initials, page},
        },
    },
    services::Framed,
};

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage {
    layout: Layout,
    list: PageView<ClientView>,
    /// The search text.
    query: String,
    terms: SearchTerms,
    sort: &'static str,
    /// The fields of the filter, for forms.
    filter_fields: Vec<(&'static str, String)>,
    filtered: bool,
    may: ListPermissions,
    links: PageLinks,
    heads: [SortHeader; 2],
    sizes: Vec<FilterChoice>,
    created: CreatedFilter,
}

/// The actions that the user may perform.
struct ListPermissions {
    create: bool,
    export: bool,
    delete: bool,
}

/// The links to the previous and the next page.
struct PageLinks {
    previous: Option<String>,
    next: Option<String>,
    shown: String,
}

/// The heading of a column by which the list can be sorted.
struct SortHeader {
    href: String,
    /// `ascending` or `descending`, if the list is sorted by this column.
    sorted: Option<&'static str>,
}

/// A link of a group, one of which is current.
struct FilterChoice {
    label: Cow<'static, str>,
    href: String,
    current: bool,
}

/// The filter by the date of creation.
struct CreatedFilter {
    /// The current choice.
    label: Cow<'static, str>,
    presets: Vec<FilterChoice>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl ListPage {
    fn initials(name: &str) -> String {
        initials(name)
    }

    /// A text in parts, with the matches of the search marked.
    fn marked(&self, text: &str) -> Vec<HighlightedPart> {
        highlight_terms(text, &self.terms)
    }
}

/// Lists a page of clients.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a bad query.
pub async fn show(ctx: Ctx) -> Result<Response> {
    let query = ListQuery::parse(&ctx.query, &ctx)?;
    let (actor, clients) = (&ctx.actor, &ctx.services().clients);
    let cursor = query.cursor.clone();
    if ctx.format == Format::Json {
        let found = clients.list_from(actor, &query.filter, query.sort, query.request, cursor).await?;
        return Ok(Json(view(found)).into_response());
    }
    let Framed { content: found, frame } =
        clients.open_list(actor, &query.filter, query.sort, query.request, cursor).await?;
    let links = PageLinks::new(&query, &found, ctx.i18n);
    let list = view(found);
    let layout = Layout::new(&ctx, routes::Clients::PATTERN, frame);
    let today = clients.today(actor);
    page(
        StatusCode::OK,
        &ListPage {
            created: CreatedFilter::new(&query, today, &layout),
            layout,
            may: ListPermissions {
                create: actor.may(Permission::ClientCreate),
                export: actor.may(Permission::ClientExport),
                delete: actor.may(Permission::ClientDelete),
            },
            query: ctx.query.text_or_empty("q").to_owned(),
            terms: query.filter.terms.clone(),
            sort: query.sort_name,
            filter_fields: query.filter_fields().to_vec(),
            filtered: query.is_filtered(),
            heads: [
                SortHeader::new(&query, "name", "-name"),
                SortHeader::new(&query, "created_at", "-created_at"),
            ],
            sizes: [ROWS, 50, 100].map(|rows| FilterChoice::rows(&query, rows)).into(),
            links,
            list,
        },
    )
}

fn view(found: persistence::ListPage<Client>) -> PageView<ClientView> {
    let has_more = found.next.is_some();
    PageView { has_more, ..PageView::of(found.page, ClientView::from) }
}

impl PageLinks {
    /// Creates the links. A link contains the number of the page and the cursor where it begins.
    /// The cursor is fast at any position, and it stays correct when clients are added in the
    /// meantime.
    fn new(query: &ListQuery, found: &persistence::ListPage<Client>, t: I18n) -> Self {
        // The maximum length of a cursor in a link. A cursor contains a client's name, which may be
        // too long; such a link uses the number only.
        const LONGEST: usize = 400;
        let link = |page: i64, direction: &str, cursor: String| {
            let cursor = if cursor.len() > LONGEST { String::new() } else { cursor };
            query.with(&[("page", &page.to_string()), (direction, &cursor)])
        };
        let PageView { page, limit, items, .. } = PageView::of(found.page.clone(), |client| client.id);
        let first = (page - 1).saturating_mul(limit).saturating_add(1);
        let count = i64::try_from(items.len()).unwrap_or(0);
        Self {
            previous: found.previous.as_ref().map(|at| link((page - 1).max(1), "before", at.text())),
            next: found.next.as_ref().map(|at| link(page.saturating_add(1), "after", at.text())),
            shown: match count {
                0 => t.number(0).into_owned(),
                _ => format!("{}–{}", t.number(first), t.number(first.saturating_add(count - 1))),
            },
        }
    }
}

impl SortHeader {
    /// Creates the heading, whose link sorts by the column, or reverses the order if it is sorted
    /// already.
    fn new(query: &ListQuery, up: &'static str, down: &'static str) -> Self {
        let (sorted, next) = match query.sort_name {
            name if name == up => (Some("ascending"), down),
            name if name == down => (Some("descending"), up),
            _ => (None, if up == "name" { up } else { down }),
        };
        Self { href: query.with(&[("sort", query.sort_value(next))]), sorted }
    }
}

impl FilterChoice {
    fn rows(query: &ListQuery, rows: i64) -> Self {
        let limit = if rows == ROWS { String::new() } else { rows.to_string() };
        Self {
            label: rows.to_string().into(),
            href: query.with(&[("limit", &limit)]),
            current: query.request.limit == rows,
        }
    }
}

impl CreatedFilter {
    fn new(query: &ListQuery, today: NaiveDate, layout: &Layout) -> Self {
        let t: I18n = layout.t;
        let days = |key: &str, days: u64| {
            let from = today.checked_sub_days(Days::new(days - 1)).unwrap_or(today);
            FilterChoice {
                label: t.get(key),
                href: query.with(&[("created_from", &from.to_string()), ("created_to", "")]),
                current: query.days == (Some(from), None),
            }
        };
        let always = FilterChoice {
            label: t.get("clients-created-any"),
            href: query.with(&[("created_from", ""), ("created_to", "")]),
            current: query.days == (None, None),
        };
        let presets = vec![
            always,
            days("today", 1),
            days("clients-created-week", 7),
            days("clients-created-month", 30),
        ];
        let (from, to) = query.days;
        let named = |date: NaiveDate| layout.relative_day(date);
        let label = match (presets.iter().find(|preset| preset.current), from, to) {
            (Some(preset), ..) => preset.label.clone(),
            (_, Some(from), Some(to)) if from == to => named(from),
            (_, Some(from), Some(to)) => format!("{} – {}", named(from), named(to)).into(),
            (_, Some(from), None) => t.with("clients-created-since", "date", named(from)),
            (_, None, Some(to)) => t.with("clients-created-until", "date", named(to)),
            (_, None, None) => t.get("clients-created-any"),
        };
        Self { label, presets, from, to }
    }
}
