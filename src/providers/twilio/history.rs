//! The messages that Twilio keeps: those of an outage are fetched from its list, because Twilio repeats a webhook once at
//! most.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use url::Url;

use crate::domain::{ChannelAddresses, InboundMessage, Transport};
use crate::providers::twilio::{
    MESSAGING_SERVICE, SMS_NUMBER, WHATSAPP_NUMBER, address,
    client::Twilio,
    webhook::{self, Inbound},
};
use crate::providers::{Reason, calls::reason};

/// The number of messages of a page of the list.
const PAGE_SIZE: &str = "100";
/// The maximum number of pages that are read for an address. Later runs read the rest.
const MAX_PAGES: usize = 20;

impl Twilio {
    /// Lists the inbound messages of these addresses since a time, the oldest first.
    pub(super) async fn inbound_since(
        &self,
        addresses: &ChannelAddresses,
        since: DateTime<Utc>,
    ) -> Result<Vec<InboundMessage>, Reason> {
        let number = addresses.get(SMS_NUMBER).map(str::to_owned);
        let whatsapp = addresses.get(WHATSAPP_NUMBER);
        let whatsapp = whatsapp.and_then(|number| address::format(Transport::Whatsapp, number));
        let service = addresses.get(MESSAGING_SERVICE);
        let mut filters: Vec<Option<String>> = [number, whatsapp].into_iter().flatten().map(Some).collect();
        if service.is_some() {
            // The list can't be filtered by a Messaging Service, whose messages go to any of its numbers.
            filters = vec![None];
        }
        let mut found = Vec::new();
        for to in &filters {
            self.collect(to.as_deref(), addresses, since, &mut found).await?;
        }
        found.sort_by_key(|message| message.sent_at);
        Ok(found)
    }

    async fn collect(
        &self,
        to: Option<&str>,
        addresses: &ChannelAddresses,
        since: DateTime<Utc>,
        found: &mut Vec<InboundMessage>,
    ) -> Result<(), Reason> {
        let mut url = self.below_account("/Messages.json", to.map(|to| ("To", to)));
        let since_text = since.to_rfc3339_opts(SecondsFormat::Secs, true);
        url.query_pairs_mut().append_pair("DateSent>", &since_text).append_pair("PageSize", PAGE_SIZE);
        for _ in 0..MAX_PAGES {
            let page = self.get(&url).await.map_err(|finding| reason(&finding.subject))?;
            for entry in page["messages"].as_array().into_iter().flatten() {
                if entry["direction"] == "inbound" && is_of_channel(entry, addresses) {
                    found.extend(self.restore(entry).await?);
                }
            }
            match self.next_page(&page) {
                Some(next) => url = next,
                None => break,
            }
        }
        Ok(())
    }

    /// The address of the next page, which is at the configured host whatever the page says.
    fn next_page(&self, page: &Value) -> Option<Url> {
        let next = page["next_page_uri"].as_str()?;
        let url = self.api_url.join(next).ok()?;
        (url.origin() == self.api_url.origin()).then_some(url)
    }

    /// Reads an entry of the list as the webhook would have been.
    async fn restore(&self, entry: &Value) -> Result<Option<InboundMessage>, Reason> {
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let mut form: Vec<(String, String)> = [
            ("MessageSid", text("sid")),
            ("AccountSid", self.account_sid.clone()),
            ("From", text("from")),
            ("To", text("to")),
            ("Body", text("body")),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if entry["num_media"].as_str().is_some_and(|count| count != "0") {
            form.extend(self.media_of(&text("sid")).await?);
        }
        let Ok(inbound) = Inbound::parse(&form) else { return Ok(None) };
        let mut message = webhook::message(inbound);
        let sent = [&entry["date_sent"], &entry["date_created"]].into_iter().find_map(Value::as_str);
        let sent = sent.and_then(|sent| DateTime::parse_from_rfc2822(sent).ok());
        message.sent_at = sent.map(|sent| sent.with_timezone(&Utc));
        Ok(Some(message))
    }

    /// The files of a message as parameters of the webhook's form.
    async fn media_of(&self, sid: &str) -> Result<Vec<(String, String)>, Reason> {
        let list = self.below_account(&format!("/Messages/{sid}/Media.json"), None);
        let list = self.get(&list).await.map_err(|finding| reason(&finding.subject))?;
        let mut parameters = Vec::new();
        for (index, file) in list["media_list"].as_array().into_iter().flatten().enumerate() {
            let Some(media) = file["sid"].as_str() else { continue };
            let url = self.below_account(&format!("/Messages/{sid}/Media/{media}"), None);
            parameters.push((format!("MediaUrl{index}"), url.to_string()));
            let content_type = file["content_type"].as_str().unwrap_or_default();
            parameters.push((format!("MediaContentType{index}"), content_type.to_owned()));
        }
        Ok(parameters)
    }
}

/// True if a message came to an address of the channel.
fn is_of_channel(entry: &Value, addresses: &ChannelAddresses) -> bool {
    let to = address::parse(entry["to"].as_str().unwrap_or_default()).1;
    let numbers = [addresses.get(SMS_NUMBER), addresses.get(WHATSAPP_NUMBER)];
    let service = addresses.get(MESSAGING_SERVICE);
    numbers.contains(&Some(to)) || (service.is_some() && entry["messaging_service_sid"].as_str() == service)
}
