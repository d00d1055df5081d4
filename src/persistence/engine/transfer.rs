//! The transfer of everything from the embedded database to an empty one of PostgreSQL.
//!
//! Rows are copied table by table in batches. A batch is committed together with its position, so that an interrupted
//! transfer continues where it was. Foreign keys are added again at the end, when counts and checksums of all tables are
//! equal; until then the target has the table `transfer_progress`, and no server starts on it.

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _, SqliteConnection,
    postgres::{PgArguments, PgRow},
    query::Query,
    sqlite::SqliteRow,
};
use uuid::Uuid;

use super::database::Database;
use crate::error::{AppError, Result};

/// The number of rows that are copied at once.
const BATCH: usize = 1_000;
/// The key of the advisory lock by which only one transfer runs on a target.
const LOCK: i64 = 0x616c_6f71_615f_7472;
/// Tables whose content is made from other tables, in a form that differs between the engines.
const DERIVED: [&str; 2] = ["client_search", "message_search"];

/// A table after the transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferredTable {
    /// The name.
    pub name: String,
    /// The number of rows.
    pub rows: u64,
    /// The checksum of all rows, which does not depend on their order.
    pub checksum: String,
}

/// A table of the target.
struct Table {
    name: String,
    columns: Vec<Column>,
    /// The column whose values the database assigns.
    identity: Option<String>,
}

struct Column {
    name: String,
    kind: Kind,
}

/// The types of columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Text,
    Timestamp,
    Date,
    Bytes,
    Uuid,
}

impl Kind {
    /// The type with this name in the catalogue of PostgreSQL.
    fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "bigint" => Self::Integer,
            "text" => Self::Text,
            "timestamp with time zone" => Self::Timestamp,
            "date" => Self::Date,
            "bytea" => Self::Bytes,
            "uuid" => Self::Uuid,
            other => {
                return Err(AppError::internal(format!("columns of the type {other} are not transferred")));
            }
        })
    }

    fn array(self) -> &'static str {
        match self {
            Self::Integer => "bigint[]",
            Self::Text => "text[]",
            Self::Timestamp => "timestamptz[]",
            Self::Date => "date[]",
            Self::Bytes => "bytea[]",
            Self::Uuid => "uuid[]",
        }
    }
}

/// A value in a form that is the same on both engines.
#[derive(Clone, PartialEq)]
enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Timestamp(DateTime<Utc>),
    Date(NaiveDate),
    Bytes(Vec<u8>),
    Uuid(Uuid),
}

/// Reads the cell of a column; the macro covers the rows of both engines, which have no common type.
macro_rules! read_cell {
    ($row:expr, $index:expr, $kind:expr) => {{
        let (row, index) = ($row, $index);
        let cell = match $kind {
            Kind::Integer => row.try_get_unchecked::<Option<i64>, _>(index)?.map(Cell::Integer),
            // PostgreSQL stores no NUL; earlier versions did so on SQLite.
            Kind::Text => row
                .try_get_unchecked::<Option<String>, _>(index)?
                .map(|text| Cell::Text(text.replace('\0', ""))),
            Kind::Timestamp => row.try_get_unchecked::<Option<DateTime<Utc>>, _>(index)?.map(Cell::Timestamp),
            Kind::Date => row.try_get_unchecked::<Option<NaiveDate>, _>(index)?.map(Cell::Date),
            Kind::Bytes => row.try_get_unchecked::<Option<Vec<u8>>, _>(index)?.map(Cell::Bytes),
            Kind::Uuid => row.try_get_unchecked::<Option<Uuid>, _>(index)?.map(Cell::Uuid),
        };
        Ok(cell.unwrap_or(Cell::Null))
    }};
}

/// The sum of the hashes of rows, and their number.
#[derive(Default, PartialEq, Eq, Clone, Copy)]
struct Checksum {
    rows: u64,
    sum: u128,
}

impl Checksum {
    fn add(&mut self, row: &[Cell]) {
        let mut hash = Sha256::new();
        for cell in row {
            let (tag, bytes): (u8, Vec<u8>) = match cell {
                Cell::Null => (0, Vec::new()),
                Cell::Integer(value) => (1, value.to_le_bytes().into()),
                Cell::Text(value) => (2, value.clone().into_bytes()),
                Cell::Timestamp(value) => (3, value.timestamp_micros().to_le_bytes().into()),
                Cell::Date(value) => (4, value.to_string().into_bytes()),
                Cell::Bytes(value) => (5, value.clone()),
                Cell::Uuid(value) => (6, value.as_bytes().to_vec()),
            };
            hash.update([tag]);
            hash.update(bytes.len().to_le_bytes());
            hash.update(bytes);
        }
        let hash = hash.finalize();
        let half = hash.iter().take(16).fold(0_u128, |value, byte| value << 8 | u128::from(*byte));
        self.sum = self.sum.wrapping_add(half);
        self.rows += 1;
    }
}

impl Database {
    /// Moves all rows of this embedded database to an empty PostgreSQL database with the same schema, or continues an
    /// interrupted transfer. `progress` is told the table, the number of its rows that are copied, and of all its rows.
    ///
    /// # Errors
    /// [`AppError::Internal`] if this is not the embedded database or the target not an empty one of PostgreSQL, if the
    /// source is changed meanwhile, or if the copy differs from it.
    pub async fn transfer_to(
        &self,
        target: &Self,
        progress: impl FnMut(&str, u64, u64),
    ) -> Result<Vec<TransferredTable>> {
        let (Some(from), Some(pool)) = (self.sqlite_options(), target.postgres_pool()) else {
            return Err(AppError::internal("a transfer goes from sqlite://… to postgres://…"));
        };
        let mut source = from.connect().await?;
        let mut target = pool.acquire().await?.detach();
        // Row-level security applies to the owner of the tables, too.
        sqlx::raw_sql("SET aloqa.operator = 'on'").execute(&mut target).await?;
        let is_alone: bool =
            sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(&mut target).await?;
        if !is_alone {
            return Err(AppError::internal("another transfer to this database is running"));
        }
        let moved = Transfer { source: &mut source, target: &mut target, progress }.run().await;
        target.close().await?;
        source.close().await?;
        moved
    }

    /// Checks that this database is not the target of an unfinished transfer.
    ///
    /// # Errors
    /// [`AppError::Internal`] if it is.
    pub async fn check_transfer_is_finished(&self) -> Result<()> {
        let Some(pool) = self.postgres_pool() else { return Ok(()) };
        if is_begun(&mut *pool.acquire().await?).await? {
            return Err(AppError::internal(
                "the transfer to this database is unfinished: run `aloqa transfer` again, or use an empty database",
            ));
        }
        Ok(())
    }
}

async fn is_begun(target: &mut PgConnection) -> Result<bool> {
    let begun = sqlx::query_scalar("SELECT to_regclass('transfer_progress') IS NOT NULL");
    Ok(begun.fetch_one(target).await?)
}

struct Transfer<'c, P> {
    source: &'c mut SqliteConnection,
    target: &'c mut PgConnection,
    progress: P,
}

impl<P: FnMut(&str, u64, u64)> Transfer<'_, P> {
    async fn run(&mut self) -> Result<Vec<TransferredTable>> {
        let before = self.source_version().await?;
        // All that is read from here on is of one state.
        sqlx::raw_sql("BEGIN").execute(&mut *self.source).await?;
        let tables = self.tables().await?;
        if !is_begun(self.target).await? {
            self.begin(&tables).await?;
        }
        for table in &tables {
            self.copy(table).await?;
        }
        let mut transferred = Vec::new();
        for table in &tables {
            let (there, here) =
                (self.checksum_of_source(table).await?, self.checksum_of_target(table).await?);
            if there != here {
                return Err(AppError::internal(format!(
                    "the copy of {} differs ({} rows, {} were copied): the embedded database has changed since the \
                     transfer began. Stop the server, and transfer to an empty database",
                    table.name, there.rows, here.rows
                )));
            }
            let checksum = format!("{:032x}", here.sum);
            transferred.push(TransferredTable { name: table.name.clone(), rows: here.rows, checksum });
        }
        sqlx::raw_sql("COMMIT").execute(&mut *self.source).await?;
        if self.source_version().await? != before {
            return Err(AppError::internal(
                "the embedded database was changed during the transfer. Stop the server, and transfer to an empty database",
            ));
        }
        self.finish(&tables).await?;
        Ok(transferred)
    }

    /// A number that changes when another connection changes the source.
    async fn source_version(&mut self) -> Result<i64> {
        Ok(sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut *self.source).await?)
    }

    /// The tables of the target that are copied.
    async fn tables(&mut self) -> Result<Vec<Table>> {
        let rows: Vec<(String, String, String, bool)> = sqlx::query_as(
            "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_identity = 'YES'
             FROM information_schema.columns c
             JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
             ORDER BY c.table_name, c.ordinal_position",
        )
        .fetch_all(&mut *self.target)
        .await?;
        let mut tables = Vec::<Table>::new();
        for (table, column, kind, is_identity) in rows {
            let is_own = table.starts_with('_') || table.starts_with("transfer_");
            if is_own || DERIVED.contains(&table.as_str()) {
                continue;
            }
            if tables.last().is_none_or(|last| last.name != table) {
                tables.push(Table { name: table, columns: Vec::new(), identity: None });
            }
            if let Some(table) = tables.last_mut() {
                if is_identity {
                    table.identity = Some(column.clone());
                }
                table.columns.push(Column { name: column, kind: Kind::parse(&kind)? });
            }
        }
        Ok(tables)
    }

    /// Checks that the target is empty, and removes its foreign keys until the end.
    async fn begin(&mut self, tables: &[Table]) -> Result<()> {
        for table in tables {
            let any = format!("SELECT EXISTS (SELECT FROM \"{}\")", table.name);
            if sqlx::query_scalar(AssertSqlSafe(any)).fetch_one(&mut *self.target).await? {
                return Err(AppError::internal(format!(
                    "the database to transfer to is not empty: {} has rows",
                    table.name
                )));
            }
        }
        let mut tx = self.target.begin().await?;
        sqlx::raw_sql(
            "CREATE TABLE transfer_progress (table_name TEXT PRIMARY KEY, position BIGINT NOT NULL);
             CREATE TABLE transfer_constraints (statement TEXT NOT NULL);",
        )
        .execute(&mut *tx)
        .await?;
        let keys: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
             WHERE contype = 'f' AND connamespace = 'public'::regnamespace",
        )
        .fetch_all(&mut *tx)
        .await?;
        for (table, name, definition) in keys {
            let statement = format!("ALTER TABLE {table} ADD CONSTRAINT \"{name}\" {definition}");
            sqlx::query("INSERT INTO transfer_constraints VALUES ($1)")
                .bind(statement)
                .execute(&mut *tx)
                .await?;
            let drop = format!("ALTER TABLE {table} DROP CONSTRAINT \"{name}\"");
            sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Copies the rows of a table from the position that was reached.
    async fn copy(&mut self, table: &Table) -> Result<()> {
        let of_table = "SELECT position FROM transfer_progress WHERE table_name = $1";
        let reached =
            sqlx::query_scalar(of_table).bind(&table.name).fetch_optional(&mut *self.target).await?;
        let mut position: i64 = reached.unwrap_or(i64::MIN);
        let count = |condition| format!("SELECT COUNT(*) FROM \"{}\" WHERE rowid {condition} $1", table.name);
        let mut numbers = Vec::new();
        for condition in ["<=", ">"] {
            let count = sqlx::query_scalar(AssertSqlSafe(count(condition))).bind(position);
            let number: i64 = count.fetch_one(&mut *self.source).await?;
            numbers.push(u64::try_from(number).unwrap_or_default());
        }
        let (mut done, all) = (numbers[0], numbers.iter().sum());
        let select = format!(
            "SELECT rowid, {} FROM \"{}\" WHERE rowid > $1 ORDER BY rowid LIMIT {BATCH}",
            table.column_names(),
            table.name
        );
        let insert = table.insert();
        loop {
            let rows: Vec<SqliteRow> = sqlx::query(AssertSqlSafe(select.clone()))
                .bind(position)
                .fetch_all(&mut *self.source)
                .await?;
            let Some(last) = rows.last() else { return Ok(()) };
            position = last.try_get(0)?;
            let mut batch = vec![Vec::with_capacity(rows.len()); table.columns.len()];
            for row in &rows {
                for (index, cell) in table.cells_of_source(row, 1)?.into_iter().enumerate() {
                    batch[index].push(cell);
                }
            }
            let mut tx = self.target.begin().await?;
            let mut query = sqlx::query(AssertSqlSafe(insert.clone()));
            for (column, cells) in table.columns.iter().zip(batch) {
                query = bind_array(query, column.kind, cells);
            }
            query.execute(&mut *tx).await?;
            sqlx::query(
                "INSERT INTO transfer_progress VALUES ($1, $2)
                 ON CONFLICT (table_name) DO UPDATE SET position = excluded.position",
            )
            .bind(&table.name)
            .bind(position)
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            done += rows.len() as u64;
            (self.progress)(&table.name, done, all);
        }
    }

    async fn checksum_of_source(&mut self, table: &Table) -> Result<Checksum> {
        let select = format!("SELECT {} FROM \"{}\"", table.column_names(), table.name);
        let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(&mut *self.source);
        let mut checksum = Checksum::default();
        while let Some(row) = rows.try_next().await? {
            checksum.add(&table.cells_of_source(&row, 0)?);
        }
        Ok(checksum)
    }

    async fn checksum_of_target(&mut self, table: &Table) -> Result<Checksum> {
        let select = format!("SELECT {} FROM \"{}\"", table.column_names(), table.name);
        let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(&mut *self.target);
        let mut checksum = Checksum::default();
        while let Some(row) = rows.try_next().await? {
            checksum.add(&table.cells_of_target(&row)?);
        }
        Ok(checksum)
    }

    /// Adds the foreign keys again, and continues the assigned ids where the source would.
    async fn finish(&mut self, tables: &[Table]) -> Result<()> {
        let mut tx = self.target.begin().await?;
        for table in tables {
            let Some(identity) = &table.identity else { continue };
            // An id that was assigned and deleted again is not assigned again.
            let sequence =
                sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = $1").bind(&table.name);
            let last: Option<i64> = sequence.fetch_optional(&mut *self.source).await?;
            if let Some(last) = last.filter(|last| *last > 0) {
                sqlx::query("SELECT setval(pg_get_serial_sequence($1, $2), $3)")
                    .bind(&table.name)
                    .bind(identity)
                    .bind(last)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        let statements: Vec<String> =
            sqlx::query_scalar("SELECT statement FROM transfer_constraints").fetch_all(&mut *tx).await?;
        for statement in statements {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *tx).await?;
        }
        sqlx::raw_sql("DROP TABLE transfer_constraints; DROP TABLE transfer_progress")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        sqlx::raw_sql("ANALYZE").execute(&mut *self.target).await?;
        Ok(())
    }
}

impl Table {
    fn column_names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        names.join(", ")
    }

    fn insert(&self) -> String {
        let arrays = self.columns.iter().enumerate();
        let arrays: Vec<_> =
            arrays.map(|(index, column)| format!("${}::{}", index + 1, column.kind.array())).collect();
        format!(
            "INSERT INTO \"{}\" ({}) OVERRIDING SYSTEM VALUE SELECT * FROM UNNEST({})",
            self.name,
            self.column_names(),
            arrays.join(", ")
        )
    }

    fn cells_of_source(&self, row: &SqliteRow, first: usize) -> Result<Vec<Cell>> {
        let cell = |(index, column): (usize, &Column)| read_cell!(row, first + index, column.kind);
        self.columns.iter().enumerate().map(cell).collect()
    }

    fn cells_of_target(&self, row: &PgRow) -> Result<Vec<Cell>> {
        let cell = |(index, column): (usize, &Column)| read_cell!(row, index, column.kind);
        self.columns.iter().enumerate().map(cell).collect()
    }
}

/// Binds the cells of a column as an array of its type.
fn bind_array(
    query: Query<'_, sqlx::Postgres, PgArguments>,
    kind: Kind,
    cells: Vec<Cell>,
) -> Query<'_, sqlx::Postgres, PgArguments> {
    macro_rules! array {
        ($variant:ident) => {
            cells
                .into_iter()
                .map(|cell| if let Cell::$variant(value) = cell { Some(value) } else { None })
                .collect::<Vec<_>>()
        };
    }
    match kind {
        Kind::Integer => query.bind(array!(Integer)),
        Kind::Text => query.bind(array!(Text)),
        Kind::Timestamp => query.bind(array!(Timestamp)),
        Kind::Date => query.bind(array!(Date)),
        Kind::Bytes => query.bind(array!(Bytes)),
        Kind::Uuid => query.bind(array!(Uuid)),
    }
}
