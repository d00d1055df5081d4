//! Tests of the health check and of properties that every response has.

use std::{fs, path::Path};

use crate::http::all_routes::route_table::{Ids, routes};
use crate::support::TestEnv;

on_both_engines! {
    an_unavailable_database_is_503_everywhere,
    every_response_has_a_request_id,
    pages_have_security_headers,
    all_assets_of_a_page_exist,
    long_responses_are_compressed,
    no_page_has_an_inline_script_or_style,
    error_pages_have_the_language_and_the_navigation_of_the_user,
    forms_leave_their_problems_to_the_server,
    the_offline_page_needs_no_session,
}

async fn an_unavailable_database_is_503_everywhere(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let browser = env.sign_in(&company.administrator).await;
    let program = env.api_client(&company.administrator).await;
    let stranger = env.anonymous_visitor();
    assert_eq!(stranger.get("/healthz").send().await.is(200).text(), "ok");
    stranger.get("/readyz").send().await.is(200);

    env.database.close().await;
    stranger.get("/healthz").send().await.is(200);
    stranger.get("/readyz").json().await.problem(503);
    stranger.get("/login").html().await.is(200);
    for route in routes() {
        let no_database =
            ["/healthz", "/static/{version}/{*file}", "/offline", "/worker.js", "/manifest.webmanifest"]
                .contains(&route.pattern);
        if no_database || route.pattern.contains("webhook") {
            continue;
        }
        let answer = route.ask(&program, &ids).json().await;
        answer.problem(503);
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        let page = route.ask(&browser, &ids).html().await.is(503);
        assert!(page.header("retry-after").is_some() && page.has("main h1"), "{page:?}");
    }
}

async fn every_response_has_a_request_id(env: TestEnv) {
    let company = env.company("samarkand").await;
    let (browser, stranger) = (env.sign_in(&company.agent).await, env.anonymous_visitor());
    let mut numbers = Vec::new();
    for path in ["/healthz", "/login", "/crm/clients", "/nothing", "/static/nothing"] {
        numbers.push(stranger.get(path).html().await.header("x-request-id").unwrap().to_owned());
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 5);
    let answer = stranger.get("/nothing").json().await;
    assert_eq!(answer.problem(404)["request_id"], answer.header("x-request-id").unwrap());
    let page = browser.get("/nothing").html().await;
    assert!(page.text_of("main").contains(page.header("x-request-id").unwrap()));
    for forged in ["another-request", &"a".repeat(5000)] {
        let answer = stranger.get("/nothing").header("x-request-id", forged).json().await;
        assert_ne!(answer.header("x-request-id"), Some(forged), "a stranger chooses what is logged");
        assert_eq!(answer.problem(404)["request_id"], answer.header("x-request-id").unwrap());
    }
}

async fn pages_have_security_headers(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let mut answers = Vec::new();
    for path in ["/login", "/crm/clients", "/crm/chats", "/crm/clients/4711", "/nothing", "/healthz"] {
        answers.push(browser.get(path).html().await);
        answers.push(browser.get(path).json().await);
    }
    answers.push(browser.post("/crm/clients").without_token().html().await.is(403));
    for answer in answers {
        let policy = answer.header("content-security-policy").unwrap();
        assert!(!policy.contains("unsafe") && policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{answer:?}");
        }
        assert!(answer.header("cache-control").unwrap().contains("no-store"), "{answer:?}");
    }
}

async fn all_assets_of_a_page_exist(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let stranger = env.anonymous_visitor();
    let page = browser.get("/crm/chats").html().await.is(200);
    let mut addresses = page.attributes("link[href]:not([rel=manifest])", "href");
    addresses.extend(page.attributes("script[src]", "src"));
    let icon = page.attributes("svg use", "href").remove(0);
    addresses.push(icon.split('#').next().unwrap().to_owned());
    assert!(addresses.len() >= 4, "{addresses:?}");
    for address in addresses {
        let asset = stranger.get(&address).send().await.is(200);
        assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let kind = asset.header("content-type").unwrap();
        let expected = match address.rsplit_once('.').unwrap().1 {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(kind, expected);
        assert!(asset.body.len() > 100);
        let (version, name) = address.strip_prefix("/static/").unwrap().split_once('/').unwrap();
        stranger.get(format!("/static/other{version}/{name}")).send().await.is(404);
    }
    let manifest = stranger.get("/manifest.webmanifest").html().await.is(200);
    assert_eq!(manifest.header("content-type"), Some("application/manifest+json"));
    let manifest: serde_json::Value = serde_json::from_str(&manifest.text()).unwrap();
    assert_eq!(manifest["display"], "standalone");
    for icon in manifest["icons"].as_array().unwrap() {
        let icon = stranger.get(icon["src"].as_str().unwrap()).send().await.is(200);
        assert!(icon.header("content-type").unwrap().starts_with("image/"));
    }
    for path in
        ["/static/", "/static/x", "/static/..%2f..%2fCargo.toml", "/static/x/style/base.css", "/static/%00"]
    {
        stranger.get(path).json().await.problem(404);
    }
    // The only script contains all that it needs.
    let scripts = page.attributes("script[src], link[rel=modulepreload]", "src");
    assert_eq!(scripts.len(), 1, "{scripts:?}");
    let script = stranger.get(&scripts[0]).send().await.text();
    assert!(script.len() > 50_000 && !script.lines().any(|line| line.starts_with("import ")));
    // Every icon that a page refers to exists.
    let sheet = stranger.get(icon.split('#').next().unwrap()).send().await.text();
    for icon in page.attributes("svg use", "href") {
        let name = icon.split('#').nth(1).unwrap();
        assert!(sheet.contains(&format!("id=\"{name}\"")), "{name}");
    }
}

async fn long_responses_are_compressed(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let plain = browser.get("/crm/chats").html().await;
    assert!(plain.header("content-encoding").is_none());
    for path in ["/crm/chats".to_owned(), plain.attribute("link[rel=stylesheet]", "href").unwrap()] {
        let packed = browser.get(path).header("accept-encoding", "gzip, br").send().await.is(200);
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        assert_eq!(&packed.body[..2], [0x1f, 0x8b]);
        assert!(packed.header("vary").unwrap().contains("accept-encoding"));
    }
}

/// The content security policy forbids inline scripts and styles, so one on a page would not work.
async fn no_page_has_an_inline_script_or_style(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let mut browser = env.sign_in(&company.administrator).await;
    browser.site.stop.cancel();
    let mut pages = 0;
    for route in routes() {
        if route.changes_something() {
            continue;
        }
        let page = route.ask(&browser, &ids).html().await;
        if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            pages += 1;
            assert!(!page.has("style, [style], script:not([src]), a[href^='javascript:']"), "{page:?}");
            assert!(
                !page.has("[onclick], [onload], [onerror], [onsubmit], [onchange], [oninput], [onfocus]")
            );
        }
    }
    assert!(pages >= 8, "{pages}");
    browser.form_token = None;
}

#[test]
fn no_template_has_an_inline_script_or_style() {
    fn look(folder: &Path) -> usize {
        let mut files = 0;
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                files += look(&entry.path());
                continue;
            }
            files += 1;
            let text = fs::read_to_string(entry.path()).unwrap().to_lowercase();
            for bad in [" style=", "<style", "<script>", "javascript:", "|safe", " autocomplete=\"on\""] {
                assert!(!text.contains(bad), "{bad} in {}", entry.path().display());
            }
            for (at, _) in text.match_indices(" on") {
                let word: String = text[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
                assert!(
                    !text[at + 1 + word.len()..].starts_with("=\""),
                    "{word} in {}",
                    entry.path().display()
                );
            }
        }
        files
    }
    assert!(look(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")) > 8);
}

async fn error_pages_have_the_language_and_the_navigation_of_the_user(env: TestEnv) {
    let (company, other) = env.two_companies().await;
    let program = env.api_client(&company.agent).await;
    program.put("/account").json_body(serde_json::json!({ "locale": "ru" })).json().await.is(200);
    let browser = env.sign_in(&company.agent).await;
    for (path, status) in [("/nowhere", 404), ("/crm/chats/999", 404), ("/crm/settings/channels", 403)] {
        let page = browser.get(path).header("accept-language", "en").html().await.is(status);
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("ru"), "{path}");
        assert!(page.has("nav#rail a[href='/crm/chats']") && page.has("main h1"), "{path}");
        assert!(!page.has("nav#rail a[href='/crm/settings/channels']"), "only what the role may see");
        assert!(page.text().contains(&company.tenant.name) && !page.text().contains(&other.tenant.name));
    }
    let page =
        browser.get("/crm/clients?created_from=x").header("accept-language", "en").html().await.is(422);
    assert!(!page.text_of(".problems").contains("created_from"), "fields have names: {page:?}");
    // Strangers, and sessions that have ended, get the language of the browser and no navigation.
    let stranger = env.anonymous_visitor();
    for visitor in [&stranger, &stranger] {
        let page = visitor.get("/nowhere").header("accept-language", "uz").html().await.is(404);
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("uz"));
        assert!(!page.has("nav"));
    }
    let page = browser.get("/offline").header("accept-language", "en").html().await.is(200);
    assert_eq!(page.text_of("h1"), "Нет интернета");
    assert!(
        !page.has("nav") && !page.text().contains(&company.tenant.name),
        "the page is kept by the browser"
    );
}

async fn forms_leave_their_problems_to_the_server(_: TestEnv) {
    // A browser describes problems in its own language.
    fn look(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                look(&entry.path(), found);
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let sign_in = entry.file_name() == "sign_in.html";
            let forms = text.split("<form").skip(1).filter_map(|form| form.split_once('>'));
            let has_input = |rest: &str| {
                let form = rest.split("</form>").next().unwrap_or_default();
                form.contains("ui::input(") || form.contains(" required") || form.contains("fields::control(")
            };
            found.extend(
                forms
                    .filter(|(tag, rest)| !sign_in && has_input(rest) && !tag.contains("novalidate"))
                    .map(|(tag, _)| format!("{}: {tag}", entry.path().display())),
            );
        }
    }
    let mut found = Vec::new();
    look(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

async fn the_offline_page_needs_no_session(env: TestEnv) {
    let company = env.company("samarkand").await;
    let stranger = env.anonymous_visitor();
    let page = stranger.get("/offline").header("accept-language", "ru").html().await.is(200);
    assert_eq!(page.text_of("h1"), "Нет интернета");
    let page = stranger.get("/offline?locale=uz").html().await.is(200);
    assert_eq!(page.text_of("h1"), "Internet yoʻq");
    assert!(!page.has("form") && !page.text().contains(&company.administrator.tenant.name));
    let worker =
        env.sign_in(&company.agent).await.get("/crm/chats").html().await.attribute("body", "data-worker");
    let worker = stranger.get(worker.unwrap()).send().await.is(200);
    assert_eq!(worker.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(worker.header("cache-control"), Some("no-cache"));
}
