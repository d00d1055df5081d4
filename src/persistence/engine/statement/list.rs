//! Lists: their columns, conditions and order, and the position from which rows are read.

use chrono::{DateTime, Utc};

use super::{
    page::{Page, PageRequest},
    row::{FromRow, Row},
    sql::Sql,
    value::{ToValue, Value},
};
use crate::error::{AppError, Result};
use crate::persistence::engine::snapshot::Snapshot;

/// A list of a tenant's rows: the columns, the conditions and the order.
///
/// Conditions are fragments with their arguments, so that a filter can combine any of them.
#[derive(Debug, Clone)]
pub(in crate::persistence) struct List {
    select: Sql,
    from: Sql,
    /// The tables for counting, if fewer are sufficient.
    counted_from: Option<Sql>,
    conditions: Sql,
    order: &'static [Key],
    /// The parts that the rows are read from, each with its rank; none for a list of one part.
    ranked: Vec<(i64, List)>,
}

/// A column by which a list is sorted. The last one of an order is the id, so that no two rows have
/// the same position.
#[derive(Debug, Clone, Copy)]
pub(in crate::persistence) struct Key {
    column: &'static str,
    kind: KeyKind,
    descends: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Number,
    Time,
    Text,
}

impl Key {
    const fn new(column: &'static str, kind: KeyKind) -> Self {
        Self { column, kind, descends: false }
    }

    /// A key that is an id or a number.
    pub(in crate::persistence) const fn number(column: &'static str) -> Self {
        Self::new(column, KeyKind::Number)
    }

    /// A key that is a time.
    pub(in crate::persistence) const fn time(column: &'static str) -> Self {
        Self::new(column, KeyKind::Time)
    }

    /// A key that is a text; only the last key before the id may be one.
    pub(in crate::persistence) const fn text(column: &'static str) -> Self {
        Self::new(column, KeyKind::Text)
    }

    /// Sorts in descending order.
    pub(in crate::persistence) const fn descending(self) -> Self {
        Self { descends: true, ..self }
    }

    fn parse(&self, text: &str) -> Option<CursorValue> {
        match self.kind {
            KeyKind::Number => text.parse().ok().map(CursorValue::Number),
            KeyKind::Time => {
                let at = DateTime::from_timestamp_micros(text.parse().ok()?)?;
                (FIRST..=LAST).contains(&at).then_some(CursorValue::Time(at))
            }
            KeyKind::Text => (!text.contains(char::is_control)).then(|| CursorValue::Text(text.to_owned())),
        }
    }
}

/// A position in a list, which remains valid while other rows are added and removed. Its text is
/// used in links and is opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(Vec<CursorValue>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum CursorValue {
    Number(i64),
    Time(DateTime<Utc>),
    Text(String),
}

/// A time before all stored ones, within the years that both engines support and that sort as text.
pub(in crate::persistence) const FIRST: DateTime<Utc> = DateTime::from_timestamp(-62_135_596_800, 0).unwrap();
/// A time after all stored ones.
pub(in crate::persistence) const LAST: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).unwrap();

impl Cursor {
    /// The position of a row in a list that is sorted by id.
    pub fn of_id(id: i64) -> Self {
        Self(vec![CursorValue::Number(id)])
    }

    /// The position of a row in a list that is sorted by a time and the id.
    pub fn of_time(at: DateTime<Utc>, id: i64) -> Self {
        Self(vec![CursorValue::Time(at), CursorValue::Number(id)])
    }

    /// The position of a row in a part of a ranked list, given its position within the part.
    pub(in crate::persistence) fn with_rank(self, rank: i64) -> Self {
        Self(std::iter::once(CursorValue::Number(rank)).chain(self.0).collect())
    }

    /// The rank, and the position within the part of that rank.
    fn without_rank(&self) -> Option<(i64, Self)> {
        match self.0.split_first() {
            Some((CursorValue::Number(rank), rest)) if !rest.is_empty() => Some((*rank, Self(rest.to_vec()))),
            _ => None,
        }
    }

    /// The text for links: the values of the keys, the id last.
    pub fn text(&self) -> String {
        let parts = self.0.iter().map(|value| match value {
            CursorValue::Number(number) => number.to_string(),
            CursorValue::Time(at) => at.timestamp_micros().to_string(),
            CursorValue::Text(text) => text.clone(),
        });
        parts.collect::<Vec<_>>().join("_")
    }

    /// Parses the text of a link; `None` if it is not a position in a list of this order.
    pub(in crate::persistence) fn parse(text: &str, order: &[Key]) -> Option<Self> {
        // A text key may contain the separator, and is the last key before the id.
        let (keys, id) = if order.len() > 1 { text.rsplit_once('_')? } else { ("", text) };
        let parts = keys.splitn(order.len() - 1, '_').chain([id]);
        let values: Option<Vec<_>> = order.iter().zip(parts).map(|(key, part)| key.parse(part)).collect();
        values.filter(|values| values.len() == order.len()).map(Self)
    }

    /// The position of a row that [`List::rows`] has selected.
    fn of_row(row: &Row, order: &[Key]) -> Result<Self> {
        let value = |(at, key): (usize, &Key)| {
            let name = CURSOR_COLUMNS[at];
            Ok(match key.kind {
                KeyKind::Number => CursorValue::Number(row.get(name)?),
                KeyKind::Time => CursorValue::Time(row.get(name)?),
                KeyKind::Text => CursorValue::Text(row.get(name)?),
            })
        };
        order.iter().enumerate().map(value).collect::<Result<_>>().map(Self)
    }
}

impl ToValue for CursorValue {
    const NULL: Value = Value::Integer(None);

    fn to_value(&self) -> Value {
        match self {
            Self::Number(number) => number.to_value(),
            Self::Time(at) => at.to_value(),
            Self::Text(text) => text.to_value(),
        }
    }
}

/// The aliases under which the keys of a row's position are selected.
const CURSOR_COLUMNS: [&str; 3] = ["cursor_0", "cursor_1", "cursor_2"];
const CURSOR_ALIASES: [&str; 3] = ["AS cursor_0", "AS cursor_1", "AS cursor_2"];

/// The selection of the rows of a part with its rank. The rank is no argument, because PostgreSQL has to know the
/// type of the column.
fn rank_selection(rank: i64) -> &'static str {
    match rank {
        0 => "SELECT p.*, CAST(0 AS BIGINT) AS cursor_0 FROM (",
        1 => "SELECT p.*, CAST(1 AS BIGINT) AS cursor_0 FROM (",
        2 => "SELECT p.*, CAST(2 AS BIGINT) AS cursor_0 FROM (",
        3 => "SELECT p.*, CAST(3 AS BIGINT) AS cursor_0 FROM (",
        _ => "SELECT p.*, CAST(4 AS BIGINT) AS cursor_0 FROM (",
    }
}

/// The requested rows of a list.
#[derive(Debug, Clone)]
pub(in crate::persistence) struct Window {
    /// The exclusive starting position.
    pub(in crate::persistence) beyond: Option<Cursor>,
    /// True if rows are read against the order of the list.
    pub(in crate::persistence) backwards: bool,
    /// The number of rows to skip.
    pub(in crate::persistence) offset: i64,
    /// The maximum number of rows.
    pub(in crate::persistence) limit: i64,
}

impl Window {
    /// Up to `limit` rows from a start on.
    fn new(start: Start, limit: i64) -> Self {
        let (beyond, offset) = match start {
            Start::Offset(offset) => (None, offset),
            Start::After(cursor) => (Some(cursor), 0),
        };
        Self { beyond, backwards: false, offset, limit }
    }
}

/// A row of a list, and its position.
pub(in crate::persistence) struct Listed<T> {
    item: T,
    cursor: Cursor,
}

impl<T: FromRow> Listed<T> {
    fn from_row(row: &Row, order: &[Key]) -> Result<Self> {
        Ok(Self { item: T::from_row(row)?, cursor: Cursor::of_row(row, order)? })
    }
}

/// The position of a page in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Position {
    /// By the number of the page.
    #[default]
    Numbered,
    /// After this row.
    After(Cursor),
    /// Before this row.
    Before(Cursor),
}

/// The start of a part of a list.
#[derive(Debug, Clone)]
pub enum Start {
    /// After this number of rows.
    Offset(i64),
    /// After a row.
    After(Cursor),
}

/// A page of a list, with the cursors of its neighbours.
#[derive(Debug)]
pub struct ListPage<T> {
    /// The page.
    pub page: Page<T>,
    /// The cursor of the previous page, if there is one.
    pub previous: Option<Cursor>,
    /// The cursor of the next page, if there is one.
    pub next: Option<Cursor>,
}

/// A part of a list that is not counted.
#[derive(Debug)]
pub struct Part<T> {
    /// The rows.
    pub items: Vec<T>,
    /// True if the list continues.
    pub has_more: bool,
    /// The position of the last row.
    pub last: Option<Cursor>,
}

impl List {
    /// Creates a list from a column list (`SELECT …`) and tables (`FROM … WHERE tenant_id = $1`).
    pub(in crate::persistence) fn new(
        select: impl Into<Sql>,
        from: impl Into<Sql>,
        order: &'static [Key],
    ) -> Self {
        Self {
            select: select.into(),
            from: from.into(),
            counted_from: None,
            conditions: Sql::default(),
            order,
            ranked: Vec::new(),
        }
    }

    /// Reads the rows from parts, whose rows follow each other in the order of their ranks. The order of this list has
    /// the rank as its first key, and the keys of the parts after it. The parts have no row in common.
    pub(in crate::persistence) fn ranked(mut self, parts: Vec<(i64, Self)>) -> Self {
        self.ranked = parts;
        self
    }

    /// Sets the tables for counting, if fewer than those of the list are sufficient: `FROM … WHERE
    /// tenant_id = $1`.
    pub(in crate::persistence) fn counted_from(mut self, from: impl Into<Sql>) -> Self {
        self.counted_from = Some(from.into());
        self
    }

    /// Adds a condition.
    pub(in crate::persistence) fn filter(mut self, condition: impl Into<Sql>) -> Self {
        let condition = condition.into();
        let parts = std::mem::take(&mut self.ranked).into_iter();
        self.ranked = parts.map(|(rank, part)| (rank, part.filter(condition.clone()))).collect();
        self.conditions = self.conditions.push("AND").push(condition);
        self
    }

    /// Adds a condition, if there is one.
    pub(in crate::persistence) fn filter_some(self, condition: Option<impl Into<Sql>>) -> Self {
        match condition {
            Some(condition) => self.filter(condition),
            None => self,
        }
    }

    /// The statement that counts the rows.
    pub(in crate::persistence) fn count(&self) -> Sql {
        let from = self.counted_from.as_ref().unwrap_or(&self.from);
        Sql::from("SELECT COUNT(*)").push(from.clone()).push(self.conditions.clone())
    }

    /// The statement that selects all rows, in any order.
    pub(in crate::persistence) fn all_rows(&self) -> Sql {
        self.select.clone().push(self.from.clone()).push(self.conditions.clone())
    }

    /// The statement that gives up to `limit` rows from a start on, and one more if there is one.
    pub(in crate::persistence) fn part(&self, start: Start, limit: i64) -> Sql {
        self.rows(&Window::new(start, limit + 1))
    }

    /// The statement that selects rows with their positions.
    pub(in crate::persistence) fn rows(&self, window: &Window) -> Sql {
        if self.ranked.is_empty() {
            self.rows_of_part(window, &CURSOR_ALIASES)
        } else {
            self.ranked_rows(window)
        }
    }

    /// The statement that reads from each part as many rows as the window may need, so that each part is read by its
    /// own index, and selects the window from them.
    fn ranked_rows(&self, window: &Window) -> Sql {
        let start = window.beyond.as_ref().and_then(Cursor::without_rank);
        let mut sql = Sql::from("SELECT * FROM (");
        let mut is_first = true;
        for (rank, part) in &self.ranked {
            let beyond = match &start {
                Some((at, cursor)) if at == rank => Some(cursor.clone()),
                Some((at, _)) if (at > rank) != window.backwards => continue,
                _ => None,
            };
            let limit = window.offset.saturating_add(window.limit);
            let rows = Window { beyond, backwards: window.backwards, offset: 0, limit };
            sql = if is_first { sql } else { sql.push("UNION ALL") };
            is_first = false;
            sql = sql
                .push(rank_selection(*rank))
                .push(part.rows_of_part(&rows, &CURSOR_ALIASES[1..]))
                .push(") p");
        }
        if is_first {
            // The position is after the last part or before the first one; no row is there.
            let (rank, part) = &self.ranked[0];
            let none = Window { beyond: None, backwards: false, offset: 0, limit: 0 };
            sql = sql
                .push(rank_selection(*rank))
                .push(part.rows_of_part(&none, &CURSOR_ALIASES[1..]))
                .push(") p");
        }
        sql = sql.push(") ranked");
        for (at, (key, column)) in self.order.iter().zip(CURSOR_COLUMNS).enumerate() {
            sql = sql.push(if at == 0 { "ORDER BY" } else { "," }).push(column);
            sql = sql.push(if key.descends == window.backwards { "ASC" } else { "DESC" });
        }
        sql.push("LIMIT ?").bind(window.limit).push("OFFSET ?").bind(window.offset)
    }

    fn rows_of_part(&self, window: &Window, aliases: &[&'static str]) -> Sql {
        let mut sql = self.select.clone();
        for (key, alias) in self.order.iter().zip(aliases) {
            sql = sql.push(",").push(key.column).push(*alias);
        }
        sql = sql.push(self.from.clone()).push(self.conditions.clone());
        if let Some(cursor) = &window.beyond {
            sql = sql.push("AND").push(beyond(self.order, cursor, window.backwards));
        }
        for (at, key) in self.order.iter().enumerate() {
            sql = sql.push(if at == 0 { "ORDER BY" } else { "," }).push(key.column);
            sql = sql.push(if key.descends == window.backwards { "ASC" } else { "DESC" });
        }
        sql.push("LIMIT ?").bind(window.limit).push("OFFSET ?").bind(window.offset)
    }
}

/// The condition that a row is beyond a position.
fn beyond(order: &[Key], cursor: &Cursor, backwards: bool) -> Sql {
    let sign = |key: &Key| if key.descends == backwards { ">" } else { "<" };
    let one_way = order.iter().all(|key| key.descends == order[0].descends);
    if one_way {
        // A comparison of row values is a single index range.
        let mut sql = Sql::from("(");
        for (at, key) in order.iter().enumerate() {
            sql = if at == 0 { sql.push(key.column) } else { sql.push(",").push(key.column) };
        }
        sql = sql.push(")").push(sign(&order[0])).push("(");
        for (at, value) in cursor.0.iter().enumerate() {
            sql = if at == 0 { sql.push("?") } else { sql.push(", ?") }.bind(value);
        }
        return sql.push(")");
    }
    let mut sql = Sql::default();
    for (at, (key, value)) in order.iter().zip(&cursor.0).enumerate() {
        let is_last = at + 1 == order.len();
        sql = sql.push("(").push(key.column).push(sign(key)).push("?").bind(value);
        if !is_last {
            sql = sql.push("OR").push(key.column).push("= ? AND").bind(value);
        }
    }
    order.iter().fold(sql, |sql, _| sql.push(")"))
}

impl Snapshot {
    /// Counts the rows of a list.
    pub(in crate::persistence) async fn count(&mut self, list: &List) -> Result<i64> {
        self.query(list.count()).one().await
    }

    async fn rows<T: FromRow>(&mut self, list: &List, window: &Window) -> Result<Vec<Listed<T>>> {
        let rows = self.query(list.rows(window)).rows(true).await?;
        rows.iter().map(|row| Listed::from_row(row, list.order)).collect()
    }

    /// Reads up to `limit` rows from a start. Also returns true if there are more. The list is not
    /// counted.
    pub(in crate::persistence) async fn part<T: FromRow>(
        &mut self,
        list: &List,
        start: Start,
        limit: i64,
    ) -> Result<Part<T>> {
        let (rows, has_more) = self.nearest(list, Window::new(start, limit)).await?;
        let last = rows.last().map(|row| row.cursor.clone());
        Ok(Part { items: rows.into_iter().map(|row| row.item).collect(), has_more, last })
    }

    /// Reads a page by its number, and counts the list.
    pub(in crate::persistence) async fn page<T: FromRow>(
        &mut self,
        list: &List,
        request: PageRequest,
    ) -> Result<Page<T>> {
        let total = self.count(list).await?;
        Ok(self.page_at(list, total, request, Position::Numbered).await?.page)
    }

    /// Reads a page of a list of `total` rows from a position; the number of the page is for
    /// display only.
    pub(in crate::persistence) async fn page_at<T: FromRow>(
        &mut self,
        list: &List,
        total: i64,
        request: PageRequest,
        position: Position,
    ) -> Result<ListPage<T>> {
        let window =
            |cursor, backwards| Window { beyond: Some(cursor), backwards, offset: 0, limit: request.limit };
        let (request, rows, previous, next) = match position {
            Position::After(cursor) => {
                let (rows, more) = self.nearest(list, window(cursor, false)).await?;
                (request, rows, true, more)
            }
            Position::Before(cursor) => {
                let (mut rows, more) = self.nearest(list, window(cursor, true)).await?;
                rows.reverse();
                // A backward page that is not full is at the beginning of the list, where the first
                // page is used instead.
                let first = PageRequest { page: 1, ..request };
                if more { (request, rows, true, true) } else { self.numbered(list, total, first).await? }
            }
            Position::Numbered => self.numbered(list, total, request).await?,
        };
        let previous = rows.first().filter(|_| previous).map(|row: &Listed<T>| row.cursor.clone());
        let next = rows.last().filter(|_| next).map(|row| row.cursor.clone());
        let items = rows.into_iter().map(|row| row.item).collect();
        Ok(ListPage { page: Page { items, request, total }, previous, next })
    }

    /// Reads the rows of a window. Also returns true if there are more after it.
    async fn nearest<T: FromRow>(
        &mut self,
        list: &List,
        mut window: Window,
    ) -> Result<(Vec<Listed<T>>, bool)> {
        let limit = usize::try_from(window.limit).map_err(AppError::internal)?;
        window.limit += 1;
        let mut rows = self.rows(list, &window).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        Ok((rows, more))
    }

    /// Reads the rows of a page by its number, counted from the nearer end of the list. Also
    /// returns flags for a previous and a next page.
    async fn numbered<T: FromRow>(
        &mut self,
        list: &List,
        total: i64,
        request: PageRequest,
    ) -> Result<(PageRequest, Vec<Listed<T>>, bool, bool)> {
        let offset = request.offset();
        let count = total.saturating_sub(offset).clamp(0, request.limit);
        let after = total.saturating_sub(offset).saturating_sub(count).max(0);
        let backwards = after < offset;
        let window =
            Window { beyond: None, backwards, offset: if backwards { after } else { offset }, limit: count };
        let mut rows = if count == 0 { Vec::new() } else { self.rows(list, &window).await? };
        if backwards {
            rows.reverse();
        }
        Ok((request, rows, offset > 0, after > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::persistence::engine::{statement::tenancy, transaction::Engine};

    const BY_ACTIVITY: &[Key] = &[Key::time("c.active_at").descending(), Key::number("c.id").descending()];
    const BY_USE: &[Key] = &[Key::number("uses").descending(), Key::text("name"), Key::number("id")];

    fn text(sql: Sql) -> (String, Vec<Value>) {
        let (text, arguments) = sql.render(Engine::Postgres, Some(Value::Integer(Some(7))));
        (text.into_owned(), arguments)
    }

    fn chats() -> List {
        List::new("SELECT c.id, c.unread_count", "FROM chats c WHERE c.tenant_id = $1", BY_ACTIVITY)
    }

    #[test]
    fn filters_of_every_kind_combine() {
        let status = Sql::equals("c.status", "open");
        let assignee =
            Sql::any(vec![Sql::equals("c.assignee_id", 5_i64), Sql::from("c.assignee_id IS NULL")]);
        let team = Sql::one_of("c.team_id", &[3_i64, 4]);
        let label = Sql::exists(
            Sql::from("SELECT 1 FROM chat_labels l WHERE l.tenant_id = c.tenant_id AND l.chat_id = c.id AND")
                .push(Sql::one_of("l.label_id", &[8_i64])),
        );
        let channel = Sql::exists(
            Sql::from("SELECT 1 FROM members m WHERE m.tenant_id = c.tenant_id AND m.chat_id = c.id AND")
                .push(Sql::equals("m.channel_id", "b")),
        );
        let unread = Sql::from("c.unread_count > 0");
        let list = chats()
            .filter(status)
            .filter(assignee)
            .filter(team)
            .filter_some(Some(label))
            .filter(channel)
            .filter_some(Some(unread))
            .filter_some(None::<Sql>);
        let at = DateTime::from_timestamp_micros(1).unwrap();
        let window = Window { beyond: Some(Cursor::of_time(at, 9)), backwards: false, offset: 0, limit: 25 };
        let (rows, arguments) = text(list.rows(&window));
        assert_eq!(
            rows,
            "SELECT c.id, c.unread_count, c.active_at AS cursor_0, c.id AS cursor_1 \
             FROM chats c WHERE c.tenant_id = $1 AND c.status = $2 AND (c.assignee_id = $3 OR c.assignee_id IS NULL) \
             AND c.team_id = ANY ($4) AND EXISTS (SELECT 1 FROM chat_labels l WHERE l.tenant_id = c.tenant_id \
             AND l.chat_id = c.id AND l.label_id = ANY ($5)) AND EXISTS (SELECT 1 FROM members m \
             WHERE m.tenant_id = c.tenant_id AND m.chat_id = c.id AND m.channel_id = $6) AND c.unread_count > 0 \
             AND (c.active_at, c.id) < ($7, $8) ORDER BY c.active_at DESC, c.id DESC LIMIT $9 OFFSET $10"
        );
        assert_eq!(arguments.len(), 10);
        assert_eq!(arguments[3], Value::Integers(vec![3, 4]));
        assert_eq!(arguments[6], Value::Timestamp(Some(at)));
        assert_eq!(tenancy::check(&rows), Ok(()));
        let (count, arguments) = text(list.count());
        assert!(count.starts_with("SELECT COUNT(*) FROM chats c WHERE c.tenant_id = $1 AND c.status = $2"));
        assert!(count.ends_with("AND c.unread_count > 0"));
        assert_eq!(arguments.len(), 6);
    }

    #[test]
    fn an_order_of_mixed_directions_goes_on_from_a_position_both_ways() {
        let list = List::new("SELECT id", "FROM message_templates WHERE tenant_id = $1", BY_USE);
        let cursor = Cursor::parse("12_Price_list_4", BY_USE).unwrap();
        assert_eq!(cursor.text(), "12_Price_list_4");
        let window = |backwards| Window { beyond: Some(cursor.clone()), backwards, offset: 0, limit: 5 };
        let (forwards, arguments) = text(list.rows(&window(false)));
        assert!(
            forwards.ends_with(
                "AND (uses < $2 OR uses = $3 AND (name > $4 OR name = $5 AND (id > $6))) \
                 ORDER BY uses DESC, name ASC, id ASC LIMIT $7 OFFSET $8"
            ),
            "{forwards}"
        );
        assert_eq!(arguments[3], Value::Text(Some("Price_list".into())));
        let (backwards, _) = text(list.rows(&window(true)));
        assert!(backwards.contains("(uses > $2 OR uses = $3 AND (name < $4 OR name = $5 AND (id < $6)))"));
        assert!(backwards.contains("ORDER BY uses ASC, name DESC, id DESC"));
    }

    #[test]
    fn a_cursor_is_of_its_order_only() {
        let at = DateTime::from_timestamp_micros(1_700_000_000_000_001).unwrap();
        let cursor = Cursor::of_time(at, 9);
        assert_eq!(cursor.text(), "1700000000000001_9");
        assert_eq!(Cursor::parse(&cursor.text(), BY_ACTIVITY), Some(cursor));
        let by_id: &[Key] = &[Key::number("id")];
        assert_eq!(Cursor::parse("9", by_id), Some(Cursor::of_id(9)));
        for bad in ["", "9", "_9", "x_9", "1_x", "99999999999999999999_9", "1_2_9"] {
            assert_eq!(Cursor::parse(bad, BY_ACTIVITY), None, "{bad}");
        }
        assert_eq!(Cursor::parse("1_a\u{0}_9", BY_USE), None);
    }
}
