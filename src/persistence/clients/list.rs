//! Lists of clients: their filter, sort order and pages.

use chrono::{DateTime, Utc};

use crate::persistence::{
    ClientSummary, Clients, Cursor, ListPage, Page, PageRequest, Position, Snapshot, Start,
    engine::{FIRST, FromRow, Key, LAST, List, Row, Sql},
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
    /// The best match of the search terms first ([`MatchRank`]), of equal ones the newest.
    Best,
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
/// The best match first. The first key is that of [`List::ranked`].
const BEST: &[Key] =
    &[Key::number("match_rank"), Key::time("c.created_at").descending(), Key::number("c.id").descending()];
const BY_NAME: &[Key] = &[Key::text("c.sort_name"), Key::number("c.id")];
const BY_NAME_DESCENDING: &[Key] = &[Key::text("c.sort_name").descending(), Key::number("c.id").descending()];

impl ClientSort {
    /// Parses a cursor; `None` if it is not a position in a list of this order.
    pub fn parse_cursor(self, text: &str) -> Option<Cursor> {
        Cursor::parse(text, self.order())
    }

    fn order(self) -> &'static [Key] {
        match self {
            Self::Best => BEST,
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
    counted: Option<CountedMatches>,
    last: Option<Cursor>,
}

impl ClientBatches {
    /// Begins at the first client.
    pub fn new(filter: ClientFilter, sort: ClientSort) -> Self {
        Self { filter, sort, counted: None, last: None }
    }
}

const IDS: &str = "SELECT c.id";
const SUMMARIES: &str = "SELECT c.id, c.first_name, c.last_name, c.middle_name, c.phone, c.email";

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
    fn words(&self, query: &str, looked_up: bool) -> Option<Sql> {
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
        let sql = Sql::by_engine(sqlite, postgres).bind(query);
        (!self.terms.is_empty()).then_some(sql)
    }

    /// The queries of the ranks in which a list in this order is read, the best first.
    fn queries(&self, sort: ClientSort, snapshot: &Snapshot) -> Vec<(i64, String)> {
        if self.terms.is_empty() {
            return vec![(0, String::new())];
        }
        if sort == ClientSort::Best {
            let ranked = index::ranked_queries(snapshot, &self.terms).into_iter();
            return ranked.map(|(rank, query)| (rank.number(), query)).collect();
        }
        vec![(0, index::query(snapshot, &self.terms.client_query()))]
    }

    /// All matches in the order of their creation.
    pub(in crate::persistence) fn matches(&self, snapshot: &Snapshot) -> List {
        let query = self.queries(ClientSort::Oldest, snapshot).pop().unwrap_or_default().1;
        self.walk(&query, OLDEST)
    }

    /// The matches of a query, found by reading all clients in an order.
    fn walk(&self, query: &str, order: &'static [Key]) -> List {
        List::new("SELECT c.id", Self::from(false), order)
            .filter_some(self.words(query, true))
            .filter_some(self.created())
    }

    /// The statement that counts the matches of a query. Without dates, they are counted in the full-text
    /// table.
    fn count(&self, query: &str) -> Sql {
        if self.has_dates() {
            return self.walk(query, OLDEST).count();
        }
        // Full-text tables differ between the engines.
        Sql::by_engine(
            "SELECT COUNT(*) FROM client_search WHERE client_search MATCH ?",
            "SELECT COUNT(*) FROM client_search WHERE tenant_id = $1 AND words @@ CAST(? AS TSQUERY)",
        )
        .bind(query)
    }

    /// Columns of the matches of a query, whose number is `total`. Ids and sort keys come from one covering index.
    fn list_of(&self, select: &'static str, query: &str, sort: ClientSort, total: i64) -> List {
        let (few, order) =
            (total < MANY_MATCHES, if sort == ClientSort::Best { NEWEST } else { sort.order() });
        if few && !self.terms.is_empty() && !self.has_dates() {
            // Full-text tables differ between the engines.
            let from = Sql::by_engine(
                "FROM client_search CROSS JOIN clients c ON c.id = client_search.rowid
                 WHERE client_search MATCH ? AND c.tenant_id = $1",
                "FROM clients c WHERE c.tenant_id = $1 AND c.id = ANY (ARRAY(SELECT s.client_id
                     FROM client_search s
                 WHERE s.tenant_id = $1 AND s.words @@ CAST(? AS TSQUERY)))",
            );
            return List::new(select, from.bind(query), order);
        }
        let by_dates = few && self.has_dates();
        List::new(select, Self::from(sort.is_by_name() && !by_dates), order)
            .filter_some(self.words(query, !few || self.has_dates()))
            .filter_some(self.created())
    }

    /// The matches with columns of the clients `c`.
    fn list(&self, select: &'static str, sort: ClientSort, counted: &CountedMatches) -> List {
        let mut parts = counted
            .parts
            .iter()
            .map(|(rank, query, total)| (*rank, self.list_of(select, query, sort, *total)));
        if sort != ClientSort::Best {
            let newest = || List::new(select, Self::from(false), sort.order());
            return parts.next().map_or_else(newest, |(_, list)| list);
        }
        List::new(select, Self::from(false), BEST).ranked(parts.collect())
    }
}

/// The numbers of matches, by rank.
#[derive(Debug, Clone)]
struct CountedMatches {
    /// The ranks with their queries and numbers of matches, the best first.
    parts: Vec<(i64, String, i64)>,
}

impl CountedMatches {
    fn total(&self) -> i64 {
        self.parts.iter().map(|(.., total)| total).sum()
    }
}

/// The number of matches with a rank.
struct RankCount {
    rank: i64,
    count: i64,
}

impl FromRow for RankCount {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { rank: row.at(0)?, count: row.at(1)? })
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
        let sort =
            if sort == ClientSort::Best && filter.terms.is_empty() { ClientSort::Newest } else { sort };
        let counted = self.count_by_rank(filter, sort).await?;
        let (list, total) = (filter.list(IDS, sort, &counted), counted.total());
        let ListPage { page, previous, next } =
            self.snapshot.page_at::<ClientId>(&list, total, request, position).await?;
        let Page { items, request, total } = page;
        let items = self.by_ids(&items).await?;
        Ok(ListPage { page: Page { items, request, total }, previous, next })
    }

    /// Reads the next batch with contacts; an empty batch is the end. Each batch begins after the
    /// previous one, so that a long export needs neither memory nor a long transaction.
    pub async fn next_batch(&mut self, batches: &mut ClientBatches, limit: i64) -> Result<Vec<Client>> {
        // The order of a search changes while it is read; the whole of it is read by date.
        let sort = if batches.sort == ClientSort::Best { ClientSort::Newest } else { batches.sort };
        let counted = match batches.counted.take() {
            Some(counted) => counted,
            None => self.count_by_rank(&batches.filter, sort).await?,
        };
        let list = batches.filter.list(IDS, sort, &counted);
        let start = batches.last.clone().map_or(Start::Offset(0), Start::After);
        let part = self.snapshot.part::<ClientId>(&list, start, limit).await?;
        batches.counted = Some(counted);
        batches.last = part.last.or(batches.last.take());
        self.by_ids(&part.items).await
    }

    /// Counts the clients that match a filter.
    pub async fn count(&mut self, filter: &ClientFilter) -> Result<i64> {
        Ok(self.count_by_rank(filter, ClientSort::Newest).await?.total())
    }

    /// The number of all clients, which is stored.
    async fn count_all(&mut self) -> Result<i64> {
        let query = self.snapshot.query("SELECT client_count FROM event_counters WHERE tenant_id = $1");
        let counted: Option<i64> = query.optional().await?;
        Ok(counted.unwrap_or(0) + self.snapshot.added_clients())
    }

    /// Counts the clients that match a filter, by rank if the order is by rank.
    async fn count_by_rank(&mut self, filter: &ClientFilter, sort: ClientSort) -> Result<CountedMatches> {
        let queries = filter.queries(sort, self.snapshot);
        if filter.terms.is_empty() && !filter.has_dates() {
            let total = self.count_all().await?;
            return Ok(CountedMatches { parts: vec![(0, String::new(), total)] });
        }
        let mut sql = Sql::default();
        for (at, (rank, query)) in queries.iter().enumerate() {
            let rank = Sql::from("SELECT CAST(? AS BIGINT), (").bind(*rank);
            sql = if at == 0 { rank } else { sql.push("UNION ALL").push(rank) }
                .push(filter.count(query))
                .push(")");
        }
        let counts: Vec<RankCount> = self.snapshot.query(sql).all().await?;
        let count = |of: i64| counts.iter().find(|count| count.rank == of).map_or(0, |count| count.count);
        let parts = queries.into_iter().map(|(rank, query)| (rank, query, count(rank)));
        // A part without matches need not be read; one part remains, so that the list has one.
        let mut parts: Vec<_> = parts.collect();
        let is_first_empty = parts.iter().all(|(.., count)| *count == 0);
        parts.retain(|(.., count)| *count > 0 || is_first_empty);
        Ok(CountedMatches { parts })
    }

    /// Lists up to `limit` clients that match, the best match first.
    pub async fn best_matching(&mut self, terms: &SearchTerms, limit: i64) -> Result<Vec<ClientSummary>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let filter = ClientFilter { terms: terms.clone(), ..ClientFilter::default() };
        let counted = self.count_by_rank(&filter, ClientSort::Best).await?;
        let list = filter.list(SUMMARIES, ClientSort::Best, &counted);
        Ok(self.snapshot.part(&list, Start::Offset(0), limit).await?.items)
    }
}
