//! Tests with random input: no request to any route causes an internal error.

use aloqa::services::ChannelContext;
use proptest::{
    prelude::{Just, Strategy, any, prop_oneof},
    strategy::ValueTree as _,
    test_runner::TestRunner,
};
use serde_json::Value;

use crate::http::all_routes::route_table::{Ids, Route, routes};
use crate::support::{
    TestEnv,
    http::{TestRequest, TestResponse, Visitor},
    providers::webhook::{Form, token_of},
};

on_both_engines! {
    no_form_causes_an_internal_error,
    no_json_causes_an_internal_error,
    no_query_causes_an_internal_error,
    no_header_causes_an_internal_error,
    no_signed_webhook_causes_an_internal_error,
}

/// Requests per route, content type and engine. They are the same in every run.
const CASES: usize = 6;

const NAMES: &[&str] = &[
    "first_name",
    "last_name",
    "middle_name",
    "phone",
    "email",
    "address",
    "date_of_birth",
    "gender",
    "passport_series",
    "passport_number",
    "pin",
    "country_code",
    "comments",
    "type",
    "value",
    "client_id",
    "message",
    "transport",
    "attachments",
    "scheduled_at",
    "idempotency_key",
    "name",
    "template",
    "q",
    "page",
    "limit",
    "sort",
    "created_from",
    "created_to",
    "unread",
    "before",
    "after",
    "next",
    "tenant",
    "password",
    "_method",
    "_csrf",
    "",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => proptest::sample::select(NAMES).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let known: &[&str] = &[
        "",
        " ",
        "0",
        "1",
        "-1",
        "00",
        "1e9",
        "NaN",
        "true",
        "null",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "\0",
        "a\0b",
        "\u{feff}",
        "\u{202e}x",
        "\u{1f468}\u{200d}\u{1f469}",
        "%",
        "_",
        "\\",
        "%00",
        "'",
        "\"",
        "' OR 1=1 --",
        "{{",
        "}}",
        "{{client.first_name}}",
        "{{tenant.name}}{{user.full_name}}",
        "+998901234567",
        "+",
        "+0",
        "(",
        "90 123 45 67",
        "911",
        "٩٩٨٩٠١٢٣٤٥٦٧",
        "a@b.uz",
        "a@",
        "@",
        "a@b..c",
        "2026-02-30",
        "-262143-01-01",
        "+262142-12-31",
        "0000-01-01",
        "1990-05-17",
        "9999-12-31T23:59:60Z",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-03-02T12:00:00Z",
        "female",
        "phone",
        "sms",
        "whatsapp",
        "telegram",
        "other",
        "UZ",
        "ZZ",
        "12345678901234",
        "PUT",
        "DELETE",
        "PATCH",
        "-created_at",
        "-name",
        "//evil.example",
        "/\u{7f}",
        "\u{444}\u{444}",
    ];
    prop_oneof![
        6 => proptest::sample::select(known).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => "[0-9+() -]{1,40}",
        1 => Just("9".repeat(60_000)),
        1 => Just("я".repeat(5_000)),
        1 => Just("%_\\ ".repeat(200)),
    ]
}

fn fields() -> impl Strategy<Value = Form> {
    proptest::collection::vec((name(), text()), 0..8)
}

fn json() -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        6 => text().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(serde_json::json!([[[{}]], "x", null])),
        1 => Just(serde_json::json!({ "a": { "b": [1] } })),
    ];
    proptest::collection::vec((name(), value), 0..8)
        .prop_map(|fields| Value::Object(fields.into_iter().collect()))
}

/// A query string of at most 64 kB: a longer one is refused by the server before it reaches the application.
fn query_of(pairs: &Form) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(pairs);
    text.finish().chars().take(60_000).collect()
}

struct Target {
    program: Visitor,
    ids: Ids,
    channel: ChannelContext,
    runner: TestRunner,
    routes: Vec<Route>,
}

impl Target {
    async fn new(env: &TestEnv) -> Self {
        let company = env.company("samarkand").await;
        let channel = env.connect(&company).await;
        let ids = Ids::create(env, &company, &channel, "Aziza", "+998901234567").await;
        let program = env.api_client(&company.administrator).await;
        program.site.stop.cancel();
        let mut routes = routes();
        // Routes that delete come last, so that the others have records to work on.
        routes.sort_by_key(|route| route.method == "DELETE");
        Self { program, ids, channel, runner: TestRunner::deterministic(), routes }
    }

    fn sample<T>(&mut self, strategy: &impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.runner).unwrap().current()
    }

    /// Requests a page or JSON, and asserts that the server does not fail.
    async fn assert_no_failure(
        &self,
        request: TestRequest,
        page: bool,
        sent: &(impl std::fmt::Debug + Sync),
    ) -> TestResponse {
        let answer = if page { request.html().await } else { request.json().await };
        assert!(answer.status.as_u16() < 500, "{answer:?}\nafter {:.2000}", format!("{sent:?}"));
        answer
    }
}

async fn no_form_causes_an_internal_error(env: TestEnv) {
    let mut target = Target::new(&env).await;
    let fields = fields();
    for route in target.routes.clone() {
        if !route.changes_something() {
            continue;
        }
        for case in 0..CASES {
            let mut form = target.sample(&fields);
            // Without the ids, deleting and replacing would leave no records for the other routes.
            form.retain(|(name, _)| name != "_method" || route.method == "DELETE");
            if case % 2 == 0 {
                form.extend(
                    route.fields(&target.ids).into_iter().map(|(name, value)| (name.to_owned(), value)),
                );
            }
            let path = route.path(&target.ids);
            let request = target.program.ask(route.method.clone(), path).form(form.clone());
            target.assert_no_failure(request, case % 3 == 0, &form).await;
        }
    }
}

async fn no_json_causes_an_internal_error(env: TestEnv) {
    let mut target = Target::new(&env).await;
    let bodies = json();
    for route in target.routes.clone() {
        if !route.changes_something() {
            continue;
        }
        for case in 0..CASES {
            let mut body = target.sample(&bodies);
            if case % 2 == 0 {
                for (name, value) in route.fields(&target.ids) {
                    let fields = body.as_object_mut().unwrap();
                    fields.entry(name).or_insert(value.into());
                }
            }
            let path = route.path(&target.ids);
            let request = target.program.ask(route.method.clone(), path).json_body(body.clone());
            target.assert_no_failure(request, case % 3 == 0, &body).await;
        }
    }
}

async fn no_query_causes_an_internal_error(env: TestEnv) {
    let mut target = Target::new(&env).await;
    let fields = fields();
    for route in target.routes.clone() {
        if route.changes_something() {
            continue;
        }
        for case in 0..CASES {
            let pairs = target.sample(&fields);
            let query = query_of(&pairs);
            let request = target.program.get(format!("{}?{query}", route.path(&target.ids)));
            target.assert_no_failure(request, case % 2 == 0, &pairs).await;
        }
        let request = target.program.get(format!("{}?{}", route.path(&target.ids), "&=%zz%".repeat(50)));
        target.assert_no_failure(request, true, &"broken escapes").await;
        let long = "q".repeat(60_000);
        let request = target.program.get(format!("{}?q={long}", route.path(&target.ids)));
        target.assert_no_failure(request, false, &"a long question").await;
    }
}

async fn no_header_causes_an_internal_error(env: TestEnv) {
    let mut target = Target::new(&env).await;
    let bytes = proptest::collection::vec(prop_oneof![Just(b'\t'), 32_u8..127, 128_u8..=255], 0..60);
    let names = [
        "accept",
        "accept-language",
        "accept-encoding",
        "content-type",
        "content-length",
        "cookie",
        "last-event-id",
        "idempotency-key",
        "x-csrf-token",
        "x-request-id",
        "x-twilio-signature",
        "origin",
        "sec-fetch-site",
        "range",
        "if-none-match",
        "x-forwarded-for",
        "host",
        "expect",
        "te",
    ];
    for route in target.routes.clone() {
        for name in names {
            let value = target.sample(&bytes);
            let request = route.ask(&target.program, &target.ids).header(name, &value);
            let answer = request.send().await;
            assert!(answer.status.as_u16() < 500, "{name}: {}: {answer:?}", value.escape_ascii());
        }
    }
}

async fn no_signed_webhook_causes_an_internal_error(env: TestEnv) {
    let mut target = Target::new(&env).await;
    let names: &[&str] = &[
        "MessageSid",
        "SmsSid",
        "From",
        "To",
        "Body",
        "NumMedia",
        "MediaUrl0",
        "MediaContentType0",
        "ProfileName",
        "WaId",
        "Latitude",
        "Longitude",
        "Label",
        "MessageStatus",
        "SmsStatus",
        "ErrorCode",
        "ChannelStatusMessage",
        "MessagingServiceSid",
        "OptOutType",
    ];
    let parameters = proptest::collection::vec((proptest::sample::select(names), text()), 0..10);
    let (mut taken, token) = (0, token_of(&target.channel));
    for case in 0..120 {
        let path = if case % 3 == 0 { "/crm/webhooks/twilio/status" } else { "/crm/webhooks/twilio" };
        let mut form: Form =
            target.sample(&parameters).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        form.push(("AccountSid".into(), target.channel.channel.account.clone()));
        form.push(("MessageSid".into(), format!("SM{case}")));
        form.push(("From".into(), "+998935550127".into()));
        form.push(("MessageStatus".into(), "sent".into()));
        let answer = target.assert_no_failure(target.program.signed(&token, path, &form), true, &form).await;
        taken += i32::from(answer.status.is_success());
    }
    assert!(taken > 60, "most of it is taken: {taken}");
    for list in ["/crm/clients", "/crm/chats"] {
        target.program.get(format!("{list}?limit=100")).json().await.is(200);
        target.program.get(format!("{list}?limit=100")).html().await.is(200);
    }
}
