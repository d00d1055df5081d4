//! The use cases: may they? one transaction, the rule, the event. Each takes an [`Actor`] or a verified
//! [`ChannelContext`], so none can be run without a tenant.

mod activity;
mod channels;
mod chats;
mod clients;
mod clock;
mod delivery;
mod identity;
mod search;
mod vault;

pub use crate::services::activity::*;
pub use crate::services::channels::*;
pub use crate::services::chats::*;
pub use crate::services::clients::*;
pub use crate::services::clock::Clock;
pub use crate::services::delivery::*;
pub use crate::services::identity::*;
pub use crate::services::search::*;
pub use crate::services::vault::{SecretKey, Vault};

use std::{path::PathBuf, sync::Arc};

use url::Url;

pub use crate::simulator::{PLAYED, Phone, REPORTS, SimulatorService, WrittenFile};

use crate::{
    persistence::Database,
    simulator::{BotSimulator, Simulator},
    storage::Storage,
};

/// What every use case stands on.
#[derive(Clone)]
pub struct Foundation {
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Clock,
    /// What encrypts stored credentials.
    pub vault: Vault,
    /// Where the contents of files are kept.
    pub storage: Storage,
    /// How browsers and providers reach this server, without a path.
    pub public_url: Url,
    /// Where Twilio's API is.
    pub twilio_api_url: Url,
    /// Where the Telegram Bot API is.
    pub telegram_api_url: Url,
    /// Where files are that live only while they are written and read.
    pub scratch: PathBuf,
    /// What calls the providers.
    pub http: reqwest::Client,
}

/// All use cases, ready to be called.
#[derive(Clone)]
pub struct Services {
    /// Who it is that asks.
    pub identity: IdentityService,
    /// Workspaces and their users.
    pub tenants: TenantService,
    /// Clients and contacts.
    pub clients: ClientService,
    /// Duplicates of clients, and merging them.
    pub merges: MergeService,
    /// Chats and messages.
    pub chats: ChatService,
    /// Drafts, and templates filled for a client.
    pub drafts: DraftService,
    /// Messages for later.
    pub schedule: ScheduleService,
    /// Message templates.
    pub templates: TemplateService,
    /// Templates that WhatsApp approved.
    pub approved: ApprovedService,
    /// Channels.
    pub channels: ChannelService,
    /// What providers post.
    pub inbound: InboundService,
    /// The way out.
    pub delivery: DeliveryService,
    /// What operators see of the way out.
    pub queue: QueueService,
    /// Files.
    pub files: FileService,
    /// Files that come from providers.
    pub media: MediaService,
    /// Finding things.
    pub find: FindService,
    /// Imports of clients.
    pub imports: ImportService,
    /// The live stream.
    pub events: EventService,
    /// Who is at which chat.
    pub presence: PresenceService,
    /// What staff are told of.
    pub notifications: NotificationService,
    /// What is still to be indexed.
    pub search: SearchService,
    /// The phones of clients, where providers are simulated.
    pub simulator: SimulatorService,
    foundation: Arc<Foundation>,
}

impl Services {
    /// Builds the use cases on their foundation.
    pub fn new(foundation: Foundation) -> Self {
        let base = Arc::new(foundation);
        let channels = ChannelService::new(base.clone());
        let files = FileService::new(base.clone());
        let chats = ChatService::new(base.clone());
        Self {
            identity: IdentityService::new(base.clone()),
            tenants: TenantService::new(base.clone()),
            clients: ClientService::new(base.clone()),
            merges: MergeService::new(base.clone()),
            queue: QueueService::new(base.clone(), chats.clone()),
            approved: ApprovedService::new(base.clone(), chats.clone()),
            chats,
            drafts: DraftService::new(base.clone()),
            schedule: ScheduleService::new(base.clone()),
            templates: TemplateService::new(base.clone()),
            inbound: InboundService::new(base.clone()),
            delivery: DeliveryService::new(base.clone(), channels.clone(), files.clone()),
            media: MediaService::new(base.clone(), channels.clone(), files.clone()),
            files,
            find: FindService::new(base.clone()),
            imports: ImportService::new(base.clone()),
            events: EventService::new(base.clone()),
            presence: PresenceService::new(base.clone()),
            notifications: NotificationService::new(base.clone(), channels.clone()),
            search: SearchService::new(base.clone()),
            simulator: SimulatorService::new(base.clone(), channels.clone()),
            channels,
            foundation: base,
        }
    }

    /// The same with these simulators in the place of the providers, for a page that plays the phones of clients.
    #[must_use]
    pub fn playing(self, twilio: Simulator, telegram: BotSimulator) -> Self {
        Self { simulator: self.simulator.playing(twilio, telegram), ..self }
    }

    /// What they stand on.
    pub fn foundation(&self) -> &Foundation {
        &self.foundation
    }
}
