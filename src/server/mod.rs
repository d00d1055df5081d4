//! The HTTP server: accepts connections within limits, and ends those whose clients keep it waiting.

mod connection;
mod connections;
mod limits;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{domain::TrustedProxies, metrics::Metrics};
use connection::serve_connection;
use connections::{Connections, Ended};
pub use limits::Limits;

/// The pause after accepting failed, for example because the process has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// The interval of the warnings about ended and refused connections.
const WARNING_INTERVAL: Duration = Duration::from_secs(10);

/// The part of a server that is the same for all of its connections.
#[derive(Clone)]
struct Server {
    app: Router,
    connections: Arc<Connections>,
    /// True for the paths that are served by the reserve of connections: health checks and webhooks.
    is_essential: fn(&str) -> bool,
    stop: CancellationToken,
}

/// The options of a server: its limits, its proxies and its metrics.
#[derive(Clone)]
pub struct ServerOptions {
    /// The limits of connections.
    pub limits: Limits,
    /// The proxies that may have any share of the connections.
    pub trusted_proxies: TrustedProxies,
    /// True for the paths that are served by the reserve of connections: health checks and webhooks.
    pub is_essential: fn(&str) -> bool,
    /// The time after the stop when the remaining connections are closed.
    pub drain: Duration,
    /// The metrics that connections are counted in.
    pub metrics: Metrics,
}

/// Serves `app` until `stop` is cancelled; then accepts nothing any more and returns when the current requests are answered,
/// or after the time to drain, when the remaining connections are closed.
pub async fn serve(listener: TcpListener, app: Router, options: ServerOptions, stop: CancellationToken) {
    let ServerOptions { limits, trusted_proxies, is_essential, drain, metrics } = options;
    let connections = Arc::new(Connections::new(limits, trusted_proxies, metrics));
    let server = Server { app, connections: connections.clone(), is_essential, stop: stop.clone() };
    let tasks = TaskTracker::new();
    tokio::select! {
        () = stop.cancelled() => {}
        () = accept(&listener, &server, &tasks) => {}
        () = end_overdue(&connections) => {}
    }
    drop(listener);
    tasks.close();
    let drained = async {
        tokio::select! {
            () = tasks.wait() => {}
            () = end_overdue(&connections) => {}
        }
    };
    if tokio::time::timeout(drain, drained).await.is_err() {
        tracing::warn!(open = connections.open(), "some connections were still open and are closed");
        connections.end_all();
        tasks.wait().await;
    }
}

/// Accepts connections without end.
async fn accept(listener: &TcpListener, server: &Server, tasks: &TaskTracker) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Some(connection) = server.connections.admit(peer.ip()) {
                    tasks.spawn(serve_connection(server.clone(), connection, stream, peer));
                }
            }
            Err(error) => {
                server.connections.count(Ended::NotAccepted, None);
                tracing::debug!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Ends the connections that are overdue, without end, and warns about ended and refused ones.
async fn end_overdue(connections: &Connections) {
    let mut warned = Instant::now();
    loop {
        tokio::time::sleep(connections.limits().sweep_interval()).await;
        connections.end_overdue(Instant::now());
        if warned.elapsed() >= WARNING_INTERVAL {
            warned = Instant::now();
            connections.warn_about_ended();
        }
    }
}
