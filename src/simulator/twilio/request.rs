//! A received request, and the checks of its parameters.

use std::collections::HashMap;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::domain::Transport;
use crate::simulator::phones::{EntryContent, PhoneLine};
use crate::simulator::twilio::replies::Refusal;

/// The maximum length of a text: ten segments.
const MAX_BODY: usize = 1600;

/// A request to send a message.
#[derive(Clone, Debug)]
pub struct Request {
    /// The SID of the message, also assigned to rejected requests.
    pub message_sid: String,
    /// The account in the path.
    pub account_sid: String,
    /// The headers with lower-case names; of `authorization`, only the user name is kept.
    pub headers: Vec<(String, String)>,
    /// The fields of the form in their original order.
    pub form: Vec<(String, String)>,
}

impl Request {
    pub(in crate::simulator) fn new(account_sid: String, headers: &HeaderMap, body: &[u8]) -> Self {
        Self {
            message_sid: format!("SM{}", Uuid::new_v4().simple()),
            account_sid,
            headers: headers
                .iter()
                .map(|(name, _)| (name.to_string(), printable(headers, name.as_str())))
                .collect(),
            form: form_urlencoded::parse(body).into_owned().collect(),
        }
    }

    /// The first value of a parameter; `None` if it is missing or empty.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let (_, value) = self.form.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Checks the parameters as Twilio does before it accepts a message.
    pub(in crate::simulator) fn check(&self) -> Result<(), Refusal> {
        let to = self.value("To").ok_or_else(|| Refusal::bad(21604, "A 'To' phone number is required."))?;
        if !is_address(to) {
            return Err(Refusal::bad(21211, &format!("The 'To' number {to} is not a valid phone number.")));
        }
        self.check_sender(to)?;
        let is_filled = ["Body", "MediaUrl", "ContentSid"].iter().any(|name| self.value(name).is_some());
        self.check_content()?;
        let length = self.value("Body").map_or(0, |body| body.chars().count());
        match length {
            _ if !is_filled => Err(Refusal::bad(21602, "Message body is required.")),
            0..=MAX_BODY => Ok(()),
            _ => Err(Refusal::bad(21617, "The concatenated message body exceeds the 1600 character limit.")),
        }
    }

    /// Checks a template: the format of its id, and that its variables are an object of texts.
    fn check_content(&self) -> Result<(), Refusal> {
        let is_sid = |sid: &str| {
            let digits = sid.strip_prefix("HX").unwrap_or_default();
            digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if self.value("ContentSid").is_some_and(|sid| !is_sid(sid)) {
            return Err(Refusal::bad(21655, "The ContentSid is Invalid"));
        }
        let is_object = |text: &str| serde_json::from_str::<HashMap<String, String>>(text).is_ok();
        if self.value("ContentVariables").is_some_and(|text| !is_object(text)) {
            return Err(Refusal::bad(21656, "The ContentVariables Parameter is invalid"));
        }
        Ok(())
    }

    /// True for a text by WhatsApp that is not an approved template.
    pub(in crate::simulator) fn is_free_whatsapp(&self) -> bool {
        let to = self.value("To").unwrap_or_default();
        bare(to) != to && self.value("ContentSid").is_none()
    }

    fn check_sender(&self, to: &str) -> Result<(), Refusal> {
        match (self.value("From"), self.value("MessagingServiceSid")) {
            (None, None) => Err(Refusal::bad(21603, "A 'From' phone number is required.")),
            (None, Some(_)) => Ok(()),
            (Some(from), _) if !is_sender(from) => {
                Err(Refusal::bad(21212, &format!("The 'From' number {from} is not a valid phone number.")))
            }
            (Some(from), _) if bare(from) == from && bare(to) == to => Ok(()),
            (Some(from), _) if bare(from) != from && bare(to) != to => Ok(()),
            _ => Err(Refusal::bad(
                21910,
                "Invalid From and To pair. From and To should be of the same channel.",
            )),
        }
    }

    /// The phone of the recipient.
    pub(in crate::simulator) fn line(&self) -> PhoneLine {
        let to = self.value("To").unwrap_or_default();
        let transport = if bare(to) == to { Transport::Sms } else { Transport::Whatsapp };
        PhoneLine { account: self.account_sid.clone(), transport, address: bare(to).to_owned() }
    }

    /// The message as its recipient sees it.
    pub(in crate::simulator) fn arrival(&self) -> EntryContent {
        let files = self.form.iter().filter(|(name, _)| name == "MediaUrl").map(|(_, url)| url.clone());
        // The text of an approved template is not known here.
        let parts =
            ["Body", "ContentSid", "ContentVariables"].into_iter().filter_map(|name| self.value(name));
        let text = parts.collect::<Vec<_>>().join("\n");
        EntryContent::Received { id: self.message_sid.clone(), text, files: files.collect(), status: None }
    }

    /// The recipient's address without its prefix.
    pub(in crate::simulator) fn recipient(&self) -> &str {
        bare(self.value("To").unwrap_or_default())
    }
}

/// The user name of the request's Basic credentials.
pub(in crate::simulator) fn user(headers: &HeaderMap) -> Option<String> {
    let credentials = credentials(headers)?;
    let user = credentials.split(|byte| *byte == b':').next()?;
    String::from_utf8(user.to_vec()).ok()
}

/// True if the request's Basic credentials are those of this account.
pub(in crate::simulator) fn is_authorized(
    headers: &HeaderMap,
    account_sid: &str,
    token: &SecretString,
) -> bool {
    let expected = format!("{account_sid}:{}", token.expose_secret());
    credentials(headers).is_some_and(|given| given.as_slice().ct_eq(expected.as_bytes()).into())
}

fn credentials(headers: &HeaderMap) -> Option<Vec<u8>> {
    let encoded = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    STANDARD.decode(encoded).ok()
}

fn printable(headers: &HeaderMap, name: &str) -> String {
    if name == AUTHORIZATION.as_str() {
        let credentials = credentials(headers).unwrap_or_default();
        let user = credentials.split(|byte| *byte == b':').next().unwrap_or_default();
        return format!("Basic {}", String::from_utf8_lossy(user));
    }
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

fn bare(address: &str) -> &str {
    address.strip_prefix("whatsapp:").unwrap_or(address)
}

/// True for a number in E.164 and for an id of WhatsApp such as `whatsapp:US.1234`.
fn is_address(address: &str) -> bool {
    is_e164(bare(address)) || address.strip_prefix("whatsapp:").is_some_and(is_opaque)
}

/// True for a number, a short code, and up to eleven letters, digits and spaces.
fn is_sender(address: &str) -> bool {
    let is_name = |name: &str| {
        (1..=11).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
    };
    is_e164(bare(address)) || is_name(address)
}

fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

fn is_opaque(id: &str) -> bool {
    id.split_once('.').is_some_and(|(country, rest)| {
        country.len() == 2 && !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
