//! Clients that may be the same person: their match keys, and the pairs that share some
//! (`docs/adr/0011-client-duplicates-and-merges.md`).

use serde_json::json;

use crate::persistence::{
    Page, PageRequest, Snapshot, UnitOfWork,
    engine::{Key, List, Sql},
};
use crate::{
    domain::{Client, ClientId, MatchReason, match_keys},
    error::Result,
};

/// Duplicates of a tenant's clients.
pub struct Duplicates<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's duplicates, for writing.
pub struct DuplicatesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// A possible duplicate of a client, with the match reasons, the strongest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateCandidate {
    /// The client.
    pub client: ClientId,
    /// The reasons why the two may be the same person.
    pub reasons: Vec<MatchReason>,
}

/// The maximum number of duplicates of a client.
const MAX_CANDIDATES: i64 = 20;
/// The maximum number of clients that share a name, or a sound and a date of birth, and may therefore be one person. In a
/// large tenant more than these have the same name by chance.
const MAX_NAMESAKES: i64 = 10;
/// The maximum number of clients that share any other key, such as the e-mail address of a company.
const MAX_SHARERS: i64 = 100;

const MOST_ALIKE_FIRST: &[Key] = &[
    Key::number("reasons").descending(),
    Key::number("first_id").descending(),
    Key::number("second_id").descending(),
];

impl Duplicates<'_> {
    /// Lists the possible duplicates of a client without the dismissed ones, the strongest match
    /// first.
    pub async fn of_client(&mut self, client: &Client, limit: i64) -> Result<Vec<DuplicateCandidate>> {
        let rows = self.similar(client, limit).await?;
        let found = |(client, bits)| DuplicateCandidate { client, reasons: MatchReason::from_bits(bits) };
        Ok(rows.into_iter().map(found).collect())
    }

    /// Lists the clients that share match keys with this one, with the sum of their match reasons. A key that too many
    /// share is no reason; therefore the cost does not grow with the number of clients that have it.
    async fn similar(&mut self, client: &Client, limit: i64) -> Result<Vec<(ClientId, i64)>> {
        // The keys are one JSON argument, which the engines expand differently.
        let keys = Sql::by_engine(
            "SELECT json_extract(value, '$[0]') AS reason, json_extract(value, '$[1]') AS value
             FROM json_each($2)",
            "SELECT CAST(e ->> 0 AS BIGINT) AS reason, e ->> 1 AS value
             FROM jsonb_array_elements(CAST($2 AS JSONB)) e",
        );
        // The join begins with the few keys of this client; without statistics SQLite would begin
        // with all keys of the tenant.
        self.snapshot
            .query("SELECT k.client_id, CAST(SUM(DISTINCT k.reason) AS BIGINT) AS reasons FROM (")
            .push(keys)
            .push(
                ") w CROSS JOIN match_keys k
                 WHERE k.tenant_id = $1 AND k.reason = w.reason AND k.value = w.value
                     AND k.client_id <> $3
                     AND (SELECT COUNT(*) FROM (SELECT 1 FROM match_keys s
                         WHERE s.tenant_id = $1 AND s.reason = w.reason AND s.value = w.value LIMIT $5) few)
                         <= CASE WHEN w.reason <= $6 THEN $7 ELSE $8 END
                     AND NOT EXISTS (
                         SELECT 1 FROM duplicates d WHERE d.tenant_id = $1 AND d.dismissed = 1
                             AND d.first_id = CASE WHEN k.client_id < $3 THEN k.client_id ELSE $3 END
                             AND d.second_id = CASE WHEN k.client_id < $3 THEN $3 ELSE k.client_id END)
                 GROUP BY k.client_id ORDER BY reasons DESC, k.client_id DESC LIMIT $4",
            )
            .bind(as_json(client))
            .bind(client.id)
            .bind(limit)
            .bind(MAX_SHARERS + 1)
            .bind(MatchReason::Birthday.bit())
            .bind(MAX_NAMESAKES)
            .bind(MAX_SHARERS)
            .all()
            .await
    }

    /// Lists a page of pairs of possible duplicates, the strongest match first.
    pub async fn pairs(&mut self, request: PageRequest) -> Result<Page<(ClientId, DuplicateCandidate)>> {
        let list = List::new(
            "SELECT first_id, second_id, reasons",
            "FROM duplicates WHERE tenant_id = $1 AND dismissed = 0",
            MOST_ALIKE_FIRST,
        );
        let page = self.snapshot.page::<(ClientId, ClientId, i64)>(&list, request).await?;
        Ok(page.map(|(first, client, bits)| {
            (first, DuplicateCandidate { client, reasons: MatchReason::from_bits(bits) })
        }))
    }
}

impl DuplicatesMut<'_> {
    /// Locks those of the clients that are to be matched and not locked by others.
    pub async fn lock_pending(&mut self, ids: &[ClientId]) -> Result<Vec<ClientId>> {
        // SQLite has one writer at a time and no row locks.
        let rows = Sql::by_engine(
            "SELECT id FROM clients WHERE tenant_id = $1 AND matched = 0 AND id IN $2",
            "SELECT id FROM clients WHERE tenant_id = $1 AND matched = 0 AND id IN $2
             ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
        );
        self.work.query(rows).bind(ids).all().await
    }

    /// Computes the keys and duplicates of a locked client.
    pub async fn recompute(&mut self, client: &Client) -> Result<()> {
        let (id, keys) = (client.id, as_json(client));
        self.work
            .query("DELETE FROM match_keys WHERE tenant_id = $1 AND client_id = $2")
            .bind(id)
            .execute()
            .await?;
        self.work
            .query(Sql::by_engine(
                "INSERT INTO match_keys (tenant_id, client_id, reason, value)
                 SELECT $1, c.id, json_extract(e.value, '$[0]'), json_extract(e.value, '$[1]')
                 FROM clients c, json_each($2) e WHERE c.tenant_id = $1 AND c.id = $3",
                "INSERT INTO match_keys (tenant_id, client_id, reason, value)
                 SELECT $1, id, CAST(e ->> 0 AS BIGINT), e ->> 1
                 FROM clients, jsonb_array_elements(CAST($2 AS JSONB)) e WHERE tenant_id = $1 AND id = $3",
            ))
            .bind(&keys)
            .bind(id)
            .execute()
            .await?;
        self.forget_namesakes(client).await?;
        let similar = self.work.duplicates().similar(client, MAX_CANDIDATES).await?;
        // Clients that are being deleted or merged are skipped rather than waited for.
        let partners = json!(similar).to_string();
        let partners: Vec<(ClientId, i64)> = self
            .work
            .query(Sql::by_engine(
                "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($2)
                 WHERE json_extract(value, '$[0]') IN (SELECT id FROM clients WHERE tenant_id = $1)",
                "SELECT c.id, CAST(e ->> 1 AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e
                 JOIN clients c ON c.tenant_id = $1 AND c.id = CAST(e ->> 0 AS BIGINT)
                 FOR KEY SHARE OF c SKIP LOCKED",
            ))
            .bind(&partners)
            .all()
            .await?;
        // One statement for each index.
        self.work
            .query("DELETE FROM duplicates WHERE tenant_id = $1 AND first_id = $2 AND dismissed = 0")
            .bind(id)
            .execute()
            .await?;
        self.work
            .query("DELETE FROM duplicates WHERE tenant_id = $1 AND second_id = $2 AND dismissed = 0")
            .bind(id)
            .execute()
            .await?;
        for (other, reasons) in partners {
            self.work
                .query(
                    "INSERT INTO duplicates (tenant_id, first_id, second_id, reasons)
                     SELECT $1, CASE WHEN $2 < id THEN $2 ELSE id END, CASE WHEN $2 < id THEN id
                         ELSE $2 END, $4
                     FROM clients WHERE tenant_id = $1 AND id = $3
                     ON CONFLICT DO NOTHING",
                )
                .bind(other)
                .bind(id)
                .bind(reasons)
                .execute()
                .await?;
        }
        self.work
            .query("UPDATE clients SET matched = 1 WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .execute()
            .await?;
        Ok(())
    }

    /// Removes the pairs that only share this client's name, when this is the first client too many that has it.
    async fn forget_namesakes(&mut self, client: &Client) -> Result<()> {
        let Some((reason, name)) =
            match_keys(client).into_iter().find(|(reason, _)| *reason == MatchReason::Name)
        else {
            return Ok(());
        };
        let namesakes: Vec<ClientId> = self
            .work
            .query("SELECT client_id FROM match_keys WHERE tenant_id = $1 AND reason = $2 AND value = $3 LIMIT $4")
            .bind(reason.bit())
            .bind(&name)
            .bind(MAX_NAMESAKES + 2)
            .all()
            .await?;
        if i64::try_from(namesakes.len()) != Ok(MAX_NAMESAKES + 1) {
            return Ok(());
        }
        self.work
            .query(
                "DELETE FROM duplicates
                 WHERE tenant_id = $1 AND dismissed = 0 AND reasons = $2 AND first_id IN $3 AND second_id IN $4",
            )
            .bind(reason.bit())
            .bind(namesakes.as_slice())
            .bind(namesakes.as_slice())
            .execute()
            .await?;
        Ok(())
    }

    /// Records that two clients are not the same person; returns `false` if one of them does not
    /// exist.
    pub async fn dismiss(&mut self, one: ClientId, other: ClientId) -> Result<bool> {
        Ok(self
            .work
            .query(
                "INSERT INTO duplicates (tenant_id, first_id, second_id, reasons, dismissed)
                 SELECT $1, f.id, s.id, 0, 1 FROM clients f, clients s
                 WHERE f.tenant_id = $1 AND f.id = $2 AND s.tenant_id = $1 AND s.id = $3
                 ON CONFLICT (tenant_id, first_id, second_id) DO UPDATE SET dismissed = 1",
            )
            .bind(one.0.min(other.0))
            .bind(one.0.max(other.0))
            .execute()
            .await?
            == 1)
    }
}

fn as_json(client: &Client) -> String {
    let keys: Vec<_> = match_keys(client).into_iter().map(|(reason, value)| (reason.bit(), value)).collect();
    json!(keys).to_string()
}
