//! A tenant's Twilio account: the simulated API, and the messages of its clients.

use aloqa::{
    domain::{
        ChannelId, ChatId, InboundMessage, Message, MessageId, MessageStatus, MessageText, ReportedStatus,
        Transport,
    },
    error::Result,
    providers::{
        FieldValues,
        twilio::{
            ACCOUNT_SID, AUTH_TOKEN, MESSAGING_SERVICE, NAME, SMS_NUMBER, WHATSAPP_NUMBER,
            webhook::{StatusCallback, TwilioStatus},
        },
    },
    services::{ChannelContext, Received},
};
use axum::{Router, body::Bytes, extract::OriginalUri, http::StatusCode, routing::post};
use secrecy::{ExposeSecret as _, SecretString};

use crate::support::{Company, TestEnv};

/// A Twilio account that is to be connected.
#[derive(Debug, Clone)]
pub struct TwilioAccount {
    pub account_sid: String,
    pub auth_token: SecretString,
    pub sms_number: Option<String>,
    pub whatsapp_number: Option<String>,
    pub messaging_service_sid: Option<String>,
}

impl TwilioAccount {
    /// The values of the form that connects it.
    pub fn values(&self) -> FieldValues {
        let mut values = FieldValues::default();
        values.set(ACCOUNT_SID, self.account_sid.as_str());
        values.set(AUTH_TOKEN, self.auth_token.expose_secret());
        values.set(SMS_NUMBER, self.sms_number.as_deref().unwrap_or_default());
        values.set(WHATSAPP_NUMBER, self.whatsapp_number.as_deref().unwrap_or_default());
        values.set(MESSAGING_SERVICE, self.messaging_service_sid.as_deref().unwrap_or_default());
        values
    }
}

/// A Twilio account with a number for SMS and one for WhatsApp, derived from `seed` so that no two are equal.
pub fn account(seed: u32) -> TwilioAccount {
    TwilioAccount {
        account_sid: format!("AC{seed:032}"),
        auth_token: auth_token(seed),
        sms_number: Some(format!("+99871200{seed:04}")),
        whatsapp_number: Some(format!("+99871201{seed:04}")),
        messaging_service_sid: None,
    }
}

/// The auth token of that account.
pub fn auth_token(seed: u32) -> SecretString {
    format!("auth-token-{seed}").into()
}

impl TestEnv {
    /// Connects a tenant to its own account at the simulator.
    pub async fn connect(&self, company: &Company) -> ChannelContext {
        let seed = u32::try_from(company.id().0).unwrap();
        self.connect_account(company, account(seed)).await
    }

    /// Connects a tenant to this account.
    pub async fn connect_account(&self, company: &Company, account: TwilioAccount) -> ChannelContext {
        self.simulator.add_account(&account.account_sid, account.auth_token.clone());
        if let Some(number) = &account.whatsapp_number {
            self.simulator.add_whatsapp_sender(&account.account_sid, number);
        }
        let id = self.add_account(company, &account).await.unwrap();
        let sealed = company.read().await.channels().get(id).await.unwrap().unwrap();
        ChannelContext { tenant: company.tenant.clone(), channel: sealed.channel }
    }

    /// Connects a tenant to this account as the operator's command does.
    pub async fn add_account(&self, company: &Company, account: &TwilioAccount) -> Result<ChannelId> {
        self.services.channels.connect_as_operator(company.id(), &NAME, &account.values()).await
    }

    /// Receives a client's message that was not received before.
    pub async fn receive(&self, by: &ChannelContext, message: &InboundMessage) -> (ChatId, MessageId) {
        match self.services.inbound.receive(by, message).await.unwrap() {
            Received::Stored { chat, message } => (chat, message),
            other => panic!("it is no new message: {other:?}"),
        }
    }
}

impl TestEnv {
    /// Applies the simulator's callbacks to the only channel, as the webhook would.
    pub fn take_callbacks(&self, by: &ChannelContext) {
        let (delivery, by) = (self.services.delivery.clone(), by.clone());
        let take = move |OriginalUri(uri): OriginalUri, body: Bytes| {
            let (delivery, by) = (delivery.clone(), by.clone());
            async move {
                let form: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
                let update = StatusCallback::parse(&form).unwrap();
                let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
                let reported = ReportedStatus {
                    reference: query.into_owned().find(|(name, _)| name == "message").map(|(_, value)| value),
                    ..report(&update.message_sid, status_of(update.status))
                };
                delivery
                    .report(&by, reported)
                    .await
                    .map_or(StatusCode::INTERNAL_SERVER_ERROR, |_| StatusCode::NO_CONTENT)
            }
        };
        let listener =
            tokio::net::TcpListener::from_std(self.callback_listener.try_clone().unwrap()).unwrap();
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(post(take))).await });
    }
}

fn status_of(status: TwilioStatus) -> MessageStatus {
    match status {
        TwilioStatus::Queued | TwilioStatus::Other => MessageStatus::Queued,
        TwilioStatus::Sent => MessageStatus::Sent,
        TwilioStatus::Delivered => MessageStatus::Delivered,
        TwilioStatus::Read => MessageStatus::Read,
        TwilioStatus::Failed => MessageStatus::Failed,
    }
}

/// An SMS from a client.
pub fn sms(provider_id: &str, from: &str, text: &str) -> InboundMessage {
    let text = MessageText::from_provider(text);
    InboundMessage::new(provider_id.to_owned(), Transport::Sms, from.to_owned(), text)
}

/// A status report about a message with this provider id.
pub fn report(provider_id: &str, status: MessageStatus) -> ReportedStatus {
    let provider_id = provider_id.to_owned();
    ReportedStatus { provider_id, reference: None, recipient: None, status, failure: None }
}

/// A status report about a message whose provider id is not stored yet.
pub fn early_report(provider_id: &str, message: &Message, status: MessageStatus) -> ReportedStatus {
    ReportedStatus { reference: Some(message.callback_reference()), ..report(provider_id, status) }
}
