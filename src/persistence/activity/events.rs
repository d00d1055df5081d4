//! The append-only table of events.

use crate::persistence::{
    Snapshot,
    engine::{FromRow, Row},
};
use crate::{
    domain::{ClientId, EventId, RecordedEvent},
    error::Result,
};

/// Events of a tenant.
pub struct Events<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A stored event with the name of the user who caused it.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// The stored event.
    pub recorded: RecordedEvent,
    /// The user's name; `None` for providers and the system.
    pub actor_name: Option<String>,
}

/// A stored event; `None` if this version can't read it.
struct StoredEvent {
    id: EventId,
    recorded: Option<RecordedEvent>,
    actor_name: Option<String>,
}

impl FromRow for StoredEvent {
    fn from_row(row: &Row) -> Result<Self> {
        let id = row.get("id")?;
        let payload: String = row.get("payload")?;
        let (actor, at) = (row.get("actor_id")?, row.get("created_at")?);
        let event = serde_json::from_str(&payload).ok();
        let recorded = event.map(|event| RecordedEvent { id, event, actor, at });
        Ok(Self { id, recorded, actor_name: row.get("actor_name")? })
    }
}

impl Events<'_> {
    /// Reads up to `limit` events after a number in ascending order. Also returns the number up to
    /// which all events were read. An event whose payload this version can't read is skipped and
    /// counts as read.
    pub async fn after(&mut self, id: EventId, limit: i64) -> Result<(Vec<RecordedEvent>, EventId)> {
        let rows: Vec<StoredEvent> = self
            .snapshot
            .query(
                "SELECT id, payload, actor_id, created_at, NULL AS actor_name FROM events
                 WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            )
            .bind(id)
            .bind(limit)
            .all()
            .await?;
        let seen = rows.last().map_or(id, |row| row.id);
        Ok((rows.into_iter().filter_map(|row| row.recorded).collect(), seen))
    }

    /// Lists the events of a client other than messages, the newest first, with the users' names.
    pub async fn of_client(&mut self, client: ClientId, limit: i64) -> Result<Vec<AuditEntry>> {
        let rows: Vec<StoredEvent> = self
            .snapshot
            .query(
                "SELECT e.id, e.payload, e.actor_id, e.created_at,
                     u.first_name || COALESCE(' ' || u.last_name, '') AS actor_name
                 FROM events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
                 WHERE e.tenant_id = $1 AND e.client_id = $2 AND e.kind NOT LIKE 'Message%'
                     AND e.kind NOT LIKE 'Schedule%'
                 ORDER BY e.id DESC LIMIT $3",
            )
            .bind(client)
            .bind(limit)
            .all()
            .await?;
        let entry =
            |row: StoredEvent| Some(AuditEntry { recorded: row.recorded?, actor_name: row.actor_name });
        Ok(rows.into_iter().filter_map(entry).collect())
    }

    /// The number of the newest event, of the chats with unread messages, and of the scheduled
    /// messages.
    pub async fn last_id_and_counts(&mut self) -> Result<(EventId, i64, i64)> {
        self.snapshot
            .query(
                "SELECT e.last_id,
                     (SELECT COUNT(*) FROM chats c WHERE c.tenant_id = $1 AND c.unread_count > 0),
                     (SELECT COUNT(*) FROM messages m WHERE m.tenant_id = $1 AND m.status = 'scheduled'
                         AND m.scheduled_at IS NOT NULL)
                 FROM event_counters e WHERE e.tenant_id = $1",
            )
            .one()
            .await
    }

    /// The number of the newest event; 0 if there is none.
    pub async fn last_id(&mut self) -> Result<EventId> {
        self.snapshot.query("SELECT last_id FROM event_counters WHERE tenant_id = $1").one().await
    }
}
