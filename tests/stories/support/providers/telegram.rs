//! A tenant's bot: the simulated API, and the updates of its clients.

use aloqa::{
    domain::ChannelId,
    error::Result,
    providers::{
        FieldValues,
        telegram::{BOT_TOKEN, Bot, BotHealth, NAME, SECRET_HEADER, WEBHOOK_PATH},
    },
    services::{ChannelContext, Services},
    simulator::SimulatedBot,
};
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{
    Company, TestEnv,
    http::{TestRequest, TestResponse, Visitor},
};

pub const WEBHOOK: &str = "/tg/webhook";

/// The token of a tenant's bot.
pub fn bot_token(company: &Company) -> String {
    format!("{}:bot-token-of-{}", 9_000_000 + company.id().0, company.tenant.slug)
}

/// Connects a tenant to the bot of a token.
pub async fn add_bot(services: &Services, company: &Company, token: &str) -> Result<ChannelId> {
    let mut values = FieldValues::default();
    values.set(BOT_TOKEN, token);
    services.channels.connect_as_operator(company.id(), &NAME, &values).await
}

/// The state of a tenant's only bot, as Telegram answers.
pub async fn bot_health(services: &Services, company: &Company) -> BotHealth {
    let (_, token) = services.channels.list_with_secrets(company.id()).await.unwrap().remove(0);
    let dependencies = services.dependencies();
    let bot = Bot::new(dependencies.http.clone(), dependencies.api_urls.get(&NAME), &token);
    BotHealth::of(&bot, &dependencies.public_url.join(WEBHOOK_PATH).unwrap()).await
}

impl TestEnv {
    /// Connects a tenant to its own bot at the simulator.
    pub async fn connect_bot(&self, company: &Company) -> ChannelContext {
        let token = bot_token(company);
        self.bots.add_bot(&token, &format!("{}_bot", company.tenant.slug));
        let id = add_bot(&self.services, company, &token).await.unwrap();
        let sealed = company.read().await.channels().get(id).await.unwrap().unwrap();
        ChannelContext { tenant: company.tenant.clone(), channel: sealed.channel }
    }

    /// The simulator's state of a tenant's bot.
    pub fn bot_of(&self, company: &Company) -> SimulatedBot {
        self.bots.bot(&bot_token(company)).unwrap()
    }

    /// The secret that authenticates the updates of a tenant's bot.
    pub fn secret_of(&self, company: &Company) -> String {
        self.bot_of(company).webhook.unwrap().secret_token
    }
}

/// A Telegram account.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub id: i64,
    pub first: &'static str,
    pub username: &'static str,
}

pub const NODIRA: Account = Account { id: 5_123_456_789, first: "Nodira", username: "nodira_s" };
pub const DMITRY: Account = Account { id: 6_999_888_777, first: "Дмитрий", username: "d_sokolov" };

impl Account {
    /// A message with these fields besides those that every message has.
    pub fn message(&self, number: i64, fields: &Value) -> Value {
        let person =
            json!({ "id": self.id, "is_bot": false, "first_name": self.first, "username": self.username });
        let chat =
            json!({ "id": self.id, "type": "private", "first_name": self.first, "username": self.username });
        let mut message =
            json!({ "message_id": number, "from": person, "chat": chat, "date": 1_772_442_000 });
        for (name, value) in fields.as_object().unwrap() {
            message[name] = value.clone();
        }
        message
    }

    /// A text message; the update has the message's number too.
    pub fn text_update(&self, number: i64, text: &str) -> Value {
        self.message_update(number, &json!({ "text": text }))
    }

    /// The message that Telegram sends for a user who opened a link with a code.
    pub fn start_update(&self, number: i64, code: &str) -> Value {
        let entities = json!([{ "type": "bot_command", "offset": 0, "length": 6 }]);
        self.message_update(number, &json!({ "text": format!("/start {code}"), "entities": entities }))
    }

    pub fn message_update(&self, number: i64, fields: &Value) -> Value {
        json!({ "update_id": number, "message": self.message(number, fields) })
    }

    /// An edit of a message, at this second.
    pub fn edit_update(&self, update: i64, number: i64, at: i64, text: &str) -> Value {
        let message = self.message(number, &json!({ "text": text, "edit_date": at }));
        json!({ "update_id": update, "edited_message": message })
    }
}

impl Visitor {
    /// An update with this secret.
    pub fn update(&self, secret: &str, update: &Value) -> TestRequest {
        self.ask(Method::POST, WEBHOOK).json_body(update.clone()).header(SECRET_HEADER, secret)
    }

    /// Posts an update with this secret.
    pub async fn updates(&self, secret: &str, update: &Value) -> TestResponse {
        self.update(secret, update).send().await
    }

    /// Posts an update, which must be accepted.
    pub async fn post_telegram_update(&self, secret: &str, update: &Value) {
        self.updates(secret, update).await.is(200);
    }
}
