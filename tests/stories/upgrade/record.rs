//! Records the fixtures: fills a database with a release, kills the process during its work, dumps the database, and
//! records the responses of the release.
//!
//! The release is the program that `ALOQA_UPGRADE_BINARY` names, else the one of this build.

use std::{env, fs, time::Duration};

use chrono::Utc;
use serde_json::{Value, json};

use super::{
    dump::dump,
    fill::{self, COMPANIES, Caller},
    fixture::{Fixture, copy_files, load},
    shown::{Page, Shown, Workspace},
};
use crate::support::{
    Engine,
    database::{SchemaState, TestDatabase},
    event_stream,
    process::program::Installation,
    requirements::Requirement,
    world::SECRET_KEY,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "overwrites the fixtures: scripts/upgrade-fixtures"]
async fn record_sqlite() {
    record(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "overwrites the fixtures: scripts/upgrade-fixtures"]
async fn record_postgres() {
    assert!(Requirement::Postgres.is_available(), "{}", Requirement::Postgres.instructions());
    record(Engine::Postgres).await;
}

/// An installation of the release, with the secret key of the tests.
fn installation(url: &str) -> Installation {
    let mut aloqa = Installation::new(Some(url));
    if let Some(binary) = env::var_os("ALOQA_UPGRADE_BINARY") {
        aloqa.binary = binary.into();
    }
    fs::create_dir_all(aloqa.data()).unwrap();
    fs::write(aloqa.data().join("secret.key"), SECRET_KEY).unwrap();
    aloqa
}

async fn record(engine: Engine) {
    let place = TestDatabase::new(engine, SchemaState::Empty).await;
    let aloqa = installation(&place.url());
    let mut workspaces = fill_and_kill(&aloqa).await;
    let text = dump(engine, &place.url()).await;

    // A second process on a copy gives the responses, so that the dump and the responses are of the same moment.
    let copy = TestDatabase::new(engine, SchemaState::Empty).await;
    load(engine, &copy.url(), &text).await;
    let again = installation(&copy.url());
    copy_files(&aloqa.data().join("files"), &again.data().join("files"));
    #[expect(clippy::disallowed_methods, reason = "the release has a clock of its own")]
    let at = Utc::now();
    let server = again.serve().await;
    for workspace in &mut workspaces {
        let caller = Caller { aloqa: &again, token: workspace.token.clone() };
        let mut crawl = Crawl { caller, pages: Vec::new() };
        // The stream is requested first, because an export records an event.
        workspace.events = crawl.events().await;
        crawl.all().await;
        if let Some(path) = &workspace.torn_import {
            let known = crawl.pages.iter().position(|page| page.path == *path).unwrap();
            crawl.get(path).await;
            let last = crawl.pages.pop().unwrap();
            assert_eq!(last, crawl.pages[known], "the import went on before all was asked; try again");
        }
        workspace.pages = crawl.pages;
    }
    drop(server);

    let release = env::var("ALOQA_UPGRADE_RELEASE").unwrap_or_else(|_| "this build".to_owned());
    let folder = Fixture::write(engine, &Shown { release, at, workspaces }, &text);
    copy_files(&aloqa.data().join("files"), &folder.join("files"));
    place.remove();
    copy.remove();
}

async fn fill_and_kill(aloqa: &Installation) -> Vec<Workspace> {
    let twilio = aloqa.serve_twilio("AC00000000000000000000000000000000", "nobody's").await;
    let bots = aloqa.serve_telegram().await;
    let mut tokens = Vec::new();
    for company in &COMPANIES {
        tokens.push(fill::set_up(aloqa, company).await);
    }
    let mut server = aloqa.serve().await;
    let mut workspaces = Vec::new();
    for (company, tokens) in COMPANIES.iter().zip(tokens) {
        workspaces.push(fill::fill(aloqa, tokens, company, &twilio, &bots).await);
    }
    // The tenant whose import is interrupted comes last.
    let mut under_way: Vec<_> = COMPANIES.iter().zip(&mut workspaces).collect();
    under_way.sort_by_key(|(company, _)| company.is_torn);
    for (company, workspace) in under_way {
        fill::leave_under_way(aloqa, company, workspace, &twilio, &bots).await;
    }
    server.kill();
    workspaces
}

/// Requests everything that a workspace shows to API clients.
struct Crawl<'a> {
    caller: Caller<'a>,
    pages: Vec<Page>,
}

impl Crawl<'_> {
    async fn get(&mut self, path: &str) -> Value {
        self.get_as(path, "application/json").await
    }

    async fn get_as(&mut self, path: &str, accept: &str) -> Value {
        let answer = self.caller.request("GET", path).header("accept", accept).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let content = answer.bytes().await.unwrap();
        let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let page = Page::new(path.to_owned(), accept.to_owned(), status, header, &content);
        let expected = [200, 303, 404].contains(&status);
        assert!(expected, "{path} was answered {status}: {}", page.body);
        let body = page.body.clone();
        self.pages.push(page);
        body
    }

    async fn all(&mut self) {
        let mut imports = self.get("/crm/clients/imports").await["items"].take();
        for import in imports.as_array_mut().unwrap() {
            let path = format!("/crm/clients/imports/{}", import["id"]);
            self.get(&path).await;
            self.get(&format!("{path}/flaws")).await;
        }
        for path in [
            "/crm/clients?sort=name&limit=10",
            "/crm/clients?sort=-name&limit=10&page=2",
            "/crm/clients?sort=-created_at&limit=5",
            "/crm/clients?created_from=2020-01-01&created_to=2020-12-31",
            "/crm/clients/export?format=csv",
            "/crm/clients/export?format=csv&q=aziza",
            "/crm/clients/duplicates",
            "/crm/clients/merges",
            "/crm/chats?unread=true",
            "/crm/chats?limit=2&page=2",
            "/crm/scheduled-messages",
            "/crm/settings/deliveries",
            "/account",
            "/account/notifications",
            "/crm/nowhere",
        ] {
            self.get(path).await;
        }
        for query in [
            "Азиза",
            "aziza",
            "Gʻulomov",
            "gulomov",
            "李",
            "الزهراء",
            "901234567",
            "Салом",
            "Ochiq",
            "Guest 17",
        ] {
            let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
            self.get(&format!("/crm/clients?q={query}")).await;
            self.get(&format!("/crm/chats?q={query}")).await;
            self.get(&format!("/crm/instant-messages?q={query}")).await;
            self.get(&format!("/spotlight?q={query}")).await;
        }
        self.people().await;
        self.conversations().await;
        self.settings().await;
    }

    /// The clients that were not imported in bulk.
    async fn people(&mut self) {
        let merges = self.get("/crm/clients/merges").await;
        for merge in merges["items"].as_array().unwrap() {
            let path = format!("/crm/clients/{}", merge["lost"]["id"]);
            self.get(&path).await;
            self.get_as(&path, "text/html").await;
        }
        let list = self.get("/crm/clients?sort=created_at&limit=100").await;
        for client in list["items"].as_array().unwrap() {
            if client["first_name"] == "Guest" || client["full_name"].as_str().unwrap().starts_with("Guest ")
            {
                continue;
            }
            let path = format!("/crm/clients/{}", client["id"]);
            self.get(&path).await;
            for part in ["contacts", "messages", "actions", "invitations", "merge", "delete"] {
                self.get(&format!("{path}/{part}")).await;
            }
        }
    }

    async fn conversations(&mut self) {
        let list = self.get("/crm/chats?limit=100").await;
        for chat in list["items"].as_array().unwrap() {
            let path = format!("/crm/chats/{}", chat["id"]);
            self.get(&path).await;
            for part in ["draft", "templates", "approved-templates", "messages?limit=3"] {
                self.get(&format!("{path}/{part}")).await;
            }
            let messages = self.get(&format!("{path}/messages?limit=100")).await;
            for message in messages["items"].as_array().unwrap() {
                if message["status"] == "scheduled" {
                    self.get(&format!("{path}/messages/{}/schedule", message["id"])).await;
                }
                for file in message["attachments"].as_array().unwrap() {
                    let path = format!("/uploads/{}", file["id"]);
                    self.get_as(&path, "*/*").await;
                    self.get_as(&format!("{path}?thumbnail"), "*/*").await;
                }
            }
        }
    }

    async fn settings(&mut self) {
        let templates = self.get("/crm/instant-messages?limit=100").await;
        for template in templates["items"].as_array().unwrap() {
            self.get(&format!("/crm/instant-messages/{}", template["id"])).await;
        }
        let channels = self.get("/crm/settings/channels").await;
        for channel in channels["items"].as_array().unwrap() {
            let id = channel["id"].as_str().unwrap();
            self.get(&format!("/crm/settings/channels/{id}")).await;
            self.get(&format!("/crm/settings/channels/{id}/remove")).await;
            self.get(&format!("/crm/settings/deliveries?channel={id}")).await;
            let path = format!("/crm/settings/channels/{id}/templates");
            for template in self.get(&path).await["items"].as_array().unwrap() {
                self.get(&format!("{path}/{}", template["id"])).await;
            }
        }
    }

    /// All events of the live stream from its beginning, until it is silent.
    async fn events(&self) -> Vec<Value> {
        let request = self.caller.request("GET", "/crm/events").header("accept", "text/event-stream");
        let mut answer = request.header("last-event-id", "0").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let mut text = Vec::new();
        while let Ok(chunk) = tokio::time::timeout(Duration::from_secs(2), answer.chunk()).await {
            text.extend(chunk.unwrap().expect("the stream does not end"));
        }
        let text = String::from_utf8(text).unwrap();
        let heard = text.split("\n\n").filter_map(event_stream::parse);
        heard.map(|heard| json!({ "id": heard.id, "name": heard.name, "data": heard.data })).collect()
    }
}
