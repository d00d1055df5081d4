//! Tests of live streams.

mod live_streams;
