//! The append-only table of what happened.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{
    Tx,
    database::NOTIFY_CHANNEL,
    tx::{EngineTx, NewEvent},
};
use crate::{
    domain::{Event, EventId, Recorded, UserId},
    error::{AppError, Result},
};

/// Events of a tenant.
pub struct Events<'t> {
    tx: &'t mut Tx,
}

#[derive(FromRow)]
struct EventRow {
    id: i64,
    payload: String,
    actor_id: Option<i64>,
    created_at: DateTime<Utc>,
}

impl<'t> Events<'t> {
    pub(super) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Numbers and stores events, and counts clients. The counter's row stays locked until the commit, so that numbers are in the
    /// order of commits; that is why this is the last thing that a transaction does.
    pub(super) async fn append(&mut self, events: &[NewEvent], more_clients: i64) -> Result<()> {
        let count = i64::try_from(events.len()).map_err(AppError::internal)?;
        let last = sql!(
            self.tx,
            val(i64),
            "
            UPDATE event_counters SET last_id = last_id + $2, client_count = client_count + $3
            WHERE tenant_id = $1 RETURNING last_id",
            count,
            more_clients
        )?;
        for (id, new) in (last - count + 1..).zip(events) {
            let payload = serde_json::to_string(&new.event).map_err(AppError::internal)?;
            sql!(
                self.tx,
                exec,
                "
                INSERT INTO events (tenant_id, id, kind, payload, actor_id, created_at)
                VALUES ($1, $2, $3, $4, $5, $6)",
                id,
                new.event.kind().as_str(),
                &payload,
                new.actor.map(|a| a.0),
                new.at
            )?;
        }
        let tenant = self.tx.tenant().to_string();
        if let EngineTx::Postgres(connection) = &mut self.tx.engine {
            // Other instances hear of it when, and only if, this commits.
            sqlx::query("SELECT pg_notify($1, $2)")
                .bind(NOTIFY_CHANNEL)
                .bind(tenant)
                .execute(&mut **connection)
                .await?;
        }
        Ok(())
    }

    /// Up to `limit` events after a number, in order, and the number up to which this is all there was. A payload
    /// that this version can't read is passed over, and counts as seen.
    pub async fn after(&mut self, id: EventId, limit: i64) -> Result<(Vec<Recorded>, EventId)> {
        let rows = sql!(
            self.tx,
            all(EventRow),
            "
            SELECT id, payload, actor_id, created_at FROM events
            WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            id.0,
            limit
        )?;
        let seen = rows.last().map_or(id, |row| EventId(row.id));
        let recorded = |row: EventRow| -> Option<Recorded> {
            let event: Event = serde_json::from_str(&row.payload).ok()?;
            Some(Recorded { id: EventId(row.id), event, actor: row.actor_id.map(UserId), at: row.created_at })
        };
        Ok((rows.into_iter().filter_map(recorded).collect(), seen))
    }

    /// The number of the newest event; 0 when there is none.
    pub async fn last_id(&mut self) -> Result<EventId> {
        Ok(EventId(sql!(self.tx, val(i64), "SELECT last_id FROM event_counters WHERE tenant_id = $1")?))
    }
}
