//! Tests of accessibility on every page: names, landmarks, sizes and contrast, in both themes (WCAG 2.2 AA, as far as a
//! program can check it).

use aloqa::{
    domain::{ChatId, MessageText, NewTemplate, TemplateText},
    services::OutgoingMessage,
    simulator::Behaviour,
};
use serde_json::{Value, json};

use crate::browser::{AZIZA, BOBUR};
use crate::support::{TestServer, people::PASSWORD, process::chromium::Page};

/// Lists the accessibility problems of the page as it is shown.
const AUDIT: &str = include_str!("accessibility.js");

/// The paths of all pages of a signed-in user, with records on each.
pub(in crate::browser) async fn pages(test_server: &TestServer) -> Vec<String> {
    let actor = &test_server.company.administrator;
    test_server.sms(AZIZA, "Salom!").await;
    test_server.sms(BOBUR, &format!("https://example.uz/{}", "oʻzbekcha".repeat(40))).await;
    let say = async |chat: i64, text: &str| {
        let text = MessageText::parse(text).unwrap();
        let outgoing = OutgoingMessage { text, ..OutgoingMessage::default() };
        test_server.services.chats.send(actor, ChatId(chat), outgoing).await.unwrap();
        test_server.services.delivery.drain().await.unwrap();
    };
    say(2, "It arrives").await;
    test_server.simulator.next(Behaviour::Undeliver { code: 30003 });
    say(1, "It does not").await;
    test_server.simulator.next(Behaviour::CloseBeforeAnswer);
    say(1, "Nobody knows").await;
    test_server.sms(AZIZA, "And this is unread").await;
    let long = "Muhammadrizo-Abdurahmon ".repeat(4);
    test_server.company.client(&test_server.env, long.trim(), "+998901112233").await;
    // A name as a stranger may have it: the longest one, without a space.
    test_server.company.client(&test_server.env, &"Щ".repeat(255), "+998901112244").await;
    test_server.sms("+998901112244", "Salom").await;
    let template = NewTemplate {
        name: "Narx".into(),
        text: TemplateText::parse("Salom, {{client.first_name}}!").unwrap(),
    };
    test_server.services.templates.create(actor, &template).await.unwrap();
    [
        "/crm/chats",
        "/crm/chats?unread=true",
        "/crm/chats?q=nobody",
        "/crm/chats/1",
        "/crm/chats/2",
        "/crm/chats/3",
        "/crm/clients/4",
        "/crm/chats/new",
        "/crm/clients",
        "/crm/clients?q=nobody",
        "/crm/clients/1",
        "/crm/clients/3",
        "/crm/clients/1/edit",
        "/crm/clients/new",
        "/crm/instant-messages",
        "/crm/instant-messages/new",
        "/crm/instant-messages/1/edit",
        "/account",
        "/account/sessions",
        "/crm/settings/api-keys",
        "/crm/settings/team",
        "/crm/settings/roles",
        "/crm/settings/audit",
        "/spotlight",
        "/spotlight?q=salom",
        "/spotlight?q=nobody",
    ]
    .map(str::to_owned)
    .to_vec()
}

async fn every_page_has_names_landmarks_and_contrast(test_server: TestServer, page: Page) {
    let pages = pages(&test_server).await;
    let mut found = Vec::new();
    page.goto("/login").await;
    audit(&page, "the empty form of /login", &mut found).await;
    let email = test_server.company.administrator.user.email.as_str();
    page.write("#email", email).await;
    page.write("#password", "not it").await;
    page.click("form button").await;
    page.has("[role=alert]").await;
    audit(&page, "a refused sign-in", &mut found).await;
    page.write("#password", PASSWORD).await;
    page.click("form button").await;
    page.is_at("/crm/chats").await;
    // The page with the message about a wrong password.
    page.log().await;

    for path in &pages {
        page.goto(path).await;
        audit(&page, path, &mut found).await;
    }
    page.goto("/crm/chats/1").await;
    page.shows(".message.failed .reason", "30003").await;
    page.has(".message.unknown .reason").await;
    page.resize(390, 844).await;
    audit(&page, "/crm/chats/1 on a phone", &mut found).await;
    let log = page.log().await;
    assert!(log.is_empty(), "the browser complains: {log:#?}");

    page.goto("/crm/clients/999999").await;
    page.has("h1").await;
    audit(&page, "404", &mut found).await;
    page.goto("/crm/clients/new").await;
    page.write("#f-first_name", "Olim").await;
    page.write("#f-phone", "12\n").await;
    page.has("[aria-invalid]").await;
    audit(&page, "a refused client", &mut found).await;
    found.dedup();
    assert!(found.is_empty(), "{found:#?}");
}

async fn audit(page: &Page, name: &str, found: &mut Vec<String>) {
    for theme in ["light", "dark"] {
        page.prefer(theme).await;
        let problems = page.run(AUDIT, &[]).await;
        let problems = problems.as_array().unwrap().iter().filter_map(Value::as_str);
        found.extend(problems.map(|problem| format!("{name}, {theme}: {problem}")));
    }
    // Names as the browser computes them for a screen reader.
    let tree = page.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes: Vec<_> =
        tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == false).collect();
    let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
    let named = |node: &Value| node["name"]["value"].as_str().is_some_and(|name| !name.trim().is_empty());
    for node in &nodes {
        let must =
            ["button", "link", "textbox", "searchbox", "combobox", "checkbox", "image", "log", "heading"];
        if must.contains(&role(node).as_str()) && !named(node) {
            found.push(format!("{name}: a {} without a name: {}", role(node), node["properties"]));
        }
    }
    let mains = nodes.iter().filter(|node| role(node) == "main").count();
    let headings = nodes.iter().filter(|node| role(node) == "heading").count();
    if mains != 1 || headings == 0 {
        found.push(format!("{name}: {mains} main landmarks, {headings} headings"));
    }
}

in_chromium!(scripts Run: every_page_has_names_landmarks_and_contrast);
