//! Tests of duplicates and merges, as pages and as JSON.

use serde_json::{Value, json};

use crate::support::{TestEnv, http::Visitor};

on_both_engines! {
    forms_list_compare_merge_and_undo_duplicates,
    json_requests_list_compare_merge_and_undo_duplicates,
    invalid_input_is_reported_beside_its_field,
    a_stale_merge_form_is_rendered_again,
    the_url_of_a_merged_client_leads_to_the_survivor,
    duplicate_pairs_are_paged,
}

async fn create_client(program: &Visitor, body: Value) -> i64 {
    program.post("/crm/clients").json_body(body).json().await.is(201).value()["id"].as_i64().unwrap()
}

/// Two clients with the same e-mail address, created by this visitor.
async fn create_twins(program: &Visitor) -> (i64, i64) {
    let one = json!({ "first_name": "Aziza", "last_name": "Karimova", "email": "a@b.uz", "phone": "+998901234567" });
    let other =
        json!({ "first_name": "Азиза", "email": "a@b.uz", "address": "Samarkand", "phone": "+998935550011" });
    (create_client(program, one).await, create_client(program, other).await)
}

async fn forms_list_compare_merge_and_undo_duplicates(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.manager).await;
    let program = env.api_client(&company.manager).await;
    let (one, other) = create_twins(&program).await;
    env.services.merges.sweep().await.unwrap();
    let path = format!("/crm/clients/{one}");

    let page = browser.get(&path).html().await.is(200);
    assert_eq!(page.texts("#likely .reason-tag"), ["same e-mail"]);
    let compare = format!("{path}/merge?other_id={other}");
    assert_eq!(page.attribute("#likely .row-actions a", "href").unwrap(), compare);
    let list = browser.get("/crm/clients/duplicates").html().await.is(200);
    assert_eq!(
        list.texts("#duplicates .person > span:last-child"),
        ["Aziza Karimova +998 90 123 45 67", "Азиза +998 93 555 00 11"]
    );
    let choose = browser.get(format!("{path}/merge?q=93555")).html().await.is(200);
    assert_eq!(choose.attribute("#merge-found .row-actions a", "href").unwrap(), compare);

    let page = browser.get(&compare).html().await.is(200);
    let chosen = page.attributes(".compare [checked]", "value");
    assert_eq!(chosen, ["kept", "kept", "kept", "lost"], "names, phone, and the only address");
    assert_eq!(page.texts(".choice.same .choice-name")[0], "E-mail");
    let swap = page.attribute(".sides > a.button", "href").unwrap();
    assert_eq!(swap, format!("/crm/clients/{other}/merge?other_id={one}"));
    let mut form: Vec<(String, String)> = page
        .attributes(".compare input[type=hidden]", "name")
        .into_iter()
        .zip(page.attributes(".compare input[type=hidden]", "value"))
        .filter(|(name, _)| name != "_csrf")
        .collect();
    form.extend([("first_name".into(), "lost".into()), ("address".into(), "lost".into())]);
    let done = browser.post(format!("{path}/merge")).form(form).html().await.is(303);
    assert_eq!(done.location(), path);
    let page = browser.get(&path).html().await.is(200);
    assert_eq!(page.text_of("h1"), "Азиза Karimova");
    assert!(page.text_of("#merged li").contains("Азиза was merged"));
    assert!(!page.has("#likely"));

    // The survivor is changed after the merge, so that an undo can't restore everything.
    program.put(&path).json_body(json!({ "address": "Tashkent" })).json().await.is(200);
    let undo = page.attribute("#merged form", "action").unwrap();
    let merges = browser.get("/crm/clients/merges").html().await.is(200);
    assert_eq!(merges.attribute("#merges form", "action").unwrap(), undo);
    let undone = browser.post(&undo).form([("a", "b")]).html().await.is(200);
    assert!(undone.text_of(".likely-list").starts_with("Address: changed after"));
    assert_eq!(undone.attributes(".merge-on a", "href"), [format!("/crm/clients/{other}"), path.clone()]);
    browser.post(&undo).form([("a", "b")]).html().await.is(404);
    assert_eq!(browser.get(&path).html().await.text_of("h1"), "Aziza Karimova");

    let dismiss =
        [("client_id", one.to_string()), ("other_id", other.to_string()), ("back", "client".into())];
    let done = browser.post("/crm/clients/duplicates/dismiss").form(dismiss).html().await.is(303);
    assert_eq!(done.location(), path);
    assert!(!browser.get(&path).html().await.has("#likely"));
}

async fn json_requests_list_compare_merge_and_undo_duplicates(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let (one, other) = create_twins(&program).await;
    env.services.merges.sweep().await.unwrap();
    let path = format!("/crm/clients/{one}/merge");
    let likely = program.get(&path).json().await.is(200).value();
    assert_eq!(likely["items"][0]["client"]["id"], other);
    assert_eq!(likely["items"][0]["reasons"], json!(["email"]));
    let pairs = program.get("/crm/clients/duplicates").json().await.is(200).value();
    assert_eq!((&pairs["total"], &pairs["items"][0]["first"]["id"]), (&json!(1), &json!(one)));
    let both = program.get(format!("{path}?other_id={other}")).json().await.is(200).value();
    assert_eq!(both["lost"]["client"]["address"], "Samarkand");
    let body =
        json!({ "other_id": other, "last_name": "lost", "kept_seen": both["kept"]["client"]["updated_at"] });
    let merge = program.post(&path).json_body(body).json().await.is(200).value();
    assert_eq!((&merge["kept"]["id"], &merge["lost"]["id"]), (&json!(one), &json!(other)));
    let client = program.get(format!("/crm/clients/{one}")).json().await.is(200).value();
    assert_eq!((&client["last_name"], &client["address"]), (&Value::Null, &json!("Samarkand")));
    program.get(format!("/crm/clients/{other}")).json().await.problem(404);
    let merges = program.get("/crm/clients/merges").json().await.is(200).value();
    assert_eq!(merges["items"][0]["id"], merge["id"]);
    let undone = program.post(merge["undo_url"].as_str().unwrap()).json().await.is(200).value();
    assert_eq!((&undone["restored"]["id"], &undone["left"]), (&json!(other), &json!([])));
    program.get(format!("/crm/clients/{other}")).json().await.is(200);
    let body = json!({ "client_id": one, "other_id": other });
    program.post("/crm/clients/duplicates/dismiss").json_body(body).json().await.is(204);
    assert_eq!(program.get("/crm/clients/duplicates").json().await.value()["total"], 0);
}

async fn invalid_input_is_reported_beside_its_field(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (program, browser) = (env.api_client(&company.manager).await, env.sign_in(&company.manager).await);
    let (one, other) = create_twins(&program).await;
    let path = format!("/crm/clients/{one}/merge");
    for (body, wrong) in [
        (json!({}), vec!["other_id"]),
        (json!({ "other_id": "x", "phone": "both" }), vec!["other_id", "phone"]),
        (json!({ "other_id": [other] }), vec!["other_id"]),
        (json!({ "other_id": one }), vec!["other_id"]),
        (json!({ "other_id": 999_999 }), vec!["other_id"]),
        (json!({ "other_id": i128::from(i64::MAX) + 1 }), vec!["other_id"]),
        (json!({ "other_id": other, "kept_seen": "yesterday" }), vec!["kept_seen"]),
    ] {
        assert_eq!(
            program.post(&path).json_body(body.clone()).json().await.invalid_fields(),
            wrong,
            "{body}"
        );
    }
    for id in ["x", "999999", &one.to_string()] {
        let page = browser.get(format!("{path}?other_id={id}")).html().await.is(422);
        assert!(page.has(".note.danger"));
        program.get(format!("{path}?other_id={id}")).json().await.problem(422);
        browser.post(&path).form([("other_id", id)]).html().await.is(422);
    }
    program.get("/crm/clients/999999/merge").json().await.problem(404);
    let dismiss = "/crm/clients/duplicates/dismiss";
    assert_eq!(
        program.post(dismiss).json_body(json!({})).json().await.invalid_fields(),
        ["client_id", "other_id"]
    );
    let body = json!({ "client_id": one, "other_id": one });
    assert_eq!(program.post(dismiss).json_body(body).json().await.invalid_fields(), ["other_id"]);
    let body = json!({ "client_id": one, "other_id": 999_999 });
    program.post(dismiss).json_body(body).json().await.problem(404);
    program.get("/crm/clients/duplicates?page=x").json().await.problem(422);
    program.post("/crm/clients/merges/x/undo").json().await.problem(404);
    browser.get("/crm/clients/duplicates").html().await.is(200);
    assert!(browser.get("/crm/clients/merges").html().await.is(200).has("#merges-empty"));
}

async fn a_stale_merge_form_is_rendered_again(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (program, browser) = (env.api_client(&company.manager).await, env.sign_in(&company.manager).await);
    let (one, other) = create_twins(&program).await;
    let path = format!("/crm/clients/{one}/merge");
    let page = browser.get(format!("{path}?other_id={other}")).html().await.is(200);
    let seen = |side: &str| page.attribute(&format!("input[name={side}_seen]"), "value").unwrap();
    env.advance_clock(chrono::TimeDelta::seconds(1));
    program
        .put(format!("/crm/clients/{other}"))
        .json_body(json!({ "address": "Tashkent" }))
        .json()
        .await
        .is(200);
    let form = [
        ("other_id", other.to_string()),
        ("kept_seen", seen("kept")),
        ("lost_seen", seen("lost")),
        ("first_name", "lost".to_owned()),
    ];
    let again = browser.post(&path).form(form.clone()).html().await.is(409);
    assert!(again.has(".note.danger"));
    assert!(again.text_of(".compare").contains("Tashkent"));
    assert!(again.has("input[name=first_name][value=lost][checked]"), "what was chosen stays chosen");
    browser.post(&path).form(form).json().await.problem(409);
    browser.get(format!("/crm/clients/{other}")).html().await.is(200);
}

async fn the_url_of_a_merged_client_leads_to_the_survivor(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (program, browser) = (env.api_client(&company.manager).await, env.sign_in(&company.agent).await);
    let channel = env.connect(&company).await;
    let (one, other) = create_twins(&program).await;
    program.receive_sms(&channel, "SM1", "+998935550011", "Salom").await;
    let chat = program.get("/crm/chats").json().await.value()["items"][0]["id"].as_i64().unwrap();
    program
        .post(format!("/crm/clients/{one}/merge"))
        .json_body(json!({ "other_id": other }))
        .json()
        .await
        .is(200);
    let into = program.get("/crm/chats").json().await.value()["items"][0]["id"].as_i64().unwrap();
    for (lost, kept) in [("clients", (other, one)), ("chats", (chat, into))]
        .map(|(kind, (lost, kept))| (format!("/crm/{kind}/{lost}"), format!("/crm/{kind}/{kept}")))
    {
        let page = browser.get(&lost).html().await.is(404);
        assert_eq!(page.attribute("main a", "href").unwrap(), kept);
        assert!(program.get(&lost).json().await.problem(404)["detail"].as_str().unwrap().contains(&kept));
        browser.get(&kept).html().await.is(200);
    }
    program
        .post(format!("/crm/chats/{chat}/messages"))
        .json_body(json!({ "message": "x" }))
        .json()
        .await
        .problem(404);
}

async fn duplicate_pairs_are_paged(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (program, browser) = (env.api_client(&company.manager).await, env.sign_in(&company.read_only).await);
    for number in 0..8 {
        create_client(
            &program,
            json!({ "first_name": "Aziza", "last_name": "Karimova", "comments": number }),
        )
        .await;
    }
    env.services.merges.sweep().await.unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for page in 1..=3 {
        let list =
            program.get(format!("/crm/clients/duplicates?limit=10&page={page}")).json().await.is(200).value();
        assert_eq!((&list["total"], &list["has_more"]), (&json!(28), &json!(page < 3)));
        for pair in list["items"].as_array().unwrap() {
            let (first, second) =
                (pair["first"]["id"].as_i64().unwrap(), pair["second"]["id"].as_i64().unwrap());
            assert!(first < second && seen.insert((first, second)));
        }
    }
    assert_eq!(seen.len(), 28);
    let page = browser.get("/crm/clients/duplicates").html().await.is(200);
    assert!(
        page.has("a[rel=next]") && !page.has("main form") && !page.has("main .row-actions a"),
        "who only reads"
    );
}
