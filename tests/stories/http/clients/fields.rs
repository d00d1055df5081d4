//! Tests that every declared field of a client reaches all parts that handle fields. They iterate over the definitions,
//! so that they cover a new field without a change.

use aloqa::domain::{ClientField, ClientSection, FieldKind};
use serde_json::{Map, Value, json};

use crate::http::clients::export::rows;
use crate::support::{
    TestEnv,
    http::{TestResponse, Visitor},
};

on_both_engines! {
    every_field_is_set_read_and_cleared_as_json,
    every_field_is_edited_and_shown_on_pages,
    every_field_is_exported_and_imported,
    every_field_moves_with_a_merge_and_back,
    every_changed_field_is_in_the_history,
}

/// A value of the field, in the form in which it is stored.
fn sample(field: ClientField) -> String {
    match &field.definition().kind {
        FieldKind::Text { .. } => format!("Some {}", field.name()),
        FieldKind::LongText { .. } => format!("Some {}\nand more", field.name()),
        FieldKind::Document => "12345678901234".into(),
        FieldKind::Phone => "+998901234567".into(),
        FieldKind::Email => "aziza@example.uz".into(),
        FieldKind::PastDate => "1990-05-17".into(),
        FieldKind::Choice(words) => words[0].clone(),
        FieldKind::Country => "UZ".into(),
    }
}

/// The samples of these fields as a JSON body.
fn samples(fields: impl IntoIterator<Item = ClientField>) -> Value {
    Value::Object(fields.into_iter().map(|field| (field.name().to_owned(), sample(field).into())).collect())
}

fn all_samples() -> Value {
    samples(ClientField::ALL.iter().copied())
}

async fn create(program: &Visitor, body: Value) -> String {
    program.post("/crm/clients").json_body(body).json().await.is(201).location().to_owned()
}

async fn assert_has_samples(program: &Visitor, path: &str) {
    let client = program.get(path).json().await.is(200).value();
    for field in ClientField::ALL {
        assert_eq!(client[field.name()], sample(*field), "{field:?}");
    }
}

async fn every_field_is_set_read_and_cleared_as_json(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let path = create(&program, all_samples()).await;
    assert_has_samples(&program, &path).await;

    let cleared: Map<_, _> = ClientField::ALL
        .iter()
        .filter(|field| !field.definition().is_required)
        .map(|field| (field.name().to_owned(), Value::Null))
        .collect();
    let client = program.put(&path).json_body(Value::Object(cleared.clone())).json().await.is(200).value();
    for name in cleared.keys() {
        assert_eq!(client[name], Value::Null, "{name}");
    }

    let list = json!(["a list is no value"]);
    for field in ClientField::ALL {
        let answer = program.put(&path).json_body(json!({ field.name(): list })).json().await;
        assert_eq!(
            answer.problem(422)["errors"].as_object().unwrap().keys().collect::<Vec<_>>(),
            [field.name()]
        );
    }
}

/// The value of a field's control in a form.
fn control_value(page: &TestResponse, name: &str) -> Option<String> {
    let option = page.attribute(&format!("select[name={name}] option[selected]"), "value");
    let typed = || page.attribute(&format!("input[name={name}]"), "value");
    option.or_else(typed).or_else(|| page.raw_texts(&format!("textarea[name={name}]")).pop())
}

fn assert_is_filled(page: &TestResponse, fields: &[ClientField]) {
    for field in fields {
        let value = control_value(page, field.name()).unwrap_or_else(|| panic!("no control for {field:?}"));
        match field.definition().kind {
            // In the international format.
            FieldKind::Phone => assert!(value.ends_with("67"), "{value}"),
            _ => assert_eq!(value.trim(), sample(*field), "{field:?}"),
        }
    }
}

async fn every_field_is_edited_and_shown_on_pages(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.manager).await;
    let form = ClientField::ALL.iter().map(|field| (field.name(), sample(*field)));
    let path = browser.post("/crm/clients").form(form).html().await.is(303).location().to_owned();
    assert_has_samples(&env.api_client(&company.manager).await, &path).await;

    assert_is_filled(&browser.get(format!("{path}/edit")).html().await.is(200), ClientField::ALL);
    for section in ClientSection::ALL {
        let page = browser.get(format!("{path}?edit={}", section.as_str())).html().await.is(200);
        assert_is_filled(&page, &ClientField::of_section(section));
        let changed = ClientField::of_section(section).into_iter().map(|field| (field.name(), sample(field)));
        let form = changed.chain([("section", section.as_str().to_owned()), ("_method", "PUT".to_owned())]);
        browser.post(&path).form(form).html().await.is(303);
    }

    let profile = browser.get(&path).html().await.is(200);
    let labels = profile.texts("dt");
    let file = browser.get("/crm/clients/export").html().await.is(200);
    for (field, title) in ClientField::ALL.iter().zip(&rows(&file)[0][1..]) {
        if *field != ClientField::Comments {
            assert!(labels.contains(title), "{field:?} is not among {labels:?}");
        }
        let is_text = matches!(
            field.definition().kind,
            FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Document | FieldKind::Email
        );
        assert!(!is_text || profile.text().contains(&sample(*field)), "{field:?}");
    }
}

async fn every_field_is_exported_and_imported(env: TestEnv) {
    let (here, there) = (env.company("samarkand").await, env.company("bukhara").await);
    let program = env.api_client(&here.manager).await;
    create(&program, all_samples()).await;
    let file = program.get("/crm/clients/export").json().await.is(200);

    let program = env.api_client(&there.manager).await;
    let table = [("file", Some("clients.csv"), file.text().into_bytes())];
    let parts: Vec<_> = table.iter().map(|(name, file, bytes)| (*name, *file, bytes.as_slice())).collect();
    let path =
        program.post("/crm/clients/imports").multipart(&parts).json().await.is(201).location().to_owned();
    let columns = program.get(&path).json().await.is(200).value()["columns"].clone();
    let guessed: Vec<_> =
        columns.as_array().unwrap().iter().filter_map(|column| column["field"].as_str()).collect();
    for field in ClientField::ALL {
        assert!(guessed.contains(&field.name()), "{field:?} is not among {guessed:?}");
    }
    program.put(&path).json_body(json!({})).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    program.post(format!("{path}/start")).json_body(json!({})).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    let list = program.get("/crm/clients").json().await.is(200).value();
    assert_has_samples(&program, &format!("/crm/clients/{}", list["items"][0]["id"])).await;
}

async fn every_field_moves_with_a_merge_and_back(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let bare = create(&program, json!({ "first_name": "Aziza" })).await;
    let full = create(&program, all_samples()).await;
    let other = full.rsplit('/').next().unwrap();

    let browser = env.sign_in(&company.manager).await;
    let compared = browser.get(format!("{bare}/merge?other_id={other}")).html().await.is(200);
    let choices: Map<_, _> = ClientField::values()
        .map(|field| (field.name().to_owned(), json!("lost")))
        .chain([("other_id".to_owned(), json!(other))])
        .collect();
    for name in choices.keys().filter(|name| *name != "other_id") {
        assert!(compared.has(&format!("input[type=radio][name={name}]")), "{name} is not compared");
    }
    let merge = program.post(format!("{bare}/merge")).json_body(Value::Object(choices)).json().await.is(200);
    assert_has_samples(&program, &bare).await;

    let undone = program.post(merge.value()["undo_url"].as_str().unwrap()).json_body(json!({})).json().await;
    assert_eq!(undone.is(200).value()["left"], json!([]));
    assert_has_samples(&program, &full).await;
    let client = program.get(&bare).json().await.is(200).value();
    for field in ClientField::ALL.iter().filter(|field| !field.definition().is_required) {
        assert_eq!(client[field.name()], Value::Null, "{field:?}");
    }
}

async fn every_changed_field_is_in_the_history(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let path = create(&program, json!({ "first_name": "Aziza" })).await;
    for field in ClientField::values() {
        program.put(&path).json_body(samples(field.parts())).json().await.is(200);
        let history = program.get(format!("{path}/actions")).json().await.is(200).value();
        assert_eq!(history["history"][0]["fields"], json!([field.name()]));
    }
    assert_has_samples(&program, &path).await;
}
