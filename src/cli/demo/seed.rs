//! Fills an empty database with the demo's companies, through the same use cases that serve real ones, with a clock
//! that is turned back to where their stories begin.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use crate::cli::demo::{
    Guest, samples,
    stories::{COMPANIES, ClientStory, Company, Line, Person, Sample},
};
use crate::{
    domain::{
        ApprovedBody, Chat, ChatId, Client, ClientId, Country, Email, Failure, FieldErrors, Locale,
        MessageStatus, MessageText, NewApprovedTemplate, NewTemplate, NewTenant, PersonName, PhoneNumber,
        Problem, Role, Slug, TemplateText, TimeZone, Transport, UPLOAD_LIMIT, fold,
    },
    error::{AppError, Result},
    persistence::{InboundMedia, StatusReport},
    providers::sender,
    services::{
        Actor, ChannelContext, Clock, Foundation, InboundMessage, NewTwilioChannel, Outgoing, Received,
        Services, Uploads,
    },
    simulator::{BotSimulator, Line as Phoned, Simulator, What, telegram_account},
};

/// How long ago the longest story begins.
const BEGINNING: TimeDelta = TimeDelta::hours(52);

/// Makes what is not there yet, gives everyone a new password, and says who can sign in.
pub(super) async fn plant(
    services: &Services,
    simulator: &Simulator,
    bots: &BotSimulator,
) -> Result<Vec<Guest>> {
    let there = services.tenants.list().await?;
    if let Some(stranger) = there.iter().find(|t| COMPANIES.iter().all(|c| c.slug != t.slug.as_str())) {
        let text = format!(
            "the database holds the workspace {} already: the demo wants an empty database of its own",
            stranger.slug
        );
        return Err(AppError::internal(text));
    }
    let mut guests = Vec::new();
    for company in &COMPANIES {
        let known = there.iter().find(|tenant| tenant.slug.as_str() == company.slug);
        let administrator = password();
        let agent = password();
        match known {
            Some(tenant) => {
                for (person, password) in [(&company.administrator, &administrator), (&company.agent, &agent)]
                {
                    services.tenants.reset_password(tenant.id, &email(person)?, password.clone()).await?;
                }
            }
            None => found(services, (simulator, bots), company, &administrator, &agent).await?,
        }
        for (person, password) in [(&company.administrator, administrator), (&company.agent, agent)] {
            guests.push(Guest { tenant: company.name, slug: company.slug, email: person.email, password });
        }
    }
    Ok(guests)
}

fn password() -> SecretString {
    format!("{:012x}", rand::random::<u64>() >> 16).into()
}

fn email(person: &Person) -> Result<Email> {
    field("email", Email::parse(person.email))
}

/// A value of a story that must be valid: the stories are ours.
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
        |person: &Person| PersonName { first: person.first.to_owned(), last: Some(person.last.to_owned()) };
    let (address, administrator) = (email(&company.administrator)?, name(&company.administrator));
    let tenant = services.tenants.create(&new, &address, &administrator, password.clone()).await?;
    let (address, agent_name) = (email(&company.agent)?, name(&company.agent));
    services.tenants.create_user(tenant, &address, &agent_name, Role::Agent, agent.clone()).await?;
    let tenant = services.tenants.by_slug(company.slug).await?;
    let administrator = services.tenants.actor(tenant.clone(), &email(&company.administrator)?).await?;

    let number = field("number", PhoneNumber::parse_e164(company.number))?;
    let channel = services
        .channels
        .add_twilio(
            tenant.id,
            NewTwilioChannel {
                account_sid: format!("AC{}", Uuid::new_v4().simple()),
                auth_token: Uuid::new_v4().simple().to_string().into(),
                sms_number: Some(number.to_string()),
                whatsapp_number: Some(number),
                messaging_service_sid: None,
            },
        )
        .await?;
    // It is found by its number when an earlier demo's database is used again.
    let bot = format!("{}:{}", rand::random_range(1_000_000_000..7_000_000_000_i64), Uuid::new_v4().simple());
    bots.add_bot(&bot, company.bot);
    services.channels.connect_bot(tenant.id, bot.into()).await?;
    for (name, text) in company.templates {
        let new =
            NewTemplate { name: (*name).to_owned(), text: field("template", TemplateText::parse(text))? };
        services.templates.create(&administrator, &new).await?;
    }
    for [name, language, text, defaults] in company.approved {
        let body = field("body", ApprovedBody::parse(text))?;
        let new = NewApprovedTemplate {
            name: (*name).to_owned(),
            content_sid: format!("HX{}", Uuid::new_v4().simple()),
            language: (*language).to_owned(),
            defaults: field("defaults", NewApprovedTemplate::defaults(defaults, body.variables()))?,
            body,
        };
        services.approved.create(&administrator, channel, &new).await?;
    }
    let channels = services.channels.with_secrets(tenant.id).await?;
    let by = |transport| {
        let found = channels.iter().map(|(channel, _)| channel).find(|c| sender(c, transport).is_some());
        found.map(|channel| ChannelContext { tenant: tenant.clone(), channel: channel.clone() })
    };
    let writer = services.tenants.actor(tenant.clone(), &email(&company.agent)?).await?;
    // The first in the list is the one who wrote last.
    for (index, story) in company.clients.iter().enumerate().rev() {
        let ago = BEGINNING + TimeDelta::minutes(47) * i32::try_from(index).unwrap_or(0);
        let context = by(story.by).ok_or(AppError::NotFound)?;
        tell(services, (simulator, bots), &context, &writer, &administrator, story, ago).await?;
    }
    Ok(())
}

/// The use cases at another time.
fn at(services: &Services, clock: &Clock) -> Services {
    Services::new(Foundation { clock: clock.clone(), ..services.foundation().clone() })
}

async fn tell(
    services: &Services,
    (simulator, bots): (&Simulator, &BotSimulator),
    context: &ChannelContext,
    writer: &Actor,
    administrator: &Actor,
    story: &ClientStory,
    ago: TimeDelta,
) -> Result<()> {
    let now = services.foundation().clock.now();
    let span = story.said.iter().fold(TimeDelta::zero(), |span, line| span + duration(line));
    // Stories end in the present, a little apart from each other.
    let last = (ago - BEGINNING) / 3 + TimeDelta::minutes(4);
    let clock = Clock::fixed(now - last - span);
    let then = at(services, &clock);
    let client = if story.by == Transport::Telegram {
        // Known since they first wrote.
        None
    } else {
        let phone = field("phone", PhoneNumber::parse_e164(story.phone))?;
        let builder = Client::builder(story.first).last_name(story.last).phone(phone);
        let new = match mail(story) {
            Some(email) => builder.email(email).build()?,
            None => builder.build()?,
        };
        Some(then.clients.create(administrator, &new).await?.id)
    };
    let phone = line_of(context, story);
    let phones = if story.by == Transport::Telegram { bots.phones() } else { simulator.phones() };
    let mut chat = None;
    for line in story.said {
        clock.advance(duration(line));
        if let Some(what) = on_phone(line) {
            phones.note(&phone, clock.now(), what);
        }
        let (text, status, code) = match line {
            Line::Later(_) => continue,
            Line::Client(text) => {
                chat = chat_of(then.inbound.receive(context, &inbound(story, text)).await?);
                continue;
            }
            Line::ClientFile(text, sample) => {
                let media = vec![sent(simulator, &then, context, *sample)?];
                let message = InboundMessage { media, ..inbound(story, text) };
                chat = chat_of(then.inbound.receive(context, &message).await?);
                continue;
            }
            Line::StaffFile(text, sample) => {
                let (name, _, content) = file(*sample)?;
                let mut uploads = then.files.uploads(writer)?;
                let content = futures_util::stream::iter([Ok(content.into())]);
                uploads.take(name, content, UPLOAD_LIMIT).await?;
                let said = Said { text, status: MessageStatus::Read, code: None, uploads };
                say(&then, writer, (client, chat), story.by, said).await?;
                continue;
            }
            Line::Tomorrow(text, hour) => {
                let outgoing = Outgoing {
                    scheduled_at: Some(tomorrow(writer, *hour, now)?),
                    ..outgoing(text, story.by)?
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
        say(&then, writer, (client, chat), story.by, Said { text, status, code, uploads }).await?;
    }
    Ok(())
}

/// The line between a client's phone and the channel.
fn line_of(context: &ChannelContext, story: &ClientStory) -> Phoned {
    let address = match story.by {
        Transport::Telegram => telegram_account(story.phone).to_string(),
        _ => story.phone.to_owned(),
    };
    Phoned { account: context.channel.account_sid.clone(), transport: story.by, address }
}

/// What a line of a story leaves on the client's phone.
fn on_phone(line: &Line) -> Option<What> {
    let wrote = |text: &str, files| What::Wrote { text: text.to_owned(), files };
    let got = |text: &str, files| What::Got { id: String::new(), text: text.to_owned(), files, status: None };
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

/// An address for those who write by SMS and whose name can be spelled in one.
fn mail(story: &ClientStory) -> Option<Email> {
    let local = fold(&format!("{}.{}", story.first, story.last));
    let plain = local.is_ascii() && !local.contains([' ', '\'']) && story.by == Transport::Sms;
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

fn inbound(story: &ClientStory, text: &str) -> InboundMessage {
    let id = Uuid::new_v4().simple().to_string();
    let text = MessageText::from_provider(text);
    if story.by == Transport::Telegram {
        let account = telegram_account(story.phone);
        return InboundMessage {
            profile_name: Some(story.first.to_owned()),
            last_name: Some(story.last.to_owned()),
            username: Some(story.phone.to_owned()),
            ..InboundMessage::new(format!("{account}.{id}"), story.by, account.to_string(), text)
        };
    }
    InboundMessage {
        profile_name: (story.by == Transport::Whatsapp).then(|| story.first.to_owned()),
        ..InboundMessage::new(format!("SM{id}"), story.by, story.phone.to_owned(), text)
    }
}

fn chat_of(received: Received) -> Option<ChatId> {
    match received {
        Received::Stored { chat, .. } => Some(chat),
        _ => None,
    }
}

/// A file's name, type and content.
fn file(sample: Sample) -> Result<(&'static str, &'static str, Vec<u8>)> {
    Ok(match sample {
        Sample::Photo(name) => (name, "image/jpeg", samples::photo()?),
        Sample::Document(name) => (name, "application/pdf", samples::pdf(name)),
    })
}

/// A file that a client sent is at the simulator, until the worker fetches it.
fn sent(
    simulator: &Simulator,
    services: &Services,
    context: &ChannelContext,
    sample: Sample,
) -> Result<InboundMedia> {
    let (name, content_type, content) = file(sample)?;
    let path = simulator.keep_medium(&context.channel.account_sid, name, content_type, content, 0);
    let url = services.foundation().twilio_api_url.join(&path).map_err(AppError::internal)?;
    Ok(InboundMedia { url: url.to_string(), content_type: content_type.to_owned(), name: name.to_owned() })
}

/// The chat of a client, or the one that their first message made.
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

fn outgoing(text: &str, by: Transport) -> Result<Outgoing> {
    let text = field("message", MessageText::parse(text))?;
    Ok(Outgoing { text, transport: Some(by), ..Outgoing::default() })
}

/// An hour of tomorrow, where the company is.
fn tomorrow(writer: &Actor, hour: i64, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let zone = writer.tenant.time_zone;
    let day = zone.local(now).date_naive() + Days::new(1);
    field("scheduled_at", zone.moment(day.and_time(NaiveTime::MIN) + TimeDelta::hours(hour)))
}

/// What staff answer, and what became of it.
struct Said<'a> {
    text: &'a str,
    status: MessageStatus,
    code: Option<&'a str>,
    uploads: Uploads,
}

/// Staff have read what came, and answer; what became of the answer is known already.
async fn say(
    then: &Services,
    writer: &Actor,
    (client, chat): (Option<ClientId>, Option<ChatId>),
    by: Transport,
    said: Said<'_>,
) -> Result<()> {
    let Said { text, status, code, uploads } = said;
    // Telegram tells bots no more than that it took a message.
    let status = if by == Transport::Telegram { MessageStatus::Sent } else { status };
    let chat = opened(then, writer, (client, chat)).await?;
    if let Some(last) = chat.last_message {
        then.chats.read(writer, chat.id, last.id).await?;
    }
    let message = then.chats.send_files(writer, chat.id, outgoing(text, by)?, uploads).await?;
    let at: DateTime<Utc> = then.foundation().clock.now() + TimeDelta::seconds(2);
    let mut tx = then.foundation().database.begin(writer.tenant.id).await?;
    tx.deliveries().remove(message.id).await?;
    let failure = code.map(|code| Failure { code: code.to_owned(), detail: None });
    let provider_id = Some(Uuid::new_v4().simple().to_string());
    tx.messages().report(message.id, &StatusReport { status, failure, provider_id, at }).await?;
    tx.chats().follow_status(chat.id, message.id, status).await?;
    tx.commit().await
}
