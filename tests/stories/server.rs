//! Tests of connections: clients that keep the server waiting lose their connection, and do not keep others out.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use aloqa::{
    domain::TrustedProxies,
    metrics::Metrics,
    server::{Limits, ServerOptions, serve},
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    routing::{get, post},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::{CancellationToken, DropGuard};

const LIMITS: Limits = Limits {
    connections: 12,
    reserve: 4,
    per_peer: 6,
    head: Duration::from_millis(600),
    idle: Duration::from_millis(1500),
    window: Duration::from_millis(800),
    bytes_per_window: 1000,
};
/// The time by which a connection must have ended. It is long, so that a busy machine does not fail the test, and much
/// shorter than a connection that is never ended.
const PATIENCE: Duration = Duration::from_secs(20);
const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

struct Server {
    address: SocketAddr,
    served: JoinHandle<()>,
    stop: CancellationToken,
    _end: DropGuard,
}

impl Server {
    async fn start() -> Self {
        Self::with(LIMITS).await
    }

    async fn with(limits: Limits) -> Self {
        let app = Router::new()
            .route("/", get(|| async { "page" }))
            .route("/healthz", get(|| async { "ok" }))
            .route(
                "/form",
                post(async |body: Body| to_bytes(body, usize::MAX).await.unwrap().len().to_string()),
            )
            .route("/large", get(|| async { Bytes::from(vec![b'x'; 64 * 1024 * 1024]) }))
            .route("/never", get(std::future::pending::<()>))
            .route("/slow", get(|| async { tokio::time::sleep(Duration::from_secs(1)).await }));
        let listener = TcpListener::bind((HERE, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let options = ServerOptions {
            limits,
            trusted_proxies: TrustedProxies::default(),
            is_essential: |path| path == "/healthz",
            drain: Duration::from_secs(5),
            metrics: Metrics::default(),
        };
        let served = tokio::spawn(serve(listener, app, options, stop.clone()));
        Self { address, served, _end: stop.clone().drop_guard(), stop }
    }

    /// Opens a connection from an address of this machine, and sends a beginning.
    async fn connect(&self, from: Ipv4Addr, beginning: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let mut stream = socket.connect(self.address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        stream
    }

    /// Requests a path on a connection of its own, and returns the status; 0 if it is closed without an answer.
    async fn status(&self, from: Ipv4Addr, path: &str) -> u16 {
        let mut stream = self.connect(from, &request(path)).await;
        status_of(&read_answer(&mut stream).await)
    }
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

/// Reads what the server sends at first; nothing if it closes the connection.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 4096];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut buffer)).await.expect("no answer");
    String::from_utf8_lossy(&buffer[..read.unwrap_or(0)]).into_owned()
}

fn status_of(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// The time until the server closes a connection, whatever it sends before.
async fn time_to_the_end(mut stream: TcpStream) -> Duration {
    let begun = Instant::now();
    let mut rest = vec![0; 64 * 1024];
    let ended = async { while !matches!(stream.read(&mut rest).await, Ok(0) | Err(_)) {} };
    tokio::time::timeout(PATIENCE, ended).await.expect("the connection is still open");
    begun.elapsed()
}

#[tokio::test]
async fn a_client_that_sends_nothing_more_loses_its_connection() {
    let server = Server::start().await;
    for beginning in ["", "GET", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Header: "] {
        let stream = server.connect(HERE, beginning).await;
        assert!(time_to_the_end(stream).await >= LIMITS.head / 2, "{beginning:?}");
    }
    let half = "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nname=";
    time_to_the_end(server.connect(HERE, half).await).await;
    let mut idle = server.connect(HERE, &request("/")).await;
    assert_eq!(status_of(&read_answer(&mut idle).await), 200);
    assert!(time_to_the_end(idle).await >= LIMITS.idle / 2);
}

#[tokio::test]
async fn a_body_in_drops_is_not_read_to_its_end() {
    let server = Server::start().await;
    let beginning = "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n";
    let (reading, mut writing) = server.connect(HERE, beginning).await.into_split();
    let drops = tokio::spawn(async move {
        while writing.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut reading = reading;
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, reading.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the body is still read");
    assert!(answer.is_empty());
    drops.await.unwrap();
}

#[tokio::test]
async fn a_slow_body_of_the_minimum_rate_is_read_to_its_end() {
    let server = Server::start().await;
    let beginning = "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000\r\n\r\n";
    let mut stream = server.connect(HERE, beginning).await;
    for _ in 0..15 {
        stream.write_all(&[b'a'; 2000]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    assert!(read_answer(&mut stream).await.ends_with("\r\n\r\n30000"));
}

#[tokio::test]
async fn an_answer_that_is_not_read_is_broken_off() {
    let server = Server::start().await;
    let mut stream = server.connect(HERE, &request("/large")).await;
    tokio::time::sleep(LIMITS.window * 4).await;
    // The rest of what was sent is in the buffers of the connection.
    let mut received = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut received)).await;
    assert!(ended.is_ok(), "the answer is still sent");
    assert!(received.len() < 64 * 1024 * 1024, "all of it was sent");
}

#[tokio::test]
async fn silent_connections_give_way_to_requests() {
    // Times that do not end here: only the number of connections is at work.
    let long = Duration::from_mins(10);
    let server = Server::with(Limits { head: long, idle: long, window: long, ..LIMITS }).await;
    let mut silent = Vec::new();
    for n in 0..LIMITS.connections * 3 {
        silent.push(server.connect(HERE, "GET / HTTP/1.1\r\nHost: ").await);
        if n % 6 == 0 {
            assert_eq!(server.status(HERE, "/").await, 200, "beside {n} silent ones of the same peer");
            assert_eq!(server.status(ELSEWHERE, "/").await, 200, "beside {n} silent ones");
        }
    }
    let first = silent.swap_remove(0);
    time_to_the_end(first).await;
}

#[tokio::test]
async fn half_bodies_give_way_to_requests() {
    let long = Duration::from_mins(10);
    let server = Server::with(Limits { head: long, idle: long, window: long, ..LIMITS }).await;
    let half = "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\naaaa";
    let mut halves = Vec::new();
    for _ in 0..(LIMITS.connections - LIMITS.reserve) / 2 {
        halves.push(server.connect(HERE, half).await);
        halves.push(server.connect(ELSEWHERE, half).await);
    }
    // The state of requests is looked at once a second.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    for from in [HERE, ELSEWHERE] {
        assert_eq!(server.status(from, "/").await, 200, "a request that waits for its body gives way");
    }
    drop(halves);
}

#[tokio::test]
async fn health_checks_and_webhooks_are_served_when_pages_are_not() {
    let server = Server::start().await;
    let mut busy = Vec::new();
    for _ in 0..LIMITS.per_peer {
        busy.push(server.connect(HERE, &request("/never")).await);
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    // A peer with too many requests.
    let mut refused = server.connect(HERE, &request("/")).await;
    let answer = read_answer(&mut refused).await;
    assert_eq!(status_of(&answer), 503);
    assert!(answer.to_lowercase().contains("retry-after: 1"), "{answer}");
    time_to_the_end(refused).await;
    assert_eq!(server.status(HERE, "/healthz").await, 200);
    assert_eq!(server.status(ELSEWHERE, "/").await, 200);
    // All connections but the reserve.
    for _ in LIMITS.per_peer..LIMITS.connections - LIMITS.reserve {
        busy.push(server.connect(ELSEWHERE, &request("/never")).await);
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    for from in [HERE, ELSEWHERE] {
        assert_eq!(server.status(from, "/").await, 503);
        assert_eq!(server.status(from, "/healthz").await, 200);
    }
    drop(busy);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.status(HERE, "/").await, 200);
}

#[tokio::test]
async fn a_stopped_server_answers_what_it_has_begun() {
    let server = Server::start().await;
    let mut slow = server.connect(HERE, &request("/slow")).await;
    let idle = server.connect(HERE, "").await;
    let never = server.connect(HERE, &request("/never")).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    server.stop.cancel();
    assert_eq!(status_of(&read_answer(&mut slow).await), 200);
    time_to_the_end(idle).await;
    server.served.await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(4), "the drain is over too early");
    time_to_the_end(never).await;
}
