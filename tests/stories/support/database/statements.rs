//! Counts SQL statements and transactions.

use std::{
    mem,
    sync::{Arc, Mutex},
};

use tracing::{Subscriber, span::Attributes};
use tracing_subscriber::{Layer, layer::Context};

use crate::support::spans::{observe, text_of};

/// The statements and transactions of some work.
#[derive(Debug, Default)]
pub struct DatabaseUse {
    /// The statements in the order in which they began.
    pub statements: Vec<String>,
    /// The number of transactions.
    pub transactions: usize,
}

impl DatabaseUse {
    /// Asserts that the work needed no more than these numbers of statements and transactions.
    #[track_caller]
    pub fn is_within(&self, work: &str, statements: usize, transactions: usize) {
        let within = self.statements.len() <= statements && self.transactions <= transactions;
        assert!(
            within,
            "{work}: more than {statements} statements or {transactions} transactions: {self:#?}"
        );
    }
}

/// Counts statements and transactions, and can be read while they run.
#[derive(Clone, Default)]
pub struct StatementCounter(Arc<Mutex<DatabaseUse>>);

impl<S: Subscriber> Layer<S> for StatementCounter {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        match attributes.metadata().name() {
            "statement" => {
                let text = text_of(attributes, "sql").split_whitespace().collect::<Vec<_>>().join(" ");
                self.0.lock().unwrap().statements.push(text);
            }
            "transaction" => self.0.lock().unwrap().transactions += 1,
            _ => {}
        }
    }
}

impl StatementCounter {
    /// Counts in this future, and in the tasks that it spawns with its subscriber.
    pub async fn watch<F: Future>(&self, what: F) -> F::Output {
        observe(self.clone(), what).await
    }

    /// The number of statements until now.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().statements.len()
    }

    /// Returns the statements and transactions since the last call.
    pub fn take(&self) -> DatabaseUse {
        mem::take(&mut self.0.lock().unwrap())
    }
}

/// The result of a future, and its statements and transactions.
pub async fn count_database_use<F: Future>(what: F) -> (F::Output, DatabaseUse) {
    let counter = StatementCounter::default();
    let given = counter.watch(what).await;
    (given, counter.take())
}

/// The result of a future, and the number of its SQL statements.
pub async fn count_statements<F: Future>(what: F) -> (F::Output, usize) {
    let (given, used) = count_database_use(what).await;
    (given, used.statements.len())
}
