//! Tests of the channel settings: connecting, testing, changing, switching off and removing a channel as its
//! administrator.

use aloqa::{domain::ChannelId, services::ChannelContext, simulator::Behaviour};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    database::statements::count_database_use,
    http::Visitor,
    providers::{
        twilio::{account, auth_token},
        webhook::{INBOUND, STATUS, set, sms_form, status_form, token_of, whatsapp_form},
    },
};

on_both_engines! {
    an_administrator_connects_a_twilio_account,
    a_refused_form_shows_its_problems_and_never_a_secret,
    a_channel_test_reports_each_problem_of_the_account,
    a_disabled_channel_neither_receives_nor_sends,
    a_new_token_sends_at_once_and_the_old_one_authenticates_webhooks_for_an_hour,
    messages_of_a_removed_number_fail_at_once,
    a_removed_channel_keeps_its_messages,
    a_channel_error_is_shown_until_the_channel_works,
    a_forged_webhook_is_reported_and_has_no_effect,
    every_channel_change_is_in_the_audit_log,
    a_channel_is_switched_off_and_on_whatever_its_addresses,
    the_list_needs_no_statement_for_each_channel,
}

const CHANNELS: &str = "/crm/settings/channels";
const AZIZA: &str = "+998901234567";

/// A tenant with a channel, and its administrator as an API client and in a browser.
async fn connected(env: &TestEnv) -> (Company, ChannelContext, Visitor, Visitor) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let program = env.api_client(&company.administrator).await;
    let browser = env.sign_in(&company.administrator).await;
    (company, channel, program, browser)
}

fn path(id: ChannelId) -> String {
    format!("{CHANNELS}/{id}")
}

/// Replies to the client who wrote "Salom"; returns the message's path.
async fn reply(program: &Visitor, transport: &str) -> String {
    let chats = program.get("/crm/chats").json().await.is(200).value();
    let messages = format!("/crm/chats/{}/messages", chats["items"][0]["id"]);
    let body = json!({ "message": "Alik", "transport": transport });
    let sent = program.post(&messages).json_body(body).json().await.is(201).value();
    format!("{messages}?before={}&limit=1", sent["id"].as_i64().unwrap() + 1)
}

async fn only(program: &Visitor, path: &str) -> Value {
    program.get(path).json().await.is(200).value()["items"][0].clone()
}

async fn an_administrator_connects_a_twilio_account(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.administrator).await;
    let page = browser.get(CHANNELS).html().await.is(200);
    assert!(page.has("#channels-empty") && page.has("nav a[href='/crm/settings/channels'][aria-current]"));
    let form = browser.get(page.attribute("main header a.primary", "href").unwrap()).html().await.is(200);
    assert_eq!(form.attribute("main form", "action").as_deref(), Some(CHANNELS));
    assert_eq!(form.attribute("#f-auth_token", "type").as_deref(), Some("password"));

    let sid = format!("AC{:032}", 7);
    env.simulator.add_account(&sid, auth_token(7));
    let fields = [
        ("account_sid", sid.as_str()),
        ("auth_token", "auth-token-7"),
        ("sms_number", "71 200 00 07"),
        ("whatsapp_number", "whatsapp:+998712010007"),
        ("messaging_service_sid", ""),
    ];
    let made = browser.post(CHANNELS).form(fields).html().await.is(303);
    let page = browser.get(made.location()).html().await.is(200);
    let base = "https://crm.example.uz";
    assert_eq!(
        page.attributes("input.address", "value"),
        [format!("{base}{INBOUND}"), format!("{base}{STATUS}")]
    );
    assert_eq!(page.texts(".state"), ["Working"]);
    assert!(!page.text().contains("auth-token-7"));
    assert!(!env.contains_plaintext("auth-token-7").await);

    let program = env.api_client(&company.administrator).await;
    let list = program.get(CHANNELS).json().await.is(200);
    assert!(!list.text().contains("auth-token-7") && !list.text().contains("secret"));
    let channel = &list.value()["items"][0];
    assert_eq!(channel["sms_number"], "+998712000007");
    assert_eq!(channel["whatsapp_number"], "+998712010007");
    assert_eq!(channel["transports"], json!(["whatsapp", "sms"]));
    assert_eq!((&channel["state"], &channel["last_webhook_at"]), (&json!("working"), &Value::Null));

    // From now on clients can write, and the page shows the time of the last message.
    let by = env.services.channels.list_with_secrets(company.id()).await.unwrap().remove(0).0;
    let by = ChannelContext { tenant: company.tenant.clone(), channel: by };
    let form = sms_form(&by, "SM1", AZIZA, "Salom");
    program.signed(&auth_token(7), INBOUND, &form).send().await.is(200);
    let heard = program.get(made.location()).json().await.is(200).value()["last_webhook_at"].clone();
    assert_eq!(heard, json!(env.clock.now()));
    env.advance_clock(TimeDelta::seconds(10));
    let form = sms_form(&by, "SM2", AZIZA, "Salom");
    program.signed(&auth_token(7), INBOUND, &form).send().await.is(200);
    assert_eq!(
        program.get(made.location()).json().await.value()["last_webhook_at"],
        heard,
        "to half a minute"
    );
    env.advance_clock(TimeDelta::seconds(30));
    let form = sms_form(&by, "SM3", AZIZA, "Salom");
    program.signed(&auth_token(7), INBOUND, &form).send().await.is(200);
    assert_ne!(program.get(made.location()).json().await.value()["last_webhook_at"], heard);
}

async fn a_refused_form_shows_its_problems_and_never_a_secret(env: TestEnv) {
    let (company, channel, program, browser) = connected(&env).await;
    let bare = program.post(CHANNELS).form([("x", "y")]).json().await;
    assert_eq!(bare.invalid_fields(), ["account_sid", "auth_token", "sms_number"]);
    let fields = json!({
        "account_sid": "AC1", "auth_token": "two words", "sms_number": "Алоқа", "whatsapp_number": "12",
        "messaging_service_sid": "MG1",
    });
    let wrong = program.post(CHANNELS).json_body(fields).json().await.invalid_fields();
    assert_eq!(
        wrong,
        ["account_sid", "auth_token", "messaging_service_sid", "sms_number", "whatsapp_number"]
    );
    let sid = format!("AC{:032}", 8);
    let fields = [("account_sid", sid.as_str()), ("auth_token", "a-wrong-token"), ("sms_number", "33777")];
    let page = browser.post(CHANNELS).form(fields).html().await.is(422);
    assert!(page.text_of("#e-auth_token").contains("rejects"), "Twilio was asked");
    assert_eq!(page.attribute("#f-account_sid", "value").as_deref(), Some(sid.as_str()), "it is still there");
    assert!(!page.text().contains("a-wrong-token"));

    // An address belongs to one channel of all tenants, and the error says which field is taken.
    let (own, other) = (account(1), env.company("bukhara").await);
    env.simulator.add_account(&channel.channel.account, token_of(&channel));
    let stranger = env.api_client(&other.administrator).await;
    for (field, number) in
        [("sms_number", own.sms_number.unwrap()), ("whatsapp_number", "+998712010001".into())]
    {
        let token = format!("auth-token-{}", company.id());
        let body = json!({
            "account_sid": channel.channel.account, "auth_token": token, field: number,
        });
        let taken = stranger.post(CHANNELS).json_body(body).json().await.problem(409);
        assert!(taken["errors"][field].is_array(), "{taken}");
    }
    let gone = format!("{CHANNELS}/{}", uuid::Uuid::nil());
    for id in [gone.as_str(), "/crm/settings/channels/1", "/crm/settings/channels/%00"] {
        program.get(id).json().await.problem(404);
    }
    let none = json!({ "sms_number": null, "whatsapp_number": "" });
    let path = path(channel.channel.id);
    assert_eq!(program.put(&path).json_body(none).json().await.invalid_fields(), ["sms_number"]);
    let unclear = json!({ "enabled": "perhaps" });
    assert_eq!(program.put(&path).json_body(unclear).json().await.invalid_fields(), ["enabled"]);
    let token = json!({ "auth_token": "a-wrong-token" });
    let refused = program.put(format!("{path}/credentials")).json_body(token).json().await;
    assert_eq!(refused.invalid_fields(), ["auth_token"]);
}

async fn a_channel_test_reports_each_problem_of_the_account(env: TestEnv) {
    let (_, channel, program, browser) = connected(&env).await;
    let path = path(channel.channel.id);
    let test = format!("{path}/test");
    let kinds = async || {
        let tested = program.post(&test).json().await.is(200).value();
        let findings = tested["findings"].as_array().unwrap().clone();
        assert!(findings.iter().all(|f| f["message"].as_str().unwrap().len() > 15), "in words: {findings:?}");
        let kinds: Vec<_> = findings.iter().map(|f| f["kind"].as_str().unwrap().to_owned()).collect();
        (tested["ok"] == true, kinds)
    };
    let fine = ["account-active", "number-found", "posts-here", "whatsapp-online"].map(str::to_owned);
    assert_eq!(kinds().await, (true, fine.to_vec()));
    let page = browser.post(&test).form([("a", "b")]).html().await.is(200);
    assert_eq!((page.texts("#findings li").len(), page.has("#findings li.wrong")), (4, false));
    browser.get(&test).html().await.is(200);

    let sid = &channel.channel.account;
    let below = |rest: &str| format!("/2010-04-01/Accounts/{sid}{rest}");
    let number = channel.channel.address("sms_number").unwrap();
    let with_number =
        |more: &str| format!(r#"{{"incoming_phone_numbers": [{{"phone_number": "{number}"{more}}}]}}"#);
    for (answer, expected) in [
        (r#"{"incoming_phone_numbers": []}"#.to_owned(), "number-missing"),
        (r#"{"incoming_phone_numbers": [{"phone_number": "+1"}]}"#.to_owned(), "number-missing"),
        (with_number(r#", "capabilities": {"sms": false}"#), "number-without-sms"),
        (with_number(r#", "sms_url": "https://demo.twilio.com/welcome""#), "posts-elsewhere"),
        (with_number(""), "posts-nowhere"),
        ("<html>".to_owned(), "other-answer"),
    ] {
        env.simulator.answer(&below("/IncomingPhoneNumbers.json"), 200, &answer);
        let (fine, kinds) = kinds().await;
        assert!(!fine && kinds.iter().any(|kind| kind == expected), "{expected}: {kinds:?}");
    }
    for (status, body, expected) in [
        (200, r#"{"status": "suspended"}"#, "account-suspended"),
        (200, r#"{"status": "closed", "friendly_name": "X"}"#, "account-closed"),
        (401, r#"{"code": 20003}"#, "credentials-refused"),
        (404, r#"{"code": 20404}"#, "account-unknown"),
        (404, "not here", "other-answer"),
        (503, "", "other-answer"),
    ] {
        env.simulator.answer(&below(".json"), status, body);
        assert_eq!(kinds().await, (false, vec![expected.to_owned()]), "and nothing more is asked");
    }
    // The page shows the same finding until a test or a message succeeds.
    assert_eq!(program.get(&path).json().await.value()["state"], "failing");
    assert_eq!(browser.get(CHANNELS).html().await.is(200).texts(".state"), ["Not working"]);
    let (page, finding) = (browser.post(&test).form([("a", "b")]).html().await.is(200), "#findings li.wrong");
    assert_eq!(page.texts(finding).len(), 1);
}

async fn a_disabled_channel_neither_receives_nor_sends(env: TestEnv) {
    let (company, channel, program, browser) = connected(&env).await;
    let path = path(channel.channel.id);
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let sent = reply(&program, "sms").await;
    env.services.delivery.drain().await.unwrap();
    let sid = env.simulator.requests()[0].message_sid.clone();
    let waiting = reply(&program, "sms").await;

    // The page says what disabling does, and asks.
    let page = browser.get(&path).html().await.is(200);
    let asked = page.text_of("#disable");
    assert!(
        asked.contains("messages from clients are lost") && asked.contains("1 message that waits"),
        "{asked}"
    );
    assert!(page.has("#disable form .danger") && !page.has(".actions [name=enabled]"));
    let off = [("_method", "PUT"), ("enabled", "false")];
    browser.post(&path).form(off).html().await.is(303);
    let page = browser.get(&path).html().await.is(200);
    assert_eq!(page.texts(".state"), ["Switched off"]);
    assert!(!page.has("#disable") && page.has("[name=enabled][value=true]"));
    let asked = env.simulator.requests().len();
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1, "what waited is due at once");
    assert_eq!(env.simulator.requests().len(), asked, "and is not sent");
    let failed = only(&program, &waiting).await;
    assert_eq!((&failed["status"], &failed["error_code"]), (&json!("failed"), &json!("channel-disabled")));
    assert_eq!(failed["error_message"], "The channel is switched off.");

    let before = env.raw().await.count("messages").await;
    for form in [sms_form(&channel, "SM2", AZIZA, "?"), whatsapp_form(&channel, "SM3", AZIZA, "?", "Aziza")] {
        program.post_twilio_webhook(&channel, INBOUND, &form).await.is(403);
    }
    assert_eq!(env.raw().await.count("messages").await, before);
    // Reports of earlier messages are still accepted.
    program.post_twilio_webhook(&channel, STATUS, &status_form(&channel, &sid, "delivered")).await.is(204);
    assert_eq!(only(&program, &sent).await["status"], "delivered");

    let agent = env.sign_in(&company.agent).await;
    let chat = format!("/crm/chats/{}", failed["chat_id"]);
    let page = agent.get(&chat).html().await.is(200);
    assert!(page.text_of(".conversation header").contains("the channel is switched off"), "{page:?}");
    assert!(page.text_of("#unreachable").contains("is switched off"), "{page:?}");
    let body = json!({ "message": "?", "transport": "sms" });
    let refused = program.post(format!("{chat}/messages")).json_body(body).json().await.problem(422);
    assert_eq!(refused["errors"]["transport"], json!(["The channel for this is switched off."]));

    program.put(&path).json_body(json!({ "enabled": true })).json().await.is(200);
    program.put(&path).json_body(json!({ "enabled": true })).json().await.is(200);
    program.receive_sms(&channel, "SM4", AZIZA, "Salom").await;
    reply(&program, "sms").await;
    env.services.delivery.drain().await.unwrap();
    assert_eq!(env.simulator.requests().len(), asked + 1);
}

async fn a_new_token_sends_at_once_and_the_old_one_authenticates_webhooks_for_an_hour(env: TestEnv) {
    let (_, channel, program, browser) = connected(&env).await;
    let credentials = format!("{}/credentials", path(channel.channel.id));
    let (old, new, another) = (token_of(&channel), auth_token(50), auth_token(51));
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let comes = async |token, sid: &str| {
        program.signed(token, INBOUND, &sms_form(&channel, sid, AZIZA, "Salom")).send().await.status.as_u16()
    };
    env.simulator.add_account(&channel.channel.account, new.clone());
    let fields = [("_method", "PUT"), ("auth_token", "auth-token-50")];
    browser.post(&credentials).form(fields).html().await.is(303);
    reply(&program, "sms").await;
    env.services.delivery.drain().await.unwrap();
    assert!(!env.contains_plaintext("auth-token-50").await);
    // The simulator knows only the new token, so the message was sent with it.
    assert_eq!(env.simulator.requests().len(), 1);
    let status = program.get("/crm/chats").json().await.value()["items"][0]["last_message"]["status"].clone();
    assert_eq!(status, "sent");
    assert_eq!(comes(&new, "SM2").await, 200);
    assert_eq!(comes(&old, "SM3").await, 200, "posted before Twilio promoted the new one");
    assert_eq!(comes(&another, "SM4").await, 403);
    env.advance_clock(TimeDelta::minutes(61));
    assert_eq!((comes(&old, "SM5").await, comes(&new, "SM6").await), (403, 200));

    // A leaked token authenticates nothing from that moment on.
    env.simulator.add_account(&channel.channel.account, auth_token(52));
    let body = json!({ "auth_token": "auth-token-52", "leaked": true });
    program.put(&credentials).json_body(body).json().await.is(200);
    let known = auth_token(52);
    assert_eq!((comes(&new, "SM7").await, comes(&known, "SM8").await), (403, 200));
}

async fn messages_of_a_removed_number_fail_at_once(env: TestEnv) {
    let (_, channel, program, browser) = connected(&env).await;
    let path = path(channel.channel.id);
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let sms = reply(&program, "sms").await;
    env.simulator.next(Behaviour::Answer {
        status: 429,
        headers: vec![("Retry-After".into(), "3000".into())],
        body: String::new(),
    });
    env.services.delivery.drain().await.unwrap();
    assert_eq!(only(&program, &sms).await["status"], "queued", "it waits as long as it was asked to");

    let page = browser.get(&path).html().await.is(200);
    assert_eq!(
        page.attribute("#senders #f-sms_number", "value").as_deref(),
        channel.channel.address("sms_number")
    );
    let fields = [("_method", "PUT"), ("sms_number", ""), ("whatsapp_number", "+998712010099")];
    browser.post(&path).form(fields).html().await.is(303);
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1, "it does not wait for a day");
    let failed = only(&program, &sms).await;
    assert_eq!((&failed["status"], &failed["error_code"]), (&json!("failed"), &json!("channel-changed")));
    assert_eq!(failed["error_message"], "The channel no longer has a number for this.");
    let form = whatsapp_form(&channel, "SM2", AZIZA, "?", "Aziza");
    let mut other = form.clone();
    set(&mut other, "To", "whatsapp:+998712010099");
    program.post_twilio_webhook(&channel, INBOUND, &other).await.is(200);
    reply(&program, "whatsapp").await;
    env.services.delivery.drain().await.unwrap();
    let asked = env.simulator.requests().pop().unwrap();
    assert_eq!(asked.value("From"), Some("whatsapp:+998712010099"));
}

async fn a_removed_channel_keeps_its_messages(env: TestEnv) {
    let (_, channel, program, browser) = connected(&env).await;
    let path = path(channel.channel.id);
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let waiting = reply(&program, "sms").await;
    let messages = waiting.split('?').next().unwrap().to_owned();
    let later = env.clock.now() + TimeDelta::days(2);
    let body = json!({ "message": "Later", "transport": "sms", "scheduled_at": later });
    let later = program.post(&messages).json_body(body).json().await.is(201).value()["id"].clone();

    let page = browser.get(format!("{path}/remove")).html().await.is(200);
    assert!(page.text().contains("2 messages that wait to be sent fail"), "{page:?}");
    browser.post(&path).form([("_method", "DELETE")]).html().await.is(303);
    assert_eq!(env.services.delivery.drain().await.unwrap(), 2);
    let all = program.get(&messages).json().await.is(200).value();
    let of = |id: &Value| all["items"].as_array().unwrap().iter().find(|m| m["id"] == *id).unwrap().clone();
    assert_eq!(all["items"].as_array().unwrap().len(), 3, "all messages are there");
    assert_eq!(of(&later)["error_code"], "channel-removed");
    assert_eq!(only(&program, &waiting).await["error_message"], "The channel was removed.");
    assert_eq!(env.simulator.requests().len(), 0);

    program.get(&path).json().await.problem(404);
    program.delete(&path).json().await.problem(404);
    assert_eq!(program.get(CHANNELS).json().await.value()["items"], json!([]));
    let form = sms_form(&channel, "SM2", AZIZA, "?");
    program.post_twilio_webhook(&channel, INBOUND, &form).await.is(403);
    browser.get("/crm/chats").html().await.is(200);
    // Its numbers are free, also for another tenant; the chat continues through the channels that are connected.
    let again = env.connect_account(&env.company("bukhara").await, account(1)).await;
    assert_eq!(again.channel.addresses, channel.channel.addresses);
}

async fn a_channel_error_is_shown_until_the_channel_works(env: TestEnv) {
    let (_, channel, program, browser) = connected(&env).await;
    let path = path(channel.channel.id);
    program.receive_sms(&channel, "SM1", AZIZA, "Salom").await;
    let fails = async |status: u16, body: &str| {
        let body = body.to_owned();
        env.simulator.next(Behaviour::Answer { status, headers: Vec::new(), body });
        reply(&program, "sms").await;
        env.services.delivery.drain().await.unwrap();
        program.get(&path).json().await.is(200).value()
    };
    let one_number = fails(400, r#"{"code": 21211, "message": "not valid"}"#).await;
    assert_eq!((&one_number["state"], &one_number["last_error"]), (&json!("unproven"), &Value::Null));
    // Former releases stored the errors of single recipients as well.
    let mut raw = env.raw().await;
    raw.run("UPDATE channels SET last_error_code = '30003', last_error_at = created_at").await.unwrap();
    assert_eq!(program.get(&path).json().await.is(200).value()["last_error"], Value::Null);
    let account = fails(401, r#"{"code": 20003, "message": "Authenticate"}"#).await;
    assert_eq!(account["state"], "failing");
    assert_eq!(account["last_error"]["at"], json!(env.clock.now()));
    let page = browser.get(CHANNELS).html().await.is(200);
    assert!(page.text_of(".reason").contains("credentials"), "the list says what: {page:?}");
    reply(&program, "sms").await;
    env.services.delivery.drain().await.unwrap();
    let mended = program.get(&path).json().await.value();
    assert_eq!((&mended["state"], &mended["last_error"]["code"]), (&json!("working"), &json!("20003")));
}

async fn a_forged_webhook_is_reported_and_has_no_effect(env: TestEnv) {
    let (_, channel, program, browser) = connected(&env).await;
    let path = path(channel.channel.id);
    let mut raw = env.raw().await;
    let before = raw.dump("channels", "1 = 1").await;
    let form = sms_form(&channel, "SM1", AZIZA, "?");
    program.signed(&auth_token(99), INBOUND, &form).send().await.is(403);
    program.signed(&auth_token(99), STATUS, &status_form(&channel, "SM1", "sent")).send().await.is(403);
    assert_eq!(raw.dump("channels", "1 = 1").await, before);
    // The sites of a test share their services, as the requests of one process do.
    assert_eq!(program.get(&path).json().await.value()["refused_webhook_at"], json!(env.clock.now()));
    assert!(browser.get(&path).html().await.is(200).text().contains("The signature was wrong"));
}

async fn the_list_needs_no_statement_for_each_channel(env: TestEnv) {
    let (company, _, program, browser) = connected(&env).await;
    let statements = async || {
        let (page, used) = count_database_use(browser.get(CHANNELS).html()).await;
        page.is(200);
        let (list, of_json) = count_database_use(program.get(CHANNELS).json()).await;
        (list.is(200).value()["items"].as_array().unwrap().len(), used.statements, of_json.statements)
    };
    let (one, html, of_json) = statements().await;
    for seed in 61..66 {
        env.connect_account(&company, account(seed)).await;
    }
    let (six, html_of_six, json_of_six) = statements().await;
    assert_eq!((one, six), (1, 6));
    assert_eq!(
        (html, of_json),
        (html_of_six, json_of_six),
        "channels, addresses and waiting messages are read at once"
    );
}

async fn a_channel_is_switched_off_and_on_whatever_its_addresses(env: TestEnv) {
    let (company, twilio, program, browser) = connected(&env).await;
    // Another channel has taken the addresses over.
    env.raw().await.run("DELETE FROM channel_addresses").await.unwrap();
    let bot = env.connect_bot(&company).await;
    for channel in [&twilio, &bot] {
        let path = path(channel.channel.id);
        for enabled in [false, true] {
            let changed = program.put(&path).json_body(json!({ "enabled": enabled })).json().await.is(200);
            assert_eq!(changed.value()["state"] == "disabled", !enabled);
            let fields = [("_method", "PUT"), ("enabled", if enabled { "true" } else { "false" })];
            browser.post(&path).form(fields).html().await.is(303);
        }
        program.put(&path).json_body(json!({ "enabled": "perhaps" })).json().await.problem(422);
    }
    // The page of a bot asks for the bot's token.
    let page = browser.get(path(bot.channel.id)).html().await.is(200);
    assert_eq!(page.text_of("label[for=f-auth_token]"), "Bot token");
    assert!(!browser.get(CHANNELS).html().await.is(200).text().contains("Telegram · Telegram"));
    let page = browser.get(format!("{}/remove", path(bot.channel.id))).html().await.is(200);
    assert!(
        page.has("main > header > h1") && page.has("main > header > a"),
        "as the page of another deletion"
    );
}

async fn every_channel_change_is_in_the_audit_log(env: TestEnv) {
    let (company, channel, program, _) = connected(&env).await;
    let path = path(channel.channel.id);
    program.put(&path).json_body(json!({ "sms_number": "+998712009900" })).json().await.is(200);
    program.put(&path).json_body(json!({ "sms_number": "+998712009900" })).json().await.is(200);
    let token = json!({ "auth_token": format!("auth-token-{}", company.id()) });
    program.put(format!("{path}/credentials")).json_body(token).json().await.is(200);
    program.put(&path).json_body(json!({ "enabled": false })).json().await.is(200);
    program.put(&path).json_body(json!({ "enabled": true })).json().await.is(200);
    program.delete(&path).json().await.is(204);
    let (events, _) = company.read().await.events().after(aloqa::domain::EventId(0), 100).await.unwrap();
    let kinds: Vec<_> = events
        .iter()
        .filter(|recorded| recorded.event.kind().as_str().starts_with("Channel"))
        .map(|recorded| (recorded.event.kind().as_str(), recorded.actor.is_some()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("ChannelAdded", false),
            ("ChannelChanged", true),
            ("ChannelCredentialsChanged", true),
            ("ChannelDisabled", true),
            ("ChannelEnabled", true),
            ("ChannelRemoved", true)
        ]
    );
}
