//! Stories of the use cases, on real engines, with a clock that stands still and a Twilio that obeys.

mod channels;
mod clients;
mod delivery;
mod drafts;
mod hands;
mod identity;
mod inbound;
mod merges;
mod permissions;
mod reading;
mod scheduling;
mod sending;
mod telegram;
