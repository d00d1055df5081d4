//! Tests of the search in the chat list: by client and by message text.

use crate::support::{TestEnv, chat_fixture::store_message, database::statements::count_statements};

on_both_engines! {
    chats_are_found_by_client_and_by_message_text,
    a_common_word_takes_no_more_statements,
    a_chat_is_searched_from_hit_to_hit,
}

async fn chats_are_found_by_client_and_by_message_text(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let aziza = env.chat_fixture(&company, &channel, "Азиза", "+998901234567").await;
    let botir = env.chat_fixture(&company, &channel, "Botir", "+998901112233").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let early = store_message(&mut tx, &aziza.inbound("Менга қизил гилам керак", now)).await;
    store_message(&mut tx, &aziza.outbound("Xoʻp", now)).await;
    store_message(&mut tx, &botir.inbound("Assalomu alaykum 👋 Aziza bormi?", now)).await;
    tx.commit().await.unwrap();
    let browser = env.sign_in(&company.agent).await;
    let program = env.api_client(&company.agent).await;
    for (query, total) in [
        ("gilam", 1),
        ("ГИЛАМ qizil", 1),
        ("aziza", 2),
        ("bot", 1),
        ("90 111-22", 1),
        ("%F0%9F%91%8B", 1),
        ("gilam bor", 0),
        ("zebra", 0),
        ("%22", 0),
        ("gilam*", 1),
        ("NOT gilam", 0),
    ] {
        let query = query.replace(' ', "+");
        let found = program.get(format!("/crm/chats?q={query}")).json().await.is(200).value();
        assert_eq!(
            (&found["total"], found["items"].as_array().unwrap().len()),
            (&total.into(), total),
            "{query}"
        );
    }
    let list = browser.get("/crm/chats?q=gilam").html().await.is(200);
    assert_eq!(list.text_of("#chat-list .preview"), "Менга қизил гилам керак");
    assert_eq!(list.texts("#chat-list .preview mark"), ["гилам"]);
    let href = list.attribute("#chat-list a", "href").unwrap();
    assert_eq!(href, format!("/crm/chats/{}?message={early}&q=gilam", aziza.chat));
    let opened = browser.get(href).html().await.is(200);
    assert!(opened.has(&format!("#m{early}")));
    // A chat that is found by its client shows its last message.
    let list = browser.get("/crm/chats?q=bot").html().await.is(200);
    assert_eq!(list.text_of("#chat-list .preview"), "Assalomu alaykum 👋 Aziza bormi?");
    assert!(browser.get("/crm/chats?q=gilam&unread=true").html().await.is(200).has("#chat-list mark"));

    let manager = env.api_client(&company.manager).await;
    manager.delete(format!("/crm/clients/{}", aziza.client)).json().await.is(204);
    assert_eq!(program.get("/crm/chats?q=gilam").json().await.is(200).value()["total"], 0);
}

async fn a_common_word_takes_no_more_statements(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let program = env.api_client(&company.agent).await;
    let speak = async |count: usize| {
        let mut tx = company.begin().await;
        for number in 0..count {
            store_message(&mut tx, &test_chat.inbound(&format!("salom {number}"), env.clock.now())).await;
        }
        tx.commit().await.unwrap();
    };
    speak(1).await;
    let (_, few) = count_statements(program.get("/crm/chats?q=salom").json()).await;
    speak(600).await;
    let (answer, many) = count_statements(program.get("/crm/chats?q=salom").json()).await;
    assert_eq!(answer.is(200).value()["total"], 1);
    assert_eq!(few, many);
}

async fn a_chat_is_searched_from_hit_to_hit(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let test_chat = env.chat_fixture(&company, &channel, "Aziza", "+998901234567").await;
    let other = env.chat_fixture(&company, &channel, "Botir", "+998901112233").await;
    let now = env.clock.now();
    let mut tx = company.begin().await;
    let mut hits = Vec::new();
    for number in 0..120 {
        let text = if number % 50 == 10 { "Гилам қачон?" } else { "salom" };
        let id = store_message(&mut tx, &test_chat.inbound(text, now)).await;
        if text != "salom" {
            hits.push(id);
        }
    }
    store_message(&mut tx, &other.inbound("gilam", now)).await;
    tx.commit().await.unwrap();
    let browser = env.sign_in(&company.agent).await;
    let chat = format!("/crm/chats/{}", test_chat.chat);
    let page = browser.get(&chat).html().await.is(200);
    let page = browser.get(page.attribute("#find-here", "href").unwrap()).html().await.is(200);
    assert!(page.has(".find input[name=find][autofocus]") && !page.has(".find [role=status]"));

    // The search starts with the newest hit and goes back in time.
    let mut page = browser.get(format!("{chat}?find=gilam&q=aziza")).html().await.is(200);
    for (at, hit) in hits.iter().rev().enumerate() {
        assert_eq!(page.text_of(".find [role=status]"), format!("{} of 3", at + 1));
        assert_eq!(page.attribute("#log", "data-target").unwrap(), format!("m{hit}"));
        assert!(page.has(&format!("#m{hit}.target")));
        assert_eq!(page.has(".find [rel=next]"), at > 0);
        assert_eq!(page.has(".find [rel=prev]"), at < 2);
        if let Some(older) = page.attribute(".find [rel=prev]", "href") {
            assert!(older.ends_with("&q=aziza"), "{older}");
            page = browser.get(older).html().await.is(200);
        }
    }
    let none = browser.get(format!("{chat}?find=zebra")).html().await.is(200);
    assert_eq!(none.text_of(".find [role=status]"), "0 of 0");
    browser.get(format!("{chat}?find=%22*%00")).html().await.is(200);
}
