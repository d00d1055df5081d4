//! `aloqa simulate telegram`: plays a client's Telegram account.

use clap::Args;
use serde_json::json;
use url::Url;

use crate::cli::simulate::{answered, local, no_channel};
use crate::{
    cli::{demo, lookup, output},
    config::Config,
    domain::{ContactType, ContactValue, Transport},
    error::{AppError, Result},
    providers::{
        sender,
        telegram::{Bot, WEBHOOK_PATH},
    },
    simulator::{TelegramAccount, telegram_update},
};

#[derive(Debug, Args)]
pub(crate) struct Message {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The sender's username; a username always has the same account
    #[arg(long, value_name = "USERNAME")]
    from: String,
    /// The text of the message; `/start CODE` is what Telegram sends when a client follows an
    /// invite link
    text: String,
}

pub(super) async fn run(message: Message, config: Config, json: bool) -> Result<()> {
    let config = demo::running_demo(config);
    lookup::check_exists(&config)?;
    let services = config.services().await?;
    let tenant = lookup::workspace(&services, &message.tenant).await?;
    let username = ContactValue::parse(ContactType::Telegram, &message.from, tenant.country)
        .map_err(|problem| AppError::invalid("from", problem))?;
    let channels = services.channels.list_with_secrets(tenant.id).await?;
    let (channel, _) = channels
        .into_iter()
        .find(|(channel, _)| sender(channel, Transport::Telegram).is_some())
        .ok_or_else(|| no_channel(tenant.slug.as_str(), Transport::Telegram))?;
    let secret = services.channels.webhook_token_of(tenant.id, channel.id).await?;
    let path = WEBHOOK_PATH;
    let to: Url = format!("http://{}{path}", local(config.listen)).parse().map_err(AppError::internal)?;
    let now = services.dependencies().clock.now().timestamp();
    let update =
        telegram_update(&TelegramAccount::of_username(username.value()), now, &message.text, &json!({}));
    let answer = Bot::post_update(&services.dependencies().http, &to, &secret, &update).await;
    let status = answered(answer.map(|answer| answer.status()), &to)?;
    let id = &update["update_id"];
    output::result(json, &id.to_string(), &json!({ "update_id": id, "status": status.as_u16() }))
}
