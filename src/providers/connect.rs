//! Connecting a channel: the fields of its form, and the function that turns their values into a channel.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::domain::{ChannelAddresses, ChannelSettings, Country, FieldErrors, Problem};
use crate::providers::Connections;

/// A field of the form that connects a channel. Its label is the translation `field-NAME`.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionField {
    /// The name in forms and in JSON.
    pub name: &'static str,
    /// The meaning of the value.
    pub role: FieldRole,
    /// Validates a value that is not empty, and returns it as it is stored. Phone numbers are read as of the country.
    pub parse: fn(&str, Country) -> Result<String, Problem>,
}

/// The meaning of a connection field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldRole {
    /// The account at the provider; required.
    Account,
    /// The secret that the provider gave for it; required, stored encrypted, and never shown.
    Secret,
    /// An address of the channel, of the kind that is the field's name. A form with such fields needs one of them.
    Address,
}

/// The values of connection fields by name. All of them are treated as secret.
#[derive(Debug, Clone, Default)]
pub struct FieldValues(BTreeMap<&'static str, SecretString>);

impl FieldValues {
    /// The value of a field; empty if it has none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", ExposeSecret::expose_secret)
    }

    /// Sets the value of a field.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.insert(name, SecretString::from(value.into()));
    }

    /// The values of the fields that are addresses.
    pub fn addresses(&self, fields: &[ConnectionField]) -> ChannelAddresses {
        let addresses = fields.iter().filter(|field| field.role == FieldRole::Address);
        let value = |field: &ConnectionField| Some(self.get(field.name)).filter(|value| !value.is_empty());
        addresses.filter_map(|field| Some((field.name, value(field)?))).collect()
    }
}

/// A request to connect a channel, or to check a new secret of one.
#[derive(Debug, Clone, Copy)]
pub struct ConnectRequest<'a> {
    /// The validated values of the fields.
    pub values: &'a FieldValues,
    /// False if credentials are accepted without asking the provider, where the provider need not be asked for
    /// anything else: the operator's command connects a channel also while the provider can't be reached.
    pub verify: bool,
}

/// A channel as its provider knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The provider's id of the account or bot.
    pub account: String,
    /// The addresses of the channel. Each leads to one channel of the account only.
    pub addresses: ChannelAddresses,
    /// The settings that only the provider reads.
    pub settings: ChannelSettings,
    /// The reason why the provider has not confirmed the credentials, such as the status of its answer; `None` if it
    /// has.
    pub unproven: Option<String>,
}

/// Validates the credentials of a channel with the provider, and describes the channel.
pub type Connect =
    for<'a> fn(&'a Connections, ConnectRequest<'a>) -> BoxFuture<'a, Result<Connected, FieldErrors>>;

/// The way in which the webhooks' URLs are set at a provider, and its requests are authenticated.
#[derive(Debug, Clone, Copy)]
pub enum WebhookSetup {
    /// A user enters them at the provider, which signs its requests with the channel's secret.
    ByHand,
    /// Aloqa sets them by a call, with a token that the provider sends in each request.
    Automatic(for<'a> fn(&'a Connections, WebhookChange<'a>) -> BoxFuture<'a, Result<(), FieldErrors>>),
}

/// A change of the webhooks' URL at a provider.
#[derive(Debug, Clone, Copy)]
pub struct WebhookChange<'a> {
    /// The provider's id of the account or bot.
    pub account: &'a str,
    /// The decrypted credentials.
    pub secret: &'a SecretString,
    /// The base URL under which providers reach this server, and the token of the requests; `None` to post nowhere.
    pub target: Option<(&'a Url, &'a SecretString)>,
}
