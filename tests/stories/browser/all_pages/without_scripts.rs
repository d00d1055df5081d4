//! Tests without JavaScript: links, forms and reloads.

use aloqa::simulator::Behaviour;

use crate::browser::{AZIZA, BOBUR};
use crate::support::{TestServer, process::chromium::Page};

async fn the_main_task_needs_no_script(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.title_is("(2) Chats · Aloqa").await;

    page.write(".list input[name=q]", "4567\n").await;
    page.shows("#chat-list", "Salom").await;
    page.until("one chat", "return document.querySelectorAll('#chat-list li').length === 1", &[]).await;
    page.click("#chat-list a").await;
    page.shows("#log article", "Salom").await;

    page.has("#chat-list .badge").await;
    page.click("#mark-read button").await;
    page.has_no("#mark-read").await;
    page.has_no("#chat-list [aria-current] .badge").await;
    page.title_is("(1) +998 90 123 45 67 · Aloqa").await;

    page.write("#message", "Vaalaykum salom").await;
    page.double_click("#send").await;
    page.shows("#log article.out", "Vaalaykum salom").await;
    page.has("#log article.out .status.queued").await;
    test_server.deliver();
    page.reloads_until_it_has("#log article.out .status.delivered").await;
    assert_eq!(page.texts("#log .bubble").await, ["Salom", "Vaalaykum salom"]);
    assert_eq!(test_server.sent(), ["Vaalaykum salom"]);

    page.click("#nav-people a").await;
    page.is_at("/crm/clients").await;
    page.write(".filters input[name=q]", "93 555-01-27").await;
    page.click("noscript button").await;
    page.until(
        "only who was searched for",
        "return document.querySelectorAll('#clients tbody tr').length === 1",
        &[],
    )
    .await;
    page.shows("#clients tbody tr", "+998 93 555 01 27").await;
    assert_eq!(page.value(".filters input[name=q]").await, "93 555-01-27");

    page.click(".rail form[action='/logout'] button").await;
    page.is_at("/login").await;
}

async fn further_chat_actions_need_no_script(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    test_server.deliver();
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.click("#mark-read button").await;
    page.click("#mark-unread button").await;
    page.title_is("(1) Chats · Aloqa").await;
    page.click("#chat-list a").await;
    page.has("#mark-read button").await;

    // A file is sent, fails, and is sent again.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("narxlar.txt");
    std::fs::write(&path, "Samarqand 100").unwrap();
    test_server.simulator.next(Behaviour::Undeliver { code: 30003 });
    page.write("input[name=attachments]", path.to_str().unwrap()).await;
    page.click("#send").await;
    page.shows("#log article.out a.file", "narxlar.txt").await;
    page.reloads_until_it_has("#log article.failed form button").await;
    page.click("#log article.failed form button").await;
    page.reloads_until_it_has("#log article.out .status.delivered").await;

    // The delivery is unconfirmed until a user confirms it.
    test_server.simulator.next(Behaviour::CloseBeforeAnswer);
    page.write("#message", "Ertaga").await;
    page.click("#send").await;
    page.reloads_until_it_has("#log article.unknown form button").await;
    page.click("#log article.unknown > footer > form button").await;
    page.has_no("#log article.unknown").await;

    // A message is scheduled and cancelled.
    page.write("#message", "Eslatma").await;
    page.click("#later summary").await;
    page.click("#later [value=tomorrow]").await;
    page.shows("#waiting .text", "Eslatma").await;
    page.click("#tab-scheduled").await;
    page.is_at("/crm/scheduled-messages").await;
    page.click("#scheduled-rows [value=DELETE] ~ button").await;
    page.goto("/crm/chats/1").await;
    page.has_no("#waiting-list").await;
    page.has_no("#tab-scheduled").await;
}

in_chromium!(scripts Off: the_main_task_needs_no_script, further_chat_actions_need_no_script);
