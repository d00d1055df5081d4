//! The simulator's use cases. They are available only where `aloqa demo` or a test replaces the
//! providers by simulators.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::services::{Actor, ChannelService, Dependencies};
use crate::{
    domain::{Channel, ContactType, ContactValue, Permission, PhoneNumber, Problem, Transport},
    error::{AppError, Result},
    persistence::SealedChannel,
    providers::{
        sender,
        telegram::{Bot, WEBHOOK_PATH},
        twilio::{NAME, post_signed, webhook::INBOUND_PATH},
    },
    simulator::twilio::{
        BotSimulator, EntryContent, PhoneBehaviour, PhoneEntry, PhoneLine, Phones, SimulatedOutcome,
        Simulator, TelegramAccount, telegram_update, twilio_form,
    },
};

/// The transports that can be simulated.
pub const SIMULATED_TRANSPORTS: [Transport; 3] = [Transport::Sms, Transport::Whatsapp, Transport::Telegram];
/// The statuses that can be reported for a message, in Twilio's spelling.
pub const REPORTABLE_STATUSES: [&str; 5] = ["sent", "delivered", "read", "undelivered", "failed"];
/// The longest delay, in seconds.
const MAX_SECONDS: u32 = 3_600;

/// The use cases of the simulator.
#[derive(Clone)]
pub struct SimulatorService {
    deps: Arc<Dependencies>,
    channels: ChannelService,
    simulators: Option<(Simulator, BotSimulator)>,
}

/// A client's phone as the page shows it.
#[derive(Debug, Clone)]
pub struct Phone {
    /// The transport of the messages.
    pub transport: Transport,
    /// The phone's address: a number in E.164, a username, or the id of a Telegram account.
    pub from: String,
    /// The entries, the oldest first.
    pub entries: Vec<PhoneEntry>,
    /// Those of its files that are pictures.
    pub pictures: Vec<String>,
    /// The behaviour of the provider towards the phone.
    pub behaviour: PhoneBehaviour,
}

/// A file that a client sends.
#[derive(Debug, Clone)]
pub struct ClientFile {
    /// The file's name.
    pub name: String,
    /// The declared MIME type.
    pub content_type: String,
    /// The file's bytes.
    pub content: Bytes,
}

/// A phone and the channel that it is connected to.
struct PhoneConnection {
    sealed: SealedChannel,
    line: PhoneLine,
    from: String,
    writer: Option<TelegramAccount>,
}

impl SimulatorService {
    pub(crate) fn new(deps: Arc<Dependencies>, channels: ChannelService) -> Self {
        Self { deps, channels, simulators: None }
    }

    /// Returns the services with these simulators instead of the providers.
    #[must_use]
    pub(crate) fn with_simulators(self, twilio: Simulator, telegram: BotSimulator) -> Self {
        Self { simulators: Some((twilio, telegram)), ..self }
    }

    /// True if the server has a simulator.
    pub fn is_available(&self) -> bool {
        self.simulators.is_some()
    }

    /// The transports of the tenant's channels that can be simulated.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] without a simulator.
    #[tracing::instrument(name = "simulated_transports", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn transports(&self, actor: &Actor) -> Result<Vec<Transport>> {
        self.simulators(actor)?;
        let channels = self.deps.database.read(actor.tenant.id).await?.channels().all().await?;
        let carried = |transport| channels.iter().any(|sealed| sender(&sealed.channel, transport).is_some());
        Ok(SIMULATED_TRANSPORTS.into_iter().filter(|transport| carried(*transport)).collect())
    }

    /// Loads a phone.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] without a simulator; [`AppError::Invalid`]
    /// for a transport without a channel and for an address that is neither a number nor a
    /// username.
    #[tracing::instrument(name = "show_phone", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn phone(&self, actor: &Actor, transport: Transport, from: &str) -> Result<Phone> {
        let (twilio, _) = self.simulators(actor)?;
        let connection = self.connect_phone(actor, transport, from).await?;
        let phones = self.phones(actor, transport)?;
        let fetched = twilio.fetched();
        let pictures = fetched.into_iter().filter(|file| file.content_type.starts_with("image/"));
        Ok(Phone {
            transport,
            from: connection.from,
            entries: phones.entries(&connection.line),
            pictures: pictures.map(|file| file.url).collect(),
            behaviour: phones.behaviour(&connection.line),
        })
    }

    /// Posts the webhook of a client's message to this server as the provider would, and returns
    /// the status of the answer.
    ///
    /// # Errors
    /// Like [`Self::phone`]; [`AppError::Invalid`] without text and file; [`AppError::Internal`] if
    /// the server does not answer.
    #[tracing::instrument(name = "write_as_client", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn write_as_client(
        &self,
        actor: &Actor,
        transport: Transport,
        from: &str,
        text: &str,
        file: Option<ClientFile>,
    ) -> Result<u16> {
        self.simulators(actor)?;
        let connection = self.connect_phone(actor, transport, from).await?;
        if text.is_empty() && file.is_none() {
            return Err(AppError::invalid("message", Problem::Required));
        }
        let now = self.deps.clock.now();
        let files = file.iter().map(|file| file.name.clone()).collect();
        let wrote = EntryContent::Sent { text: text.to_owned(), files };
        self.phones(actor, transport)?.add(&connection.line, now, wrote);
        match &connection.writer {
            Some(writer) => self.post_update(actor, &connection, writer, text, file).await,
            None => self.post_form(actor, transport, &connection, text, file).await,
        }
    }

    /// Sets the behaviour of the provider towards a phone.
    ///
    /// # Errors
    /// Like [`Self::phone`]; [`AppError::Invalid`] for a behaviour that the provider does not have.
    #[tracing::instrument(name = "order_simulator", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn set_behaviour(
        &self,
        actor: &Actor,
        transport: Transport,
        from: &str,
        behaviour: PhoneBehaviour,
    ) -> Result<()> {
        self.simulators(actor)?;
        let connection = self.connect_phone(actor, transport, from).await?;
        if !SimulatedOutcome::available_for(transport).contains(&behaviour.outcome) {
            let known = "deliver, refused, too-many, unavailable, reset, hang";
            return Err(AppError::invalid("play", Problem::NotOneOf(known.into())));
        }
        if behaviour.seconds.is_some_and(|seconds| seconds > MAX_SECONDS) {
            let range = Problem::OutOfRange { min: 0, max: MAX_SECONDS.into() };
            return Err(AppError::invalid("seconds", range));
        }
        self.phones(actor, transport)?.set_behaviour(&connection.line, behaviour);
        Ok(())
    }

    /// Reports the status of a message that a phone received, and returns the status of this
    /// server's answer.
    ///
    /// # Errors
    /// Like [`Self::phone`]; [`AppError::NotFound`] if the message is not on the phone or its
    /// callback URL is not of this server.
    #[tracing::instrument(name = "report_as_provider", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn report(
        &self,
        actor: &Actor,
        transport: Transport,
        from: &str,
        (message, status, code): (&str, &str, Option<u32>),
    ) -> Result<u16> {
        let (twilio, _) = self.simulators(actor)?;
        let connection = self.connect_phone(actor, transport, from).await?;
        if !REPORTABLE_STATUSES.contains(&status) {
            let known = "sent, delivered, read, undelivered, failed";
            return Err(AppError::invalid("status", Problem::NotOneOf(known.into())));
        }
        let entries = self.phones(actor, transport)?.entries(&connection.line);
        if !entries
            .iter()
            .any(|entry| matches!(&entry.content, EntryContent::Received { id, .. } if id == message))
        {
            return Err(AppError::NotFound);
        }
        let failed = matches!(status, "undelivered" | "failed").then(|| code.unwrap_or(30008));
        let answer = twilio.report(message, status, failed).await.map_err(no_answer)?;
        answer.map(|status| status.as_u16()).ok_or(AppError::NotFound)
    }

    fn simulators(&self, actor: &Actor) -> Result<&(Simulator, BotSimulator)> {
        actor.require(Permission::ChannelManage)?;
        self.simulators.as_ref().ok_or(AppError::NotFound)
    }

    fn phones(&self, actor: &Actor, transport: Transport) -> Result<&Phones> {
        let (twilio, telegram) = self.simulators(actor)?;
        Ok(if transport == Transport::Telegram { telegram.phones() } else { twilio.phones() })
    }

    /// The connection of a phone to the tenant's channel; enabled channels are preferred to
    /// disabled ones.
    async fn connect_phone(
        &self,
        actor: &Actor,
        transport: Transport,
        from: &str,
    ) -> Result<PhoneConnection> {
        let mut channels = self.deps.database.read(actor.tenant.id).await?.channels().all().await?;
        channels.sort_by_key(|sealed| sealed.channel.disabled_at.is_some());
        let carries = |channel: &Channel| {
            SIMULATED_TRANSPORTS.contains(&transport) && sender(channel, transport).is_some()
        };
        let sealed = channels
            .into_iter()
            .find(|sealed| carries(&sealed.channel))
            .ok_or_else(|| AppError::invalid("transport", Problem::NoProvider))?;
        let country = actor.tenant.country;
        let parsed = match transport {
            Transport::Telegram => ContactValue::parse(ContactType::Telegram, from, country).map(|value| {
                let name = value.value().to_owned();
                let writer = match name.parse() {
                    Ok(id) => TelegramAccount { id, username: None, name: name.clone() },
                    Err(_) => TelegramAccount::of_username(&name),
                };
                (writer.id.to_string(), name, Some(writer))
            }),
            _ => {
                PhoneNumber::parse(from, country).map(|number| (number.to_string(), number.to_string(), None))
            }
        };
        let (address, from, writer) = parsed.map_err(|problem| AppError::invalid("from", problem))?;
        let line = PhoneLine { account: sealed.channel.account.clone(), transport, address };
        Ok(PhoneConnection { sealed, line, from, writer })
    }

    async fn post_form(
        &self,
        actor: &Actor,
        transport: Transport,
        connection: &PhoneConnection,
        text: &str,
        file: Option<ClientFile>,
    ) -> Result<u16> {
        let (twilio, _) = self.simulators(actor)?;
        let channel = &connection.sealed.channel;
        let mut media = Vec::new();
        if let Some(ClientFile { name, content_type, content }) = file {
            let path = twilio.store_media(&channel.account, &name, &content_type, content, 0);
            let url = self.deps.api_urls.get(&NAME).join(&path).map_err(AppError::internal)?;
            media.push((url.to_string(), content_type));
        }
        let sid = format!("SM{}", Uuid::new_v4().simple());
        let form = twilio_form(channel, transport, &connection.line.address, text, &sid, &media);
        let (public, local) = twilio.resolve(INBOUND_PATH).ok_or(AppError::NotFound)?;
        let token = self.channels.open(&connection.sealed)?;
        let answer = post_signed(&self.deps.http, &token, &public, &local, &form).await;
        Ok(answer.map_err(no_answer)?.status().as_u16())
    }

    async fn post_update(
        &self,
        actor: &Actor,
        connection: &PhoneConnection,
        writer: &TelegramAccount,
        text: &str,
        file: Option<ClientFile>,
    ) -> Result<u16> {
        let (twilio, telegram) = self.simulators(actor)?;
        let fields = file.map_or_else(|| json!({}), |file| keep(telegram, file));
        let now = self.deps.clock.now().timestamp();
        let update = telegram_update(writer, now, text, &fields);
        let (_, local) = twilio.resolve(WEBHOOK_PATH).ok_or(AppError::NotFound)?;
        let channel = &connection.sealed.channel;
        let secret = self.channels.webhook_token_of(channel.tenant, channel.id).await?;
        let answer = Bot::post_update(&self.deps.http, &local, &secret, &update).await;
        let answer = answer.map_err(no_answer)?;
        let status = answer.status().as_u16();
        // The answer to a webhook may be a method call, which Telegram executes.
        let call: Value =
            serde_json::from_slice(&answer.bytes().await.map_err(no_answer)?).unwrap_or_default();
        if let (Some("sendMessage"), Some(text)) = (call["method"].as_str(), call["text"].as_str()) {
            let what = EntryContent::Received {
                id: String::new(),
                text: text.to_owned(),
                files: Vec::new(),
                status: None,
            };
            telegram.phones().add(&connection.line, self.deps.clock.now(), what);
        }
        Ok(status)
    }
}

/// Stores a file in the simulator and returns the fields of the message that contains it.
fn keep(telegram: &BotSimulator, file: ClientFile) -> Value {
    let ClientFile { name, content_type, content } = file;
    let id = Uuid::new_v4().simple().to_string();
    let size = content.len();
    telegram.store_file(&id, &format!("files/{id}"), content, 0);
    let unique = &id[..16];
    if matches!(content_type.as_str(), "image/jpeg" | "image/png") {
        return json!({ "photo": [
            { "file_id": id, "file_unique_id": unique, "width": 800, "height": 600, "file_size": size },
        ] });
    }
    json!({ "document": {
        "file_id": id, "file_unique_id": unique, "file_name": name, "mime_type": content_type, "file_size": size,
    } })
}

fn no_answer(error: reqwest::Error) -> AppError {
    AppError::internal(format!("the server does not answer itself ({})", error.without_url()))
}
