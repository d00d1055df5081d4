//! The shapes of lists: what programs read as JSON, and what pages are made of.

use serde::Serialize;

use crate::persistence::Page;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct PageView<T> {
    /// The items.
    pub items: Vec<T>,
    /// Which page this is, counted from 1.
    pub page: i64,
    /// Items on a page.
    pub limit: i64,
    /// How many items the filter matches.
    pub total: i64,
    /// Whether there is another page.
    pub has_more: bool,
}

impl<T> PageView<T> {
    /// A page as the contract shows it.
    pub fn of<U>(page: Page<U>, view: impl FnMut(U) -> T) -> Self {
        let has_more = page.has_more();
        let page = page.map(view);
        Self {
            items: page.items,
            page: page.request.page,
            limit: page.request.limit,
            total: page.total,
            has_more,
        }
    }
}

/// A list that is whole.
#[derive(Debug, Serialize)]
pub struct ListView<T> {
    /// The items.
    pub items: Vec<T>,
}
