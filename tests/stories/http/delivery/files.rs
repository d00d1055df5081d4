//! Tests of files in both directions: uploads, the links that providers get, and files from clients.

use std::{fs, path::Path, time::Duration};

use aloqa::{domain::UPLOAD_LIMIT, presentation::app, providers::twilio::NAME, services::ChannelContext};
use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use crate::support::{
    Company, TestEnv, concurrently,
    event_stream::events_until_silence,
    http::{TestResponse, Visitor},
    providers::webhook::{self, INBOUND, sms_form, whatsapp_form},
    world::until,
};

on_both_engines! {
    a_large_photo_and_a_document_are_sent,
    a_large_photo_and_a_document_are_received,
    only_pictures_are_shown_inline,
    files_are_served_by_range_with_security_headers,
    a_signed_link_is_valid_for_its_file_for_some_hours,
    files_of_another_tenant_are_not_found,
    files_over_a_limit_are_refused_before_sending,
    a_repeated_upload_stores_no_second_file,
    files_of_a_deleted_client_are_removed,
    an_interrupted_upload_is_removed,
    a_failed_fetch_is_shown,
    another_worker_takes_over_the_fetch_of_a_dead_one,
    media_are_not_fetched_from_private_addresses,
    a_form_without_scripts_sends_files,
}

const AZIZA: &str = "+998901234567";

/// A photo of this size: a small one followed by bytes that decoders ignore.
fn photo(size: usize) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let pixels =
        image::RgbImage::from_fn(120, 80, |x, _| image::Rgb([if x % 8 < 4 { 20 } else { 200 }, 90, 90]));
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&pixels).unwrap();
    jpeg.resize(size.max(jpeg.len()), 7);
    jpeg
}

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

struct Scenario {
    company: Company,
    channel: ChannelContext,
    agent: Visitor,
    path: String,
}

/// A chat that Aziza began by WhatsApp and by SMS.
async fn scenario(env: &TestEnv) -> Scenario {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let agent = env.api_client(&company.agent).await;
    agent.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let form = whatsapp_form(&channel, "SM2", AZIZA, "Salom", "Aziza");
    agent.post_twilio_webhook(&channel, INBOUND, &form).await.is(200);
    let chats = agent.get("/crm/chats").json().await.is(200).value();
    let path = format!("/crm/chats/{}", chats["items"][0]["id"]);
    Scenario { company, channel, agent, path }
}

impl Scenario {
    async fn send(&self, transport: &str, files: &[(&str, &[u8])]) -> TestResponse {
        let mut parts = vec![("transport", None, transport.as_bytes())];
        parts.extend(files.iter().map(|(name, content)| ("attachments", Some(*name), *content)));
        self.agent.post(format!("{}/messages", self.path)).multipart(&parts).json().await
    }

    async fn last(&self) -> Value {
        let chat = self.agent.get(&self.path).json().await.is(200).value();
        chat["messages"].as_array().unwrap().last().unwrap().clone()
    }

    /// A client sends the file at this URL.
    async fn client_sends(&self, sid: &str, url: &str, kind: &str) {
        let mut form = sms_form(&self.channel, sid, AZIZA, "");
        webhook::set(&mut form, "NumMedia", "1");
        webhook::set(&mut form, "MediaUrl0", url);
        webhook::set(&mut form, "MediaContentType0", kind);
        self.agent.post_twilio_webhook(&self.channel, INBOUND, &form).await.is(200);
    }

    fn url(value: &Value) -> String {
        value["url"].as_str().unwrap_or_else(|| panic!("no address: {value}")).to_owned()
    }
}

impl TestEnv {
    /// Serves the whole application where the simulator fetches files.
    fn serve_with_file_links(&self) {
        let state = aloqa::presentation::AppState::new(self.services.clone(), CancellationToken::new());
        let listener =
            tokio::net::TcpListener::from_std(self.callback_listener.try_clone().unwrap()).unwrap();
        tokio::spawn(async move { axum::serve(listener, app(state)).await });
    }

    /// A URL at the simulated provider.
    fn at_twilio(&self, path: &str) -> String {
        self.services.dependencies().api_urls.get(&NAME).join(path).unwrap().to_string()
    }

    /// The number of stored files.
    fn stored(&self) -> usize {
        count(self.files.path())
    }
}

fn count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

fn sha256(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

async fn a_large_photo_and_a_document_are_sent(env: TestEnv) {
    let scenario = scenario(&env).await;
    env.serve_with_file_links();
    let photo = photo(15_000_000);
    let mut files = Vec::new();
    for (name, content) in [("../сурат.jpg", &photo[..]), ("shartnoma.pdf", PDF)] {
        let sent = scenario.send("whatsapp", &[(name, content)]).await.is(201).value();
        assert_eq!((&sent["message"], sent["attachments"].as_array().unwrap().len()), (&json!(""), 1));
        files.push(sent["attachments"][0].clone());
        env.services.delivery.drain().await.unwrap();
        until(async || env.simulator.fetched().len() == files.len()).await;
    }
    assert_eq!((&files[0]["name"], &files[0]["content_type"]), (&json!("сурат.jpg"), &json!("image/jpeg")));
    assert_eq!((&files[0]["size"], &files[1]["size"]), (&json!(15_000_000), &json!(PDF.len())));

    until(async || scenario.last().await["status"] == "delivered").await;
    let fetched = env.simulator.fetched();
    let got: Vec<_> = fetched.iter().map(|f| (f.status, f.content_type.as_str(), f.sha256)).collect();
    assert_eq!(got, [(200, "image/jpeg", sha256(&photo)), (200, "application/pdf", sha256(PDF))]);
    scenario.send("sms", &[("a.txt", b"one"), ("b.pdf", PDF)]).await.is(201);
    env.services.delivery.drain().await.unwrap();
    let links = env
        .simulator
        .requests()
        .into_iter()
        .map(|request| request.form.iter().filter(|(name, _)| name == "MediaUrl").count());
    assert_eq!(links.collect::<Vec<_>>(), [1, 1, 2], "one for each file");

    let read = scenario.agent.get(Scenario::url(&files[0])).send().await.is(200);
    assert!(read.body == photo, "the agent sees what was sent");
    let page = env.sign_in(&scenario.company.agent).await.get(&scenario.path).html().await.is(200);
    let small = page.attribute(".attachments .picture img", "src").unwrap();
    assert_eq!(page.attribute(".picture img", "width").as_deref(), Some("120"), "it leaves room");
    let small = scenario.agent.get(small).send().await.is(200);
    assert_eq!(small.header("content-type"), Some("image/jpeg"));
    assert!(small.body.len() < 20_000);
    assert!(page.texts(".attachments a.file")[0].contains("shartnoma.pdf"));
}

async fn a_large_photo_and_a_document_are_received(env: TestEnv) {
    let scenario = scenario(&env).await;
    let photo = photo(15_000_000);
    let account = &scenario.channel.channel.account;
    // The file is not available yet at the first request.
    let first = env.simulator.store_media(account, "surat.jpg", "image/jpeg", photo.clone(), 1);
    let second = env.simulator.store_media(account, "shartnoma.pdf", "image/jpeg", PDF, 0);
    let mut form = whatsapp_form(&scenario.channel, "SM9", AZIZA, "Mana", "Aziza");
    for (index, path) in [&first, &second].into_iter().enumerate() {
        webhook::set(&mut form, &format!("MediaUrl{index}"), &env.at_twilio(path));
        webhook::set(&mut form, &format!("MediaContentType{index}"), "image/jpeg");
    }
    webhook::set(&mut form, "NumMedia", "2");
    scenario.agent.post_twilio_webhook(&scenario.channel, INBOUND, &form).await.is(200);
    let waiting = scenario.last().await;
    assert_eq!(waiting["message"], "Mana", "the message is there at once");
    assert_eq!(waiting["attachments"][0]["url"], Value::Null);
    let browser = env.sign_in(&scenario.company.agent).await;
    let page = browser.get(&scenario.path).html().await.is(200);
    assert_eq!(page.texts(".file.coming").len(), 2, "there is a place for what will come");

    let before = scenario.company.read().await.events().last_id().await.unwrap();
    assert_eq!(env.services.media.drain().await.unwrap(), 2);
    assert_eq!(scenario.last().await["attachments"][0]["url"], Value::Null, "not yet there");
    env.advance_clock(TimeDelta::seconds(2));
    assert_eq!(env.services.media.drain().await.unwrap(), 1);
    let mut stream = env.open_stream(&scenario.company.agent, Some(before)).await;
    let events = events_until_silence(&mut stream).await;
    let kinds: Vec<_> = events.iter().map(|event| event.event.kind().as_str()).collect();
    assert_eq!(kinds, ["MessageFilesChanged", "MessageFilesChanged"], "open pages are told");

    let files = scenario.last().await["attachments"].clone();
    assert_eq!((&files[0]["content_type"], &files[0]["size"]), (&json!("image/jpeg"), &json!(15_000_000)));
    assert_eq!(
        (&files[1]["name"], &files[1]["content_type"]),
        (&json!("shartnoma.pdf"), &json!("application/pdf")),
        "what it is, not what it claims to be"
    );
    assert!(scenario.agent.get(Scenario::url(&files[0])).send().await.is(200).body == photo);
    assert!(scenario.agent.get(Scenario::url(&files[1])).send().await.is(200).body == PDF);
    let page = browser.get(&scenario.path).html().await.is(200);
    assert!(page.has(".picture img[width='120'][height='80']") && !page.has(".file.coming"));
    assert_eq!(env.services.media.drain().await.unwrap(), 0);
}

async fn only_pictures_are_shown_inline(env: TestEnv) {
    let scenario = scenario(&env).await;
    let account = &scenario.channel.channel.account;
    let html = "<!doctype html><script>alert(document.cookie)</script>";
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for (sid, content, name) in
        [("SM5", html, "photo.jpg"), ("SM6", svg, "photo.png"), ("SM7", "%PDF-1.4\n", "photo.gif")]
    {
        let path = env.simulator.store_media(account, name, "image/jpeg", content, 0);
        scenario.client_sends(sid, &env.at_twilio(&path), "image/jpeg").await;
        env.services.media.drain().await.unwrap();
        let file = scenario.last().await["attachments"][0].clone();
        let answer = scenario.agent.get(Scenario::url(&file)).send().await.is(200);
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment;"), "{answer:?}");
        assert!(!answer.header("content-type").unwrap().contains("html"));
        assert!(!answer.header("content-type").unwrap().contains("svg"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("content-security-policy"), Some("sandbox; default-src 'none'"));
        let small = scenario.agent.get(format!("{}?thumbnail", Scenario::url(&file))).send().await;
        assert_eq!(small.status, 404);
    }
    let page = env.sign_in(&scenario.company.agent).await.get(&scenario.path).html().await.is(200);
    assert!(!page.has(".attachments img") && page.texts(".attachments a.file[download]").len() == 3);
    for (content, name) in [(html, "photo.jpg"), (svg, "photo.png")] {
        assert_eq!(
            scenario.send("sms", &[(name, content.as_bytes())]).await.invalid_fields(),
            ["attachments"]
        );
    }
}

async fn files_are_served_by_range_with_security_headers(env: TestEnv) {
    let scenario = scenario(&env).await;
    let photo = photo(4_000);
    let sent = scenario.send("sms", &[("сурат\u{202e}gpj.x.jpg", &photo)]).await.is(201).value();
    let url = Scenario::url(&sent["attachments"][0]);
    let whole = scenario.agent.get(&url).send().await.is(200);
    for (name, value) in [
        ("accept-ranges", "bytes"),
        ("content-length", "4000"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        (
            "content-disposition",
            "inline; filename=\"_____ gpj.x.jpg\"; filename*=UTF-8''%D1%81%D1%83%D1%80%D0%B0%D1%82%20gpj.x.jpg",
        ),
    ] {
        assert_eq!(whole.header(name), Some(value), "{name}");
    }
    assert!(whole.header("cache-control").unwrap().starts_with("private"));
    let etag = whole.header("etag").unwrap().to_owned();
    let ask = |headers: &[(&'static str, &str)]| {
        let request = scenario.agent.get(&url);
        headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send()
    };
    let part = ask(&[("range", "bytes=1000-1999"), ("accept-encoding", "gzip")]).await.is(206);
    assert_eq!(part.header("content-range"), Some("bytes 1000-1999/4000"));
    assert!(part.body == photo[1000..2000] && part.header("content-encoding").is_none());
    let end = ask(&[("range", "bytes=-10")]).await.is(206);
    assert!(end.body == photo[3990..]);
    let none = ask(&[("range", "bytes=4000-")]).await.is(416);
    assert_eq!(none.header("content-range"), Some("bytes */4000"));
    for other in ["\"another\"", "another"] {
        ask(&[("range", "bytes=0-9"), ("if-range", other)]).await.is(200);
    }
    ask(&[("range", "bytes=0-9"), ("if-range", &etag)]).await.is(206);
    assert!(ask(&[("if-none-match", &etag)]).await.is(304).body.is_empty());
    let head = scenario.agent.ask(Method::HEAD, &url).send().await.is(200);
    assert!(head.body.is_empty() && head.header("content-type") == Some("image/jpeg"));
}

async fn a_signed_link_is_valid_for_its_file_for_some_hours(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.send("sms", &[("a.txt", b"one")]).await.is(201);
    scenario.send("sms", &[("b.txt", b"two")]).await.is(201);
    env.services.delivery.drain().await.unwrap();
    let links: Vec<String> = env
        .simulator
        .requests()
        .iter()
        .map(|request| request.value("MediaUrl").unwrap().replace("https://crm.example.uz", ""))
        .collect();
    let stranger = env.anonymous_visitor();
    let contents =
        [stranger.get(&links[0]).send().await.is(200), stranger.get(&links[1]).send().await.is(200)];
    assert!(contents.iter().any(|answer| answer.body == "one"[..]));
    let (path, query) = links[0].split_once('?').unwrap();
    let (other, _) = links[1].split_once('?').unwrap();
    let later = query.replace("expires=1", "expires=2");
    for forged in [
        format!("{other}?{query}"),
        format!("{path}?{later}"),
        format!("{path}?{query}x"),
        format!("{path}?signature="),
        format!("/uploads/999999?{query}"),
    ] {
        stranger.get(&forged).json().await.problem(403);
        assert!(stranger.get(&forged).html().await.is(403).text_of("h1").len() > 5);
    }
    stranger.get(path).json().await.problem(401);
    env.advance_clock(TimeDelta::hours(7));
    stranger.get(&links[0]).json().await.problem(403);
}

async fn files_of_another_tenant_are_not_found(env: TestEnv) {
    let scenario = scenario(&env).await;
    let sent = scenario.send("sms", &[("a.txt", b"one")]).await.is(201).value();
    let url = Scenario::url(&sent["attachments"][0]);
    let others = env.company("bukhara").await;
    let other = env.api_client(&others.administrator).await;
    other.get(&url).json().await.problem(404);
    other.get(format!("{url}?thumbnail")).json().await.problem(404);
    scenario.agent.get("/uploads/0").json().await.problem(404);
    scenario.agent.get("/uploads/x").json().await.problem(404);
    env.api_client(&scenario.company.read_only).await.get(&url).send().await.is(200);
    let keys = env.raw().await.rows("SELECT file_key FROM attachments").await;
    assert!(keys[0][0].as_ref().unwrap().starts_with(&format!("{}/", scenario.company.id())));
}

async fn files_over_a_limit_are_refused_before_sending(env: TestEnv) {
    let scenario = scenario(&env).await;
    let russian =
        |answer: &TestResponse| answer.problem(422)["errors"]["attachments"][0].as_str().unwrap().to_owned();
    let photo = photo(5_000_001);
    let answer = scenario.send("sms", &[("a.jpg", &photo)]).await;
    assert!(russian(&answer).contains("5 MB"), "{answer:?}");
    let parts = [("transport", None, &b"sms"[..]), ("attachments", Some("a.jpg"), &photo)];
    let ask = scenario.agent.post(format!("{}/messages", scenario.path)).multipart(&parts);
    assert!(russian(&ask.header("accept-language", "ru").json().await).contains("5 МБ"));
    let many = [("a.txt", &b"x"[..]); 11];
    assert!(russian(&scenario.send("sms", &many).await).contains("10"));
    let two = scenario.send("whatsapp", &many[..2]).await;
    assert!(russian(&two).contains("WhatsApp carries one file per message"), "{two:?}");
    let zip = b"PK\x03\x04\x14\0\0\0\0\0";
    assert!(russian(&scenario.send("whatsapp", &[("a.zip", zip)]).await).contains("a.zip"));

    let over = vec![7; usize::try_from(UPLOAD_LIMIT).unwrap() + 1];
    let problem = scenario.send("whatsapp", &[("film.mp4", &over)]).await.problem(413);
    assert!(problem["detail"].as_str().unwrap().contains("50 MB"), "{problem}");
    assert_eq!(scenario.last().await["direction"], "inbound", "nothing was sent");
    until(async || env.stored() == 0).await;
    let without = scenario.send("sms", &[]).await;
    assert_eq!(without.invalid_fields(), ["message"], "neither text nor file");
    let reader = env.api_client(&scenario.company.read_only).await;
    let refused = reader.post(format!("{}/messages", scenario.path)).multipart(&parts).json().await;
    refused.problem(403);
    let gone = scenario.agent.post("/crm/chats/999999/messages").multipart(&parts).json().await;
    gone.problem(404);
    assert_eq!(env.stored(), 0);
}

async fn a_repeated_upload_stores_no_second_file(env: TestEnv) {
    let scenario = scenario(&env).await;
    // The idempotency key may come after the file, when the file has already been stored.
    let first = [
        ("idempotency_key", None, &b"click"[..]),
        ("attachments", Some("a.txt"), b"one"),
        ("transport", None, b"sms"),
    ];
    let last = [first[1], first[2], first[0]];
    let click = |parts| scenario.agent.post(format!("{}/messages", scenario.path)).multipart(parts).json();
    let sent = click(&first).await.is(201).value();
    for parts in [&first, &last] {
        assert_eq!(click(parts).await.is(201).value()["id"], sent["id"]);
    }
    let all = concurrently(8, |_| click(&last)).await;
    assert!(all.into_iter().all(|answer| answer.is(201).value()["id"] == sent["id"]));
    until(async || env.stored() == 1).await;
    let url = Scenario::url(&sent["attachments"][0]);
    assert!(scenario.agent.get(url).send().await.is(200).body == "one"[..]);
}

async fn files_of_a_deleted_client_are_removed(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.send("sms", &[("a.jpg", &photo(0)), ("b.txt", b"two")]).await.is(201);
    assert_eq!(env.stored(), 3, "with the small picture");
    assert_eq!(env.services.files.remove_discarded().await.unwrap(), 0);
    let chat = scenario.agent.get(&scenario.path).json().await.value();
    let administrator = env.api_client(&scenario.company.administrator).await;
    administrator.delete(format!("/crm/clients/{}", chat["client"]["id"])).json().await.is(204);
    assert_eq!(env.services.files.remove_discarded().await.unwrap(), 3);
    assert_eq!(env.stored(), 0, "nothing is left behind");
    let left = env.raw().await.rows("SELECT file_key FROM discarded_files").await;
    assert!(left.is_empty());
}

async fn an_interrupted_upload_is_removed(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.send("sms", &[("a.jpg", &photo(0))]).await.is(201);
    let storage = &env.services.dependencies().storage;
    let content = || futures_util::stream::iter([Ok("x".into())]);
    for shelf in [aloqa::storage::FilePurpose::Attachments, aloqa::storage::FilePurpose::Imports] {
        storage.put(scenario.company.id(), shelf, content(), 10).await.unwrap();
    }
    assert_eq!(env.stored(), 4);
    // Files have the time of the machine, while the test's clock is in the past.
    assert_eq!(env.services.files.remove_orphans().await.unwrap(), 0);
    let future = env.services_with(|dependencies| {
        dependencies.clock = aloqa::services::Clock::fixed("2999-01-01T00:00:00Z".parse().unwrap());
    });
    assert_eq!(future.files.remove_orphans().await.unwrap(), 2);
    assert_eq!(env.stored(), 2, "what a row names stays");
}

async fn a_failed_fetch_is_shown(env: TestEnv) {
    let scenario = scenario(&env).await;
    let gone = env.simulator.store_media("AC-of-nobody", "a.jpg", "image/jpeg", "x", 0);
    scenario.client_sends("SM5", &env.at_twilio(&gone), "image/jpeg").await;
    for _ in 0..12 {
        assert_eq!(env.services.media.drain().await.unwrap(), 1);
        env.advance_clock(TimeDelta::minutes(31));
    }
    assert_eq!(env.services.media.drain().await.unwrap(), 0, "it is given up");
    let page = env.sign_in(&scenario.company.agent).await.get(&scenario.path).html().await.is(200);
    assert!(page.text_of(".file.lost").contains("is not available"));
    assert_eq!(scenario.last().await["attachments"][0]["url"], Value::Null);
}

async fn another_worker_takes_over_the_fetch_of_a_dead_one(env: TestEnv) {
    let scenario = scenario(&env).await;
    let account = &scenario.channel.channel.account;
    let path = env.simulator.store_media(account, "a.jpg", "image/jpeg", photo(0), 0);
    scenario.client_sends("SM5", &env.at_twilio(&path), "image/jpeg").await;
    // A worker leases the fetch and is killed.
    let now = env.clock.now();
    let mut cross_tenant = env.database.begin_cross_tenant().await.unwrap();
    let claimed = cross_tenant
        .lease_fetches(scenario.company.id(), now, now + TimeDelta::minutes(5), 10)
        .await
        .unwrap();
    cross_tenant.commit().await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(env.services.media.drain().await.unwrap(), 0, "it is somebody's");
    env.advance_clock(TimeDelta::minutes(6));
    let (one, two) = (env.services.media.clone(), env.services_with(|_| {}).media);
    let (one, two) = tokio::join!(one.drain(), two.drain());
    assert_eq!(one.unwrap() + two.unwrap(), 1, "one of two takes it up");
    assert!(scenario.last().await["attachments"][0]["url"].is_string());
    assert_eq!(env.stored(), 2);

    // The same by the worker that the server runs.
    let stop = CancellationToken::new();
    let (worker, until_stopped) = (env.services.media.clone(), stop.clone());
    let working = tokio::spawn(async move { worker.run(until_stopped).await });
    let path = env.simulator.store_media(account, "b.jpg", "image/jpeg", photo(0), 0);
    scenario.client_sends("SM6", &env.at_twilio(&path), "image/jpeg").await;
    until(async || scenario.last().await["attachments"][0]["url"].is_string()).await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), working).await.unwrap().unwrap();
}

async fn media_are_not_fetched_from_private_addresses(env: TestEnv) {
    let scenario = scenario(&env).await;
    // The API's own host is private here and permitted; every other private host is refused, also when the API
    // redirects to it.
    let (listener, inner) = crate::support::world::listener();
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = asked.clone();
    let inside = axum::Router::new().fallback(move || {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async { "secret" }
    });
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, inside).await });
    let port = inner.port().unwrap();
    let (front, api) = crate::support::world::listener();
    let leads = axum::Router::new().fallback(move || async move {
        axum::response::Redirect::temporary(&format!("http://127.0.0.1:{port}/"))
    });
    let front = tokio::net::TcpListener::from_std(front).unwrap();
    tokio::spawn(async move { axum::serve(front, leads).await });
    let services = env.services_with(|dependencies| dependencies.api_urls.set(NAME, api.clone()));
    for (index, url) in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        api.join("/2010-04-01/Media/ME1").unwrap().to_string(),
    ]
    .into_iter()
    .enumerate()
    {
        scenario.client_sends(&format!("SMX{index}"), &url, "image/jpeg").await;
        assert_eq!(services.media.drain().await.unwrap(), 1, "{url}");
        assert_eq!(scenario.last().await["attachments"][0]["url"], Value::Null, "{url}");
        assert_eq!(services.media.drain().await.unwrap(), 0, "refused for good: {url}");
    }
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 0, "nobody inside was asked");
    let page = env.sign_in(&scenario.company.agent).await.get(&scenario.path).html().await.is(200);
    assert_eq!(page.texts(".file.lost").len(), 5);
}

async fn a_form_without_scripts_sends_files(env: TestEnv) {
    let scenario = scenario(&env).await;
    let browser = env.sign_in(&scenario.company.agent).await;
    let page = browser.get(&scenario.path).html().await.is(200);
    assert_eq!(page.attribute("form[data-composer]", "enctype").as_deref(), Some("multipart/form-data"));
    assert!(page.has("input[type=file][name=attachments][multiple]"));
    let token = browser.form_token.clone().unwrap();
    let send = |token: &str| {
        let parts = [
            ("_csrf", None, token.as_bytes()),
            ("message", None, b""),
            ("transport", None, b"sms"),
            ("attachments", Some("a.txt"), b"one"),
        ];
        browser.post(format!("{}/messages", scenario.path)).without_token().multipart(&parts).html()
    };
    send("a guess").await.is(403);
    assert_eq!(env.stored(), 0, "what is not ours is not taken in");
    send(&token).await.is(303);
    assert_eq!(scenario.last().await["attachments"][0]["name"], "a.txt");
}
