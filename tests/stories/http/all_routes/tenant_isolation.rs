//! The wall between companies, seen from outside: every route, asked with a stranger's ids.

use serde_json::json;

use crate::http::all_routes::route_table::{Ids, Route, routes};
use crate::support::{
    Company, TestEnv,
    database::raw::Raw,
    http::{TestResponse, Visitor},
    providers::webhook::{INBOUND, sms_form, token_of},
};

on_both_engines! {
    no_route_shows_or_changes_what_is_a_strangers,
    drafts_of_users_do_not_mix,
    nothing_of_a_stranger_is_found_or_counted,
    a_strangers_values_are_free_for_us,
}

/// In every text of the other company, and in nothing of ours.
const MARK: &str = "Zebulon";
const THEIR_PHONE: &str = "+998907776655";
const OUR_PHONE: &str = "+998901234567";

struct Neighbours {
    ours: Company,
    our_ids: Ids,
    theirs: Company,
    their_ids: Ids,
    /// Our administrator in a browser and as a program.
    visitors: [Visitor; 2],
}

async fn neighbours(env: &TestEnv) -> Neighbours {
    let (ours, theirs) = (env.company("samarkand").await, env.company("zebulon").await);
    let our_ids = Ids::made(env, &ours, &env.connect(&ours).await, "Aziza", OUR_PHONE).await;
    let their_ids = Ids::made(env, &theirs, &env.connect(&theirs).await, MARK, THEIR_PHONE).await;
    let mut visitors = [env.sign_in(&ours.administrator).await, env.api_client(&ours.administrator).await];
    for visitor in &mut visitors {
        // A live stream tells what there is, and ends.
        visitor.site.stop.cancel();
    }
    Neighbours { ours, our_ids, theirs, their_ids, visitors }
}

/// Fails where anything of theirs shows.
#[track_caller]
fn holds_nothing_of_theirs(answer: &TestResponse) {
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

/// Asks for a page and for JSON, each with a form and with JSON as the body.
async fn ask_in_every_way(route: &Route, visitor: &Visitor, ids: &Ids) -> Vec<TestResponse> {
    let mut answers = vec![route.ask(visitor, ids).html().await, route.ask(visitor, ids).json().await];
    if route.changes_something() {
        answers.push(route.ask_json(visitor, ids).json().await);
        answers.push(route.ask_json(visitor, ids).html().await);
    }
    answers
}

async fn no_route_shows_or_changes_what_is_a_strangers(env: TestEnv) {
    let n = neighbours(&env).await;
    let mut raw = env.raw().await;
    let before = rows_of(&mut raw, &n.theirs).await;
    for route in routes() {
        for visitor in &n.visitors {
            for answer in ask_in_every_way(&route, visitor, &n.their_ids).await {
                holds_nothing_of_theirs(&answer);
                assert!(answer.status.as_u16() < 500, "{answer:?}");
                if route.names_something() {
                    assert_eq!(answer.status, 404, "{answer:?}");
                }
            }
        }
    }
    assert_eq!(rows_of(&mut raw, &n.theirs).await, before);
    // What is asked in vain is there for those whose it is.
    let owner = env.api_client(&n.theirs.administrator).await;
    for route in routes() {
        if route.names_something() && !route.changes_something() {
            let answer = route.ask(&owner, &n.their_ids).json().await;
            assert_ne!(answer.status, 404, "{answer:?}");
        }
    }
}

async fn drafts_of_users_do_not_mix(env: TestEnv) {
    let n = neighbours(&env).await;
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
            for answer in ask_in_every_way(route, &n.visitors[1], ids).await {
                assert_eq!(answer.status, 404, "{answer:?}");
                holds_nothing_of_theirs(&answer);
            }
        }
    }
    assert_eq!(rows_of(&mut raw, &n.theirs).await, before);

    // `before` is a place in the conversation, not a way into another.
    let older = format!("/crm/chats/{}/messages?before={}", n.our_ids.chat, n.their_ids.message + 1_000);
    let answer = n.visitors[1].get(older).json().await.is(200);
    holds_nothing_of_theirs(&answer);
    assert_eq!(answer.value()["items"].as_array().unwrap().len(), 2);
}

async fn nothing_of_a_stranger_is_found_or_counted(env: TestEnv) {
    let n = neighbours(&env).await;
    for list in ["/crm/clients", "/crm/chats", "/crm/instant-messages"] {
        for query in
            ["", "?q=zebul", "?q=%25", "?q=_", "?q=9077766", "?limit=100&page=1", "?q=zeb%20OR%201=1"]
        {
            for visitor in &n.visitors {
                holds_nothing_of_theirs(&visitor.get(format!("{list}{query}")).html().await.is(200));
                let answer = visitor.get(format!("{list}{query}")).json().await.is(200);
                holds_nothing_of_theirs(&answer);
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

async fn a_strangers_values_are_free_for_us(env: TestEnv) {
    let n = neighbours(&env).await;
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

    // A client of both writes to each: it lands where it was sent.
    let (us, them) = (program, env.api_client(&n.theirs.administrator).await);
    let channel = env.services.channels.list_with_secrets(n.theirs.id()).await.unwrap().remove(0).0;
    let channel = aloqa::services::ChannelContext { tenant: n.theirs.tenant.clone(), channel };
    let form = sms_form(&channel, "SM9", OUR_PHONE, "for the others");
    us.signed(&token_of(&channel), INBOUND, &form).send().await.is(200);
    assert_eq!(us.get("/crm/chats").json().await.value()["total"], 1);
    assert_eq!(them.get("/crm/chats").json().await.value()["total"], 2);
}
