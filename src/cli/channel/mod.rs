//! `aloqa channel add`.

mod telegram;
mod twilio;

use clap::Subcommand;

use crate::{config::Config, error::Result};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Connect a provider
    #[command(subcommand)]
    Add(Add),
}

#[derive(Debug, Subcommand)]
pub(super) enum Add {
    /// Connect a Twilio account; at least one sender is required
    Twilio(twilio::Twilio),
    /// Connect a Telegram bot, and set its webhook to this server
    Telegram(telegram::Telegram),
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    match command {
        Command::Add(Add::Twilio(arguments)) => twilio::run(arguments, config, json).await,
        Command::Add(Add::Telegram(arguments)) => telegram::run(arguments, config, json).await,
    }
}
