//! Tests of addresses: a message goes where users see that it goes, and an address leads to one client.

use aloqa::services::ChannelContext;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    http::{TestResponse, Visitor},
    providers::{
        telegram::{NODIRA, add_bot, bot_token},
        webhook::{Form, INBOUND, set, sms_form, whatsapp_form},
    },
};

on_both_engines! {
    the_composer_names_the_address,
    a_changed_phone_is_written_to_at_its_new_number,
    a_removed_address_is_not_written_to,
    a_removed_address_joins_its_chat_when_it_writes_again,
    an_address_of_another_client_is_not_written_to_from_the_former_chat,
    a_scheduled_message_goes_to_the_address_that_is_right_when_it_is_due,
    a_waiting_message_without_an_address_fails_with_the_reason,
    a_whatsapp_user_id_and_a_number_are_one_client,
    the_client_of_the_number_gets_the_user_id,
    numbers_that_whatsapp_writes_in_two_forms_are_one_client,
    a_client_who_never_wrote_by_whatsapp_is_outside_the_window,
    a_channel_that_is_connected_again_goes_on_where_it_was,
    the_composer_says_that_the_channel_is_switched_off,
}

const OLD: &str = "+998901234567";
const NEW: &str = "+998935554433";
const USER_ID: &str = "UZ.13491208655302741918";

struct Scenario {
    company: Company,
    channel: ChannelContext,
    agent: Visitor,
}

async fn scenario(env: &TestEnv) -> Scenario {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let agent = env.api_client(&company.administrator).await;
    Scenario { company, channel, agent }
}

impl Scenario {
    async fn receive(&self, form: &Form) {
        self.agent.post_twilio_webhook(&self.channel, INBOUND, form).await.is(200);
    }

    async fn sms(&self, sid: &str, from: &str) {
        self.receive(&sms_form(&self.channel, sid, from, "Salom")).await;
    }

    async fn whatsapp(&self, sid: &str, from: &str, user_id: Option<&str>) {
        let mut form = whatsapp_form(&self.channel, sid, from, "Salom", "Aziza");
        if let Some(id) = user_id {
            set(&mut form, "ExternalUserId", id);
        }
        self.receive(&form).await;
    }

    async fn clients(&self) -> Vec<Value> {
        let page = self.agent.get("/crm/clients?sort=created_at").json().await.is(200).value();
        page["items"].as_array().unwrap().clone()
    }

    /// The id of the only client.
    async fn client(&self) -> i64 {
        let clients = self.clients().await;
        assert_eq!(clients.len(), 1, "{clients:?}");
        clients[0]["id"].as_i64().unwrap()
    }

    async fn contact_id(&self, client: i64, value: &str) -> i64 {
        let path = format!("/crm/clients/{client}/contacts");
        let contacts = self.agent.get(path).json().await.is(200).value();
        let found = contacts["items"].as_array().unwrap().iter().find(|c| c["value"] == value);
        found.unwrap()["id"].as_i64().unwrap()
    }

    async fn remove_contact(&self, client: i64, value: &str) {
        let contact = self.contact_id(client, value).await;
        let path = format!("/crm/clients/{client}/contacts/{contact}");
        self.agent.delete(path).json().await.is(204);
    }

    async fn set_phone(&self, client: i64, phone: &str) -> Value {
        let body = json!({ "phone": phone });
        self.agent.put(format!("/crm/clients/{client}")).json_body(body).json().await.is(200).value()
    }

    async fn chat_of(&self, client: i64) -> String {
        let body = json!({ "client_id": client });
        let chat = self.agent.post("/crm/chats").json_body(body).json().await.value();
        format!("/crm/chats/{}", chat["id"])
    }

    async fn send(&self, client: i64, transport: &str) -> TestResponse {
        let body = json!({ "message": "Alik", "transport": transport });
        let path = format!("{}/messages", self.chat_of(client).await);
        self.agent.post(path).json_body(body).json().await
    }

    async fn schedule(&self, env: &TestEnv, client: i64, transport: &str) -> Value {
        let at = env.clock.now() + TimeDelta::hours(1);
        let body = json!({ "message": "Eslatma", "transport": transport, "scheduled_at": at.to_rfc3339() });
        let path = format!("{}/messages", self.chat_of(client).await);
        self.agent.post(path).json_body(body).json().await.is(201).value()
    }

    async fn last_message(&self, client: i64) -> Value {
        let chat = self.agent.get(self.chat_of(client).await).json().await.is(200).value();
        chat["messages"].as_array().unwrap().last().unwrap().clone()
    }

    async fn browser_page(&self, env: &TestEnv, client: i64) -> TestResponse {
        let browser = env.sign_in(&self.company.agent).await;
        browser.get(self.chat_of(client).await).html().await.is(200)
    }
}

/// The recipients of all messages that the simulator was asked to send.
async fn recipients(env: &TestEnv) -> Vec<String> {
    env.services.delivery.drain().await.unwrap();
    env.simulator.requests().iter().map(|request| request.value("To").unwrap().to_owned()).collect()
}

async fn the_composer_names_the_address(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", OLD).await;
    let client = scenario.client().await;
    let page = scenario.browser_page(&env, client).await;
    assert_eq!(page.text_of("#by-sms"), "SMS · +998 90 123 45 67");
    scenario.set_phone(client, NEW).await;
    let page = scenario.browser_page(&env, client).await;
    assert_eq!(page.text_of("#by-sms"), "SMS · +998 93 555 44 33");

    env.connect_bot(&scenario.company).await;
    let secret = env.secret_of(&scenario.company);
    scenario.agent.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
    let nodira = scenario.clients().await[1]["id"].as_i64().unwrap();
    let page = scenario.browser_page(&env, nodira).await;
    assert_eq!(page.text_of("#by-telegram"), "Telegram · @nodira_s");
}

async fn a_changed_phone_is_written_to_at_its_new_number(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", OLD).await;
    scenario.whatsapp("SM2", OLD, None).await;
    let client = scenario.client().await;
    scenario.send(client, "sms").await.is(201);
    let changed = scenario.set_phone(client, NEW).await;
    assert_eq!(changed["contacts"], json!([]), "the contacts of the former number are that number");
    assert_eq!(scenario.clients().await[0]["contacts"], json!([]));
    scenario.send(client, "sms").await.is(201);
    // The client has not written by WhatsApp from the new number.
    assert_eq!(scenario.send(client, "whatsapp").await.invalid_fields(), ["transport"]);
    // The first message waited, and goes to the new number as well.
    assert_eq!(recipients(&env).await, [NEW, NEW]);
}

async fn a_removed_address_is_not_written_to(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.whatsapp("SM1", USER_ID, None).await;
    let client = scenario.client().await;
    scenario.send(client, "whatsapp").await.is(201);
    assert_eq!(recipients(&env).await, [format!("whatsapp:{USER_ID}")]);
    scenario.remove_contact(client, USER_ID).await;
    assert_eq!(scenario.send(client, "whatsapp").await.invalid_fields(), ["transport"]);
    let page = scenario.browser_page(&env, client).await;
    assert_eq!(page.attributes("#transport option:not([disabled])", "value"), [""; 0]);
    assert!(page.text_of("#unreachable").contains("can’t be reached"));
    assert_eq!(recipients(&env).await.len(), 1);
}

async fn a_removed_address_joins_its_chat_when_it_writes_again(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.whatsapp("SM1", USER_ID, None).await;
    let client = scenario.client().await;
    scenario.remove_contact(client, USER_ID).await;
    scenario.whatsapp("SM2", USER_ID, None).await;
    assert_eq!(scenario.client().await, client);
    scenario.contact_id(client, USER_ID).await;
    scenario.send(client, "whatsapp").await.is(201);

    let other = env.company("bukhara").await;
    let theirs = env.connect(&other).await;
    let form = whatsapp_form(&theirs, "SM3", USER_ID, "Salom", "Aziza");
    scenario.agent.post_twilio_webhook(&theirs, INBOUND, &form).await.is(200);
    let browser = env.api_client(&other.administrator).await;
    let clients = browser.get("/crm/clients").json().await.is(200).value();
    assert_eq!(clients["total"], 1, "another workspace knows nothing of it");

    // A Telegram account too.
    env.connect_bot(&scenario.company).await;
    let secret = env.secret_of(&scenario.company);
    scenario.agent.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
    let nodira = scenario.clients().await[1]["id"].as_i64().unwrap();
    for value in [NODIRA.id.to_string().as_str(), NODIRA.username] {
        scenario.remove_contact(nodira, value).await;
    }
    assert_eq!(scenario.send(nodira, "telegram").await.invalid_fields(), ["transport"]);
    scenario.agent.post_telegram_update(&secret, &NODIRA.text_update(2, "Yana men")).await;
    assert_eq!(scenario.clients().await.len(), 2);
    scenario.send(nodira, "telegram").await.is(201);
}

async fn an_address_of_another_client_is_not_written_to_from_the_former_chat(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", OLD).await;
    let former = scenario.client().await;
    scenario.set_phone(former, NEW).await;
    let body = json!({ "first_name": "Bobur", "phone": OLD });
    let owner = scenario.agent.post("/crm/clients").json_body(body).json().await.is(201).value();
    let owner = owner["id"].as_i64().unwrap();
    scenario.send(former, "sms").await.is(201);
    scenario.send(owner, "sms").await.is(201);
    assert_eq!(recipients(&env).await, [NEW, OLD]);
    scenario.sms("SM2", OLD).await;
    assert_eq!(scenario.last_message(owner).await["direction"], "inbound");
    assert_eq!(scenario.clients().await.len(), 2);
}

async fn a_scheduled_message_goes_to_the_address_that_is_right_when_it_is_due(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", OLD).await;
    let client = scenario.client().await;
    scenario.schedule(&env, client, "sms").await;
    scenario.set_phone(client, NEW).await;
    env.advance_clock(TimeDelta::hours(1));
    assert_eq!(recipients(&env).await, [NEW]);
}

async fn a_waiting_message_without_an_address_fails_with_the_reason(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.whatsapp("SM1", USER_ID, None).await;
    let client = scenario.client().await;
    scenario.schedule(&env, client, "whatsapp").await;
    scenario.remove_contact(client, USER_ID).await;
    env.advance_clock(TimeDelta::hours(1));
    assert_eq!(recipients(&env).await, [""; 0]);
    let failed = scenario.last_message(client).await;
    assert_eq!((&failed["status"], &failed["error_code"]), (&json!("failed"), &json!("address-removed")));
    assert!(failed["error_message"].as_str().unwrap().contains("address was removed"), "{failed}");
    // The failure is not the channel's.
    let path = format!("/crm/settings/channels/{}", scenario.channel.channel.id);
    let channel = scenario.agent.get(path).json().await.is(200).value();
    assert_eq!(channel["last_error"], Value::Null, "{channel}");
}

async fn a_whatsapp_user_id_and_a_number_are_one_client(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.whatsapp("SM1", OLD, Some(USER_ID)).await;
    let client = scenario.client().await;
    scenario.send(client, "whatsapp").await.is(201);
    // The person has taken a username, so that the number is not shown any more.
    scenario.whatsapp("SM2", USER_ID, None).await;
    assert_eq!(scenario.client().await, client);
    scenario.send(client, "whatsapp").await.is(201);
    assert_eq!(recipients(&env).await, [format!("whatsapp:{OLD}"), format!("whatsapp:{USER_ID}")]);
    let stored = &scenario.clients().await[0];
    assert_eq!(stored["phone"], OLD, "the id is no field of the client");
    let found = scenario.agent.get(format!("/crm/clients?q={USER_ID}")).json().await.is(200).value();
    assert_eq!(found["total"], 1);
    let export = scenario.agent.get("/crm/clients/export?format=csv").send().await.is(200).text();
    assert!(export.contains(USER_ID), "{export}");
    // Users can enter it too.
    let body = json!({ "type": "whatsapp", "value": "US.ENT.11815799212886844830" });
    scenario.agent.post(format!("/crm/clients/{client}/contacts")).json_body(body).json().await.is(201);
    let parent = whatsapp_form(&scenario.channel, "SM3", "US.ENT.11815799212886844830", "Salom", "Aziza");
    scenario.receive(&parent).await;
    assert_eq!(scenario.client().await, client);
}

async fn the_client_of_the_number_gets_the_user_id(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", OLD).await;
    scenario.whatsapp("SM2", USER_ID, None).await;
    let ids: Vec<_> = scenario.clients().await.iter().map(|c| c["id"].as_i64().unwrap()).collect();
    let [number, unnamed] = ids[..] else { panic!("{ids:?}") };
    scenario.whatsapp("SM3", OLD, Some(USER_ID)).await;
    assert_eq!(scenario.clients().await.len(), 2);
    scenario.contact_id(number, USER_ID).await;
    scenario.whatsapp("SM4", USER_ID, None).await;
    assert_eq!(scenario.last_message(number).await["message"], "Salom");
    assert_eq!(scenario.send(unnamed, "whatsapp").await.invalid_fields(), ["transport"]);
    scenario.send(number, "whatsapp").await.is(201);
    assert_eq!(recipients(&env).await, [format!("whatsapp:{USER_ID}")]);
}

async fn numbers_that_whatsapp_writes_in_two_forms_are_one_client(env: TestEnv) {
    let scenario = scenario(&env).await;
    let forms = [
        ("+5511987654321", "+551187654321"),
        ("+525512345678", "+5215512345678"),
        ("+541123456789", "+5491123456789"),
    ];
    for (index, (stored, written)) in forms.into_iter().enumerate() {
        let body = json!({ "first_name": format!("Client {index}"), "phone": stored });
        let made = scenario.agent.post("/crm/clients").json_body(body).json().await.is(201).value();
        let client = made["id"].as_i64().unwrap();
        scenario.whatsapp(&format!("SM{index}"), written, None).await;
        assert_eq!(scenario.clients().await.len(), index + 1, "{stored}");
        scenario.send(client, "whatsapp").await.is(201);
        assert_eq!(recipients(&env).await.last().unwrap(), &format!("whatsapp:{written}"));
        // A phone number alone has one form.
        scenario.sms(&format!("SMS{index}"), stored).await;
        assert_eq!(scenario.clients().await.len(), index + 1, "{stored}");
    }
    scenario.whatsapp("SM9", "+551187654322", None).await;
    let body = json!({ "first_name": "Twin", "phone": "+5511987654322" });
    scenario.agent.post("/crm/clients").json_body(body).json().await.problem(409);
}

async fn a_client_who_never_wrote_by_whatsapp_is_outside_the_window(env: TestEnv) {
    let scenario = scenario(&env).await;
    let body = json!({ "first_name": "Bobur", "phone": OLD });
    let client = scenario.agent.post("/crm/clients").json_body(body).json().await.is(201).value();
    let client = client["id"].as_i64().unwrap();
    let refused = scenario.send(client, "whatsapp").await;
    assert_eq!(refused.invalid_fields(), ["transport"]);
    assert!(refused.text().contains("has not written by WhatsApp"), "{}", refused.text());
    scenario.send(client, "sms").await.is(201);
    scenario.whatsapp("SM1", OLD, None).await;
    scenario.send(client, "whatsapp").await.is(201);
}

async fn a_channel_that_is_connected_again_goes_on_where_it_was(env: TestEnv) {
    let company = env.company("samarkand").await;
    let bot = env.connect_bot(&company).await;
    let agent = env.api_client(&company.administrator).await;
    let secret = env.secret_of(&company);
    agent.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
    let path = format!("/crm/settings/channels/{}", bot.channel.id);
    agent.delete(&path).json().await.is(204);
    let chat = agent.get("/crm/chats").json().await.is(200).value();
    let chat = format!("/crm/chats/{}", chat["items"][0]["id"]);
    let body = json!({ "message": "Alik", "transport": "telegram" });
    let send = || agent.post(format!("{chat}/messages")).json_body(body.clone()).json();
    assert_eq!(send().await.invalid_fields(), ["transport"]);

    let again = add_bot(&env.services, &company, &bot_token(&company)).await.unwrap();
    assert_eq!(again, bot.channel.id);
    send().await.is(201);
    // An edit of a message from before, and a repeated update, are recognised.
    let secret = env.secret_of(&company);
    agent.post_telegram_update(&secret, &NODIRA.text_update(1, "Salom")).await;
    agent.post_telegram_update(&secret, &NODIRA.edit_update(2, 1, 1_772_442_100, "Assalom")).await;
    let messages = agent.get(&chat).json().await.is(200).value()["messages"].clone();
    let texts: Vec<_> = messages.as_array().unwrap().iter().map(|m| m["message"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Assalom", "Alik"]);
    // Another workspace that connects the bot later begins anew.
    agent.delete(&path).json().await.is(204);
    let other = env.company("bukhara").await;
    let theirs = add_bot(&env.services, &other, &bot_token(&company)).await.unwrap();
    assert_ne!(theirs, again);
}

async fn the_composer_says_that_the_channel_is_switched_off(env: TestEnv) {
    let scenario = scenario(&env).await;
    scenario.sms("SM1", OLD).await;
    let client = scenario.client().await;
    let path = format!("/crm/settings/channels/{}", scenario.channel.channel.id);
    scenario.agent.put(path).json_body(json!({ "enabled": false })).json().await.is(200);
    let page = scenario.browser_page(&env, client).await;
    assert!(page.text_of("#unreachable").contains("switched off"), "{}", page.text_of("#unreachable"));
}
