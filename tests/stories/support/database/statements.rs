//! How many statements something takes.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicUsize, Ordering},
};

use tracing::{Dispatch, Subscriber, instrument::WithSubscriber as _, span::Attributes};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

/// While there is only one subscriber, `tracing` asks that of whichever thread comes to a statement first, and remembers
/// the answer for all threads: that of a story beside this one, which counts nothing. So there are always two.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

struct Counter(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Counter {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "statement" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What it gives, and how many statements it took.
pub async fn count_statements<F: Future>(what: F) -> (F::Output, usize) {
    LazyLock::force(&SECOND);
    let count = Arc::new(AtomicUsize::new(0));
    let subscriber = tracing_subscriber::registry().with(Counter(count.clone()));
    let given = what.with_subscriber(subscriber).await;
    (given, count.load(Ordering::Relaxed))
}
