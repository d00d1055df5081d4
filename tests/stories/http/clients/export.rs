//! Tests of the export of the client list.

use std::io::Cursor;

use aloqa::domain::{Client, ClientField, Event, ExportFormat, FieldValue, Passport, Pin};
use calamine::{Data, DataType as _, Reader as _, Xlsx};
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use crate::support::{Company, TestEnv, http::TestResponse, people::phone_of};

on_both_engines! {
    a_csv_contains_exactly_the_listed_clients,
    a_workbook_has_dates_as_dates_and_digits_as_text,
    formulas_are_exported_as_text,
    the_export_contains_every_page_in_the_order_of_the_list,
    the_export_excludes_clients_of_other_tenants,
    an_unknown_format_is_refused,
    an_export_is_recorded_with_its_user,
    spreadsheets_in_russian_and_uzbek_get_semicolons,
}

pub fn rows(answer: &TestResponse) -> Vec<Vec<String>> {
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets want the mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn column(rows: &[Vec<String>], title: &str) -> Vec<String> {
    let at =
        rows[0].iter().position(|cell| cell == title).unwrap_or_else(|| panic!("{title}: {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

async fn create_aziza(env: &TestEnv, company: &Company) {
    let program = env.api_client(&company.administrator).await;
    let body = json!({
        "first_name": "Азиза", "last_name": "Karimova; \"K\"", "phone": "90 123 45 67", "email": "a@example.uz",
        "date_of_birth": "1990-05-17", "gender": "female", "passport_series": "AA", "passport_number": "0012345",
        "pin": "01234567890123", "comments": "one\ntwo", "address": "Registon, 1",
    });
    let id = program.post("/crm/clients").json_body(body).json().await.is(201).value()["id"].clone();
    for (kind, value) in [("phone", "+998901234568"), ("phone", "+998901234569"), ("telegram", "@aziza")] {
        let body = json!({ "type": kind, "value": value });
        program.post(format!("/crm/clients/{id}/contacts")).json_body(body).json().await.is(201);
    }
}

async fn a_csv_contains_exactly_the_listed_clients(env: TestEnv) {
    let company = env.company("samarkand").await;
    create_aziza(&env, &company).await;
    company.client(&env, "Botir", "+998901230000").await;
    let browser = env.sign_in(&company.manager).await;
    let file = browser.get("/crm/clients/export?format=csv&q=aziza&page=7&limit=1").html().await.is(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(file.header("cache-control"), Some("private, no-store"));
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"clients-2026-03-02.csv\"; filename*=UTF-8''Clients%202026-03-02.csv")
    );
    assert!(file.text().contains("\"Karimova; \"\"K\"\"\"") && file.text().ends_with("\r\n"));
    let rows = rows(&file);
    assert_eq!(rows.len(), 2, "{rows:?}");
    for (title, cell) in [
        ("First name", "Азиза"),
        ("Last name", "Karimova; \"K\""),
        ("Phone", "+998901234567"),
        ("Date of birth", "1990-05-17"),
        ("Gender", "Female"),
        ("Passport number", "0012345"),
        ("PIN", "01234567890123"),
        ("PIN country", "UZ"),
        ("Comments", "one\ntwo"),
        ("Other phones", "'+998901234568\n+998901234569"),
        ("Telegram", "aziza"),
        ("Created", "2026-03-02T09:00:00.123456Z"),
    ] {
        assert_eq!(column(&rows, title), [cell], "{title}");
    }

    // Titles are in the user's language, and a list without clients has them too.
    let none = browser.get("/crm/clients/export?q=nobody").html().await.is(200);
    assert_eq!(crate::http::clients::export::rows(&none).len(), 1);
    let program = env.api_client(&company.manager).await;
    let russian = program.get("/crm/clients/export").header("accept-language", "ru").json().await.is(200);
    assert_eq!(column(&crate::http::clients::export::rows(&russian), "Пол"), ["", "Женский"]);
}

async fn a_workbook_has_dates_as_dates_and_digits_as_text(env: TestEnv) {
    let company = env.company("samarkand").await;
    create_aziza(&env, &company).await;
    let old = Client::builder("=1+1")
        .with(ClientField::DateOfBirth, NaiveDate::from_ymd_opt(1899, 12, 31).unwrap());
    let mut tx = company.begin().await;
    tx.clients_mut().create(&old.build().unwrap(), env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let browser = env.sign_in(&company.manager).await;
    let file = browser.get("/crm/clients/export?format=xlsx&sort=created_at").html().await.is(200);
    assert!(file.header("content-type").unwrap().contains("spreadsheetml"));
    assert!(file.header("content-disposition").unwrap().contains("clients-2026-03-02.xlsx"));
    let mut book = Xlsx::new(Cursor::new(file.body.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let titles: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let cell = |row: u32, title: &str| -> &Data {
        let at = titles.iter().position(|cell| cell == title).unwrap();
        sheet.get_value((row, u32::try_from(at).unwrap())).unwrap()
    };
    assert_eq!(sheet.height(), 3);
    let born = cell(1, "Date of birth");
    assert!(born.is_datetime(), "{born:?}");
    assert_eq!(born.as_date(), NaiveDate::from_ymd_opt(1990, 5, 17));
    // Times are in the tenant's time zone.
    assert!(cell(1, "Created").is_datetime());
    assert_eq!(cell(1, "Created").as_datetime().unwrap().to_string(), "2026-03-02 14:00:00.123");
    assert!(cell(1, "ID").is_float());
    for (title, text) in [
        ("Phone", "+998901234567"),
        ("PIN", "01234567890123"),
        ("Passport number", "0012345"),
        ("Comments", "one\ntwo"),
    ] {
        assert_eq!(cell(1, title), &Data::String(text.into()), "{title}");
    }
    assert_eq!(cell(2, "First name"), &Data::String("=1+1".into()));
    assert_eq!(cell(2, "Date of birth"), &Data::String("1899-12-31".into()));
    assert!(book.worksheet_formula("Sheet1").unwrap().is_empty(), "nothing is run");
}

async fn formulas_are_exported_as_text(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    for name in ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "'=1", "O'tkir"] {
        let body = json!({ "first_name": name, "comments": name });
        program.post("/crm/clients").json_body(body).json().await.is(201);
    }
    let file = program.get("/crm/clients/export?format=csv").json().await.is(200);
    for row in &rows(&file)[1..] {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    assert!(file.text().contains("'@SUM(1)") && file.text().contains(",O'tkir,"));
}

async fn the_export_contains_every_page_in_the_order_of_the_list(env: TestEnv) {
    let company = env.company("samarkand").await;
    let mut tx = company.begin().await;
    for number in 0..1_203_i64 {
        // Many clients have the same name and time: only the id decides their order.
        let new = Client::builder(["Aziza", "Botir", "Zafar"][usize::try_from(number % 3).unwrap()]);
        let at = env.clock.now() + TimeDelta::seconds(number / 400);
        let new = if number == 77 {
            new.phone(phone_of("+998901234567")).with(ClientField::Gender, FieldValue::Choice("other".into()))
        } else {
            new
        };
        let new = if number == 78 {
            new.pin(Pin::parse("12345678901234", "UZ".parse().unwrap()).unwrap())
                .passport(Passport::stored(None, Some("1".into())).unwrap())
        } else {
            new
        };
        tx.clients_mut().create(&new.build().unwrap(), at).await.unwrap();
    }
    tx.commit().await.unwrap();
    let program = env.api_client(&company.administrator).await;
    for sort in ["created_at", "-created_at", "name", "-name"] {
        let mut listed = Vec::new();
        for page in 1..=13 {
            let path = format!("/crm/clients?limit=100&page={page}&sort={sort}");
            let page = program.get(path).json().await.is(200).value();
            let items = page["items"].as_array().unwrap().clone();
            listed.extend(items.iter().map(|client| client["id"].to_string()));
        }
        let file = program.get(format!("/crm/clients/export?format=csv&sort={sort}")).json().await.is(200);
        assert_eq!(column(&rows(&file), "ID"), listed, "{sort}");
        let file = program.get(format!("/crm/clients/export?format=xlsx&sort={sort}")).json().await.is(200);
        let mut book = Xlsx::new(Cursor::new(file.body.to_vec())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let ids: Vec<String> = sheet.rows().skip(1).map(|row| row[0].to_string()).collect();
        assert_eq!(ids, listed, "{sort}");
    }
    let some = program.get("/crm/clients/export?q=zafar&created_to=2026-03-01").json().await.is(200);
    assert_eq!(rows(&some).len(), 1);
    let some = program.get("/crm/clients/export?q=zafar&created_from=2026-03-02").json().await.is(200);
    assert_eq!(rows(&some).len(), 402);
}

async fn the_export_excludes_clients_of_other_tenants(env: TestEnv) {
    let (ours, theirs) = env.two_companies().await;
    ours.client(&env, "Aziza", "+998901234567").await;
    theirs.client(&env, "Zebulon", "+998907776655").await;
    let program = env.api_client(&ours.administrator).await;
    for query in ["", "?q=%25", "?q=zebul", "?q=9077766", "?q=' OR 1=1"] {
        let path = format!("/crm/clients/export{}", query.replace(' ', "%20"));
        let file = program.get(path).json().await.is(200);
        assert!(!file.text().contains("Zebulon") && !file.text().contains("7776655"), "{file:?}");
    }
    assert_eq!(column(&rows(&program.get("/crm/clients/export").json().await), "First name"), ["Aziza"]);
}

async fn an_unknown_format_is_refused(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    for format in ["pdf", "CSV,xlsx", "%00"] {
        let answer = program.get(format!("/crm/clients/export?format={format}")).json().await;
        assert_eq!(answer.invalid_fields(), ["format"]);
    }
    let answer = program.get("/crm/clients/export?format=csv&sort=age&created_from=x").json().await;
    answer.problem(422);
    let agent = env.api_client(&company.agent).await;
    agent.get("/crm/clients/export?format=csv").json().await.problem(403);
}

async fn an_export_is_recorded_with_its_user(env: TestEnv) {
    let company = env.company("samarkand").await;
    create_aziza(&env, &company).await;
    company.client(&env, "Botir", "+998901230000").await;
    let browser = env.sign_in(&company.manager).await;
    let agent = env.sign_in(&company.agent).await;
    let newest = company.read().await.events().last_id().await.unwrap();
    browser.get("/crm/clients/export?format=csv&q=%20aziza&sort=name&page=2").html().await.is(200);
    browser.get("/crm/clients/export?format=xlsx&created_from=2026-03-02").html().await.is(200);
    browser.get("/crm/clients/export?format=pdf").html().await.is(422);
    agent.get("/crm/clients/export?format=csv").html().await.is(403);
    let (recorded, _) = company.read().await.events().after(newest, 10).await.unwrap();
    let told: Vec<_> = recorded.into_iter().map(|r| (r.event, r.actor)).collect();
    let exported = |format, query: &str, count| {
        let event = Event::ClientsExported { format, query: query.to_owned(), count };
        (event, Some(company.manager.user.id))
    };
    let user_id = company.agent.user.id;
    let refused = Event::AccessRefused { user_id, permission: "Client.Export".to_owned() };
    let refused = (refused, Some(user_id));
    assert_eq!(
        told,
        [
            exported(ExportFormat::Csv, "q=aaaaa", 1),
            exported(ExportFormat::Xlsx, "created_from=2026-03-02", 2),
            refused
        ]
    );
}

async fn spreadsheets_in_russian_and_uzbek_get_semicolons(env: TestEnv) {
    let company = env.company("samarkand").await;
    create_aziza(&env, &company).await;
    let (program, browser) =
        (env.api_client(&company.administrator).await, env.sign_in(&company.administrator).await);
    for (locale, delimiter) in [("en", ','), ("ru", ';'), ("uz", ';')] {
        program.put("/account").json_body(json!({ "locale": locale })).json().await.is(200);
        let file = browser.get("/crm/clients/export").html().await.is(200);
        let title = format!("\u{feff}ID{delimiter}");
        assert!(file.text().starts_with(&title), "{locale}: {file:?}");
        // Cells with the delimiter are quoted, so that the file can be imported.
        assert!(file.text().contains("\"Karimova; \"\"K\"\"\""), "{locale}");
        // Programs get the same file in every language.
        assert!(program.get("/crm/clients/export").json().await.is(200).text().contains("ID,"), "{locale}");
    }
}
