//! Tests of the chat list in a browser: what it loads, where it stands, and which keys lead through it.

use std::time::Duration;

use aloqa::domain::{Event, MessageStatus};
use serde_json::Value;

use crate::browser::{AZIZA, BOBUR};
use crate::support::{
    TestServer,
    chat_fixture::store_message,
    process::chromium::{CONTROL, ENTER, ESCAPE, Page},
};

/// Chats of this many clients, the first with the newest message.
async fn chats(test_server: &TestServer, count: usize) {
    let (env, company) = (&test_server.env, &test_server.company);
    for number in (0..count).rev() {
        let phone = format!("+9989012{number:05}");
        let name = format!("Client {number}");
        let fixture = env.chat_fixture(company, &test_server.channel, &name, &phone).await;
        let at = env.clock.now() - chrono::TimeDelta::minutes(i64::try_from(number).unwrap());
        let mut tx = company.begin().await;
        store_message(&mut tx, &fixture.inbound(&format!("message {number}"), at)).await;
        tx.commit().await.unwrap();
    }
}

/// The number of requests of the page for more rows of the list.
const REQUESTS_FOR_ROWS: &str = "return performance.getEntriesByType('resource')
    .filter(({ name }) => new URL(name).pathname === '/crm/chats').length";

/// The first visible row, its distance from the top, and the number of rows.
const PLACE: &str =
    "const list = document.querySelector('#chat-list'); const { top } = list.getBoundingClientRect();
    const row = [...list.children].find((one) => one.getBoundingClientRect().bottom > top + 1);
    return `${row.id} ${Math.round(row.getBoundingClientRect().top - top)}`";

async fn a_hidden_list_loads_nothing(test_server: TestServer, page: Page) {
    chats(&test_server, 120).await;
    page.resize(390, 844).await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.goto("/crm/chats/120").await;
    page.shows("#log article", "message 0").await;
    page.has_no("#chat-list").await;
    page.until("the page at rest", "return performance.now() > 2500", &[]).await;
    assert_eq!(page.run(REQUESTS_FOR_ROWS, &[]).await, 0);
    assert_eq!(page.texts("#chat-list li").await.len(), 50);
    // Once the window is wide, the list loads what is near its visible part, and no more.
    page.resize(1440, 900).await;
    page.has("#chat-list").await;
    let all = "document.querySelector('#chat-list').scrollTop = 1e6;
        return document.querySelectorAll('#chat-list li').length === 120";
    page.until("more rows", all, &[]).await;
}

async fn the_list_keeps_its_place(test_server: TestServer, page: Page) {
    chats(&test_server, 130).await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    let far = "const list = document.querySelector('#chat-list'); list.scrollTop = 1e6;
        return document.querySelector('#c20') !== null";
    page.until("a row far below", far, &[]).await;
    page.run("document.querySelector('#c40').scrollIntoView({ block: 'center' })", &[]).await;
    let place = page.run(PLACE, &[]).await;
    // Opening a chat, its reload, another page and back: the list stands where it stood.
    page.click("#c40 a").await;
    page.shows("#log article", "message 90").await;
    page.has("#c40 [aria-current]").await;
    let same = "return (() => {".to_owned() + PLACE + "})() === arguments[0]";
    let place = place.as_str().unwrap();
    page.until("the same place", &same, &[place]).await;
    page.run("location.reload()", &[]).await;
    page.has("#c40 [aria-current]").await;
    page.until("the same place after a reload", &same, &[place]).await;
    page.goto("/crm/clients").await;
    page.back().await;
    page.has("#c40 [aria-current]").await;
    page.until("the same place after going back", &same, &[place]).await;
    page.goto("/crm/chats").await;
    page.until("the same place without a chat", &same, &[place]).await;
    // A list with another filter begins at its start.
    page.write(".list input[name=q]", "Client 1").await;
    page.until(
        "the results",
        "return location.search && document.querySelector('#chat-list').scrollTop === 0",
        &[],
    )
    .await;
}

async fn a_chat_opens_beside_the_list_without_a_new_page(test_server: TestServer, page: Page) {
    test_server.deliver();
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.mark().await;
    page.click("#c1 a").await;
    page.shows("#log article", "Salom").await;
    page.is_at("/crm/chats/1").await;
    page.is_focused("#message").await;
    page.shows("main h1", "+998 90 123 45 67").await;
    page.has_no("#c1 .badge").await;
    page.press("Half".chars()).await;
    // Another chat: the draft of the first is kept, and everything belongs to the second.
    page.click("#c2 a").await;
    page.shows("#log article", "Narxi qancha?").await;
    page.is_at("/crm/chats/2").await;
    page.title_is("+998 93 555 01 27 · Aloqa").await;
    page.has("#c2 [aria-current]").await;
    page.has_no("#c1 [aria-current]").await;
    page.is_focused("#message").await;
    assert_eq!(page.value("#message").await, "");
    page.press("Besh ming".chars().chain([ENTER])).await;
    page.has("#log article.out .status.delivered").await;
    assert_eq!(test_server.sent(), ["Besh ming"]);
    test_server.sms(BOBUR, "Rahmat").await;
    page.shows("#log article:last-of-type", "Rahmat").await;
    test_server.sms(AZIZA, "Allo?").await;
    page.shows("#c1 .badge", "1").await;
    assert!(!page.texts("#log").await[0].contains("Allo?"));
    // Back to the first chat, with its draft, and then to the list.
    page.back().await;
    page.shows("#log article", "Allo?").await;
    assert_eq!(page.value("#message").await, "Half");
    page.is_at("/crm/chats/1").await;
    page.is_still_the_marked_one().await;
    page.back().await;
    page.is_at("/crm/chats").await;
    page.has(".conversation-empty").await;
    // The spotlight opens a chat beside the list as well, and a chat that is gone has a page of its own.
    page.mark().await;
    page.press([CONTROL, 'k']).await;
    page.is_focused("#spotlight input").await;
    page.press("narxi".chars()).await;
    page.shows("#spotlight [aria-selected=true]", "Narxi").await;
    page.press([ENTER]).await;
    page.shows("#log article.target", "Narxi qancha?").await;
    page.is_still_the_marked_one().await;
}

async fn keys_work_by_position_on_every_layout(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    // The keys of J, K, / and ? on a Cyrillic layout.
    let press = async |key: &str, code: &str| {
        let script = "(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown',
            { key: arguments[0], code: arguments[1], shiftKey: arguments[0] === ',', bubbles: true, cancelable: true }))";
        page.run(script, &[key, code]).await;
    };
    press("о", "KeyJ").await;
    page.is_focused("#chat-list li:first-child a").await;
    press("о", "KeyJ").await;
    page.is_focused("#chat-list li:last-child a").await;
    press("л", "KeyK").await;
    page.is_focused("#chat-list li:first-child a").await;
    press(".", "Slash").await;
    page.is_focused(".list input[name=q]").await;
    page.run("document.activeElement.blur()", &[]).await;
    press(",", "Slash").await;
    page.has("#keys[open]").await;
    // On a Latin layout the letter counts, wherever its key is.
    page.goto("/crm/chats").await;
    press("j", "KeyC").await;
    page.is_focused("#chat-list li:first-child a").await;
}

async fn escape_leaves_the_composer_and_r_returns(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    test_server.sms(BOBUR, "Narxi qancha?").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;
    page.press([ESCAPE]).await;
    page.is_focused("#log").await;
    page.press(['j']).await;
    page.is_focused("#chat-list li:first-child a").await;
    page.press(['r']).await;
    page.is_focused("#message").await;
    assert_eq!(page.value("#message").await, "");
}

async fn nothing_takes_the_focus_from_someone_who_types(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;
    // The magnifier opens the page again, with the focus in its own field.
    page.click("#find-here").await;
    page.is_focused(".find input[name=find]").await;
    page.until("the page at rest", "return performance.now() > 1000", &[]).await;
    page.press("salom".chars()).await;
    assert_eq!(page.value("#message").await, "");
    page.is_focused(".find input[name=find]").await;
    // A message is being sent while its author types elsewhere.
    page.goto("/crm/chats/1").await;
    page.is_focused("#message").await;
    page.press("Hello".chars()).await;
    page.run(
        "document.querySelector('form[data-composer]').requestSubmit();
         document.querySelector('.list input[name=q]').focus()",
        &[],
    )
    .await;
    page.shows("#log article.out", "Hello").await;
    page.has_no("#log .pending").await;
    page.is_focused(".list input[name=q]").await;
    page.press(['x', ENTER]).await;
    assert_eq!(page.value(".list input[name=q]").await, "x");
}

async fn a_refused_retry_shows_its_reason_at_the_message(test_server: TestServer, page: Page) {
    let (company, env) = (&test_server.company, &test_server.env);
    let fixture = env.chat_fixture(company, &test_server.channel, "Aziza", AZIZA).await;
    let mut tx = company.begin().await;
    let mut failed = fixture.outbound("An older answer", env.clock.now());
    failed.status = MessageStatus::Failed;
    store_message(&mut tx, &failed).await;
    tx.commit().await.unwrap();
    test_server.sms(AZIZA, "STOP").await;
    page.sign_in(company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.mark().await;
    page.click("#log article.failed footer form button").await;
    page.shows("#log article.failed .refusal", "opted out").await;
    page.is_still_the_marked_one().await;
    let posts = "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/retry')).length";
    assert_eq!(page.run(posts, &[]).await, 1);
    page.is_at("/crm/chats/1").await;
}

async fn statuses_of_invisible_rows_are_not_fetched_until_they_are_seen(test_server: TestServer, page: Page) {
    chats(&test_server, 60).await;
    let company = &test_server.company;
    page.sign_in(company.agent.user.email.as_str()).await;
    page.has("#chat-list").await;
    let updates = "return performance.getEntriesByType('resource')
        .filter(({ name }) => new URL(name).pathname === '/crm/chats/parts').length";
    page.until("the page at rest", "return performance.now() > 1500", &[]).await;
    let before = page.run(updates, &[]).await;
    let report = async |chat: i64| {
        let mut tx = company.begin().await;
        let (chat_id, message_id) = (aloqa::domain::ChatId(chat), aloqa::domain::MessageId(chat));
        tx.record(Event::MessageStatusChanged { chat_id, message_id }, None, test_server.env.clock.now());
        tx.commit().await.unwrap();
    };
    for _ in 0..20 {
        report(11).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(page.run(updates, &[]).await, before, "nobody sees the row");
    // Those of visible rows are gathered.
    for _ in 0..20 {
        report(60).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    page.until("an update", &format!("{updates} > {}", before.as_i64().unwrap()), &[]).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let gathered = page.run(updates, &[]).await.as_i64().unwrap();
    assert!(gathered - before.as_i64().unwrap() <= 6, "{gathered} after {before}");
    page.run("document.querySelector('#c11').scrollIntoView()", &[]).await;
    page.until("the row that changed", &format!("{updates} > {gathered}"), &[]).await;
}

async fn the_avatar_of_a_chosen_row_stays_visible(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    for scheme in ["light", "dark"] {
        page.prefer(scheme).await;
        page.goto("/crm/chats/1").await;
        page.has("#c1 [aria-current]").await;
        let colours = page
            .run(
                "const row = document.querySelector('#c1 a'); const of = (one) => getComputedStyle(one).backgroundColor;
                 return [of(row), of(row.querySelector('.avatar'))]",
                &[],
            )
            .await;
        let Value::Array(colours) = colours else { panic!("{colours}") };
        assert_ne!(colours[0], colours[1], "{scheme}");
    }
}

async fn the_button_of_an_empty_workspace_is_as_wide_as_its_text(test_server: TestServer, page: Page) {
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.shows(".conversation-empty", "No chats yet").await;
    let width = "const button = document.querySelector('#chats-none .button');
        return [getComputedStyle(button).display, button.getBoundingClientRect().width]";
    let found = page.run(width, &[]).await;
    assert_eq!(found[0], "flex", "an inline-flex element in a grid");
    assert!(found[1].as_f64().unwrap() < 200.0, "{found}");
}

in_chromium!(scripts Run:
    a_hidden_list_loads_nothing,
    the_list_keeps_its_place,
    a_chat_opens_beside_the_list_without_a_new_page,
    keys_work_by_position_on_every_layout,
    escape_leaves_the_composer_and_r_returns,
    nothing_takes_the_focus_from_someone_who_types,
    a_refused_retry_shows_its_reason_at_the_message,
    statuses_of_invisible_rows_are_not_fetched_until_they_are_seen,
    the_avatar_of_a_chosen_row_stays_visible,
    the_button_of_an_empty_workspace_is_as_wide_as_its_text,
);
