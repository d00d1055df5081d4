//! Parsing of channel forms.

use secrecy::SecretString;

use crate::{
    domain::{Country, PhoneNumber, Problem, SenderAddresses},
    error::Result,
    presentation::http::{
        fields::{Fields, FormReader},
        form::Form,
    },
    providers::twilio::ids::{parse_sid, parse_sms_sender, parse_whatsapp_sender},
    services::NewTwilioChannel,
};

/// The maximum length of a token. Twilio's have 32 characters.
const MAX_TOKEN_LENGTH: usize = 255;

/// Parses a Twilio account.
pub(in crate::presentation) fn parse_account(fields: &Fields, country: Country) -> Result<NewTwilioChannel> {
    let mut form = fields.reader();
    let account_sid = form.required("account_sid", |text| parse_sid("AC", text));
    let auth_token = form.required("auth_token", parse_token);
    let senders = parse_senders(&mut form, country, &SenderAddresses::default());
    let whatsapp_number = senders.whatsapp_number.and_then(|number| PhoneNumber::parse_e164(&number).ok());
    form.finish(NewTwilioChannel {
        account_sid: account_sid.unwrap_or_default(),
        auth_token: auth_token.unwrap_or_default(),
        sms_number: senders.sms_number,
        whatsapp_number,
        messaging_service_sid: senders.messaging_service_sid,
    })
}

/// Parses the addresses; absent ones keep their values of `before`. At least one is required.
pub(in crate::presentation) fn parse_senders(
    form: &mut FormReader<'_>,
    country: Country,
    before: &SenderAddresses,
) -> SenderAddresses {
    let mut sent =
        |name: &'static str, kept: &Option<String>, parse: &dyn Fn(&str) -> Result<String, Problem>| {
            form.patch(name, kept.clone(), Ok(None), |text| parse(text).map(Some))
        };
    let sms = sent("sms_number", &before.sms_number, &|text| parse_sms_sender(text, country));
    let whatsapp = sent("whatsapp_number", &before.whatsapp_number, &|text| {
        parse_whatsapp_sender(text, country).map(|number| number.to_string())
    });
    let service = sent("messaging_service_sid", &before.messaging_service_sid, &|text| parse_sid("MG", text));
    let parsed = sms.is_some() && whatsapp.is_some() && service.is_some();
    let senders = SenderAddresses {
        sms_number: sms.flatten(),
        whatsapp_number: whatsapp.flatten(),
        messaging_service_sid: service.flatten(),
    };
    if parsed && senders.is_empty() {
        form.push("sms_number", Problem::SenderRequired);
    }
    senders
}

/// Parses an auth token.
pub(in crate::presentation) fn parse_token(text: &str) -> Result<SecretString, Problem> {
    let text = text.trim();
    if text.len() > MAX_TOKEN_LENGTH {
        return Err(Problem::TooLong { max: MAX_TOKEN_LENGTH });
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Problem::BadCharacters);
    }
    Ok(text.into())
}

/// Removes secrets from a form that is shown again.
pub(in crate::presentation) fn without_secrets(mut form: Form) -> Form {
    form.set("auth_token", String::new());
    form.set("bot_token", String::new());
    form
}
