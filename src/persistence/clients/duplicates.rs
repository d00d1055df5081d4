//! Clients that may be the same person: their keys, and the pairs that share some (`docs/adr/0011-client-duplicates-and-merges.md`).

use serde_json::json;

use crate::persistence::{Page, PageRequest, Tx};
use crate::{
    domain::{Client, ClientId, MatchReason, match_keys},
    error::Result,
};

/// Likenesses between clients of a tenant.
pub struct Duplicates<'t> {
    tx: &'t mut Tx,
}

/// A client that is like another, and by what, the strongest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateCandidate {
    /// The client.
    pub client: ClientId,
    /// What they share.
    pub reasons: Vec<MatchReason>,
}

/// Of a thousand who share a name nobody looks at more.
const MAX_CANDIDATES: i64 = 20;

/// The keys that a parameter holds as JSON; neither engine has the other's way of making rows of one parameter.
macro_rules! similar {
    ($rows:literal) => {
        concat!(
            "SELECT k.client_id, CAST(SUM(DISTINCT k.reason) AS BIGINT) AS reasons FROM (",
            $rows,
            // From the few keys to those that are equal: without statistics SQLite begins with all of the tenant's.
            ") w CROSS JOIN match_keys k \
             WHERE k.tenant_id = $1 AND k.reason = w.reason AND k.value = w.value AND k.client_id <> $3 \
             AND NOT EXISTS ( \
                 SELECT 1 FROM duplicates d WHERE d.tenant_id = $1 AND d.dismissed = 1 \
                     AND d.first_id = CASE WHEN k.client_id < $3 THEN k.client_id ELSE $3 END \
                     AND d.second_id = CASE WHEN k.client_id < $3 THEN $3 ELSE k.client_id END) \
             GROUP BY k.client_id ORDER BY reasons DESC, k.client_id DESC LIMIT $4"
        )
    };
}

impl<'t> Duplicates<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// The clients that are like this one, those that are most alike first, without the dismissed.
    pub async fn of_client(&mut self, client: &Client, limit: i64) -> Result<Vec<DuplicateCandidate>> {
        let rows = self.similar(client, limit).await?;
        let found =
            |(id, sum)| DuplicateCandidate { client: ClientId(id), reasons: MatchReason::from_bits(sum) };
        Ok(rows.into_iter().map(found).collect())
    }

    async fn similar(&mut self, client: &Client, limit: i64) -> Result<Vec<(i64, i64)>> {
        let keys = as_json(client);
        Ok(sql!(self.tx, all((i64, i64)), {
            sqlite: (similar!("SELECT json_extract(value, '$[0]') AS reason, json_extract(value, '$[1]') AS value
                FROM json_each($2)")),
            postgres: (similar!("SELECT CAST(e ->> 0 AS BIGINT) AS reason, e ->> 1 AS value
                FROM jsonb_array_elements(CAST($2 AS JSONB)) e"))
        }, &keys, client.id.0, limit)?)
    }

    /// Takes those of the clients that still wait to be matched and that nobody holds.
    pub async fn lock_pending(&mut self, ids: &[ClientId]) -> Result<Vec<ClientId>> {
        let list = json!(ids).to_string();
        // SQLite has one writer at a time and no row locks.
        let rows = sql!(self.tx, all((i64,)), {
            sqlite: (concat!("SELECT id FROM clients WHERE tenant_id = $1 AND matched = 0 AND id", in_list!(sqlite, "$2"))),
            postgres: (concat!(
                "SELECT id FROM clients WHERE tenant_id = $1 AND matched = 0 AND id", in_list!(postgres, "$2"),
                " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"))
        }, &list)?;
        Ok(rows.into_iter().map(|(id,)| ClientId(id)).collect())
    }

    /// Works out a claimed client's keys and pairs.
    pub async fn recompute(&mut self, client: &Client) -> Result<()> {
        let (id, keys) = (client.id.0, as_json(client));
        sql!(self.tx, exec, "DELETE FROM match_keys WHERE tenant_id = $1 AND client_id = $2", id)?;
        sql!(self.tx, exec, {
            sqlite: "
                INSERT INTO match_keys (tenant_id, client_id, reason, value)
                SELECT $1, c.id, json_extract(e.value, '$[0]'), json_extract(e.value, '$[1]')
                FROM clients c, json_each($2) e WHERE c.tenant_id = $1 AND c.id = $3",
            postgres: "
                INSERT INTO match_keys (tenant_id, client_id, reason, value)
                SELECT $1, id, CAST(e ->> 0 AS BIGINT), e ->> 1
                FROM clients, jsonb_array_elements(CAST($2 AS JSONB)) e WHERE tenant_id = $1 AND id = $3"
        }, &keys, id)?;
        let similar = self.similar(client, MAX_CANDIDATES).await?;
        // Those that are being deleted or merged are left out rather than waited for.
        let partners = json!(similar).to_string();
        let partners = sql!(self.tx, all((i64, i64)), {
            sqlite: "
                SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($2)
                WHERE json_extract(value, '$[0]') IN (SELECT id FROM clients WHERE tenant_id = $1)",
            postgres: "
                SELECT c.id, CAST(e ->> 1 AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e
                JOIN clients c ON c.tenant_id = $1 AND c.id = CAST(e ->> 0 AS BIGINT)
                FOR KEY SHARE OF c SKIP LOCKED"
        }, &partners)?;
        // One for each index.
        sql!(
            self.tx,
            exec,
            "DELETE FROM duplicates WHERE tenant_id = $1 AND first_id = $2 AND dismissed = 0",
            id
        )?;
        sql!(
            self.tx,
            exec,
            "DELETE FROM duplicates WHERE tenant_id = $1 AND second_id = $2 AND dismissed = 0",
            id
        )?;
        for (other, likeness) in partners {
            sql!(
                self.tx,
                exec,
                "
                INSERT INTO duplicates (tenant_id, first_id, second_id, reasons)
                SELECT $1, CASE WHEN $2 < id THEN $2 ELSE id END, CASE WHEN $2 < id THEN id ELSE $2 END, $4
                FROM clients WHERE tenant_id = $1 AND id = $3
                ON CONFLICT DO NOTHING",
                other,
                id,
                likeness
            )?;
        }
        sql!(self.tx, exec, "UPDATE clients SET matched = 1 WHERE tenant_id = $1 AND id = $2", id)?;
        Ok(())
    }

    /// A page of the pairs that may be one person, the most alike first.
    pub async fn pairs(&mut self, request: PageRequest) -> Result<Page<(ClientId, DuplicateCandidate)>> {
        let total = sql!(
            self.tx,
            val(i64),
            "SELECT COUNT(*) FROM duplicates WHERE tenant_id = $1 AND dismissed = 0"
        )?;
        let rows = sql!(
            self.tx,
            all((i64, i64, i64)),
            "
            SELECT first_id, second_id, reasons FROM duplicates WHERE tenant_id = $1 AND dismissed = 0
            ORDER BY reasons DESC, first_id DESC, second_id DESC LIMIT $2 OFFSET $3",
            request.limit,
            request.offset()
        )?;
        let pair = |(first, second, sum)| {
            (
                ClientId(first),
                DuplicateCandidate { client: ClientId(second), reasons: MatchReason::from_bits(sum) },
            )
        };
        Ok(Page { items: rows.into_iter().map(pair).collect(), request, total })
    }

    /// Notes that two clients are not the same person; `false` when one of them is not there.
    pub async fn dismiss(&mut self, one: ClientId, other: ClientId) -> Result<bool> {
        let noted = sql!(
            self.tx,
            exec,
            "
            INSERT INTO duplicates (tenant_id, first_id, second_id, reasons, dismissed)
            SELECT $1, f.id, s.id, 0, 1 FROM clients f, clients s
            WHERE f.tenant_id = $1 AND f.id = $2 AND s.tenant_id = $1 AND s.id = $3
            ON CONFLICT (tenant_id, first_id, second_id) DO UPDATE SET dismissed = 1",
            one.0.min(other.0),
            one.0.max(other.0)
        )?;
        Ok(noted == 1)
    }
}

fn as_json(client: &Client) -> String {
    let keys: Vec<_> =
        match_keys(client).into_iter().map(|(likeness, value)| (likeness.bit(), value)).collect();
    json!(keys).to_string()
}
