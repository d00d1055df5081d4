//! One SQL text, two engines.

/// The condition that an id is in a JSON list, as each engine reads one. On PostgreSQL it is made an array: of a list that
/// is rows it thinks that they are many, and reads the whole table.
macro_rules! in_list {
    (sqlite, $list:literal) => {
        concat!(" IN (SELECT value FROM json_each(", $list, "))")
    };
    (postgres, $list:literal) => {
        concat!(
            " = ANY (ARRAY(SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST(",
            $list,
            " AS JSONB)) e))"
        )
    };
}

/// Runs a statement in a transaction.
///
/// `sql!(tx, all(Row), "SELECT … WHERE tenant_id = $1 AND x = $2", x)`: the same tokens are expanded once per
/// engine. In a [`Tx`](crate::persistence::Tx) **the tenant is `$1` without being named**, so that a statement without a tenant
/// can't be written by forgetting it; further arguments are `$2` and on. In an [`CrossTenantTx`](crate::persistence::CrossTenantTx),
/// written `sql!(cross_tenant tx, …)`, the arguments begin at `$1`.
///
/// Verbs: `all(Row)`, `one(Row)`, `opt(Row)`, `val(Type)`, `maybe(Type)` for one column, and `exec`, which counts
/// rows. Where the dialects really differ, the text is `{ sqlite: "…", postgres: "…" }`, with a comment that says
/// why. A condition that an id is in a JSON list of them is
/// `{ "… WHERE tenant_id = $1 AND id" in "$2", " ORDER BY id" }`. A statement that is put together of such texts, and of nothing that comes from outside, is `{ made: String }`.
/// What bites: a missing argument is NULL on SQLite and an error on PostgreSQL; a failed statement aborts a
/// PostgreSQL transaction, so `ON CONFLICT DO NOTHING` and count; `CAST(SUM(x) AS BIGINT)`; `NULLS LAST` spelled out;
/// times are text on SQLite, so bind them, never `CURRENT_TIMESTAMP`.
macro_rules! sql {
    (@run $on:expr, all($type:ty), $text:expr $(, $arg:expr)*) => {
        sql!(@span $text, ::sqlx::query_as::<_, $type>($text)$(.bind($arg))*.fetch_all($on))
    };
    (@run $on:expr, one($type:ty), $text:expr $(, $arg:expr)*) => {
        sql!(@span $text, ::sqlx::query_as::<_, $type>($text)$(.bind($arg))*.fetch_one($on))
    };
    (@run $on:expr, opt($type:ty), $text:expr $(, $arg:expr)*) => {
        sql!(@span $text, ::sqlx::query_as::<_, $type>($text)$(.bind($arg))*.fetch_optional($on))
    };
    (@run $on:expr, val($type:ty), $text:expr $(, $arg:expr)*) => {
        sql!(@span $text, ::sqlx::query_scalar::<_, $type>($text)$(.bind($arg))*.fetch_one($on))
    };
    (@run $on:expr, maybe($type:ty), $text:expr $(, $arg:expr)*) => {
        sql!(@span $text, ::sqlx::query_scalar::<_, $type>($text)$(.bind($arg))*.fetch_optional($on))
    };
    (@run $on:expr, exec, $text:expr $(, $arg:expr)*) => {
        sql!(@span $text, async { ::sqlx::query($text)$(.bind($arg))*.execute($on).await.map(|r| r.rows_affected()) })
    };
    (@span $text:expr, $future:expr) => {
        ::tracing::Instrument::instrument($future, ::tracing::debug_span!("statement", sql = $text)).await
    };
    (@sqlite $on:expr, $verb:ident $(($type:ty))?, { sqlite: $text:expr, postgres: $_other:expr } $(, $arg:expr)*) => {
        sql!(@run $on, $verb $(($type))?, $text $(, $arg)*)
    };
    (@postgres $on:expr, $verb:ident $(($type:ty))?, { sqlite: $_other:expr, postgres: $text:expr } $(, $arg:expr)*) => {
        sql!(@run $on, $verb $(($type))?, $text $(, $arg)*)
    };
    (@sqlite $on:expr, $verb:ident $(($type:ty))?, { $before:tt in $list:literal $(, $after:literal)? } $(, $arg:expr)*) => {
        sql!(@run $on, $verb $(($type))?, concat!(sql!(@text $before), in_list!(sqlite, $list) $(, $after)?) $(, $arg)*)
    };
    (@postgres $on:expr, $verb:ident $(($type:ty))?, { $before:tt in $list:literal $(, $after:literal)? } $(, $arg:expr)*) => {
        sql!(@run $on, $verb $(($type))?, concat!(sql!(@text $before), in_list!(postgres, $list) $(, $after)?) $(, $arg)*)
    };
    (@text ($text:expr)) => { $text };
    (@text $text:literal) => { $text };
    (@sqlite $on:expr, $verb:ident $(($type:ty))?, { made: $text:expr } $(, $arg:expr)*) => {
        sql!(@made $on, $verb $(($type))?, $text $(, $arg)*)
    };
    (@postgres $on:expr, $verb:ident $(($type:ty))?, { made: $text:expr } $(, $arg:expr)*) => {
        sql!(@made $on, $verb $(($type))?, $text $(, $arg)*)
    };
    (@made $on:expr, all($type:ty), $text:expr $(, $arg:expr)*) => {{
        let text: &str = &$text;
        let span = ::tracing::debug_span!("statement", sql = text);
        let query = ::sqlx::query_as::<_, $type>(::sqlx::AssertSqlSafe(text.to_owned()))$(.bind($arg))*;
        ::tracing::Instrument::instrument(query.fetch_all($on), span).await
    }};
    (@made $on:expr, val($type:ty), $text:expr $(, $arg:expr)*) => {{
        let text: &str = &$text;
        let span = ::tracing::debug_span!("statement", sql = text);
        let query = ::sqlx::query_scalar::<_, $type>(::sqlx::AssertSqlSafe(text.to_owned()))$(.bind($arg))*;
        ::tracing::Instrument::instrument(query.fetch_one($on), span).await
    }};
    (@sqlite $on:expr, $verb:ident $(($type:ty))?, $text:expr $(, $arg:expr)*) => {
        sql!(@run $on, $verb $(($type))?, $text $(, $arg)*)
    };
    (@postgres $on:expr, $verb:ident $(($type:ty))?, $text:expr $(, $arg:expr)*) => {
        sql!(@run $on, $verb $(($type))?, $text $(, $arg)*)
    };
    (cross_tenant $tx:expr, $verb:ident $(($type:ty))?, $text:tt $(, $arg:expr)* $(,)?) => {
        match &mut $tx.engine {
            $crate::persistence::engine::tx::EngineTx::Sqlite(connection) => {
                sql!(@sqlite &mut **connection, $verb $(($type))?, $text $(, $arg)*)
            }
            $crate::persistence::engine::tx::EngineTx::Postgres(connection) => {
                sql!(@postgres &mut **connection, $verb $(($type))?, $text $(, $arg)*)
            }
        }
    };
    ($tx:expr, $verb:ident $(($type:ty))?, $text:tt $(, $arg:expr)* $(,)?) => {{
        let tenant = $tx.tenant().0;
        sql!(cross_tenant $tx, $verb $(($type))?, $text, tenant $(, $arg)*)
    }};
}
