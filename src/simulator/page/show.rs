//! The page of a client's phone, with a list of clients and the provider's behaviour.

use std::{borrow::Cow, fmt::Write as _};

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{Client, ContactType, SearchTerms, Transport},
    error::{AppError, Result},
    persistence::{ClientFilter, ClientSort, PageRequest},
    presentation::{
        http::{context::Ctx, extract::Format, fields::Fields, form::Form, routes},
        ui::{
            i18n::I18n,
            layout::{Layout, initials, page},
        },
    },
    services::{Phone, REPORTABLE_STATUSES, SIMULATED_TRANSPORTS},
    simulator::{EntryContent, PhoneEntry, SimulatedOutcome, page::paths},
};

/// The maximum number of clients in the list.
const MAX_CLIENTS: i64 = 100;

/// The JSON representation of a phone.
#[derive(Serialize)]
pub(super) struct PhoneView {
    transport: &'static str,
    from: String,
    entries: Vec<EntryView>,
    play: &'static str,
    code: Option<u32>,
    seconds: Option<u32>,
    once: bool,
}

#[derive(Serialize)]
struct EntryView {
    kind: &'static str,
    id: Option<String>,
    text: String,
    files: Vec<FileView>,
    status: Option<String>,
    at: chrono::DateTime<chrono::Utc>,
}

#[derive(Serialize)]
struct FileView {
    name: String,
    url: Option<String>,
    #[serde(skip)]
    picture: bool,
}

impl PhoneView {
    fn new(phone: Phone, i18n: I18n) -> Self {
        let behaviour = phone.behaviour;
        let pictures = phone.pictures;
        let entry = |entry: PhoneEntry| EntryView::new(entry, &pictures, i18n);
        Self {
            transport: phone.transport.as_str(),
            from: phone.from,
            entries: phone.entries.into_iter().map(entry).collect(),
            play: behaviour.outcome.as_str(),
            code: behaviour.code,
            seconds: behaviour.seconds,
            once: behaviour.once,
        }
    }
}

impl EntryView {
    fn new(entry: PhoneEntry, pictures: &[String], i18n: I18n) -> Self {
        let at = entry.at;
        let (kind, id, text, files, status) = match entry.content {
            EntryContent::Sent { text, files } => ("wrote", None, text, files, None),
            // Messages of the demo's stories have no id at the provider.
            EntryContent::Received { id, text, files, status } => {
                ("got", Some(id).filter(|id| !id.is_empty()), text, files, status)
            }
            EntryContent::Rejected(play) => {
                ("turned", None, String::new(), Vec::new(), Some(play.as_str().to_owned()))
            }
        };
        let file = |(index, name): (usize, String)| {
            if !name.starts_with("http") {
                return FileView { name, url: None, picture: false };
            }
            let picture = pictures.contains(&name);
            let label = i18n.args("phone-file", &[("number", (index + 1).to_string().into())]);
            FileView { name: label.into_owned(), url: Some(name), picture }
        };
        let files = files.into_iter().enumerate().map(file).collect();
        Self { kind, id, text, files, status, at }
    }
}

/// A client whose phone can be played.
struct Person {
    name: String,
    initials: String,
    from: String,
    href: String,
    current: bool,
}

/// A tab for a transport.
struct Tab {
    transport: &'static str,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "simulator/page.html")]
struct ShowPage {
    layout: Layout,
    tabs: Vec<Tab>,
    transport: &'static str,
    query: String,
    people: Vec<Person>,
    holder: String,
    phone: Option<PhoneView>,
    plays: Vec<(&'static str, Cow<'static, str>)>,
    reports: &'static [&'static str],
    form: Form,
    answered: Option<u16>,
}

/// Shows a phone.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    if ctx.format == Format::Json {
        let actor = &ctx.actor;
        let connected = ctx.services().simulator.transports(actor).await?;
        let transport = transport(&ctx.query, &connected)?;
        let phone = ctx.services().simulator.phone(actor, transport, ctx.query.text_or_empty("from")).await?;
        return Ok(Json(PhoneView::new(phone, ctx.i18n)).into_response());
    }
    render(&ctx, &ctx.query, StatusCode::OK, Form::default()).await
}

/// Renders the page of the phone in the fields, with the values of a rejected form.
pub(super) async fn render(ctx: &Ctx, fields: &Fields, status: StatusCode, form: Form) -> Result<Response> {
    let actor = &ctx.actor;
    let simulator = &ctx.services().simulator;
    let connected = simulator.transports(actor).await?;
    let transport = transport(fields, &connected)?;
    let from = fields.text_or_empty("from").trim();
    let mut form = form;
    let phone = match simulator.phone(actor, transport, from).await {
        Ok(phone) => Some(phone),
        Err(AppError::Invalid(_)) if from.is_empty() || !connected.contains(&transport) => None,
        Err(error @ AppError::Invalid(_)) => {
            form.add_errors(&error, ctx.i18n);
            None
        }
        Err(error) => return Err(error),
    };
    let from = phone.as_ref().map_or_else(|| from.to_owned(), |phone| phone.from.clone());
    let filter =
        ClientFilter { terms: SearchTerms::parse(fields.text_or_empty("q")), ..ClientFilter::default() };
    let request = PageRequest { page: 1, limit: MAX_CLIENTS };
    let clients = ctx.services().clients.list(actor, &filter, ClientSort::Newest, request).await?;
    let layout = Layout::new(ctx, paths::Simulator::PATTERN, clients.frame);
    let mut people: Vec<_> =
        clients.content.items.iter().filter_map(|client| Person::new(client, transport, &from)).collect();
    people.sort_by_key(|person| !person.current);
    let holder = people.iter().find(|person| person.current).map_or(from.clone(), |p| p.name.clone());
    let tab = |one: &Transport| Tab {
        transport: one.as_str(),
        href: address(*one, "", None),
        current: *one == transport,
    };
    let answered = fields.text("answered").and_then(|status| status.parse().ok());
    let play = |play: &SimulatedOutcome| (play.as_str(), layout.t.get(behaviour_key(*play, transport)));
    page(
        status,
        &ShowPage {
            tabs: connected.iter().map(tab).collect(),
            transport: transport.as_str(),
            query: fields.text_or_empty("q").to_owned(),
            people,
            holder,
            phone: phone.map(|phone| PhoneView::new(phone, layout.t)),
            plays: SimulatedOutcome::available_for(transport).iter().map(play).collect(),
            reports: if transport == Transport::Telegram { &[] } else { &REPORTABLE_STATUSES },
            form,
            answered: answered.filter(|status| !(200..300).contains(status)),
            layout,
        },
    )
}

impl Person {
    fn new(client: &Client, transport: Transport, from: &str) -> Option<Self> {
        let contact = |kind: ContactType, wanted: fn(&str) -> bool| {
            let mut values = client.contacts.iter().filter(|contact| contact.kind == kind);
            values.find(|contact| wanted(&contact.value)).map(|contact| contact.value.clone())
        };
        let phone = || client.data().phone().map(ToString::to_string);
        let number = |text: &str| text.starts_with('+');
        let own = match transport {
            Transport::Telegram => contact(ContactType::Telegram, |text| text.parse::<i64>().is_err())
                .or_else(|| contact(ContactType::Telegram, |_| true)),
            Transport::Whatsapp => contact(ContactType::Whatsapp, number)
                .or_else(phone)
                .or_else(|| contact(ContactType::Phone, number)),
            _ => phone().or_else(|| contact(ContactType::Phone, number)),
        }?;
        let name = client.data().full_name();
        let href = address(transport, &own, None);
        Some(Self { initials: initials(&name), current: own == from, name, href, from: own })
    }
}

/// The transport in the fields; the first connected one if none is named.
pub(super) fn transport(fields: &Fields, connected: &[Transport]) -> Result<Transport> {
    match fields.text("transport") {
        Some(text) => text.parse().map_err(|problem| AppError::invalid("transport", problem)),
        None => Ok(connected.first().copied().unwrap_or(SIMULATED_TRANSPORTS[0])),
    }
}

/// The address of a phone's page, with the status of the answer if it was not a success.
pub(super) fn address(transport: Transport, from: &str, answered: Option<u16>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("transport", transport.as_str());
    if !from.is_empty() {
        query.append_pair("from", from);
    }
    let mut address = format!("{}?{}", paths::Simulator, query.finish());
    if let Some(status) = answered.filter(|status| !(200..300).contains(status)) {
        // Writing to a string does not fail.
        let _ = write!(address, "&answered={status}");
    }
    address
}

/// The translation key of an outcome; a refusal by Telegram means that the client blocked the bot.
fn behaviour_key(outcome: SimulatedOutcome, transport: Transport) -> String {
    match (outcome, transport) {
        (SimulatedOutcome::Refused | SimulatedOutcome::Deliver, Transport::Telegram) => {
            format!("play-telegram-{}", outcome.as_str())
        }
        _ => format!("play-{}", outcome.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_translation() {
        let i18n = I18n::default();
        for transport in SIMULATED_TRANSPORTS {
            for play in SimulatedOutcome::available_for(transport) {
                let key = behaviour_key(*play, transport);
                assert!(i18n.has(&key), "{key}");
                assert!(play.is_accepted() || i18n.has(&format!("turned-{}", play.as_str())), "{play:?}");
            }
        }
        for report in REPORTABLE_STATUSES.iter().chain(&["queued"]) {
            assert!(i18n.has(&format!("report-{report}")), "{report}");
        }
    }
}
