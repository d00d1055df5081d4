//! Tests of concurrent changes that give one number to two clients.

use aloqa::domain::{Client, ContactType, ContactValue};
use serde_json::{Value, json};

use crate::support::{Engine, TestEnv, concurrently, http::Visitor, people::phone_of, world::until};

on_both_engines! {
    a_number_being_created_is_not_imported_twice,
    a_number_belongs_to_one_client_after_concurrent_changes,
}

const PHONE: &str = "+998935550011";

async fn json_of(program: &Visitor, path: &str) -> Value {
    program.get(path).json().await.is(200).value()
}

async fn owners(program: &Visitor, phone: &str) -> i64 {
    json_of(program, &format!("/crm/clients?q={}", &phone[1..])).await["total"].as_i64().unwrap()
}

/// Starts an import of a table; returns its path.
async fn start_import(env: &TestEnv, program: &Visitor, table: &str, choice: Value) -> String {
    let upload = program.post("/crm/clients/imports").multipart(&[("file", Some("t.csv"), table.as_bytes())]);
    let path = upload.json().await.is(201).location().to_owned();
    program.put(&path).json_body(json!({})).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    program.post(format!("{path}/start")).json_body(choice).json().await.is(200);
    path
}

/// Runs the imports until they wait for the other transaction, or are done in spite of it. On SQLite a writer always
/// waits.
async fn import_against(env: &TestEnv, doing: aloqa::persistence::UnitOfWork) {
    let imports = env.services.imports.clone();
    let importing = tokio::spawn(async move { imports.drain().await });
    if env.engine == Engine::Postgres {
        let mut raw = env.raw().await;
        until(async || {
            let waiting = raw
                .number(
                    "SELECT COUNT(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                    WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted",
                )
                .await;
            waiting > 0 || importing.is_finished()
        })
        .await;
    }
    doing.commit().await.unwrap();
    importing.await.unwrap().unwrap();
}

async fn a_number_being_created_is_not_imported_twice(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let now = env.clock.now();

    // The number becomes a client's phone while the import has it as a further contact.
    let table = format!("First name,WhatsApp\nAziza,{PHONE}\n");
    let path = start_import(&env, &program, &table, json!({})).await;
    let mut tx = company.begin().await;
    let new = Client::builder("Bobur").phone(phone_of(PHONE)).build().unwrap();
    tx.clients_mut().lock_values(&new.unique_values()).await.unwrap();
    tx.clients_mut().create(&new, now).await.unwrap();
    import_against(&env, tx).await;
    assert_eq!(owners(&program, PHONE).await, 1);
    let done = json_of(&program, &path).await;
    assert_eq!([&done["state"], &done["bad"], &done["created"]], [&json!("done"), &json!(1), &json!(0)]);

    // The same the other way round.
    let second = "+998977770022";
    let table = format!("First name,Phone\nAziza,{second}\n");
    let path = start_import(&env, &program, &table, json!({})).await;
    let bobur = company.client(&env, "Botir", "+998901234567").await;
    let mut tx = company.begin().await;
    tx.clients_mut().lock_values(&[second]).await.unwrap();
    let contact = ContactValue::from_provider(ContactType::Whatsapp, second).unwrap();
    tx.clients_mut().add_contact(bobur, &contact, now).await.unwrap().unwrap();
    let client = tx.clients().get(bobur).await.unwrap().unwrap();
    tx.clients_mut().refresh_search(&client).await.unwrap();
    import_against(&env, tx).await;
    assert_eq!(owners(&program, second).await, 1);
    let done = json_of(&program, &path).await;
    assert_eq!([&done["state"], &done["kept"], &done["created"]], [&json!("done"), &json!(1), &json!(0)]);
}

async fn a_number_belongs_to_one_client_after_concurrent_changes(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let botir = company.client(&env, "Botir", "+998901234567").await;
    for round in 0..4 {
        let (kept_phone, lost_phone) = (format!("+99893555001{round}"), format!("+99893555002{round}"));
        let kept = company.client(&env, "Aziza", &kept_phone).await;
        let lost = company.client(&env, "Azi", &lost_phone).await;
        // After a merge, the merged client's number is the survivor's phone and the survivor's own a contact; an undo
        // reverses both.
        let mut undo = None;
        for merging in [true, false] {
            let statuses = concurrently(5, |number| {
                let (program, undo) = (program.clone(), undo.clone());
                let phone = if number % 2 == 0 { kept_phone.clone() } else { lost_phone.clone() };
                async move {
                    let request = match (number, undo) {
                        (0, Some(undo)) => program.post(undo),
                        (0, None) => program
                            .post(format!("/crm/clients/{kept}/merge"))
                            .json_body(json!({ "other_id": lost, "phone": "lost" })),
                        (1 | 2, _) => program
                            .post("/crm/clients")
                            .json_body(json!({ "first_name": "C", "phone": phone })),
                        _ => program
                            .post(format!("/crm/clients/{botir}/contacts"))
                            .json_body(json!({ "type": "phone", "value": phone })),
                    };
                    let answer = request.json().await;
                    (number, answer.status.as_u16(), answer.text())
                }
            })
            .await;
            for (number, status, answer) in &statuses {
                assert_eq!(*status, if *number == 0 { 200 } else { 409 }, "{number}: {answer}");
            }
            let merged = &statuses.iter().find(|(number, ..)| *number == 0).unwrap().2;
            let merge: Value = serde_json::from_str(merged).unwrap();
            undo = merge["undo_url"].as_str().map(str::to_owned);
            for phone in [&kept_phone, &lost_phone] {
                assert_eq!(owners(&program, phone).await, 1, "{merging}");
            }
        }
        program.delete(format!("/crm/clients/{kept}")).json().await.is(204);
        program.delete(format!("/crm/clients/{lost}")).json().await.is(204);
    }
}
