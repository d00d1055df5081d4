//! Pages of lists, as the contract has them.

/// The requested page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// The page, counted from 1.
    pub page: i64,
    /// Items on a page, 1 to 100.
    pub limit: i64,
}

impl PageRequest {
    /// The number of items before the page.
    pub(super) fn offset(self) -> i64 {
        (self.page - 1).saturating_mul(self.limit)
    }
}

/// One page of a list, and how many there are in all.
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

    /// The same page of something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), request: self.request, total: self.total }
    }
}
