//! Concurrent execution.

use std::sync::Arc;

use tokio::{sync::Barrier, task::JoinSet};

/// Runs something `count` times concurrently, each in its own task; the results are in no order.
pub async fn concurrently<T, F>(count: usize, doing: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(count));
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let (start, doing) = (start.clone(), doing(number));
        tasks.spawn(async move {
            start.wait().await;
            doing.await
        });
    }
    tasks.join_all().await
}
