//! `aloqa channel add twilio`.

use std::env;

use clap::Args;
use secrecy::SecretString;
use serde_json::json;

use crate::{
    cli::output,
    config::Config,
    domain::{FieldErrors, Problem, Tenant},
    error::{AppError, Result},
    providers::twilio::{
        ids::{parse_sid, parse_sms_sender, parse_whatsapp_sender},
        webhook::INBOUND_PATH,
    },
    services::NewTwilioChannel,
};

#[derive(Debug, Args)]
pub(crate) struct Twilio {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
    /// The account's SID
    #[arg(long, value_name = "AC…")]
    account_sid: String,
    /// The environment variable that contains the auth token
    #[arg(long, value_name = "VAR")]
    auth_token_env: String,
    /// The number or short code for SMS
    #[arg(long, value_name = "+…")]
    sms_number: Option<String>,
    /// The WhatsApp sender
    #[arg(long, value_name = "+…")]
    whatsapp_number: Option<String>,
    /// The Messaging Service for SMS
    #[arg(long, value_name = "MG…")]
    messaging_service_sid: Option<String>,
}

pub(super) async fn run(twilio: Twilio, config: &Config, json: bool) -> Result<()> {
    let services = crate::cli::ready(config).await?;
    let tenant = services.tenants.by_slug(&twilio.tenant).await?;
    let channel = parse(&twilio, &tenant)?;
    let id = services.channels.add_twilio(tenant.id, channel).await?;
    let base = config.public_url.as_str().trim_end_matches('/');
    output::print_error(&format!("Twilio is to post inbound messages to {base}{INBOUND_PATH}"));
    output::result(json, &id.to_string(), &json!({ "id": id }))
}

fn parse(twilio: &Twilio, tenant: &Tenant) -> Result<NewTwilioChannel> {
    let mut errors = FieldErrors::default();
    let account_sid = errors.check("account_sid", parse_sid("AC", &twilio.account_sid));
    let service = twilio.messaging_service_sid.as_deref().map(|text| parse_sid("MG", text)).transpose();
    let messaging_service_sid = errors.check("messaging_service_sid", service).flatten();
    let sms = twilio.sms_number.as_deref().map(|text| parse_sms_sender(text, tenant.country)).transpose();
    let sms_number = errors.check("sms_number", sms).flatten();
    let whatsapp = twilio.whatsapp_number.as_deref().map(|text| parse_whatsapp_sender(text, tenant.country));
    let whatsapp_number = errors.check("whatsapp_number", whatsapp.transpose()).flatten();
    let token = env::var(&twilio.auth_token_env).ok().filter(|token| !token.is_empty());
    let auth_token = errors.check("auth_token_env", token.map(SecretString::from).ok_or(Problem::Required));
    if sms_number.is_none()
        && whatsapp_number.is_none()
        && messaging_service_sid.is_none()
        && errors.is_empty()
    {
        errors.push("sms_number", Problem::Required);
    }
    match (account_sid, auth_token) {
        (Some(account_sid), Some(auth_token)) if errors.is_empty() => Ok(NewTwilioChannel {
            account_sid,
            auth_token,
            sms_number,
            whatsapp_number,
            messaging_service_sid,
        }),
        _ => Err(AppError::from(errors)),
    }
}
