//! How many statements something takes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tracing::{Subscriber, instrument::WithSubscriber as _, span::Attributes};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

struct Counter(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Counter {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "statement" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What it gives, and how many statements it took.
pub async fn counted<F: Future>(what: F) -> (F::Output, usize) {
    let count = Arc::new(AtomicUsize::new(0));
    let subscriber = tracing_subscriber::registry().with(Counter(count.clone()));
    let given = what.with_subscriber(subscriber).await;
    (given, count.load(Ordering::Relaxed))
}
