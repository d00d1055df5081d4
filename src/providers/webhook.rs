//! Webhooks of providers: their paths, authentication and contents.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use secrecy::SecretString;

use crate::domain::{ChannelProvider, InboundEvent};

/// An address below the public URL to which a provider posts, and how its requests are read.
pub struct Webhook {
    /// The provider that posts to it.
    pub provider: ChannelProvider,
    /// The path.
    pub path: &'static str,
    /// The kind of content: `message`, `status` or `update`.
    pub kind: &'static str,
    /// The format of the request's body.
    pub body: WebhookBody,
    /// Extracts the proof that identifies the channel; it is verified against the secrets of the
    /// candidates.
    pub authenticate: fn(&WebhookRequest) -> Result<WebhookProof, WebhookRejection>,
    /// Parses an authenticated request.
    pub parse: fn(&WebhookRequest) -> Result<Vec<InboundEvent>, WebhookRejection>,
    /// The answer after all events were stored.
    pub answer: fn(Option<&WebhookReply>) -> WebhookAnswer,
    /// The answer if no channel's secret verifies the request.
    pub unverified: WebhookRejection,
}

/// The format of a webhook's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookBody {
    /// A form, which is parsed before authentication because its fields are signed.
    Form,
    /// Raw bytes, which are read only after authentication by the headers.
    Raw,
}

/// A request to a webhook. It has no `Debug`, so that a client's text can't slip into a log.
#[derive(Clone, Default)]
pub struct WebhookRequest {
    /// The address that was posted to, as the provider knows it: public URL, path and query.
    pub url: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The fields of a [`WebhookBody::Form`].
    pub form: Vec<(String, String)>,
    /// The body of a [`WebhookBody::Raw`].
    pub body: Bytes,
}

/// The proof by which a request identifies its channel.
pub enum WebhookProof {
    /// The request names an account and addresses, and is signed with the channel's secret.
    Signature(SignedWebhook),
    /// The request has a token that only the channel's provider knows.
    Token(Vec<u8>),
}

/// A request that names a channel and is signed with its secret.
pub struct SignedWebhook {
    /// The account at the provider.
    pub account: String,
    /// The channel's own addresses that the request names, the most exact first.
    pub addresses: Vec<String>,
    /// Verifies the signature with a secret.
    pub verify: Box<dyn Fn(&SecretString) -> bool + Send + Sync>,
}

impl fmt::Debug for SignedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedWebhook")
            .field("account", &self.account)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

/// The reason why a request is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookRejection {
    /// The signature is missing or wrong, or the request names no channel.
    Forged,
    /// The token is missing or nobody's.
    UnknownToken,
    /// The request is authentic and can't be read.
    Malformed(&'static str),
}

/// A text that goes back to a client with the answer to its message.
#[derive(Debug, Clone)]
pub struct WebhookReply {
    /// The client's address.
    pub to: String,
    /// The text.
    pub text: String,
}

/// The answer to the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The type of the body, where there is one.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: String,
}

impl WebhookAnswer {
    /// An answer that says nothing but its status.
    pub fn empty(status: u16) -> Self {
        Self { status, content_type: None, body: String::new() }
    }
}
