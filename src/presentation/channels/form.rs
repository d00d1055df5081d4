//! Forms of channels: their fields, as the providers describe them, and the parsing of them.

use crate::{
    domain::{ChannelAddresses, Country, FieldErrors, Problem},
    error::{AppError, Result},
    presentation::http::{
        fields::{Fields, FormReader},
        form::Form,
    },
    providers::{ConnectionField, FieldRole, FieldValues, Registration, registrations},
};

/// The name of the field with a new secret, for all providers.
pub(in crate::presentation) const NEW_SECRET: &str = "auth_token";

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub(in crate::presentation) struct FieldView {
    pub(in crate::presentation) name: &'static str,
    /// The type of the input.
    pub(in crate::presentation) kind: &'static str,
}

impl From<&ConnectionField> for FieldView {
    fn from(field: &ConnectionField) -> Self {
        Self { name: field.name, kind: if field.role == FieldRole::Secret { "password" } else { "text" } }
    }
}

/// The provider whose form was sent: the one whose secret it contains, otherwise the last one.
pub(in crate::presentation) fn provider_of(fields: &Fields) -> Option<&'static Registration> {
    let sent = |provider: &&Registration| {
        provider.secret_field().is_some_and(|secret| fields.text(secret.name).is_some())
    };
    registrations().find(sent).or_else(|| registrations().last())
}

/// Parses the values of a provider's fields.
///
/// # Errors
/// [`AppError::Invalid`] with all problems.
pub(in crate::presentation) fn parse_connection(
    fields: &Fields,
    provider: &Registration,
    country: Country,
) -> Result<FieldValues> {
    let mut form = fields.reader();
    let mut values = FieldValues::default();
    for field in provider.fields.iter().filter(|field| field.role != FieldRole::Address) {
        if let Some(value) = form.required(field.name, |text| (field.parse)(text, country)) {
            values.set(field.name, value);
        }
    }
    let addresses = parse_addresses(&mut form, provider, country, &ChannelAddresses::default());
    for field in provider.address_fields() {
        values.set(field.name, addresses.get(field.name).unwrap_or_default());
    }
    form.finish(values)
}

/// Parses the addresses; absent ones keep their values of `before`. At least one is required if the
/// provider has any.
pub(in crate::presentation) fn parse_addresses(
    form: &mut FormReader<'_>,
    provider: &Registration,
    country: Country,
    before: &ChannelAddresses,
) -> ChannelAddresses {
    let mut addresses = before.clone();
    let mut valid = true;
    for field in provider.address_fields() {
        let kept = before.get(field.name).map(str::to_owned);
        let parse = |text: &str| (field.parse)(text, country).map(Some);
        match form.patch(field.name, kept, Ok(None), parse) {
            Some(address) => addresses.set(field.name, address),
            None => valid = false,
        }
    }
    if let Some(first) = provider.address_fields().next().filter(|_| valid && addresses.is_empty()) {
        form.push(first.name, Problem::SenderRequired);
    }
    addresses
}

/// Reports a problem of the provider's secret for the field with the new secret.
pub(in crate::presentation) fn of_new_secret(provider: &Registration, error: AppError) -> AppError {
    match (error, provider.secret_field()) {
        (AppError::Invalid(errors), Some(secret)) => {
            let mut renamed = FieldErrors::default();
            for (field, problem) in errors.iter() {
                let field = if field == secret.name { NEW_SECRET } else { field };
                renamed.push(field.to_owned(), problem.clone());
            }
            AppError::Invalid(renamed)
        }
        (error, _) => error,
    }
}

/// Removes secrets from a form that is shown again.
pub(in crate::presentation) fn without_secrets(mut form: Form) -> Form {
    let secrets = registrations().filter_map(Registration::secret_field).map(|field| field.name);
    for name in secrets.chain([NEW_SECRET]) {
        form.set(name, String::new());
    }
    form
}
