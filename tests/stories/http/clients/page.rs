//! Tests of the client page: every field, concurrent edits of sections, tabs and deletion.

use serde_json::{Value, json};

use crate::http::all_routes::route_table::Ids;
use crate::support::{
    Company, TestEnv, concurrently,
    http::{TestResponse, Visitor},
};

on_both_engines! {
    every_field_is_set_changed_cleared_and_refused,
    concurrent_edits_of_a_section_show_a_conflict,
    edits_of_different_sections_do_not_conflict,
    api_clients_may_send_if_match,
    a_number_belongs_to_one_client_after_concurrent_edits,
    tabs_show_messages_and_activity,
    deleting_counts_the_records_and_deletes_them_all,
    a_phone_has_one_notation_and_is_no_contact_besides_itself,
}

const PHONE: &str = "+998901234567";

/// A field: two valid values with their stored forms, invalid ones, and its section.
struct Case {
    field: &'static str,
    section: &'static str,
    good: [(&'static str, &'static str); 2],
    bad: &'static [&'static str],
}

const fn case(
    field: &'static str,
    section: &'static str,
    good: [(&'static str, &'static str); 2],
    bad: &'static [&'static str],
) -> Case {
    Case { field, section, good, bad }
}

const CASES: &[Case] = &[
    case("first_name", "personal", [("Aziza", "Aziza"), (" Азиза ", "Азиза")], &["", "a\u{1}b"]),
    case("last_name", "personal", [("Karimova", "Karimova"), ("Oʻtkir-Zoda", "Oʻtkir-Zoda")], &["a\u{1}b"]),
    case("middle_name", "personal", [("Botirovna", "Botirovna"), ("Ўткировна", "Ўткировна")], &["\u{7}"]),
    case(
        "date_of_birth",
        "personal",
        [("1990-05-17", "1990-05-17"), ("2026-03-02", "2026-03-02")],
        &["2026-03-03", "1800-01-01", "17.05.1990", "1990-02-30"],
    ),
    case("gender", "personal", [("female", "female"), ("other", "other")], &["f", "FEMALE"]),
    case(
        "address",
        "personal",
        [("Registon 1\nSamarqand", "Registon 1\nSamarqand"), ("Bog‘", "Bog‘")],
        &["a\u{1b}b"],
    ),
    case(
        "phone",
        "reach",
        [("90 123-45-67", PHONE), ("+7 (495) 123-45-67", "+74951234567")],
        &["12", "tomorrow", "+998 90 123 45 6"],
    ),
    case(
        "email",
        "reach",
        [("Aziza@Example.UZ", "aziza@example.uz"), ("a.b+c@d.uz", "a.b+c@d.uz")],
        &["aziza", "a@b", "a b@c.uz"],
    ),
    case(
        "passport_series",
        "documents",
        [("a a", "AA"), ("kk", "KK")],
        &["A/1", "123456789012345678901234567890123"],
    ),
    case("passport_number", "documents", [("123 45 67", "1234567"), ("ab-1", "AB-1")], &["1/2", "№ 5"]),
    case(
        "pin",
        "tax",
        [("12345678 901234", "12345678901234"), ("43210987654321", "43210987654321")],
        &["123", "1234567890123X", "123456789012345"],
    ),
    case("country_code", "tax", [("UZ", "UZ"), ("kz", "KZ")], &["Uzbekistan", "XX"]),
    case("comments", "notes", [("VIP\n\nafter lunch", "VIP\n\nafter lunch"), ("=1+1", "=1+1")], &["a\u{0}b"]),
];

/// The other half of a document, without which a field is not stored.
fn partner(field: &str) -> Option<(&'static str, &'static str)> {
    match field {
        "passport_series" => Some(("passport_number", "7654321")),
        "country_code" => Some(("pin", "11112222333344")),
        _ => None,
    }
}

async fn tenant_with_visitors(env: &TestEnv) -> (Company, Visitor, Visitor) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let browser = env.sign_in(&company.agent).await;
    (company, program, browser)
}

async fn stored(program: &Visitor, path: &str) -> Value {
    program.get(path).json().await.is(200).value()
}

/// Sends a section as the form of the page has it, with one field changed.
async fn fill_in(browser: &Visitor, path: &str, section: &str, field: &str, value: &str) -> TestResponse {
    let page = browser.get(format!("{path}?edit={section}")).html().await.is(200);
    send(browser, path, &page, section, &[(field, value)]).await
}

/// Sends the form of a page with these entered values.
async fn send(
    browser: &Visitor,
    path: &str,
    page: &TestResponse,
    section: &str,
    typed: &[(&str, &str)],
) -> TestResponse {
    let form = format!("#{section} form");
    let names = page.attributes(&format!("{form} [name]:not([name=take])"), "name");
    let mut fields = Vec::new();
    for name in names {
        let css = format!("{form} [name={name}]");
        let now = if page.has(&format!("{form} textarea[name={name}]")) {
            page.raw_texts(&css).pop()
        } else if page.has(&format!("{form} select[name={name}]")) {
            page.attribute(&format!("{css} [selected]"), "value")
        } else {
            page.attribute(&css, "value")
        };
        if !typed.iter().any(|(typed, _)| *typed == name) {
            fields.push((name, now.unwrap_or_default()));
        }
    }
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post(path).form(fields).html().await
}

async fn every_field_is_set_changed_cleared_and_refused(env: TestEnv) {
    let (_, program, browser) = tenant_with_visitors(&env).await;
    for Case { field, section, good, bad } in CASES {
        let with = |value: &str| {
            let mut body = json!({ "first_name": "Aziza" });
            if let Some((name, value)) = partner(field) {
                body[name] = value.into();
            }
            body[*field] = value.into();
            body
        };
        let as_form = |body: &Value| -> Vec<(String, String)> {
            let fields = body.as_object().unwrap().iter();
            fields.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
        };
        for through_form in [false, true] {
            let told = format!("{field}, {}", if through_form { "form" } else { "JSON" });
            let create = async |body: Value| {
                let answer = if through_form {
                    browser.post("/crm/clients").form(as_form(&body)).html().await
                } else {
                    program.post("/crm/clients").json_body(body).json().await
                };
                assert!([201, 303].contains(&answer.status.as_u16()), "{told}: {answer:?}");
                answer.location().to_owned()
            };
            let path = create(with(good[0].0)).await;
            assert_eq!(stored(&program, &path).await[field], good[0].1, "{told}: created");
            let change = async |value: &str| {
                if through_form {
                    fill_in(&browser, &path, section, field, value).await
                } else {
                    program.put(&path).json_body(json!({ *field: value })).json().await
                }
            };
            assert!(change(good[1].0).await.status.as_u16() < 400, "{told}");
            let changed = stored(&program, &path).await;
            assert_eq!(changed[field], good[1].1, "{told}: changed");
            for bad in *bad {
                let refused = change(bad).await;
                if through_form {
                    let refused = refused.is(422);
                    let wrong = format!("#{section} [name={field}]");
                    assert!(refused.has(&format!("#e-{field}")), "{told}: {bad:?}");
                    assert_eq!(refused.attribute(&wrong, "aria-describedby"), Some(format!("e-{field}")));
                    assert!(refused.has(&format!("{wrong}[autofocus]")), "{told}: the focus is there");
                    if !["gender", "country_code"].contains(field) && !bad.contains('\0') {
                        let kept =
                            refused.attribute(&wrong, "value").or_else(|| refused.raw_texts(&wrong).pop());
                        assert_eq!(kept.as_deref(), Some(*bad), "{told}: what was typed is kept");
                    }
                } else {
                    assert_eq!(refused.invalid_fields(), [*field], "{told}: {bad:?}");
                }
                assert_eq!(stored(&program, &path).await, changed, "{told}: {bad:?} changes nothing");
            }
            if *field == "first_name" {
                program.delete(&path).json().await.is(204);
                continue;
            }
            let cleared = change("").await;
            if *field == "country_code" {
                // The number is not lost together with the country, and does not get another country.
                assert_eq!(cleared.status, 422, "{told}");
                assert_eq!(stored(&program, &path).await, changed, "{told}");
                program.put(&path).json_body(json!({ "pin": "", "country_code": "" })).json().await.is(200);
                assert_eq!(stored(&program, &path).await[field], Value::Null, "{told}: with its number");
                program.delete(&path).json().await.is(204);
                continue;
            }
            assert!(cleared.status.as_u16() < 400, "{told}: {cleared:?}");
            let cleared = stored(&program, &path).await;
            assert_eq!(cleared[field], Value::Null, "{told}: cleared");
            assert_eq!(cleared["first_name"], "Aziza", "{told}");
            program.delete(&path).json().await.is(204);
        }
    }
}

async fn concurrent_edits_of_a_section_show_a_conflict(env: TestEnv) {
    let (company, program, browser) = tenant_with_visitors(&env).await;
    let other = env.sign_in(&company.manager).await;
    let body = json!({ "first_name": "Aziza", "last_name": "Karimova", "address": "Registon 1" });
    let path = program.post("/crm/clients").json_body(body).json().await.is(201).location().to_owned();
    let page = browser.get(format!("{path}?edit=personal")).html().await.is(200);
    let typed = [("last_name", "Aliyeva"), ("middle_name", "Botirovna")];

    fill_in(&other, &path, "personal", "last_name", "Umarova").await.is(303);
    program.put(&path).json_body(json!({ "address": "Buxoro 5" })).json().await.is(200);
    let late = send(&browser, &path, &page, "personal", &typed).await.is(409);
    assert_eq!(stored(&program, &path).await["last_name"], "Umarova", "nothing is saved yet");
    assert!(late.has("#personal [role=alert]"));
    assert_eq!(late.attribute("#personal [name=last_name]", "value").as_deref(), Some("Aliyeva"));
    assert_eq!(late.text_of("#t-last_name .value"), "Umarova");
    assert_eq!(late.attribute("#personal [name=middle_name]", "value").as_deref(), Some("Botirovna"));
    assert_eq!(late.text_of("#personal [name=address]"), "Buxoro 5", "what was not touched follows");
    assert!(!late.has("#t-address") && !late.has("#t-middle_name"));

    // Another user saves again; then one field takes their value and another keeps one's own.
    fill_in(&other, &path, "personal", "middle_name", "Olimovna").await.is(303);
    let late = send(&browser, &path, &late, "personal", &[]).await.is(409);
    assert_eq!(late.texts("#personal .theirs .value"), ["Olimovna"]);
    let saved = send(&browser, &path, &late, "personal", &[("take", "middle_name")]).await;
    saved.is(303);
    let client = stored(&program, &path).await;
    assert_eq!(client["full_name"], "Aziza Olimovna Aliyeva");
    assert_eq!(client["address"], "Buxoro 5");

    // The form with all fields reports a conflict too; a request without the former values does not, as from an API
    // client.
    let all = browser.get(format!("{path}/edit")).html().await.is(200);
    let seen = all.attribute("input[name=seen]", "value").unwrap();
    program.put(&path).json_body(json!({ "comments": "VIP" })).json().await.is(200);
    let form = [("_method", "PUT"), ("first_name", "A"), ("comments", ""), ("seen", &seen)];
    let late = browser.post(&path).form(form).html().await.is(409);
    assert!(!late.has("#t-comments") && late.text_of("[name=comments]") == "VIP", "{late:?}");
    for odd in ["", "{", "[1]", "{\"first_name\":7}"] {
        let form = [("_method", "PUT"), ("first_name", "A"), ("seen", odd)];
        browser.post(&path).form(form).html().await.is(409);
        browser.post(&path).form(form).json().await.problem(409);
    }
    browser.post(&path).form([("_method", "PUT"), ("last_name", "Z")]).html().await.is(303);
}

async fn edits_of_different_sections_do_not_conflict(env: TestEnv) {
    let (_, program, browser) = tenant_with_visitors(&env).await;
    let body = json!({ "first_name": "Aziza", "passport_number": "1" });
    let path = program.post("/crm/clients").json_body(body).json().await.is(201).location().to_owned();
    let documents = browser.get(format!("{path}?edit=documents")).html().await.is(200);
    let notes = browser.get(format!("{path}?edit=notes")).html().await.is(200);
    send(&browser, &path, &notes, "notes", &[("comments", "VIP")]).await.is(303);
    let contact = [("type", "telegram"), ("value", "aziza_k")];
    browser.post(format!("{path}/contacts")).form(contact).html().await.is(303);
    send(&browser, &path, &documents, "documents", &[("passport_number", "2")]).await.is(303);
    let client = stored(&program, &path).await;
    assert_eq!((&client["comments"], &client["passport_number"]), (&json!("VIP"), &json!("2")));
}

async fn api_clients_may_send_if_match(env: TestEnv) {
    let (_, program, _) = tenant_with_visitors(&env).await;
    let made = program.post("/crm/clients").json_body(json!({ "first_name": "Aziza" })).json().await.is(201);
    let path = made.location().to_owned();
    let read = program.get(&path).json().await.is(200);
    let tag = read.header("etag").unwrap().to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    let put = |name: &str, tag: &str| {
        program.put(&path).json_body(json!({ "first_name": name })).header("if-match", tag).json()
    };
    let changed = put("Azizaxon", &tag).await.is(200);
    let newer = changed.header("etag").unwrap();
    assert_eq!(program.get(&path).json().await.header("etag"), Some(newer));
    put("Late", &tag).await.problem(412);
    put("Late", &format!("W/{newer}")).await.problem(412);
    put("Late", "").await.problem(412);
    put("Any", "*").await.is(200);
    let contact = json!({ "type": "telegram", "value": "aziza_k" });
    program.post(format!("{path}/contacts")).json_body(contact).json().await.is(201);
    put("Late", newer).await.problem(412);
    program.put(&path).json_body(json!({ "last_name": "K" })).json().await.is(200);
    let client = stored(&program, &path).await;
    assert_eq!((&client["first_name"], &client["last_name"]), (&json!("Any"), &json!("K")));
}

async fn a_number_belongs_to_one_client_after_concurrent_edits(env: TestEnv) {
    let (_, program, _) = tenant_with_visitors(&env).await;
    let make = async |name: &str| {
        let answer =
            program.post("/crm/clients").json_body(json!({ "first_name": name })).json().await.is(201);
        answer.location().to_owned()
    };
    let (aziza, botir) = (make("Aziza").await, make("Botir").await);
    for round in 0..8 {
        let phone = format!("+99890123450{round}");
        let statuses = concurrently(6, |number| {
            let (program, phone) = (program.clone(), phone.clone());
            let (aziza, botir) = (aziza.clone(), botir.clone());
            async move {
                let answer = match number {
                    0 | 1 => program.put(&aziza).json_body(json!({ "phone": phone })).json().await,
                    2 => {
                        program
                            .post("/crm/clients")
                            .json_body(json!({ "first_name": "C", "phone": phone }))
                            .json()
                            .await
                    }
                    _ => {
                        let body =
                            json!({ "type": if number == 3 { "whatsapp" } else { "phone" }, "value": phone });
                        program.post(format!("{botir}/contacts")).json_body(body).json().await
                    }
                };
                answer.status.as_u16()
            }
        })
        .await;
        assert!(statuses.iter().all(|status| [200, 201, 409].contains(status)), "{statuses:?}");
        let list = program.get(format!("/crm/clients?q={}", &phone[1..])).json().await.value();
        let owners: Vec<_> = list["items"].as_array().unwrap().iter().map(|client| &client["id"]).collect();
        assert_eq!(owners.len(), 1, "round {round}: {statuses:?}");
    }
}

async fn tabs_show_messages_and_activity(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", PHONE).await;
    let path = format!("/crm/clients/{}", ids.client);
    let program = env.api_client(&company.administrator).await;
    let browser = env.sign_in(&company.manager).await;
    let said = browser.get(format!("{path}/messages")).html().await.is(200);
    assert_eq!(said.texts("#said .prose"), ["Aziza"]);
    assert!(said.has(&format!("a[href='/crm/chats/{}']", ids.chat)));
    assert_eq!(said.texts(".tabs [aria-current=page]"), ["Messages"]);
    let json = program.get(format!("{path}/messages")).json().await.is(200).value();
    assert_eq!(json["items"][0]["id"], ids.message);

    let done = browser.get(format!("{path}/actions")).html().await.is(200);
    let history = done.texts("#history li");
    assert_eq!(history.len(), 4, "{history:?}");
    assert!(history[3].contains("Client created"), "{history:?}");
    assert!(history[1].contains("Chat started") && history[1].contains("automatically"), "{history:?}");
    assert!(history[0].contains("Merged with a duplicate"), "{history:?}");
    let kinds = program.get(format!("{path}/actions")).json().await.value();
    assert_eq!(kinds["history"][3]["type"], "ClientCreated");
    let agent = env.api_client(&company.agent).await;
    assert_eq!(agent.get(format!("{path}/actions")).json().await.value()["history"], Value::Null);

    // The history names the changed fields, and shows their old and new values.
    let body = json!({ "pin": "43210987654321", "address": "Registon 1", "passport_number": "7654321" });
    program.put(&path).json_body(body).json().await.is(200);
    let done = browser.get(format!("{path}/actions")).html().await.is(200);
    assert_eq!(
        done.texts("#history li > span:nth-of-type(1)")[0],
        "Details changed: Address, Passport number, PIN"
    );
    let kinds = program.get(format!("{path}/actions")).json().await.value();
    assert_eq!(kinds["history"][0]["fields"], json!(["address", "passport_number", "pin"]));
    assert_eq!(kinds["history"][0]["changes"]["pin"], json!(["12345678901234", "43210987654321"]));
    assert!(done.texts("#history dl")[0].contains("12345678901234 → 43210987654321"));

    let nobody =
        program.post("/crm/clients").json_body(json!({ "first_name": "Botir" })).json().await.is(201);
    let empty = browser.get(format!("{}/messages", nobody.location())).html().await.is(200);
    assert!(empty.has("#no-messages") && !empty.has("#to-chat"));
}

async fn deleting_counts_the_records_and_deletes_them_all(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", PHONE).await;
    let path = format!("/crm/clients/{}", ids.client);
    let program = env.api_client(&company.manager).await;
    program.receive_sms(&channel, "SM9", PHONE, "One more").await;
    let browser = env.sign_in(&company.manager).await;
    let page = browser.get(format!("{path}/delete")).html().await.is(200);
    assert_eq!(page.text_of("h1"), "Delete Aziza Aziza Aziza?");
    assert_eq!(page.texts("main li"), ["2 contacts", "3 messages", "1 file"]);
    let takes = program.get(format!("{path}/delete")).json().await.is(200).value();
    assert_eq!(takes, json!({ "contacts": 2, "messages": 3, "files": 1 }));
    browser.post(&path).form([("_method", "DELETE")]).html().await.is(303);

    let mut raw = env.raw().await;
    let id = ids.client;
    for table in raw.tables().await {
        if ["events", "event_counters", "inbound_receipts", "_sqlx_migrations"].contains(&table.as_str()) {
            continue;
        }
        let rows = raw.dump(&table, "1 = 1").await.concat();
        assert!(!rows.contains("One more") && !rows.contains("998901234567"), "{table}: {rows}");
    }
    for table in ["clients", "contacts", "chats", "members", "messages", "attachments", "deliveries"] {
        assert_eq!(raw.count(table).await, 0, "{table}");
    }
    // A quick reply, a role and an API key are named like the client.
    let events =
        raw.dump("events", "object_type IS NULL OR object_type IN ('client', 'chat')").await.concat();
    assert!(!events.contains("Aziza") && events.contains("ClientDeleted"), "{id}: only the entry stays");
}

async fn a_phone_has_one_notation_and_is_no_contact_besides_itself(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.manager).await;
    program.receive_sms(&channel, "SM1", PHONE, "Salom").await;
    let browser = env.sign_in(&company.manager).await;
    for path in ["/crm/clients/1", "/crm/clients/1?edit=reach", "/crm/clients", "/crm/chats/1"] {
        let page = browser.get(path).html().await.is(200);
        let (text, field) = (page.text(), page.attribute("#f-phone", "value"));
        assert!(text.contains("+998 90 123 45 67"), "{path}");
        assert!(field.is_none_or(|value| value == "+998 90 123 45 67"), "{path}");
    }
    let page = browser.get("/crm/clients/1").html().await.is(200);
    assert!(page.has("#no-contacts") && !page.has("#contact-list"), "the phone is no other contact");
    assert_eq!(program.get("/crm/clients/1").json().await.value()["contacts"].as_array().unwrap().len(), 1);
    // What there is none of is not listed.
    let empty = json!({ "first_name": "Botir" });
    let empty = program.post("/crm/clients").json_body(empty).json().await.is(201).value()["id"].clone();
    let page = browser.get(format!("/crm/clients/{empty}/delete")).html().await.is(200);
    assert!(!page.has("main li") && page.has("main .danger"), "{page:?}");
    let page = browser.get(format!("/crm/clients/1/merge?other_id={empty}")).html().await.is(200);
    assert!(page.has(".compare") && !page.text_of(".compare-end").contains("0 contacts"), "{page:?}");
}
