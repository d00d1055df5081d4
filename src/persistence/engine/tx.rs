//! The unit of work: a transaction that carries its tenant and the events that it will tell of.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, Sqlite, Transaction};

use crate::persistence::{
    Attachments, Channels, Chats, Clients, CrossTenant, Deliveries, Drafts, Duplicates, Events,
    FailedMessages, Imports, MergeTransfer, Merges, Messages, Notifications, ScheduledMessages, SearchIndex,
    Templates, Users, WakeUps, WhatsappTemplates,
};
use crate::{
    domain::{Event, TenantId, UserId},
    error::Result,
};

pub(in crate::persistence) enum EngineTx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl EngineTx {
    pub(in crate::persistence) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

/// A tenant's transaction. [`Tx::commit`] consumes it; dropping it rolls back. All repositories are borrowed from it,
/// so there is no way to a tenant's rows without one.
pub struct Tx {
    pub(in crate::persistence) engine: EngineTx,
    tenant: TenantId,
    wake_ups: WakeUps,
    events: Vec<NewEvent>,
    wakes_delivery_worker: bool,
    wakes_media_worker: bool,
    /// How many clients there are more than when it began.
    more_clients: i64,
}

pub(in crate::persistence) struct NewEvent {
    pub(in crate::persistence) event: Event,
    pub(in crate::persistence) actor: Option<UserId>,
    pub(in crate::persistence) at: DateTime<Utc>,
}

impl Tx {
    pub(in crate::persistence) fn new(engine: EngineTx, tenant: TenantId, wake_ups: WakeUps) -> Self {
        Self {
            engine,
            tenant,
            wake_ups,
            events: Vec::new(),
            wakes_delivery_worker: false,
            wakes_media_worker: false,
            more_clients: 0,
        }
    }

    /// The tenant that it belongs to.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Notes an event. It is stored by the commit, in this transaction, and told after it.
    pub fn record(&mut self, event: Event, actor: Option<UserId>, at: DateTime<Utc>) {
        self.events.push(NewEvent { event, actor, at });
    }

    /// Stores the recorded events, commits, and wakes those who follow them.
    ///
    /// # Errors
    /// When the database refuses; nothing was changed then.
    #[tracing::instrument(level = "debug", name = "commit", skip_all, fields(tenant = %self.tenant))]
    pub async fn commit(mut self) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        let more_clients = self.more_clients;
        if !events.is_empty() || more_clients != 0 {
            self.events().append(&events, more_clients).await?;
        }
        self.engine.commit().await?;
        if !events.is_empty() {
            self.wake_ups.notify(self.tenant);
        }
        if self.wakes_delivery_worker {
            self.wake_ups.notify_delivery_worker();
        }
        if self.wakes_media_worker {
            self.wake_ups.notify_media_worker();
        }
        Ok(())
    }

    /// Has the commit wake the delivery worker.
    pub(in crate::persistence) fn wake_delivery_worker(&mut self) {
        self.wakes_delivery_worker = true;
    }

    /// Has the commit wake the worker that fetches files.
    pub(in crate::persistence) fn wake_media_worker(&mut self) {
        self.wakes_media_worker = true;
    }

    pub(in crate::persistence) fn is_postgres(&self) -> bool {
        matches!(self.engine, EngineTx::Postgres(_))
    }

    /// Keeps the number of clients, which the commit stores: the row that has it would otherwise be locked for as long as
    /// the transaction takes.
    pub(in crate::persistence) fn count_clients(&mut self, more: i64) {
        self.more_clients += more;
    }

    /// How many clients this transaction has made more than it has deleted.
    pub(in crate::persistence) fn more_clients(&self) -> i64 {
        self.more_clients
    }

    /// Clients and their contacts.
    pub fn clients(&mut self) -> Clients<'_> {
        Clients::new(self)
    }

    /// Clients that may be the same person.
    pub fn duplicates(&mut self) -> Duplicates<'_> {
        Duplicates::new(self)
    }

    /// Merges of clients.
    pub fn merges(&mut self) -> Merges<'_> {
        Merges::new(self)
    }

    /// What merges move from one client to another, and back.
    pub fn merge_transfer(&mut self) -> MergeTransfer<'_> {
        MergeTransfer::new(self)
    }

    /// Chats and their members.
    pub fn chats(&mut self) -> Chats<'_> {
        Chats::new(self)
    }

    /// Messages and their files.
    pub fn messages(&mut self) -> Messages<'_> {
        Messages::new(self)
    }

    /// The contents of files, and how they come.
    pub fn attachments(&mut self) -> Attachments<'_> {
        Attachments::new(self)
    }

    /// The outbox.
    pub fn deliveries(&mut self) -> Deliveries<'_> {
        Deliveries::new(self)
    }

    /// What waits and what was not delivered.
    pub fn failed_messages(&mut self) -> FailedMessages<'_> {
        FailedMessages::new(self)
    }

    /// Channels and what they have received.
    pub fn channels(&mut self) -> Channels<'_> {
        Channels::new(self)
    }

    /// Users, their sessions and tokens.
    pub fn users(&mut self) -> Users<'_> {
        Users::new(self)
    }

    /// Message templates.
    pub fn templates(&mut self) -> Templates<'_> {
        Templates::new(self)
    }

    /// Templates that WhatsApp approved.
    pub fn whatsapp_templates(&mut self) -> WhatsappTemplates<'_> {
        WhatsappTemplates::new(self)
    }

    /// Drafts.
    pub fn drafts(&mut self) -> Drafts<'_> {
        Drafts::new(self)
    }

    /// Messages that are to go out later.
    pub fn scheduled_messages(&mut self) -> ScheduledMessages<'_> {
        ScheduledMessages::new(self)
    }

    /// Imports of clients.
    pub fn imports(&mut self) -> Imports<'_> {
        Imports::new(self)
    }

    /// What is still to be indexed.
    pub fn search_index(&mut self) -> SearchIndex<'_> {
        SearchIndex::new(self)
    }

    /// Notifications of staff.
    pub fn notifications(&mut self) -> Notifications<'_> {
        Notifications::new(self)
    }

    /// Events.
    pub fn events(&mut self) -> Events<'_> {
        Events::new(self)
    }
}

/// The operator's door: a transaction that sees all tenants. Only for what can't know its tenant yet (a session's
/// token, a webhook's address), for the worker's poll, and for the operator's commands.
pub struct CrossTenantTx {
    pub(in crate::persistence) engine: EngineTx,
}

impl CrossTenantTx {
    /// What is found across tenants.
    pub fn cross_tenant(&mut self) -> CrossTenant<'_> {
        CrossTenant::new(self)
    }

    /// Commits.
    ///
    /// # Errors
    /// When the database refuses; nothing was changed then.
    pub async fn commit(self) -> Result<()> {
        Ok(self.engine.commit().await?)
    }
}
