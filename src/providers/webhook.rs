//! Webhooks: what a provider posts, whose it is, and what it reports.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use secrecy::SecretString;

use crate::domain::{ChannelProvider, InboundEvent};

/// An address below the public URL to which a provider posts, and how its requests are read.
pub struct Webhook {
    /// Whose it is.
    pub provider: ChannelProvider,
    /// The path.
    pub path: &'static str,
    /// What is posted there: `message`, `status` or `update`.
    pub kind: &'static str,
    /// How a request's body is read.
    pub body: WebhookBody,
    /// What the request shows of the channel that it is for. The secret that verifies decides whose it is.
    pub authenticate: fn(&WebhookRequest) -> Result<WebhookProof, WebhookRejection>,
    /// What the request reports, once it is authenticated.
    pub parse: fn(&WebhookRequest) -> Result<Vec<InboundEvent>, WebhookRejection>,
    /// What the provider hears when all of it is stored.
    pub answer: fn(Option<&WebhookReply>) -> WebhookAnswer,
    /// What it hears when no channel's secret verifies.
    pub unverified: WebhookRejection,
}

/// How the body of a webhook is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookBody {
    /// Into fields, before the request is authenticated, since they are part of the proof.
    Form,
    /// As it is, once the request is authenticated by its headers.
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

/// What a request shows of the channel that it is for.
pub enum WebhookProof {
    /// It names an account and addresses, and is signed with the secret of the channel that has them.
    Signature(SignedWebhook),
    /// It carries a token that only one channel's provider knows.
    Token(Vec<u8>),
}

/// A request that names a channel and is signed with its secret.
pub struct SignedWebhook {
    /// The account at the provider.
    pub account: String,
    /// The channel's own addresses that the request names, the most exact first.
    pub addresses: Vec<String>,
    /// Whether the request is signed with a secret.
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

/// Why a request is not taken.
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

/// What a provider hears.
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
