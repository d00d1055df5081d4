//! Search: how text is made comparable, which words the full-text tables hold, what a query asks of them, and where in
//! a text its answer is.

mod excerpt;
mod fold;
mod terms;
mod words;

pub use excerpt::{Excerpt, excerpt};
pub use fold::{fold, fold_alike};
pub use terms::SearchTerms;
pub use words::{MessageTerms, WordPattern, WordQuery, client_words, message_words};
