//! `aloqa simulate`: plays a client's phone by posting a signed webhook to the running server.

pub(super) mod telegram;

use clap::{Args, Subcommand};
use reqwest::StatusCode;
use serde_json::json;
use url::Url;
use uuid::Uuid;

use crate::cli::{demo, lookup, output};
use crate::{
    config::Config,
    domain::{Channel, PhoneNumber, Transport},
    error::{AppError, Result},
    providers::{
        sender,
        twilio::{post_signed, webhook::INBOUND_PATH},
    },
    simulator::twilio_form,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// A text message
    Sms(Message),
    /// A WhatsApp message
    Whatsapp(Message),
    /// A Telegram message
    Telegram(telegram::Message),
}

#[derive(Debug, Args)]
pub(super) struct Message {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The sender's number
    #[arg(long, value_name = "+…")]
    from: String,
    /// The text of the message
    text: String,
}

pub(super) async fn run(command: Command, config: Config, json: bool) -> Result<()> {
    let (transport, message) = match command {
        Command::Telegram(message) => return telegram::run(message, config, json).await,
        Command::Sms(message) => (Transport::Sms, message),
        Command::Whatsapp(message) => (Transport::Whatsapp, message),
    };
    let config = demo::running_demo(config);
    lookup::check_exists(&config)?;
    let services = config.services().await?;
    let tenant = lookup::workspace(&services, &message.tenant).await?;
    let from = PhoneNumber::parse(&message.from, tenant.country).map_err(|p| AppError::invalid("from", p))?;
    let channels = services.channels.list_with_secrets(tenant.id).await?;
    let carries = |channel: &Channel| sender(channel, transport).is_some();
    let (channel, token) = channels
        .into_iter()
        .find(|(channel, _)| carries(channel))
        .ok_or_else(|| no_channel(tenant.slug.as_str(), transport))?;
    let sid = format!("SM{}", Uuid::new_v4().simple());
    let form = twilio_form(&channel, transport, from.as_str(), &message.text, &sid, &[]);
    let path = INBOUND_PATH;
    let signed_for = config.public_url.join(path).map_err(AppError::internal)?;
    let local: Url = format!("http://{}{path}", local(config.listen)).parse().map_err(AppError::internal)?;
    let response = post_signed(&services.dependencies().http, &token, &signed_for, &local, &form).await;
    let status = answered(response.map(|response| response.status()), &local)?;
    output::result(json, &sid, &json!({ "message_sid": sid, "status": status.as_u16() }))
}

/// Checks that the server accepted the webhook.
fn answered(answer: reqwest::Result<StatusCode>, local: &Url) -> Result<StatusCode> {
    let status = answer.map_err(|error| {
        AppError::internal(format!("the server does not answer at {local} ({error}); is it running?"))
    })?;
    if !status.is_success() {
        return Err(AppError::internal(format!(
            "the server at {local} answered {status}; is it another one than that of this database?"
        )));
    }
    Ok(status)
}

fn no_channel(slug: &str, transport: Transport) -> AppError {
    AppError::internal(format!("{slug} has no channel for {}", transport.as_str()))
}

/// The address for connecting to the server from this machine: the unspecified address is replaced
/// by a loopback one.
pub(super) fn local(listen: std::net::SocketAddr) -> std::net::SocketAddr {
    let mut local = listen;
    if listen.ip().is_unspecified() {
        local.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    local
}
