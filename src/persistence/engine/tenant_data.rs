//! All rows of a tenant, in every table that has a tenant: reading them for an export, and deleting them. The tables and
//! their foreign keys are those of the catalogue, so that no table is forgotten.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    database::{Database, of_tenant},
    statement::value::Value,
    transaction::{Engine, Statement, Transaction},
};
use crate::{domain::TenantId, error::Result};

/// The number of rows that are read or deleted at once.
const BATCH: i64 = 1_000;
/// Tables that an export leaves out: sessions are credentials, and the full-text tables are made from other tables.
const NOT_EXPORTED: [&str; 3] = ["client_search", "message_search", "sessions"];
/// Parts of the names of columns that an export leaves out: secrets, their hashes, and codes that work like passwords.
/// The address of a file at its provider may contain a token.
const SECRETS: [&str; 4] = ["secret", "password", "hash", "fingerprint"];
const CODES: [&str; 3] = ["code", "link_code", "source_url"];

/// A table with rows of tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantTable {
    /// The name.
    pub name: String,
    /// The columns that an export contains.
    pub columns: Vec<String>,
    /// True if a row refers to another one of the table.
    refers_to_itself: bool,
}

/// A row of the catalogue: two names.
struct Pair(String, String);

impl super::FromRow for Pair {
    fn from_row(row: &super::Row) -> Result<Self> {
        Ok(Self(row.at(0)?, row.at(1)?))
    }
}

/// The columns of all tables with a column for the tenant.
const SQLITE_COLUMNS: &str = "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
     WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) t WHERE t.name = 'tenant_id')
     ORDER BY m.name, p.cid";
const POSTGRES_COLUMNS: &str = "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT)
     FROM information_schema.columns c
     WHERE c.table_schema = 'public' AND c.table_name IN (
         SELECT t.table_name FROM information_schema.columns t
         WHERE t.table_schema = 'public' AND t.column_name = 'tenant_id')
     ORDER BY c.table_name, c.ordinal_position";
/// The foreign keys: the table, and the table that it refers to.
const SQLITE_KEYS: &str =
    "SELECT m.name, f.\"table\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
     WHERE m.type = 'table'";
const POSTGRES_KEYS: &str =
    "SELECT CAST(CAST(conrelid AS REGCLASS) AS TEXT), CAST(CAST(confrelid AS REGCLASS) AS TEXT)
     FROM pg_constraint WHERE contype = 'f' AND connamespace = CAST('public' AS REGNAMESPACE)";

impl Database {
    /// Lists the tables with rows of tenants. A table comes before those that it refers to, so that rows can be deleted in
    /// this order.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    pub async fn tenant_tables(&self) -> Result<Vec<TenantTable>> {
        let mut tx = self.read_cross_tenant().await?;
        let is_sqlite = self.engine_name() == "sqlite";
        let columns: Vec<Pair> =
            tx.query(if is_sqlite { SQLITE_COLUMNS } else { POSTGRES_COLUMNS }).all().await?;
        let keys: Vec<Pair> = tx.query(if is_sqlite { SQLITE_KEYS } else { POSTGRES_KEYS }).all().await?;
        let mut tables = Vec::<TenantTable>::new();
        for Pair(table, column) in columns {
            if tables.last().is_none_or(|last| last.name != table) {
                let refers_to_itself = keys.iter().any(|Pair(from, to)| *from == table && *to == table);
                tables.push(TenantTable { name: table, columns: Vec::new(), refers_to_itself });
            }
            if let Some(table) = tables.last_mut().filter(|_| !is_secret(&column)) {
                table.columns.push(column);
            }
        }
        Ok(children_first(tables, &keys))
    }

    /// Deletes up to [`BATCH`] rows of a tenant from a table, and returns their number.
    ///
    /// # Errors
    /// [`crate::error::AppError::Conflict`] if rows of another table refer to them.
    pub async fn delete_tenant_rows(&self, tenant: TenantId, table: &TenantTable) -> Result<u64> {
        let TenantTable { name, refers_to_itself, .. } = table;
        let mut tx = self.transaction(true, &of_tenant(tenant)).await?;
        // A row that was superseded refers to a later one.
        let order = if *refers_to_itself { "ORDER BY id" } else { "" };
        // PostgreSQL has no number of a row, and finds rows by their places fastest.
        let text = match tx.engine() {
            Engine::Sqlite => format!(
                "DELETE FROM \"{name}\" WHERE rowid IN (
                     SELECT rowid FROM \"{name}\" WHERE tenant_id = $1 {order} LIMIT {BATCH})"
            ),
            Engine::Postgres => format!(
                "DELETE FROM \"{name}\" WHERE tenant_id = $1 AND ctid = ANY (ARRAY(
                     SELECT ctid FROM \"{name}\" WHERE tenant_id = $1 {order} LIMIT {BATCH}))"
            ),
        };
        let deleted = tx.execute(of(text, tenant)).await?;
        tx.commit().await?;
        Ok(deleted)
    }

    /// Begins to read all rows of a tenant from one state of the database.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    pub async fn read_tenant_rows(&self, tenant: TenantId) -> Result<TenantRows> {
        let tables = self.tenant_tables().await?.into_iter();
        let tables = tables.filter(|table| !NOT_EXPORTED.contains(&table.name.as_str())).collect();
        let transaction = self.transaction(false, &of_tenant(tenant)).await?;
        Ok(TenantRows { transaction, tenant, tables })
    }
}

/// A read of all rows of a tenant.
pub struct TenantRows {
    transaction: Transaction,
    tenant: TenantId,
    /// The tables to read.
    pub tables: Vec<TenantTable>,
}

/// A row as JSON, with the number by which the next one is found on SQLite.
struct JsonRow(i64, String);

impl super::FromRow for JsonRow {
    fn from_row(row: &super::Row) -> Result<Self> {
        Ok(Self(row.at(0)?, row.at(1)?))
    }
}

impl TenantRows {
    /// Reads a table, and gives each row as a JSON object to `each`.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`], and the errors of `each`.
    pub async fn read(
        &mut self,
        table: &TenantTable,
        mut each: impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        let quoted: Vec<_> = table.columns.iter().map(|column| format!("\"{column}\"")).collect();
        let (name, tenant) = (&table.name, self.tenant);
        match self.transaction.engine() {
            Engine::Sqlite => {
                // An id that is a UUID is stored in binary form, which JSON does not have.
                let pair = |column: &String| {
                    format!(
                        "'{column}', CASE typeof(\"{column}\") WHEN 'blob' THEN lower(hex(\"{column}\")) \
                         ELSE \"{column}\" END"
                    )
                };
                let pairs = table.columns.iter().map(pair).collect::<Vec<_>>().join(", ");
                let text = format!(
                    "SELECT rowid, json_object({pairs}) FROM \"{name}\" WHERE tenant_id = $1 AND rowid > $2
                     ORDER BY rowid LIMIT {BATCH}"
                );
                let mut last = i64::MIN;
                loop {
                    let arguments = vec![Value::Integer(Some(tenant.0)), Value::Integer(Some(last))];
                    let rows = self
                        .fetch(Statement { text: Cow::Owned(text.clone()), arguments }, &mut each)
                        .await?;
                    let Some(read) = rows else { return Ok(()) };
                    last = read;
                }
            }
            Engine::Postgres => {
                // A cursor has no arguments; the tenant is a number.
                let columns = quoted.join(", ");
                let text = format!(
                    "DECLARE tenant_rows NO SCROLL CURSOR FOR SELECT CAST(0 AS BIGINT), CAST(to_jsonb(r) AS TEXT)
                     FROM (SELECT {columns} FROM \"{name}\" WHERE tenant_id = {tenant}) r"
                );
                self.transaction.execute(plain(text)).await?;
                let fetch = || plain(format!("FETCH {BATCH} FROM tenant_rows"));
                while self.fetch(fetch(), &mut each).await?.is_some() {}
                self.transaction.execute(plain("CLOSE tenant_rows".to_owned())).await?;
                Ok(())
            }
        }
    }

    /// Gives the rows of a statement to `each`; returns the number of the last row, or `None` if there is no row.
    async fn fetch(
        &mut self,
        statement: Statement,
        each: &mut impl FnMut(&str) -> Result<()>,
    ) -> Result<Option<i64>> {
        let mut last = None;
        for row in self.transaction.fetch(statement, true).await? {
            let JsonRow(number, json) = super::FromRow::from_row(&row)?;
            each(&json)?;
            last = Some(number);
        }
        Ok(last)
    }
}

fn of(text: String, tenant: TenantId) -> Statement {
    Statement { text: Cow::Owned(text), arguments: vec![Value::Integer(Some(tenant.0))] }
}

fn plain(text: String) -> Statement {
    Statement { text: Cow::Owned(text), arguments: Vec::new() }
}

/// True for a column that an export leaves out.
fn is_secret(column: &str) -> bool {
    SECRETS.iter().any(|part| column.contains(part)) || CODES.contains(&column)
}

/// Sorts tables so that each comes before those that it refers to. Chats and messages refer to each other; the reference to
/// the last message of a chat is removed before the messages are deleted.
fn children_first(mut tables: Vec<TenantTable>, keys: &[Pair]) -> Vec<TenantTable> {
    let is_soft = |from: &str, to: &str| from == to || (from == "chats" && to == "messages");
    let mut sorted = Vec::new();
    while !tables.is_empty() {
        let left: BTreeSet<_> = tables.iter().map(|table| table.name.clone()).collect();
        let is_free = |table: &TenantTable| {
            keys.iter().all(|Pair(from, to)| *to != table.name || is_soft(from, to) || !left.contains(from))
        };
        let (free, others): (Vec<_>, Vec<_>) = tables.into_iter().partition(is_free);
        // A further cycle would be a mistake of the schema; its tables are deleted in any order.
        let is_cycle = free.is_empty();
        sorted.extend(free);
        tables = others;
        if is_cycle {
            sorted.append(&mut tables);
        }
    }
    sorted
}
