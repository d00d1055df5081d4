//! The command line: one file per command. Results go to standard output, everything else to standard error.

mod channel;
mod demo;
mod doctor;
mod migrate;
mod output;
mod serve;
mod simulate;
mod tenant;
mod token;
mod user;

use std::{io::IsTerminal as _, path::PathBuf, process::ExitCode, str::FromStr};

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    config::{Config, LogFormat},
    domain::{Email, Locale, Problem},
    error::{AppError, Result},
    presentation::i18n,
    services::Services,
};

/// A multi-tenant CRM with a shared inbox for SMS, WhatsApp and Telegram.
///
/// Configuration comes from ALOQA_… environment variables or from aloqa.toml. Secrets are read from standard input or
/// from a named environment variable, never from an argument.
#[derive(Debug, Parser)]
#[command(name = "aloqa", version, propagate_version = true)]
struct Arguments {
    /// The configuration file [default: aloqa.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print results as JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database if needed, then serve until SIGTERM or SIGINT
    Serve,
    /// Serve a throw-away database with two companies, clients, chats, a simulated Twilio and a simulated Telegram
    Demo,
    /// Migrate the database and exit
    Migrate,
    /// Create and list workspaces
    #[command(subcommand)]
    Tenant(tenant::Command),
    /// Create users and reset their passwords
    #[command(subcommand)]
    User(user::Command),
    /// Create API tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Connect channels
    #[command(subcommand)]
    Channel(channel::Command),
    /// Post correctly signed webhooks to the running server
    #[command(subcommand)]
    Simulate(simulate::Command),
    /// Check configuration, database, channels and public URL, and explain what to fix
    Doctor,
}

/// Runs the command of the arguments. Exit status: 0 success, 1 failure, 2 wrong usage.
pub async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(error) => return failed(&error),
    };
    start_logs(&config);
    match execute(arguments, config).await {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

async fn execute(arguments: Arguments, config: Config) -> Result<ExitCode> {
    let json = arguments.json;
    match arguments.command {
        Command::Serve => serve::run(config).await?,
        Command::Demo => demo::run(config, json).await?,
        Command::Migrate => migrate::run(&config, json).await?,
        Command::Tenant(command) => tenant::run(command, &config, json).await?,
        Command::User(command) => user::run(command, &config, json).await?,
        Command::Token(command) => token::run(command, &config, json).await?,
        Command::Channel(command) => channel::run(command, &config, json).await?,
        Command::Simulate(command) => simulate::run(command, config, json).await?,
        Command::Doctor => return doctor::run(&config, json).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Parses the value of an option by the rules of the domain, so that an invalid value is reported
/// as wrong usage.
fn parsed<T: FromStr<Err = Problem>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|problem| i18n(Locale::En).problem(&problem).into_owned())
}

/// Like [`parsed`], for an e-mail address.
fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|problem| i18n(Locale::En).problem(&problem).into_owned())
}

/// Opens the services on a database whose schema is up to date.
async fn ready(config: &Config) -> Result<Services> {
    let services = config.services().await?;
    services.dependencies().database.migrate().await?;
    Ok(services)
}

fn failed(error: &AppError) -> ExitCode {
    output::print_error(&format!("aloqa: {}", output::describe(error)));
    ExitCode::FAILURE
}

fn start_logs(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|error| {
        output::print_error(&format!("aloqa: ALOQA_LOG is not understood ({error}); logging at info"));
        EnvFilter::new("info")
    });
    let coloured = std::io::stderr().is_terminal();
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(coloured).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Pretty => logs.with_target(false).init(),
        LogFormat::Json => logs.json().flatten_event(true).init(),
    }
}
