//! Search: folding of text, the words of the full-text tables, queries against them, and excerpts
//! of the results.

pub(in crate::domain) mod excerpt;
pub(in crate::domain) mod fold;
pub(in crate::domain) mod terms;
pub(in crate::domain) mod words;

pub use crate::domain::search::excerpt::{Excerpt, excerpt};
pub use crate::domain::search::fold::{fold, fold_for_search, spellings};
pub use crate::domain::search::terms::SearchTerms;
pub use crate::domain::search::words::{
    MatchRank, MessageTerms, WordPattern, WordQuery, client_words, message_words,
};
