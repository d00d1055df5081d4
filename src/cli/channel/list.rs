//! `aloqa channel list`.

use clap::Args;
use serde_json::json;

use crate::{
    cli::{lookup, output},
    config::Config,
    domain::Channel,
    error::Result,
};

#[derive(Debug, Args)]
pub(crate) struct List {
    /// The workspace's slug
    #[arg(long)]
    tenant: String,
}

pub(super) async fn run(arguments: List, config: &Config, json: bool) -> Result<()> {
    let services = lookup::existing(config).await?;
    let tenant = lookup::workspace(&services, &arguments.tenant).await?;
    let channels = services.channels.of_tenant(tenant.id).await?;
    let addresses = |channel: &Channel| {
        channel.addresses.iter().map(|(_, address)| address.to_owned()).collect::<Vec<_>>()
    };
    let row = |channel: &Channel| {
        let addresses = addresses(channel).join(" ");
        let (provider, state) = (channel.provider.as_str(), channel.state().as_str());
        format!("{}\t{provider}\t{}\t{addresses}\t{state}", channel.id, channel.account)
    };
    let value = |channel: &Channel| {
        json!({
            "id": channel.id,
            "provider": channel.provider.as_str(),
            "account": channel.account,
            "addresses": addresses(channel),
            "state": channel.state().as_str(),
            "proven": channel.proven_at.is_some(),
            "created_at": channel.created_at,
            "last_webhook_at": channel.last_webhook_at,
        })
    };
    let text = channels.iter().map(row).collect::<Vec<_>>().join("\n");
    output::result(json, &text, &channels.iter().map(value).collect())
}
