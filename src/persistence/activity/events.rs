//! The append-only table of events.

use crate::persistence::{
    Snapshot,
    engine::{FromRow, Row},
};
use crate::{
    domain::{EventId, RecordedEvent},
    error::Result,
};

/// Events of a tenant.
pub struct Events<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A stored event; `None` if this version can't read it.
struct StoredEvent {
    id: EventId,
    recorded: Option<RecordedEvent>,
}

impl FromRow for StoredEvent {
    fn from_row(row: &Row) -> Result<Self> {
        let id = row.get("id")?;
        let payload: String = row.get("payload")?;
        let (actor, at) = (row.get("actor_id")?, row.get("created_at")?);
        let event = serde_json::from_str(&payload).ok();
        let recorded = event.map(|event| RecordedEvent { id, event, actor, at });
        Ok(Self { id, recorded })
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
                "SELECT id, payload, actor_id, created_at FROM events
                 WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            )
            .bind(id)
            .bind(limit)
            .all()
            .await?;
        let seen = rows.last().map_or(id, |row| row.id);
        Ok((rows.into_iter().filter_map(|row| row.recorded).collect(), seen))
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
