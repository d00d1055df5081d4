//! Tests of the budgets of the database: how many statements and transactions a page needs, including
//! the authentication of the request.

use aloqa::services::ChannelContext;
use chrono::TimeDelta;
use serde_json::json;

use crate::{
    http::all_routes::route_table::Ids,
    support::{
        Company, TestEnv,
        database::statements::count_database_use,
        providers::{
            telegram::NODIRA,
            webhook::{INBOUND, set, sms_form, whatsapp_form},
        },
    },
};

on_both_engines! {
    pages_stay_within_their_budgets,
}

const AZIZA: &str = "+998901234567";

/// The maximum number of statements and transactions of a page in HTML. `{chat}`, `{client}` and others stand for ids.
const PAGES: &[(&str, usize, usize)] = &[
    ("/crm/clients/new", 2, 2),
    ("/crm/clients/duplicates", 8, 3),
    ("/crm/instant-messages", 8, 3),
    ("/account", 8, 3),
];

/// A workspace with SMS, WhatsApp and Telegram, and a client who has written by each.
struct Workspace {
    company: Company,
    twilio: ChannelContext,
    ids: Ids,
}

impl Workspace {
    async fn create(env: &TestEnv) -> Self {
        let company = env.company("samarkand").await;
        let twilio = env.connect(&company).await;
        env.connect_bot(&company).await;
        let ids = Ids::create(env, &company, &twilio, "Aziza", AZIZA).await;
        let administrator = env.api_client(&company.administrator).await;
        // The account of this username is the client's.
        let username = json!({ "type": "telegram", "value": NODIRA.username });
        let contacts = format!("/crm/clients/{}/contacts", ids.client);
        administrator.post(contacts).json_body(username).json().await.is(201);
        let workspace = Self { company, twilio, ids };
        workspace.receive_messages(env).await;
        // The window of WhatsApp has closed, so that the page offers templates.
        env.advance_clock(TimeDelta::hours(25));
        let (program, chat) = (env.api_client(&workspace.company.administrator).await, workspace.ids.chat);
        let scheduled =
            json!({ "message": "Eslatma", "transport": "sms", "scheduled_at": "2026-03-09T09:00:00+05:00" });
        program.post(format!("/crm/chats/{chat}/messages")).json_body(scheduled).json().await.is(201);
        let draft = json!({ "message": "Half a sen", "transport": "sms", "idempotency_key": "key-1" });
        program.put(format!("/crm/chats/{chat}/draft")).json_body(draft).json().await.is(200);
        workspace
    }

    /// The client writes by WhatsApp and by Telegram, changes a message, and shares a number; another sends a picture.
    async fn receive_messages(&self, env: &TestEnv) {
        let (visitor, twilio) = (env.anonymous_visitor(), &self.twilio);
        let whatsapp = whatsapp_form(twilio, "SM1", AZIZA, "Salom", "Aziza");
        let mut picture = sms_form(twilio, "SM2", "+998935550128", "");
        set(&mut picture, "NumMedia", "1");
        set(&mut picture, "MediaContentType0", "image/jpeg");
        set(
            &mut picture,
            "MediaUrl0",
            "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
        );
        for form in [whatsapp, picture] {
            visitor.post_twilio_webhook(twilio, INBOUND, &form).await.is(200);
        }
        let secret = env.secret_of(&self.company);
        let number = json!({ "phone_number": "998935550127", "first_name": "N", "user_id": NODIRA.id });
        for update in [
            NODIRA.text_update(1, "Salom"),
            NODIRA.edit_update(2, 1, 1_772_442_060, "Salom!"),
            NODIRA.message_update(3, &json!({ "contact": number })),
        ] {
            visitor.post_telegram_update(&secret, &update).await;
        }
    }

    /// An address with the ids of this workspace.
    fn path(&self, pattern: &str) -> String {
        let ids = &self.ids;
        let channel = ids.channel.to_string();
        [
            ("{chat}", ids.chat.to_string()),
            ("{client}", ids.client.to_string()),
            ("{message}", ids.message.to_string()),
            ("{template}", ids.template.to_string()),
            ("{channel}", channel),
        ]
        .iter()
        .fold(pattern.to_owned(), |path, (name, id)| path.replace(name, id))
    }
}

async fn pages_stay_within_their_budgets(env: TestEnv) {
    let workspace = Workspace::create(&env).await;
    let browser = env.sign_in(&workspace.company.administrator).await;
    for (pattern, statements, transactions) in PAGES {
        let (page, used) = count_database_use(browser.get(workspace.path(pattern)).html()).await;
        page.is(200);
        used.is_within(pattern, *statements, *transactions);
    }
}
