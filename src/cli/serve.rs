//! `aloqa serve`: the web server and the background workers, until a signal stops it.

use std::time::Duration;

use tokio::{net::TcpListener, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    backup::Schedule,
    config::Config,
    error::{AppError, Result},
    persistence::RowLevelSecurity,
    presentation::{self, AppState},
    server::{self, Limits},
    services::{Dependencies, Services},
    simulator,
};

/// The time after the signal when open connections are closed.
const DRAIN: Duration = Duration::from_secs(20);

pub(super) async fn run(config: Config) -> Result<()> {
    let services = config.services().await?;
    services.dependencies().database.migrate().await?;
    let listener = TcpListener::bind(config.listen).await.map_err(AppError::internal)?;
    tracing::info!(listen = %config.listen, public_url = %config.public_url, "serving");
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    serve(services, listener, config.backup_schedule(), stop).await
}

/// Serves until `stop` is cancelled, then ends live streams, finishes requests and deliveries, and
/// closes the database.
pub(super) async fn serve(
    services: Services,
    listener: TcpListener,
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

    let app = presentation::app(simulator::register(AppState::new(services, stop.clone())));
    let limits = Limits::of_process();
    server::serve(listener, app, limits, presentation::is_essential, stop, DRAIN).await;
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
