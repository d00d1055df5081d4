//! Twilio's webhooks, signed and forged.

use aloqa::{providers::twilio::signature, services::ChannelContext};
use axum::http::Method;
use secrecy::SecretString;

use crate::support::{
    http::{TestRequest, TestResponse, Visitor, public},
    providers::twilio::auth_token,
};

pub const INBOUND: &str = "/crm/webhooks/twilio";
pub const STATUS: &str = "/crm/webhooks/twilio/status";

/// The form of a webhook.
pub type Form = Vec<(String, String)>;

/// The form that Twilio posts for an SMS to a channel's number.
pub fn sms_form(by: &ChannelContext, sid: &str, from: &str, body: &str) -> Form {
    form(&[
        ("ToCountry", "UZ"),
        ("SmsMessageSid", sid),
        ("NumMedia", "0"),
        ("SmsSid", sid),
        ("SmsStatus", "received"),
        ("Body", body),
        ("To", by.channel.address("sms_number").unwrap()),
        ("NumSegments", "1"),
        ("MessageSid", sid),
        ("AccountSid", &by.channel.account),
        ("From", from),
        ("ApiVersion", "2010-04-01"),
    ])
}

/// The form that Twilio posts for a WhatsApp message.
pub fn whatsapp_form(by: &ChannelContext, sid: &str, from: &str, body: &str, name: &str) -> Form {
    let mut form = sms_form(by, sid, &format!("whatsapp:{from}"), body);
    set(&mut form, "To", &format!("whatsapp:{}", by.channel.address("whatsapp_number").unwrap()));
    set(&mut form, "ProfileName", name);
    set(&mut form, "WaId", from.trim_start_matches('+'));
    form
}

/// The form that Twilio posts for the status of an outbound message.
pub fn status_form(by: &ChannelContext, sid: &str, status: &str) -> Form {
    form(&[
        ("MessageSid", sid),
        ("SmsSid", sid),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("AccountSid", &by.channel.account),
        ("From", by.channel.address("sms_number").unwrap()),
        ("To", "+998901234567"),
        ("ApiVersion", "2010-04-01"),
    ])
}

pub fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Sets a parameter, or adds it.
pub fn set(form: &mut Form, name: &str, value: &str) {
    form.retain(|(key, _)| key != name);
    form.push((name.to_owned(), value.to_owned()));
}

/// The auth token of a tenant's account.
pub fn token_of(by: &ChannelContext) -> SecretString {
    auth_token(u32::try_from(by.tenant.id.0).unwrap())
}

impl Visitor {
    /// A webhook signed with the auth token of its account.
    pub fn signed(&self, token: &SecretString, path: &str, form: &Form) -> TestRequest {
        let signature = signature::sign(token, &public(path), form);
        self.ask(Method::POST, path).form(form.clone()).header("x-twilio-signature", signature)
    }

    /// Posts a webhook as the channel's own account does.
    pub async fn post_twilio_webhook(&self, by: &ChannelContext, path: &str, form: &Form) -> TestResponse {
        self.signed(&token_of(by), path, form).send().await
    }

    /// Posts an SMS, which must be accepted.
    pub async fn receive_sms(&self, by: &ChannelContext, sid: &str, from: &str, body: &str) {
        self.post_twilio_webhook(by, INBOUND, &sms_form(by, sid, from, body)).await.is(200);
    }
}
