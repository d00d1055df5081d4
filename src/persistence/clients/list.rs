//! Lists of clients: what they match, how they are sorted, and their pages.

use chrono::{DateTime, Utc};

use crate::persistence::clients::list_statement;
use crate::persistence::{Clients, Page, PageRequest, search::index};
use crate::{
    domain::{Client, ClientId, SearchTerms},
    error::Result,
};

/// Which clients a list shows.
#[derive(Debug, Clone, Default)]
pub struct ClientFilter {
    /// What their names, phones, e-mails or contacts contain.
    pub terms: SearchTerms,
    /// Made at this time or later.
    pub created_from: Option<DateTime<Utc>>,
    /// Made before this time.
    pub created_before: Option<DateTime<Utc>>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By folded full name.
    Name,
    /// By folded full name, backwards.
    NameDescending,
}

/// Where in a list a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ClientPageStart {
    /// Where the pages before it end.
    #[default]
    PageNumber,
    /// After this client.
    After(ClientCursor),
    /// So that it ends before this client.
    Before(ClientCursor),
}

/// A client's place in a sorted list, which stays where it is when others come and go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCursor {
    key: SortKey,
    id: ClientId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum SortKey {
    CreatedAt(DateTime<Utc>),
    Name(String),
}

/// A page of clients, and where the pages beside it are.
#[derive(Debug)]
pub struct ClientPage {
    /// The clients, with their contacts.
    pub page: Page<Client>,
    /// What the page before ends before, where there is one.
    pub previous: Option<ClientCursor>,
    /// What the page after begins after, where there is one.
    pub next: Option<ClientCursor>,
}

impl ClientSort {
    pub(super) fn is_by_name(self) -> bool {
        matches!(self, Self::Name | Self::NameDescending)
    }

    pub(super) fn descends(self) -> bool {
        matches!(self, Self::Newest | Self::NameDescending)
    }
}

impl ClientCursor {
    /// The text for links.
    pub fn text(&self) -> String {
        match &self.key {
            SortKey::CreatedAt(at) => format!("{}~{}", self.id, at.timestamp_micros()),
            SortKey::Name(name) => format!("{}~{name}", self.id),
        }
    }

    /// Reads a link's text; `None` for what is no place in a list of this order.
    pub fn parse(text: &str, sort: ClientSort) -> Option<Self> {
        let (id, key) = text.split_once('~')?;
        let key = if sort.is_by_name() {
            SortKey::Name(Some(key).filter(|name| !name.contains(char::is_control))?.to_owned())
        } else {
            let at = DateTime::from_timestamp_micros(key.parse().ok()?)?;
            SortKey::CreatedAt(Some(at).filter(|at| (FIRST..=LAST).contains(at))?)
        };
        Some(Self { key, id: id.parse().ok()? })
    }
}

/// Times before and after all that are stored; as text they sort as they are.
const FIRST: DateTime<Utc> = DateTime::from_timestamp(-62_135_596_800, 0).unwrap();
const LAST: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).unwrap();

/// A walk through all of a list: what is asked for, and where the last portion ended.
#[derive(Debug, Clone)]
pub struct ClientBatches {
    filter: ClientFilter,
    sort: ClientSort,
    total: Option<i64>,
    last: Option<ClientCursor>,
}

impl ClientBatches {
    /// A walk from the beginning.
    pub fn new(filter: ClientFilter, sort: ClientSort) -> Self {
        Self { filter, sort, total: None, last: None }
    }
}

/// What a list's statements are asked with.
pub(super) struct List<'a> {
    pub(super) filter: &'a ClientFilter,
    pub(super) sort: ClientSort,
    pub(super) query: &'a str,
    pub(super) total: i64,
}

/// Which rows, and from which end.
pub(super) struct Cut {
    pub(super) cursor: Option<ClientCursor>,
    pub(super) backwards: bool,
    pub(super) limit: i64,
    pub(super) offset: i64,
}

impl ClientFilter {
    pub(super) fn has_dates(&self) -> bool {
        self.created_from.is_some() || self.created_before.is_some()
    }

    pub(in crate::persistence) fn moments(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.created_from.unwrap_or(FIRST), self.created_before.unwrap_or(LAST))
    }
}

impl Clients<'_> {
    /// A page of clients, with their contacts.
    pub async fn page(
        &mut self,
        filter: &ClientFilter,
        sort: ClientSort,
        request: PageRequest,
    ) -> Result<Page<Client>> {
        Ok(self.page_at(filter, sort, request, ClientPageStart::PageNumber).await?.page)
    }

    /// A page of clients from a place in the list; the page's number is then only what it is called.
    pub async fn page_at(
        &mut self,
        filter: &ClientFilter,
        sort: ClientSort,
        request: PageRequest,
        place: ClientPageStart,
    ) -> Result<ClientPage> {
        let query = index::query(self.tx, &filter.terms.client_query());
        let total = self.total(filter, &query).await?;
        let list = List { filter, sort, query: &query, total };
        let (request, rows, previous, next) = match place {
            ClientPageStart::After(cursor) => {
                let (rows, more) = self.beyond(&list, cursor, false, request.limit).await?;
                (request, rows, true, more)
            }
            ClientPageStart::Before(cursor) => {
                let (mut rows, more) = self.beyond(&list, cursor, true, request.limit).await?;
                rows.reverse();
                // What is less than a page is the list's beginning, and its first page is a whole one.
                let first = PageRequest { page: 1, ..request };
                if more { (request, rows, true, true) } else { self.counted(&list, first).await? }
            }
            ClientPageStart::PageNumber => self.counted(&list, request).await?,
        };
        let ids: Vec<_> = rows.iter().map(|row| row.id.0).collect();
        let items = self.of_ids(&ids).await?;
        Ok(ClientPage {
            page: Page { items, request, total },
            previous: rows.first().filter(|_| previous).cloned(),
            next: rows.last().filter(|_| next).cloned(),
        })
    }

    /// The next portion of a walk, with contacts; an empty one is its end. Each begins where the last one ended, so that a
    /// long walk holds neither memory nor a transaction.
    pub async fn next_batch(&mut self, walk: &mut ClientBatches, limit: i64) -> Result<Vec<Client>> {
        let query = index::query(self.tx, &walk.filter.terms.client_query());
        let total = match walk.total {
            Some(total) => total,
            None => self.total(&walk.filter, &query).await?,
        };
        let list = List { filter: &walk.filter, sort: walk.sort, query: &query, total };
        let cut = Cut { cursor: walk.last.clone(), backwards: false, limit, offset: 0 };
        let rows = self.rows(&list, &cut).await?;
        walk.total = Some(total);
        walk.last = rows.last().cloned().or(cut.cursor);
        let ids: Vec<_> = rows.iter().map(|row| row.id.0).collect();
        self.of_ids(&ids).await
    }

    /// How many clients a filter matches.
    pub async fn count(&mut self, filter: &ClientFilter) -> Result<i64> {
        let query = index::query(self.tx, &filter.terms.client_query());
        self.total(filter, &query).await
    }

    async fn total(&mut self, filter: &ClientFilter, query: &str) -> Result<i64> {
        if filter.terms.is_empty() && !filter.has_dates() {
            let counted =
                sql!(self.tx, maybe(i64), "SELECT client_count FROM event_counters WHERE tenant_id = $1")?;
            return Ok(counted.unwrap_or(0) + self.tx.more_clients());
        }
        let text = list_statement::total(filter, self.tx.is_postgres());
        let (from, before) = filter.moments();
        Ok(sql!(self.tx, val(i64), { made: text }, from, before, query)?)
    }

    /// Up to `limit` rows on one side of a client, the nearest first, and whether there are more.
    async fn beyond(
        &mut self,
        list: &List<'_>,
        cursor: ClientCursor,
        backwards: bool,
        limit: i64,
    ) -> Result<(Vec<ClientCursor>, bool)> {
        let cut = Cut { cursor: Some(cursor), backwards, limit: limit + 1, offset: 0 };
        let mut rows = self.rows(list, &cut).await?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        Ok((rows, more))
    }

    /// The rows of a page by its number, counted from the nearer end of the list; and whether there are pages beside it.
    async fn counted(
        &mut self,
        list: &List<'_>,
        request: PageRequest,
    ) -> Result<(PageRequest, Vec<ClientCursor>, bool, bool)> {
        let offset = request.offset();
        let count = list.total.saturating_sub(offset).clamp(0, request.limit);
        let after = list.total.saturating_sub(offset).saturating_sub(count).max(0);
        let backwards = after < offset;
        let cut =
            Cut { cursor: None, backwards, limit: count, offset: if backwards { after } else { offset } };
        let mut rows = if count == 0 { Vec::new() } else { self.rows(list, &cut).await? };
        if backwards {
            rows.reverse();
        }
        Ok((request, rows, offset > 0, after > 0))
    }

    async fn rows(&mut self, list: &List<'_>, cut: &Cut) -> Result<Vec<ClientCursor>> {
        let text = list_statement::rows(list, cut, self.tx.is_postgres());
        let (from, before) = list.filter.moments();
        let id = cut.cursor.as_ref().map(|cursor| cursor.id.0);
        let key = cut.cursor.as_ref().map(|cursor| &cursor.key);
        let (limit, offset, query) = (cut.limit, cut.offset, list.query);
        if list.sort.is_by_name() {
            let name = if let Some(SortKey::Name(name)) = key { Some(name) } else { None };
            let rows = sql!(self.tx, all((i64, String)), { made: text }, from, before, query, name, id, limit, offset)?;
            let place = |(id, name)| ClientCursor { key: SortKey::Name(name), id: ClientId(id) };
            return Ok(rows.into_iter().map(place).collect());
        }
        let at = if let Some(SortKey::CreatedAt(at)) = key { Some(at) } else { None };
        let rows = sql!(
            self.tx, all((i64, DateTime<Utc>)), { made: text }, from, before, query, at, id, limit, offset)?;
        let place = |(id, at)| ClientCursor { key: SortKey::CreatedAt(at), id: ClientId(id) };
        Ok(rows.into_iter().map(place).collect())
    }
}
