//! Merges of clients that can still be undone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::persistence::{MovedChat, Page, PageRequest, Tx, clients::repository::ClientRow};
use crate::{
    domain::{ChatId, Client, ClientId, Contact, ContactId, Merge, MergeId, NewClient, UserId},
    error::{AppError, Result},
};

/// Merges of a tenant.
pub struct Merges<'t> {
    tx: &'t mut Tx,
}

/// What it takes to undo a merge.
#[derive(Serialize, Deserialize)]
pub struct MergeRecord {
    #[serde(rename = "lost")]
    merged: ClientRow,
    before: ClientRow,
    after: ClientRow,
    /// The contacts that moved: id and value.
    contacts: Vec<(ContactId, String)>,
    /// The contacts that were made of a phone and an e-mail that were not chosen: the survivor's, and the merged one's.
    pub added: [Vec<ContactId>; 2],
    /// The chat that went, where there was one.
    pub chat: Option<MovedChat>,
    /// Those of whom someone had said that the merged client is not the same person.
    pub dismissed: Vec<ClientId>,
    /// Earlier merges into the merged client.
    #[serde(rename = "under")]
    pub superseded: Vec<MergeId>,
    /// The codes of the links that had invited the merged client.
    #[serde(default)]
    pub invitations: Vec<String>,
}

impl MergeRecord {
    /// The record of what became of two clients.
    pub fn new(merged: &Client, before: &Client, after: &Client) -> Self {
        Self {
            merged: ClientRow::of(merged),
            before: ClientRow::of(before),
            after: ClientRow::of(after),
            contacts: merged.contacts.iter().map(|contact| (contact.id, contact.value.clone())).collect(),
            added: [Vec::new(), Vec::new()],
            chat: None,
            dismissed: Vec::new(),
            superseded: Vec::new(),
            invitations: Vec::new(),
        }
    }

    /// The merged client as it was, without its contacts.
    pub fn merged_client(&self) -> Client {
        self.merged.clone().into_client(Vec::new())
    }

    /// The survivor's fields before the merge, and after it.
    pub fn survivor_before_and_after(&self) -> (NewClient, NewClient) {
        let data = |row: &ClientRow| row.clone().into_client(Vec::new()).data().clone();
        (data(&self.before), data(&self.after))
    }

    /// The values of the contacts that moved and are not among these.
    pub fn missing(&self, there: &[Contact]) -> Vec<String> {
        let gone = |(id, _): &&(ContactId, String)| there.iter().all(|contact| contact.id != *id);
        self.contacts.iter().filter(gone).map(|(_, value)| value.clone()).collect()
    }

    /// The contacts that go back: those that moved, and those that were made for the merged client.
    pub fn contacts(&self) -> Vec<ContactId> {
        self.contacts.iter().map(|(id, _)| *id).chain(self.added[1].iter().copied()).collect()
    }
}

#[derive(FromRow)]
struct MergeRow {
    id: i64,
    survivor_id: i64,
    survivor_name: String,
    merged_id: i64,
    merged_name: String,
    superseded_by_id: Option<i64>,
    user_id: Option<i64>,
    user_name: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<MergeRow> for Merge {
    fn from(row: MergeRow) -> Self {
        Self {
            id: MergeId(row.id),
            survivor: ClientId(row.survivor_id),
            survivor_name: row.survivor_name,
            merged: ClientId(row.merged_id),
            merged_name: row.merged_name,
            merged_by: row.user_id.map(UserId),
            merged_by_name: row.user_name,
            superseded_by: row.superseded_by_id.map(MergeId),
            merged_at: row.created_at,
        }
    }
}

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT m.id, m.survivor_id, k.first_name || COALESCE(' ' || k.middle_name, '') || \
                 COALESCE(' ' || k.last_name, '') AS survivor_name, m.merged_id, m.merged_name, m.superseded_by_id, m.user_id, \
                 u.first_name || COALESCE(' ' || u.last_name, '') AS user_name, m.created_at \
             FROM merges m JOIN clients k ON k.tenant_id = m.tenant_id AND k.id = m.survivor_id \
             LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.user_id WHERE m.tenant_id = $1 ",
            $condition
        )
    };
}

impl<'t> Merges<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Takes two clients for this transaction: nobody changes them, writes to them or refers to them anew meanwhile;
    /// `false` when one of them is not there.
    pub async fn lock_pair(&mut self, one: ClientId, other: ClientId) -> Result<bool> {
        // SQLite has one writer at a time and no row locks. In the order of ids, so that two who want both don't wait for
        // each other.
        let rows = sql!(self.tx, all((i64,)), {
            sqlite: "SELECT id FROM clients WHERE tenant_id = $1 AND id IN ($2, $3)",
            postgres: "SELECT id FROM clients WHERE tenant_id = $1 AND id IN ($2, $3) ORDER BY id FOR UPDATE"
        }, one.0, other.0)?;
        Ok(rows.len() == 2)
    }

    /// Begins a merge; [`Merges::finish`] gives it its record.
    pub async fn create(
        &mut self,
        survivor: ClientId,
        merged: &Client,
        by: Option<UserId>,
        at: DateTime<Utc>,
    ) -> Result<MergeId> {
        let id = sql!(
            self.tx,
            val(i64),
            "
            INSERT INTO merges (tenant_id, survivor_id, merged_id, merged_name, record, user_id, created_at)
            VALUES ($1, $2, $3, $4, '', $5, $6) RETURNING id",
            survivor.0,
            merged.id.0,
            merged.data().full_name(),
            by.map(|user| user.0),
            at
        )?;
        Ok(MergeId(id))
    }

    /// Stores what it takes to undo the merge.
    pub async fn finish(&mut self, id: MergeId, record: &MergeRecord) -> Result<()> {
        let text = serde_json::to_string(record).map_err(AppError::internal)?;
        sql!(
            self.tx,
            exec,
            "UPDATE merges SET record = $3, merged_chat_id = $4 WHERE tenant_id = $1 AND id = $2",
            id.0,
            text,
            record.chat.as_ref().map(|chat| chat.id.0)
        )?;
        Ok(())
    }

    /// One merge.
    pub async fn get(&mut self, id: MergeId) -> Result<Option<Merge>> {
        let row = sql!(self.tx, opt(MergeRow), (select!("AND m.id = $2")), id.0)?;
        Ok(row.map(Into::into))
    }

    /// What it takes to undo a merge.
    pub async fn record(&mut self, id: MergeId) -> Result<MergeRecord> {
        let text =
            sql!(self.tx, val(String), "SELECT record FROM merges WHERE tenant_id = $1 AND id = $2", id.0)?;
        serde_json::from_str(&text).map_err(AppError::internal)
    }

    /// A page of merges since a time, the newest first.
    pub async fn page(&mut self, since: DateTime<Utc>, request: PageRequest) -> Result<Page<Merge>> {
        let total = sql!(
            self.tx,
            val(i64),
            "SELECT COUNT(*) FROM merges WHERE tenant_id = $1 AND created_at > $2",
            since
        )?;
        let rows = sql!(
            self.tx,
            all(MergeRow),
            (select!("AND m.created_at > $2 ORDER BY m.id DESC LIMIT $3 OFFSET $4")),
            since,
            request.limit,
            request.offset()
        )?;
        Ok(Page { items: rows.into_iter().map(Into::into).collect(), request, total })
    }

    /// The merges into a client since a time, the newest first.
    pub async fn of_survivor(&mut self, survivor: ClientId, since: DateTime<Utc>) -> Result<Vec<Merge>> {
        let rows = sql!(
            self.tx,
            all(MergeRow),
            (select!("AND m.survivor_id = $2 AND m.created_at > $3 ORDER BY m.id DESC LIMIT 50")),
            survivor.0,
            since
        )?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The client that a merged one was merged into.
    pub async fn survivor_of(&mut self, merged: ClientId) -> Result<Option<ClientId>> {
        let survivor = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT survivor_id FROM merges WHERE tenant_id = $1 AND merged_id = $2 ORDER BY id DESC LIMIT 1",
            merged.0
        )?;
        Ok(survivor.map(ClientId))
    }

    /// The chat that a merged one was merged into.
    pub async fn surviving_chat_of(&mut self, merged: ChatId) -> Result<Option<ChatId>> {
        let chat = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT c.id FROM merges m JOIN chats c ON c.tenant_id = m.tenant_id AND c.client_id = m.survivor_id
            WHERE m.tenant_id = $1 AND m.merged_chat_id = $2 ORDER BY m.id DESC LIMIT 1",
            merged.0
        )?;
        Ok(chat.map(ChatId))
    }

    /// Puts the merges into a client under the one that it goes with now, and says which they are.
    pub async fn supersede(
        &mut self,
        merged: ClientId,
        survivor: ClientId,
        under: MergeId,
    ) -> Result<Vec<MergeId>> {
        let rows = sql!(
            self.tx,
            all((i64,)),
            "
            UPDATE merges SET survivor_id = $3, superseded_by_id = COALESCE(superseded_by_id, $4)
            WHERE tenant_id = $1 AND survivor_id = $2 RETURNING id",
            merged.0,
            survivor.0,
            under.0
        )?;
        Ok(rows.into_iter().map(|(id,)| MergeId(id)).collect())
    }

    /// Gives a client that is there again the merges that went under with it.
    pub async fn restore(&mut self, merged: ClientId, under: MergeId, merges: &[MergeId]) -> Result<()> {
        for id in merges {
            sql!(
                self.tx,
                exec,
                "
                UPDATE merges SET survivor_id = $3, superseded_by_id = CASE WHEN superseded_by_id = $4 THEN NULL ELSE superseded_by_id END
                WHERE tenant_id = $1 AND id = $2",
                id.0,
                merged.0,
                under.0
            )?;
        }
        Ok(())
    }

    /// Forgets a merge; `false` when it was forgotten already.
    pub async fn delete(&mut self, id: MergeId) -> Result<bool> {
        Ok(sql!(self.tx, exec, "DELETE FROM merges WHERE tenant_id = $1 AND id = $2", id.0)? == 1)
    }

    /// Forgets the merges from before a time; how many there were.
    pub async fn delete_before(&mut self, before: DateTime<Utc>) -> Result<u64> {
        // One that is under another is older than it, so it goes at the latest with it.
        Ok(sql!(self.tx, exec, "DELETE FROM merges WHERE tenant_id = $1 AND created_at < $2", before)?)
    }
}
