//! The query of the audit log.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    domain::{AuthorKind, EventKind, ObjectType, Problem, TokenId, UserId},
    error::Result,
    persistence::{ActorFilter, AuditFilter, PageRequest, Position},
    presentation::http::{context::Ctx, fields::Fields, routes},
};

/// The default number of entries on a page.
const ENTRIES: i64 = 25;
/// The last year of a date; its next day must still be representable.
const MAX_YEAR: i32 = 9999;
/// The maximum number of characters of a search.
const MAX_SEARCH: usize = 200;
/// The maximum number of characters of an object's id.
const MAX_OBJECT_ID: usize = 64;
/// The fields that reduce the list, in their order in addresses.
const FILTERS: [&str; 6] = ["q", "kind", "actor", "object", "from", "to"];

/// A parsed query.
pub(super) struct AuditQuery {
    /// The filter.
    pub(super) filter: AuditFilter,
    /// The number and length of the page.
    pub(super) request: PageRequest,
    /// The position where the page begins.
    pub(super) position: Position,
    /// The values of [`FILTERS`] that are given.
    fields: Vec<(&'static str, String)>,
}

impl AuditQuery {
    /// Parses the query of a request.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`].
    pub(super) fn parse(ctx: &Ctx) -> Result<Self> {
        let query = &ctx.query;
        let cursor = |name| AuditFilter::parse_cursor(query.text(name)?);
        let position = match (cursor("after"), cursor("before")) {
            (Some(after), _) => Position::After(after),
            (_, Some(before)) => Position::Before(before),
            _ => Position::Numbered,
        };
        let given = |name: &&'static str| {
            let value = query.text_or_empty(name).trim();
            (!value.is_empty()).then(|| (*name, value.to_owned()))
        };
        Ok(Self {
            filter: filter(query, ctx)?,
            request: query.page_request(ENTRIES)?,
            position,
            fields: FILTERS.iter().filter_map(given).collect(),
        })
    }

    /// The value of a field; empty if it is not given.
    pub(super) fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value.as_str())
    }

    /// True if entries may be left out.
    pub(super) fn is_filtered(&self) -> bool {
        !self.fields.is_empty()
    }

    /// The fields as a query string.
    pub(super) fn text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }

    /// The address of this list with other values; empty ones are left out.
    pub(super) fn with(&self, others: &[(&str, &str)]) -> String {
        let own = self.fields.iter().map(|(name, value)| (*name, value.as_str()));
        let own = own.filter(|(name, _)| others.iter().all(|(other, _)| other != name));
        let all = own.chain(others.iter().copied()).filter(|(_, value)| !value.is_empty());
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        if text.is_empty() { routes::Audit.to_string() } else { format!("{}?{text}", routes::Audit) }
    }
}

fn filter(query: &Fields, ctx: &Ctx) -> Result<AuditFilter> {
    let zone = ctx.actor.tenant.time_zone;
    let mut form = query.reader();
    let kind = form.optional("kind", kind);
    let actor = form.optional("actor", actor);
    let object = form.optional("object", object);
    let from = form.optional("from", day);
    let to = form.optional("to", day);
    form.finish(())?;
    // Both days are included, so that the period ends where the next day begins.
    let next = to.and_then(|day: NaiveDate| day.checked_add_days(Days::new(1)));
    Ok(AuditFilter {
        kind,
        actor,
        object,
        from: from.map(|day| zone.start_of_day(day)),
        before: next.filter(|next| next.year() <= MAX_YEAR).map(|day| zone.start_of_day(day)),
        q: query.text_or_empty("q").chars().take(MAX_SEARCH).collect(),
    })
}

fn kind(text: &str) -> Result<EventKind, Problem> {
    let text = text.trim();
    let known = EventKind::ALL.iter().copied().find(|kind| kind.as_str() == text);
    let names = || EventKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    known.ok_or_else(|| Problem::NotOneOf(names().into()))
}

/// An author: the id of a user, `user:ID`, `api_key:ID`, or a kind of authors.
fn actor(text: &str) -> Result<ActorFilter, Problem> {
    let text = text.trim();
    let id = |id: &str| id.parse::<i64>().map_err(|_| Problem::WrongType);
    match text.split_once(':') {
        Some(("user", user)) => Ok(ActorFilter::User(UserId(id(user)?))),
        Some(("api_key", token)) => Ok(ActorFilter::Token(TokenId(id(token)?))),
        None if text.starts_with(|c: char| c.is_ascii_digit()) => Ok(ActorFilter::User(UserId(id(text)?))),
        _ => text.parse::<AuthorKind>().map(ActorFilter::Kind),
    }
}

/// An object: its kind, or its kind and id as in `client:12`.
fn object(text: &str) -> Result<(ObjectType, Option<String>), Problem> {
    let (kind, id) = match text.trim().split_once(':') {
        Some((kind, id)) => (kind, Some(id)),
        None => (text.trim(), None),
    };
    let id = id.map(|id| id.chars().take(MAX_OBJECT_ID).collect());
    Ok((kind.parse()?, id))
}

fn day(text: &str) -> Result<NaiveDate, Problem> {
    let date = text.trim().parse::<NaiveDate>().ok();
    date.filter(|date| (1..=MAX_YEAR).contains(&date.year())).ok_or(Problem::NotADate)
}
