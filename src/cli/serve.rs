//! `aloqa serve`: the web server and the background workers, until a signal stops it.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    backup::Schedule,
    config::Config,
    error::{AppError, Result, io_text},
    metrics::Metrics,
    persistence::RowLevelSecurity,
    presentation::{self, AppState},
    server::{self, Limits, ServerOptions},
    services::{Dependencies, Services},
    simulator,
};

/// The time after the signal when open connections are closed.
const DRAIN: Duration = Duration::from_secs(20);
/// The maximum number of connections to the address of metrics.
const METRICS_CONNECTIONS: usize = 32;

pub(super) async fn run(config: Config) -> Result<()> {
    let services = crate::cli::ready(&config).await?;
    services.channels.check_key().await?;
    let listener = bind(config.listen, "ALOQA_LISTEN").await?;
    let metrics = bind_metrics(&config).await?;
    let listen = listener.local_addr().map_err(AppError::internal)?;
    tracing::info!(%listen, public_url = %config.public_url, "serving");
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    serve(services, listener, metrics, config.backup_schedule(), stop).await
}

/// Listens on the address of a setting.
///
/// # Errors
/// [`AppError::Internal`] with the address if it is used already, or is none of this machine.
pub(super) async fn bind(address: SocketAddr, setting: &str) -> Result<TcpListener> {
    let failed = |error| {
        let why = io_text(&error);
        AppError::internal(format!("cannot listen on {address}: {why}; set {setting} to another address"))
    };
    TcpListener::bind(address).await.map_err(failed)
}

/// Listens on the address of metrics; `None` if they are not served.
///
/// # Errors
/// Those of [`bind`].
pub(super) async fn bind_metrics(config: &Config) -> Result<Option<TcpListener>> {
    match config.metrics_listen {
        Some(address) => bind(address, "ALOQA_METRICS_LISTEN").await.map(Some),
        None => Ok(None),
    }
}

/// Serves until `stop` is cancelled, then ends live streams, finishes requests and deliveries, and
/// closes the database.
pub(super) async fn serve(
    services: Services,
    listener: TcpListener,
    metrics: Option<TcpListener>,
    backups: Option<Schedule>,
    stop: CancellationToken,
) -> Result<()> {
    let database = services.dependencies().database.clone();
    if database.row_level_security().await? == RowLevelSecurity::Bypassed {
        tracing::warn!("the database role bypasses row-level security; `aloqa doctor` says what to mend");
    }
    let tasks = TaskTracker::new();
    tasks.spawn(services.workers(presentation::notification_text).run(stop.clone()));
    if let Some(schedule) = backups {
        let (dependencies, until) = (services.dependencies().clone(), stop.clone());
        tasks.spawn(async move {
            let Dependencies { database, storage, clock, .. } = &dependencies;
            schedule.run(database, storage, clock, until).await;
        });
    }
    tasks.close();

    let options = ServerOptions {
        limits: Limits::of_process(),
        trusted_proxies: services.dependencies().trusted_proxies.clone(),
        is_essential: presentation::is_essential,
        drain: DRAIN,
        metrics: services.dependencies().metrics.clone(),
    };
    if let Some(listener) = metrics {
        let options = ServerOptions {
            limits: Limits::of(METRICS_CONNECTIONS),
            metrics: Metrics::default(),
            ..options.clone()
        };
        let app = presentation::metrics_app(services.clone());
        tokio::spawn(server::serve(listener, app, options, stop.clone()));
    }
    let app = presentation::app(simulator::register(AppState::new(services, stop.clone())));
    server::serve(listener, app, options, stop).await;
    tasks.wait().await;
    database.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Cancels `stop` on SIGTERM or SIGINT.
pub(super) fn stop_on_signal(stop: CancellationToken) -> Result<()> {
    #[cfg(unix)]
    let mut terminate =
        signal::unix::signal(signal::unix::SignalKind::terminate()).map_err(AppError::internal)?;
    tokio::spawn(async move {
        #[cfg(unix)]
        let terminated = terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<Option<()>>();
        tokio::select! {
            _ = terminated => {}
            _ = signal::ctrl_c() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    Ok(())
}
