//! Parsing of range requests (RFC 9110, section 14).

use std::ops::Range;

/// The meaning of a `Range` header for a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RequestedRange {
    Full,
    Partial(Range<u64>),
    /// A range outside of the file.
    Unsatisfiable,
}

/// Parses the header. Several ranges and an unreadable header mean the full file.
pub(super) fn parse_range(header: Option<&str>, size: u64) -> RequestedRange {
    let Some(range) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return RequestedRange::Full;
    };
    let Some((from, to)) = range.split_once('-') else { return RequestedRange::Full };
    let (from, to) = (from.trim(), to.trim());
    let part = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(size),
        (Ok(from), Err(_)) if to.is_empty() => from..size,
        (Err(_), Ok(last)) if from.is_empty() => size.saturating_sub(last)..size,
        _ => return RequestedRange::Full,
    };
    if part.is_empty() { RequestedRange::Unsatisfiable } else { RequestedRange::Partial(part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_players_ask_for() {
        for (header, expected) in [
            ("bytes=0-", RequestedRange::Partial(0..100)),
            ("bytes=0-0", RequestedRange::Partial(0..1)),
            ("bytes=10-19", RequestedRange::Partial(10..20)),
            ("bytes=90-1000", RequestedRange::Partial(90..100)),
            ("bytes=0-18446744073709551615", RequestedRange::Partial(0..100)),
            ("bytes=-10", RequestedRange::Partial(90..100)),
            ("bytes=-1000", RequestedRange::Partial(0..100)),
            ("bytes=100-", RequestedRange::Unsatisfiable),
            ("bytes=-0", RequestedRange::Unsatisfiable),
            ("bytes=5-2", RequestedRange::Full),
            ("bytes=0-1,5-6", RequestedRange::Full),
            ("bytes=x-y", RequestedRange::Full),
            ("bytes=-", RequestedRange::Full),
            ("lines=1-2", RequestedRange::Full),
        ] {
            assert_eq!(parse_range(Some(header), 100), expected, "{header}");
        }
        assert_eq!(parse_range(None, 100), RequestedRange::Full);
        assert_eq!(parse_range(Some("bytes=0-"), 0), RequestedRange::Unsatisfiable);
    }
}
