//! Every kind of form that Twilio posts.

use crate::domain::{Consent, Transport};
use crate::providers::twilio::webhook::{Inbound, StatusCallback, TwilioStatus};

macro_rules! payload {
    ($name:literal) => {{
        let text = include_str!(concat!("../../../../tests/fixtures/twilio/", $name, ".form"));
        form_urlencoded::parse(text.trim_end().as_bytes()).into_owned().collect::<Vec<_>>()
    }};
}

macro_rules! inbound {
    ($name:literal) => {
        Inbound::parse(&payload!($name)).unwrap()
    };
}

macro_rules! status {
    ($name:literal) => {
        StatusCallback::parse(&payload!($name)).unwrap()
    };
}

fn types(message: &Inbound) -> Vec<&str> {
    message.media.iter().map(|medium| medium.content_type.as_str()).collect()
}

#[test]
fn mms_have_all_their_files() {
    let mms = inbound!("inbound-mms");
    assert_eq!((mms.transport, mms.body.as_str()), (Transport::Sms, "Mana rasmlar"));
    assert_eq!(types(&mms), ["image/jpeg", "image/png", "text/x-vcard"]);
    let alone = inbound!("inbound-mms-without-text");
    assert_eq!((alone.body.as_str(), types(&alone)), ("", vec!["image/gif"]));
    assert_eq!((mms.consent(), alone.consent()), (None, None));
}

#[test]
fn messaging_services_are_parsed_with_the_number() {
    let sms = inbound!("inbound-sms-pool");
    assert_eq!(sms.to.as_deref(), Some("+998712000777"));
    assert_eq!(sms.messaging_service_sid.as_deref(), Some("MG00000000000000000000000000000001"));
}

#[test]
fn short_codes_are_valid_addresses() {
    let sms = inbound!("inbound-sms-short-code");
    assert_eq!((sms.from.as_str(), sms.to.as_deref()), ("33777", Some("4455")));
}

#[test]
fn advanced_opt_out_determines_consent() {
    assert_eq!(inbound!("inbound-sms-stop").consent(), Some(Consent::Stop));
    assert_eq!(inbound!("inbound-sms-start").consent(), Some(Consent::Start));
    assert_eq!(inbound!("inbound-sms-help").consent(), None);
    assert_eq!(inbound!("inbound-whatsapp-stop").consent(), Some(Consent::Stop));
    assert_eq!(inbound!("inbound-sms-stop").body, "STOP", "it is a message all the same");
}

#[test]
fn whatsapp_texts_and_files_are_parsed() {
    let text = inbound!("inbound-whatsapp-text");
    assert_eq!((text.transport, text.body.as_str()), (Transport::Whatsapp, "Салом 👋"));
    assert_eq!((text.from.as_str(), text.profile_name.as_deref()), ("+998901234567", Some("Азиза Каримова")));
    let image = inbound!("inbound-whatsapp-image");
    assert_eq!((image.body.as_str(), types(&image)), ("Shu joymi?", vec!["image/jpeg"]));
    assert_eq!(types(&inbound!("inbound-whatsapp-voice")), ["audio/ogg"]);
    assert_eq!(types(&inbound!("inbound-whatsapp-video")), ["video/mp4"]);
    assert_eq!(types(&inbound!("inbound-whatsapp-sticker")), ["image/webp"]);
    assert_eq!(types(&inbound!("inbound-whatsapp-contact")), ["text/vcard"]);
    assert_eq!(inbound!("inbound-whatsapp-forwarded").body, "Chegirma 50%!");
    assert!(inbound!("inbound-whatsapp-unsupported").is_empty());
}

#[test]
fn replies_and_buttons_refer_to_the_original_message() {
    let of = Some("SM00000000000000000000000000000042");
    let reply = inbound!("inbound-whatsapp-reply");
    assert_eq!((reply.body.as_str(), reply.replied_to.as_deref()), ("Ha, shu", of));
    let button = inbound!("inbound-whatsapp-button");
    assert_eq!((button.body.as_str(), button.replied_to.as_deref()), ("Ha, kelaman", of));
    assert_eq!(button.button_payload.as_deref(), Some("visit-yes"));
    let list = inbound!("inbound-whatsapp-list");
    assert_eq!((list.body.as_str(), list.replied_to.as_deref()), ("Juma, 10:00", of));
    assert_eq!(inbound!("inbound-whatsapp-text").replied_to, None);
}

#[test]
fn senders_without_a_number_have_a_whatsapp_id() {
    assert_eq!(inbound!("inbound-whatsapp-without-number").from, "US.13491208655302741918");
}

#[test]
fn status_forms_are_parsed() {
    use TwilioStatus::{Delivered, Failed, Queued, Read, Sent};
    for (update, status, code) in [
        (status!("status-sms-accepted"), Queued, None),
        (status!("status-sms-scheduled"), Queued, None),
        (status!("status-sms-queued"), Queued, None),
        (status!("status-sms-sending"), Queued, None),
        (status!("status-sms-sent"), Sent, None),
        (status!("status-sms-partially-delivered"), Sent, None),
        (status!("status-sms-delivered"), Delivered, None),
        (status!("status-sms-undelivered"), Failed, Some("30003")),
        (status!("status-sms-opted-out"), Failed, Some("21610")),
        (status!("status-sms-canceled"), Failed, None),
        (status!("status-whatsapp-read"), Read, None),
        (status!("status-whatsapp-failed"), Failed, Some("63016")),
    ] {
        assert_eq!((update.status, update.error_code.as_deref()), (status, code), "{update:?}");
        assert_eq!(update.to.as_deref(), Some("+998901234567"));
    }
}
