//! Tests of the limit on requests with an API token.

use aloqa::{
    presentation::{AppState, app},
    services::{Dependencies, Services},
};
use axum::{body::Body, http::Request};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::support::TestEnv;

on_both_engines![a_token_has_a_quota_that_each_answer_tells];

async fn a_token_has_a_quota_that_each_answer_tells(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (token, other) = (env.token_of(&company.agent).await, env.token_of(&company.manager).await);
    let dependencies = env.services.dependencies().clone();
    let services = Services::new(Dependencies { token_requests_per_minute: 3, ..dependencies });
    let router = app(AppState::new(services, CancellationToken::new()));
    let ask = async |token: &str, path: &str| {
        let request = Request::get(path).header("accept", "application/json");
        let request = match token {
            "" => request,
            token => request.header("authorization", format!("Bearer {token}")),
        };
        let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (answer.status().as_u16(), header("ratelimit"), header("ratelimit-policy"), header("retry-after"))
    };
    let remaining = |rest: &Option<String>| {
        let rest = rest.as_deref().unwrap().strip_prefix("\"token\";r=").unwrap().to_owned();
        rest.split(';').next().unwrap().parse::<u32>().unwrap()
    };
    for (path, status, left) in
        [("/crm/clients", 200, 2), ("/crm/clients/77", 404, 1), ("/crm/chats", 200, 0)]
    {
        let (answered, rest, policy, _) = ask(&token, path).await;
        assert_eq!((answered, remaining(&rest)), (status, left), "{path}");
        assert_eq!(policy.as_deref(), Some("\"token\";q=3;w=60"));
    }
    let (answered, rest, _, retry_after) = ask(&token, "/crm/clients").await;
    assert_eq!((answered, remaining(&rest)), (429, 0));
    assert!((1..=60).contains(&retry_after.unwrap().parse::<u32>().unwrap()));
    assert_eq!(ask(&other, "/crm/clients").await.0, 200, "another token has its own");
    let (answered, rest, ..) = ask("", "/healthz").await;
    assert_eq!((answered, rest), (200, None));
    let (answered, rest, ..) = ask("aloqa_unknown", "/crm/clients").await;
    assert_eq!((answered, rest), (401, None));
}
