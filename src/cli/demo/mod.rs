//! `aloqa demo`: the whole product with a temporary database and simulators of Twilio and Telegram.

mod lock;
mod samples;
mod seed;
mod stories;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::cli::{demo::lock::DemoLock, output, serve};
use crate::{
    config::Config,
    error::{AppError, Result},
    providers::{registration, telegram, twilio},
    services::Services,
    simulator::{BotSimulator, Pace, Settings, Simulator, page::paths},
};

/// The configuration file that tells other commands how to reach the running demo. It also marks a
/// folder as created by the demo.
const CONFIG_FILE: &str = "aloqa.toml";

pub(super) async fn run(config: Config, json: bool) -> Result<()> {
    let folder = config.data_dir.join("demo");
    // A configured database is used, so that the demo also runs on PostgreSQL; otherwise a
    // temporary one is created.
    let throw_away = !config.has_database_url();
    let mut lock = if throw_away { Some(DemoLock::acquire(&config.data_dir)?) } else { None };
    let listener = serve::bind(config.listen, "ALOQA_LISTEN").await?;
    let metrics = serve::bind_metrics(&config).await?;
    let mut config = if throw_away { config.in_directory(empty_directory(&folder)?) } else { config };
    config.listen = listener.local_addr().map_err(AppError::internal)?;
    if config.public_url == default_url(SocketAddr::from(([127, 0, 0, 1], 8080)))? {
        config.public_url = default_url(config.listen)?;
    }

    let stop = CancellationToken::new();
    serve::stop_on_signal(stop.clone())?;
    let twilio_api = TcpListener::bind(("127.0.0.1", 0)).await.map_err(AppError::internal)?;
    let telegram_api = TcpListener::bind(("127.0.0.1", 0)).await.map_err(AppError::internal)?;
    for (provider, simulator) in [(twilio::NAME, &twilio_api), (telegram::NAME, &telegram_api)] {
        let url = format!("http://{}", simulator.local_addr().map_err(AppError::internal)?);
        config.api_urls.set(provider, url.parse().map_err(AppError::internal)?);
    }
    let services = crate::cli::ready(&config).await?;
    let bots = BotSimulator::default();
    register_bots(&bots, &services).await?;
    let (serving, stop_bots) = (bots.clone(), stop.clone());
    tokio::spawn(async move { serving.serve(telegram_api, stop_bots).await });
    let simulator = simulator(&config, &services)?;
    let logins = seed::seed(&services, &simulator, &bots).await?;
    register_accounts(&simulator, &services).await?;
    let services = services.with_simulators(simulator.clone(), bots);
    let stop_simulator = stop.clone();
    tokio::spawn(async move { simulator.serve(twilio_api, stop_simulator).await });
    seed::confirm_channels(&services).await?;

    if let Some(lock) = &mut lock {
        lock.write(config.public_url.as_str())?;
        fs::write(folder.join(CONFIG_FILE), config_text(&config)?).map_err(AppError::internal)?;
    }
    print_logins(&config, &logins, throw_away, json)?;
    let served = serve::serve(services, listener, metrics, None, stop).await;
    if let Some(lock) = lock {
        // If the folder cannot be removed now, the next demo replaces it.
        let _ = fs::remove_dir_all(&folder);
        lock.release();
    }
    served
}

/// Returns the configuration of the running demo if there is one, no database is configured, and
/// the default database does not exist.
pub(super) fn running_demo(config: Config) -> Config {
    let folder = config.data_dir.join("demo");
    let pointer = folder.join(CONFIG_FILE);
    if config.has_database_url() || config.data_dir.join("aloqa.db").exists() || !pointer.exists() {
        return config;
    }
    // The environment takes precedence over the file, so the data directory has to be replaced
    // explicitly.
    Config::load(Some(&pointer)).map_or(config, |demo| demo.in_directory(folder))
}

/// Creates an empty folder, replacing that of an earlier demo. A folder that was not created by the
/// demo is not touched.
fn empty_directory(folder: &Path) -> Result<PathBuf> {
    let failed = |error| AppError::path(folder, &error);
    if folder.exists() {
        let ours =
            folder.join(CONFIG_FILE).exists() || fs::read_dir(folder).map_err(failed)?.next().is_none();
        if !ours {
            let text = format!("{} is in the way: it was not made by a demo", folder.display());
            return Err(AppError::internal(text));
        }
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    // The file marks the folder as the demo's, even if this demo fails to start.
    fs::write(folder.join(CONFIG_FILE), "").map_err(failed)?;
    folder.canonicalize().map_err(failed)
}

fn config_text(config: &Config) -> Result<String> {
    let text = |key: &str, value: &str| format!("{key} = {}\n", json!(value));
    let folder =
        config.data_dir.to_str().ok_or_else(|| AppError::internal("the data directory is not UTF-8"))?;
    Ok([
        text("listen", &config.listen.to_string()),
        text("public_url", config.public_url.as_str()),
        text("data_dir", folder),
        text("database_url", secrecy::ExposeSecret::expose_secret(&config.database_url())),
    ]
    .concat())
}

fn default_url(listen: SocketAddr) -> Result<Url> {
    format!("http://localhost:{}", listen.port()).parse().map_err(AppError::internal)
}

/// Creates the simulator of Twilio's API.
fn simulator(config: &Config, services: &Services) -> Result<Simulator> {
    let post_to = format!("http://{}", crate::cli::simulate::local(config.listen))
        .parse()
        .map_err(AppError::internal)?;
    let settings =
        Settings { public_url: config.public_url.clone(), post_to: Some(post_to), pace: Pace::REALISTIC };
    Ok(Simulator::new(settings, services.dependencies().http.clone()))
}

/// Registers the accounts of all Twilio channels with the simulator.
async fn register_accounts(simulator: &Simulator, services: &Services) -> Result<()> {
    for tenant in services.tenants.list().await? {
        for (channel, token) in services.channels.list_with_secrets(tenant.id).await? {
            if channel.provider == twilio::NAME {
                simulator.add_account(&channel.account, token);
            }
            if let Some(number) = channel.address(twilio::WHATSAPP_NUMBER) {
                simulator.add_whatsapp_sender(&channel.account, number);
            }
        }
    }
    Ok(())
}

/// Registers the Telegram bots of an earlier demo with the simulator.
async fn register_bots(simulator: &BotSimulator, services: &Services) -> Result<()> {
    for tenant in services.tenants.list().await? {
        for (channel, token) in services.channels.list_with_secrets(tenant.id).await? {
            if let Some(username) = (registration(&channel.provider).username)(&channel) {
                simulator.add_bot(secrecy::ExposeSecret::expose_secret(&token), username);
            }
        }
    }
    Ok(())
}

/// A user to sign in as.
struct DemoLogin {
    tenant: &'static str,
    slug: &'static str,
    email: &'static str,
    password: SecretString,
}

fn print_logins(config: &Config, logins: &[DemoLogin], throw_away: bool, json: bool) -> Result<()> {
    let url = config.public_url.as_str().trim_end_matches('/');
    let password = |login: &DemoLogin| secrecy::ExposeSecret::expose_secret(&login.password).to_owned();
    let row = |login: &DemoLogin| {
        format!("  {:<24} e-mail {:<30} password {}", login.tenant, login.email, password(login))
    };
    let rows = logins.iter().map(row).collect::<Vec<_>>().join("\n");
    let phones = paths::Simulator;
    let slug = logins.first().map_or("", |login| login.slug);
    let end = if throw_away {
        "Ctrl+C stops it and throws its data away."
    } else {
        "Ctrl+C stops it; its data stay in the database."
    };
    let text = format!(
        "Aloqa's demo is at {url}\n\nSign in with\n{rows}\n\nThe phones of clients, for administrators: {url}{phones}\nOr write as a client from a second terminal:\n  aloqa \
         simulate sms --tenant {slug} --from +998901234567 \"Assalomu alaykum!\"\n  aloqa simulate telegram --tenant {slug} --from nodira_s \"Salom!\"\n(with cargo: \
         cargo run --release -- simulate sms …)\n\n{end}"
    );
    let value = json!({
        "url": url,
        "simulator": format!("{url}{phones}"),
        "users": logins.iter().map(|login| json!({
            "tenant": login.slug, "email": login.email, "password": password(login),
        })).collect::<Vec<_>>(),
    });
    output::result(json, &text, &value)
}
