//! Upgrade tests: databases filled by a former release are opened by this one, and show the same.
//!
//! `tests/fixtures/upgrade` contains such a database of either engine with its files, and the
//! responses of that release. `scripts/upgrade-fixtures` creates them by running the ignored tests
//! of `record`.

mod dump;
mod fill;
mod fixture;
mod record;
mod shown;

use std::fs;

use aloqa::presentation::notification_text;
use chrono::TimeDelta;
use serde_json::{Value, json};

use self::{
    fixture::Fixture,
    shown::{Page, Workspace},
};
use crate::support::{
    Engine, TestEnv,
    database::{SchemaState, TestDatabase},
    http::{TestResponse, Visitor, until},
    providers::webhook::{INBOUND, form, set},
};

on_both_engines! {
    a_migrated_database_shows_the_same_as_the_former_release,
    sessions_tokens_and_passwords_still_work,
    interrupted_work_is_resumed,
    new_changes_apply_to_migrated_data,
}

/// A migrated fixture in its own environment, at the time of its recording.
struct Upgraded {
    env: TestEnv,
    place: TestDatabase,
    fixture: Fixture,
}

impl Upgraded {
    async fn open(engine: Engine) -> Self {
        let fixture = Fixture::read(engine);
        let place = TestDatabase::new(engine, SchemaState::Empty).await;
        fixture.load(engine, &place.url()).await;
        let env = TestEnv::new(engine, place.url()).await;
        env.database.migrate().await.unwrap();
        fixture.copy_files(env.files.path());
        env.advance_clock(fixture.shown.at - env.clock.now());
        for workspace in &fixture.shown.workspaces {
            for account in &workspace.accounts {
                env.simulator.add_account(&account.sid, account.token.clone().into());
                env.simulator.add_whatsapp_sender(&account.sid, &account.whatsapp_number);
            }
            env.bots.add_bot(&workspace.bot.token, &workspace.bot.username);
        }
        // A migration that changes the search index leaves it to the background to fill it.
        env.services.search_indexer.index_pending(std::time::Duration::ZERO).await.unwrap();
        Self { env, place, fixture }
    }

    async fn close(self) {
        self.env.database.close().await;
        self.place.remove();
    }

    fn workspaces(&self) -> &[Workspace] {
        &self.fixture.shown.workspaces
    }

    /// A visitor without session, which sends requests with credentials of the workspace.
    fn visitor(&self) -> Visitor {
        self.env.anonymous_visitor()
    }

    async fn get(&self, workspace: &Workspace, path: &str) -> Value {
        self.send(workspace, "GET", path, None).await.is(200).value()
    }

    /// A request by the workspace's API client.
    async fn send(
        &self,
        workspace: &Workspace,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> TestResponse {
        let request = self.visitor().ask(method.parse().unwrap(), path);
        let request = request.header("authorization", format!("Bearer {}", workspace.token));
        match body {
            Some(body) => request.json_body(body).json().await,
            None => request.json().await,
        }
    }

    /// The status of the only message with this text.
    async fn status_of(&self, workspace: &Workspace, text: &str) -> Value {
        for chat in self.get(workspace, "/crm/chats?limit=100").await["items"].as_array().unwrap() {
            let messages =
                self.get(workspace, &format!("/crm/chats/{}/messages?limit=100", chat["id"])).await;
            let found =
                messages["items"].as_array().unwrap().iter().find(|message| message["message"] == text);
            if let Some(message) = found {
                return message["status"].clone();
            }
        }
        panic!("{text} is in no chat of {}", workspace.slug)
    }
}

async fn a_migrated_database_shows_the_same_as_the_former_release(env: TestEnv) {
    let upgraded = Upgraded::open(env.engine).await;
    let mut different = Vec::new();
    for workspace in upgraded.workspaces() {
        // The stream is requested first, because an export records an event.
        let events = upgraded.visitor().get("/crm/events").header("last-event-id", "0");
        let mut stream = events.header("authorization", format!("Bearer {}", workspace.token)).listen().await;
        for before in &workspace.events {
            let heard = stream.next().await.unwrap();
            let now = json!({ "id": heard.id, "name": heard.name, "data": heard.data });
            if now != *before {
                different.push(format!("{}: {}", workspace.slug, difference(before, &now)));
            }
        }
        assert!(stream.is_silent().await, "{} has more events than before", workspace.slug);
        for before in &workspace.pages {
            let request = upgraded.visitor().get(&before.path);
            let request = request.header("authorization", format!("Bearer {}", workspace.token));
            let answer = request.header("accept", &before.accept).send().await;
            let now = Page::new(
                before.path.clone(),
                before.accept.clone(),
                answer.status.as_u16(),
                |name| answer.header(name).map(str::to_owned),
                &answer.body,
            );
            let (now, before) = (comparable(json!(now)), comparable(json!(before)));
            if now != before {
                different.push(format!("{}: {}", workspace.slug, difference(&before, &now)));
            }
        }
    }
    assert!(different.is_empty(), "{} answers differ:\n{}", different.len(), different.join("\n"));
    upgraded.close().await;
}

/// A response without what changed on purpose: searches are in the order of the match and show another part of what
/// matched, and the last error of a channel is none that only asked to wait.
fn comparable(mut page: Value) -> Value {
    const TEMPORARY: [&str; 2] = ["20429", "429"];
    fn forget_waits(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                if fields
                    .get("last_error")
                    .is_some_and(|error| TEMPORARY.iter().any(|code| error["code"] == **code))
                {
                    fields.insert("last_error".into(), Value::Null);
                }
                fields.values_mut().for_each(forget_waits);
            }
            Value::Array(items) => items.iter_mut().for_each(forget_waits),
            _ => {}
        }
    }
    let path = page["path"].as_str().unwrap_or_default().to_owned();
    let (is_search, is_cut_off) = (path.contains("q="), path.starts_with("/spotlight"));
    let items = page["body"].get_mut("items").and_then(Value::as_array_mut);
    if let Some(items) = items.filter(|_| is_search) {
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            // The best of many matches are others in another order.
            item.retain(|name, _| if is_cut_off { name == "kind" } else { !name.starts_with("subtitle") });
        }
        items.sort_by_key(Value::to_string);
    }
    forget_waits(&mut page["body"]);
    page
}

/// The first difference between two values.
fn difference(before: &Value, now: &Value) -> String {
    fn first(at: &str, before: &Value, now: &Value) -> Option<String> {
        let parts: Vec<(String, &Value, &Value)> = match (before, now) {
            (Value::Object(old), Value::Object(new)) => old
                .keys()
                .chain(new.keys().filter(|key| !old.contains_key(*key)))
                .map(|key| (format!("{at}.{key}"), &before[key], &now[key]))
                .collect(),
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
                (0..old.len()).map(|i| (format!("{at}[{i}]"), &old[i], &new[i])).collect()
            }
            _ if before == now => return None,
            _ => return Some(format!("{at} was {before} and is {now}")),
        };
        parts.into_iter().find_map(|(at, before, now)| first(&at, before, now))
    }
    let name = before["path"].as_str().map_or_else(|| before["id"].to_string(), str::to_owned);
    let found = first("", before, now).unwrap_or_else(|| "a field is absent".to_owned());
    format!("{name}: {}", found.chars().take(600).collect::<String>())
}

async fn sessions_tokens_and_passwords_still_work(env: TestEnv) {
    let upgraded = Upgraded::open(env.engine).await;
    for workspace in upgraded.workspaces() {
        let mut browser = upgraded.visitor();
        // By HTTPS the cookie has another name than in that version.
        browser.cookie = Some(workspace.cookie.replace("aloqa_session", "__Host-aloqa_session"));
        let account = browser.get("/account").json().await.is(200).value();
        assert_eq!(account["email"], workspace.email);
        browser.get("/crm/chats").html().await.is(200);

        let signed_in = json!({ "email": workspace.email, "password": workspace.password });
        upgraded.visitor().post("/login").json_body(signed_in).json().await.is(204);
        let wrong = json!({ "email": workspace.email, "password": "another password" });
        assert_eq!(upgraded.visitor().post("/login").json_body(wrong).json().await.status, 401);

        // The token of one tenant gives no access to the other.
        let own = upgraded.get(workspace, "/crm/chats?limit=100").await;
        for other in upgraded.workspaces().iter().filter(|other| other.slug != workspace.slug) {
            let path = format!("/crm/chats/{}", own["items"][0]["id"]);
            upgraded.send(other, "GET", &path, None).await.problem(404);
        }
    }
    upgraded.close().await;
}

async fn interrupted_work_is_resumed(env: TestEnv) {
    let upgraded = Upgraded::open(env.engine).await;
    upgraded.env.serve_on_callback_address();
    let services = &upgraded.env.services;
    for workspace in upgraded.workspaces() {
        for text in [fill::QUEUED_SMS, fill::QUEUED_TELEGRAM, fill::LEASED] {
            assert_eq!(upgraded.status_of(workspace, text).await, "queued", "{text}");
        }
        assert_eq!(upgraded.status_of(workspace, fill::SCHEDULED).await, "scheduled");
        upgraded.env.bots.store_file(fill::LATE_FILE, "documents/late.txt", fill::LATE_CONTENT, 0);
    }

    // Rejected messages are attempted again, and the secrets of the channels can be decrypted.
    upgraded.env.advance_clock(TimeDelta::minutes(11));
    services.delivery.drain().await.unwrap();
    services.media.drain().await.unwrap();
    services.notifications.drain(notification_text).await.unwrap();
    for workspace in upgraded.workspaces() {
        let delivered = async || upgraded.status_of(workspace, fill::QUEUED_SMS).await == "delivered";
        until("the SMS is delivered", delivered).await;
        assert_eq!(upgraded.status_of(workspace, fill::QUEUED_TELEGRAM).await, "sent");
        // The worker died while the provider had the message: it is unknown whether it was sent, so it is not sent
        // again.
        assert_eq!(upgraded.status_of(workspace, fill::LEASED).await, "unknown");
        assert!(upgraded.env.bots.sent().contains(&fill::QUEUED_TELEGRAM.to_owned()));
        let file = &workspace.late_file;
        let bearer = format!("Bearer {}", workspace.token);
        let fetched = upgraded.visitor().get(file).header("authorization", bearer).send().await.is(200);
        assert_eq!(fetched.body, fill::LATE_CONTENT);
    }

    // The import during which the release was killed is completed, without storing a row twice.
    services.imports.drain().await.unwrap();
    for workspace in upgraded.workspaces() {
        let Some(path) = &workspace.torn_import else { continue };
        let import = upgraded.get(workspace, path).await;
        assert_eq!((&import["state"], &import["created"]), (&json!("done"), &json!(fill::CROWD)), "{import}");
        let found = upgraded.get(workspace, "/crm/clients?q=Guest").await;
        assert_eq!(found["total"], fill::CROWD);
    }

    upgraded.env.advance_clock(fill::scheduled_in());
    services.delivery.drain().await.unwrap();
    for workspace in upgraded.workspaces() {
        let delivered = async || upgraded.status_of(workspace, fill::SCHEDULED).await == "delivered";
        until("what was scheduled is delivered", delivered).await;
    }
    upgraded.close().await;
}

async fn new_changes_apply_to_migrated_data(env: TestEnv) {
    let upgraded = Upgraded::open(env.engine).await;
    for workspace in upgraded.workspaces() {
        // Both the current and the former secret of the account authenticate a webhook.
        let account = &workspace.accounts[0];
        for (number, token) in [&account.token, &account.previous_token].into_iter().enumerate() {
            let mut sms = form(&[
                ("AccountSid", &account.sid),
                ("From", fill::AZIZA),
                ("To", &account.sms_number),
                ("Body", "Yana salom"),
                ("NumMedia", "0"),
            ]);
            set(&mut sms, "MessageSid", &format!("SM-after-the-upgrade-{number}"));
            let visitor = upgraded.visitor();
            visitor.signed(&token.clone().into(), INBOUND, &sms).send().await.is(200);
            visitor.signed(&"forged".to_owned().into(), INBOUND, &sms).send().await.is(403);
        }
        let found = upgraded.get(workspace, "/crm/chats?limit=1").await;
        assert_eq!(found["items"][0]["last_message"]["message"], "Yana salom");
        assert_eq!(found["items"][0]["client"]["id"], workspace.aziza, "who wrote is known");

        let known = upgraded.get(workspace, "/crm/clients?limit=1").await["total"].as_i64().unwrap();
        let body = json!({ "first_name": "Yangi" });
        upgraded.send(workspace, "POST", "/crm/clients", Some(body)).await.is(201);
        assert_eq!(upgraded.get(workspace, "/crm/clients?limit=1").await["total"], known + 1);

        // The merge is undone by its stored record.
        let merges = upgraded.get(workspace, "/crm/clients/merges").await;
        let newest = &merges["items"][0];
        let undo = newest["undo_url"].as_str().unwrap();
        let undone = upgraded.send(workspace, "POST", undo, None).await.is(200).value();
        let restored = upgraded.get(workspace, &format!("/crm/clients/{}", undone["restored"]["id"])).await;
        assert_eq!(restored["id"], newest["lost"]["id"]);
        assert_eq!(restored["full_name"], newest["lost"]["full_name"]);
        let sent = format!("{}/messages", workspace.chat);
        let body = json!({ "message": "Javob", "transport": "sms" });
        upgraded.send(workspace, "POST", &sent, Some(body)).await.is(201);
    }
    upgraded.close().await;
}

/// Both engines were filled with the same data, so a fixture that lacks something is noticed.
#[test]
fn fixtures_are_complete() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let fixture = Fixture::read(engine);
        assert_eq!(fixture.shown.workspaces.len(), 2);
        for workspace in &fixture.shown.workspaces {
            assert!(workspace.pages.len() > 60 && workspace.events.len() > 60, "{}", workspace.slug);
        }
        assert!(fs::read_to_string(fixture.database()).unwrap().contains("_sqlx_migrations"));
    }
}
