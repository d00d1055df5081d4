//! Tests of imports: a table is uploaded, its columns are mapped, it is checked and stored.

use std::{fmt::Write as _, sync::Arc};

use aloqa::error::AppError;
use chrono::TimeDelta;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::http::clients::export::rows;
use crate::support::{
    Company, TestEnv,
    http::{TestResponse, Visitor, until},
    providers::webhook::{INBOUND, sms_form, token_of},
};

on_both_engines! {
    a_russian_spreadsheet_is_imported_without_scripts,
    an_api_client_imports_a_table,
    rows_with_errors_are_listed_and_can_be_corrected,
    rows_with_errors_have_the_delimiter_of_the_upload,
    duplicates_are_skipped_or_updated,
    an_all_or_nothing_import_is_rolled_back_when_cancelled,
    an_undo_does_not_restore_values_taken_since,
    rows_imported_before_a_cancellation_stay,
    another_worker_takes_over_the_import_of_a_dead_one,
    a_stopping_process_releases_its_import,
    two_workers_store_no_row_twice,
    messages_are_received_while_an_import_runs,
    an_export_can_be_imported_into_another_tenant,
    the_imports_of_others_are_for_those_who_may_delete_clients,
    a_row_that_is_too_long_is_rejected_and_the_next_ones_are_read,
    a_file_that_is_not_a_table_is_refused,
    uploaded_files_are_removed_after_a_day,
}

on_postgres![a_failing_import_is_released];

const FIXTURES: [(&str, &[u8]); 5] = [
    ("clients.csv", include_bytes!("../../../fixtures/tables/excel-russian.csv")),
    ("clients.csv", include_bytes!("../../../fixtures/tables/excel-russian-utf8.csv")),
    ("clients.txt", include_bytes!("../../../fixtures/tables/excel-russian-utf16.txt")),
    ("clients.csv", include_bytes!("../../../fixtures/tables/libreoffice-russian.csv")),
    ("clients.csv", include_bytes!("../../../fixtures/tables/libreoffice-russian-utf8.csv")),
];

async fn upload(visitor: &Visitor, table: &[u8]) -> TestResponse {
    visitor.post("/crm/clients/imports").multipart(&[("file", Some("clients.csv"), table)]).json().await
}

/// Uploads and checks a table; returns the path of the import.
async fn upload_and_check(env: &TestEnv, program: &Visitor, table: &str) -> String {
    let uploaded = upload(program, table.as_bytes()).await.is(201);
    let path = uploaded.location().to_owned();
    program.put(&path).json_body(json!({})).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    assert_eq!(shown(program, &path).await["state"], "checked");
    path
}

async fn shown(program: &Visitor, path: &str) -> Value {
    program.get(path).json().await.is(200).value()
}

async fn start(program: &Visitor, path: &str, choice: Value) -> TestResponse {
    program.post(format!("{path}/start")).json_body(choice).json().await
}

async fn clients(program: &Visitor, query: &str) -> Vec<Value> {
    let list = program.get(format!("/crm/clients?limit=100&sort=created_at&{query}")).json().await.is(200);
    list.value()["items"].as_array().unwrap().clone()
}

/// A table of this many people.
fn table_of(count: usize) -> String {
    let mut table = "First name,Phone,Comments\n".to_owned();
    for number in 0..count {
        writeln!(table, "Person {number},+99890{:07},\"line\n{number}\"", 1_000_000 + number).unwrap();
    }
    table
}

async fn a_russian_spreadsheet_is_imported_without_scripts(env: TestEnv) {
    for (number, (name, table)) in FIXTURES.into_iter().enumerate() {
        let slug = format!("moscow-{number}");
        let id = env.company(&slug).await.id();
        let mut raw = env.raw().await;
        raw.run(&format!("UPDATE tenants SET country = 'RU' WHERE id = {id}")).await.unwrap();
        let browser = env.anonymous_visitor();
        let mut browser = browser;
        browser.sign_in(&format!("agent@{slug}.example"), crate::support::people::PASSWORD).await.is(303);
        browser.fetch_form_token().await;

        // Without scripts, the form contains the token before the file.
        let token = browser.form_token.clone().unwrap();
        let parts = [("_csrf", None, token.as_bytes()), ("file", Some(name), table)];
        let refused =
            browser.post("/crm/clients/imports").without_token().multipart(&parts[1..]).html().await;
        assert_eq!(refused.status, 403);
        let sent =
            browser.post("/crm/clients/imports").without_token().multipart(&parts).html().await.is(303);
        let path = sent.location().to_owned();
        let page = browser.get(&path).html().await.is(200);
        assert_eq!(
            page.attributes(".mapping select option[selected]", "value"),
            ["last_first_name", "phone", "email", "date_of_birth", "gender", "comments"]
        );
        assert_eq!(page.attribute("[name=dates][checked]", "value").as_deref(), Some("day-first"));
        assert!(page.text().contains("Каримова Азиза Ботировна"));

        browser.post(&path).form([("_method", "PUT"), ("column_6", "")]).html().await.is(303);
        let page = browser.get(&path).html().await.is(200);
        assert!(page.has("progress") && page.has("noscript"), "{page:?}");
        env.services.imports.drain().await.unwrap();
        let page = browser.get(&path).html().await.is(200);
        assert_eq!(page.texts(".figures dd"), ["3", "0", "0"], "{page:?}");
        browser.post(format!("{path}/start")).form([("bad_rows", "refuse")]).html().await.is(303);
        env.services.imports.drain().await.unwrap();
        let page = browser.get(&path).html().await.is(200);
        assert_eq!(page.texts(".figures dd"), ["3", "0", "0", "0"], "{page:?}");
        assert!(!page.has("progress"));

        let found = clients(&browser, "sort=created_at").await;
        assert_eq!(found.len(), 3);
        let aziza = &clients(&browser, "q=aziza").await[0];
        for (field, value) in [
            ("full_name", "Азиза Ботировна Каримова"),
            ("phone", "+79161234567"),
            ("email", "aziza@example.ru"),
            ("date_of_birth", "1990-05-17"),
            ("gender", "female"),
            ("comments", "Просила звонить\nпосле обеда; не утром"),
        ] {
            assert_eq!(aziza[field], value, "{field}");
        }
        let petrov = &clients(&browser, "q=petrov").await[0];
        assert_eq!(petrov["comments"], "=СУММ(A1)");
        assert_eq!(petrov["date_of_birth"], "1985-02-01");
        let otkir = &clients(&browser, "q=otkir").await[0];
        assert_eq!(
            (&otkir["phone"], &otkir["contacts"][0]["value"]),
            (&json!("+998901234567"), &json!("+74951234567"))
        );
        let list = browser.get("/crm/clients/imports").html().await.is(200);
        assert!(list.text_of("#imports li").contains(name), "{list:?}");
    }
}

async fn an_api_client_imports_a_table(env: TestEnv) {
    let (company, other) = env.two_companies().await;
    let program = env.api_client(&company.agent).await;
    let table =
        "name;tel;dob;Country of birth\nAziza;901234567;02/03/1990;UZ\nBotir;901234568;1991-12-31;UZ\n";
    let uploaded = upload(&program, table.as_bytes()).await.is(201);
    let path = uploaded.location().to_owned();
    let import = uploaded.value();
    assert_eq!((&import["state"], &import["total"]), (&json!("mapping"), &json!(2)));
    assert_eq!(import["dates_are_ambiguous"], true);
    assert_eq!(import["columns"][2]["field"], "date_of_birth");
    assert_eq!(import["columns"][3]["field"], Value::Null);
    start(&program, &path, json!({})).await.problem(409);

    for (body, wrong) in [
        (json!({ "column_0": "age" }), "column_0"),
        (json!({ "column_3": "phone" }), "column_3"),
        (json!({ "dates": "sideways" }), "dates"),
        (json!({ "column_0": null, "column_1": null }), "columns"),
    ] {
        assert_eq!(program.put(&path).json_body(body).json().await.invalid_fields(), [wrong]);
    }
    program.put(&path).json_body(json!({ "dates": "month-first" })).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    assert_eq!(
        start(&program, &path, json!({ "duplicates": "merge" })).await.invalid_fields(),
        ["duplicates"]
    );
    start(&program, &path, json!({ "duplicates": "update", "bad_rows": "skip" })).await.is(200);
    env.services.imports.drain().await.unwrap();
    let done = shown(&program, &path).await;
    assert_eq!((&done["state"], &done["created"]), (&json!("done"), &json!(2)), "{done}");
    assert_eq!(clients(&program, "q=aziza").await[0]["date_of_birth"], "1990-02-03");
    program.post(format!("{path}/cancel")).json().await.problem(409);
    start(&program, &path, json!({})).await.problem(409);

    // In another tenant, the same people become other clients.
    let elsewhere = env.api_client(&other.agent).await;
    elsewhere.get(&path).json().await.problem(404);
    elsewhere.post(format!("{path}/cancel")).json().await.problem(404);
    let path = upload_and_check(&env, &elsewhere, table).await;
    assert_eq!(shown(&elsewhere, &path).await["good"], 2);
}

async fn rows_with_errors_are_listed_and_can_be_corrected(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let browser = env.sign_in(&company.agent).await;
    let table = "First name,Phone,E-mail,Telegram\nAziza,call me,a@b.uz,@aziza\n,901234567,,\nBotir,901234568,x,\n\
                 =Zafar,901234569,,\nKarim,901234569,,\nNone,,,@zafar,too much\nLola,901234570,l@b.uz,@lola\n";
    let path = upload_and_check(&env, &program, table).await;
    let found = shown(&program, &path).await;
    let counts = ["good", "duplicates", "bad"].map(|name| found[name].as_i64().unwrap());
    assert_eq!(counts, [2, 1, 4], "{found}");
    let page = browser.get(&path).html().await.is(200);
    let said = page.texts(".flaws dd");
    assert_eq!(page.texts(".flaws dt"), ["Row 2", "Row 3", "Row 4", "Row 6", "Row 7"]);
    assert!(said[0].contains("Phone: This is not a phone number"), "{said:?}");
    assert!(said[1].contains("First name: Required"), "{said:?}");
    assert!(said[3].contains("Row 5 has this already"), "{said:?}");
    start(&program, &path, json!({ "bad_rows": "refuse" })).await.problem(409);
    start(&program, &path, json!({ "bad_rows": "skip" })).await.is(200);
    env.services.imports.drain().await.unwrap();
    let done = shown(&program, &path).await;
    assert_eq!([&done["created"], &done["kept"], &done["bad"]], [&json!(2), &json!(1), &json!(4)], "{done}");

    let file = program.get(format!("{path}/flaws")).json().await.is(200);
    assert!(file.header("content-disposition").unwrap().contains("clients-to-fix.csv"), "{file:?}");
    let lines = rows(&file);
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert_eq!(lines[0][4..], ["Row", "Error"]);
    assert_eq!(lines[1][..5], ["Aziza", "call me", "a@b.uz", "'@aziza", "2"]);
    // After the corrections, the table is imported as it is.
    let mended = file.text().replace("call me", "901234571").replace(",901234567,", "Malika,901234567,");
    let mended = mended.replace("901234568,x,", "901234568,b@b.uz,");
    let path = upload_and_check(&env, &program, &mended).await;
    start(&program, &path, json!({})).await.is(200);
    env.services.imports.drain().await.unwrap();
    let names: Vec<String> =
        clients(&program, "").await.iter().map(|c| c["first_name"].to_string()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    assert!(names.contains(&"\"=Zafar\"".to_owned()), "{names:?}");
}

async fn rows_with_errors_have_the_delimiter_of_the_upload(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    for delimiter in [";", ",", "\t"] {
        let table = "First name,Phone,E-mail\nAziza,call me,a@b.uz\nBotir,901234568,b@b.uz\n";
        let path = upload_and_check(&env, &program, &table.replace(',', delimiter)).await;
        let file = program.get(format!("{path}/flaws")).json().await.is(200).text();
        let line = ["Aziza", "call me", "a@b.uz", "2"].join(delimiter);
        assert!(file.contains(&line), "{delimiter:?}: {file}");
    }
}

async fn duplicates_are_skipped_or_updated(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let body = json!({ "first_name": "Aziza", "last_name": "Karimova", "phone": "+998901234567", "comments": "kept",
        "pin": "12345678901234" });
    let id = program.post("/crm/clients").json_body(body).json().await.is(201).value()["id"].clone();
    let body = json!({ "type": "phone", "value": "+998901234599" });
    program.post(format!("/crm/clients/{id}/contacts")).json_body(body).json().await.is(201);
    program
        .post("/crm/clients")
        .json_body(json!({ "first_name": "B", "phone": "+998901234568" }))
        .json()
        .await
        .is(201);

    let table = "First name,Last name,Phone,Comments,PIN\nAZIZA,,+998901234567,,\n,Karimov,90 123 45 99,,\n\
                 New,,,,12345678901234\nTorn,,901234568,,12345678901234\n";
    let path = upload_and_check(&env, &program, table).await;
    let found = shown(&program, &path).await;
    assert_eq!([&found["good"], &found["duplicates"], &found["bad"]], [0, 3, 1], "{found}");
    start(&program, &path, json!({ "duplicates": "skip" })).await.is(200);
    env.services.imports.drain().await.unwrap();
    assert_eq!(shown(&program, &path).await["kept"], 3);
    assert_eq!(program.get(format!("/crm/clients/{id}")).json().await.value()["first_name"], "Aziza");

    let path = upload_and_check(&env, &program, table).await;
    start(&program, &path, json!({ "duplicates": "update" })).await.is(200);
    env.services.imports.drain().await.unwrap();
    let done = shown(&program, &path).await;
    assert_eq!([&done["created"], &done["updated"], &done["bad"]], [0, 3, 1], "{done}");
    let client = program.get(format!("/crm/clients/{id}")).json().await.value();
    for (field, value) in
        [("first_name", "New"), ("last_name", "Karimov"), ("phone", "+998901234567"), ("comments", "kept")]
    {
        assert_eq!(client[field], value, "{field}");
    }
}

/// Drops the worker in the middle of its work, as a crash does: it releases nothing.
async fn work_until(env: &TestEnv, program: &Visitor, path: &str, is_so: impl Fn(&Value) -> bool) {
    let working = env.services.imports.drain();
    let watching = until("the import is halfway", async || is_so(&shown(program, path).await));
    tokio::select! {
        worked = working => { worked.unwrap(); }
        () = watching => {}
    }
    assert_eq!(shown(program, path).await["state"], "running", "it was quicker than this story");
}

async fn an_all_or_nothing_import_is_rolled_back_when_cancelled(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let body = json!({ "first_name": "Old", "phone": "+998901000001", "comments": "mine" });
    let old = program.post("/crm/clients").json_body(body).json().await.is(201).value();
    let path = upload_and_check(&env, &program, &table_of(1_500)).await;
    start(&program, &path, json!({ "duplicates": "update", "bad_rows": "refuse" })).await.is(200);
    work_until(&env, &program, &path, |import| import["position"].as_i64() > Some(0)).await;
    assert_eq!(clients(&program, "q=901000001").await[0]["first_name"], "Person 1");
    // A message from one of the imported clients arrives in the meantime.
    let talked = clients(&program, "q=901000007").await[0]["id"].clone();
    program.post("/crm/chats").json_body(json!({ "client_id": talked })).json().await.is(201);
    program.post(format!("{path}/cancel")).json().await.is(200);
    env.advance_clock(TimeDelta::seconds(31));
    env.services.imports.drain().await.unwrap();
    let ended = shown(&program, &path).await;
    assert_eq!(
        [&ended["state"], &ended["kept"], &ended["created"]],
        [&json!("cancelled"), &json!(1), &json!(0)],
        "{ended}"
    );
    let left = clients(&program, "").await;
    assert_eq!(left.len(), 2, "{left:?}");
    for field in ["first_name", "comments", "phone", "contacts"] {
        assert_eq!(left[0][field], old[field], "{field}");
    }
    let page = env.sign_in(&company.manager).await.get(&path).html().await.is(200);
    assert!(page.text().contains("Everything is undone but 1 client"), "{page:?}");
}

async fn an_undo_does_not_restore_values_taken_since(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let pin = "12345678901234";
    let body = json!({ "first_name": "Old", "phone": "+998935550011", "pin": pin });
    let old = program.post("/crm/clients").json_body(body).json().await.is(201).location().to_owned();
    let mut table = format!("First name,Phone,PIN\nOld,+998935550022,{pin}\n");
    for number in 0..1_500 {
        writeln!(table, "Person {number},,").unwrap();
    }
    let path = upload_and_check(&env, &program, &table).await;
    start(&program, &path, json!({ "duplicates": "update", "bad_rows": "refuse" })).await.is(200);
    work_until(&env, &program, &path, |import| import["position"].as_i64() > Some(0)).await;
    let body = json!({ "first_name": "New", "phone": "+998935550011" });
    let new = program.post("/crm/clients").json_body(body).json().await.is(201).location().to_owned();
    program.post(format!("{path}/cancel")).json().await.is(200);
    env.advance_clock(TimeDelta::seconds(31));
    env.services.imports.drain().await.unwrap();
    let ended = shown(&program, &path).await;
    assert_eq!([&ended["state"], &ended["kept"]], [&json!("cancelled"), &json!(1)], "{ended}");
    assert_eq!(shown(&program, &old).await["phone"], "+998935550022", "it stays as it is");
    assert_eq!(shown(&program, &new).await["phone"], "+998935550011");
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 2);
}

async fn rows_imported_before_a_cancellation_stay(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let path = upload_and_check(&env, &program, &table_of(1_500)).await;
    start(&program, &path, json!({})).await.is(200);
    work_until(&env, &program, &path, |import| import["position"].as_i64() > Some(0)).await;
    program.post(format!("{path}/cancel")).json().await.is(200);
    env.advance_clock(TimeDelta::seconds(31));
    env.services.imports.drain().await.unwrap();
    let ended = shown(&program, &path).await;
    assert_eq!(ended["state"], "cancelled");
    let total = program.get("/crm/clients").json().await.value()["total"].clone();
    assert!(total.as_i64() > Some(0) && total == ended["created"] && total == ended["position"], "{ended}");
}

async fn another_worker_takes_over_the_import_of_a_dead_one(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let path = upload_and_check(&env, &program, &table_of(1_500)).await;
    start(&program, &path, json!({})).await.is(200);
    work_until(&env, &program, &path, |import| import["position"].as_i64() > Some(0)).await;
    assert_eq!(env.services.imports.drain().await.unwrap(), 0, "the dead one's lease holds");
    env.advance_clock(TimeDelta::seconds(31));
    env.services.imports.drain().await.unwrap();
    let done = shown(&program, &path).await;
    assert_eq!(
        [&done["state"], &done["created"], &done["kept"]],
        [&json!("done"), &json!(1_500), &json!(0)],
        "{done}"
    );
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 1_500);
    let mut raw = env.raw().await;
    assert_eq!(raw.number("SELECT COUNT(*) FROM events WHERE kind = 'ClientCreated'").await, 1_500);
}

async fn a_stopping_process_releases_its_import(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let path = upload_and_check(&env, &program, &table_of(1_500)).await;
    start(&program, &path, json!({})).await.is(200);
    let stop = CancellationToken::new();
    let (imports, stopping) = (env.services.imports.clone(), stop.clone());
    let running = tokio::spawn(async move { imports.run(stopping).await });
    until("the import is halfway", async || shown(&program, &path).await["position"].as_i64() > Some(0))
        .await;
    stop.cancel();
    running.await.unwrap();
    let left = shown(&program, &path).await;
    assert_eq!(left["state"], "running", "it was quicker than this story: {left}");
    // The clock does not advance, so no lease expires.
    let others = env.services_with(|_| {});
    assert_eq!(others.imports.drain().await.unwrap(), 1);
    let done = shown(&program, &path).await;
    assert_eq!([&done["state"], &done["created"]], [&json!("done"), &json!(1_500)], "{done}");
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 1_500);
}

async fn two_workers_store_no_row_twice(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let mut table = "First name\n".to_owned();
    for number in 0..700 {
        writeln!(table, "Nobody {number}").unwrap();
    }
    let path = upload_and_check(&env, &program, &table).await;
    start(&program, &path, json!({})).await.is(200);
    let others = env.services_with(|_| {});
    let (one, two) = tokio::join!(env.services.imports.drain(), others.imports.drain());
    assert_eq!(one.unwrap() + two.unwrap(), 1, "one of them had it");
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 700);
}

async fn messages_are_received_while_an_import_runs(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.agent).await;
    let path = upload_and_check(&env, &program, &table_of(1_200)).await;
    start(&program, &path, json!({})).await.is(200);
    let imports = env.services.imports.clone();
    let importing = tokio::spawn(async move { imports.drain().await });
    let mut received = 0;
    while !importing.is_finished() {
        let form = sms_form(&channel, &format!("SM{received}"), "+998935550127", "Salom");
        let asked = tokio::time::Instant::now();
        program.signed(&token_of(&channel), INBOUND, &form).send().await.is(200);
        assert!(asked.elapsed().as_secs() < 5, "it waited {:?}", asked.elapsed());
        received += 1;
    }
    importing.await.unwrap().unwrap();
    assert!(received > 2, "only {received} messages came in meanwhile");
    let chats = program.get("/crm/chats").json().await.value();
    assert_eq!(chats["items"][0]["unread_count"], received);
    assert_eq!(shown(&program, &path).await["created"], 1_200);
}

async fn an_export_can_be_imported_into_another_tenant(env: TestEnv) {
    let (here, there) = env.two_companies().await;
    let (program, elsewhere) = (env.api_client(&here.manager).await, env.api_client(&there.manager).await);
    let word = || "[=+@'\"\\-A-Za-zА-Яа-яʻ‘ ,;\t]{1,12}x";
    let date = (1900..2020_i32, 1..13_u32, 1..29_u32).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"));
    let client = (word(), word(), "\\PC{0,20}[\n;,=]{0,2}.{0,8}x", date, 0..3_usize, word(), any::<u16>());
    let mut runner = TestRunner::deterministic();
    for number in 0..40 {
        let (first, last, comments, born, gender, contact, digits) =
            client.new_tree(&mut runner).unwrap().current();
        let comments: String = comments.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let gender = ["female", "male", "other"][gender];
        let body = json!({
            "first_name": first, "last_name": last, "comments": comments, "date_of_birth": born,
            "gender": gender, "phone": format!("+99890{:07}", 2_000_000 + number),
            "email": format!("p{number}@example.uz"), "address": contact, "passport_series": "AA",
            "passport_number": format!("{digits:07}"), "pin": format!("{:014}", u64::from(digits) * 100 + number),
            "country_code": "UZ",
        });
        let id = program.post("/crm/clients").json_body(body).json().await.is(201).value()["id"].clone();
        for (kind, value) in [
            ("phone", format!("+99891{:07}", 2_000_000 + number)),
            ("telegram", format!("user{number}")),
            ("whatsapp", format!("+99893{:07}", 2_000_000 + number)),
            ("other", format!("{contact} {number}").trim().replace('\t', " ")),
        ] {
            let body = json!({ "type": kind, "value": value });
            program.post(format!("/crm/clients/{id}/contacts")).json_body(body).json().await.is(201);
        }
    }
    for language in ["en", "ru", "uz"] {
        let path = "/crm/clients/export?format=csv&sort=created_at";
        let file = program.get(path).header("accept-language", language).json().await.is(200);
        let import = upload(&elsewhere, &file.body).await.is(201);
        let path = import.location().to_owned();
        let unread: Vec<Value> = import.value()["columns"].as_array().unwrap().clone();
        let unread: Vec<_> =
            unread.iter().filter(|c| c["field"].is_null()).map(|c| c["title"].clone()).collect();
        assert_eq!(unread.len(), 3, "all but the id and the times are read: {unread:?}");
        elsewhere.put(&path).json_body(json!({})).json().await.is(200);
        env.services.imports.drain().await.unwrap();
        let found = shown(&elsewhere, &path).await;
        let expected = if language == "en" { [40, 0, 0] } else { [0, 40, 0] };
        let why = elsewhere.get(format!("{path}/flaws")).json().await.text();
        assert_eq!(
            ["good", "duplicates", "bad"].map(|name| found[name].as_i64().unwrap()),
            expected,
            "{why}"
        );
        start(&elsewhere, &path, json!({ "duplicates": "update" })).await.is(200);
        env.services.imports.drain().await.unwrap();
        let done = shown(&elsewhere, &path).await;
        let changed = [&done["created"], &done["updated"]].map(|n| n.as_i64().unwrap());
        assert_eq!(changed, if language == "en" { [40, 0] } else { [0, 0] }, "nothing is different: {done}");
    }
    let bare = |mut client: Value| {
        let object = client.as_object_mut().unwrap();
        for name in ["id", "created_at", "updated_at"] {
            object.remove(name);
        }
        for contact in object["contacts"].as_array_mut().unwrap() {
            for name in ["id", "created_at", "updated_at"] {
                contact.as_object_mut().unwrap().remove(name);
            }
        }
        client
    };
    let ours: Vec<Value> = clients(&program, "").await.into_iter().map(bare).collect();
    let theirs: Vec<Value> = clients(&elsewhere, "").await.into_iter().map(bare).collect();
    assert_eq!(ours, theirs);
}

async fn the_imports_of_others_are_for_those_who_may_delete_clients(env: TestEnv) {
    let company = env.company("samarkand").await;
    let manager = env.api_client(&company.manager).await;
    let agent = env.api_client(&company.agent).await;
    let of_manager = upload_and_check(&env, &manager, &table_of(3)).await;
    let of_agent = upload_and_check(&env, &agent, "First name\nAziza\n").await;
    let ids = async |visitor: &Visitor| {
        let list = visitor.get("/crm/clients/imports").json().await.is(200).value();
        list["items"].as_array().unwrap().iter().map(|import| import["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((ids(&agent).await.len(), ids(&manager).await.len()), (1, 2));

    agent.get(&of_manager).json().await.is(404);
    agent.get(format!("{of_manager}/flaws")).send().await.is(404);
    agent.put(&of_manager).json_body(json!({})).json().await.is(404);
    start(&agent, &of_manager, json!({})).await.is(404);
    start(&manager, &of_manager, json!({ "bad_rows": "refuse" })).await.is(200);
    agent.post(format!("{of_manager}/cancel")).json().await.is(404);
    env.services.imports.drain().await.unwrap();
    assert_eq!(shown(&manager, &of_manager).await["state"], "done");

    manager.get(&of_agent).json().await.is(200);
    manager.post(format!("{of_agent}/cancel")).json().await.is(200);
    assert_eq!(shown(&agent, &of_agent).await["state"], "cancelled");
}

async fn a_row_that_is_too_long_is_rejected_and_the_next_ones_are_read(env: TestEnv) {
    let company = env.company("samarkand").await;
    let agent = env.api_client(&company.agent).await;
    let (commas, letters) = (",".repeat(300_000), "x".repeat(300_000));
    let table = format!("First name,Comments\nAziza,a\n{commas}b\nBotir,{letters},\nDilnoza,c\n");
    let path = upload_and_check(&env, &agent, &table).await;
    let import = shown(&agent, &path).await;
    assert_eq!((&import["total"], &import["bad"]), (&json!(4), &json!(2)), "{import}");
    start(&agent, &path, json!({})).await.is(200);
    env.services.imports.drain().await.unwrap();
    let names: Vec<_> = clients(&agent, "").await.iter().map(|client| client["first_name"].clone()).collect();
    assert_eq!(names, ["Aziza", "Dilnoza"]);
}

async fn a_file_that_is_not_a_table_is_refused(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let tables: [&[u8]; 5] = [b"", b"name,phone\n", b"\n\n\n", b"a,b\n,\n", &[0, 159, 146, 150, 0, 0, 1]];
    for table in tables {
        assert_eq!(upload(&program, table).await.invalid_fields(), ["file"], "{table:?}");
    }
    let path = "/crm/clients/imports";
    let not_there = program.post(path).multipart(&[("other", Some("a.csv"), b"a,b\n1,2\n")]).json().await;
    assert_eq!(not_there.invalid_fields(), ["file"]);
    program.post(path).json_body(json!({ "file": "a" })).json().await.problem(415);
    program.post(path).raw("multipart/form-data", "nothing").json().await.problem(400);
    program.post(path).raw("multipart/form-data; boundary=x", "--x\r\nbroken").json().await.problem(400);

    let long = "name\n".to_owned() + &"Aziza\n".repeat(50_001);
    let problem = upload(&program, long.as_bytes()).await.problem(413);
    assert!(problem["detail"].as_str().unwrap().contains("50,000 rows and 32 MB"), "{problem}");
    let large = "name\n".to_owned() + &"x".repeat(32 * 1024 * 1024);
    upload(&program, large.as_bytes()).await.problem(413);
    let browser = env.sign_in(&company.agent).await;
    let page = browser.post(path).multipart(&[("file", Some(""), b"")]).html().await.is(422);
    assert_eq!(page.text_of(".error"), "Required.", "{page:?}");
    assert_eq!(program.get(path).json().await.value()["total"], 0);
    let reader = env.api_client(&company.read_only).await;
    upload(&reader, b"name\nAziza\n").await.problem(403);
}

async fn uploaded_files_are_removed_after_a_day(env: TestEnv) {
    let company: Company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let path = upload_and_check(&env, &program, "name,phone\nAziza,x\n").await;
    let fresh = Arc::new(program.clone());
    env.advance_clock(TimeDelta::hours(23));
    env.services.imports.sweep().await.unwrap();
    fresh.get(format!("{path}/flaws")).json().await.is(200);
    env.advance_clock(TimeDelta::hours(2));
    env.services.imports.sweep().await.unwrap();
    let gone = shown(&program, &path).await;
    assert_eq!([&gone["state"], &gone["has_file"]], [&json!("cancelled"), &json!(false)], "{gone}");
    assert_eq!(gone["columns"], json!([]), "nor is anything of its content left");
    program.get(format!("{path}/flaws")).json().await.problem(404);
    let page = env.sign_in(&company.agent).await.get(&path).html().await.is(200);
    assert!(page.text().contains("kept for one day"), "{page:?}");
}

/// Only PostgreSQL can be made to report that a transaction should be retried.
async fn a_failing_import_is_released(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    let path = upload_and_check(&env, &program, &table_of(300)).await;
    start(&program, &path, json!({})).await.is(200);
    let mut raw = env.raw().await;
    raw.run(
        "CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'trouble' USING ERRCODE = '40001'; END $$;
        CREATE TRIGGER trouble BEFORE INSERT ON clients FOR EACH ROW WHEN (NEW.first_name = 'Person 250')
            EXECUTE FUNCTION trouble()",
    )
    .await
    .unwrap();
    let trouble = env.services.imports.drain().await.unwrap_err();
    assert!(matches!(trouble, AppError::Unavailable(_)), "{trouble:?}");
    assert_eq!(shown(&program, &path).await["position"], 200, "what was whole is kept");
    raw.run("DROP TRIGGER trouble ON clients").await.unwrap();
    let others = env.services_with(|_| {});
    others.imports.drain().await.unwrap();
    let done = shown(&program, &path).await;
    assert_eq!([&done["state"], &done["created"]], [&json!("done"), &json!(300)], "{done}");
}
