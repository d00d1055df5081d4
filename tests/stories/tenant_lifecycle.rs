//! Tests of the operator's commands for a whole workspace: suspending, resuming, counting, exporting and deleting it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read as _},
    path::Path,
};

use aloqa::{
    archive,
    domain::{Locale, MessageStatus, MessageText, Role},
    services::OutgoingMessage,
    storage::FilePurpose,
};
use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::stream;
use serde_json::{Value, json};

use crate::{
    cli::set_up,
    support::{
        Company, TestEnv,
        people::{PASSWORD, email_of},
        populated_tenant::code_of,
        process::program::Installation,
    },
};

on_both_engines! {
    a_suspended_workspace_is_closed_and_says_so,
    a_suspended_workspace_receives_and_does_not_send,
    an_archive_has_all_rows_and_files_and_no_secret,
    a_deletion_leaves_nothing_of_the_workspace_and_all_of_others,
    usage_is_counted_by_month,
}

async fn a_suspended_workspace_is_closed_and_says_so(env: TestEnv) {
    let (company, other) = env.two_companies().await;
    let browser = env.sign_in(&company.administrator).await;
    let program = env.api_client(&company.administrator).await;
    let mut stream = env.open_stream(&company.agent, None).await;
    assert!(env.services.tenants.suspend(company.id()).await.unwrap());
    assert!(!env.services.tenants.suspend(company.id()).await.unwrap(), "once");

    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while stream.next().await.is_some() {}
    });
    ended.await.expect("the stream ends");
    assert!(browser.get("/crm/chats").html().await.is(303).location().starts_with("/login"));
    let refused = program.get("/crm/clients").json().await.problem(403);
    assert_eq!(refused["title"], "The workspace is suspended");
    program.post("/crm/clients").json_body(json!({ "first_name": "A" })).json().await.problem(403);

    let email = email_of(Role::Administrator, "samarkand");
    let visitor = env.anonymous_visitor();
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    for (language, sentence) in [
        (Locale::En, "This workspace is suspended"),
        (Locale::Ru, "Это рабочее пространство приостановлено"),
        (Locale::Uz, "Bu ish maydoni toʻxtatilgan"),
    ] {
        let request = visitor.post("/login").form(form).header("accept-language", language.tag());
        let page = request.html().await.is(403);
        assert!(page.text_of("main").contains(sentence), "{}", page.text_of("main"));
        assert!(page.header("set-cookie").is_none());
    }
    visitor.post("/login").form(form).json().await.problem(403);
    // Who does not know the password learns nothing.
    let wrong = [("email", email.as_str()), ("password", "wrong password")];
    let page = visitor.post("/login").form(wrong).html().await.is(422);
    assert!(!page.text_of("main").contains("suspended"));
    env.sign_in(&other.administrator).await.get("/crm/chats").html().await.is(200);

    assert!(env.services.tenants.resume(company.id()).await.unwrap());
    assert!(!env.services.tenants.resume(company.id()).await.unwrap(), "once");
    assert!(
        browser.get("/crm/chats").html().await.is(303).location().starts_with("/login"),
        "sessions have ended"
    );
    program.get("/crm/clients").json().await.is(200);
    let browser = env.sign_in(&company.administrator).await;
    let log = browser.get("/crm/settings/audit?actor=operator").json().await.is(200).value();
    let kinds: Vec<_> = log["items"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["WorkspaceResumed", "WorkspaceSuspended"]);
}

async fn a_suspended_workspace_receives_and_does_not_send(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let client = company.client(&env, "Aziza", "+998901234567").await;
    let (chat, _) = env.services.chats.open(&company.agent, client).await.unwrap();
    let send = async |text: &str, at: Option<TimeDelta>| {
        let text = MessageText::parse(text).unwrap();
        let scheduled_at = at.map(|after| env.clock.now() + after);
        let outgoing = OutgoingMessage { text, scheduled_at, ..OutgoingMessage::default() };
        env.services.chats.send(&company.agent, chat.id, outgoing).await.unwrap().id
    };
    let queued = send("Salom", None).await;
    let scheduled = send("Eslatma", Some(TimeDelta::hours(2))).await;
    env.services.tenants.suspend(company.id()).await.unwrap();
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
    env.advance_clock(TimeDelta::hours(3));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 0);
    assert!(env.simulator.requests().is_empty(), "nothing is sent");
    let due = env.database.read_cross_tenant().await.unwrap().due_work(env.clock.now()).await.unwrap();
    let deliveries = due.iter().filter(|(kind, _)| *kind == aloqa::persistence::WorkKind::Delivery);
    assert_eq!(deliveries.count(), 0, "the worker is not woken in vain");

    env.anonymous_visitor().receive_sms(&channel, "SM1", "+998901234567", "Assalomu alaykum").await;
    env.services.tenants.resume(company.id()).await.unwrap();
    assert_eq!(env.services.delivery.drain().await.unwrap(), 2);
    let mut read = company.read().await;
    for id in [queued, scheduled] {
        let status = read.messages().find(id).await.unwrap().unwrap().status;
        assert!(!matches!(status, MessageStatus::Queued | MessageStatus::Scheduled), "{status:?}");
    }
    let (messages, _) = read.messages().before(chat.id, None, 10).await.unwrap();
    assert!(messages.iter().any(|message| message.text == "Assalomu alaykum"), "what was received is stored");
}

/// Stores a file of a tenant.
async fn store_file(env: &TestEnv, company: &Company, content: &'static [u8]) -> String {
    let storage = &env.services.dependencies().storage;
    let content = stream::iter([Ok(Bytes::from_static(content))]);
    let stored = storage.put(company.id(), FilePurpose::Attachments, content, 1_000).await.unwrap();
    stored.key.to_string()
}

/// The texts of an archive by the names of its files.
fn read_archive(file: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(std::fs::read(file).unwrap())).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut entry = zip.by_index(index).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

async fn an_archive_has_all_rows_and_files_and_no_secret(env: TestEnv) {
    let ours = env.populated_tenant("samarkand").await.company;
    let theirs = env.populated_tenant("bukhara").await.company;
    let key = store_file(&env, &ours, b"a photo of Registon").await;
    let other_key = store_file(&env, &theirs, b"a photo of Ark").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("samarkand.zip");
    let deps = env.services.dependencies();
    let created = archive::create(&env.database, &deps.storage, &ours.tenant, &file).await.unwrap();
    let again = archive::create(&env.database, &deps.storage, &ours.tenant, &file).await;
    assert!(again.unwrap_err().to_string().contains("exists already"));

    let content = read_archive(&file);
    assert_eq!(content[&format!("files/{key}")], b"a photo of Registon");
    assert!(!content.contains_key(&format!("files/{other_key}")));
    let mut raw = env.raw().await;
    let mut expected: BTreeSet<String> = raw.tables().await.into_iter().collect();
    expected.retain(|table| !["sessions", "tenants"].contains(&table.as_str()));
    let tables: BTreeSet<_> = created.tables.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(tables, expected, "each table that has a tenant, without sessions");
    for (table, rows) in &created.tables {
        let text = String::from_utf8(content[&format!("tables/{table}.jsonl")].clone()).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(u64::try_from(lines.len()).unwrap(), *rows, "{table}");
        let stored =
            raw.number(&format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = {}", ours.id())).await;
        assert_eq!(i64::try_from(*rows).unwrap(), stored, "{table}");
        assert!(stored > 0, "{table} has a row to export");
        for line in &lines {
            assert_eq!(line["tenant_id"], json!(ours.id()), "{table}");
            for column in line.as_object().unwrap().keys() {
                let is_secret =
                    ["secret", "password", "hash", "fingerprint"].iter().any(|part| column.contains(part));
                assert!(!is_secret, "{table}.{column}");
            }
        }
    }
    let all = content.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect::<String>();
    for secret in ["argon2", &code_of(&ours), "bukhara"] {
        assert!(!all.contains(secret), "{secret}");
    }
    assert!(all.contains("Aziza") && all.contains("samarkand LLC"));
}

async fn a_deletion_leaves_nothing_of_the_workspace_and_all_of_others(env: TestEnv) {
    let ours = env.populated_tenant("samarkand").await.company;
    let theirs = env.populated_tenant("bukhara").await.company;
    let [_, other_key] = [
        store_file(&env, &ours, b"a photo of Registon").await,
        store_file(&env, &theirs, b"a photo of Ark").await,
    ];
    env.services.search_indexer.index_pending(std::time::Duration::ZERO).await.unwrap();
    let mut raw = env.raw().await;
    let tables = raw.tables().await;
    let mut before = BTreeMap::new();
    for table in tables.iter().filter(|table| *table != "tenants") {
        before.insert(table.clone(), raw.dump(table, &format!("tenant_id = {}", theirs.id())).await);
    }
    let found = raw.number("SELECT COUNT(*) FROM message_search").await;
    let deleted = env.services.tenants.delete(&ours.tenant).await.unwrap();
    assert!(deleted.rows > 40 && deleted.files >= 1, "{deleted:?}");
    for (table, rows) in &before {
        let left = raw.number(&format!("SELECT COUNT(*) FROM {table} WHERE tenant_id = {}", ours.id())).await;
        assert_eq!(left, 0, "{table}");
        assert_eq!(raw.dump(table, &format!("tenant_id = {}", theirs.id())).await, *rows, "{table}");
    }
    assert_eq!(raw.number("SELECT COUNT(*) FROM tenants").await, 1);
    assert!(raw.number("SELECT COUNT(*) FROM message_search").await < found, "its messages left the index");
    let folder = env.files.path();
    assert!(
        !folder
            .join(ours.id().to_string())
            .join("attachments")
            .read_dir()
            .is_ok_and(|mut all| all.next().is_some())
    );
    assert!(folder.join(other_key).exists());
    env.sign_in(&theirs.administrator).await.get("/crm/chats").html().await.is(200);
    // The slug is free again.
    env.company("samarkand").await;
}

async fn usage_is_counted_by_month(env: TestEnv) {
    let (ours, _) = env.two_companies().await;
    let channel = env.connect(&ours).await;
    let visitor = env.anonymous_visitor();
    visitor.receive_sms(&channel, "SM1", "+998901234567", "Salom").await;
    env.advance_clock(TimeDelta::days(40));
    visitor.receive_sms(&channel, "SM2", "+998901234567", "Salom").await;
    visitor.receive_sms(&channel, "SM3", "+998901234568", "Salom").await;
    let usage = env.services.tenants.usage().await.unwrap();
    let shown: Vec<_> =
        usage.iter().map(|m| (m.slug.as_str(), m.month.as_str(), m.clients, m.messages, m.bytes)).collect();
    assert_eq!(shown, [("samarkand", "2026-03", 1, 1, 0), ("samarkand", "2026-04", 1, 2, 0)]);
}

#[tokio::test]
async fn the_commands_of_a_workspace_say_what_they_do() {
    let aloqa = Installation::new(None);
    let (token, _) = set_up(&aloqa).await;
    let other =
        ["tenant", "create", "--slug", "bukhara", "--name", "Bukhara LLC", "--admin-email", "b@bukhara.uz"];
    assert_eq!(aloqa.run(&other, &format!("{PASSWORD}\n")).await.code, Some(0));
    let of = |command: &'static str| ["tenant", command, "--slug", "samarkand"];

    let suspended = aloqa.json(&of("suspend"), "").await;
    assert_eq!(suspended, json!({ "slug": "samarkand", "suspended": true }));
    let list = aloqa.json(&["tenant", "list"], "").await;
    assert!(list[1]["suspended_at"].is_string() && list[0]["suspended_at"].is_null(), "{list}");
    assert!(aloqa.run(&["tenant", "list"], "").await.out.contains("suspended"));
    assert_eq!(aloqa.json(&of("resume"), "").await["suspended"], false);
    assert_eq!(aloqa.json(&["tenant", "usage", "--slug", "samarkand"], "").await, json!([]));
    let ran = aloqa.run(&["tenant", "usage", "--slug", "nope"], "").await;
    assert!(ran.code == Some(1) && ran.err.contains("no workspace `nope`"), "{}", ran.err);

    let file = aloqa.data().parent().unwrap().join("copy.zip");
    let mut export = of("export").to_vec();
    export.extend(["--output", file.to_str().unwrap()]);
    let exported = aloqa.json(&export, "").await;
    assert_eq!(exported["tables"]["users"], 2);
    let archived = read_archive(&file);
    let users = String::from_utf8(archived["tables/users.jsonl"].clone()).unwrap();
    assert!(users.contains("agent@samarkand.uz") && !users.contains("argon2"));
    assert!(archived.values().all(|content| !String::from_utf8_lossy(content).contains(&token)));
    let ran = aloqa.run(&export, "").await;
    assert!(ran.code == Some(1) && ran.err.contains("exists already"), "{}", ran.err);

    for answer in ["", "bukhara\n", "yes\n"] {
        let ran = aloqa.run(&of("delete"), answer).await;
        assert!(ran.code == Some(1) && ran.err.contains("nothing was deleted"), "{}", ran.err);
    }
    let deleted = aloqa.json(&of("delete"), "samarkand\n").await;
    assert!(deleted["rows"].as_u64().unwrap() > 5, "{deleted}");
    let list = aloqa.json(&["tenant", "list"], "").await;
    assert_eq!((list.as_array().unwrap().len(), &list[0]["slug"]), (1, &json!("bukhara")));
    let users = aloqa.json(&["user", "list", "--tenant", "bukhara"], "").await;
    assert_eq!(users.as_array().unwrap().len(), 1);
}
