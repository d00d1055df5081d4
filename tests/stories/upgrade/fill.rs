//! Fills a database through the command line, the HTTP interface and the webhooks of a release, so that every table has
//! rows and every value that the product can store occurs.
//!
//! Only the documented interface is used, so that this works with any release.

use std::{fmt::Write as _, path::Path, time::Duration};

use aloqa::{
    domain::Transport,
    providers::telegram::SECRET_HEADER,
    simulator::{Behaviour, BotSimulator, PhoneBehaviour, PhoneLine, SimulatedOutcome, Simulator},
};
use chrono::{TimeDelta, Utc};
use reqwest::multipart::{Form as Multipart, Part};
use serde_json::{Value, json};

use super::{
    fixture::entries,
    shown::{Account, Bot, Workspace},
};
use crate::support::{
    http::until,
    process::program::Installation,
    providers::{
        telegram::{self, WEBHOOK},
        webhook::{Form, INBOUND, form, set},
    },
};

/// A client of both tenants.
pub const AZIZA: &str = "+998901234567";
/// Messages that wait for a provider that is unavailable.
pub const QUEUED_SMS: &str = "Navbatda";
pub const QUEUED_TELEGRAM: &str = "В очереди";
/// The message that the provider had when the process was killed.
pub const LEASED: &str = "Yuborilmoqda";
pub const SCHEDULED: &str = "Ertaga eslatma: soat 10:00 da kutamiz";
/// A file that is still at Telegram.
pub const LATE_FILE: &str = "late-file";
pub const LATE_CONTENT: &str = "Kechikkan fayl\n";
/// The rows of the import that is interrupted. They are stored in several transactions.
pub const CROWD: i64 = 600;

/// The account that follows an invite link.
const FOLLOWER: telegram::Account =
    telegram::Account { id: 7_000_000_002, first: "Otkir", username: "otkir_yangi" };

const PASSWORD: &str = "correct horse battery";

/// The time after which scheduled messages are due.
pub fn scheduled_in() -> TimeDelta {
    TimeDelta::days(2)
}

/// The public names of a tenant that is to be filled.
pub struct Company {
    pub slug: &'static str,
    pub name: &'static str,
    pub locale: &'static str,
    pub time_zone: &'static str,
    /// The number that distinguishes its phone numbers from those of other tenants.
    pub seed: u32,
    /// True if the process is killed during an import of this tenant.
    pub is_torn: bool,
}

pub const COMPANIES: [Company; 2] = [
    Company {
        slug: "samarkand",
        name: "Samarqand savdo MChJ",
        locale: "uz",
        time_zone: "Asia/Tashkent",
        seed: 1,
        is_torn: true,
    },
    Company {
        slug: "volga",
        name: "ООО «Волга»",
        locale: "ru",
        time_zone: "Europe/Moscow",
        seed: 2,
        is_torn: false,
    },
];

impl Company {
    fn number(&self, last: u32) -> String {
        format!("+99890{:03}{last:04}", self.seed)
    }

    fn account(&self, number: u32) -> Account {
        let seed = self.seed * 10 + number;
        Account {
            sid: format!("AC{seed:032}"),
            token: format!("auth-token-{seed}"),
            previous_token: format!("previous-auth-token-{seed}"),
            sms_number: format!("+99871200{seed:04}"),
            whatsapp_number: format!("+99871201{seed:04}"),
        }
    }
}

/// An API client with a token.
pub struct Caller<'a> {
    pub aloqa: &'a Installation,
    pub token: String,
}

impl Caller<'_> {
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://{}{path}", self.aloqa.listen);
        self.aloqa.http.request(method.parse().unwrap(), url).bearer_auth(&self.token)
    }

    async fn send(&self, what: &str, request: reqwest::RequestBuilder) -> Value {
        let answer = request.header("accept", "application/json").send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{what} was answered {status}: {text}");
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    async fn get(&self, path: &str) -> Value {
        self.send(path, self.request("GET", path)).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.send(path, self.request("POST", path).json(&body)).await
    }

    async fn put(&self, path: &str, body: Value) -> Value {
        self.send(path, self.request("PUT", path).json(&body)).await
    }

    async fn delete(&self, path: &str) {
        self.send(path, self.request("DELETE", path)).await;
    }

    async fn upload(&self, path: &str, form: Multipart) -> Value {
        self.send(path, self.request("POST", path).multipart(form)).await
    }

    async fn id(&self, path: &str, body: Value) -> i64 {
        self.post(path, body).await["id"].as_i64().unwrap()
    }

    /// The id of the chat with a client.
    async fn chat_of(&self, client: i64) -> i64 {
        self.id("/crm/chats", json!({ "client_id": client })).await
    }

    /// The id of the only client that this query finds.
    async fn find(&self, query: &str) -> i64 {
        let found = self.get(&format!("/crm/clients?q={query}")).await;
        found["items"][0]["id"].as_i64().unwrap_or_else(|| panic!("nobody is found by {query}"))
    }
}

/// A tenant that is being filled.
struct FixtureFiller<'a> {
    company: &'a Company,
    program: Caller<'a>,
    agent: Caller<'a>,
    twilio: &'a Simulator,
    bots: &'a BotSimulator,
    account: Account,
    bot: Bot,
    secret: String,
    aziza: i64,
    messages: u32,
}

/// Creates a tenant with its users and channels by the command line, before the server runs.
pub async fn set_up(aloqa: &Installation, company: &Company) -> (String, String) {
    let Company { slug, name, locale, time_zone, .. } = *company;
    let email = format!("admin@{slug}.example");
    let password = format!("{PASSWORD}\n");
    let tenant =
        ["tenant", "create", "--slug", slug, "--name", name, "--admin-email", &email, "--locale", locale];
    aloqa.json(&[&tenant[..], &["--timezone", time_zone, "--country", "UZ"]].concat(), &password).await;
    let staff =
        [("Дмитрий", "Соколов", "manager"), ("Gulnora", "Oʻrinboyeva", "agent"), ("尚", "李", "read-only")];
    for (first, last, role) in staff {
        let email = format!("{role}@{slug}.example");
        let user = ["user", "create", "--tenant", slug, "--email", &email, "--role", role];
        aloqa.json(&[&user[..], &["--first-name", first, "--last-name", last]].concat(), &password).await;
    }
    let token = async |email: &str| {
        let token = ["token", "create", "--tenant", slug, "--user", email, "--name", "Integratsiya"];
        aloqa.json(&token, "").await["token"].as_str().unwrap().to_owned()
    };
    (token(&email).await, token(&format!("agent@{slug}.example")).await)
}

/// Fills a tenant with everything except interrupted work. Its pages are recorded later.
pub async fn fill(
    aloqa: &Installation,
    (token, agent): (String, String),
    company: &Company,
    twilio: &Simulator,
    bots: &BotSimulator,
) -> Workspace {
    let (program, agent) = (Caller { aloqa, token }, Caller { aloqa, token: agent });
    let account = company.account(0);
    let bot = Bot {
        token: format!("{}:bot-token-of-{}", 9_000_000 + company.seed, company.slug),
        username: format!("{}_bot", company.slug),
    };
    bots.add_bot(&bot.token, &bot.username);
    let channels = connect(&program, company, twilio, &account, &bot).await;
    let secret = bots.bot(&bot.token).unwrap().webhook.unwrap().secret_token;
    let mut filling =
        FixtureFiller { company, program, agent, twilio, bots, account, bot, secret, aziza: 0, messages: 0 };
    filling.templates(&channels[0]).await;
    let [aziza, otkir] = filling.clients().await;
    filling.aziza = aziza;
    filling.duplicates(otkir).await;
    filling.inbound().await;
    filling.outbound(&channels[0]).await;
    let late_file = filling.telegram(otkir).await;
    filling.imports().await;
    filling.account_and_drafts().await;
    filling.schedules().await;
    filling.change_channels(&channels).await;
    filling.discard_a_file(&aloqa.data().join("files")).await;
    filling.settle().await;
    let email = format!("admin@{}.example", company.slug);
    let cookie = filling.sign_in(&email).await;
    let chat = format!("/crm/chats/{}", filling.program.chat_of(aziza).await);
    Workspace {
        slug: company.slug.to_owned(),
        email,
        password: PASSWORD.to_owned(),
        cookie,
        token: filling.program.token,
        accounts: vec![filling.account],
        bot: filling.bot,
        aziza,
        chat,
        late_file,
        torn_import: None,
        pages: Vec::new(),
        events: Vec::new(),
    }
}

/// Connects an account with a number, one with a Messaging Service, one that will be removed, one whose token will be
/// refused, and a bot; returns their ids.
async fn connect(
    program: &Caller<'_>,
    company: &Company,
    twilio: &Simulator,
    account: &Account,
    bot: &Bot,
) -> [String; 5] {
    const CHANNELS: &str = "/crm/settings/channels";
    let [service, removed, refused] = [1, 2, 3].map(|number| company.account(number));
    for account in [account, &service, &removed, &refused] {
        twilio.add_account(&account.sid, account.previous_token.clone().into());
        twilio.add_whatsapp_sender(&account.sid, &account.whatsapp_number);
    }
    let id = async |body: Value| program.post(CHANNELS, body).await["id"].as_str().unwrap().to_owned();
    [
        id(json!({
            "account_sid": account.sid, "auth_token": account.previous_token,
            "sms_number": account.sms_number, "whatsapp_number": account.whatsapp_number,
        }))
        .await,
        id(json!({
            "account_sid": service.sid, "auth_token": service.previous_token,
            "messaging_service_sid": format!("MG{:032}", company.seed),
        }))
        .await,
        id(json!({
            "account_sid": removed.sid, "auth_token": removed.previous_token, "sms_number": removed.sms_number,
        }))
        .await,
        id(json!({
            "account_sid": refused.sid, "auth_token": refused.previous_token, "sms_number": refused.sms_number,
        }))
        .await,
        id(json!({ "bot_token": bot.token })).await,
    ]
}

impl FixtureFiller<'_> {
    async fn templates(&self, channel: &str) {
        let answers = [
            ("Salomlashish", "Assalomu alaykum, {{client.first_name}}! {{tenant.name}} eshitadi."),
            ("Адрес", "Мы на улице Навои, 12.\n\nЖдём вас с 9 до 18!"),
            ("Narxlar", "Narxlar roʻyxati: https://example.uz/narx?a=1&b=2"),
        ];
        for (name, template) in answers {
            let path = "/crm/instant-messages";
            self.program.id(path, json!({ "name": name, "template": template })).await;
        }
        let approved = json!({
            "name": "Buyurtma", "content_sid": format!("HX{:032}", self.company.seed), "language": "uz",
            "body": "Salom, {{1}}! {{2}} kuni kuting.", "defaults": "{{client.first_name}}\nJuma",
        });
        self.program.post(&format!("/crm/settings/channels/{channel}/templates"), approved).await;
    }

    /// Creates clients whose names are in four scripts; returns the first two.
    async fn clients(&self) -> [i64; 2] {
        let aziza = self
            .program
            .id(
                "/crm/clients",
                json!({
                    "first_name": "Азиза", "last_name": "Каримова", "middle_name": "Ботировна", "phone": AZIZA,
                    "email": "aziza@example.uz", "address": "Самарканд, улица Регистан, 5", "gender": "female",
                    "date_of_birth": "1990-05-17", "passport_series": "AA", "passport_number": "1234567",
                    "pin": "41705905550017", "country_code": "UZ", "comments": "Звонить после обеда;\nне \"утром\"",
                }),
            )
            .await;
        let otkir = json!({
            "first_name": "Oʻtkir", "last_name": "Gʻulomov", "phone": self.company.number(1), "gender": "male",
            "date_of_birth": "2004-02-29", "comments": "Sanʼatkor 🎻",
        });
        let otkir = self.program.id("/crm/clients", otkir).await;
        let contacts = [
            ("phone", self.company.number(2)),
            ("email", format!("otkir@{}.example", self.company.slug)),
            ("telegram", "@otkir_g".to_owned()),
            ("whatsapp", self.company.number(3)),
            ("other", "Pejer 12-34".to_owned()),
        ];
        for (kind, value) in contacts {
            let path = format!("/crm/clients/{otkir}/contacts");
            self.program.post(&path, json!({ "type": kind, "value": value })).await;
        }
        for (first, last, gender) in
            [("小龙", "李", "male"), ("فاطمة", "الزهراء", "female"), ("Sam", "", "other")]
        {
            let body = json!({ "first_name": first, "last_name": last, "gender": gender });
            self.program.id("/crm/clients", body).await;
        }
        [aziza, otkir]
    }

    /// Creates clients that may be duplicates: a suggested pair, a dismissed one, a merge, and a merge of a merged
    /// client.
    async fn duplicates(&mut self, otkir: i64) {
        let twin = json!({ "first_name": "Aziza", "last_name": "Karimova", "email": "aziza@example.uz" });
        self.program.id("/crm/clients", twin).await;
        let mut pair = Vec::new();
        for first in ["Bahodir", "Баходир"] {
            let body = json!({ "first_name": first, "last_name": "Yusupov", "date_of_birth": "1971-01-02" });
            pair.push(self.program.id("/crm/clients", body).await);
        }
        let dismissed = json!({ "client_id": pair[0], "other_id": pair[1] });
        self.program.post("/crm/clients/duplicates/dismiss", dismissed).await;

        let mut lost = Vec::new();
        for (number, name) in [(10, "Otkir"), (11, "O. Gʻulomov")] {
            let phone = self.company.number(number);
            self.sms(&phone, &format!("Bu {name}")).await;
            let client = self.program.find(&phone[1..]).await;
            let body = json!({ "first_name": name, "email": format!("o{number}@example.uz") });
            self.program.put(&format!("/crm/clients/{client}"), body).await;
            let chat = self.program.chat_of(client).await;
            self.says(chat, "sms", "Xush kelibsiz", Behaviour::AcceptSilently, "sent").await;
            lost.push(client);
        }
        let merge = async |kept: i64, other: i64| {
            self.program.post(&format!("/crm/clients/{kept}/merge"), json!({ "other_id": other })).await;
        };
        merge(lost[0], lost[1]).await;
        merge(otkir, lost[0]).await;
    }

    /// Posts messages by SMS and WhatsApp: texts, files that can be fetched, one that is late and one that never
    /// arrives.
    async fn inbound(&mut self) {
        self.sms(AZIZA, "Salom! Doʻkon ochiqmi?").await;
        self.whatsapp(AZIZA, "Здравствуйте\nэто Азиза").await;
        let photo = self.twilio.store_media(&self.account.sid, "photo.png", "image/png", picture(), 0);
        let note = self.twilio.store_media(&self.account.sid, "note.txt", "text/plain", "Rasm ichida\n", 0);
        let base = format!("http://{}", self.program.aloqa.twilio);
        let mut mms = self.sms_form(AZIZA, "Mana rasm");
        set(&mut mms, "NumMedia", "2");
        for (number, (path, kind)) in [(photo, "image/png"), (note, "text/plain")].into_iter().enumerate() {
            set(&mut mms, &format!("MediaUrl{number}"), &format!("{base}{path}"));
            set(&mut mms, &format!("MediaContentType{number}"), kind);
        }
        self.posts(&mms).await;
        let mut elsewhere = self.sms_form(AZIZA, "");
        set(&mut elsewhere, "NumMedia", "1");
        set(&mut elsewhere, "MediaUrl0", "http://192.0.2.1/picture.jpg");
        set(&mut elsewhere, "MediaContentType0", "image/jpeg");
        self.posts(&elsewhere).await;
        // Unknown senders, the last of which opts out.
        self.sms(&self.company.number(20), "Кто-нибудь здесь?").await;
        let name = self.company.number(21);
        self.whatsapp(&name, "مرحبا").await;
        self.sms(&self.company.number(22), "Salom").await;
        self.sms(&self.company.number(22), "STOP").await;
    }

    /// Sends messages that end in every status, by SMS and WhatsApp.
    async fn outbound(&mut self, channel: &str) {
        let chat = self.program.chat_of(self.aziza).await;
        self.says(chat, "sms", "Ha, ochiq", Behaviour::Accept, "delivered").await;
        self.says(chat, "whatsapp", "Прочитано", Behaviour::Read, "read").await;
        self.says(chat, "sms", "Yuborildi", Behaviour::AcceptSilently, "sent").await;
        self.says(chat, "sms", "Yetmadi", Behaviour::Undeliver { code: 30003 }, "failed").await;
        self.says(chat, "whatsapp", "Хато", Behaviour::Fail { code: 63016 }, "failed").await;
        self.says(chat, "sms", "Nomaʼlum", Behaviour::CloseBeforeAnswer, "unknown").await;
        let refusal = Behaviour::Answer {
            status: 400,
            headers: Vec::new(),
            body: r#"{"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}"#.to_owned(),
        };
        self.says(chat, "sms", "Rad etildi", refusal, "failed").await;

        let files = [
            Part::bytes(picture()).file_name("Регистан.png"),
            Part::bytes(PDF).file_name("Narxlar roʻyxati.pdf"),
        ];
        for file in files {
            let form = Multipart::new()
                .text("message", "Mana hujjat")
                .text("transport", "whatsapp")
                .part("attachments", file);
            self.twilio.next(Behaviour::AcceptSilently);
            let sent = self.program.upload(&format!("/crm/chats/{chat}/messages"), form).await;
            self.becomes(chat, &sent["id"], "sent").await;
        }

        let body = json!({ "message": "Faqat bir marta", "transport": "sms" });
        for _ in 0..2 {
            let request = self.agent.request("POST", &format!("/crm/chats/{chat}/messages"));
            let request = request.header("idempotency-key", "a-key-of-the-agent").json(&body);
            let sent = self.agent.send("a repeated message", request).await;
            self.becomes(chat, &sent["id"], "delivered").await;
        }
        let approved = self.program.get(&format!("/crm/settings/channels/{channel}/templates")).await;
        let path = format!("/crm/chats/{chat}/approved-templates/{}", approved["items"][0]["id"]);
        let sent = self.program.post(&path, json!({ "variable_1": "Азиза", "variable_2": "Juma" })).await;
        self.becomes(chat, &sent["id"], "delivered").await;

        // A client who has opted out at Twilio.
        let gone = self.company.number(20);
        self.twilio.opt_out(&gone);
        let chat = self.program.chat_of(self.program.find(&gone[1..]).await).await;
        self.says(chat, "sms", "Eshityapsizmi?", Behaviour::Accept, "failed").await;

        // One chat is marked as read, another as unread again.
        let other = self.program.chat_of(self.program.find(&self.company.number(21)[1..]).await).await;
        let last = self.program.get(&format!("/crm/chats/{other}")).await["last_message"]["id"].clone();
        self.program.put(&format!("/crm/chats/{other}/messages/{last}/read"), json!({})).await;
        let last =
            self.program.get(&format!("/crm/chats/{chat}/messages?limit=1")).await["items"][0]["id"].clone();
        self.program.put(&format!("/crm/chats/{chat}/messages/{last}/read"), json!({})).await;
        self.program.put(&format!("/crm/chats/{chat}/unread"), json!({})).await;
    }

    /// Posts Telegram updates: more than text, an edit, a block, an invite link; returns the path of a file that is
    /// late.
    async fn telegram(&mut self, otkir: i64) -> String {
        let nodira =
            telegram::Account { id: 5_123_456_789 + i64::from(self.company.seed), ..telegram::NODIRA };
        let dmitry =
            telegram::Account { id: 6_999_888_777 + i64::from(self.company.seed), ..telegram::DMITRY };
        self.bots.store_file("a-document", "documents/a.txt", "Shartnoma matni\n", 0);
        self.bots.store_file(LATE_FILE, "documents/late.txt", LATE_CONTENT, u32::MAX);
        self.bots.store_large_file("too-large", 50 * 1024 * 1024);
        let document = |id: &str, name: &str| json!({ "document": { "file_id": id, "file_name": name, "mime_type": "text/plain" } });
        let entities = json!([{ "type": "bot_command", "offset": 0, "length": 6 }]);
        let updates = [
            nodira.message_update(1, &json!({ "text": "/start bahor-2026", "entities": entities })),
            nodira.text_update(2, "Салом, Нодира ман"),
            nodira.edit_update(3, 2, 1_772_442_100, "Салом, Нодираман"),
            nodira.edit_update(4, 2, 1_772_442_200, "Салом! Нодираман"),
            nodira.message_update(5, &json!({ "location": { "latitude": 39.6548, "longitude": 66.9758 } })),
            nodira.message_update(6, &json!({ "contact": {
                "phone_number": self.company.number(30), "first_name": "Nodira", "user_id": nodira.id,
            } })),
            nodira.message_update(7, &json!({ "contact": { "phone_number": self.company.number(31), "first_name": "Akam" } })),
            nodira.message_update(8, &document("a-document", "shartnoma.txt")),
            nodira.message_update(9, &document("too-large", "kino.mkv")),
            nodira.message_update(10, &document(LATE_FILE, "kech.txt")),
            nodira.message_update(11, &json!({ "text": "Javob", "reply_to_message": nodira.message(2, &json!({ "text": "Салом" })) })),
            dmitry.text_update(12, "Добрый день"),
        ];
        for update in updates {
            self.updates(&update).await;
        }
        let client = self.program.find("Nodira").await;
        let chat = self.program.chat_of(client).await;
        self.says(chat, "telegram", "Assalomu alaykum!", Behaviour::Accept, "sent").await;
        let refusal = Behaviour::Answer {
            status: 400,
            headers: Vec::new(),
            body: r#"{"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}"#
                .to_owned(),
        };
        self.says(chat, "telegram", "Bu yetmaydi", refusal, "failed").await;
        let files = Multipart::new()
            .text("message", "Ikki rasm")
            .text("transport", "telegram")
            .part("attachments", Part::bytes(picture()).file_name("bir.png"))
            .part("attachments", Part::bytes(PDF).file_name("ikki.pdf"));
        let sent = self.program.upload(&format!("/crm/chats/{chat}/messages"), files).await;
        self.becomes(chat, &sent["id"], "sent").await;

        // One account blocks the bot, and another turns out to have blocked it.
        let membership = json!({ "update_id": 13, "my_chat_member": {
            "chat": { "id": dmitry.id, "type": "private", "first_name": dmitry.first },
            "from": { "id": dmitry.id, "is_bot": false, "first_name": dmitry.first },
            "date": 1_772_442_000, "old_chat_member": { "status": "member" },
            "new_chat_member": { "status": "kicked" },
        } });
        self.updates(&membership).await;
        let blocker = telegram::Account { id: 7_000_000_001, first: "Lola", username: "lola_b" };
        self.updates(&blocker.text_update(14, "Salom")).await;
        self.bots.block(blocker.id);
        let lola = self.program.chat_of(self.program.find("Lola").await).await;
        self.says(lola, "telegram", "Salom, Lola", Behaviour::Accept, "failed").await;
        self.bots.unblock(blocker.id);

        let leaver = telegram::Account { id: 7_000_000_004, first: "Ketgan", username: "ketgan" };
        self.updates(&leaver.text_update(17, "Xayr")).await;
        let gone = Behaviour::Answer {
            status: 403,
            headers: Vec::new(),
            body: r#"{"ok": false, "error_code": 403, "description": "Forbidden: user is deactivated"}"#
                .to_owned(),
        };
        let chat_of_leaver = self.program.chat_of(self.program.find("Ketgan").await).await;
        self.says(chat_of_leaver, "telegram", "Xayr, salomat boʻling", gone, "failed").await;

        // An invite link that was followed, and one that was not.
        let invite = async |client: i64| {
            let made = self.program.post(&format!("/crm/clients/{client}/invitations"), json!({})).await;
            made["url"].as_str().unwrap().rsplit('=').next().unwrap().to_owned()
        };
        let code = invite(otkir).await;
        self.updates(&FOLLOWER.start_update(15, &code)).await;
        invite(self.aziza).await;

        let messages = self.program.get(&format!("/crm/chats/{chat}/messages?limit=100")).await;
        let mut files =
            messages["items"].as_array().unwrap().iter().flat_map(|m| m["attachments"].as_array().unwrap());
        let late = files.find(|file| file["name"] == "kech.txt").unwrap();
        format!("/uploads/{}", late["id"])
    }

    /// Creates imports in the states in which they may stay.
    async fn imports(&self) {
        let phone = |last: u32| self.company.number(last);
        let good = format!("Ism;Telefon;Telegram\nMalika;{};@malika_{}\n", phone(50), self.company.seed);
        self.import(&good, "mapping").await;
        self.import(&good.replace("Malika", "Маликахон"), "checked").await;
        let table = format!(
            "First name,Last name,Phone,E-mail\nLaylo,Saidova,{},l@example.uz\nNoʻmon,,call me,\n,,{},\nTorn,,{AZIZA},x\nАзиза,,{AZIZA},\n",
            phone(51),
            phone(52),
        );
        let path = self.import(&table, "checked").await;
        self.program
            .post(&format!("{path}/start"), json!({ "duplicates": "update", "bad_rows": "skip" }))
            .await;
        self.reaches(&path, "done").await;
        let path = self.import(&table, "checked").await;
        self.program.post(&format!("{path}/cancel"), json!({})).await;
        self.reaches(&path, "cancelled").await;

        // The phone and the PIN are given to other clients during an all-or-nothing import.
        let pin = "12345678901234";
        let path =
            self.import(&format!("First name,Phone,PIN\nYarim,{},{pin}\n", phone(60)), "checked").await;
        self.program.id("/crm/clients", json!({ "first_name": "Birinchi", "phone": phone(60) })).await;
        self.program.id("/crm/clients", json!({ "first_name": "Ikkinchi", "pin": pin })).await;
        self.program.post(&format!("{path}/start"), json!({ "bad_rows": "refuse" })).await;
        self.reaches(&path, "failed").await;
    }

    async fn import(&self, table: &str, state: &str) -> String {
        let file = Part::bytes(table.as_bytes().to_vec()).file_name("mijozlar.csv");
        let made = self.program.upload("/crm/clients/imports", Multipart::new().part("file", file)).await;
        let path = format!("/crm/clients/imports/{}", made["id"]);
        if state == "checked" {
            self.program.put(&path, json!({})).await;
        }
        self.reaches(&path, state).await;
        path
    }

    async fn reaches(&self, path: &str, state: &str) {
        let is_so = async || self.program.get(path).await["state"] == state;
        until(&format!("{path} is {state}"), is_so).await;
    }

    async fn account_and_drafts(&self) {
        let body = json!({ "first_name": "Kamola", "last_name": "Яқубова", "locale": "en", "theme": "dark", "single_keys": "false" });
        self.program.put("/account", body).await;
        let body = json!({ "inbound": "all", "failed": "true", "with_text": "true", "quiet_from": "22:00", "quiet_to": "22:01" });
        self.program.put("/account/notifications", body).await;
        let body = json!({ "inbound": "mine", "failed": "false" });
        self.agent.put("/account/notifications", body).await;
        // Users with a link to the bot that was followed, and one that was not.
        let link = async |caller: &Caller<'_>| {
            let made = caller.post("/account/notifications/link", json!({})).await;
            made["bots"][0]["url"].as_str().unwrap().rsplit('=').next().unwrap().to_owned()
        };
        let code = link(&self.program).await;
        let account = telegram::Account { id: 7_000_000_003, first: "Kamola", username: "kamola_y" };
        self.updates(&account.start_update(16, &code)).await;
        link(&self.agent).await;

        let chat = self.program.chat_of(self.aziza).await;
        let templates = self.program.get("/crm/instant-messages").await;
        let draft =
            json!({ "message": "Yarim gap", "transport": "sms", "template_id": templates["items"][0]["id"] });
        self.program.put(&format!("/crm/chats/{chat}/draft"), draft).await;
        self.agent.put(&format!("/crm/chats/{chat}/draft"), json!({ "message": "Другая\nполовина" })).await;
    }

    async fn schedules(&self) {
        let chat = self.program.chat_of(self.aziza).await;
        #[expect(clippy::disallowed_methods, reason = "the release has a clock of its own")]
        let now = Utc::now();
        let path = format!("/crm/chats/{chat}/messages");
        let body = json!({ "message": SCHEDULED, "transport": "sms", "scheduled_at": now + scheduled_in() - TimeDelta::minutes(5) });
        self.program.post(&path, body).await;
        let body = json!({ "message": "Bir yildan keyin", "transport": "sms", "scheduled_at": now + TimeDelta::days(300) });
        self.agent.post(&path, body).await;
    }

    /// Replaces a secret, disables a channel, removes one that was used, and lets the provider refuse one.
    async fn change_channels(&mut self, [main, service, removed, refused, _]: &[String; 5]) {
        let path = |id: &str| format!("/crm/settings/channels/{id}");
        self.sms_to(&self.company.account(2), &self.company.number(40), "Eski raqamga").await;
        self.program.delete(&path(removed)).await;
        self.program.put(&path(service), json!({ "enabled": "false" })).await;

        let (account, phone) = (self.company.account(3), self.company.number(42));
        self.sms_to(&account, &phone, "Boshqa raqamga").await;
        self.twilio.add_account(&account.sid, "revoked".to_owned().into());
        let chat = self.program.chat_of(self.program.find(&phone[1..]).await).await;
        let sent = self.sends(chat, "sms", "Kalit almashgan").await;
        self.becomes(chat, &sent, "failed").await;
        assert_eq!(self.program.get(&path(refused)).await["state"], "failing");

        self.twilio.add_account(&self.account.sid, self.account.token.clone().into());
        let body = json!({ "auth_token": self.account.token });
        self.program.put(&format!("{}/credentials", path(main)), body).await;
    }

    /// Creates a file that can't be removed from the store when its client is deleted, because a folder is in its
    /// place.
    async fn discard_a_file(&mut self, files: &Path) {
        let stored = || -> Vec<_> {
            let shelves = entries(files).iter().flat_map(|tenant| entries(tenant)).collect::<Vec<_>>();
            shelves.iter().flat_map(|shelf| entries(shelf)).collect()
        };
        let before = stored();
        let phone = self.company.number(41);
        self.sms(&phone, "Meni oʻchiring").await;
        let client = self.program.find(&phone[1..]).await;
        let chat = self.program.chat_of(client).await;
        let file = Part::bytes("Oʻchiriladi".as_bytes()).file_name("a.txt");
        let form = Multipart::new().text("transport", "whatsapp").part("attachments", file);
        self.twilio.next(Behaviour::AcceptSilently);
        let sent = self.program.upload(&format!("/crm/chats/{chat}/messages"), form).await;
        self.becomes(chat, &sent["id"], "sent").await;
        for new in stored().into_iter().filter(|file| !before.contains(file)) {
            std::fs::remove_file(&new).unwrap();
            std::fs::create_dir_all(new.join("in the way")).unwrap();
        }
        self.program.delete(&format!("/crm/clients/{client}")).await;
    }

    /// Waits until the background workers have nothing left to do.
    async fn settle(&self) {
        let likely = async || self.program.get("/crm/clients/duplicates").await["total"].as_i64() > Some(0);
        until("likely duplicates are found", likely).await;
        for query in ["Yuborildi", "Нодираман", "Gʻulomov"] {
            let encoded: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
            let path = format!("/spotlight?q={encoded}");
            let found = async || !self.program.get(&path).await["items"].as_array().unwrap().is_empty();
            until(&format!("{query} is found"), found).await;
        }
    }

    async fn sign_in(&self, email: &str) -> String {
        let url = format!("http://{}/login", self.program.aloqa.listen);
        let body = json!({ "email": email, "password": PASSWORD });
        let request = self.program.aloqa.http.post(url).header("accept", "application/json").json(&body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 204);
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn sms_form(&mut self, from: &str, text: &str) -> Form {
        self.messages += 1;
        let sid = format!("SM{:016}{:016}", self.company.seed, self.messages);
        form(&[
            ("MessageSid", &sid),
            ("AccountSid", &self.account.sid),
            ("From", from),
            ("To", &self.account.sms_number),
            ("Body", text),
            ("NumMedia", "0"),
        ])
    }

    async fn sms(&mut self, from: &str, text: &str) {
        let form = self.sms_form(from, text);
        self.posts(&form).await;
    }

    /// Posts an SMS to another account's number.
    async fn sms_to(&mut self, account: &Account, from: &str, text: &str) {
        let mut sms = self.sms_form(from, text);
        set(&mut sms, "AccountSid", &account.sid);
        set(&mut sms, "To", &account.sms_number);
        let posted = self.program.aloqa.webhook(&account.previous_token, INBOUND, &sms).await;
        assert_eq!(posted, Some(200));
    }

    async fn whatsapp(&mut self, from: &str, text: &str) {
        let mut form = self.sms_form(&format!("whatsapp:{from}"), text);
        set(&mut form, "To", &format!("whatsapp:{}", self.account.whatsapp_number));
        set(&mut form, "ProfileName", "أحمد Ahmad");
        set(&mut form, "WaId", from.trim_start_matches('+'));
        self.posts(&form).await;
    }

    async fn posts(&self, form: &Form) {
        let posted = self.program.aloqa.webhook(&self.account.previous_token, INBOUND, form).await;
        assert_eq!(posted, Some(200), "{form:?}");
    }

    async fn updates(&self, update: &Value) {
        let url = format!("http://{}{WEBHOOK}", self.program.aloqa.listen);
        let request = self.program.aloqa.http.post(url).header(SECRET_HEADER, &self.secret).json(update);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{update}");
    }

    /// Sends a message that meets this behaviour of the provider, and waits for its status.
    async fn says(&self, chat: i64, transport: &str, text: &str, behaviour: Behaviour, status: &str) {
        if transport == "telegram" {
            self.bots.next(behaviour);
        } else {
            self.twilio.next(behaviour);
        }
        let sent = self.sends(chat, transport, text).await;
        self.becomes(chat, &sent, status).await;
    }

    /// Sends a message; returns its id.
    async fn sends(&self, chat: i64, transport: &str, text: &str) -> Value {
        let body = json!({ "message": text, "transport": transport });
        self.program.post(&format!("/crm/chats/{chat}/messages"), body).await["id"].take()
    }

    async fn becomes(&self, chat: i64, message: &Value, status: &str) {
        let before = message.as_i64().unwrap() + 1;
        let path = format!("/crm/chats/{chat}/messages?before={before}&limit=1");
        let is_so = async || self.program.get(&path).await["items"][0]["status"] == status;
        until(&format!("message {message} is {status}"), is_so).await;
    }
}

/// Leaves interrupted work for the moment of the kill: messages that a provider rejected, one that it does not answer,
/// pending notifications, and an import between its rows.
pub async fn leave_under_way(
    aloqa: &Installation,
    company: &Company,
    workspace: &mut Workspace,
    twilio: &Simulator,
    bots: &BotSimulator,
) {
    let program = Caller { aloqa, token: workspace.token.clone() };
    let account = &workspace.accounts[0];
    let phone = |address: &str| PhoneLine {
        account: account.sid.clone(),
        transport: Transport::Sms,
        address: address.to_owned(),
    };
    let away = PhoneBehaviour {
        outcome: SimulatedOutcome::TooMany,
        seconds: Some(600),
        ..PhoneBehaviour::default()
    };
    let hang = PhoneBehaviour { outcome: SimulatedOutcome::Hang, ..PhoneBehaviour::default() };
    let bot = bots.bot(&workspace.bot.token).unwrap();
    let line = PhoneLine {
        account: bot.id.to_string(),
        transport: Transport::Telegram,
        address: FOLLOWER.id.to_string(),
    };
    bots.phones().set_behaviour(&line, away);
    twilio.phones().set_behaviour(&phone(AZIZA), away);
    // A client who was imported, and has no other address.
    let other = company.number(51);
    twilio.phones().set_behaviour(&phone(&other), hang);

    let send = async |client: i64, transport: &str, text: &str| {
        let chat = program.chat_of(client).await;
        let body = json!({ "message": text, "transport": transport });
        program.post(&format!("/crm/chats/{chat}/messages"), body).await;
    };
    send(workspace.aziza, "sms", QUEUED_SMS).await;
    // No message was sent to this account before, because another simulator continues the count of its messages.
    send(program.find(&company.number(1)[1..]).await, "telegram", QUEUED_TELEGRAM).await;
    send(program.find(&other[1..]).await, "sms", LEASED).await;
    let has_it = async || {
        let mut requests = twilio.requests().into_iter().filter(|request| request.account_sid == account.sid);
        requests.any(|request| request.value("Body") == Some(LEASED))
    };
    until("the provider has the message and does not answer", has_it).await;
    let is_turned_away = async || {
        let queue = program.get("/crm/settings/deliveries").await;
        queue["channels"].as_array().unwrap().iter().all(|channel| channel["queued"] == 0)
    };
    until("what is queued was tried", is_turned_away).await;
    let queue = program.get("/crm/settings/deliveries").await;
    let numbers = &queue["channels"][0];
    assert_eq!((&numbers["under_way"], &numbers["retried"]), (&json!(1), &json!(1)), "{queue}");
    if company.is_torn {
        let mut table = "First name,Phone\n".to_owned();
        for number in 0..CROWD {
            writeln!(table, "Guest {number},+99891{:07}", 1_000_000 + number).unwrap();
        }
        let file = Part::bytes(table.into_bytes()).file_name("guests.csv");
        let made = program.upload("/crm/clients/imports", Multipart::new().part("file", file)).await;
        let path = format!("/crm/clients/imports/{}", made["id"]);
        program.put(&path, json!({})).await;
        until("the rows are checked", async || program.get(&path).await["state"] == "checked").await;
        program.post(&format!("{path}/start"), json!({ "bad_rows": "refuse" })).await;
        loop {
            let import = program.get(&path).await;
            assert_eq!(import["state"], "running", "it was quicker than this: {import}");
            if import["position"].as_i64() > Some(0) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        workspace.torn_import = Some(path);
    }
}

/// A small picture.
fn picture() -> Vec<u8> {
    let pixels =
        image::RgbImage::from_fn(24, 16, |x, y| image::Rgb([if (x + y) % 8 < 4 { 20 } else { 200 }, 90, 90]));
    let mut png = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
