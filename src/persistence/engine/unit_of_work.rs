//! The write transaction of a tenant, with its events and wake-ups.

use std::ops::{Deref, DerefMut};

use chrono::{DateTime, Utc};

use super::{
    snapshot::Snapshot,
    statement::{
        query::{Query, Scope},
        sql::Sql,
    },
    transaction::{Engine, Transaction},
    wake_ups::{NOTIFY_CHANNEL, WakeUps},
};
use crate::{
    domain::{Author, DetailedEvent, TenantId},
    error::{AppError, Result},
};

/// The write transaction of a tenant. [`UnitOfWork::commit`] consumes it; dropping it rolls back.
/// It reads like a [`Snapshot`], and sees its own changes.
pub struct UnitOfWork {
    snapshot: Snapshot,
    wake_ups: WakeUps,
    events: Vec<NewEvent>,
    wakes_streams: bool,
    wakes_delivery_worker: bool,
    wakes_media_worker: bool,
}

/// The number of events in a statement. A bulk deletion has an event for each client, and the
/// engines accept some 30,000 arguments.
const EVENTS_PER_STATEMENT: usize = 500;

const FIRST_EVENT: &str = "INSERT INTO events (tenant_id, id, kind, payload, actor_id, created_at, client_id,
         author_type, author_name, token_id, session_id, address, device, object_type, object_id, object_title, changes,
         search_text)
     VALUES ($1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const NEXT_EVENT: &str = ", ($1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

struct NewEvent {
    details: DetailedEvent,
    author: Author,
    at: DateTime<Utc>,
}

impl NewEvent {
    /// Appends the values of the event with this number. Those of the audit log are NULL for events that are not in it.
    fn push(&self, id: i64, sql: Sql) -> Result<Sql> {
        let Self { details, author, at } = self;
        let DetailedEvent { event, title, changes } = details;
        let payload = serde_json::to_string(event).map_err(AppError::internal)?;
        let (object, object_id) = event.object();
        let audited = event.is_audited(author).then_some(author);
        let origin = audited.map(|author| &author.origin);
        let changes = (audited.is_some() && !changes.is_empty()).then(|| serde_json::to_string(changes));
        Ok(sql
            .bind(id)
            .bind(event.kind().as_str())
            .bind(payload)
            .bind(author.user)
            .bind(at)
            .bind(event.client())
            .bind(audited.map(|author| author.kind.as_str()))
            .bind(audited.and_then(|author| author.name.as_ref()))
            .bind(origin.and_then(|origin| origin.token.as_ref()).map(|(token, _)| *token))
            .bind(origin.and_then(|origin| origin.session).map(|session| session.0))
            .bind(origin.and_then(|origin| origin.address.as_ref()))
            .bind(origin.and_then(|origin| origin.device.as_ref()))
            .bind(audited.map(|_| object.as_str()))
            .bind(object_id.filter(|_| audited.is_some()))
            .bind(title.as_ref().filter(|_| audited.is_some()))
            .bind(changes.transpose().map_err(AppError::internal)?)
            .bind(audited.map(|author| details.search_text(author))))
    }
}

impl Deref for UnitOfWork {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl DerefMut for UnitOfWork {
    fn deref_mut(&mut self) -> &mut Snapshot {
        &mut self.snapshot
    }
}

impl UnitOfWork {
    pub(super) fn new(transaction: Transaction, tenant: TenantId, wake_ups: WakeUps) -> Self {
        Self {
            snapshot: Snapshot::new(transaction, tenant),
            wake_ups,
            events: Vec::new(),
            wakes_streams: false,
            wakes_delivery_worker: false,
            wakes_media_worker: false,
        }
    }

    /// Creates a statement; the tenant is `$1`.
    pub(in crate::persistence) fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        let tenant = self.snapshot.tenant();
        Query::new(&mut self.snapshot.transaction, Scope::Write(tenant), sql.into())
    }

    /// Records an event with its author. The commit stores it in this transaction, and wakes the readers of the
    /// tenant's events.
    pub fn record(&mut self, event: impl Into<DetailedEvent>, author: impl Into<Author>, at: DateTime<Utc>) {
        self.events.push(NewEvent { details: event.into(), author: author.into(), at });
    }

    /// Stores the recorded events, commits, and wakes the readers and workers.
    ///
    /// # Errors
    /// [`AppError::Unavailable`](crate::error::AppError::Unavailable); nothing was changed.
    #[tracing::instrument(level = "debug", name = "commit", skip_all, fields(tenant = %self.tenant()))]
    pub async fn commit(mut self) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        let stores = !events.is_empty() || self.snapshot.added_clients != 0;
        if stores {
            self.store(&events).await?;
        }
        let (tenant, wakes_streams) = (self.tenant(), self.wakes_streams || !events.is_empty());
        if wakes_streams && !stores && self.engine() == Engine::Postgres {
            // Other instances hear of it when, and only if, this commits; `store` notifies them, too.
            self.query("SELECT pg_notify($2, CAST(CAST($1 AS BIGINT) AS TEXT))")
                .bind(NOTIFY_CHANNEL)
                .execute()
                .await?;
        }
        self.snapshot.transaction.commit().await?;
        if wakes_streams {
            self.wake_ups.notify(tenant);
        }
        if self.wakes_delivery_worker {
            self.wake_ups.notify_delivery_worker();
        }
        if self.wakes_media_worker {
            self.wake_ups.notify_media_worker();
        }
        Ok(())
    }

    /// Numbers and stores the events, and counts clients. The counter's row stays locked until the
    /// commit, so that events are numbered in commit order. Therefore this is the last step of a
    /// transaction.
    async fn store(&mut self, events: &[NewEvent]) -> Result<()> {
        let count = i64::try_from(events.len()).map_err(AppError::internal)?;
        let added_clients = self.snapshot.added_clients;
        let is_postgres = self.engine() == Engine::Postgres;
        // On PostgreSQL other instances are notified by the commit, and only then.
        let mut query = self
            .query(Sql::by_engine(
                "UPDATE event_counters SET last_id = last_id + $2, client_count = client_count + $3
                 WHERE tenant_id = $1 RETURNING last_id",
                "UPDATE event_counters SET last_id = last_id + $2, client_count = client_count + $3
                 WHERE tenant_id = $1 RETURNING last_id, pg_notify($4, CAST(tenant_id AS TEXT))",
            ))
            .bind(count)
            .bind(added_clients);
        if is_postgres {
            query = query.bind(NOTIFY_CHANNEL);
        }
        let last: i64 = query.one().await?;
        let numbered: Vec<_> = (last - count + 1..).zip(events).collect();
        for rows in numbered.chunks(EVENTS_PER_STATEMENT) {
            let mut sql = Sql::default();
            for (at, (id, new)) in rows.iter().enumerate() {
                sql = new.push(*id, sql.push(if at == 0 { FIRST_EVENT } else { NEXT_EVENT }))?;
            }
            self.query(sql).execute().await?;
        }
        Ok(())
    }

    /// Makes the commit wake the tenant's live streams, as an event does: a session was ended.
    pub(in crate::persistence) fn wake_streams(&mut self) {
        self.wakes_streams = true;
    }

    /// Makes the commit wake the delivery worker.
    pub(in crate::persistence) fn wake_delivery_worker(&mut self) {
        self.wakes_delivery_worker = true;
    }

    /// Makes the commit wake the worker that fetches files.
    pub(in crate::persistence) fn wake_media_worker(&mut self) {
        self.wakes_media_worker = true;
    }

    /// Adds to the number of clients, which the commit stores, because its row would otherwise be
    /// locked for the whole transaction.
    pub(in crate::persistence) fn count_clients(&mut self, added: i64) {
        self.snapshot.added_clients += added;
    }
}
