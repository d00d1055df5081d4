//! What the address of the list says: which clients, in which order, from where on.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    domain::{Problem, SearchTerms},
    error::Result,
    persistence::{ClientFilter, ClientSort, PageRequest, Position},
    presentation::http::{context::Ctx, fields::Fields, routes},
};

/// After it, every day has yet to come.
const MAX_YEAR: i32 = 9999;
/// How many rows a page has unless asked otherwise.
pub(in crate::presentation) const ROWS: i64 = 25;
/// The fields that say which clients, in the order in which addresses have them.
pub(in crate::presentation) const FILTER_FIELDS: [&str; 5] =
    ["q", "created_from", "created_to", "sort", "limit"];

/// Those of them that leave someone out.
const FILTERS: [&str; 3] = ["q", "created_from", "created_to"];

/// A list that was asked for.
pub(in crate::presentation) struct ListQuery {
    /// Which clients.
    pub(in crate::presentation) filter: ClientFilter,
    /// In which order.
    pub(in crate::presentation) sort: ClientSort,
    /// The order's name.
    pub(in crate::presentation) sort_name: &'static str,
    /// Which page, and how long.
    pub(in crate::presentation) request: PageRequest,
    /// Where it begins.
    pub(in crate::presentation) cursor: Position,
    /// The first and the last day, where given.
    pub(in crate::presentation) days: (Option<NaiveDate>, Option<NaiveDate>),
    /// What was typed into each of [`FILTER_FIELDS`], but for what goes without saying.
    filter_fields: Vec<(&'static str, String)>,
}

impl ListQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`].
    pub(in crate::presentation) fn parse(query: &Fields, ctx: &Ctx) -> Result<Self> {
        let request = query.page_request(ROWS)?;
        let (sort, sort_name) = sort(query)?;
        // A place that is none in this order is worth less than the page's number.
        let cursor = |name| sort.parse_cursor(query.text(name)?);
        let position = match (cursor("after"), cursor("before")) {
            (Some(after), _) => Position::After(after),
            (_, Some(before)) => Position::Before(before),
            _ => Position::Numbered,
        };
        let said = |name: &&'static str| {
            let value = query.text_or_empty(name).trim();
            let default = match *name {
                "sort" => "-created_at",
                "limit" => "25",
                _ => "",
            };
            (!value.is_empty() && value != default).then(|| (*name, value.to_owned()))
        };
        let filter_fields = FILTER_FIELDS.iter().filter_map(said).collect();
        Ok(Self {
            filter: filter(query, ctx)?,
            sort,
            sort_name,
            request,
            cursor: position,
            days: days(query)?,
            filter_fields,
        })
    }

    /// Whether it leaves anyone out.
    pub(in crate::presentation) fn is_filtered(&self) -> bool {
        self.filter_fields.iter().any(|(name, _)| FILTERS.contains(name))
    }

    /// The fields that say which clients, for forms.
    pub(in crate::presentation) fn filter_fields(&self) -> &[(&'static str, String)] {
        &self.filter_fields
    }

    /// The address of this list with other fields in place of its own; empty ones are left out.
    pub(in crate::presentation) fn with(&self, others: &[(&str, &str)]) -> String {
        let own = self.filter_fields.iter().map(|(name, value)| (*name, value.as_str()));
        let own = own.filter(|(name, _)| !others.iter().any(|(other, _)| other == name));
        let said = own.chain(others.iter().copied()).filter(|(_, value)| !value.is_empty());
        let mut text = form_urlencoded::Serializer::new(String::new());
        let text = text.extend_pairs(said).finish();
        if text.is_empty() { routes::Clients.to_string() } else { format!("{}?{text}", routes::Clients) }
    }
}

fn day(text: &str) -> Result<NaiveDate, Problem> {
    let date = text.trim().parse::<NaiveDate>().ok();
    // The years that RFC 3339 can write; PostgreSQL refuses some others, and as text they don't sort.
    date.filter(|date| (1..=MAX_YEAR).contains(&date.year())).ok_or(Problem::NotADate)
}

fn days(query: &Fields) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    Ok((query.optional("created_from", day)?, query.optional("created_to", day)?))
}

/// Which clients a query means.
///
/// # Errors
/// [`crate::error::AppError::Invalid`].
pub(in crate::presentation) fn filter(query: &Fields, ctx: &Ctx) -> Result<ClientFilter> {
    let zone = ctx.actor.tenant.time_zone;
    let (from, to) = days(query)?;
    Ok(ClientFilter {
        terms: SearchTerms::parse(query.text_or_empty("q")),
        created_from: from.map(|day| zone.start_of_day(day)),
        // Both days are included, so it ends where the next one begins.
        created_before: to
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .filter(|next| next.year() <= MAX_YEAR)
            .map(|day| zone.start_of_day(day)),
    })
}

/// What was asked for of the fields that leave someone out, as an address has it.
pub(in crate::presentation) fn filter_description(query: &Fields) -> String {
    let said = FILTERS
        .iter()
        .map(|name| (name, query.text_or_empty(name).trim()))
        .filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish()
}

/// The order that a query means, and its name.
///
/// # Errors
/// [`crate::error::AppError::Invalid`].
pub(in crate::presentation) fn sort(query: &Fields) -> Result<(ClientSort, &'static str)> {
    let parse = |text: &str| match text {
        "-created_at" => Ok((ClientSort::Newest, "-created_at")),
        "created_at" => Ok((ClientSort::Oldest, "created_at")),
        "name" => Ok((ClientSort::Name, "name")),
        "-name" => Ok((ClientSort::NameDescending, "-name")),
        _ => Err(Problem::NotOneOf("created_at, -created_at, name, -name")),
    };
    Ok(query.optional("sort", parse)?.unwrap_or((ClientSort::Newest, "-created_at")))
}
