//! The audit log: events as people read them, and the removal of what they tell of deleted clients.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        AuthorKind, Changes, ClientId, Event, EventId, EventKind, ObjectType, SessionId, TokenId, UserId,
        fold,
    },
    error::Result,
    persistence::{
        Cursor, ListPage, PageRequest, Position, Snapshot, Start, UnitOfWork,
        engine::{FIRST, FromRow, Key, LAST, List, Row, Sql},
    },
};

/// The maximum number of words of a search.
const MAX_TERMS: usize = 5;

/// The audit log of a tenant.
pub struct AuditLog<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// The audit log of a tenant, for the removal of personal data. Entries are added by [`UnitOfWork::record`].
pub struct AuditLogMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// An entry of the audit log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// The number of the event.
    pub id: EventId,
    /// The name of the event's kind, which this version may not know.
    pub kind: String,
    /// The event; `None` if this version can't read it.
    pub event: Option<Event>,
    /// The kind of the author.
    pub author: AuthorKind,
    /// The user who caused it, also by an API key.
    pub user: Option<UserId>,
    /// The API key that caused it.
    pub token: Option<TokenId>,
    /// The name of the user or of the API key; `None` for the system and the operator.
    pub actor_name: Option<String>,
    /// The session that caused it.
    pub session: Option<SessionId>,
    /// The address that the request came from.
    pub address: Option<String>,
    /// The `User-Agent` of the request, shortened.
    pub device: Option<String>,
    /// The kind of the object; `None` for events of the traffic in chats.
    pub object: Option<ObjectType>,
    /// The id of the object.
    pub object_id: Option<String>,
    /// The name of the object at the time.
    pub object_title: Option<String>,
    /// The old and new values.
    pub changes: Changes,
    /// The time.
    pub at: DateTime<Utc>,
}

impl FromRow for AuditEntry {
    fn from_row(row: &Row) -> Result<Self> {
        let (user, payload, changes): (Option<UserId>, String, Option<String>) =
            (row.get("actor_id")?, row.get("payload")?, row.get("changes")?);
        // Events of earlier versions have no kind of author.
        let former = if user.is_some() { AuthorKind::User } else { AuthorKind::System };
        let session: Option<i64> = row.get("session_id")?;
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            event: serde_json::from_str(&payload).ok(),
            author: row.get_or("author_type", former)?,
            user,
            token: row.get("token_id")?,
            actor_name: row.get("actor_name")?,
            session: session.map(SessionId),
            address: row.get("address")?,
            device: row.get("device")?,
            object: row.valid("object_type")?,
            object_id: row.get("object_id")?,
            object_title: row.get("object_title")?,
            changes: changes.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
            at: row.get("created_at")?,
        })
    }
}

/// The author that entries are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorFilter {
    /// A user, also by API keys.
    User(UserId),
    /// An API key.
    Token(TokenId),
    /// All authors of a kind.
    Kind(AuthorKind),
}

/// The filter of the audit log.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// The kind of the event.
    pub kind: Option<EventKind>,
    /// The author.
    pub actor: Option<ActorFilter>,
    /// The kind of the object, and its id.
    pub object: Option<(ObjectType, Option<String>)>,
    /// The earliest time, inclusive.
    pub from: Option<DateTime<Utc>>,
    /// The latest time, exclusive.
    pub before: Option<DateTime<Utc>>,
    /// Words in the names, the address and the values, in any script and case.
    pub q: String,
}

const COLUMNS: &str =
    "SELECT e.id, e.kind, e.payload, e.actor_id, e.created_at, e.author_type, e.token_id, e.session_id,
     e.address, e.device, e.object_type, e.object_id, e.object_title, e.changes,
     COALESCE(e.author_name, u.first_name || COALESCE(' ' || u.last_name, '')) AS actor_name";
const NEWEST: &[Key] = &[Key::time("e.created_at").descending(), Key::number("e.id").descending()];

impl AuditFilter {
    /// Parses a cursor; `None` if it is not a position in the log.
    pub fn parse_cursor(text: &str) -> Option<Cursor> {
        Cursor::parse(text, NEWEST)
    }

    /// The index of SQLite, which has no statistics to select one by; PostgreSQL selects it by itself.
    fn index(&self) -> (&'static str, &'static str) {
        match self {
            Self { object: Some((_, Some(_))), .. } => (
                "FROM events e INDEXED BY events_by_object LEFT JOIN users u
                     ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
                 WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
                "FROM events e INDEXED BY events_by_object WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
            ),
            Self { actor: Some(ActorFilter::User(_)), .. } => (
                "FROM events e INDEXED BY events_by_actor LEFT JOIN users u
                     ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
                 WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
                "FROM events e INDEXED BY events_by_actor WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
            ),
            Self { kind: Some(_), .. } => (
                "FROM events e INDEXED BY events_by_kind LEFT JOIN users u
                     ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
                 WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
                "FROM events e INDEXED BY events_by_kind WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
            ),
            _ => (
                "FROM events e INDEXED BY events_audited LEFT JOIN users u
                     ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
                 WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
                "FROM events e INDEXED BY events_audited WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
            ),
        }
    }

    fn list(&self) -> List {
        let (from, counted_from) = self.index();
        let from = Sql::by_engine(
            from,
            "FROM events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
             WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
        );
        let counted_from = Sql::by_engine(
            counted_from,
            "FROM events e WHERE e.tenant_id = $1 AND e.object_type IS NOT NULL",
        );
        let actor = self.actor.map(|actor| match actor {
            ActorFilter::User(user) => Sql::equals("e.actor_id", user),
            ActorFilter::Token(token) => Sql::equals("e.token_id", token),
            ActorFilter::Kind(kind) => Sql::equals("e.author_type", kind.as_str()),
        });
        let has_days = self.from.is_some() || self.before.is_some();
        let (first, last) = (self.from.unwrap_or(FIRST), self.before.unwrap_or(LAST));
        let days = Sql::from("e.created_at >= ? AND e.created_at < ?").bind(first).bind(last);
        let object = self.object.as_ref();
        let list = List::new(COLUMNS, from, NEWEST)
            .counted_from(counted_from)
            .filter_some(self.kind.map(|kind| Sql::equals("e.kind", kind.as_str())))
            .filter_some(actor)
            .filter_some(object.map(|(kind, _)| Sql::equals("e.object_type", kind.as_str())))
            .filter_some(object.and_then(|(_, id)| Some(Sql::equals("e.object_id", id.as_deref()?))))
            .filter_some(has_days.then_some(days));
        fold(&self.q).split_whitespace().take(MAX_TERMS).fold(list, |list, term| {
            // The engines name the search for a part of a text differently; LIKE would need escapes.
            let contains = Sql::by_engine("instr(e.search_text, ?) > 0", "strpos(e.search_text, ?) > 0");
            list.filter(contains.bind(term))
        })
    }
}

/// An iteration over the filtered log in batches, the newest entry first.
#[derive(Debug, Clone)]
pub struct AuditBatches {
    filter: AuditFilter,
    last: Option<Cursor>,
}

impl AuditBatches {
    /// Begins at the newest entry.
    pub fn new(filter: AuditFilter) -> Self {
        Self { filter, last: None }
    }
}

impl AuditLog<'_> {
    /// Lists a page of entries from a position, the newest first.
    pub async fn page(
        &mut self,
        filter: &AuditFilter,
        request: PageRequest,
        position: Position,
    ) -> Result<ListPage<AuditEntry>> {
        let list = filter.list();
        let total = self.snapshot.count(&list).await?;
        self.snapshot.page_at(&list, total, request, position).await
    }

    /// Reads the next batch; an empty batch is the end.
    pub async fn next_batch(&mut self, batches: &mut AuditBatches, limit: i64) -> Result<Vec<AuditEntry>> {
        let start = batches.last.clone().map_or(Start::Offset(0), Start::After);
        let part = self.snapshot.part(&batches.filter.list(), start, limit).await?;
        batches.last = part.last.or(batches.last.take());
        Ok(part.items)
    }

    /// Lists the events of a client other than messages, the newest first. Events that this version can't read are left
    /// out.
    pub async fn of_client(&mut self, client: ClientId, limit: i64) -> Result<Vec<AuditEntry>> {
        let rows: Vec<AuditEntry> = self
            .snapshot
            .query(COLUMNS)
            .push(
                "FROM events e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.id = e.actor_id
                 WHERE e.tenant_id = $1 AND e.client_id = ? AND e.kind NOT LIKE 'Message%'
                     AND e.kind NOT LIKE 'Schedule%'
                 ORDER BY e.id DESC LIMIT ?",
            )
            .bind(client)
            .bind(limit)
            .all()
            .await?;
        Ok(rows.into_iter().filter(|entry| entry.event.is_some()).collect())
    }
}

impl AuditLogMut<'_> {
    /// Removes the names and values of deleted clients from their entries, and of those that were merged into them. The
    /// entries themselves remain. The engine accepts no other change of an event.
    pub async fn erase_clients(&mut self, clients: &[ClientId]) -> Result<()> {
        let mut clients = clients.to_vec();
        let mut new = clients.clone();
        while !new.is_empty() {
            let payloads: Vec<String> = self
                .work
                .query(
                    "SELECT payload FROM events WHERE tenant_id = $1 AND client_id IN $2 AND kind = 'ClientMerged'",
                )
                .bind(&new)
                .all()
                .await?;
            let merged = payloads.iter().filter_map(|payload| match serde_json::from_str(payload) {
                Ok(Event::ClientMerged { merged_id, .. }) => Some(merged_id),
                _ => None,
            });
            new = merged.filter(|id| !clients.contains(id)).collect();
            clients.extend(&new);
        }
        self.work
            .query(
                "UPDATE events SET object_title = NULL, changes = NULL, search_text = NULL
                 WHERE tenant_id = $1 AND client_id IN $2
                     AND (object_title IS NOT NULL OR changes IS NOT NULL OR search_text IS NOT NULL)",
            )
            .bind(&clients)
            .execute()
            .await
            .map(drop)
    }
}
