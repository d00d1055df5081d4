//! Tests of clients, contacts and templates, as pages and as JSON at the same addresses.

use serde_json::{Value, json};

use crate::http::all_routes::route_table::Ids;
use crate::support::{Company, TestEnv, http::Visitor};

on_both_engines! {
    responses_have_the_fields_of_the_contract,
    a_client_is_created_shown_changed_and_deleted,
    the_longest_names_are_stored_and_listed,
    missing_fields_are_kept_and_empty_ones_are_cleared,
    unknown_paths_and_ids_are_not_found,
    a_phone_conflict_links_to_the_owner,
    problems_are_reported_by_field_in_the_users_language,
    errors_are_in_the_requested_language,
    unreadable_bodies_are_rejected,
    values_at_their_limits_are_accepted_and_beyond_rejected,
    forms_can_do_everything_that_json_can,
    a_refused_form_keeps_the_entered_values,
    lists_are_paged_sorted_and_filtered,
    dates_of_any_year_are_handled,
    contacts_are_added_and_removed,
    templates_are_created_changed_and_deleted,
    an_unsupported_method_lists_the_allowed_ones,
    responses_to_head_have_no_body,
    user_text_is_escaped_in_pages,
}

const AZIZA: &str = "+998901234567";

async fn tenant_with_api_client(env: &TestEnv) -> (Company, Visitor) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    (company, program)
}

async fn create_client(program: &Visitor, body: Value) -> Value {
    program.post("/crm/clients").json_body(body).json().await.is(201).value()
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn sorted<'a>(words: &'a str) -> Vec<&'a str> {
    let mut words: Vec<&'a str> = words.split_whitespace().collect();
    words.sort_unstable();
    words
}

async fn responses_have_the_fields_of_the_contract(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", AZIZA).await;
    let get = async |path: String| program.get(path).json().await.is(200).value();

    let page = sorted("items page limit total has_more");
    let client = sorted(
        "id first_name last_name middle_name full_name phone email address date_of_birth gender passport_series \
         passport_number pin country_code comments contacts created_at updated_at",
    );
    let contact = sorted("id type value created_at updated_at");
    let chat = sorted("id client unread_count last_message last_message_at created_at");
    let member = sorted("id transport sender created_at");
    let message = sorted(
        "id chat_id direction sender_id sender transport message attachments status error_code error_message sent_at \
         delivered_at read_at edited_at scheduled_at created_at",
    );
    let template = sorted("id name template created_at updated_at");

    let clients = get("/crm/clients".into()).await;
    assert_eq!(keys(&clients), page);
    assert_eq!(keys(&clients["items"][0]), client);
    let one = get(format!("/crm/clients/{}", ids.client)).await;
    assert_eq!(keys(&one), client);
    assert_eq!(keys(&one["contacts"][0]), contact);
    let contacts = get(format!("/crm/clients/{}/contacts", ids.client)).await;
    assert_eq!((keys(&contacts), keys(&contacts["items"][0])), (vec!["items"], contact));

    let chats = get("/crm/chats".into()).await;
    assert_eq!((keys(&chats), keys(&chats["items"][0])), (page.clone(), chat.clone()));
    assert_eq!(keys(&chats["items"][0]["client"]), sorted("id full_name phone"));
    assert_eq!(keys(&chats["items"][0]["last_message"]), message);
    let one = get(format!("/crm/chats/{}", ids.chat)).await;
    let mut opened = chat;
    opened.extend(["messages", "members", "has_more"]);
    opened.sort_unstable();
    assert_eq!(keys(&one), opened);
    assert_eq!(keys(&one["members"][0]), member);
    assert_eq!(keys(&one["members"][0]["sender"]), sorted("type id name"));
    assert_eq!(keys(&one["messages"][0]), message);
    assert_eq!(keys(&one["messages"][0]["sender"]), sorted("type name"));
    let messages = get(format!("/crm/chats/{}/messages", ids.chat)).await;
    assert_eq!((keys(&messages), keys(&messages["items"][0])), (sorted("items has_more"), message));
    uuid::Uuid::parse_str(one["members"][0]["id"].as_str().unwrap()).unwrap();

    let templates = get("/crm/instant-messages".into()).await;
    assert_eq!((keys(&templates), keys(&templates["items"][0])), (page, template.clone()));
    assert_eq!(keys(&get(format!("/crm/instant-messages/{}", ids.template)).await), template);
    for time in [&one["created_at"], &one["last_message_at"], &clients["items"][0]["created_at"]] {
        let time = time.as_str().unwrap();
        assert!(time.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
    }
}

async fn a_client_is_created_shown_changed_and_deleted(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let body = json!({
        "first_name": "Азиза", "last_name": "Каримова", "middle_name": "Баходировна", "phone": "90 123 45 67",
        "email": "Aziza@Example.UZ", "address": "Регистан 1", "date_of_birth": "1990-05-17", "gender": "female",
        "passport_series": "aa", "passport_number": "1234567", "pin": "12345678901234", "comments": "VIP",
    });
    let made = program.post("/crm/clients").json_body(body).json().await.is(201);
    let client = made.value();
    let path = format!("/crm/clients/{}", client["id"]);
    assert_eq!(made.location(), path);
    for (field, value) in [
        ("full_name", "Азиза Баходировна Каримова"),
        ("phone", AZIZA),
        ("email", "aziza@example.uz"),
        ("date_of_birth", "1990-05-17"),
        ("gender", "female"),
        ("passport_series", "AA"),
        ("country_code", "UZ"),
        ("comments", "VIP"),
        ("created_at", "2026-03-02T09:00:00.123456Z"),
    ] {
        assert_eq!(client[field], value, "{field}");
    }
    assert_eq!(program.get(&path).json().await.is(200).value(), client);

    env.advance_clock(chrono::TimeDelta::seconds(1));
    let changed =
        program.put(&path).json_body(json!({ "last_name": "Aliyeva" })).json().await.is(200).value();
    assert_eq!(changed["full_name"], "Азиза Баходировна Aliyeva");
    assert_eq!(changed["updated_at"], "2026-03-02T09:00:01.123456Z");
    assert_eq!(changed["created_at"], client["created_at"]);
    assert_eq!(program.get(&path).json().await.value(), changed);

    let page = env.sign_in(&company.agent).await.get(&path).html().await.is(200);
    assert_eq!(page.text_of("h1"), "Азиза Баходировна Aliyeva");
    assert!(page.texts("dd").contains(&"+998 90 123 45 67".to_owned()), "as everywhere");
    assert!(
        page.texts("dd").contains(&"17 May 1990".to_owned())
            && page.texts("dd").contains(&"Uzbekistan".to_owned())
    );

    let gone = program.delete(&path).json().await.is(204);
    assert!(gone.body.is_empty());
    program.get(&path).json().await.problem(404);
    program.delete(&path).json().await.problem(404);
}

async fn the_longest_names_are_stored_and_listed(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    let name = "\u{1f600}".repeat(255);
    let body = json!({ "first_name": name, "last_name": name, "middle_name": name });
    let client = create_client(&program, body.clone()).await;
    create_client(&program, body.clone()).await;
    program.put(format!("/crm/clients/{}", client["id"])).json_body(body).json().await.is(200);
    for sort in ["name", "-name"] {
        let list = program.get(format!("/crm/clients?sort={sort}&limit=1")).json().await.is(200).value();
        assert_eq!((&list["total"], &list["items"][0]["last_name"]), (&json!(2), &json!(name)));
    }
}

async fn missing_fields_are_kept_and_empty_ones_are_cleared(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    let body = json!({
        "first_name": "Aziza", "last_name": "Karimova", "middle_name": "B", "phone": AZIZA, "email": "a@b.uz",
        "address": "Registon 1", "date_of_birth": "1990-05-17", "gender": "female", "passport_series": "AA",
        "passport_number": "1234567", "pin": "12345678901234", "comments": "VIP",
    });
    let client = create_client(&program, body).await;
    let path = format!("/crm/clients/{}", client["id"]);
    let fields = [
        "last_name",
        "middle_name",
        "phone",
        "email",
        "address",
        "date_of_birth",
        "gender",
        "pin",
        "comments",
        "passport_number",
    ];
    for (number, field) in fields.into_iter().enumerate() {
        let before = program.get(&path).json().await.value();
        let changed = if number % 2 == 0 {
            program.put(&path).json_body(json!({ field: null })).json().await
        } else {
            program.put(&path).form([(field, "")]).json().await
        };
        let mut expected = before;
        expected[field] = Value::Null;
        for follows in match field {
            "pin" => &["country_code"][..],
            "passport_number" => &["passport_series"],
            _ => &[],
        } {
            expected[*follows] = Value::Null;
        }
        expected["full_name"] = changed.value()["full_name"].clone();
        assert_eq!(changed.is(200).value(), expected, "{field}");
    }
    assert_eq!(program.get(&path).json().await.value()["full_name"], "Aziza");
    program.put(&path).json_body(json!({})).json().await.is(200);
    for empty in [json!({ "first_name": null }), json!({ "first_name": " " })] {
        assert_eq!(program.put(&path).json_body(empty).json().await.invalid_fields(), ["first_name"]);
    }
    let again = json!({ "phone": "+998 93 555 01 27", "gender": "other" });
    assert_eq!(program.put(&path).json_body(again).json().await.is(200).value()["phone"], "+998935550127");
}

async fn unknown_paths_and_ids_are_not_found(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let browser = env.sign_in(&company.administrator).await;
    for list in ["/crm/clients", "/crm/chats", "/crm/instant-messages"] {
        for id in [
            "4711",
            "0",
            "-1",
            "x",
            "1.5",
            "99999999999999999999",
            "%00",
            "%ff",
            "1%2F2",
            "%D0%90",
            "+1",
            "1e3",
        ] {
            let path = format!("{list}/{id}");
            program.get(&path).json().await.problem(404);
            let page = browser.get(&path).html().await.is(404);
            assert!(page.has("main a[href]"), "there is a way on");
            if list != "/crm/chats" {
                program.put(&path).json_body(json!({ "first_name": "A" })).json().await.problem(404);
                program.delete(&path).json().await.problem(404);
            }
        }
    }
    let client = create_client(&program, json!({ "first_name": "Aziza" })).await;
    let path = format!("/crm/clients/{}", client["id"]);
    for below in ["contacts/4711", "contacts/x", "contacts/99999999999999999999"] {
        program.delete(format!("{path}/{below}")).json().await.problem(404);
    }
    for path in
        ["/nothing", "/crm", "/crm/", "/crm/clients/", "//", "/crm/clients//", "/login/", "/.env", "/%ff"]
    {
        program.get(path).json().await.problem(404);
        browser.get(path).html().await.is(404);
    }
}

async fn a_phone_conflict_links_to_the_owner(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let first =
        create_client(&program, json!({ "first_name": "Aziza", "phone": AZIZA, "pin": "12345678901234" }))
            .await;
    let path = format!("/crm/clients/{}", first["id"]);
    let second = create_client(&program, json!({ "first_name": "Botir" })).await;
    let other = format!("/crm/clients/{}", second["id"]);
    for (field, value) in [("phone", "(90) 123-45-67"), ("pin", "12345678901234")] {
        let body = json!({ "first_name": "Botir", field: value });
        for answer in [
            program.post("/crm/clients").json_body(body.clone()).json().await,
            program.put(&other).json_body(body).json().await,
        ] {
            let problem = answer.problem(409);
            assert!(problem["detail"].as_str().unwrap().contains(&path), "{problem}");
            assert_eq!(keys(&problem["errors"]), [field]);
            let owner = json!({ "client_id": first["id"], "url": path });
            assert_eq!(problem["conflicts"], json!({ field: owner }));
        }
    }
    program.put(&path).json_body(json!({ "phone": AZIZA })).json().await.is(200);
    let browser = env.sign_in(&company.agent).await;
    let page =
        browser.post("/crm/clients").form([("first_name", "Botir"), ("phone", AZIZA)]).html().await.is(409);
    assert_eq!(page.attribute("input[name=first_name]", "value").as_deref(), Some("Botir"));
    assert_eq!(page.text_of("#e-phone a"), "Open Aziza");
    assert_eq!(page.attribute("#e-phone a", "href"), Some(path));
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 2);
}

async fn problems_are_reported_by_field_in_the_users_language(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let wrong = json!({
        "phone": "12", "email": "aziza", "date_of_birth": "2026-03-03", "gender": "?", "pin": "1",
        "passport_series": "AA", "country_code": "XX", "address": { "street": 1 },
    });
    let answer = program.post("/crm/clients").json_body(wrong.clone()).json().await;
    let mut fields = answer.invalid_fields();
    fields.sort();
    let expected =
        sorted("address country_code date_of_birth email first_name gender passport_number phone pin");
    assert_eq!(fields, expected);
    assert_eq!(
        program.post("/crm/clients").json_body(json!({})).json().await.invalid_fields(),
        ["first_name"]
    );

    let mut raw = env.raw().await;
    let mut browser = env.sign_in(&company.agent).await;
    for (locale, required) in
        [("en", "Required."), ("ru", "Обязательное поле."), ("uz", "Toʻldirilishi shart.")]
    {
        let id = company.id();
        raw.run(&format!("UPDATE tenants SET locale = '{locale}' WHERE id = {id}")).await.unwrap();
        let problem = program.post("/crm/clients").json_body(json!({})).json().await.problem(422);
        assert_eq!(problem["errors"]["first_name"], json!([required]), "the company's language");
        browser.fetch_form_token().await;
        let page =
            browser.post("/crm/clients").form([("phone", "12")]).header("accept-language", "en").html().await;
        assert_eq!(page.is(422).text_of("#e-first_name"), required, "a browser's language matters less");
    }
}

async fn errors_are_in_the_requested_language(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    let stranger = env.anonymous_visitor();
    for (language, missing, unknown) in [
        ("ru-RU,ru;q=0.9,en;q=0.8", "Страница не найдена", "Сначала войдите"),
        ("uz", "Sahifa topilmadi", "Avval kiring"),
        ("de, uz;q=0.1", "Sahifa topilmadi", "Avval kiring"),
    ] {
        let ask = |visitor: &Visitor, path: &str| visitor.get(path).header("accept-language", language);
        assert_eq!(ask(&stranger, "/nothing").json().await.problem(404)["title"], missing);
        assert_eq!(ask(&stranger, "/nothing").html().await.is(404).text_of("h1"), missing);
        assert_eq!(ask(&stranger, "/crm/clients").json().await.problem(401)["title"], unknown);
        assert_eq!(ask(&program, "/crm/clients/4711").json().await.problem(404)["title"], missing);
        let form = ask(&stranger, "/login").html().await.is(200);
        assert_eq!(
            form.attribute("html", "lang").as_deref(),
            Some(if language.starts_with("ru") { "ru" } else { "uz" })
        );
    }
    for odd in ["", "*", ";;;q=", "xx;q=nan, ru;q=0", "\u{444}"] {
        stranger.get("/nothing").header("accept-language", odd).json().await.problem(404);
    }
}

async fn unreadable_bodies_are_rejected(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    let post = |kind: &'static str, body: Vec<u8>| program.post("/crm/clients").raw(kind, body).json();
    for body in [
        "{",
        "",
        "[]",
        "\"text\"",
        "null",
        "7",
        "{\"first_name\":\"\\ud800\"}",
        "{\"first_name\":\"a\"} x",
        "\u{feff}{}",
        "{'first_name':'a'}",
    ] {
        let answer = post("application/json", body.into()).await;
        if body.is_empty() {
            assert_eq!(answer.invalid_fields(), ["first_name"]);
        } else {
            answer.problem(400);
        }
    }
    post("application/json", vec![b'{', 0xff, b'}']).await.problem(400);
    post("application/json", "[".repeat(10_000).into_bytes()).await.problem(400);
    for kind in ["text/plain", "application/xml", "", "application/octet-stream", "image/svg+xml"] {
        post(kind, b"first_name=Aziza".to_vec()).await.problem(415);
    }
    post("multipart/form-data", b"x".to_vec()).await.problem(400);
    post("multipart/form-data; boundary=limit", b"--limit\r\nbroken".to_vec()).await.problem(400);

    let huge = "a".repeat(1_100_000);
    post("application/json", json!({ "first_name": huge }).to_string().into_bytes()).await.problem(413);
    post("application/x-www-form-urlencoded", format!("first_name={huge}").into_bytes()).await.problem(413);
    let parts = [("first_name", None, huge.as_bytes())];
    program.post("/crm/clients").multipart(&parts).json().await.problem(413);
    let declared = program.post("/crm/clients").form([("a", "b")]).header("content-length", "99999999999");
    declared.json().await.problem(413);
    assert_eq!(program.get("/crm/clients").json().await.value()["total"], 0);
}

async fn values_at_their_limits_are_accepted_and_beyond_rejected(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    let client =
        create_client(&program, json!({ "first_name": "я".repeat(255), "comments": "ж".repeat(10_000) }))
            .await;
    let path = format!("/crm/clients/{}", client["id"]);
    for (field, value) in [
        ("first_name", "я".repeat(256)),
        ("last_name", "я".repeat(256)),
        ("comments", "я".repeat(10_001)),
        ("address", "я".repeat(10_001)),
        ("first_name", "a\0b".into()),
        ("comments", "a\u{1b}[31m".into()),
        ("phone", "9".repeat(100_000)),
        ("phone", "+".into()),
        ("phone", "+998 90 123 45 67 or 8".into()),
        ("email", format!("{}@b.uz", "a".repeat(300))),
        ("date_of_birth", "1849-12-31".into()),
        ("date_of_birth", "17.05.1990".into()),
        ("date_of_birth", "+262142-12-31".into()),
        ("pin", "1".repeat(10_000)),
        ("passport_number", "1/2".into()),
        ("country_code", "🇺🇿".into()),
    ] {
        let answer = program.put(&path).json_body(json!({ field: value })).json().await;
        assert_eq!(answer.invalid_fields(), [field], "{value:.20}");
        let form = program.put(&path).form([(field, &value)]).json().await;
        assert_eq!(form.invalid_fields(), [field], "{value:.20}");
    }
    for (field, value) in [("first_name", json!([1])), ("phone", json!({})), ("comments", json!(["a", "b"]))]
    {
        assert_eq!(
            program.put(&path).json_body(json!({ field: value })).json().await.invalid_fields(),
            [field]
        );
    }
    assert_eq!(program.get(&path).json().await.value(), client, "nothing of it was stored");
    let lines =
        program.put(&path).json_body(json!({ "comments": " a\r\nb\tc " })).json().await.is(200).value();
    assert_eq!(lines["comments"].as_str().unwrap().replace('\r', ""), "a\nb\tc");
}

async fn forms_can_do_everything_that_json_can(env: TestEnv) {
    let (company, _) = tenant_with_api_client(&env).await;
    let browser = env.sign_in(&company.administrator).await;
    let form = browser.get("/crm/clients/new").html().await.is(200);
    assert_eq!(form.attribute("main form", "action").as_deref(), Some("/crm/clients"));
    let made =
        browser.post("/crm/clients").form([("first_name", "Aziza"), ("phone", AZIZA)]).html().await.is(303);
    let path = made.location().to_owned();
    let edit = browser.get(format!("{path}/edit")).html().await.is(200);
    assert_eq!(edit.attribute("main form", "action"), Some(path.clone()));
    assert_eq!(edit.attribute("input[name=_method]", "value").as_deref(), Some("PUT"));
    assert_eq!(edit.attribute("input[name=first_name]", "value").as_deref(), Some("Aziza"));
    assert_eq!(edit.attribute("input[name=phone]", "value").as_deref(), Some("+998 90 123 45 67"));
    let fields = [("_method", "put"), ("last_name", "Karimova"), ("phone", "")];
    assert_eq!(browser.post(&path).form(fields).html().await.is(303).location(), path);
    assert_eq!(browser.get(&path).html().await.text_of("h1"), "Aziza Karimova");

    let token = browser.form_token.clone().unwrap();
    let parts = [("_csrf", None, token.as_bytes()), ("first_name", None, "Ботир".as_bytes())];
    let made = browser.post("/crm/clients").without_token().multipart(&parts).html().await.is(303);
    assert_eq!(browser.get(made.location()).html().await.text_of("h1"), "Ботир");
    let script = browser.post("/crm/clients").json_body(json!({ "first_name": "Dilnoza" }));
    script.json().await.is(201);

    let page = browser.get(format!("{path}/delete")).html().await.is(200);
    let delete = page.attributes("form:has(input[name=_method][value=DELETE])", "action");
    assert!(delete.contains(&path), "{delete:?}");
    let gone = browser.post(&path).form([("_method", "DELETE")]).html().await.is(303);
    assert_eq!(gone.location(), "/crm/clients");
    browser.get(&path).html().await.is(404);
    browser.post("/crm/clients").form([("_method", "PATCH"), ("first_name", "X")]).html().await.is(303);
}

async fn a_refused_form_keeps_the_entered_values(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let browser = env.sign_in(&company.agent).await;
    let client = create_client(&program, json!({ "first_name": "Aziza", "comments": "before" })).await;
    let path = format!("/crm/clients/{}", client["id"]);
    let typed = [
        ("first_name", "<b>\"Aziza\""),
        ("phone", "12 & 3"),
        ("email", "not yet"),
        ("gender", "female"),
        ("comments", "</textarea><i>line\nline"),
    ];
    let change = [&[("_method", "PUT")], &typed[..]].concat();
    for page in [
        browser.post("/crm/clients").form(typed).html().await.is(422),
        browser.post(&path).form(change).html().await.is(422),
    ] {
        for (name, value) in &typed[..3] {
            assert_eq!(page.attribute(&format!("input[name={name}]"), "value").as_deref(), Some(*value));
        }
        assert_eq!(page.attributes("select[name=gender] option[selected]", "value"), ["female"]);
        assert_eq!(page.text_of("textarea[name=comments]"), "</textarea><i>line line");
        assert!(page.has("#e-phone") && page.has("#e-email") && !page.has("#e-first_name"));
        assert!(page.has("input[name=phone][aria-invalid=true][aria-describedby=e-phone]"));
    }
    assert_eq!(program.get(&path).json().await.value(), client);
}

async fn lists_are_paged_sorted_and_filtered(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    for name in ["Ботир", "Aziza", "Dilnoza", "Ёлқин", "Zafar"] {
        create_client(&program, json!({ "first_name": name })).await;
        env.advance_clock(chrono::TimeDelta::days(1));
    }
    let list = async |query: &str| {
        let page = program.get(format!("/crm/clients?{query}")).json().await.is(200).value();
        let name = |client: &Value| client["first_name"].as_str().unwrap().to_owned();
        let names: Vec<_> = page["items"].as_array().unwrap().iter().map(name).collect();
        (names, page["total"].as_i64().unwrap(), page["has_more"].as_bool().unwrap())
    };
    let newest = ["Zafar", "Ёлқин", "Dilnoza", "Aziza", "Ботир"].map(String::from).to_vec();
    assert_eq!(list("").await, (newest.clone(), 5, false));
    assert_eq!(list("limit=2").await, (newest[..2].to_vec(), 5, true));
    assert_eq!(list("limit=2&page=3").await, (newest[4..].to_vec(), 5, false));
    assert_eq!(list("page=9223372036854775807&limit=100").await, (vec![], 5, false));
    assert_eq!(list("sort=created_at&limit=1").await.0, ["Ботир"]);
    assert_eq!(list("sort=name&limit=2").await.0, ["Aziza", "Ботир"], "scripts sort together");
    assert_eq!(list("sort=-name&limit=1").await.0, ["Zafar"]);
    assert_eq!(list("q=botir").await, (vec!["Ботир".into()], 1, false));
    assert_eq!(list("q=%25").await.1, 0);
    assert_eq!(list("q=%00").await.1, 5, "nothing that could be searched for");
    assert_eq!(
        list("created_from=2026-03-03&created_to=2026-03-04").await.0,
        ["Dilnoza", "Aziza"],
        "both days"
    );
    assert_eq!(list("created_from=&created_to=&sort=&q=&page=&limit=").await.1, 5);
    for (query, field) in [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=9223372036854775808", "page"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("sort=age", "sort"),
        ("created_from=yesterday", "created_from"),
        ("created_to=2026-02-30", "created_to"),
    ] {
        assert_eq!(program.get(format!("/crm/clients?{query}")).json().await.invalid_fields(), [field]);
    }

    let browser = env.sign_in(&company.agent).await;
    let page = browser.get("/crm/clients?limit=2&q=za&sort=name").html().await.is(200);
    assert_eq!(page.texts("tbody .person").len(), 2);
    let next = page.attribute("a[rel=next]", "href").unwrap();
    let page = browser.get(next).html().await.is(200);
    assert_eq!(page.texts("tbody .person").len(), 1);
    assert!(page.has("a[rel=prev]") && !page.has("a[rel=next]"));
    assert_eq!(page.attribute("input[name=q]", "value").as_deref(), Some("za"));
}

async fn dates_of_any_year_are_handled(env: TestEnv) {
    let (_, program) = tenant_with_api_client(&env).await;
    create_client(&program, json!({ "first_name": "Aziza" })).await;
    for (date, earlier) in [
        ("-262143-01-01", true),
        ("-9999-01-01", true),
        ("-5000-01-01", true),
        ("0000-01-01", true),
        ("0001-01-01", true),
        ("9999-12-31", false),
        ("%2B10000-01-01", false),
        ("%2B262142-12-31", false),
    ] {
        for (bound, within) in [("created_from", earlier), ("created_to", !earlier)] {
            let answer = program.get(format!("/crm/clients?{bound}={date}")).json().await;
            match answer.status.as_u16() {
                200 => assert_eq!(answer.value()["total"], i64::from(within), "{answer:?}"),
                _ => assert_eq!(answer.invalid_fields(), [bound]),
            }
        }
    }
}

async fn contacts_are_added_and_removed(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let client = create_client(&program, json!({ "first_name": "Aziza", "phone": AZIZA })).await;
    let path = format!("/crm/clients/{}", client["id"]);
    let contacts = format!("{path}/contacts");
    let add = |kind: &str, value: &str| {
        program.post(&contacts).json_body(json!({ "type": kind, "value": value })).json()
    };
    let made = add("telegram", "@aziza").await.is(201);
    assert_eq!(
        (made.value()["type"].as_str(), made.value()["value"].as_str()),
        (Some("telegram"), Some("aziza"))
    );
    assert_eq!(made.location(), format!("{contacts}/{}", made.value()["id"]));
    add("whatsapp", "93 555 01 27").await.is(201);
    add("email", "Aziza@Example.uz").await.is(201);
    assert_eq!(add("email", "aziza@example.uz").await.problem(409)["status"], 409);
    assert_eq!(add("phone", "12").await.invalid_fields(), ["value"]);
    assert_eq!(add("pager", "12").await.invalid_fields(), ["type"]);
    assert_eq!(add("other", "a\0b").await.invalid_fields(), ["value"]);
    assert_eq!(add("other", &"я".repeat(256)).await.invalid_fields(), ["value"]);
    let mut both = program.post(&contacts).json_body(json!({})).json().await.invalid_fields();
    both.sort();
    assert_eq!(both, ["type", "value"]);
    assert_eq!(program.get(&contacts).json().await.value()["items"].as_array().unwrap().len(), 3);

    let browser = env.sign_in(&company.agent).await;
    let page = browser.post(&contacts).form([("type", "phone"), ("value", "12")]).html().await.is(422);
    assert_eq!(page.attribute("input[name=value]", "value").as_deref(), Some("12"));
    assert_eq!(browser.get(&contacts).html().await.is(303).location(), path);
    for remove in browser.get(&path).html().await.attributes("ul.contacts form", "action") {
        assert_eq!(browser.post(remove).form([("_method", "DELETE")]).html().await.is(303).location(), path);
    }
    assert_eq!(program.get(&contacts).json().await.value()["items"], json!([]), "the last one too");
    program.delete(made.location()).json().await.problem(404);
}

async fn templates_are_created_changed_and_deleted(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let body = json!({ "name": "Salom", "template": "Salom, {{client.first_name}}!" });
    let made = program.post("/crm/instant-messages").json_body(body).json().await.is(201);
    let path = made.location().to_owned();
    assert_eq!(path, format!("/crm/instant-messages/{}", made.value()["id"]));
    let changed = program.put(&path).json_body(json!({ "name": "Greeting" })).json().await.is(200).value();
    assert_eq!((&changed["name"], &changed["template"]), (&json!("Greeting"), &made.value()["template"]));
    for (body, field) in [
        (json!({ "template": "{{client.pin}}" }), "template"),
        (json!({ "template": "{{" }), "template"),
        (json!({ "template": null }), "template"),
        (json!({ "name": "" }), "name"),
        (json!({ "name": "я".repeat(256) }), "name"),
        (json!({ "template": "a\0b" }), "template"),
        (json!({ "template": "я".repeat(4_097) }), "template"),
    ] {
        assert_eq!(program.put(&path).json_body(body).json().await.invalid_fields(), [field]);
    }
    assert_eq!(program.get("/crm/instant-messages?q=greet").json().await.value()["total"], 1);
    assert_eq!(program.get("/crm/instant-messages?q=nothing").json().await.value()["total"], 0);

    let browser = env.sign_in(&company.manager).await;
    let edit = browser.get(&path).html().await.is(303);
    let form = browser.get(edit.location()).html().await.is(200);
    assert_eq!(form.text_of("textarea[name=template]"), "Salom, {{client.first_name}}!");
    let typed = [("_method", "PUT"), ("name", "X"), ("template", "{{oops}} <b>")];
    let form = browser.post(&path).form(typed).html().await.is(422);
    assert_eq!(form.text_of("textarea[name=template]"), "{{oops}} <b>");
    assert_eq!(
        browser.get("/crm/instant-messages").html().await.texts("#templates-rows strong"),
        ["Greeting"]
    );
    browser.post(&path).form([("_method", "DELETE")]).html().await.is(303);
    program.get(&path).json().await.problem(404);
    program.delete(&path).json().await.problem(404);
}

async fn an_unsupported_method_lists_the_allowed_ones(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let patch = axum::http::Method::PATCH;
    let answer = program.ask(patch.clone(), "/crm/clients").json().await;
    answer.problem(405);
    let allow = answer.header("allow").expect("RFC 9110 wants the methods that there are");
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    let page = env.sign_in(&company.agent).await.ask(patch, "/crm/clients").html().await.is(405);
    assert!(page.has("main h1") && page.header("allow").is_some());
    program.delete("/crm/chats").json().await.problem(405);
    program.put("/healthz").json().await.problem(405);
}

async fn responses_to_head_have_no_body(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let head = axum::http::Method::HEAD;
    for path in ["/crm/clients", "/crm/chats", "/crm/instant-messages", "/healthz", "/readyz", "/crm/events"]
    {
        let answer = program.ask(head.clone(), path).json().await.is(200);
        assert!(answer.body.is_empty(), "{answer:?}");
    }
    let browser = env.sign_in(&company.agent).await;
    let page = browser.ask(head.clone(), "/crm/clients").html().await.is(200);
    assert!(page.body.is_empty() && page.header("content-type").unwrap().starts_with("text/html"));
    env.anonymous_visitor().ask(head.clone(), "/crm/clients").html().await.is(303);
    program.ask(head, "/crm/clients/4711").json().await.is(404);
}

async fn user_text_is_escaped_in_pages(env: TestEnv) {
    let (company, program) = tenant_with_api_client(&env).await;
    let channel = env.connect(&company).await;
    let evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}";
    let client =
        create_client(&program, json!({ "first_name": evil, "phone": AZIZA, "comments": evil })).await;
    let body = json!({ "type": "other", "value": evil });
    program.post(format!("/crm/clients/{}/contacts", client["id"])).json_body(body).json().await.is(201);
    program
        .post("/crm/instant-messages")
        .json_body(json!({ "name": evil, "template": "x" }))
        .json()
        .await
        .is(201);
    program.receive_sms(&channel, "SM1", AZIZA, evil).await;
    let chat = program.get("/crm/chats").json().await.value()["items"][0]["id"].clone();
    let browser = env.sign_in(&company.administrator).await;
    let query: String = form_urlencoded::byte_serialize(evil.as_bytes()).collect();
    for path in [
        "/crm/clients".to_owned(),
        format!("/crm/clients?q={query}"),
        format!("/crm/clients/{}", client["id"]),
        format!("/crm/clients/{}/edit", client["id"]),
        "/crm/chats".to_owned(),
        format!("/crm/chats?q={query}"),
        format!("/crm/chats/{chat}"),
        format!("/crm/chats/{chat}/messages"),
        "/crm/instant-messages".to_owned(),
        format!("/crm/instant-messages?q={query}"),
        format!("/login?next={query}"),
        format!("/nothing/{query}"),
    ] {
        let page = browser.get(&path).html().await;
        assert!(page.status.as_u16() < 500, "{page:?}");
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<img"), "{path}");
    }
    assert_eq!(browser.get(format!("/crm/clients/{}", client["id"])).html().await.text_of("h1"), evil);
}
