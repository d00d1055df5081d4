//! One connection: its requests are answered by the application, and its traffic is counted.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::ConnectInfo,
    http::{HeaderValue, Request, Response, StatusCode, header},
};
use http_body::{Frame, SizeHint};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tower::ServiceExt as _;

use super::{
    Server,
    connections::{Connection, Connections},
};

/// The maximum size of the head of a request in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// Serves a connection until its client or the server ends it.
pub(super) async fn serve_connection(
    server: Server,
    connection: Arc<Connection>,
    stream: TcpStream,
    peer: SocketAddr,
) {
    // Events of a live stream are small, and are not to wait for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection delays small packets");
    }
    let io = TokioIo::new(CountedStream { stream, connection: connection.clone() });
    let service = service_fn(|request| answer(&server, &connection, request, peer));
    let mut http = http1::Builder::new();
    http.max_buf_size(MAX_HEAD).header_read_timeout(None);
    let mut served = pin!(http.serve_connection(io, service));
    let mut stopping = false;
    loop {
        tokio::select! {
            result = served.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(%error, %peer, "a connection broke off");
                }
                break;
            }
            () = connection.ended.cancelled() => break,
            () = server.stop.cancelled(), if !stopping => {
                stopping = true;
                served.as_mut().graceful_shutdown();
            }
        }
    }
    server.connections.remove(&connection);
}

async fn answer(
    server: &Server,
    connection: &Arc<Connection>,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Body>, Infallible> {
    if connection.is_reserved && !(server.is_essential)(request.uri().path()) {
        return Ok(unavailable());
    }
    let current = CurrentRequest::begin(&server.connections, connection);
    let mut request = request.map(|body| Body::new(RequestBody { body, connection: connection.clone() }));
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = server.app.clone().oneshot(request).await?;
    Ok(response.map(|body| Body::new(ResponseBody { body, _current: current })))
}

/// The answer to a request for which no connection is left.
fn unavailable() -> Response<Body> {
    let mut response = Response::new(Body::from("The server is busy. Try again in a moment.\n"));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A request from its beginning to the end of its answer.
struct CurrentRequest {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
}

impl CurrentRequest {
    fn begin(connections: &Arc<Connections>, connection: &Arc<Connection>) -> Self {
        connections.begin_request(connection);
        Self { connections: connections.clone(), connection: connection.clone() }
    }
}

impl Drop for CurrentRequest {
    fn drop(&mut self) {
        self.connections.end_request(&self.connection);
    }
}

/// The body of a request, which notes when a handler waits for it.
struct RequestBody {
    body: Incoming,
    connection: Arc<Connection>,
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.connection.traffic.waits_for_body.store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        self.connection.traffic.waits_for_body.store(false, Ordering::Relaxed);
    }
}

/// The body of an answer, with which the request ends.
struct ResponseBody {
    body: Body,
    _current: CurrentRequest,
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream whose bytes are counted.
struct CountedStream {
    stream: TcpStream,
    connection: Arc<Connection>,
}

impl CountedStream {
    fn count_written(&self, polled: &Poll<io::Result<usize>>) {
        let traffic = &self.connection.traffic;
        traffic.waits_for_client.store(polled.is_pending(), Ordering::Relaxed);
        if let Poll::Ready(Ok(bytes)) = polled {
            traffic.written.fetch_add(u64::try_from(*bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }
}

impl AsyncRead for CountedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let bytes = u64::try_from(buffer.filled().len() - before).unwrap_or(u64::MAX);
        self.connection.traffic.read.fetch_add(bytes, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.count_written(&polled);
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.count_written(&polled);
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
