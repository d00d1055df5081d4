//! Tests with bodies that never end, in every shape that a parser might keep: only a bounded part of each is read.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    body::{Body, Bytes},
    http::{Request, Response, header},
};
use futures_util::stream;

use crate::support::{TestEnv, http::Visitor};

on_both_engines! {
    a_stranger_is_refused_after_a_bounded_part_of_an_endless_body,
    a_user_is_refused_after_a_bounded_part_of_an_endless_form,
    a_form_with_a_large_file_is_not_endless,
}

/// More than any request without a session may send: the limit of its fields, what the parser reads ahead, and what is
/// discarded after the refusal.
const BOUND_FOR_STRANGERS: usize = 2 * 1024 * 1024;
/// The end of an "endless" body, so that a failing test ends as well.
const END: usize = 300 * 1024 * 1024;
const MULTIPART: &str = "multipart/form-data; boundary=B";
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A name, the content type, the beginning of a body, and the part that is repeated without end.
fn shapes() -> Vec<(&'static str, &'static str, String, String)> {
    let part =
        |disposition: String| format!("--B\r\nContent-Disposition: form-data; {disposition}\r\n\r\n\r\n");
    let long = "n".repeat(1000);
    let none = String::new;
    vec![
        ("texts with long names", MULTIPART, none(), part(format!("name=\"{long}\""))),
        ("texts with short names", MULTIPART, none(), part("name=\"a\"".into())),
        ("parts without a name", MULTIPART, none(), part(String::new())),
        ("files that were not chosen", MULTIPART, none(), part(format!("name=\"{long}\"; filename=\"\""))),
        ("empty files", MULTIPART, none(), part("name=\"a\"; filename=\"a\"".into())),
        ("headers of a part", MULTIPART, "--B\r\n".into(), format!("X-Header: {long}\r\n")),
        ("one header of a part", MULTIPART, "--B\r\nX-Header: ".into(), long.clone()),
        ("one name", MULTIPART, "--B\r\nContent-Disposition: form-data; name=\"".into(), long.clone()),
        (
            "one text",
            MULTIPART,
            "--B\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n".into(),
            long.clone(),
        ),
        ("bytes before the first boundary", MULTIPART, none(), long.clone()),
        ("almost boundaries", MULTIPART, none(), "\r\n--".into()),
        ("fields without a value", URLENCODED, none(), "&a".into()),
        ("one value", URLENCODED, "email=".into(), long.clone()),
        ("percent signs", URLENCODED, none(), "%".into()),
        ("a list", "application/json", "{\"email\":[1".into(), ",1".into()),
        ("nested lists", "application/json", none(), "[".into()),
        ("members", "application/json", "{\"a\":1".into(), ",\"a\":1".into()),
        ("spaces", "application/json", none(), " ".into()),
        ("another type", "text/plain", none(), long),
    ]
}

/// A body that yields `begin`, and then pieces of `repeated`; and the number of bytes that were read of it.
fn endless(begin: String, repeated: &str) -> (Body, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let piece = Bytes::from(repeated.repeat((16 * 1024 / repeated.len()).max(1)));
    let counter = read.clone();
    let pieces = stream::unfold(Some(Bytes::from(begin)), move |begin| {
        let (counter, piece) = (counter.clone(), piece.clone());
        async move {
            let next = begin.filter(|begin| !begin.is_empty()).unwrap_or(piece);
            if counter.fetch_add(next.len(), Ordering::Relaxed) > END {
                return None;
            }
            // A server receives pieces one by one, too.
            tokio::task::yield_now().await;
            Some((Ok::<_, std::io::Error>(next), None))
        }
    });
    (Body::from_stream(pieces), read)
}

async fn post(visitor: &Visitor, path: &str, content_type: &str, body: Body) -> Response<Body> {
    let (site, mut request) = visitor.post(path).header("accept", "application/json").request();
    request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
    let (parts, _) = request.into_parts();
    site.answer(Request::from_parts(parts, body)).await
}

async fn a_stranger_is_refused_after_a_bounded_part_of_an_endless_body(env: TestEnv) {
    let company = env.company("samarkand").await;
    env.connect(&company).await;
    let stranger = env.anonymous_visitor();
    for path in
        ["/login", "/crm/webhooks/twilio", "/crm/webhooks/twilio/status", "/tg/webhook", "/crm/clients"]
    {
        for (shape, content_type, begin, repeated) in shapes() {
            let (body, read) = endless(begin, &repeated);
            let answer = post(&stranger, path, content_type, body).await;
            let status = answer.status().as_u16();
            assert!([400, 401, 403, 413, 415, 422].contains(&status), "{shape} at {path}: {status}");
            let read = read.load(Ordering::Relaxed);
            assert!(read < BOUND_FOR_STRANGERS, "{shape} at {path}: {read} bytes");
        }
    }
}

async fn a_user_is_refused_after_a_bounded_part_of_an_endless_form(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.agent).await;
    for (shape, content_type, begin, repeated) in shapes() {
        // The rest of a refused form with files is discarded, up to the size of a large film.
        if content_type == MULTIPART && !shape.starts_with("texts") {
            continue;
        }
        let (body, read) = endless(begin, &repeated);
        let answer = post(&program, "/crm/clients", content_type, body).await;
        let status = answer.status().as_u16();
        assert!([400, 413, 415].contains(&status), "{shape}: {status}");
        if content_type != MULTIPART {
            let read = read.load(Ordering::Relaxed);
            assert!(read < 2 * 1024 * 1024, "{shape}: {read} bytes");
        }
    }
}

async fn a_form_with_a_large_file_is_not_endless(env: TestEnv) {
    let company = env.company("samarkand").await;
    let program = env.api_client(&company.administrator).await;
    let comment = "a".repeat(1000);
    let rows = format!("Aziza,{comment}\r\n").repeat(3_000);
    let table = format!("first_name,comments\r\n{rows}");
    assert!(table.len() > 2 * 1024 * 1024);
    // A file of a field that the form does not have is skipped.
    let other = "b".repeat(500_000);
    // As one chunk, and in chunks of the size of a network packet.
    for size in [usize::MAX, 1400] {
        let body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"other\"; filename=\"b\"\r\n\r\n{other}\r\n\
             --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n{table}\r\n--B--\r\n"
        );
        let chunks: Vec<_> = body
            .as_bytes()
            .chunks(size)
            .map(|chunk| Ok::<_, std::io::Error>(Bytes::copy_from_slice(chunk)))
            .collect();
        let body = Body::from_stream(stream::iter(chunks));
        let answer = post(&program, "/crm/clients/imports", MULTIPART, body).await;
        assert_eq!(answer.status(), 201, "in chunks of {size}");
    }
}
