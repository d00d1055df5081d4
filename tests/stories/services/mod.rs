//! Stories of the use cases, on real engines, with a clock that stands still and a Twilio that obeys.

mod channels;
mod chats;
mod clients;
mod delivery;
mod identity;
