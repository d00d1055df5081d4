//! Search: how text is made comparable, which words the full-text tables hold, what a query asks of them, and where in
//! a text its answer is.

pub(in crate::domain) mod excerpt;
pub(in crate::domain) mod fold;
pub(in crate::domain) mod terms;
pub(in crate::domain) mod words;

pub use crate::domain::search::excerpt::{Excerpt, excerpt};
pub use crate::domain::search::fold::{fold, fold_for_search};
pub use crate::domain::search::terms::SearchTerms;
pub use crate::domain::search::words::{MessageTerms, WordPattern, WordQuery, client_words, message_words};
