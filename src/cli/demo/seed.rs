//! Fills an empty database with sample tenants by calling the services with a clock in the past.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use crate::cli::demo::{
    DemoLogin, samples,
    stories::{COMPANIES, ClientScenario, Company, DemoUser, Line, Sample},
};
use crate::{
    domain::{
        Chat, ChatId, Client, ClientId, Country, Email, Failure, FieldErrors, InboundMedia, InboundMessage,
        Locale, MessageStatus, MessageText, NewTemplate, NewTenant, NewWhatsappTemplate, PersonName,
        PhoneNumber, Problem, Role, Slug, TemplateText, TimeZone, Transport, UPLOAD_LIMIT,
        WhatsappTemplateBody, fold,
    },
    error::{AppError, Result},
    persistence::StatusChange,
    providers::{FieldValues, Registration, registrations, sender, telegram, twilio},
    services::{Actor, ChannelContext, Clock, Dependencies, OutgoingMessage, Received, Services, Uploads},
    simulator::{BotSimulator, EntryContent, PhoneLine, Simulator, telegram_account},
};

/// The age of the oldest sample data.
const BEGINNING: TimeDelta = TimeDelta::hours(52);

/// Creates missing tenants and users, sets new passwords and returns the users who can sign in.
pub(super) async fn seed(
    services: &Services,
    simulator: &Simulator,
    bots: &BotSimulator,
) -> Result<Vec<DemoLogin>> {
    let there = services.tenants.list().await?;
    if let Some(stranger) = there.iter().find(|t| COMPANIES.iter().all(|c| c.slug != t.slug.as_str())) {
        let text = format!(
            "the database holds the workspace {} already: the demo wants an empty database of its own",
            stranger.slug
        );
        return Err(AppError::internal(text));
    }
    let mut logins = Vec::new();
    for company in &COMPANIES {
        let known = there.iter().find(|tenant| tenant.slug.as_str() == company.slug);
        let administrator = password();
        let agent = password();
        match known {
            Some(tenant) => {
                for (user, password) in [(&company.administrator, &administrator), (&company.agent, &agent)] {
                    services.tenants.reset_password(tenant.id, &email(user)?, password.clone()).await?;
                }
            }
            None => found(services, (simulator, bots), company, &administrator, &agent).await?,
        }
        for (user, password) in [(&company.administrator, administrator), (&company.agent, agent)] {
            logins.push(DemoLogin { tenant: company.name, slug: company.slug, email: user.email, password });
        }
    }
    Ok(logins)
}

/// Checks the channels with the simulators, as their administrators would on the channels' pages, so that they are
/// confirmed.
pub(super) async fn confirm_channels(services: &Services) -> Result<()> {
    for company in &COMPANIES {
        let tenant = services.tenants.by_slug(company.slug).await?;
        let administrator = services.tenants.actor(tenant, &email(&company.administrator)?).await?;
        for (channel, _) in services.channels.list_with_secrets(administrator.tenant.id).await? {
            if channel.proven_at.is_none() {
                services.channels.test(&administrator, channel.id).await?;
            }
        }
    }
    Ok(())
}

fn password() -> SecretString {
    format!("{:012x}", rand::random::<u64>() >> 16).into()
}

fn email(user: &DemoUser) -> Result<Email> {
    field("email", Email::parse(user.email))
}

/// Unwraps a value of the sample data; an invalid one is an internal error.
fn field<T>(name: &'static str, parsed: Result<T, Problem>) -> Result<T> {
    parsed.map_err(|problem| AppError::from(FieldErrors::one(name, problem)))
}

async fn found(
    services: &Services,
    (simulator, bots): (&Simulator, &BotSimulator),
    company: &Company,
    password: &SecretString,
    agent: &SecretString,
) -> Result<()> {
    let new = NewTenant {
        slug: field("slug", company.slug.parse::<Slug>())?,
        name: company.name.to_owned(),
        locale: field("locale", company.locale.parse::<Locale>())?,
        time_zone: field("time_zone", "Asia/Tashkent".parse::<TimeZone>())?,
        country: Country::UZ,
    };
    let name =
        |user: &DemoUser| PersonName { first: user.first.to_owned(), last: Some(user.last.to_owned()) };
    let (address, administrator) = (email(&company.administrator)?, name(&company.administrator));
    let tenant = services.tenants.create(&new, &address, &administrator, password.clone()).await?;
    let (address, agent_name) = (email(&company.agent)?, name(&company.agent));
    services.tenants.create_user(tenant, &address, &agent_name, Role::Agent, agent.clone()).await?;
    let tenant = services.tenants.by_slug(company.slug).await?;
    let administrator = services.tenants.actor(tenant.clone(), &email(&company.administrator)?).await?;

    let number = field("number", PhoneNumber::parse_international(company.number))?;
    let mut account = FieldValues::default();
    account.set(twilio::ACCOUNT_SID, format!("AC{}", Uuid::new_v4().simple()));
    account.set(twilio::AUTH_TOKEN, Uuid::new_v4().simple().to_string());
    account.set(twilio::SMS_NUMBER, number.as_str());
    account.set(twilio::WHATSAPP_NUMBER, number.as_str());
    let channel = services.channels.connect_as_operator(tenant.id, &twilio::NAME, &account).await?;
    // A database of an earlier demo already has the bot, which is found by its id.
    let bot = format!("{}:{}", rand::random_range(1_000_000_000..7_000_000_000_i64), Uuid::new_v4().simple());
    bots.add_bot(&bot, company.bot);
    let mut token = FieldValues::default();
    token.set(telegram::BOT_TOKEN, bot);
    services.channels.connect_as_operator(tenant.id, &telegram::NAME, &token).await?;
    for (name, text) in company.templates {
        let new =
            NewTemplate { name: (*name).to_owned(), text: field("template", TemplateText::parse(text))? };
        services.templates.create(&administrator, &new).await?;
    }
    for [name, language, text, defaults] in company.approved {
        let body = field("body", WhatsappTemplateBody::parse(text))?;
        let new = NewWhatsappTemplate {
            name: (*name).to_owned(),
            content_sid: format!("HX{}", Uuid::new_v4().simple()),
            language: (*language).to_owned(),
            defaults: field("defaults", NewWhatsappTemplate::defaults(defaults, body.variables()))?,
            body,
        };
        services.whatsapp_templates.create(&administrator, channel, &new).await?;
    }
    let channels = services.channels.list_with_secrets(tenant.id).await?;
    let by = |transport| {
        let found = channels.iter().map(|(channel, _)| channel).find(|c| sender(c, transport).is_some());
        found.map(|channel| ChannelContext { tenant: tenant.clone(), channel: channel.clone() })
    };
    let writer = services.tenants.actor(tenant.clone(), &email(&company.agent)?).await?;
    // The first client in the list wrote last, so the order is reversed.
    for (index, scenario) in company.clients.iter().enumerate().rev() {
        let ago = BEGINNING + TimeDelta::minutes(47) * i32::try_from(index).unwrap_or(0);
        let context = by(scenario.by).ok_or(AppError::NotFound)?;
        play_scenario(services, (simulator, bots), &context, &writer, &administrator, scenario, ago).await?;
    }
    Ok(())
}

/// Returns the services with another clock.
fn at(services: &Services, clock: &Clock) -> Services {
    Services::new(Dependencies { clock: clock.clone(), ..services.dependencies().clone() })
}

async fn play_scenario(
    services: &Services,
    (simulator, bots): (&Simulator, &BotSimulator),
    context: &ChannelContext,
    writer: &Actor,
    administrator: &Actor,
    scenario: &ClientScenario,
    ago: TimeDelta,
) -> Result<()> {
    let now = services.dependencies().clock.now();
    let span = scenario.lines.iter().fold(TimeDelta::zero(), |span, line| span + duration(line));
    // Stories end close to the present, a few minutes apart.
    let last = (ago - BEGINNING) / 3 + TimeDelta::minutes(4);
    let clock = Clock::fixed(now - last - span);
    let then = at(services, &clock);
    let client = if scenario.by == Transport::Telegram {
        // The first message creates the client.
        None
    } else {
        let phone = field("phone", PhoneNumber::parse_international(scenario.phone))?;
        let builder = Client::builder(scenario.first).last_name(scenario.last).phone(phone);
        let new = match mail(scenario) {
            Some(email) => builder.email(email).build()?,
            None => builder.build()?,
        };
        Some(then.clients.create(administrator, &new).await?.id)
    };
    let phone = line_of(context, scenario);
    let phones = if scenario.by == Transport::Telegram { bots.phones() } else { simulator.phones() };
    let mut chat = None;
    for line in scenario.lines {
        clock.advance(duration(line));
        if let Some(what) = phone_entry(line) {
            phones.add(&phone, clock.now(), what);
        }
        let (text, status, code) = match line {
            Line::Later(_) => continue,
            Line::Client(text) => {
                chat = chat_of(then.inbound.receive(context, &inbound(scenario, text)).await?);
                continue;
            }
            Line::ClientFile(text, sample) => {
                let media = vec![sent(simulator, &then, context, *sample)?];
                let message = InboundMessage { media, ..inbound(scenario, text) };
                chat = chat_of(then.inbound.receive(context, &message).await?);
                continue;
            }
            Line::StaffFile(text, sample) => {
                let (name, _, content) = file(*sample)?;
                let mut uploads = then.files.uploads(writer)?;
                let content = futures_util::stream::iter([Ok(content.into())]);
                uploads.add(name, content, UPLOAD_LIMIT).await?;
                let reply = StaffReply { text, status: MessageStatus::Read, code: None, uploads };
                send_reply(&then, writer, (client, chat), scenario.by, reply).await?;
                continue;
            }
            Line::Tomorrow(text, hour) => {
                let outgoing = OutgoingMessage {
                    scheduled_at: Some(tomorrow(writer, *hour, now)?),
                    ..outgoing(text, scenario.by)?
                };
                let chat = opened(&then, writer, (client, chat)).await?;
                then.chats.send(writer, chat.id, outgoing).await?;
                continue;
            }
            Line::Staff(text) => (text, MessageStatus::Read, None),
            Line::Delivered(text) => (text, MessageStatus::Delivered, None),
            Line::Failed(text, code) => (text, MessageStatus::Failed, Some(*code)),
        };
        let uploads = then.files.uploads(writer)?;
        send_reply(&then, writer, (client, chat), scenario.by, StaffReply { text, status, code, uploads })
            .await?;
    }
    Ok(())
}

/// The line between a client's phone and the channel.
fn line_of(context: &ChannelContext, scenario: &ClientScenario) -> PhoneLine {
    let address = match scenario.by {
        Transport::Telegram => telegram_account(scenario.phone).to_string(),
        _ => scenario.phone.to_owned(),
    };
    PhoneLine { account: context.channel.account.clone(), transport: scenario.by, address }
}

/// The entry that a line of a story adds to the client's phone.
fn phone_entry(line: &Line) -> Option<EntryContent> {
    let wrote = |text: &str, files| EntryContent::Sent { text: text.to_owned(), files };
    let got = |text: &str, files| EntryContent::Received {
        id: String::new(),
        text: text.to_owned(),
        files,
        status: None,
    };
    let name = |sample: Sample| match sample {
        Sample::Photo(name) | Sample::Document(name) => vec![name.to_owned()],
    };
    Some(match line {
        Line::Client(text) => wrote(text, Vec::new()),
        Line::ClientFile(text, sample) => wrote(text, name(*sample)),
        Line::Staff(text) | Line::Delivered(text) => got(text, Vec::new()),
        Line::StaffFile(text, sample) => got(text, name(*sample)),
        Line::Failed(..) | Line::Later(_) | Line::Tomorrow(..) => return None,
    })
}

/// An e-mail address for clients who use SMS and whose names are in Latin script.
fn mail(scenario: &ClientScenario) -> Option<Email> {
    let local = fold(&format!("{}.{}", scenario.first, scenario.last));
    let plain = local.is_ascii() && !local.contains([' ', '\'']) && scenario.by == Transport::Sms;
    Email::parse(&format!("{}@example.com", local.trim_end_matches('.'))).ok().filter(|_| plain)
}

fn duration(line: &Line) -> TimeDelta {
    match line {
        Line::Later(hours) => TimeDelta::hours(*hours),
        Line::Tomorrow(..) => TimeDelta::zero(),
        Line::Client(_) | Line::ClientFile(..) => TimeDelta::minutes(3),
        Line::Staff(_) | Line::StaffFile(..) | Line::Delivered(_) | Line::Failed(..) => TimeDelta::minutes(5),
    }
}

fn inbound(scenario: &ClientScenario, text: &str) -> InboundMessage {
    let id = Uuid::new_v4().simple().to_string();
    let text = MessageText::from_provider(text);
    if scenario.by == Transport::Telegram {
        let account = telegram_account(scenario.phone);
        return InboundMessage {
            profile_name: Some(scenario.first.to_owned()),
            last_name: Some(scenario.last.to_owned()),
            username: Some(scenario.phone.to_owned()),
            ..InboundMessage::new(format!("{account}.{id}"), scenario.by, account.to_string(), text)
        };
    }
    InboundMessage {
        profile_name: (scenario.by == Transport::Whatsapp).then(|| scenario.first.to_owned()),
        ..InboundMessage::new(format!("SM{id}"), scenario.by, scenario.phone.to_owned(), text)
    }
}

fn chat_of(received: Received) -> Option<ChatId> {
    match received {
        Received::Stored { chat, .. } => Some(chat),
        _ => None,
    }
}

/// The name, type and content of a sample file.
fn file(sample: Sample) -> Result<(&'static str, &'static str, Vec<u8>)> {
    Ok(match sample {
        Sample::Photo(name) => (name, "image/jpeg", samples::photo()?),
        Sample::Document(name) => (name, "application/pdf", samples::pdf(name)),
    })
}

/// Stores a client's file in the simulator, from where the worker fetches it.
fn sent(
    simulator: &Simulator,
    services: &Services,
    context: &ChannelContext,
    sample: Sample,
) -> Result<InboundMedia> {
    let (name, content_type, content) = file(sample)?;
    let path = simulator.store_media(&context.channel.account, name, content_type, content, 0);
    let url = services.dependencies().api_urls.get(&twilio::NAME).join(&path).map_err(AppError::internal)?;
    Ok(InboundMedia { url: url.to_string(), content_type: content_type.to_owned(), name: name.to_owned() })
}

/// Returns the client's chat, or the one that the client's first message creates.
async fn opened(
    then: &Services,
    writer: &Actor,
    (client, chat): (Option<ClientId>, Option<ChatId>),
) -> Result<Chat> {
    match (client, chat) {
        (Some(client), _) => Ok(then.chats.open(writer, client).await?.0),
        (None, Some(chat)) => then.chats.find(writer, chat).await,
        (None, None) => Err(AppError::NotFound),
    }
}

fn outgoing(text: &str, by: Transport) -> Result<OutgoingMessage> {
    let text = field("message", MessageText::parse(text))?;
    Ok(OutgoingMessage { text, transport: Some(by), ..OutgoingMessage::default() })
}

/// An hour of tomorrow in the tenant's time zone.
fn tomorrow(writer: &Actor, hour: i64, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let zone = writer.tenant.time_zone;
    let day = zone.local(now).date_naive() + Days::new(1);
    field("scheduled_at", zone.to_utc(day.and_time(NaiveTime::MIN) + TimeDelta::hours(hour)))
}

/// A reply of a user and its final delivery status.
struct StaffReply<'a> {
    text: &'a str,
    status: MessageStatus,
    code: Option<&'a str>,
    uploads: Uploads,
}

/// Marks the chat as read and sends a reply, with its final delivery status set at once.
async fn send_reply(
    then: &Services,
    writer: &Actor,
    (client, chat): (Option<ClientId>, Option<ChatId>),
    by: Transport,
    reply: StaffReply<'_>,
) -> Result<()> {
    let StaffReply { text, status, code, uploads } = reply;
    let reports = |provider: &Registration| provider.capabilities.reports_delivery;
    let reported =
        registrations().any(|provider| provider.capabilities.of(by).is_some() && reports(provider));
    let status = if reported { status } else { MessageStatus::Sent };
    let chat = opened(then, writer, (client, chat)).await?;
    if let Some(last) = chat.last_message {
        then.chats.mark_read(writer, chat.id, last.id).await?;
    }
    let message = then.chats.send_files(writer, chat.id, outgoing(text, by)?, uploads).await?;
    let at: DateTime<Utc> = then.dependencies().clock.now() + TimeDelta::seconds(2);
    let mut tx = then.dependencies().database.begin(writer.tenant.id).await?;
    tx.deliveries_mut().remove(message.id).await?;
    let failure = code.map(|code| Failure { code: code.to_owned(), detail: None });
    let provider_id = Some(Uuid::new_v4().simple().to_string());
    tx.messages_mut().update_status(message.id, &StatusChange { status, failure, provider_id, at }).await?;
    tx.chats_mut().update_last_message_status(chat.id, message.id, status).await?;
    tx.commit().await
}
