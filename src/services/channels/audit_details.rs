//! The names and values of channels in the audit log.

use crate::domain::{Changes, ChannelAddresses, ChannelProvider};

/// The name of a channel in the audit log: its provider and its first address.
pub(super) fn channel_title(provider: &ChannelProvider, addresses: &ChannelAddresses) -> String {
    let words =
        std::iter::once(provider.as_str()).chain(addresses.iter().map(|(_, address)| address).take(1));
    words.collect::<Vec<_>>().join(" ")
}

/// The addresses in which two states of a channel differ.
pub(super) fn address_changes(before: &ChannelAddresses, after: &ChannelAddresses) -> Changes {
    let kinds = before.iter().chain(after.iter()).map(|(kind, _)| kind);
    kinds.fold(Changes::default(), |changes, kind| {
        changes.field(kind.to_owned(), before.get(kind), after.get(kind))
    })
}

/// The value of a switch in the audit log.
pub(super) fn yes_or_no(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}
