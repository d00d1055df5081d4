//! `aloqa channel add twilio`.

use clap::Args;
use serde_json::json;

use crate::{
    cli::{channel::secret_variable, lookup, output},
    config::Config,
    domain::{FieldErrors, Problem, Tenant},
    error::Result,
    providers::{
        FieldRole, FieldValues, registration,
        twilio::{self, webhook::INBOUND_PATH},
    },
};

#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("senders").required(true).multiple(true)
        .args(["sms_number", "whatsapp_number", "messaging_service_sid"]),
    after_help = "Example:\n  TOKEN=… aloqa channel add twilio --tenant acme --account-sid AC… --auth-token-env TOKEN --sms-number +998712000001"
)]
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

pub(super) async fn run(arguments: Twilio, config: &Config, json: bool) -> Result<()> {
    let token = secret_variable("--auth-token-env", &arguments.auth_token_env)?;
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &arguments.tenant).await?;
    let values = parse(&arguments, &token, &tenant)?;
    let id = services.channels.connect_as_operator(tenant.id, &twilio::NAME, &values).await?;
    let base = config.public_url.as_str().trim_end_matches('/');
    output::print_error(&format!("Twilio is to post inbound messages to {base}{INBOUND_PATH}"));
    let is_proven = services.channels.is_proven(tenant.id, id).await?;
    if !is_proven {
        output::print_error(
            "The account and its token are not confirmed yet: a test on the channel's page or a sent message confirms \
             them",
        );
    }
    output::result(json, &id.to_string(), &json!({ "id": id, "proven": is_proven }))
}

fn parse(arguments: &Twilio, token: &str, tenant: &Tenant) -> Result<FieldValues> {
    let given = |name| match name {
        twilio::ACCOUNT_SID => Some(arguments.account_sid.as_str()),
        twilio::AUTH_TOKEN => Some(token),
        twilio::SMS_NUMBER => arguments.sms_number.as_deref(),
        twilio::WHATSAPP_NUMBER => arguments.whatsapp_number.as_deref(),
        twilio::MESSAGING_SERVICE => arguments.messaging_service_sid.as_deref(),
        _ => None,
    };
    let registration = registration(&twilio::NAME);
    let (mut values, mut errors) = (FieldValues::default(), FieldErrors::default());
    for field in registration.fields {
        let parsed = match (given(field.name), field.role) {
            (Some(token), FieldRole::Secret) => Ok(token.to_owned()),
            (Some(text), _) => (field.parse)(text, tenant.country),
            (None, FieldRole::Address) => continue,
            (None, _) => Err(Problem::Required),
        };
        // The command has the name of a variable instead of the secret.
        let name = if field.role == FieldRole::Secret { "auth_token_env" } else { field.name };
        if let Some(value) = errors.check(name, parsed) {
            values.set(field.name, value);
        }
    }
    Ok(errors.or(values)?)
}
