//! Tests of the message template pages: order, copies, the preview and concurrent edits.

use serde_json::json;

use crate::support::{TestEnv, database::statements::count_statements, http::Visitor};

on_both_engines! {
    the_url_determines_the_order_of_the_list,
    a_list_of_ten_thousand_templates_takes_no_more_statements,
    a_copy_keeps_the_original,
    a_preview_saves_nothing,
    concurrent_edits_show_a_conflict,
    the_read_only_role_is_offered_no_changes,
}

const LIST: &str = "/crm/instant-messages";

async fn create_template(program: &Visitor, name: &str, text: &str) -> String {
    let made = program.post(LIST).json_body(json!({ "name": name, "template": text })).json().await.is(201);
    made.location().to_owned()
}

async fn the_url_determines_the_order_of_the_list(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    for name in ["b Narxlar", "a Salom", "c Xayr"] {
        create_template(&program, name, "Salom").await;
    }
    let used = format!(
        "UPDATE message_templates SET uses = 21 WHERE name = 'c Xayr' AND tenant_id = {}",
        company.id().0
    );
    env.raw().await.run(&used).await.unwrap();
    let browser = env.sign_in(&company.manager).await;
    for (sort, expected) in [("name", "abc"), ("-uses", "cab"), ("-created_at", "cab"), ("", "abc")] {
        let path = format!("{LIST}?q=salom&sort={sort}&limit=2");
        let listed = program.get(&path).json().await.is(200).value();
        let names = listed["items"].as_array().unwrap().iter();
        let names: String = names.map(|item| &item["name"].as_str().unwrap()[..1]).collect();
        assert_eq!((names.as_str(), &listed["total"]), (&expected[..2], &json!(3)), "{sort}");
        let keys: Vec<_> = listed["items"][0].as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["created_at", "id", "name", "template", "updated_at"], "as the contract has it");
        let page = browser.get(&path).html().await.is(200);
        assert!(page.texts("#templates-rows strong")[0].starts_with(&expected[..1]), "{sort}");
        let next = page.attribute("#templates-foot [rel=next]", "href").unwrap();
        assert_eq!(next.contains("sort="), !["name", ""].contains(&sort), "{next}");
        assert!(next.contains("q=salom"), "{next}");
    }
    let page = browser.get(format!("{LIST}?sort=-uses")).html().await.is(200);
    assert_eq!(page.attribute("select[name=sort] option[selected]", "value").as_deref(), Some("-uses"));
    assert_eq!(page.texts("#templates-rows .used")[..2], ["Used 21 times", "Not used yet"]);
    program.get(format!("{LIST}?sort=text")).json().await.problem(422);
}

async fn a_list_of_ten_thousand_templates_takes_no_more_statements(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    create_template(&program, "Salom", "Salom").await;
    let browser = env.sign_in(&company.agent).await;
    let (_, few) = count_statements(browser.get(LIST).html()).await;
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)";
    let at = "'2026-02-01T00:00:00+00:00'";
    let tenant = company.id().0;
    env
        .raw()
        .await
        .run(&format!(
            "INSERT INTO message_templates (tenant_id, name, text, search, uses, created_at, updated_at) {numbers}
             SELECT {tenant}, 'Template ' || i, 'text', 'template ' || i, i % 7, {at}, {at} FROM n"
        ))
        .await
        .unwrap();
    for path in [LIST, &format!("{LIST}?sort=-uses&page=400"), &format!("{LIST}?q=template&sort=-created_at")]
    {
        let (page, many) = count_statements(browser.get(path).html()).await;
        assert_eq!(page.is(200).texts("#templates-rows li").len(), 25, "{path}");
        assert_eq!(many, few, "{path}");
    }
    let found = program.get(format!("{LIST}?q=template+9999")).json().await.is(200).value();
    assert_eq!(found["total"], 1);
}

async fn a_copy_keeps_the_original(env: TestEnv) {
    let (company, other) = (env.company("samarkand").await, env.company("buxoro").await);
    let path =
        create_template(&env.api_client(&company.manager).await, "Narxlar", "Salom, {{client.first_name}}!")
            .await;
    let browser = env.sign_in(&company.manager).await;
    let link = browser.get(LIST).html().await.attribute("#templates-rows .button", "href").unwrap();
    let editor = browser.get(format!("{path}/edit")).html().await.is(200);
    assert_eq!(editor.attribute("header a.button:not(.ghost)", "href"), Some(link.clone()));
    let form = browser.get(&link).html().await.is(200);
    assert_eq!(form.attribute("#f-name", "value").as_deref(), Some("Narxlar (copy)"));
    assert_eq!(form.text_of("#f-template"), "Salom, {{client.first_name}}!");
    assert!(!form.has("#template-form [name=_method], [name=seen]"), "it is a new one");
    let name = form.attribute("#f-name", "value").unwrap();
    browser.post(LIST).form([("name", name.as_str()), ("template", "x")]).html().await.is(303);
    let names = browser.get(LIST).html().await.texts("#templates-rows strong");
    assert_eq!(names, ["Narxlar", "Narxlar (copy)"]);
    for nobody in ["from=999999", "from=x", "from="] {
        browser.get(format!("{LIST}/new?{nobody}")).html().await.is(404);
    }
    env.sign_in(&other.manager).await.get(&link).html().await.is(404);
    env.sign_in(&company.agent).await.get(&link).html().await.is(403);
    // The proposed name is never longer than a name may be.
    let long = create_template(&env.api_client(&company.manager).await, &"я".repeat(255), "x").await;
    let id = long.rsplit('/').next().unwrap();
    let form = browser.get(format!("{LIST}/new?from={id}")).html().await.is(200);
    let name = form.attribute("#f-name", "value").unwrap();
    browser.post(LIST).form([("name", name.as_str()), ("template", "x")]).html().await.is(303);
}

async fn a_preview_saves_nothing(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let path = create_template(&program, "Salom", "Salom!").await;
    let browser = env.sign_in(&company.manager).await;
    let text = "Hurmatli {{client.full_name}}, kutamiz.\n{{user.first_name}}, {{tenant.name}} <b>";
    let look = [("name", "Taklif"), ("template", text), ("preview", "true")];
    for (target, method) in [(LIST.to_owned(), "POST"), (path.clone(), "PUT")] {
        let page =
            browser.post(&target).form(look.into_iter().chain([("_method", method)])).html().await.is(200);
        assert_eq!(
            page.texts("#preview .bubble"),
            [
                "Hurmatli Aziza Karimova, kutamiz. manager, samarkand LLC <b>",
                "Hurmatli, kutamiz. manager, samarkand LLC <b>"
            ]
        );
        assert_eq!(page.text_of("#f-template"), text.replace('\n', " "));
        assert_eq!(page.attribute("#f-name", "value").as_deref(), Some("Taklif"));
        assert!(
            page.text_of("#template-count").starts_with("1 segment"),
            "{}",
            page.text_of("#template-count")
        );
        // An incomplete template can be previewed too, with its problems.
        let unfinished =
            [("name", ""), ("template", "{{client.pin}}"), ("preview", "true"), ("_method", method)];
        let page = browser.post(&target).form(unfinished).html().await.is(200);
        assert!(page.has("#e-name") && page.has("#e-template"));
        assert_eq!(page.texts("#preview .bubble")[0], "{{client.pin}}");
    }
    let listed = program.get(LIST).json().await.value();
    assert_eq!((&listed["total"], &listed["items"][0]["template"]), (&json!(1), &json!("Salom!")));
    env.sign_in(&company.agent).await.post(LIST).form(look).html().await.is(403);
}

async fn concurrent_edits_show_a_conflict(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.manager).await;
    let path = create_template(&program, "Salom", "Salom!").await;
    let browser = env.sign_in(&company.manager).await;
    let seen = browser.get(format!("{path}/edit")).html().await.attribute("[name=seen]", "value").unwrap();
    let tag = program.get(&path).json().await.is(200).header("etag").unwrap().to_owned();
    let changed =
        program.put(&path).header("if-match", &tag).json_body(json!({ "template": "Xayr!" })).json().await;
    assert_ne!(changed.is(200).header("etag").unwrap(), tag);
    program.put(&path).header("if-match", &tag).json_body(json!({ "name": "x" })).json().await.problem(412);

    let mine = [("_method", "PUT"), ("seen", &*seen), ("name", "Salomlashish"), ("template", "Assalom!")];
    let page = browser.post(&path).form(mine).html().await.is(409);
    assert_eq!(page.text_of("#f-template"), "Assalom!", "what was typed is kept");
    assert_eq!(page.text_of("#t-template .value"), "Xayr!", "beside what was saved meanwhile");
    assert!(!page.has("#t-name"), "nobody else changed the name");
    let seen = page.attribute("[name=seen]", "value").unwrap();
    let take = [
        ("_method", "PUT"),
        ("seen", &*seen),
        ("name", "Salomlashish"),
        ("template", "Assalom!"),
        ("take", "template"),
    ];
    browser.post(&path).form(take).html().await.is(303);
    let kept = program.get(&path).json().await.value();
    assert_eq!((&kept["name"], &kept["template"]), (&json!("Salomlashish"), &json!("Xayr!")));
    // A preview does not hide that another user has saved in the meantime.
    let late = [("_method", "PUT"), ("seen", &*seen), ("name", "A"), ("template", "B"), ("preview", "true")];
    let page = browser.post(&path).form(late).html().await.is(200);
    let seen = page.attribute("[name=seen]", "value").unwrap();
    let again = [("_method", "PUT"), ("seen", &*seen), ("name", "A"), ("template", "B")];
    browser.post(&path).form(again).html().await.is(409);
}

async fn the_read_only_role_is_offered_no_changes(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.read_only).await;
    assert!(browser.get(LIST).html().await.is(200).has("#templates-empty"));
    let path = create_template(&env.api_client(&company.manager).await, "Salom", "Salom!").await;
    let page = browser.get(LIST).html().await.is(200);
    assert_eq!(page.texts("#templates-rows strong"), ["Salom"]);
    assert!(!page.has("main a[href*=instant-messages]"), "neither made, changed nor copied");
    assert!(browser.get(format!("{LIST}?q=zzz")).html().await.is(200).has("#templates-empty"));
    browser.get(format!("{path}/edit")).html().await.is(403);
}
