//! Tests of files that other programs export: the columns are guessed, nothing is lost silently, and what is wrong is told.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::{
    TestEnv,
    http::Visitor,
    providers::webhook::{INBOUND, sms_form, whatsapp_form},
};

on_both_engines! {
    files_of_other_programs_become_clients,
    a_column_that_is_filled_late_is_named_too,
    an_address_book_is_imported_as_it_is,
    a_quotation_mark_that_nothing_closes_is_told,
    a_spoiled_byte_and_words_for_nothing_do_not_spoil_the_rest,
    what_messages_made_is_exported_and_imported_again,
}

/// Imports a file with the guessed columns; returns the import.
async fn import(env: &TestEnv, program: &Visitor, name: &str, file: &[u8]) -> Value {
    let parts = [("file", Some(name), file)];
    let uploaded = program.post("/crm/clients/imports").multipart(&parts).json().await.is(201);
    let path = uploaded.location().to_owned();
    program.put(&path).json_body(json!({})).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    program.post(format!("{path}/start")).json_body(json!({})).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    let done = program.get(&path).json().await.is(200).value();
    assert_eq!(done["state"], "done", "{done}");
    done
}

async fn clients(program: &Visitor) -> Vec<Value> {
    let list = program.get("/crm/clients?limit=100&sort=created_at").json().await.is(200).value();
    list["items"].as_array().unwrap().clone()
}

fn values(client: &Value) -> Vec<&str> {
    client["contacts"].as_array().unwrap().iter().map(|contact| contact["value"].as_str().unwrap()).collect()
}

async fn files_of_other_programs_become_clients(env: TestEnv) {
    for (number, (program, file)) in [
        (
            "google",
            "First Name,Middle Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n\
             Aziza,,Karimova,* myContacts,* Work,aziza@example.uz,Mobile,+998 90 123 45 67 ::: +998 91 765 43 21\n",
        ),
        (
            "google-former",
            "Name,Given Name,Additional Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value\n\
             Aziza Karimova,Aziza,,Karimova,Work,aziza@example.uz,Mobile,+998901234567 / 91 765 43 21\n",
        ),
        (
            "outlook",
            "First Name,Last Name,E-mail Address,Mobile Phone,Business Phone,Birthday\n\
             Aziza,Karimova,aziza@example.uz,90 123 45 67,91 765 43 21,0/0/00\n",
        ),
        (
            "hubspot",
            "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner\n\
             51,Aziza,Karimova,aziza@example.uz,\"=\"\"+998901234567\"\"\",+998917654321,\n",
        ),
        (
            "bitrix",
            "ID;Имя;Отчество;Фамилия;Дата рождения;Рабочий телефон;Мобильный телефон;Частный e-mail\n\
             7;Aziza;—;Karimova;17 мая 1990 г.;91 765 43 21;998901234567.0;aziza@example.uz\n",
        ),
        (
            "amo",
            "ID;Наименование;Имя;Фамилия;Рабочий телефон;Мобильный телефон;Рабочий email\n\
             9;Сделка;Aziza;Karimova;91 765 43 21 (приёмная);90 123 45 67 доб. 12;aziza@example.uz\n",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let company = env.company(&format!("company-{number}")).await;
        let manager = env.api_client(&company.manager).await;
        let done = import(&env, &manager, "contacts.csv", file.as_bytes()).await;
        assert_eq!((&done["created"], &done["bad"]), (&json!(1), &json!(0)), "{program}: {done}");
        if program == "hubspot" {
            let page = env.sign_in(&company.manager).await;
            let page = page.get(format!("/crm/clients/imports/{}", done["id"])).html().await.is(200);
            assert_eq!(page.text_of("#ignored-columns"), "Not imported: Record ID.", "the owner is empty");
        }
        let client = &clients(&manager).await[0];
        assert_eq!(client["full_name"], "Aziza Karimova", "{program}");
        assert_eq!(client["phone"], "+998901234567", "{program}");
        assert_eq!(client["email"], "aziza@example.uz", "{program}");
        assert_eq!(values(client), ["+998917654321"], "{program}");
        let born = if program == "bitrix" { json!("1990-05-17") } else { Value::Null };
        assert_eq!(client["date_of_birth"], born, "{program}");
    }
}

async fn a_column_that_is_filled_late_is_named_too(env: TestEnv) {
    let company = env.company("samarkand").await;
    let manager = env.api_client(&company.manager).await;
    let mut file = "First name,Owner,Nothing\n".to_owned();
    for number in 0..20 {
        writeln!(file, "Client {number},{},", if number == 15 { "Dilnoza" } else { "" }).unwrap();
    }
    let done = import(&env, &manager, "a.csv", file.as_bytes()).await;
    let page = env.sign_in(&company.manager).await;
    let page = page.get(format!("/crm/clients/imports/{}", done["id"])).html().await.is(200);
    assert_eq!(page.text_of("#ignored-columns"), "Not imported: Owner.");
}

async fn an_address_book_is_imported_as_it_is(env: TestEnv) {
    let company = env.company("samarkand").await;
    let manager = env.api_client(&company.manager).await;
    let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Karimova;Aziza;;;\r\nFN:Aziza Karimova\r\nTEL;TYPE=CELL:90 123 45 67\r\n\
        TEL;TYPE=WORK:+998917654321\r\nBDAY:1990-05-17\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Botir Aliyev\r\nTEL;VALUE=uri:tel:+998935554433\r\nEND:VCARD\r\n";
    let done = import(&env, &manager, "contacts.vcf", cards.as_bytes()).await;
    assert_eq!((&done["created"], &done["bad"]), (&json!(2), &json!(0)), "{done}");
    let all = clients(&manager).await;
    assert_eq!(all[0]["full_name"], "Aziza Karimova");
    assert_eq!((&all[0]["phone"], values(&all[0])), (&json!("+998901234567"), vec!["+998917654321"]));
    assert_eq!((&all[1]["full_name"], &all[1]["phone"]), (&json!("Botir Aliyev"), &json!("+998935554433")));
}

async fn a_quotation_mark_that_nothing_closes_is_told(env: TestEnv) {
    let company = env.company("samarkand").await;
    let manager = env.api_client(&company.manager).await;
    let file = "First name,Phone,Comments\nAziza,+998901234567,a\nBotir,+998917654321,\"b\nDilnoza,+998935554433,c\n";
    let uploaded =
        manager.post("/crm/clients/imports").multipart(&[("file", Some("a.csv"), file.as_bytes())]);
    let path = uploaded.json().await.is(201).location().to_owned();
    manager.put(&path).json_body(json!({})).json().await.is(200);
    env.services.imports.drain().await.unwrap();
    let found = manager.get(&path).json().await.is(200).value();
    assert_eq!((&found["good"], &found["bad"]), (&json!(1), &json!(1)), "{found}");
    let page = env.sign_in(&company.manager).await.get(&path).html().await.is(200);
    assert!(page.text().contains("none closes it"));
}

async fn a_spoiled_byte_and_words_for_nothing_do_not_spoil_the_rest(env: TestEnv) {
    let company = env.company("samarkand").await;
    let manager = env.api_client(&company.manager).await;
    let mut file = "Имя;Фамилия;Телефон;Эл. почта;Дата рождения;Комментарий\n".to_owned();
    for (number, nothing) in
        ["-", "—", "NULL", "Не указан", "не указано", "n/a", "нет"].into_iter().enumerate()
    {
        let dates = ["00.00.0000", "0/0/00", "--05-17", "17.05", "NULL", "-", "Не указана"];
        let date = dates[number];
        writeln!(file, "Клиент {number};Каримов;+99890123450{number};{nothing};{date};{nothing}").unwrap();
    }
    let mut file = file.into_bytes();
    let at = file.windows(8).position(|bytes| *bytes == "Каримов".as_bytes()[..8]).unwrap();
    file.splice(at + 14..at + 14, [0xff]);
    let done = import(&env, &manager, "a.csv", &file).await;
    assert_eq!((&done["created"], &done["bad"]), (&json!(7), &json!(0)), "{done}");
    for (number, client) in clients(&manager).await.iter().enumerate() {
        assert_eq!(client["first_name"], format!("Клиент {number}"));
        for field in ["email", "date_of_birth", "comments"] {
            assert_eq!(client[field], Value::Null, "{client}");
        }
    }
}

async fn what_messages_made_is_exported_and_imported_again(env: TestEnv) {
    let (here, there) = env.two_companies().await;
    let channel = env.connect(&here).await;
    let (program, elsewhere) = (env.api_client(&here.manager).await, env.api_client(&there.manager).await);
    for (number, from) in ["12345", "Beeline", "+551187654321", "+998901234567"].into_iter().enumerate() {
        let form = sms_form(&channel, &format!("SM{number}"), from, "Salom");
        program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    }
    let form = whatsapp_form(&channel, "SM9", "UZ.13491208655302741918", "Salom", "Dilnoza");
    program.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    let made = clients(&program).await;
    let file = program.get("/crm/clients/export?format=csv&sort=created_at").json().await.is(200);
    let done = import(&env, &elsewhere, "clients.csv", &file.body).await;
    assert_eq!((&done["created"], &done["bad"]), (&json!(made.len()), &json!(0)), "{done}");
    let everything = |all: &[Value]| -> Vec<String> {
        let mut all: Vec<_> = all
            .iter()
            .flat_map(|client| client["phone"].as_str().into_iter().chain(values(client)).collect::<Vec<_>>())
            .map(str::to_owned)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    assert_eq!(everything(&clients(&elsewhere).await), everything(&made));
}
