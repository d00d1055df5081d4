//! An inbound message by SMS or WhatsApp.

use url::Url;

use crate::domain::{Consent, Referral, Transport, is_whatsapp_user_id};
use crate::providers::twilio::address;
use crate::providers::twilio::webhook::form::{Form, is_key};
use crate::providers::twilio::webhook::{Malformed, location};

/// The maximum number of files in a message.
const MAX_MEDIA: usize = 10;
/// The maximum length of a text of an advertisement, in characters.
const MAX_REFERRAL: usize = 1_024;
/// The maximum length of a button's payload, in characters; WhatsApp allows half of it.
const MAX_PAYLOAD: usize = 512;

/// An inbound message. There is no `Debug`, so that its text cannot appear in a log.
#[derive(Clone)]
pub struct Inbound {
    /// The SID of the message, which is the same when the webhook is repeated.
    pub message_sid: String,
    /// The account that received it.
    pub account_sid: String,
    /// The Messaging Service that received it.
    pub messaging_service_sid: Option<String>,
    /// WhatsApp by the prefix of the sender's address, SMS without a prefix, `Other` for an unknown
    /// prefix.
    pub transport: Transport,
    /// The sender without `whatsapp:`. Usually E.164, but short codes, names and opaque ids
    /// (`US.1234`) exist.
    pub from: String,
    /// Our number or sender without `whatsapp:`.
    pub to: Option<String>,
    /// The text, or the description of a location; empty for files alone and for unknown content.
    pub body: String,
    /// The files that can be downloaded.
    pub media: Vec<Media>,
    /// The display name on WhatsApp.
    pub profile_name: Option<String>,
    /// The sender's WhatsApp id, usually the number without its plus.
    pub wa_id: Option<String>,
    /// The SID of the message that this one replies to.
    pub replied_to: Option<String>,
    /// The sender's WhatsApp user ids other than `from`: that of the business and that of all businesses of its owner.
    pub user_ids: Vec<String>,
    /// The payload of the button that the client pressed, as the template's author defined it.
    pub button_payload: Option<String>,
    /// The advertisement through which the client wrote.
    pub referral: Option<Referral>,
    /// `STOP`, `START` or `HELP`, if Twilio's Advanced Opt-Out recognised a keyword.
    pub opt_out_type: Option<String>,
}

/// A file of an inbound message, still at Twilio. Its URL requires the account's Basic credentials.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Media {
    /// The file's URL. The form is signed, but the host must be checked before credentials are sent
    /// to it.
    pub url: Url,
    /// The MIME type as Twilio declares it; `application/octet-stream` by default.
    pub content_type: String,
}

impl Inbound {
    /// Parses the form of an inbound message.
    ///
    /// # Errors
    /// [`Malformed`] without `MessageSid` (or `SmsSid`), `AccountSid` or `From`, which are needed
    /// to deduplicate the message and to find its client.
    pub fn parse(params: &[(String, String)]) -> Result<Self, Malformed> {
        let form = Form(params);
        let from = form.required("From")?;
        let (transport, from) = address::parse(&from);
        if from.is_empty() {
            return Err(Malformed("From"));
        }
        Ok(Self {
            message_sid: form.message_sid()?,
            account_sid: form.required("AccountSid")?,
            messaging_service_sid: form.word("MessagingServiceSid"),
            transport,
            from: from.to_owned(),
            to: form.word("To").map(|to| address::parse(&to).1.to_owned()),
            body: body(form),
            media: (0..MAX_MEDIA).filter_map(|index| medium(form, index)).collect(),
            profile_name: form.word("ProfileName"),
            wa_id: form.word("WaId"),
            replied_to: form.word("OriginalRepliedMessageSid").filter(|sid| is_key(sid)),
            user_ids: user_ids(form, transport, from),
            button_payload: form.text("ButtonPayload").map(|text| text.chars().take(MAX_PAYLOAD).collect()),
            referral: referral(form),
            opt_out_type: form.word("OptOutType"),
        })
    }

    /// The sender's opt-out or opt-in. Without Advanced Opt-Out the keywords of SMS count, as they
    /// do for carriers; on WhatsApp they have no meaning.
    #[must_use]
    pub fn consent(&self) -> Option<Consent> {
        match (self.opt_out_type.as_deref(), self.transport) {
            (Some(kind), _) if kind.eq_ignore_ascii_case("STOP") => Some(Consent::Stop),
            (Some(kind), _) if kind.eq_ignore_ascii_case("START") => Some(Consent::Start),
            (None, Transport::Sms) if self.media.is_empty() => Consent::of(&self.body),
            _ => None,
        }
    }

    /// True if there is neither a text nor a file, as for kinds of message that Twilio does not
    /// forward.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.body.trim().is_empty() && self.media.is_empty()
    }
}

/// The valid user ids of a sender by WhatsApp, each once.
fn user_ids(form: Form<'_>, transport: Transport, from: &str) -> Vec<String> {
    if transport != Transport::Whatsapp {
        return Vec::new();
    }
    let mut ids: Vec<String> = Vec::new();
    for name in ["ExternalUserId", "ParentExternalUserId"] {
        let id = form.word(name).map(|id| address::parse(&id).1.to_owned());
        ids.extend(id.filter(|id| is_whatsapp_user_id(id) && id != from && !ids.contains(id)));
    }
    ids
}

/// The advertisement of a message that came through a link from one.
fn referral(form: Form<'_>) -> Option<Referral> {
    let part = |name| form.word(name).unwrap_or_default().chars().take(MAX_REFERRAL).collect::<String>();
    let referral = Referral {
        headline: part("ReferralHeadline"),
        body: part("ReferralBody"),
        url: part("ReferralSourceUrl"),
    };
    (referral != Referral::default()).then_some(referral)
}

fn body(form: Form<'_>) -> String {
    // Twilio repeats a pressed button as the text; if it does not, the button's label is the text.
    let said = form.text("Body").filter(|body| !body.trim().is_empty()).or_else(|| form.text("ButtonText"));
    match (said.unwrap_or_default(), location::text(form)) {
        (body, None) => body,
        (body, Some(place)) if body.trim().is_empty() => place,
        (body, Some(place)) => format!("{body}\n{place}"),
    }
}

/// Reads the file of an index, ignoring `NumMedia`: a wrong count must not lose a client's photo.
fn medium(form: Form<'_>, index: usize) -> Option<Media> {
    let url = Url::parse(&form.word(&format!("MediaUrl{index}"))?).ok()?;
    let content_type = form.word(&format!("MediaContentType{index}"));
    Some(Media { url, content_type: content_type.unwrap_or_else(|| "application/octet-stream".to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! payload {
        ($name:literal) => {
            decode(include_str!(concat!("../../../../tests/fixtures/twilio/", $name)))
        };
    }

    fn decode(form: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(form.trim_end().as_bytes()).into_owned().collect()
    }

    /// A WhatsApp message with these parameters in addition to the required ones.
    fn with(extra: &str) -> Inbound {
        let form = decode(&format!("MessageSid=SM1&AccountSid=AC1&From=whatsapp:%2B998901234567&{extra}"));
        Inbound::parse(&form).unwrap()
    }

    fn error(form: &str) -> Malformed {
        Inbound::parse(&decode(form)).err().unwrap()
    }

    #[test]
    fn sms_forms_are_parsed() {
        let sms = Inbound::parse(&payload!("inbound-sms.form")).unwrap();
        assert_eq!(sms.message_sid, "SM4262411b90e5464b98a4f66a49c57a97");
        assert_eq!(sms.account_sid, "AC00000000000000000000000000000001");
        assert_eq!(sms.transport, Transport::Sms);
        assert_eq!((sms.from.as_str(), sms.to.as_deref()), ("+998901234567", Some("+998712000000")));
        assert_eq!(sms.body, "Салом! 2+2=4 & more\nsecond line 👋");
        assert_eq!((sms.media, sms.profile_name, sms.messaging_service_sid), (vec![], None, None));
    }

    #[test]
    fn whatsapp_documents_have_sender_and_url() {
        let document = Inbound::parse(&payload!("inbound-whatsapp-document.form")).unwrap();
        assert_eq!(document.transport, Transport::Whatsapp);
        assert_eq!(
            (document.from.as_str(), document.to.as_deref()),
            ("+998901234567", Some("+998712000001"))
        );
        assert_eq!(document.body, "shartnoma 2024.pdf");
        assert_eq!(document.profile_name.as_deref(), Some("Азиза Каримова"));
        assert_eq!(document.wa_id.as_deref(), Some("998901234567"));
        assert_eq!(document.media.len(), 1);
        assert_eq!(document.media[0].content_type, "application/pdf");
        assert_eq!(document.media[0].url.host_str(), Some("api.twilio.com"));
    }

    #[test]
    fn locations_are_formatted_with_a_link() {
        let location = Inbound::parse(&payload!("inbound-whatsapp-location.form")).unwrap();
        assert_eq!(
            location.body,
            "Registon maydoni, Samarqand, O‘zbekiston (39.654724, 66.975766)\n\
             https://maps.google.com/?q=39.654724,66.975766"
        );
        assert_eq!(
            with("Latitude=-41.31&Longitude=69.28").body,
            "(-41.31, 69.28)\nhttps://maps.google.com/?q=-41.31,69.28"
        );
        assert_eq!(
            with("Body=here&Latitude=1&Longitude=2").body,
            "here\n(1, 2)\nhttps://maps.google.com/?q=1,2"
        );
    }

    #[test]
    fn invalid_locations_are_ignored() {
        assert_eq!(with("Latitude=91&Longitude=69").body, "");
        assert_eq!(with("Latitude=NaN&Longitude=inf&Address=Chorsu").body, "Chorsu");
        assert_eq!(with("Latitude=41.31").body, "");
        assert_eq!(with("Latitude=1%22%3E&Longitude=2&Body=hi").body, "hi");
    }

    #[test]
    fn num_media_is_ignored() {
        let three = "MediaUrl0=https://a.example/0&MediaContentType0=image/jpeg&MediaUrl1=https://a.example/1\
                     &MediaUrl2=https://a.example/2&MediaContentType2=video/mp4";
        for number in ["3", "", "many", "-1", "0", "99999999999999999999"] {
            let message = with(&format!("NumMedia={number}&{three}"));
            let types: Vec<_> = message.media.iter().map(|medium| medium.content_type.as_str()).collect();
            assert_eq!(types, ["image/jpeg", "application/octet-stream", "video/mp4"], "{number:?}");
        }
    }

    #[test]
    fn invalid_files_do_not_lose_the_others() {
        let message = with("NumMedia=4&MediaUrl0=&MediaUrl1=not a link&MediaUrl3=https://a.example/3");
        assert_eq!(message.media.len(), 1);
        let many: Vec<_> =
            (0..40).map(|index| format!("MediaUrl{index}=https://a.example/{index}")).collect();
        assert_eq!(with(&many.join("&")).media.len(), 10);
    }

    #[test]
    fn empty_messages_are_parsed() {
        assert!(with("Body=&NumMedia=0").is_empty());
        assert!(with("NumMedia=1").is_empty());
        assert!(!with("Body=0").is_empty());
        assert!(!with("MediaUrl0=https://a.example/0").is_empty());
    }

    #[test]
    fn nul_characters_are_removed_and_white_space_is_kept() {
        let message = with("Body=%00%20a%00b%0A&ProfileName=%00&OptOutType=STOP");
        assert_eq!(message.body, " ab\n");
        assert_eq!(message.profile_name, None);
        assert_eq!(message.opt_out_type.as_deref(), Some("STOP"));
    }

    #[test]
    fn senders_without_a_number_are_unchanged() {
        let from = |from: &str| {
            let message = Inbound::parse(&decode(&format!("SmsSid=SM1&AccountSid=AC1&From={from}"))).unwrap();
            (message.transport, message.from)
        };
        assert_eq!(from("whatsapp:US.1234"), (Transport::Whatsapp, "US.1234".to_owned()));
        assert_eq!(from("33777"), (Transport::Sms, "33777".to_owned()));
        assert_eq!(from("Uzum"), (Transport::Sms, "Uzum".to_owned()));
    }

    #[test]
    fn user_ids_of_whatsapp_are_aliases_of_the_sender() {
        let own = "ExternalUserId=UZ.13491208655302741918&ParentExternalUserId=UZ.ENT.118157992128";
        assert_eq!(with(own).user_ids, ["UZ.13491208655302741918", "UZ.ENT.118157992128"]);
        assert_eq!(with("ExternalUserId=whatsapp:UZ.1&ParentExternalUserId=UZ.1").user_ids, ["UZ.1"]);
        assert_eq!(with("ExternalUserId=%2B998901234567&ParentExternalUserId=x").user_ids, [""; 0]);
        let form = "MessageSid=SM1&AccountSid=AC1&From=whatsapp:UZ.1&ExternalUserId=UZ.1";
        assert_eq!(Inbound::parse(&decode(form)).unwrap().user_ids, [""; 0]);
        let sms = "MessageSid=SM1&AccountSid=AC1&From=%2B998901234567&ExternalUserId=UZ.1";
        assert_eq!(Inbound::parse(&decode(sms)).unwrap().user_ids, [""; 0]);
    }

    #[test]
    fn advertisements_are_parsed() {
        let form =
            "ReferralHeadline=Chegirma+20%25&ReferralBody=Faqat+bugun&ReferralSourceUrl=https://fb.me/1";
        let expected = Referral {
            headline: "Chegirma 20%".into(),
            body: "Faqat bugun".into(),
            url: "https://fb.me/1".into(),
        };
        assert_eq!(with(form).referral, Some(expected));
        assert_eq!(
            with(&format!("ReferralBody={}", "a".repeat(5_000))).referral.unwrap().body.len(),
            MAX_REFERRAL
        );
        assert_eq!(with("Body=Salom&ReferralHeadline=+").referral, None);
    }

    #[test]
    fn forms_without_sid_or_sender_are_malformed() {
        assert_eq!(error("AccountSid=AC1&From=%2B1&Body=x"), Malformed("MessageSid"));
        assert_eq!(error("MessageSid=&SmsSid=&AccountSid=AC1&From=%2B1"), Malformed("MessageSid"));
        assert_eq!(error("MessageSid=%00+&AccountSid=AC1&From=%2B1"), Malformed("MessageSid"));
        assert_eq!(error("MessageSid=SM1&From=%2B1"), Malformed("AccountSid"));
        assert_eq!(error("MessageSid=SM1&AccountSid=AC1&From=whatsapp:"), Malformed("From"));
        assert_eq!(error(""), Malformed("From"));
    }
}
