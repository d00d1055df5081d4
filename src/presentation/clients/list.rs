//! The list of clients: search, order, pages.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    domain::{Permission, Problem, SearchTerms},
    error::Result,
    persistence::{ClientFilter, ClientSort},
    presentation::{
        AppState,
        extract::{Format, Query, SignedIn},
        fields::Fields,
        layout::{Layout, initials, page},
        routes,
        views::{ClientView, PageView},
    },
};

/// After it, every day has yet to come.
const LAST_YEAR: i32 = 9999;

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage {
    layout: Layout,
    list: PageView<ClientView>,
    query: String,
    sort: &'static str,
    may_create: bool,
    may_export: bool,
    links: PageLinks,
}

/// The ways to the pages before and after.
struct PageLinks {
    previous: Option<String>,
    next: Option<String>,
    shown: String,
}

impl ListPage {
    fn initials(name: &str) -> String {
        initials(name)
    }
}

/// A page of clients.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a bad query.
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    let request = query.page_request(25)?;
    let filter = filter(&query, &signed_in)?;
    let (sort, sort_name) = sort(&query)?;
    let found = state.services.clients.list(&signed_in.actor, &filter, sort, request).await?;
    let list = PageView::of(found, ClientView::from);
    if format == Format::Json {
        return Ok(Json(list).into_response());
    }
    let links = links(&query, &list);
    page(
        StatusCode::OK,
        &ListPage {
            layout: Layout::new(&state, &signed_in, super::NAME, None).await?,
            may_create: signed_in.actor.may(Permission::ClientCreate),
            may_export: signed_in.actor.may(Permission::ClientExport),
            query: query.typed("q").to_owned(),
            sort: sort_name,
            links,
            list,
        },
    )
}

pub(super) fn filter(query: &Fields, signed_in: &SignedIn) -> Result<ClientFilter> {
    let zone = signed_in.actor.tenant.time_zone;
    let date = |text: &str| {
        let date = text.trim().parse::<NaiveDate>().ok();
        // The years that RFC 3339 can write; PostgreSQL refuses some others, and as text they don't sort.
        date.filter(|date| (1..=LAST_YEAR).contains(&date.year())).ok_or(Problem::NotADate)
    };
    let from = query.optional("created_from", date)?;
    let to = query.optional("created_to", date)?;
    Ok(ClientFilter {
        terms: SearchTerms::parse(query.typed("q")),
        created_from: from.map(|day| zone.start_of_day(day)),
        // Both days are included, so it ends where the next one begins.
        created_before: to
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .filter(|next| next.year() <= LAST_YEAR)
            .map(|day| zone.start_of_day(day)),
    })
}

pub(super) fn sort(query: &Fields) -> Result<(ClientSort, &'static str)> {
    let parse = |text: &str| match text {
        "-created_at" => Ok((ClientSort::Newest, "-created_at")),
        "created_at" => Ok((ClientSort::Oldest, "created_at")),
        "name" => Ok((ClientSort::Name, "name")),
        "-name" => Ok((ClientSort::NameDescending, "-name")),
        _ => Err(Problem::NotOneOf("created_at, -created_at, name, -name")),
    };
    Ok(query.optional("sort", parse)?.unwrap_or((ClientSort::Newest, "-created_at")))
}

fn links(query: &Fields, list: &PageView<ClientView>) -> PageLinks {
    let link = |number: i64| {
        let kept = query.pairs().into_iter().filter(|(name, value)| name != "page" && !value.is_empty());
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(kept).append_pair("page", &number.to_string());
        format!("{}?{}", routes::Clients, text.finish())
    };
    let first = (list.page - 1).saturating_mul(list.limit).saturating_add(1);
    let count = i64::try_from(list.items.len()).unwrap_or(0);
    PageLinks {
        previous: (list.page > 1).then(|| link(list.page - 1)),
        next: list.has_more.then(|| link(list.page + 1)),
        shown: if count == 0 { "0".to_owned() } else { format!("{first}–{}", first + count - 1) },
    }
}
