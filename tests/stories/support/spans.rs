//! Observes the `tracing` spans of a piece of work.

use std::{fmt, sync::LazyLock};

use tracing::{
    Dispatch,
    field::{Field, Visit},
    instrument::WithSubscriber as _,
    span::Attributes,
};
use tracing_subscriber::{Layer, Registry, layer::SubscriberExt as _, registry};

/// A second subscriber. While there is only one, `tracing` caches the interest of whichever thread first reaches a
/// span for all threads, and that of a concurrent test observes nothing.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(registry()));

/// Runs a future, and the tasks that it spawns with its subscriber, with a layer that gets their spans.
pub async fn observe<F: Future>(layer: impl Layer<Registry> + Send + Sync, work: F) -> F::Output {
    LazyLock::force(&SECOND);
    work.with_subscriber(registry().with(layer)).await
}

/// The text in a field of a span; empty without such a field.
pub fn text_of(attributes: &Attributes<'_>, field: &'static str) -> String {
    let mut text = FieldText { field, text: String::new() };
    attributes.record(&mut text);
    text.text
}

struct FieldText {
    field: &'static str,
    text: String,
}

impl Visit for FieldText {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == self.field {
            value.clone_into(&mut self.text);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
