//! The use cases. Each one checks a permission, opens one transaction, applies the rules and
//! records an event. It takes an [`Actor`] or an authenticated [`ChannelContext`], so that none can
//! run without a tenant.

mod activity;
mod channels;
mod chats;
mod clients;
mod clock;
mod delivery;
mod dependencies;
mod identity;
mod observation;
mod quotas;
mod search;
mod secret_key;
mod vault;
mod worker;

pub use crate::services::activity::*;
pub use crate::services::channels::*;
pub use crate::services::chats::*;
pub use crate::services::clients::*;
pub use crate::services::clock::Clock;
pub use crate::services::delivery::*;
pub use crate::services::dependencies::{Dependencies, StreamLimits};
pub use crate::services::identity::*;
pub use crate::services::quotas::{Quotas, TenantLimits};
pub use crate::services::search::*;
pub use crate::services::secret_key::{KeyFile, SecretKey};
pub use crate::services::vault::Vault;
pub use crate::services::worker::{WorkerMetrics, Workers};

use std::{sync::Arc, time::Duration};

pub use crate::simulator::{ClientFile, Phone, REPORTABLE_STATUSES, SIMULATED_TRANSPORTS, SimulatorService};

use crate::{
    persistence::WorkKind,
    services::worker::Queue,
    simulator::{BotSimulator, Simulator},
};

const DISCARDED_FILES_INTERVAL: Duration = Duration::from_secs(30);
const ORPHANS_INTERVAL: Duration = Duration::from_hours(6);
const IMPORT_FILES_INTERVAL: Duration = Duration::from_mins(10);
const MISSED_INTERVAL: Duration = Duration::from_hours(1);
const MERGES_INTERVAL: Duration = Duration::from_mins(10);

/// All services.
#[derive(Clone)]
pub struct Services {
    /// Sign-in, sessions and tokens.
    pub identity: IdentityService,
    /// Tenants and their users.
    pub tenants: TenantService,
    /// The team of a tenant.
    pub team: TeamService,
    /// The settings of a workspace.
    pub workspace: WorkspaceService,
    /// Clients and contacts.
    pub clients: ClientService,
    /// Duplicates and merges of clients.
    pub merges: MergeService,
    /// Chats and messages.
    pub chats: ChatService,
    /// Messages that no webhook has brought.
    pub missed: MissedMessageService,
    /// Drafts, and message templates filled for a client.
    pub drafts: DraftService,
    /// Scheduled messages.
    pub schedule: ScheduleService,
    /// Message templates.
    pub templates: TemplateService,
    /// WhatsApp templates.
    pub whatsapp_templates: WhatsappTemplateService,
    /// Channels.
    pub channels: ChannelService,
    /// Inbound messages.
    pub inbound: InboundService,
    /// Delivery of outbound messages.
    pub delivery: DeliveryService,
    /// Backlogs and failed messages.
    pub outbox: OutboxService,
    /// Files of messages.
    pub files: FileService,
    /// Files at providers.
    pub media: MediaService,
    /// Search for clients, chats and messages.
    pub search: SearchService,
    /// Imports of clients.
    pub imports: ImportService,
    /// The audit log.
    pub audit: AuditService,
    /// The live stream.
    pub events: EventService,
    /// Presence of users in chats.
    pub presence: PresenceService,
    /// Staff notifications.
    pub notifications: NotificationService,
    /// The indexer of the full-text tables.
    pub search_indexer: SearchIndexer,
    /// The simulated phones of clients.
    pub simulator: SimulatorService,
    dependencies: Arc<Dependencies>,
}

impl Services {
    /// Creates the services.
    pub fn new(dependencies: Dependencies) -> Self {
        let deps = Arc::new(dependencies);
        let channels = ChannelService::new(deps.clone());
        let files = FileService::new(deps.clone());
        let chats = ChatService::new(deps.clone());
        Self {
            identity: IdentityService::new(deps.clone()),
            tenants: TenantService::new(deps.clone()),
            team: TeamService::new(deps.clone()),
            workspace: WorkspaceService::new(deps.clone()),
            clients: ClientService::new(deps.clone()),
            merges: MergeService::new(deps.clone()),
            outbox: OutboxService::new(deps.clone(), chats.clone()),
            whatsapp_templates: WhatsappTemplateService::new(deps.clone(), chats.clone()),
            chats,
            drafts: DraftService::new(deps.clone()),
            schedule: ScheduleService::new(deps.clone()),
            templates: TemplateService::new(deps.clone()),
            inbound: InboundService::new(deps.clone()),
            delivery: DeliveryService::new(deps.clone(), channels.clone(), files.clone()),
            media: MediaService::new(deps.clone(), channels.clone(), files.clone()),
            files,
            search: SearchService::new(deps.clone()),
            imports: ImportService::new(deps.clone()),
            audit: AuditService::new(deps.clone()),
            events: EventService::new(deps.clone()),
            presence: PresenceService::new(deps.clone()),
            notifications: NotificationService::new(deps.clone(), channels.clone()),
            search_indexer: SearchIndexer::new(deps.clone()),
            simulator: SimulatorService::new(deps.clone(), channels.clone()),
            missed: MissedMessageService::new(
                deps.clone(),
                channels.clone(),
                InboundService::new(deps.clone()),
            ),
            channels,
            dependencies: deps,
        }
    }

    /// Replaces the providers by these simulators, for the page of simulated phones.
    #[must_use]
    pub fn with_simulators(self, accounts: Simulator, bots: BotSimulator) -> Self {
        Self { simulator: self.simulator.with_simulators(accounts, bots), ..self }
    }

    /// The background workers of a server, and on PostgreSQL the relay of wake-ups from other
    /// instances. `format` creates the texts of notifications.
    pub fn workers(&self, format: NotificationFormatter) -> Workers {
        let (database, imports, merges) =
            (self.dependencies.database.clone(), self.imports.clone(), self.merges.clone());
        let missed = self.missed.clone();
        let (discarded, orphans) = (self.files.clone(), self.files.clone());
        Workers::new(self.dependencies.clone())
            .queue(self.delivery.clone())
            .queue(self.media.clone())
            .queue(self.imports.clone())
            .queue(self.merges.clone())
            .queue(self.notifications.queue(format))
            .queue(self.search_indexer.clone())
            .every(DISCARDED_FILES_INTERVAL, "remove the files of deleted messages", move || {
                let files = discarded.clone();
                async move { files.remove_discarded().await.map(drop) }
            })
            .every(ORPHANS_INTERVAL, "remove files that no row names", move || {
                let files = orphans.clone();
                async move {
                    let removed = files.remove_orphans().await?;
                    if removed > 0 {
                        tracing::info!(removed, "files that no row names were removed");
                    }
                    Ok(())
                }
            })
            .every(IMPORT_FILES_INTERVAL, "remove the files of old imports", move || {
                let imports = imports.clone();
                async move { imports.sweep().await }
            })
            .every(MISSED_INTERVAL, "fetch messages that no webhook has brought", move || {
                let missed = missed.clone();
                async move { missed.fetch_all().await }
            })
            .every(MERGES_INTERVAL, "delete merges that can't be undone any more", move || {
                let merges = merges.clone();
                async move { merges.delete_expired().await }
            })
            .task(move |stop| async move { database.relay_wake_ups(stop).await })
    }

    /// The metrics of this process's workers.
    pub fn worker_metrics(&self) -> [(WorkKind, WorkerMetrics); 6] {
        [
            (WorkKind::Delivery, self.delivery.worker().metrics()),
            (WorkKind::Media, self.media.worker().metrics()),
            (WorkKind::Imports, self.imports.worker().metrics()),
            (WorkKind::Duplicates, self.merges.worker().metrics()),
            (WorkKind::Notifications, self.notifications.metrics()),
            (WorkKind::Search, self.search_indexer.worker().metrics()),
        ]
    }

    /// The objects that the services share.
    pub fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }
}
