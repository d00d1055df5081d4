//! `aloqa simulate telegram`: plays a client's Telegram.

use clap::Args;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{answered, local, no_channel};
use crate::{
    cli::{demo, output},
    config::Config,
    domain::{ContactType, ContactValue, Transport},
    error::{AppError, Result},
    presentation::routes,
    providers::{sender, telegram::Bot},
};

#[derive(Debug, Args)]
pub(crate) struct Message {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The username of the account that it comes from; always the same account for a name
    #[arg(long, value_name = "USERNAME")]
    from: String,
    /// What it says; `/start CODE` is what a link with a code makes Telegram send
    text: String,
}

pub(super) async fn run(message: Message, config: Config, json: bool) -> Result<()> {
    let config = demo::running_demo(config);
    let services = config.services().await?;
    let tenant = services.tenants.by_slug(&message.tenant).await?;
    let username = ContactValue::parse(ContactType::Telegram, &message.from, tenant.country)
        .map_err(|problem| AppError::invalid("from", problem))?;
    let channels = services.channels.with_secrets(tenant.id).await?;
    let (channel, _) = channels
        .into_iter()
        .find(|(channel, _)| sender(channel, Transport::Telegram).is_some())
        .ok_or_else(|| no_channel(tenant.slug.as_str(), Transport::Telegram))?;
    let secret = services.channels.webhook_secret_of(tenant.id, channel.id).await?;
    let path = routes::TelegramWebhook.to_string();
    let to: Url = format!("http://{}{path}", local(config.listen)).parse().map_err(AppError::internal)?;
    let now = services.foundation().clock.now().timestamp();
    let update = update(username.value(), &message.text, now);
    let answer = Bot::post_update(&services.foundation().http, &to, &secret, &update).await;
    let status = answered(answer, &to)?;
    let id = &update["update_id"];
    output::result(json, &id.to_string(), &json!({ "update_id": id, "status": status.as_u16() }))
}

/// The number of the account that is simulated for a name.
pub(crate) fn account(username: &str) -> i64 {
    let hash = Sha256::digest(username.to_lowercase());
    let number = hash.iter().take(4).fold(0, |number, byte| number << 8 | i64::from(*byte));
    // Not one that ends in 0000, which the simulator plays as blocked.
    5_000_000_001 + number - number % 10
}

/// An update as Telegram posts it.
fn update(username: &str, text: &str, date: i64) -> Value {
    let (id, name) = (account(username), display_name(username));
    let mut message = json!({
        "message_id": rand::random_range(1..i64::from(i32::MAX)),
        "from": { "id": id, "is_bot": false, "first_name": name, "username": username, "language_code": "uz" },
        "chat": { "id": id, "type": "private", "first_name": name, "username": username },
        "date": date,
        "text": text,
    });
    if text == "/start" || text.starts_with("/start ") {
        message["entities"] = json!([{ "type": "bot_command", "offset": 0, "length": 6 }]);
    }
    json!({ "update_id": rand::random_range(1..i64::from(i32::MAX)), "message": message })
}

/// `aziza_k` is called Aziza K.
fn display_name(username: &str) -> String {
    let words = username.split('_').filter(|word| !word.is_empty()).map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    });
    words.collect::<Vec<_>>().join(" ")
}
