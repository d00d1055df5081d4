//! `aloqa channel add` and `aloqa channel list`.

mod list;
mod telegram;
mod twilio;

use clap::Subcommand;

use crate::{
    config::Config,
    error::{AppError, Result},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Connect a provider
    #[command(subcommand)]
    Add(Add),
    /// List the channels of a workspace with their state, without secrets
    List(list::List),
}

#[derive(Debug, Subcommand)]
pub(super) enum Add {
    /// Connect a Twilio account; at least one sender is required
    Twilio(twilio::Twilio),
    /// Connect a Telegram bot, and set its webhook to this server
    Telegram(telegram::Telegram),
}

/// Reads a secret from the environment variable that an option names.
///
/// # Errors
/// [`AppError::Internal`] if the variable is not set, without the name if that could be the secret itself.
fn secret_variable(option: &str, name: &str) -> Result<String> {
    let value =
        std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    value.ok_or_else(|| {
        let is_name = name.len() <= 32 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        AppError::internal(if is_name {
            format!("the environment variable {name} is not set")
        } else {
            format!("{option} expects the name of an environment variable, such as TOKEN, and not the secret itself")
        })
    })
}

pub(super) async fn run(command: Command, config: &Config, json: bool) -> Result<()> {
    match command {
        Command::List(arguments) => list::run(arguments, config, json).await,
        Command::Add(Add::Twilio(arguments)) => twilio::run(arguments, config, json).await,
        Command::Add(Add::Telegram(arguments)) => telegram::run(arguments, config, json).await,
    }
}
