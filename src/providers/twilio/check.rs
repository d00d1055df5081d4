//! Checks of an account: the credentials, the existence of the senders, and the webhooks that
//! Twilio posts inbound messages to.

use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use url::Url;

use crate::domain::ChannelAddresses;
use crate::providers::twilio::{MESSAGING_SERVICE, SMS_NUMBER, WHATSAPP_NUMBER, client::Twilio};
use crate::providers::{
    CheckResult,
    calls::{cause, read},
};

impl Twilio {
    /// Checks the account and then each sender. `webhook` is the expected URL for inbound messages.
    /// If the credentials are refused, the senders are not checked.
    #[tracing::instrument(name = "twilio.check", skip_all, fields(account = %self.account_sid))]
    pub async fn check(&self, senders: &ChannelAddresses, webhook: &Url) -> Vec<CheckResult> {
        let account = self.account().await;
        let mut findings = vec![account];
        if !findings[0].passed {
            return findings;
        }
        if let Some(number) = senders.get(SMS_NUMBER) {
            findings.extend(self.number(number, webhook).await);
        }
        if let Some(number) = senders.get(WHATSAPP_NUMBER) {
            findings.push(self.whatsapp(number).await);
        }
        if let Some(sid) = senders.get(MESSAGING_SERVICE) {
            findings.extend(self.service(sid, webhook).await);
        }
        findings
    }

    /// Checks the account alone, and thereby the credentials.
    pub async fn account(&self) -> CheckResult {
        let account = match self.get(&self.below_account(".json", None)).await {
            Ok(account) => account,
            Err(finding) => return finding,
        };
        let name = account["friendly_name"].as_str().unwrap_or(&self.account_sid).to_owned();
        match account["status"].as_str() {
            Some("suspended") => CheckResult::failed("account-suspended", name),
            Some("closed") => CheckResult::failed("account-closed", name),
            _ => CheckResult::passed("account-active", name),
        }
    }

    async fn number(&self, number: &str, webhook: &Url) -> Vec<CheckResult> {
        let (list, query) = if number.starts_with('+') {
            ("incoming_phone_numbers", ("/IncomingPhoneNumbers.json", "PhoneNumber"))
        } else if number.chars().all(|c| c.is_ascii_digit()) {
            ("short_codes", ("/SMS/ShortCodes.json", "ShortCode"))
        } else {
            return vec![CheckResult::passed("sender-name", number)];
        };
        let found = match self.get(&self.below_account(query.0, Some((query.1, number)))).await {
            Ok(found) => found,
            Err(finding) => return vec![finding],
        };
        // Twilio's search also returns partial matches.
        let same = |entry: &&Value| {
            [&entry["phone_number"], &entry["short_code"]].iter().any(|own| own.as_str() == Some(number))
        };
        let Some(found) = found[list].as_array().and_then(|all| all.iter().find(same)) else {
            return vec![CheckResult::failed("number-missing", number)];
        };
        if found["capabilities"]["sms"].as_bool() == Some(false) {
            return vec![CheckResult::failed("number-without-sms", number)];
        }
        let posts_to = found["sms_url"].as_str().unwrap_or_default();
        vec![CheckResult::passed("number-found", number), posting(number, posts_to, webhook)]
    }

    async fn whatsapp(&self, number: &str) -> CheckResult {
        let mut url = self.messaging_url("v2/Channels/Senders");
        url.query_pairs_mut().append_pair("Channel", "whatsapp").append_pair("PageSize", "100");
        let Ok(found) = self.get(&url).await else {
            return CheckResult::passed("whatsapp-unchecked", number);
        };
        let senders = found["senders"].as_array().map(Vec::as_slice).unwrap_or_default();
        let id = format!("whatsapp:{number}");
        match senders.iter().find(|sender| sender["sender_id"].as_str() == Some(&id)) {
            Some(sender) if sender["status"].as_str().is_some_and(|status| status.starts_with("ONLINE")) => {
                CheckResult::passed("whatsapp-online", number)
            }
            Some(_) => CheckResult::failed("whatsapp-offline", number),
            None if found["meta"]["next_page_url"].is_string() => {
                CheckResult::passed("whatsapp-unchecked", number)
            }
            None => CheckResult::failed("whatsapp-missing", number),
        }
    }

    async fn service(&self, sid: &str, webhook: &Url) -> Vec<CheckResult> {
        let service = match self.get(&self.messaging_url(&format!("v1/Services/{sid}"))).await {
            Ok(service) => service,
            Err(finding) if finding.kind == "account-unknown" => {
                return vec![CheckResult::failed("service-missing", sid)];
            }
            Err(finding) => return vec![finding],
        };
        let name = service["friendly_name"].as_str().unwrap_or(sid);
        let mut findings = vec![CheckResult::passed("service-found", name)];
        if service["use_inbound_webhook_on_number"].as_bool() != Some(true) {
            let posts_to = service["inbound_request_url"].as_str().unwrap_or_default();
            findings.push(posting(name, posts_to, webhook));
        }
        findings
    }

    /// The URL of `path` below the account's resource.
    pub(super) fn below_account(&self, path: &str, query: Option<(&str, &str)>) -> Url {
        let mut url = self.api_url.clone();
        url.set_path(&format!(
            "{}/2010-04-01/Accounts/{}{path}",
            self.api_url.path().trim_end_matches('/'),
            self.account_sid
        ));
        url.query_pairs_mut().clear().extend_pairs(query);
        if query.is_none() {
            url.set_query(None);
        }
        url
    }

    /// The URL of `path` at the host for senders and services: `messaging.` where the API is at
    /// `api.`, also in a region. A simulator has a single host.
    fn messaging_url(&self, path: &str) -> Url {
        let mut url = self.api_url.clone();
        if let Some(rest) = self.api_url.host_str().and_then(|host| host.strip_prefix("api.")) {
            let _ = url.set_host(Some(&format!("messaging.{rest}")));
        }
        url.set_path(&format!("{}/{path}", self.api_url.path().trim_end_matches('/')));
        url
    }

    pub(super) async fn get(&self, url: &Url) -> Result<Value, CheckResult> {
        let request = self.http.get(url.clone());
        let request = request.basic_auth(&self.account_sid, Some(self.auth_token.expose_secret()));
        let response =
            request.send().await.map_err(|error| CheckResult::failed("no-answer", cause(&error)))?;
        let status = response.status();
        let body = read(response).await.map_err(|error| CheckResult::failed("no-answer", cause(&error)))?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|_| CheckResult::failed("other-answer", status.as_u16().to_string()));
        }
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                CheckResult::failed("credentials-refused", &self.account_sid)
            }
            // Only Twilio's own error counts; any other server may not know the path.
            StatusCode::NOT_FOUND if body.windows(5).any(|word| word == b"20404") => {
                CheckResult::failed("account-unknown", &self.account_sid)
            }
            status => CheckResult::failed("other-answer", status.as_u16().to_string()),
        })
    }
}

/// Compares the URL that Twilio posts to with the expected one.
fn posting(subject: &str, posts_to: &str, webhook: &Url) -> CheckResult {
    match posts_to {
        here if here == webhook.as_str() => CheckResult::passed("posts-here", subject),
        "" => CheckResult::failed("posts-nowhere", subject),
        elsewhere => {
            CheckResult { detail: elsewhere.to_owned(), ..CheckResult::failed("posts-elsewhere", subject) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twilio(api: &str) -> Twilio {
        let http = crate::providers::http_client().unwrap();
        Twilio::new(http, api.parse().unwrap(), "AC1".into(), "12345".into())
    }

    #[test]
    fn resources_have_their_hosts() {
        let real = twilio("https://api.twilio.com");
        let number = real.below_account("/IncomingPhoneNumbers.json", Some(("PhoneNumber", "+998712000000")));
        assert_eq!(
            number.as_str(),
            "https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json?PhoneNumber=%2B998712000000"
        );
        assert_eq!(
            real.below_account(".json", None).as_str(),
            "https://api.twilio.com/2010-04-01/Accounts/AC1.json"
        );
        assert_eq!(
            real.messaging_url("v1/Services/MG1").as_str(),
            "https://messaging.twilio.com/v1/Services/MG1"
        );
        assert_eq!(
            twilio("https://api.dublin.ie1.twilio.com").messaging_url("v1/Services/MG1").as_str(),
            "https://messaging.dublin.ie1.twilio.com/v1/Services/MG1"
        );
        assert_eq!(
            twilio("http://127.0.0.1:9/twilio/").messaging_url("v1/Services/MG1").as_str(),
            "http://127.0.0.1:9/twilio/v1/Services/MG1"
        );
    }
}
