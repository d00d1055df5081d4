//! Tests of the audit log: each change has its entry, and no entry is changed, reveals a secret or reaches another tenant.

use std::time::Instant;

use aloqa::{
    domain::{Event, EventKind, Role},
    persistence::AuditFilter,
    services::NewApiKey,
};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::{
    http::clients::export::rows,
    support::{
        Company, Engine, TestEnv,
        database::statements::count_database_use,
        http::{Visitor, until},
        people::{PASSWORD, email_of},
        providers::twilio::account,
    },
};

on_both_engines! {
    each_change_has_its_entry_with_old_and_new_values,
    each_change_of_access_has_its_entry,
    sign_ins_failures_and_refusals_have_entries,
    an_entry_names_its_author_and_origin,
    the_operator_is_named_as_the_author,
    no_entry_holds_a_secret,
    the_log_of_another_tenant_is_not_seen,
    events_are_append_only,
    a_deleted_client_leaves_only_the_entry_of_its_deletion,
    the_log_is_filtered_and_searched,
    the_log_is_exported_as_it_is_filtered,
    a_bad_filter_is_refused_by_its_field,
    the_page_of_the_log_shows_entries_and_filters,
    a_hundred_thousand_entries_are_read_by_their_index,
}

const LOG: &str = "/crm/settings/audit";

async fn log(visitor: &Visitor, query: &str) -> Vec<Value> {
    let page = visitor.get(format!("{LOG}?limit=100&{query}")).json().await.is(200).value();
    page["items"].as_array().unwrap().clone()
}

/// The newest entry of a kind.
async fn newest(visitor: &Visitor, kind: &str) -> Value {
    let found = log(visitor, &format!("kind={kind}")).await;
    found.first().unwrap_or_else(|| panic!("no entry of {kind}")).clone()
}

async fn id_of(visitor: &Visitor, path: &str, body: Value) -> i64 {
    visitor.post(path).json_body(body).json().await.is(201).value()["id"].as_i64().unwrap()
}

/// Checks the newest entry of a kind: its object, title and changes.
async fn expect_entry(visitor: &Visitor, kind: &str, (object, title): (&str, &str), changes: Value) {
    let entry = newest(visitor, kind).await;
    let found = (&entry["object"]["type"], &entry["object"]["title"]);
    assert_eq!(found, (&json!(object), &json!(title)), "{entry}");
    assert_eq!(entry["changes"], changes, "{entry}");
}

async fn each_change_has_its_entry_with_old_and_new_values(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let put = async |path: &str, body: Value| program.put(path).json_body(body).json().await.is(200);

    let client =
        id_of(&program, "/crm/clients", json!({ "first_name": "Aziza", "phone": "901234567" })).await;
    let created = json!({ "first_name": [null, "Aziza"], "phone": [null, "+998901234567"] });
    expect_entry(&program, "ClientCreated", ("client", "Aziza"), created).await;
    let path = format!("/crm/clients/{client}");
    put(&path, json!({ "last_name": "Karimova", "phone": null })).await;
    let changes = json!({ "last_name": [null, "Karimova"], "phone": ["+998901234567", null] });
    expect_entry(&program, "ClientUpdated", ("client", "Aziza Karimova"), changes).await;
    let contact = json!({ "type": "telegram", "value": "@aziza" });
    let contact = id_of(&program, &format!("{path}/contacts"), contact).await;
    let added = json!({ "telegram": [null, "aziza"] });
    expect_entry(&program, "ClientUpdated", ("client", "Aziza Karimova"), added).await;
    program.delete(format!("{path}/contacts/{contact}")).json().await.is(204);
    let removed = json!({ "telegram": ["aziza", null] });
    expect_entry(&program, "ClientUpdated", ("client", "Aziza Karimova"), removed).await;

    let template = json!({ "name": "Greeting", "template": "Salom" });
    let template = id_of(&program, "/crm/instant-messages", template).await;
    let of_template = format!("/crm/instant-messages/{template}");
    put(&of_template, json!({ "name": "Greeting", "template": "Assalomu alaykum" })).await;
    program.delete(&of_template).json().await.is(204);
    let greeting = ("template", "Greeting");
    let created = json!({ "name": [null, "Greeting"], "template": [null, "Salom"] });
    expect_entry(&program, "TemplateCreated", greeting, created).await;
    let updated = json!({ "template": ["Salom", "Assalomu alaykum"] });
    expect_entry(&program, "TemplateUpdated", greeting, updated).await;
    let deleted = json!({ "name": ["Greeting", null], "template": ["Assalomu alaykum", null] });
    expect_entry(&program, "TemplateDeleted", greeting, deleted).await;

    let connected = env.connect(&company).await;
    env.anonymous_visitor().receive_sms(&connected, "SM1", "+998907654321", "Salom").await;
    let entry = newest(&program, "ClientCreated").await;
    assert_eq!(
        (&entry["actor"]["type"], &entry["changes"]["phone"][1]),
        (&json!("system"), &json!("+998907654321"))
    );
    let channel = connected.channel.id;
    let of_channel = format!("/crm/settings/channels/{channel}");
    put(&of_channel, json!({ "sms_number": "+998712009999" })).await;
    put(&of_channel, json!({ "enabled": false })).await;
    program.delete(&of_channel).json().await.is(204);
    let number = &newest(&program, "ChannelAdded").await["changes"]["sms_number"];
    let changed = newest(&program, "ChannelChanged").await;
    assert_eq!(changed["changes"]["sms_number"], json!([number[1], "+998712009999"]), "{changed}");
    assert_eq!(changed["object"]["id"], json!(channel.to_string()));
    assert_eq!(newest(&program, "ChannelDisabled").await["changes"], json!({ "enabled": ["true", "false"] }));
    let removed = &newest(&program, "ChannelRemoved").await["changes"]["sms_number"];
    assert_eq!(*removed, json!(["+998712009999", null]));
}

async fn each_change_of_access_has_its_entry(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let put = async |path: &str, body: Value| program.put(path).json_body(body).json().await.is(200);
    let role = json!({ "name": "Desk", "permissions": ["Client.Read"] });
    let role = id_of(&program, "/crm/settings/roles", role).await;
    let of_role = format!("/crm/settings/roles/{role}");
    put(&of_role, json!({ "permissions": ["Chat.Read"] })).await;
    program.delete(&of_role).json().await.is(204);
    let member = format!("/crm/settings/team/{}", company.agent.user.id);
    put(&member, json!({ "role": "manager" })).await;
    put(&member, json!({ "disabled": true })).await;
    put(&member, json!({ "disabled": false })).await;
    let invited = json!({ "email": "lola@example.uz", "role": "agent" });
    let invited = id_of(&program, "/crm/settings/team", invited).await;
    program.delete(format!("/crm/settings/team/invitations/{invited}")).json().await.is(204);
    let key = json!({ "name": "Import", "permissions": ["Client.Create"] });
    let key = id_of(&program, "/crm/settings/api-keys", key).await;
    program.delete(format!("/crm/settings/api-keys/{key}")).json().await.is(204);
    put("/account", json!({ "first_name": "Kamola", "locale": "uz" })).await;

    let desk = ("role", "Desk");
    let created = json!({ "name": [null, "Desk"], "permissions": [null, "Client.Read"] });
    expect_entry(&program, "RoleCreated", desk, created).await;
    expect_entry(&program, "RoleUpdated", desk, json!({ "permissions": ["Client.Read", "Chat.Read"] })).await;
    let deleted = json!({ "name": ["Desk", null], "permissions": ["Chat.Read", null] });
    expect_entry(&program, "RoleDeleted", desk, deleted).await;
    let agent = email_of(Role::Agent, "samarkand").to_string();
    let agent = ("user", agent.as_str());
    expect_entry(&program, "UserRoleChanged", agent, json!({ "role": ["agent", "manager"] })).await;
    expect_entry(&program, "UserDisabled", agent, json!({ "disabled": ["false", "true"] })).await;
    expect_entry(&program, "UserEnabled", agent, json!({ "disabled": ["true", "false"] })).await;
    let lola = ("invitation", "lola@example.uz");
    let invited = json!({ "email": [null, "lola@example.uz"], "role": [null, "agent"] });
    expect_entry(&program, "UserInvited", lola, invited).await;
    expect_entry(&program, "InvitationWithdrawn", lola, json!({})).await;
    expect_entry(&program, "TokenRevoked", ("api_key", "Import"), json!({})).await;
    let key = newest(&program, "TokenCreated").await;
    assert_eq!(key["changes"]["permissions"], json!([null, "Client.Create"]));
    let own = newest(&program, "AccountUpdated").await;
    assert_eq!(own["changes"]["locale"], json!([null, "uz"]));
    assert_eq!(own["changes"]["first_name"][1], "Kamola");
}

async fn sign_ins_failures_and_refusals_have_entries(env: TestEnv) {
    let company = env.company("samarkand").await;
    let agent = email_of(Role::Agent, "samarkand");
    let mut visitor = env.anonymous_visitor();
    visitor.sign_in(agent.as_str(), "wrong password").await.is(422);
    let program = env.api_client(&company.administrator).await;
    until("the failed sign-in is recorded", || async {
        !log(&program, "kind=SignInFailed").await.is_empty()
    })
    .await;
    let failed = newest(&program, "SignInFailed").await;
    assert_eq!(failed["actor"], json!({ "type": "system", "id": null, "name": null }));
    assert_eq!((&failed["object"]["title"], &failed["address"]), (&json!(agent.as_str()), &json!("0.0.0.0")));

    visitor.sign_in(agent.as_str(), PASSWORD).await.is(303);
    visitor.fetch_form_token().await;
    for _ in 0..3 {
        visitor.get(LOG).json().await.problem(403);
        visitor.get(LOG).html().await.is(403);
    }
    visitor.post("/logout").html().await.is(303);
    let own = |kind: &'static str| {
        let program = &program;
        async move { log(program, &format!("kind={kind}&actor={}", company.agent.user.id)).await }
    };
    for kind in ["SignedIn", "AccessRefused", "SignedOut"] {
        let entries = own(kind).await;
        assert_eq!(entries.len(), 1, "{kind}: {entries:?}");
        assert_eq!(entries[0]["actor"]["name"], "agent Karimov");
    }
    assert_eq!(own("AccessRefused").await[0]["changes"], json!({ "permission": [null, "Audit.Read"] }));
}

async fn an_entry_names_its_author_and_origin(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.manager).await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let form = [("first_name", "Aziza")];
    browser.post("/crm/clients").header("user-agent", firefox).form(form).html().await.is(303);
    let entry = newest(&browser, "ClientCreated").await;
    let manager = company.manager.user.id;
    assert_eq!(entry["actor"], json!({ "type": "user", "id": manager, "name": "manager Karimov" }));
    assert_eq!((&entry["device"], &entry["address"]), (&json!("Firefox, Linux"), &json!("0.0.0.0")));
    let sessions = browser.get("/account/sessions").json().await.value();
    assert_eq!(entry["session"], sessions["items"][0]["id"]);

    let key = NewApiKey::own("Website", TimeDelta::days(1));
    let key = env.services.identity.create_api_key(&company.manager, key).await.unwrap();
    let program = Visitor { bearer: Some(key.token.expose_secret().to_owned()), ..env.anonymous_visitor() };
    id_of(&program, "/crm/clients", json!({ "first_name": "Botir" })).await;
    let entry = newest(&browser, "ClientCreated").await;
    assert_eq!(entry["actor"], json!({ "type": "api_key", "id": key.key.id, "name": "Website" }));
    assert_eq!(entry["session"], Value::Null);
    let by_key = log(&browser, &format!("actor=api_key:{}", key.key.id)).await;
    assert_eq!(by_key.len(), 1);
    assert_eq!(log(&browser, &format!("actor=user:{manager}&kind=ClientCreated")).await.len(), 2);
}

async fn the_operator_is_named_as_the_author(env: TestEnv) {
    let company = env.company("samarkand").await;
    let agent = email_of(Role::Agent, "samarkand");
    env.services.tenants.set_role(company.id(), &agent, Role::Manager).await.unwrap();
    let actor = env.services.tenants.actor(company.tenant.clone(), &agent).await.unwrap();
    env.services.identity.create_api_key(&actor, NewApiKey::own("K", TimeDelta::days(1))).await.unwrap();
    let program = env.api_client(&company.administrator).await;
    let entries = log(&program, "actor=operator").await;
    let kinds: Vec<_> = entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["TokenCreated", "UserRoleChanged"]);
    assert_eq!(entries[1]["changes"], json!({ "role": ["agent", "manager"] }));
    assert_eq!(entries[1]["actor"], json!({ "type": "operator", "id": null, "name": null }));
}

async fn no_entry_holds_a_secret(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.administrator).await;
    let twilio = account(7);
    let channel = env.connect(&company).await.channel.id;
    let credentials = format!("/crm/settings/channels/{channel}/credentials");
    let new_secret = twilio.auth_token.expose_secret().to_owned();
    browser.put(credentials).form([("auth_token", new_secret.clone())]).html().await;
    let key = browser.post("/crm/settings/api-keys").form([("name", "K")]).json().await.is(201).value();
    let invited = [("email", "lola@example.uz"), ("role", "agent")];
    let invited = browser.post("/crm/settings/team").form(invited).json().await.is(201).value();
    let link = invited["url"].as_str().unwrap().split_once("token=").unwrap().1.to_owned();
    let new_password = "another good password";
    let accepted = [("token", link.as_str()), ("first_name", "Lola"), ("password", new_password)];
    env.anonymous_visitor().post("/access").form(accepted).html().await.is(303);
    let passwords = [("current_password", PASSWORD), ("password", "a third password, longer")];
    let changed = browser.put("/account/password").form(passwords).json().await.is(204);
    let cookie = changed.header("set-cookie").unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
    let mut raw = env.raw().await;
    let stored = raw.dump("events", "1 = 1").await.join("\n");
    for kind in ["TokenCreated", "InvitationAccepted", "PasswordChanged", "ChannelAdded"] {
        assert!(stored.contains(kind), "{kind}");
    }
    let token = key["token"].as_str().unwrap();
    for secret in [&new_secret, token, &link, new_password, PASSWORD, "a third password", &cookie, "$argon2"]
    {
        assert!(!stored.contains(secret), "{secret}");
    }
}

async fn the_log_of_another_tenant_is_not_seen(env: TestEnv) {
    let (samarkand, bukhara) = env.two_companies().await;
    let (ours, theirs) =
        (env.api_client(&samarkand.administrator).await, env.api_client(&bukhara.administrator).await);
    let client = id_of(&theirs, "/crm/clients", json!({ "first_name": "Zebuniso" })).await;
    id_of(&ours, "/crm/clients", json!({ "first_name": "Aziza" })).await;
    for query in
        ["", "q=zebuniso", "kind=ClientCreated&q=zebuniso", &format!("actor={}", bukhara.agent.user.id)]
    {
        let found = log(&ours, query).await;
        assert!(!json!(found).to_string().contains("Zebuniso"), "{query}: {found:?}");
    }
    let found = log(&ours, &format!("object=client:{client}")).await;
    assert!(found.iter().all(|entry| entry["object"]["title"] == "Aziza"), "{found:?}");
    let file = ours.get(format!("{LOG}/export?format=csv")).send().await.is(200);
    assert!(!file.text().contains("Zebuniso") && file.text().contains("Aziza"));
}

async fn events_are_append_only(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    id_of(&program, "/crm/clients", json!({ "first_name": "Aziza" })).await;
    let mut raw = env.raw().await;
    let before = raw.dump("events", "1 = 1").await;
    for statement in [
        "UPDATE events SET actor_id = 1",
        "UPDATE events SET created_at = created_at, address = 'x'",
        "UPDATE events SET changes = '{}'",
        "UPDATE events SET object_title = NULL, changes = NULL, search_text = NULL, kind = 'SignedIn'",
        "DELETE FROM events",
    ] {
        let refused = raw.run(statement).await.expect_err(statement).to_string();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    if env.engine == Engine::Postgres {
        assert!(raw.run("TRUNCATE events").await.is_err());
    }
    assert_eq!(raw.dump("events", "1 = 1").await, before);
}

async fn a_deleted_client_leaves_only_the_entry_of_its_deletion(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let create = async |first: &str, phone: &str| {
        id_of(&program, "/crm/clients", json!({ "first_name": first, "phone": phone })).await
    };
    let (kept, merged) = (create("Zebuniso", "901110011").await, create("Mohlaroyim", "901110022").await);
    let other = create("Gulbahor", "901110033").await;
    program
        .put(format!("/crm/clients/{kept}"))
        .json_body(json!({ "address": "Registon 1" }))
        .json()
        .await
        .is(200);
    let merge = json!({ "other_id": merged });
    program.post(format!("/crm/clients/{kept}/merge")).json_body(merge).json().await;
    assert!(newest(&program, "ClientMerged").await["changes"]["merged"][0] == "Mohlaroyim");
    program.delete(format!("/crm/clients/{kept}")).json().await.is(204);
    let mut raw = env.raw().await;
    let stored = raw.dump("events", "1 = 1").await.join("\n");
    for value in ["Zebuniso", "zebuniso", "Mohlaroyim", "901110011", "901110022", "Registon"] {
        assert!(!stored.contains(value), "{value}: {stored}");
    }
    assert!(stored.contains("Gulbahor"), "entries of other clients stay");
    let deleted = newest(&program, "ClientDeleted").await;
    assert_eq!(deleted["object"], json!({ "type": "client", "id": kept, "title": null }));
    assert_eq!(log(&program, &format!("object=client:{kept}")).await.len(), 4, "the entries themselves stay");

    program.post("/crm/clients/delete").form([("ids", other.to_string())]).json().await.is(200);
    let stored = raw.dump("events", "1 = 1").await.join("\n");
    assert!(!stored.contains("Gulbahor"), "{stored}");
    assert_eq!(newest(&program, "ClientDeleted").await["object"]["id"], other);
}

/// Records clients that were created on consecutive days.
async fn record_days(env: &TestEnv, company: &Company, program: &Visitor) -> Vec<i64> {
    let mut ids = Vec::new();
    for (name, _) in [("Азиза", 0), ("Botir", 1), ("Oʻtkir", 2)] {
        ids.push(id_of(program, "/crm/clients", json!({ "first_name": name })).await);
        env.advance_clock(TimeDelta::days(1));
    }
    let mut tx = company.begin().await;
    tx.record(
        Event::SignedIn { user_id: company.agent.user.id },
        Some(company.agent.user.id),
        env.clock.now(),
    );
    tx.commit().await.unwrap();
    ids
}

async fn the_log_is_filtered_and_searched(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let ids = record_days(&env, &company, &program).await;
    let titles = async |query: &str| -> Vec<String> {
        let found = log(&program, query).await.into_iter();
        found.map(|entry| entry["object"]["title"].as_str().unwrap_or("-").to_owned()).collect()
    };
    assert_eq!(titles("").await, ["-", "Oʻtkir", "Botir", "Азиза"]);
    assert_eq!(titles("q=aziza").await, ["Азиза"]);
    assert_eq!(titles("q=OTKIR").await, ["Oʻtkir"]);
    assert_eq!(titles("q=%25").await, Vec::<String>::new());
    assert_eq!(titles("kind=SignedIn").await, ["-"]);
    assert_eq!(titles(&format!("object=client:{}", ids[1])).await, ["Botir"]);
    assert_eq!(titles("object=client").await.len(), 3);
    assert_eq!(titles(&format!("actor={}", company.agent.user.id)).await, ["-"]);
    assert_eq!(titles("actor=user").await, ["-"]);
    assert_eq!(titles("from=2026-03-03&to=2026-03-03").await, ["Botir"], "both days are included");
    assert_eq!(titles("from=2026-03-04").await, ["-", "Oʻtkir"]);
    assert_eq!(titles("to=2026-03-02").await, ["Азиза"]);
    let page = program.get(format!("{LOG}?limit=3")).json().await.value();
    assert_eq!((&page["total"], &page["has_more"], &page["page"]), (&json!(4), &json!(true), &json!(1)));
    let page = program.get(format!("{LOG}?limit=3&page=2")).json().await.value();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

async fn the_log_is_exported_as_it_is_filtered(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let formula = json!({ "first_name": "=1+1", "comments": "@SUM(A1)" });
    id_of(&program, "/crm/clients", formula).await;
    record_days(&env, &company, &program).await;
    let file = program.get(format!("{LOG}/export?format=csv&object=client")).send().await.is(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename=\"audit-log-"));
    let table = rows(&file);
    assert_eq!(table[0][..3], ["Number", "Time", "Event"]);
    assert_eq!(table.len(), 5, "{table:?}");
    let first = table.last().unwrap();
    assert_eq!(
        (first[2].as_str(), first[5].as_str(), first[7].as_str()),
        ("Client created", "client", "'=1+1")
    );
    assert!(first[8].contains("@SUM(A1)") && !first[8].starts_with(['=', '@', '+', '-']), "{first:?}");
    let exported = newest(&program, "AuditExported").await;
    assert_eq!(exported["object"]["type"], "workspace");
    program.get(format!("{LOG}/export?format=xlsx")).json().await.problem(422);
    // People in Russian open the file with semicolons.
    let browser = env.sign_in(&company.administrator).await;
    let form = [("first_name", "Kamola"), ("locale", "ru")];
    browser.put("/account").form(form).html().await.is(303);
    let file = browser.get(format!("{LOG}/export?object=client")).html().await.is(200);
    assert!(file.text().contains("Номер;Время;Событие"), "{}", file.text());
}

async fn a_bad_filter_is_refused_by_its_field(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    for (field, value) in [
        ("kind", "Nonsense"),
        ("actor", "nobody"),
        ("actor", "user:x"),
        ("actor", "99999999999999999999"),
        ("object", "spaceship"),
        ("from", "yesterday"),
        ("to", "2026-02-30"),
        ("page", "x"),
        ("limit", "101"),
    ] {
        let refused = program.get(format!("{LOG}?{field}={value}")).json().await;
        refused.problem(422);
        assert_eq!(refused.invalid_fields(), [field]);
    }
    for harmless in
        ["q=", "kind=", "from=9999-12-31&to=9999-12-31", "object=client:nonsense", "after=nonsense"]
    {
        program.get(format!("{LOG}?{harmless}")).json().await.is(200);
    }
    assert!(EventKind::ALL.len() > 40, "each kind can be asked for");
}

async fn the_page_of_the_log_shows_entries_and_filters(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.administrator).await;
    for name in 0..30 {
        company.client(&env, &format!("Client {name}"), &format!("+9989012300{name:02}")).await;
    }
    let program = env.api_client(&company.administrator).await;
    let client = id_of(&program, "/crm/clients", json!({ "first_name": "<b>Aziza</b>" })).await;
    program
        .put(format!("/crm/clients/{client}"))
        .json_body(json!({ "first_name": "Aziza" }))
        .json()
        .await
        .is(200);
    let page = browser.get(LOG).html().await.is(200);
    let first = &page.texts("#audit-log > li")[0];
    for part in
        ["Details changed", "Client: Aziza", "First name: <b>Aziza</b> → Aziza", "a program (API key)"]
    {
        assert!(first.contains(part), "{part}: {first}");
    }
    assert!(page.has(&format!("#audit-log a[href='/crm/clients/{client}/actions']")));
    assert!(page.has("a[download]") && page.has("#audit-filters select[name=kind] option[value=SignedIn]"));
    let of_client =
        browser.get(format!("{LOG}?object=client:{client}&kind=ClientUpdated")).html().await.is(200);
    assert_eq!(of_client.texts("#audit-log > li").len(), 1);
    assert_eq!(of_client.texts("select[name=kind] option[selected]"), ["Details changed"]);
    assert!(browser.get(format!("{LOG}?q=nothing-like-this")).html().await.is(200).has(".empty"));
    let account = browser.get("/account").html().await.is(200);
    assert!(account.has("a[href='/crm/settings/audit']"));
    let agent = env.sign_in(&company.agent).await;
    assert!(!agent.get("/account").html().await.is(200).has("a[href='/crm/settings/audit']"));
    let found = agent.get("/spotlight?q=audit").json().await.value();
    assert!(!found.to_string().contains(LOG), "{found}");
}

async fn a_hundred_thousand_entries_are_read_by_their_index(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (tenant, agent) = (company.id(), company.agent.user.id);
    let numbers = match env.engine {
        Engine::Sqlite => {
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
             SELECT n FROM n"
        }
        Engine::Postgres => "SELECT n FROM generate_series(1, 100000) n",
    };
    let text = match env.engine {
        Engine::Sqlite => "strftime('%Y-%m-%dT%H:%M:%f+00:00', '2026-01-01', '+' || n || ' seconds')",
        Engine::Postgres => "TIMESTAMPTZ '2026-01-01' + n * INTERVAL '1 second'",
    };
    let mut raw = env.raw().await;
    raw.run(&format!(
        "INSERT INTO events (tenant_id, id, kind, payload, actor_id, created_at, author_type, object_type, object_id,
             search_text)
         SELECT {tenant}, n, CASE WHEN n % 1000 = 0 THEN 'UserEnabled' ELSE 'SignedIn' END,
             '{{\"type\":\"SignedIn\",\"user_id\":{agent}}}', {agent}, {text}, 'user', 'user', '{agent}', 'name ' || n
         FROM ({numbers}) numbers"
    ))
    .await
    .unwrap();
    raw.run(&format!("UPDATE event_counters SET last_id = 100000 WHERE tenant_id = {tenant}")).await.unwrap();
    if env.engine == Engine::Postgres {
        raw.run("ANALYZE events").await.unwrap();
    }
    let program = env.api_client(&company.administrator).await;
    let first = program.get(format!("{LOG}?limit=100")).json().await.is(200).value();
    assert_eq!(first["total"], 100_000);
    let middle = AuditFilter::parse_cursor(&format!("{}_50000", 1_767_225_600_000_000_i64 + 50_000_000_000));
    let middle = middle.unwrap().text();
    for query in [
        String::new(),
        format!("after={middle}"),
        format!("before={middle}"),
        "kind=UserEnabled".into(),
        format!("actor={agent}&after={middle}"),
        format!("object=user:{agent}&kind=UserEnabled"),
        "from=2026-01-01&to=2026-01-01".into(),
        "q=name+77777".into(),
    ] {
        let started = Instant::now();
        let (answer, used) = count_database_use(program.get(format!("{LOG}?{query}")).json()).await;
        answer.is(200);
        assert!(used.statements.len() <= 8 && used.transactions <= 2, "{query}: {used:?}");
        assert!(started.elapsed().as_millis() < 2_000, "{query}: {:?}", started.elapsed());
    }
}

#[test]
fn no_use_case_records_an_event_without_its_author() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services");
    let (mut folders, mut records) = (vec![folder], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for call in source.split(".record(").skip(1) {
                let call = call.split(';').next().unwrap();
                records += 1;
                assert!(!call.contains("user_id()"), "{}: {call}: record it for `author()`", path.display());
            }
        }
    }
    assert!(records > 50, "the scan finds the calls: {records}");
}
