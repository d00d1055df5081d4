//! Pages of lists.

/// The requested page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// The number of the page, counted from 1.
    pub page: i64,
    /// The number of items on a page, 1 to 100.
    pub limit: i64,
}

impl PageRequest {
    /// The number of items before the page.
    pub(in crate::persistence::engine) fn offset(self) -> i64 {
        (self.page - 1).saturating_mul(self.limit)
    }
}

/// A page of a list, with the total number of items.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The requested page.
    pub request: PageRequest,
    /// The number of items that match the filter.
    pub total: i64,
}

impl<T> Page<T> {
    /// True if there is another page.
    pub fn has_more(&self) -> bool {
        self.request.offset().saturating_add(self.request.limit) < self.total
    }

    /// Converts the items of the page.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), request: self.request, total: self.total }
    }
}
