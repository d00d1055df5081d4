//! Statements and fragments of statements with their arguments.

use std::borrow::Cow;

use super::value::{ToValue, Value};
use crate::persistence::engine::transaction::Engine;

/// A statement or a fragment, with its arguments.
///
/// Texts are literals of the program: a `String` cannot become a statement, so that no input can
/// become a part of one.
///
/// A fixed text numbers its arguments, beginning with `$1`; in a tenant's transaction the tenant is
/// `$1`. A text that is composed of fragments has `?` for each argument, in the order in which they
/// are bound, and `$1` for the tenant. `IN $2` or `IN ?` takes a list, and is the only extension of
/// SQL.
///
/// Other differences between the engines: a missing argument is NULL on SQLite and an error on
/// PostgreSQL; a failed statement aborts a PostgreSQL transaction, so use `ON CONFLICT DO NOTHING`
/// and check the number of rows; use `CAST(SUM(x) AS BIGINT)`; write `NULLS LAST` explicitly; times
/// are text on SQLite, so bind them instead of using `CURRENT_TIMESTAMP`.
#[derive(Debug, Clone, Default)]
pub struct Sql {
    sqlite: Cow<'static, str>,
    /// The text for PostgreSQL, if it differs.
    postgres: Option<Cow<'static, str>>,
    arguments: Vec<Value>,
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self { sqlite: Cow::Borrowed(text), postgres: None, arguments: Vec::new() }
    }
}

impl Sql {
    /// Creates a statement whose text differs between the engines. A comment beside it gives the
    /// reason.
    pub fn by_engine(sqlite: impl Into<Self>, postgres: impl Into<Self>) -> Self {
        let (sqlite, postgres) = (sqlite.into(), postgres.into());
        debug_assert!(
            sqlite.arguments.is_empty() && postgres.arguments.is_empty(),
            "arguments are bound after"
        );
        let postgres = postgres.postgres.unwrap_or(postgres.sqlite);
        Self { sqlite: sqlite.sqlite, postgres: Some(postgres), arguments: Vec::new() }
    }

    /// Binds the next argument.
    #[must_use]
    pub fn bind(mut self, value: impl ToValue) -> Self {
        self.arguments.push(value.to_value());
        self
    }

    /// Appends a fragment with its arguments.
    #[must_use]
    pub fn push(mut self, more: impl Into<Self>) -> Self {
        self.append(more.into());
        self
    }

    pub(in crate::persistence::engine) fn append(&mut self, mut more: Self) {
        if more.postgres.is_some() && self.postgres.is_none() {
            self.postgres = Some(self.sqlite.clone());
        }
        if let Some(own) = &mut self.postgres {
            extend(own, more.postgres.as_ref().unwrap_or(&more.sqlite));
        }
        extend(&mut self.sqlite, &more.sqlite);
        self.arguments.append(&mut more.arguments);
    }

    /// The condition that a column has a value.
    pub fn equals(column: &'static str, value: impl ToValue) -> Self {
        Self::from(column).push("= ?").bind(value)
    }

    /// The condition that a column has one of some values.
    pub fn one_of<T>(column: &'static str, values: &[T]) -> Self
    where
        [T]: ToValue,
    {
        Self::from(column).push("IN ?").bind(values)
    }

    /// The condition that a statement returns a row.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the list of chats is to filter by labels and assignees")
    )]
    pub fn exists(statement: impl Into<Self>) -> Self {
        Self::from("EXISTS (").push(statement).push(")")
    }

    /// The condition that one of these conditions is met.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the list of chats is to filter by labels and assignees")
    )]
    pub fn any(conditions: Vec<Self>) -> Self {
        let mut sql = Self::from("(");
        for (at, condition) in conditions.into_iter().enumerate() {
            sql = if at == 0 { sql.push(condition) } else { sql.push("OR").push(condition) };
        }
        sql.push(")")
    }

    /// The text for an engine and its arguments; `first` precedes the bound ones.
    pub(in crate::persistence::engine) fn render(
        self,
        engine: Engine,
        first: Option<Value>,
    ) -> (Cow<'static, str>, Vec<Value>) {
        let Self { sqlite, postgres, arguments } = self;
        let text = match engine {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres.unwrap_or(sqlite),
        };
        let bound_first = usize::from(first.is_some());
        let arguments: Vec<_> = first.into_iter().chain(arguments).collect();
        if text.contains('?') || arguments.iter().any(Value::is_list) {
            return (Cow::Owned(numbered(&text, engine, &arguments, bound_first)), arguments);
        }
        (text, arguments)
    }
}

fn extend(text: &mut Cow<'static, str>, more: &str) {
    let text = text.to_mut();
    let joins = text.is_empty()
        || text.ends_with(|c: char| c.is_whitespace() || c == '(')
        || more.starts_with([',', ')']);
    if !joins {
        text.push(' ');
    }
    text.push_str(more);
}

/// Numbers the arguments that are written `?`, and writes lists for the engine. On PostgreSQL a
/// list is an array, because PostgreSQL expects many rows of a list and reads the whole table.
fn numbered(text: &str, engine: Engine, arguments: &[Value], first: usize) -> String {
    let mut made = String::with_capacity(text.len() + 64);
    let mut next = first;
    let mut rest = text;
    while let Some(at) = rest.find(['?', '$', '\'']) {
        made.push_str(&rest[..at]);
        let (mark, after) = rest[at..].split_at(1);
        let number = match mark {
            "'" => {
                let end = after.find('\'').map_or(after.len(), |end| end + 1);
                made.push_str(&rest[at..=at + end]);
                rest = &after[end..];
                continue;
            }
            "?" => {
                next += 1;
                rest = after;
                next
            }
            _ => {
                let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
                rest = &after[digits..];
                after[..digits].parse().unwrap_or(0)
            }
        };
        let argument = number.checked_sub(1).and_then(|at| arguments.get(at));
        match (argument.filter(|value| value.is_list() && made.ends_with(" IN ")), engine) {
            (Some(list), Engine::Sqlite) => {
                let item = if matches!(list, Value::Hashes(_)) { "unhex(value)" } else { "value" };
                made.extend(["(SELECT ", item, " FROM json_each($", &number.to_string(), "))"]);
            }
            (Some(_), Engine::Postgres) => {
                made.truncate(made.len() - "IN ".len());
                made.extend(["= ANY ($", &number.to_string(), ")"]);
            }
            (None, _) => made.extend(["$", &number.to_string()]),
        }
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(sql: Sql, engine: Engine) -> (String, Vec<Value>) {
        let (text, arguments) = sql.render(engine, Some(Value::Integer(Some(7))));
        (text.into_owned(), arguments)
    }

    #[test]
    fn fragments_number_their_arguments_in_the_order_in_which_they_are_put_together() {
        let words = Sql::by_engine("AND x MATCH ?", "AND x @@ ?").bind("w");
        let sql = Sql::from("SELECT 1 FROM t WHERE tenant_id = $1 AND y <> '?$3'")
            .push(words)
            .push("LIMIT ?")
            .bind(5_i64);
        let (text, arguments) = rendered(sql.clone(), Engine::Sqlite);
        assert_eq!(text, "SELECT 1 FROM t WHERE tenant_id = $1 AND y <> '?$3' AND x MATCH $2 LIMIT $3");
        assert_eq!(
            arguments,
            [Value::Integer(Some(7)), Value::Text(Some("w".into())), Value::Integer(Some(5))]
        );
        let (text, _) = rendered(sql, Engine::Postgres);
        assert_eq!(text, "SELECT 1 FROM t WHERE tenant_id = $1 AND y <> '?$3' AND x @@ $2 LIMIT $3");
    }

    #[test]
    fn a_list_is_written_as_each_engine_reads_one() {
        let sql =
            Sql::from("SELECT 1 FROM t WHERE tenant_id = $1 AND id IN $2 AND z IN ('a', 'b') ORDER BY id");
        let sql = sql.bind(vec![3_i64, 4]);
        assert_eq!(
            rendered(sql.clone(), Engine::Sqlite).0,
            "SELECT 1 FROM t WHERE tenant_id = $1 AND id IN (SELECT value FROM json_each($2)) \
             AND z IN ('a', 'b') ORDER BY id"
        );
        assert_eq!(
            rendered(sql, Engine::Postgres).0,
            "SELECT 1 FROM t WHERE tenant_id = $1 AND id = ANY ($2) AND z IN ('a', 'b') ORDER BY id"
        );
        let hashes = Sql::from("SELECT 1 FROM t WHERE tenant_id = $1 AND hash IN $2").bind(vec![[7_u8; 32]]);
        assert_eq!(
            rendered(hashes, Engine::Sqlite).0,
            "SELECT 1 FROM t WHERE tenant_id = $1 AND hash IN (SELECT unhex(value) FROM json_each($2))"
        );
    }

    #[test]
    fn a_fixed_text_stays_as_it_is() {
        let sql = Sql::from("SELECT id FROM t WHERE tenant_id = $1 AND a = $2").bind(Option::<i64>::None);
        let (text, arguments) = sql.render(Engine::Postgres, Some(Value::Integer(Some(1))));
        assert!(matches!(text, Cow::Borrowed(_)));
        assert_eq!(arguments[1], Value::Integer(None));
    }
}
