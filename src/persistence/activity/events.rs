//! The append-only table of what happened.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{
    Tx,
    engine::{
        database::NOTIFY_CHANNEL,
        tx::{EngineTx, NewEvent},
    },
};
use crate::{
    domain::{ClientId, Event, EventId, RecordedEvent, UserId},
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

/// Something that happened, and the name of who did it.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// What happened.
    pub recorded: RecordedEvent,
    /// Who did it; none for providers and the system.
    pub actor_name: Option<String>,
}

#[derive(FromRow)]
struct NamedRow {
    #[sqlx(flatten)]
    event: EventRow,
    actor_name: Option<String>,
}

impl EventRow {
    fn into_recorded(self) -> Option<RecordedEvent> {
        let event: Event = serde_json::from_str(&self.payload).ok()?;
        Some(RecordedEvent {
            id: EventId(self.id),
            event,
            actor: self.actor_id.map(UserId),
            at: self.created_at,
        })
    }
}

impl<'t> Events<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Numbers and stores events, and counts clients. The counter's row stays locked until the commit, so that numbers are in the
    /// order of commits; that is why this is the last thing that a transaction does.
    pub(in crate::persistence) async fn append(
        &mut self,
        events: &[NewEvent],
        more_clients: i64,
    ) -> Result<()> {
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
                INSERT INTO events (tenant_id, id, kind, payload, actor_id, created_at, client_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7)",
                id,
                new.event.kind().as_str(),
                &payload,
                new.actor.map(|a| a.0),
                new.at,
                new.event.client().map(|client| client.0)
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
    pub async fn after(&mut self, id: EventId, limit: i64) -> Result<(Vec<RecordedEvent>, EventId)> {
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
        Ok((rows.into_iter().filter_map(EventRow::into_recorded).collect(), seen))
    }

    /// What happened to a client besides messages, the newest first, with the names of those who did it.
    pub async fn of_client(&mut self, client: ClientId, limit: i64) -> Result<Vec<AuditEntry>> {
        let rows = sql!(
            self.tx,
            all(NamedRow),
            "
            SELECT e.id, e.payload, e.actor_id, e.created_at,
                u.first_name || COALESCE(' ' || u.last_name, '') AS actor_name
            FROM events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
            WHERE e.tenant_id = $1 AND e.client_id = $2 AND e.kind NOT LIKE 'Message%' AND e.kind NOT LIKE 'Schedule%'
            ORDER BY e.id DESC LIMIT $3",
            client.0,
            limit
        )?;
        let deed = |row: NamedRow| {
            Some(AuditEntry { recorded: row.event.into_recorded()?, actor_name: row.actor_name })
        };
        Ok(rows.into_iter().filter_map(deed).collect())
    }

    /// The number of the newest event; 0 when there is none.
    pub async fn last_id(&mut self) -> Result<EventId> {
        Ok(EventId(sql!(self.tx, val(i64), "SELECT last_id FROM event_counters WHERE tenant_id = $1")?))
    }
}
