//! Lists of clients: their filter, sort order and pages.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Clients, Cursor, ListPage, Page, PageRequest, Position, Snapshot, Start,
    engine::{FIRST, Key, LAST, List, Sql},
    search::index,
};
use crate::{
    domain::{Client, ClientId, SearchTerms},
    error::Result,
};

/// The filter of the client list.
#[derive(Debug, Clone, Default)]
pub struct ClientFilter {
    /// Terms in the client's names, phones, e-mail addresses or contacts.
    pub terms: SearchTerms,
    /// The earliest time of creation, inclusive.
    pub created_from: Option<DateTime<Utc>>,
    /// The latest time of creation, exclusive.
    pub created_before: Option<DateTime<Utc>>,
}

/// The sort order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By folded full name, ascending.
    Name,
    /// By folded full name, descending.
    NameDescending,
}

const NEWEST: &[Key] = &[Key::time("c.created_at").descending(), Key::number("c.id").descending()];
const OLDEST: &[Key] = &[Key::time("c.created_at"), Key::number("c.id")];
const BY_NAME: &[Key] = &[Key::text("c.sort_name"), Key::number("c.id")];
const BY_NAME_DESCENDING: &[Key] = &[Key::text("c.sort_name").descending(), Key::number("c.id").descending()];

impl ClientSort {
    /// Parses a cursor; `None` if it is not a position in a list of this order.
    pub fn parse_cursor(self, text: &str) -> Option<Cursor> {
        Cursor::parse(text, self.order())
    }

    fn order(self) -> &'static [Key] {
        match self {
            Self::Newest => NEWEST,
            Self::Oldest => OLDEST,
            Self::Name => BY_NAME,
            Self::NameDescending => BY_NAME_DESCENDING,
        }
    }

    fn is_by_name(self) -> bool {
        matches!(self, Self::Name | Self::NameDescending)
    }
}

/// An iteration over a whole list in batches: the filter, and the position after the last batch.
#[derive(Debug, Clone)]
pub struct ClientBatches {
    filter: ClientFilter,
    sort: ClientSort,
    total: Option<i64>,
    last: Option<Cursor>,
}

impl ClientBatches {
    /// Begins at the first client.
    pub fn new(filter: ClientFilter, sort: ClientSort) -> Self {
        Self { filter, sort, total: None, last: None }
    }
}

/// The number of matches from which a list is read in its order and each row is tested; fewer
/// matches are sorted. Both engines are given the plan, because SQLite has no statistics and
/// PostgreSQL estimates prefixes poorly.
const MANY_MATCHES: i64 = 1_000;

impl ClientFilter {
    fn has_dates(&self) -> bool {
        self.created_from.is_some() || self.created_before.is_some()
    }

    /// The index that SQLite uses; PostgreSQL selects one by itself.
    fn from(by_name: bool) -> Sql {
        let sqlite = if by_name {
            "FROM clients c INDEXED BY clients_by_name WHERE c.tenant_id = $1"
        } else {
            "FROM clients c INDEXED BY clients_by_created_at WHERE c.tenant_id = $1"
        };
        Sql::by_engine(sqlite, "FROM clients c WHERE c.tenant_id = $1")
    }

    /// The condition on the time at which clients were created.
    fn created(&self) -> Option<Sql> {
        let (from, before) = (self.created_from.unwrap_or(FIRST), self.created_before.unwrap_or(LAST));
        let sql = Sql::from("c.created_at >= ? AND c.created_at < ?").bind(from).bind(before);
        self.has_dates().then_some(sql)
    }

    /// The condition on search terms. With `looked_up`, each row of the list is looked up among the
    /// matches.
    fn words(&self, snapshot: &Snapshot, looked_up: bool) -> Option<Sql> {
        // The sign prevents SQLite from looking up each match instead.
        let sqlite = "+c.id IN (SELECT rowid FROM client_search WHERE client_search MATCH ?)";
        let postgres = if looked_up {
            // A comparison with a truth value cannot be converted to a join, so that PostgreSQL
            // looks up each row among the matches.
            "(c.id IN (SELECT s.client_id FROM client_search s
                 WHERE s.tenant_id = $1 AND s.words @@ CAST(? AS TSQUERY))) IS TRUE"
        } else {
            // An array is used, because PostgreSQL would join rows and read the whole list for a
            // few matches.
            "c.id = ANY (ARRAY(SELECT s.client_id FROM client_search s
             WHERE s.tenant_id = $1 AND s.words @@ CAST(? AS TSQUERY)))"
        };
        let sql = Sql::by_engine(sqlite, postgres).bind(self.query(snapshot));
        (!self.terms.is_empty()).then_some(sql)
    }

    fn query(&self, snapshot: &Snapshot) -> String {
        index::query(snapshot, &self.terms.client_query())
    }

    /// All matches in the order of their creation.
    pub(in crate::persistence) fn matches(&self, snapshot: &Snapshot) -> List {
        List::new("SELECT c.id", Self::from(false), OLDEST)
            .filter_some(self.words(snapshot, true))
            .filter_some(self.created())
    }

    /// The statement that counts the matches. Without dates, they are counted in the full-text
    /// table.
    fn count(&self, snapshot: &Snapshot) -> Sql {
        if self.has_dates() {
            return self.matches(snapshot).count();
        }
        // Full-text tables differ between the engines.
        Sql::by_engine(
            "SELECT COUNT(*) FROM client_search WHERE client_search MATCH ?",
            "SELECT COUNT(*) FROM client_search WHERE tenant_id = $1 AND words @@ CAST(? AS TSQUERY)",
        )
        .bind(self.query(snapshot))
    }

    /// The ids of the matches, whose number is `total`; ids and sort keys come from one covering
    /// index.
    fn list(&self, sort: ClientSort, total: i64, snapshot: &Snapshot) -> List {
        let few = total < MANY_MATCHES;
        if few && !self.terms.is_empty() && !self.has_dates() {
            // Full-text tables differ between the engines.
            let from = Sql::by_engine(
                "FROM client_search CROSS JOIN clients c ON c.id = client_search.rowid
                 WHERE client_search MATCH ? AND c.tenant_id = $1",
                "FROM clients c WHERE c.tenant_id = $1 AND c.id = ANY (ARRAY(SELECT s.client_id
                     FROM client_search s
                 WHERE s.tenant_id = $1 AND s.words @@ CAST(? AS TSQUERY)))",
            );
            return List::new("SELECT c.id", from.bind(self.query(snapshot)), sort.order());
        }
        let by_dates = few && self.has_dates();
        List::new("SELECT c.id", Self::from(sort.is_by_name() && !by_dates), sort.order())
            .filter_some(self.words(snapshot, !few || self.has_dates()))
            .filter_some(self.created())
    }
}

impl Clients<'_> {
    /// Lists a page of clients with their contacts.
    pub async fn page(
        &mut self,
        filter: &ClientFilter,
        sort: ClientSort,
        request: PageRequest,
    ) -> Result<Page<Client>> {
        Ok(self.page_at(filter, sort, request, Position::Numbered).await?.page)
    }

    /// Lists a page of clients from a position in the list; the number of the page is for display
    /// only.
    pub async fn page_at(
        &mut self,
        filter: &ClientFilter,
        sort: ClientSort,
        request: PageRequest,
        position: Position,
    ) -> Result<ListPage<Client>> {
        let total = self.count(filter).await?;
        let list = filter.list(sort, total, self.snapshot);
        let ListPage { page, previous, next } =
            self.snapshot.page_at::<ClientId>(&list, total, request, position).await?;
        let Page { items, request, total } = page;
        let items = self.by_ids(&items).await?;
        Ok(ListPage { page: Page { items, request, total }, previous, next })
    }

    /// Reads the next batch with contacts; an empty batch is the end. Each batch begins after the
    /// previous one, so that a long export needs neither memory nor a long transaction.
    pub async fn next_batch(&mut self, batches: &mut ClientBatches, limit: i64) -> Result<Vec<Client>> {
        let total = match batches.total {
            Some(total) => total,
            None => self.count(&batches.filter).await?,
        };
        let list = batches.filter.list(batches.sort, total, self.snapshot);
        let start = batches.last.clone().map_or(Start::Offset(0), Start::After);
        let part = self.snapshot.part::<ClientId>(&list, start, limit).await?;
        batches.total = Some(total);
        batches.last = part.last.or(batches.last.take());
        self.by_ids(&part.items).await
    }

    /// Counts the clients that match a filter.
    pub async fn count(&mut self, filter: &ClientFilter) -> Result<i64> {
        if filter.terms.is_empty() && !filter.has_dates() {
            let query = self.snapshot.query("SELECT client_count FROM event_counters WHERE tenant_id = $1");
            let counted: Option<i64> = query.optional().await?;
            return Ok(counted.unwrap_or(0) + self.snapshot.added_clients());
        }
        let count = filter.count(self.snapshot);
        self.snapshot.query(count).one().await
    }
}
