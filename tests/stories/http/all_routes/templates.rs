//! Tests of every page struct: each is rendered with data.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use serde_json::json;
use tracing::{Subscriber, span::Attributes};
use tracing_subscriber::{Layer, layer::Context};

use crate::{
    http::all_routes::route_table::{Ids, routes},
    support::{
        Company, TestEnv,
        http::TestResponse,
        spans::{observe, text_of},
    },
};

on_both_engines! {
    every_page_struct_is_rendered,
}

const AZIZA: &str = "+998901234567";

/// The names of the page structs that were rendered.
#[derive(Clone, Default)]
struct RenderedPages(Arc<Mutex<BTreeSet<String>>>);

impl<S: Subscriber> Layer<S> for RenderedPages {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "render" {
            self.0.lock().unwrap().insert(text_of(attributes, "page"));
        }
    }
}

/// The page structs of the source: those with a template.
fn page_structs(folder: &Path, module: &str, found: &mut BTreeSet<String>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            page_structs(&path, &format!("{module}::{name}"), found);
            continue;
        }
        let module = if name == "mod" { module.to_owned() } else { format!("{module}::{name}") };
        let source = std::fs::read_to_string(&path).unwrap();
        for declaration in source.split("#[template(").skip(1) {
            let (_, from_name) = declaration.split_once("struct ").unwrap();
            let name = from_name.split([' ', '<']).next().unwrap();
            found.insert(format!("{module}::{name}"));
        }
    }
}

/// Asserts that a page contains no tag of a template; `{{` is part of a placeholder of message templates.
#[track_caller]
fn assert_is_html(answer: &TestResponse) {
    let text = answer.text();
    for left_over in ["{%", "{#"] {
        assert!(!text.contains(left_over), "{left_over} is in {answer:?}");
    }
}

async fn scheduled_message(env: &TestEnv, company: &Company, chat: i64) -> i64 {
    let program = env.api_client(&company.administrator).await;
    let at = env.clock.now() + TimeDelta::days(1);
    let body = json!({ "message": "Salom", "transport": "sms", "scheduled_at": at });
    let answer = program.post(format!("/crm/chats/{chat}/messages")).json_body(body).json().await;
    answer.is(201).value()["id"].as_i64().unwrap()
}

/// The address by which a merge is undone whose survivor has changed since.
async fn merge_with_conflict(env: &TestEnv, company: &Company) -> String {
    let program = env.api_client(&company.administrator).await;
    let create = async |body| {
        program.post("/crm/clients").json_body(body).json().await.is(201).value()["id"].as_i64().unwrap()
    };
    let survivor = create(json!({ "first_name": "Dilnoza" })).await;
    let merged = create(json!({ "first_name": "Dilnoza", "address": "Samarkand" })).await;
    let path = format!("/crm/clients/{survivor}");
    let body = json!({ "other_id": merged });
    let merge = program.post(format!("{path}/merge")).json_body(body).json().await.is(200).value();
    program.put(path).json_body(json!({ "address": "Tashkent" })).json().await.is(200);
    merge["undo_url"].as_str().unwrap().to_owned()
}

async fn every_page_struct_is_rendered(mut env: TestEnv) {
    env.services = env.services.clone().with_simulators(env.simulator.clone(), env.bots.clone());
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    env.connect_bot(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", AZIZA).await;
    let twin = company.client(&env, "Aziza", "+998901234560").await;
    let scheduled = scheduled_message(&env, &company, ids.chat).await;
    let undo = merge_with_conflict(&env, &company).await;
    let program = env.api_client(&company.administrator).await;
    let reset = format!("/crm/settings/team/{}/reset-link", company.agent.user.id);
    let reset = program.post(reset).json().await.is(201).value()["url"].as_str().unwrap().to_owned();
    let visitor = env.sign_in(&company.administrator).await;
    // The live stream sends the events that exist, and ends.
    visitor.site.stop.cancel();
    let anonymous = env.anonymous_visitor();

    let pages = RenderedPages::default();
    observe(pages.clone(), async {
        for route in routes().iter().filter(|route| !route.changes_something()) {
            let answer = route.ask(&visitor, &ids).html().await;
            if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                assert_is_html(&answer);
            }
        }
        anonymous.get("/login").html().await.is(200);
        anonymous.get(&reset[reset.find("/access").unwrap()..]).html().await.is(200);
        anonymous.get("/nowhere").html().await.is(404);
        visitor.get("/crm/simulator").html().await.is(200);
        visitor.get("/crm/clients/999999").html().await.is(404);
        let (chat, client) = (ids.chat, ids.client);
        visitor.get(format!("/crm/clients/{client}/merge?other_id={twin}")).html().await.is(200);
        visitor.get(format!("/crm/clients/delete?ids={client}")).html().await.is(200);
        visitor.get(format!("/crm/chats/{chat}/messages/{scheduled}/schedule")).html().await.is(200);
        visitor.post(undo).form([("a", "b")]).html().await.is(200);
    })
    .await;

    let mut declared = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    page_structs(&source, "aloqa", &mut declared);
    assert!(declared.len() > 30, "{declared:#?}");
    let rendered = pages.0.lock().unwrap().clone();
    let missing: Vec<_> = declared.difference(&rendered).collect();
    assert!(missing.is_empty(), "no page of these was rendered: {missing:#?}");
}
