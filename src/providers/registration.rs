//! The description of a provider: its properties and its functions. `docs/providers.md` shows how to add one.

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use url::Url;

use crate::domain::{Channel, ChannelProvider, Problem, SuppressionReason, Transport};
use crate::providers::{
    Capabilities, CheckResult, Connect, ConnectionField, Connections, FieldRole, Provider, SendFrom,
    WebhookSetup, webhook::Webhook,
};

/// The static properties of a provider and its functions.
pub struct Registration {
    /// The provider's name.
    pub name: ChannelProvider,
    /// The base URL of its API, unless an operator configures another one as `NAME_api_url`.
    pub api_url: &'static str,
    /// The fields of the form that connects a channel. One of them is the secret, under a name that no other provider
    /// has.
    pub fields: &'static [ConnectionField],
    /// Validates the credentials of a channel with the provider, and describes the channel. It changes nothing there.
    pub connect: Connect,
    /// The way in which the webhooks' URLs are set at the provider.
    pub webhook_setup: WebhookSetup,
    /// The names that users know a channel by, such as its numbers; empty if it is known by its account only.
    pub names: fn(&Channel) -> Vec<String>,
    /// The name by which clients find a channel at the provider, such as a bot's; `None` if they write to a number.
    pub username: fn(&Channel) -> Option<&str>,
    /// A link by which a client starts to write to a channel, with a code that the first message repeats.
    pub invite_link: fn(&Channel, &str) -> Option<String>,
    /// The sender of messages by a transport; `None` if the channel does not carry it.
    pub sender: fn(&Channel, Transport) -> Option<SendFrom>,
    /// The own addresses by which clients know the sender of a transport, to which they give and withdraw consent.
    pub consent_addresses: fn(&Channel, Transport) -> Vec<String>,
    /// The capabilities of its channels.
    pub capabilities: Capabilities,
    /// The path below the public URL to which it reports what became of messages, if it does.
    pub status_path: Option<&'static str>,
    /// Parses the provider's id of a WhatsApp template; `None` if it sends none.
    pub parse_template_id: Option<ParseId>,
    /// Classifies an error code by its consequences for other messages.
    pub classify: fn(&str) -> FailureClass,
    /// The code of a message that is not sent for a suppression, as if the provider had refused it.
    pub suppression_code: fn(SuppressionReason) -> &'static str,
    /// Checks with the provider that a channel works and that its webhooks lead to this server.
    pub check: for<'a> fn(&'a Connections, ChannelCheck<'a>) -> BoxFuture<'a, Vec<CheckResult>>,
    /// The code of a failure that a check found, which is remembered as the channel's last error; none for what keeps
    /// nothing from being sent.
    pub check_code: fn(&'static str) -> Option<&'static str>,
    /// The webhooks that the provider posts to.
    pub webhooks: &'static [Webhook],
    /// Connects a channel with its decrypted credentials.
    pub open: fn(&Connections, &Channel, SecretString) -> Box<dyn Provider>,
}

/// A function that validates an id in the provider's format, and returns it as it is stored.
pub type ParseId = fn(&str) -> Result<String, Problem>;

impl Registration {
    /// The field of the secret.
    pub fn secret_field(&self) -> Option<&'static ConnectionField> {
        self.fields.iter().find(|field| field.role == FieldRole::Secret)
    }

    /// The fields that are addresses.
    pub fn address_fields(&self) -> impl Iterator<Item = &'static ConnectionField> {
        self.fields.iter().filter(|field| field.role == FieldRole::Address)
    }

    /// True if a user enters the webhooks' URLs at the provider.
    pub fn has_webhooks_by_hand(&self) -> bool {
        matches!(self.webhook_setup, WebhookSetup::ByHand)
    }
}

/// A channel that is to be checked.
pub struct ChannelCheck<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// The decrypted credentials.
    pub secret: SecretString,
    /// The base URL under which providers reach this server.
    pub public_url: &'a Url,
}

/// The consequences of an error code beyond the message that failed. Each code has a translation
/// under the key `failure-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureClass {
    /// The other messages that would fail, too.
    pub scope: FailureScope,
    /// The reason to suppress the recipient's address, if there is one.
    pub suppression: Option<SuppressionReason>,
}

/// The range of messages that a failure affects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureScope {
    /// The failed message alone.
    Message,
    /// All messages to the recipient.
    Recipient,
    /// All messages of the channel: the failure concerns credentials, the account or the sender, or
    /// the provider does not answer.
    Channel,
}

impl FailureClass {
    /// A failure of one message.
    pub const MESSAGE: Self = Self { scope: FailureScope::Message, suppression: None };
    /// A failure of the whole channel.
    pub const CHANNEL: Self = Self { scope: FailureScope::Channel, suppression: None };

    /// A failure after which nothing more can be sent to the recipient.
    pub const fn suppressed(reason: SuppressionReason) -> Self {
        Self { scope: FailureScope::Recipient, suppression: Some(reason) }
    }

    /// Classifies codes that all providers share: an HTTP status, or no answer.
    pub fn of_any_provider(code: &str) -> Self {
        let server_error = code.len() == 3 && code.starts_with('5');
        if server_error || ["401", "403", "404", NO_RESPONSE].contains(&code) {
            Self::CHANNEL
        } else {
            Self::MESSAGE
        }
    }
}

/// The code of a provider that could not be reached.
pub const NO_RESPONSE: &str = "no-answer";
