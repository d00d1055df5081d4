//! Counts SQL statements.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicUsize, Ordering},
};

use tracing::{Dispatch, Subscriber, instrument::WithSubscriber as _, span::Attributes};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

/// A second subscriber. While there is only one, `tracing` caches the interest of whichever thread first reaches a
/// statement for all threads, and that of a concurrent test counts nothing.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

struct Counter(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Counter {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "statement" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Counts statements, and can be read while they run.
#[derive(Clone, Default)]
pub struct StatementCounter(Arc<AtomicUsize>);

impl StatementCounter {
    /// Counts the statements of this future, and of the tasks that it spawns with its subscriber.
    pub async fn watch<F: Future>(&self, what: F) -> F::Output {
        LazyLock::force(&SECOND);
        let subscriber = tracing_subscriber::registry().with(Counter(self.0.clone()));
        what.with_subscriber(subscriber).await
    }

    /// The number of statements until now.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// The result of a future, and the number of its SQL statements.
pub async fn count_statements<F: Future>(what: F) -> (F::Output, usize) {
    let counter = StatementCounter::default();
    let given = counter.watch(what).await;
    (given, counter.count())
}
