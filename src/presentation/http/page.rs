//! The JSON representation of lists, which pages use as well.

use serde::Serialize;

use crate::persistence::Page;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct PageView<T> {
    /// The items.
    pub items: Vec<T>,
    /// The number of the page, counted from 1.
    pub page: i64,
    /// The number of items on a page.
    pub limit: i64,
    /// The number of items that the filter matches.
    pub total: i64,
    /// True if there is another page.
    pub has_more: bool,
}

impl<T> PageView<T> {
    /// Converts a page of records into a page of views.
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

/// A list without pages.
#[derive(Debug, Serialize)]
pub struct ListView<T> {
    /// The items.
    pub items: Vec<T>,
}
