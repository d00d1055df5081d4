//! A client's phone, who could hold it, and how the provider behaves.

use std::{borrow::Cow, fmt::Write as _};

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::{
    domain::{Client, ContactType, SearchTerms, Transport},
    error::{AppError, Result},
    persistence::{ClientFilter, ClientSort, PageRequest},
    presentation::{
        AppState,
        http::{
            extract::{Format, Query, SignedIn},
            fields::Fields,
            form::Form,
            routes,
        },
        ui::{
            i18n::Texts,
            layout::{Layout, initials, page},
        },
    },
    services::{PLAYED, Phone, REPORTS},
    simulator::{Entry, Play, What},
};

/// People who are offered.
const MOST_PEOPLE: i64 = 100;

/// What programs see of a phone.
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
    fn new(phone: Phone, texts: Texts) -> Self {
        let orders = phone.orders;
        let pictures = phone.pictures;
        let entry = |entry: Entry| EntryView::new(entry, &pictures, texts);
        Self {
            transport: phone.transport.as_str(),
            from: phone.from,
            entries: phone.entries.into_iter().map(entry).collect(),
            play: orders.play.as_str(),
            code: orders.code,
            seconds: orders.seconds,
            once: orders.once,
        }
    }
}

impl EntryView {
    fn new(entry: Entry, pictures: &[String], texts: Texts) -> Self {
        let at = entry.at;
        let (kind, id, text, files, status) = match entry.what {
            What::Wrote { text, files } => ("wrote", None, text, files, None),
            // What a demo's story put there has no name at the provider.
            What::Got { id, text, files, status } => {
                ("got", Some(id).filter(|id| !id.is_empty()), text, files, status)
            }
            What::Turned(play) => ("turned", None, String::new(), Vec::new(), Some(play.as_str().to_owned())),
        };
        let file = |(index, name): (usize, String)| {
            if !name.starts_with("http") {
                return FileView { name, url: None, picture: false };
            }
            let picture = pictures.contains(&name);
            let label = texts.args("phone-file", &[("number", (index + 1).to_string().into())]);
            FileView { name: label.into_owned(), url: Some(name), picture }
        };
        let files = files.into_iter().enumerate().map(file).collect();
        Self { kind, id, text, files, status, at }
    }
}

/// Someone whose phone could be played.
struct Person {
    name: String,
    initials: String,
    from: String,
    href: String,
    current: bool,
}

/// A transport.
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

/// The page.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Query(query): Query,
) -> Result<Response> {
    if format == Format::Json {
        let actor = &signed_in.actor;
        let connected = state.services.simulator.transports(actor).await?;
        let transport = transport(&query, &connected)?;
        let phone = state.services.simulator.phone(actor, transport, query.typed("from")).await?;
        return Ok(Json(PhoneView::new(phone, Texts::new(actor.locale()))).into_response());
    }
    render(&state, &signed_in, &query, StatusCode::OK, Form::default()).await
}

/// The page of the phone that the fields name, with a form that came back.
pub(super) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    fields: &Fields,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let simulator = &state.services.simulator;
    let connected = simulator.transports(actor).await?;
    let transport = transport(fields, &connected)?;
    let layout = Layout::new(state, signed_in, crate::simulator::page::NAME, None).await?;
    let from = fields.typed("from").trim();
    let mut form = form;
    let phone = match simulator.phone(actor, transport, from).await {
        Ok(phone) => Some(phone),
        Err(AppError::Invalid(_)) if from.is_empty() || !connected.contains(&transport) => None,
        Err(error @ AppError::Invalid(_)) => {
            form.refuse(&error, layout.t);
            None
        }
        Err(error) => return Err(error),
    };
    let from = phone.as_ref().map_or_else(|| from.to_owned(), |phone| phone.from.clone());
    let filter = ClientFilter { terms: SearchTerms::parse(fields.typed("q")), ..ClientFilter::default() };
    let request = PageRequest { page: 1, limit: MOST_PEOPLE };
    let clients = state.services.clients.list(actor, &filter, ClientSort::Newest, request).await?;
    let mut people: Vec<_> =
        clients.items.iter().filter_map(|client| Person::new(client, transport, &from)).collect();
    people.sort_by_key(|person| !person.current);
    let holder = people.iter().find(|person| person.current).map_or(from.clone(), |p| p.name.clone());
    let tab = |one: &Transport| Tab {
        transport: one.as_str(),
        href: address(*one, "", None),
        current: *one == transport,
    };
    let answered = fields.text("answered").and_then(|status| status.parse().ok());
    let play = |play: &Play| (play.as_str(), layout.t.get(play_key(*play, transport)));
    page(
        status,
        &ShowPage {
            tabs: connected.iter().map(tab).collect(),
            transport: transport.as_str(),
            query: fields.typed("q").to_owned(),
            people,
            holder,
            phone: phone.map(|phone| PhoneView::new(phone, layout.t)),
            plays: Play::by(transport).iter().map(play).collect(),
            reports: if transport == Transport::Telegram { &[] } else { &REPORTS },
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

/// The transport that is meant: the first that is connected where none is named.
pub(super) fn transport(fields: &Fields, connected: &[Transport]) -> Result<Transport> {
    match fields.text("transport") {
        Some(text) => text.parse().map_err(|problem| AppError::invalid("transport", problem)),
        None => Ok(connected.first().copied().unwrap_or(PLAYED[0])),
    }
}

/// The address of a phone's page, which says what was answered when that was no success.
pub(super) fn address(transport: Transport, from: &str, answered: Option<u16>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("transport", transport.as_str());
    if !from.is_empty() {
        query.append_pair("from", from);
    }
    let mut address = format!("{}?{}", routes::Simulator, query.finish());
    if let Some(status) = answered.filter(|status| !(200..300).contains(status)) {
        // Writing to a string does not fail.
        let _ = write!(address, "&answered={status}");
    }
    address
}

/// The key of what a play is called; who refuses by Telegram has blocked the bot.
fn play_key(play: Play, transport: Transport) -> String {
    match (play, transport) {
        (Play::Refused | Play::Deliver, Transport::Telegram) => format!("play-telegram-{}", play.as_str()),
        _ => format!("play-{}", play.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_provider_can_do_has_a_name() {
        let texts = Texts::default();
        for transport in PLAYED {
            for play in Play::by(transport) {
                let key = play_key(*play, transport);
                assert!(texts.has(&key), "{key}");
                assert!(play.is_taken() || texts.has(&format!("turned-{}", play.as_str())), "{play:?}");
            }
        }
        for report in REPORTS.iter().chain(&["queued"]) {
            assert!(texts.has(&format!("report-{report}")), "{report}");
        }
    }
}
