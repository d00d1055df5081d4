//! Calls of the Bot API through teloxide, with their results as JSON.
//!
//! teloxide has a type for every result. That of a sent message is not used: a field that teloxide
//! does not know must not make the two needed ids unreadable, and its deserialiser is compiled into
//! this crate (`docs/adr/0017-telegram-client.md` has the figures).

use serde::Serialize;
use serde_json::Value;
use teloxide_core::{
    Bot, RequestError,
    requests::{JsonRequest, MultipartPayload, MultipartRequest, Payload},
    types::InputFile,
};

/// A method of teloxide whose result is any JSON value.
#[derive(Serialize)]
#[serde(transparent)]
struct Untyped<P>(P);

impl<P: Payload> Payload for Untyped<P> {
    type Output = Value;

    const NAME: &'static str = P::NAME;
}

impl<P: MultipartPayload> MultipartPayload for Untyped<P> {
    fn copy_files(&self, into: &mut dyn FnMut(InputFile)) {
        self.0.copy_files(into);
    }

    fn move_files(&mut self, into: &mut dyn FnMut(InputFile)) {
        self.0.move_files(into);
    }
}

/// Calls a method with parameters in JSON.
#[tracing::instrument(name = "telegram.call", skip_all, fields(method = P::NAME))]
pub(super) async fn json<P>(bot: &Bot, method: P) -> Result<Value, RequestError>
where
    P: Payload + Serialize + 'static,
{
    JsonRequest::new(bot.clone(), Untyped(method)).await
}

/// Calls a method with parameters in a form, which may contain files.
#[tracing::instrument(name = "telegram.call", skip_all, fields(method = P::NAME))]
pub(super) async fn multipart<P>(bot: &Bot, method: P) -> Result<Value, RequestError>
where
    P: MultipartPayload + Serialize + 'static,
{
    MultipartRequest::new(bot.clone(), Untyped(method)).await
}
