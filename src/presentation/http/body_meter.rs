//! The limits of a body. Of a multipart body everything but the content of files is counted while it is read, also what
//! the parser keeps to itself, such as names, headers of parts and bytes before the first boundary.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use axum::{body::Bytes, http::Extensions};
use futures_util::{Stream, StreamExt as _, stream};

/// The maximum number of bytes that the parser receives at once. It keeps what it receives, therefore it gets the next
/// piece when it has used this one.
const PIECE: usize = 64 * 1024;
/// The maximum number of bytes that the parser may receive without finding a part or content: two pieces, of which the
/// headers of a part and the boundary need some hundred bytes.
const LOOKAHEAD: usize = 2 * PIECE;

/// The limits of the body of a request, in bytes. They are small unless the request is authenticated; sign-in forms and
/// webhooks need no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// The maximum size of a body that is read into memory, and of a form apart from the content of its files.
    pub fields: usize,
    /// The maximum number of bytes of a refused form that are read and discarded.
    pub drained: usize,
}

impl BodyLimits {
    /// The limits of an authenticated request.
    pub const AUTHENTICATED: Self = Self { fields: 1024 * 1024, drained: 256 * 1024 * 1024 };
    const ANONYMOUS: Self = Self { fields: 64 * 1024, drained: 1024 * 1024 };

    /// The limits of a request with these extensions.
    pub fn of(extensions: &Extensions) -> Self {
        if extensions.get::<IsAuthenticated>().is_some() { Self::AUTHENTICATED } else { Self::ANONYMOUS }
    }
}

/// The mark of an authenticated request, in its extensions.
#[derive(Debug, Clone, Copy)]
pub struct IsAuthenticated;

/// The reason why reading a body ends early.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The body has more than a form may have, apart from the content of its files.
    #[error("the body is too large")]
    TooLarge,
    /// The body ends before its declared end.
    #[error("the body breaks off: {0}")]
    Broken(#[from] axum::Error),
}

/// Counts the bytes of a body.
#[derive(Clone)]
pub struct BodyMeter(Arc<Counters>);

struct Counters {
    /// The number of bytes that the body may still have.
    left: AtomicUsize,
    /// The number of bytes that the parser received since it last returned something.
    ahead: AtomicUsize,
}

impl BodyMeter {
    /// Creates a meter for a body that has at most `limit` bytes besides the content of files.
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Counters { left: AtomicUsize::new(limit + LOOKAHEAD), ahead: AtomicUsize::new(0) }))
    }

    /// Notes that the parser returned a part or content.
    pub fn advanced(&self) {
        self.0.ahead.store(0, Ordering::Relaxed);
    }

    /// Notes that the parser returned content of a file, which is not counted.
    pub fn received_file_content(&self, length: usize) {
        self.0.left.fetch_add(length, Ordering::Relaxed);
        self.advanced();
    }

    fn count(&self, length: usize) -> Result<(), BodyError> {
        let take = |left: usize| left.checked_sub(length);
        let within = self.0.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok();
        let ahead = self.0.ahead.fetch_add(length, Ordering::Relaxed) + length;
        if within && ahead <= LOOKAHEAD { Ok(()) } else { Err(BodyError::TooLarge) }
    }

    /// The body in pieces that are counted. After each piece the stream waits once, so that the parser, which reads as
    /// long as there is something, returns what it has.
    pub fn measure(
        &self,
        body: impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static,
    ) -> impl Stream<Item = Result<Bytes, BodyError>> + Send + 'static {
        let meter = self.clone();
        let mut body = Box::pin(body);
        let (mut rest, mut waits) = (Bytes::new(), false);
        stream::poll_fn(move |context| {
            if std::mem::take(&mut waits) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            while rest.is_empty() {
                match body.poll_next_unpin(context) {
                    Poll::Ready(Some(Ok(chunk))) => rest = chunk,
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error.into()))),
                    Poll::Ready(None) => return Poll::Ready(None),
                    Poll::Pending => return Poll::Pending,
                }
            }
            let piece = rest.split_to(rest.len().min(PIECE));
            waits = true;
            Poll::Ready(Some(meter.count(piece.len()).map(|()| piece)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(meter: &BodyMeter, body: Vec<Bytes>) -> Result<usize, BodyError> {
        let mut pieces = std::pin::pin!(meter.measure(stream::iter(body.into_iter().map(Ok))));
        let mut read = 0;
        while let Some(piece) = pieces.next().await {
            read += piece?.len();
            meter.advanced();
        }
        Ok(read)
    }

    #[tokio::test]
    async fn a_body_within_its_limit_is_read_whole_and_a_longer_one_is_not() {
        let body = |length| vec![Bytes::from(vec![b'a'; length])];
        assert_eq!(read(&BodyMeter::new(1_000_000), body(1_000_000)).await.unwrap(), 1_000_000);
        let long = read(&BodyMeter::new(1_000_000), body(1_000_001 + LOOKAHEAD)).await;
        assert!(matches!(long, Err(BodyError::TooLarge)));
    }

    #[tokio::test]
    async fn a_parser_that_finds_nothing_gets_no_more_than_it_can_search_quickly() {
        let meter = BodyMeter::new(10_000_000);
        let mut pieces =
            std::pin::pin!(meter.measure(stream::repeat_with(|| Ok(Bytes::from_static(&[b'a'; 1000])))));
        let mut received = 0;
        while let Some(Ok(piece)) = pieces.next().await {
            received += piece.len();
        }
        assert!((LOOKAHEAD - 1000..=LOOKAHEAD).contains(&received), "{received}");
    }
}
