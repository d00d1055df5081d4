//! Tests of tenant isolation over HTTP: every route is requested with ids of another tenant.

use serde_json::json;

use crate::http::all_routes::route_table::{Ids, Route, routes};
use crate::support::{
    Company, TestEnv,
    database::raw::Raw,
    http::{TestResponse, Visitor},
    providers::webhook::{INBOUND, sms_form, token_of},
};

on_both_engines! {
    no_route_shows_or_changes_records_of_another_tenant,
    a_path_with_ids_of_two_tenants_is_not_found,
    lists_and_search_exclude_records_of_other_tenants,
    values_used_by_another_tenant_are_available,
}

/// A word in every text of the other tenant, and in none of ours.
const MARK: &str = "Zebulon";
const THEIR_PHONE: &str = "+998907776655";
const OUR_PHONE: &str = "+998901234567";

struct TwoTenants {
    ours: Company,
    our_ids: Ids,
    theirs: Company,
    their_ids: Ids,
    /// Our administrator in a browser and as an API client.
    visitors: [Visitor; 2],
}

async fn two_tenants(env: &TestEnv) -> TwoTenants {
    let (ours, theirs) = (env.company("samarkand").await, env.company("zebulon").await);
    let our_ids = Ids::create(env, &ours, &env.connect(&ours).await, "Aziza", OUR_PHONE).await;
    let their_ids = Ids::create(env, &theirs, &env.connect(&theirs).await, MARK, THEIR_PHONE).await;
    let mut visitors = [env.sign_in(&ours.administrator).await, env.api_client(&ours.administrator).await];
    for visitor in &mut visitors {
        // The live stream sends the events that exist, and ends.
        visitor.site.stop.cancel();
    }
    TwoTenants { ours, our_ids, theirs, their_ids, visitors }
}

/// Asserts that the response contains nothing of the other tenant.
#[track_caller]
fn assert_nothing_of_theirs(answer: &TestResponse) {
    let seen = format!("{:?}\n{}", answer.headers, answer.text());
    let lower = seen.to_lowercase();
    for mark in [&*MARK.to_lowercase(), "7776655", "777 66 55", "777-66-55"] {
        assert!(!lower.contains(mark), "{mark} shows in {answer:?}");
    }
}

async fn rows_of(raw: &mut Raw, company: &Company) -> Vec<String> {
    let mut all = Vec::new();
    for table in raw.tables().await {
        if table != "tenants" {
            all.extend(raw.dump(&table, &format!("tenant_id = {}", company.id())).await);
        }
    }
    assert!(all.len() > 10);
    all
}

/// Requests a page and JSON, each with a form and with JSON as the body.
async fn request_in_every_way(route: &Route, visitor: &Visitor, ids: &Ids) -> Vec<TestResponse> {
    let mut answers = vec![route.ask(visitor, ids).html().await, route.ask(visitor, ids).json().await];
    if route.changes_something() {
        answers.push(route.ask_json(visitor, ids).json().await);
        answers.push(route.ask_json(visitor, ids).html().await);
    }
    answers
}

async fn no_route_shows_or_changes_records_of_another_tenant(env: TestEnv) {
    let n = two_tenants(&env).await;
    let mut raw = env.raw().await;
    let before = rows_of(&mut raw, &n.theirs).await;
    for route in routes() {
        for visitor in &n.visitors {
            for answer in request_in_every_way(&route, visitor, &n.their_ids).await {
                assert_nothing_of_theirs(&answer);
                assert!(answer.status.as_u16() < 500, "{answer:?}");
                if route.has_record_id() {
                    assert_eq!(answer.status, 404, "{answer:?}");
                }
            }
        }
    }
    assert_eq!(rows_of(&mut raw, &n.theirs).await, before);
    // The owner of the records gets them by the same paths.
    let owner = env.api_client(&n.theirs.administrator).await;
    for route in routes() {
        if route.has_record_id() && !route.changes_something() {
            let answer = route.ask(&owner, &n.their_ids).json().await;
            assert_ne!(answer.status, 404, "{answer:?}");
        }
    }
}

async fn a_path_with_ids_of_two_tenants_is_not_found(env: TestEnv) {
    let n = two_tenants(&env).await;
    let mut raw = env.raw().await;
    let before = rows_of(&mut raw, &n.theirs).await;
    let mixed = [
        Ids {
            contact: n.their_ids.contact,
            message: n.their_ids.message,
            approved: n.their_ids.approved,
            ..n.our_ids.clone()
        },
        Ids {
            contact: n.our_ids.contact,
            message: n.our_ids.message,
            approved: n.our_ids.approved,
            ..n.their_ids.clone()
        },
    ];
    let pairs = |route: &Route| route.pattern.matches('{').count() > 1;
    let routes: Vec<_> = routes().into_iter().filter(pairs).collect();
    assert!(routes.len() >= 3, "{routes:?}");
    for route in &routes {
        for ids in &mixed {
            for answer in request_in_every_way(route, &n.visitors[1], ids).await {
                assert_eq!(answer.status, 404, "{answer:?}");
                assert_nothing_of_theirs(&answer);
            }
        }
    }
    assert_eq!(rows_of(&mut raw, &n.theirs).await, before);

    // `before` is a position within the chat and gives no access to another chat.
    let older = format!("/crm/chats/{}/messages?before={}", n.our_ids.chat, n.their_ids.message + 1_000);
    let answer = n.visitors[1].get(older).json().await.is(200);
    assert_nothing_of_theirs(&answer);
    assert_eq!(answer.value()["items"].as_array().unwrap().len(), 2);
}

async fn lists_and_search_exclude_records_of_other_tenants(env: TestEnv) {
    let n = two_tenants(&env).await;
    for list in ["/crm/clients", "/crm/chats", "/crm/instant-messages"] {
        for query in
            ["", "?q=zebul", "?q=%25", "?q=_", "?q=9077766", "?limit=100&page=1", "?q=zeb%20OR%201=1"]
        {
            for visitor in &n.visitors {
                assert_nothing_of_theirs(&visitor.get(format!("{list}{query}")).html().await.is(200));
                let answer = visitor.get(format!("{list}{query}")).json().await.is(200);
                assert_nothing_of_theirs(&answer);
                let expected = i64::from(!query.contains("q="));
                assert_eq!(answer.value()["total"], expected, "{answer:?}");
            }
        }
    }
    let page = n.visitors[0].get("/crm/chats").html().await;
    assert!(page.text_of("title").starts_with("(1)"), "our own unread chat, and no other");

    let told = n.visitors[1].get("/crm/events?after=0").send().await.is(200);
    let mut raw = env.raw().await;
    let of = |company: &Company| format!("SELECT COUNT(*) FROM events WHERE tenant_id = {}", company.id());
    let ours = raw.number(&of(&n.ours)).await;
    assert!(raw.number(&of(&n.theirs)).await > 0);
    assert_eq!(
        told.text().matches("\ndata: ").count() + told.text().matches("\ndata:{").count(),
        usize::try_from(ours).unwrap()
    );
}

async fn values_used_by_another_tenant_are_available(env: TestEnv) {
    let n = two_tenants(&env).await;
    let program = &n.visitors[1];
    let body = json!({ "first_name": "Botir", "phone": THEIR_PHONE, "pin": "12345678901234" });
    let conflict = program.post("/crm/clients").json_body(body).json().await;
    let problem = conflict.problem(409);
    assert_eq!(
        problem["errors"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["pin"],
        "our own client's"
    );
    let body = json!({ "first_name": "Botir", "phone": THEIR_PHONE });
    program.post("/crm/clients").json_body(body).json().await.is(201);
    let body = json!({ "type": "other", "value": MARK });
    program.post(format!("/crm/clients/{}/contacts", n.our_ids.client)).json_body(body).json().await.is(201);

    // A client of both tenants writes to each of them: each message arrives where it was sent.
    let (us, them) = (program, env.api_client(&n.theirs.administrator).await);
    let channel = env.services.channels.list_with_secrets(n.theirs.id()).await.unwrap().remove(0).0;
    let channel = aloqa::services::ChannelContext { tenant: n.theirs.tenant.clone(), channel };
    let form = sms_form(&channel, "SM9", OUR_PHONE, "for the others");
    us.signed(&token_of(&channel), INBOUND, &form).send().await.is(200);
    assert_eq!(us.get("/crm/chats").json().await.value()["total"], 1);
    assert_eq!(them.get("/crm/chats").json().await.value()["total"], 2);
}
