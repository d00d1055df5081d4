//! The query of the client list: filter, sort order and page.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    domain::{Problem, SearchTerms},
    error::Result,
    persistence::{ClientFilter, ClientSort, PageRequest, Position},
    presentation::http::{context::Ctx, fields::Fields, routes},
};

/// The last year of a date; its next day must still be representable.
const MAX_YEAR: i32 = 9999;
/// The default number of rows on a page.
pub(in crate::presentation) const ROWS: i64 = 25;
/// The fields of the query, in their order in addresses.
pub(in crate::presentation) const FILTER_FIELDS: [&str; 5] =
    ["q", "created_from", "created_to", "sort", "limit"];

/// The fields that reduce the list.
const FILTERS: [&str; 3] = ["q", "created_from", "created_to"];

/// A parsed query.
pub(in crate::presentation) struct ListQuery {
    /// The filter.
    pub(in crate::presentation) filter: ClientFilter,
    /// The sort order.
    pub(in crate::presentation) sort: ClientSort,
    /// The name of the sort order.
    pub(in crate::presentation) sort_name: &'static str,
    /// The number and length of the page.
    pub(in crate::presentation) request: PageRequest,
    /// The position where the page begins.
    pub(in crate::presentation) cursor: Position,
    /// The first and the last day of creation.
    pub(in crate::presentation) days: (Option<NaiveDate>, Option<NaiveDate>),
    /// The values of [`FILTER_FIELDS`] that differ from the default.
    filter_fields: Vec<(&'static str, String)>,
}

impl ListQuery {
    /// Parses a query.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`].
    pub(in crate::presentation) fn parse(query: &Fields, ctx: &Ctx) -> Result<Self> {
        let request = query.page_request(ROWS)?;
        let (sort, sort_name) = sort(query)?;
        // A cursor that does not belong to the sort order is ignored, and the number of the page is
        // used.
        let cursor = |name| sort.parse_cursor(query.text(name)?);
        let position = match (cursor("after"), cursor("before")) {
            (Some(after), _) => Position::After(after),
            (_, Some(before)) => Position::Before(before),
            _ => Position::Numbered,
        };
        let said = |name: &&'static str| {
            let value = query.text_or_empty(name).trim();
            let default = match *name {
                "sort" if is_search(query) => "",
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

    /// True if the filter may exclude clients.
    pub(in crate::presentation) fn is_filtered(&self) -> bool {
        self.filter_fields.iter().any(|(name, _)| FILTERS.contains(name))
    }

    /// The fields of the filter, for forms.
    pub(in crate::presentation) fn filter_fields(&self) -> &[(&'static str, String)] {
        &self.filter_fields
    }

    /// The value of `sort` in addresses for an order, empty for the default order.
    pub(in crate::presentation) fn sort_value<'s>(&self, sort: &'s str) -> &'s str {
        let is_search = self.filter_fields.iter().any(|(name, _)| *name == "q");
        if sort == "-created_at" && !is_search { "" } else { sort }
    }

    /// The address of this list with other values in `others`; empty ones are left out.
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
    // RFC 3339 allows these years only; PostgreSQL does not support some others, and as text they
    // do not sort.
    date.filter(|date| (1..=MAX_YEAR).contains(&date.year())).ok_or(Problem::NotADate)
}

fn days(query: &Fields) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
    Ok((query.optional("created_from", day)?, query.optional("created_to", day)?))
}

/// The filter of a query.
///
/// # Errors
/// [`crate::error::AppError::Invalid`].
pub(in crate::presentation) fn filter(query: &Fields, ctx: &Ctx) -> Result<ClientFilter> {
    let zone = ctx.actor.tenant.time_zone;
    let (from, to) = days(query)?;
    Ok(ClientFilter {
        terms: SearchTerms::parse(query.text_or_empty("q")),
        created_from: from.map(|day| zone.start_of_day(day)),
        // Both days are included, so that the period ends where the next day begins.
        created_before: to
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .filter(|next| next.year() <= MAX_YEAR)
            .map(|day| zone.start_of_day(day)),
    })
}

/// The fields that reduce the list, as a query string for the audit log. Of the search only its shape is kept: the name or
/// number of a client would outlive the client there.
pub(in crate::presentation) fn filter_description(query: &Fields) -> String {
    let said = FILTERS.iter().map(|name| (*name, query.text_or_empty(name).trim()));
    let said = said.filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
        let kept = if name == "q" { shape(value) } else { value.to_owned() };
        (name, kept)
    });
    form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish()
}

/// The shape of a text: `a` for each letter and `9` for each digit.
fn shape(text: &str) -> String {
    let shape_of = |c: char| match c {
        c if c.is_alphabetic() => 'a',
        c if c.is_numeric() => '9',
        c => c,
    };
    text.chars().map(shape_of).collect()
}

/// The sort order of a query, and its name.
///
/// # Errors
/// [`crate::error::AppError::Invalid`].
pub(in crate::presentation) fn sort(query: &Fields) -> Result<(ClientSort, &'static str)> {
    let parse = |text: &str| match text {
        "-created_at" => Ok((ClientSort::Newest, "-created_at")),
        "created_at" => Ok((ClientSort::Oldest, "created_at")),
        "name" => Ok((ClientSort::Name, "name")),
        "-name" => Ok((ClientSort::NameDescending, "-name")),
        _ => Err(Problem::NotOneOf("created_at, -created_at, name, -name".into())),
    };
    let default = if is_search(query) { (ClientSort::Best, "") } else { (ClientSort::Newest, "-created_at") };
    Ok(query.optional("sort", parse)?.unwrap_or(default))
}

/// True if the query has search terms, so that the list is sorted by the match unless another order is chosen.
fn is_search(query: &Fields) -> bool {
    !query.text_or_empty("q").trim().is_empty()
}
