//! Merges of clients that can be undone.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::persistence::{
    MovedChat, Page, PageRequest, Snapshot, Start, UnitOfWork,
    clients::repository::restore_fields,
    engine::{FromRow, Key, List, Row, Sql},
};
use crate::{
    domain::{
        ChatId, Client, ClientField, ClientFields, ClientId, Contact, ContactId, Merge, MergeId, UserId,
    },
    error::{AppError, Result},
};

/// Merges of a tenant.
pub struct Merges<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's merges, for writing.
pub struct MergesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The data needed to undo a merge.
#[derive(Serialize, Deserialize)]
pub struct MergeRecord {
    #[serde(rename = "lost")]
    merged: ClientCopy,
    before: ClientCopy,
    after: ClientCopy,
    /// The contacts that were moved: id and value.
    contacts: Vec<(ContactId, String)>,
    /// The contacts that were created from unchosen phone numbers and e-mail addresses: those of
    /// the survivor, and those of the merged client.
    pub added: [Vec<ContactId>; 2],
    /// The chat of the merged client, if there was one.
    pub chat: Option<MovedChat>,
    /// Clients that a user had declared different from the merged one.
    pub dismissed: Vec<ClientId>,
    /// Earlier merges into the merged client.
    #[serde(rename = "under")]
    pub superseded: Vec<MergeId>,
    /// The codes of the merged client's invite links.
    #[serde(default)]
    pub invitations: Vec<String>,
}

/// A client as it was: the texts of the columns of its fields.
#[derive(Serialize, Deserialize)]
struct ClientCopy {
    id: ClientId,
    #[serde(flatten)]
    columns: BTreeMap<String, Option<String>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl ClientCopy {
    fn of(client: &Client) -> Self {
        let column = |field: &ClientField| {
            let text = client.data().text(*field).map(Cow::into_owned);
            (field.definition().column.clone(), text)
        };
        Self {
            id: client.id,
            columns: ClientField::ALL.iter().map(column).collect(),
            created_at: client.created_at,
            updated_at: client.updated_at,
        }
    }

    fn fields(&self) -> ClientFields {
        restore_fields(self.id, |column| self.columns.get(column).cloned().flatten())
    }
}

impl MergeRecord {
    /// Creates a record of the clients before and after a merge.
    pub fn new(merged: &Client, before: &Client, after: &Client) -> Self {
        Self {
            merged: ClientCopy::of(merged),
            before: ClientCopy::of(before),
            after: ClientCopy::of(after),
            contacts: merged.contacts.iter().map(|contact| (contact.id, contact.value.clone())).collect(),
            added: [Vec::new(), Vec::new()],
            chat: None,
            dismissed: Vec::new(),
            superseded: Vec::new(),
            invitations: Vec::new(),
        }
    }

    /// The merged client before the merge, without its contacts.
    pub fn merged_client(&self) -> Client {
        let ClientCopy { id, created_at, updated_at, .. } = self.merged;
        Client::stored(id, self.merged.fields(), Vec::new(), created_at, updated_at)
    }

    /// The survivor's fields before and after the merge.
    pub fn survivor_before_and_after(&self) -> (ClientFields, ClientFields) {
        (self.before.fields(), self.after.fields())
    }

    /// The values of the moved contacts that are not among `there`.
    pub fn missing(&self, there: &[Contact]) -> Vec<String> {
        let gone = |(id, _): &&(ContactId, String)| there.iter().all(|contact| contact.id != *id);
        self.contacts.iter().filter(gone).map(|(_, value)| value.clone()).collect()
    }

    /// The contacts to move back: the moved ones, and those that were created for the merged
    /// client.
    pub fn contacts(&self) -> Vec<ContactId> {
        self.contacts.iter().map(|(id, _)| *id).chain(self.added[1].iter().copied()).collect()
    }
}

const SELECT: &str = "\
    SELECT m.id, m.survivor_id, k.first_name || COALESCE(' ' || k.middle_name, '') || \
        COALESCE(' ' || k.last_name, '') AS survivor_name, m.merged_id, m.merged_name, m.superseded_by_id, m.user_id, \
    u.first_name || COALESCE(' ' || u.last_name, '') AS user_name, m.created_at";
const MERGES: &str = "\
    FROM merges m JOIN clients k ON k.tenant_id = m.tenant_id AND k.id = m.survivor_id \
    LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.user_id WHERE m.tenant_id = $1";
const NEWEST_FIRST: &[Key] = &[Key::number("m.id").descending()];
/// The maximum number of merges that a client's page lists.
const MERGES_OF_CLIENT: i64 = 50;

fn since(moment: DateTime<Utc>) -> List {
    List::new(SELECT, MERGES, NEWEST_FIRST)
        .counted_from("FROM merges m WHERE m.tenant_id = $1")
        .filter(Sql::from("m.created_at > ?").bind(moment))
}

impl FromRow for Merge {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            survivor: row.get("survivor_id")?,
            survivor_name: row.get("survivor_name")?,
            merged: row.get("merged_id")?,
            merged_name: row.get("merged_name")?,
            merged_by: row.get("user_id")?,
            merged_by_name: row.get("user_name")?,
            superseded_by: row.get("superseded_by_id")?,
            merged_at: row.get("created_at")?,
        })
    }
}

impl Merges<'_> {
    /// Loads a merge.
    pub async fn get(&mut self, id: MergeId) -> Result<Option<Merge>> {
        self.snapshot.query(SELECT).push(MERGES).push("AND m.id = $2").bind(id).optional().await
    }

    /// Loads the data needed to undo a merge.
    pub async fn record(&mut self, id: MergeId) -> Result<MergeRecord> {
        let text: String = self
            .snapshot
            .query("SELECT record FROM merges WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .one()
            .await?;
        serde_json::from_str(&text).map_err(AppError::internal)
    }

    /// Lists a page of merges since a time, the newest first.
    pub async fn page(&mut self, since: DateTime<Utc>, request: PageRequest) -> Result<Page<Merge>> {
        self.snapshot.page(&self::since(since), request).await
    }

    /// Lists the merges into a client since a time, the newest first.
    pub async fn of_survivor(&mut self, survivor: ClientId, since: DateTime<Utc>) -> Result<Vec<Merge>> {
        let list = self::since(since).filter(Sql::equals("m.survivor_id", survivor));
        Ok(self.snapshot.part(&list, Start::Offset(0), MERGES_OF_CLIENT).await?.items)
    }

    /// Finds the survivor that a client was merged into.
    pub async fn survivor_of(&mut self, merged: ClientId) -> Result<Option<ClientId>> {
        self.snapshot
            .query(
                "SELECT survivor_id FROM merges WHERE tenant_id = $1 AND merged_id = $2 ORDER BY id DESC
                 LIMIT 1",
            )
            .bind(merged)
            .optional()
            .await
    }

    /// Finds the chat that a chat was merged into.
    pub async fn surviving_chat_of(&mut self, merged: ChatId) -> Result<Option<ChatId>> {
        self.snapshot
            .query(
                "SELECT c.id FROM merges m JOIN chats c ON c.tenant_id = m.tenant_id
                     AND c.client_id = m.survivor_id
                 WHERE m.tenant_id = $1 AND m.merged_chat_id = $2 ORDER BY m.id DESC LIMIT 1",
            )
            .bind(merged)
            .optional()
            .await
    }
}

impl MergesMut<'_> {
    /// Locks two clients: other transactions can neither change nor refer to them; returns `false`
    /// if one of them does not exist.
    pub async fn lock_pair(&mut self, one: ClientId, other: ClientId) -> Result<bool> {
        // SQLite has one writer at a time and no row locks. The order of the ids prevents
        // deadlocks.
        let rows = self
            .work
            .query(Sql::by_engine(
                "SELECT id FROM clients WHERE tenant_id = $1 AND id IN ($2, $3)",
                "SELECT id FROM clients WHERE tenant_id = $1 AND id IN ($2, $3) ORDER BY id FOR UPDATE",
            ))
            .bind(one)
            .bind(other)
            .all::<ClientId>()
            .await?;
        Ok(rows.len() == 2)
    }

    /// Creates a merge; [`MergesMut::finish`] stores its record.
    pub async fn create(
        &mut self,
        survivor: ClientId,
        merged: &Client,
        by: Option<UserId>,
        at: DateTime<Utc>,
    ) -> Result<MergeId> {
        self.work
            .query(
                "INSERT INTO merges (tenant_id, survivor_id, merged_id, merged_name, record, user_id,
                     created_at)
                 VALUES ($1, $2, $3, $4, '', $5, $6) RETURNING id",
            )
            .bind(survivor)
            .bind(merged.id)
            .bind(merged.data().full_name())
            .bind(by)
            .bind(at)
            .one()
            .await
    }

    /// Stores the data for undoing the merge.
    pub async fn finish(&mut self, id: MergeId, record: &MergeRecord) -> Result<()> {
        let text = serde_json::to_string(record).map_err(AppError::internal)?;
        self.work
            .query("UPDATE merges SET record = $3, merged_chat_id = $4 WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .bind(text)
            .bind(record.chat.as_ref().map(|chat| chat.id))
            .execute()
            .await?;
        Ok(())
    }

    /// Marks the merges into a client as superseded by its own merge, and returns them.
    pub async fn supersede(
        &mut self,
        merged: ClientId,
        survivor: ClientId,
        under: MergeId,
    ) -> Result<Vec<MergeId>> {
        self.work
            .query(
                "UPDATE merges SET survivor_id = $3, superseded_by_id = COALESCE(superseded_by_id, $4)
                 WHERE tenant_id = $1 AND survivor_id = $2 RETURNING id",
            )
            .bind(merged)
            .bind(survivor)
            .bind(under)
            .all()
            .await
    }

    /// Reverts [`Self::supersede`] when the merge is undone.
    pub async fn restore(&mut self, merged: ClientId, under: MergeId, merges: &[MergeId]) -> Result<()> {
        for id in merges {
            self.work
                .query(
                    "UPDATE merges SET survivor_id = $3, superseded_by_id = CASE WHEN superseded_by_id = $4
                         THEN NULL ELSE superseded_by_id END
                     WHERE tenant_id = $1 AND id = $2",
                )
                .bind(id)
                .bind(merged)
                .bind(under)
                .execute()
                .await?;
        }
        Ok(())
    }

    /// Deletes a merge; returns `false` if it does not exist.
    pub async fn delete(&mut self, id: MergeId) -> Result<bool> {
        Ok(self.work.query("DELETE FROM merges WHERE tenant_id = $1 AND id = $2").bind(id).execute().await?
            == 1)
    }

    /// Deletes the merges from before a time, and returns their number.
    pub async fn delete_before(&mut self, before: DateTime<Utc>) -> Result<u64> {
        // A superseded merge is older than the one that superseded it, so that it is deleted with
        // it at the latest.
        self.work
            .query("DELETE FROM merges WHERE tenant_id = $1 AND created_at < $2")
            .bind(before)
            .execute()
            .await
    }
}
