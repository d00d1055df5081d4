//! Checks requests against Twilio's published description;
//! `tests/fixtures/twilio/create-message.openapi.json` gives its source.

use serde_json::Value;
use url::Url;

use crate::domain::{Transport, WhatsappTemplateMessage};
use crate::providers::twilio::client::form as form_of;
use crate::providers::twilio::client::tests::{linked, sms};
use crate::providers::twilio::webhook::{StatusCallback, TwilioStatus};
use crate::providers::{OutboundMessage, SendFrom};

/// The published description of the request that creates a message.
fn published() -> Value {
    serde_json::from_str(include_str!("../../../../../tests/fixtures/twilio/create-message.openapi.json"))
        .unwrap()
}

/// True if a value conforms to a schema; panics for a keyword that is not implemented here.
fn fits(value: &str, schema: &Value) -> bool {
    let rules = schema.as_object().unwrap();
    rules.iter().all(|(rule, wanted)| match (rule.as_str(), wanted.as_str()) {
        ("type", Some("string")) | ("x-twilio", _) => true,
        // Twilio's own examples contain addresses of other channels and alphanumeric senders.
        ("format", Some("phone-number")) => !value.trim().is_empty() && value == value.trim(),
        ("format", Some("uri")) => Url::parse(value).is_ok(),
        ("minLength", _) => value.len() as u64 >= wanted.as_u64().unwrap(),
        ("maxLength", _) => value.len() as u64 <= wanted.as_u64().unwrap(),
        ("pattern", Some(pattern)) => {
            let prefix = pattern.strip_prefix('^').unwrap().strip_suffix("[0-9a-fA-F]{32}$").unwrap();
            let digits = value.strip_prefix(prefix).unwrap_or_default();
            digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        _ => panic!("what is {rule}: {wanted}?"),
    })
}

/// The violations of the published description in a form.
fn flaws(form: &[(String, String)]) -> Vec<String> {
    let published = published();
    let schema = &published["schema"];
    let mut flaws = Vec::new();
    for required in schema["required"].as_array().unwrap() {
        if !form.iter().any(|(name, _)| name == required) {
            flaws.push(format!("{required} is missing"));
        }
    }
    for (name, value) in form {
        let known = &schema["properties"][name];
        let repeated = form.iter().filter(|(other, _)| other == name).count() > 1;
        let is_list = known["type"] == "array";
        if known.is_null()
            || (repeated && !is_list)
            || !fits(value, if is_list { &known["items"] } else { known })
        {
            flaws.push(format!("{name}={value}"));
        }
    }
    flaws
}

#[tokio::test]
async fn requests_conform_to_the_published_description() {
    let whatsapp = OutboundMessage { transport: Transport::Whatsapp, ..sms() };
    let template = WhatsappTemplateMessage {
        sid: "HX0123456789abcdef0123456789ABCDEF".into(),
        variables: vec!["Азиза \"opa\"".into(), "2".into()],
    };
    let service = SendFrom::MessagingService("MG0123456789abcdef0123456789abcdef".into());
    let media =
        vec![linked("https://crm.example.uz/uploads/1?a=b"), linked("https://crm.example.uz/uploads/2")];
    for message in [
        sms(),
        OutboundMessage { from: SendFrom::Number("33777".into()), ..sms() },
        OutboundMessage { from: SendFrom::Number("Aloqa 24".into()), status_callback: None, ..sms() },
        OutboundMessage { from: service, ..sms() },
        OutboundMessage { media: media.clone(), ..sms() },
        OutboundMessage { media, body: String::new(), ..whatsapp.clone() },
        OutboundMessage { to: "US.13491208655302741918".into(), ..whatsapp.clone() },
        OutboundMessage { whatsapp_template: Some(template), ..whatsapp },
    ] {
        let form: Vec<_> =
            form_of(&message).unwrap().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(flaws(&form), Vec::<String>::new(), "{form:?}");
    }
    let form = |name: &str, value: &str| {
        vec![("To".to_owned(), "+1".to_owned()), (name.to_owned(), value.to_owned())]
    };
    for (name, value) in
        [("Text", "?"), ("MessagingServiceSid", "MG1"), ("ContentSid", "HX1"), ("StatusCallback", "x")]
    {
        assert_eq!(flaws(&form(name, value)), [format!("{name}={value}")], "the test can fail");
    }
    assert_eq!(published()["path"], "/2010-04-01/Accounts/{AccountSid}/Messages.json");
}

#[test]
fn templates_replace_text_and_files() {
    let template =
        WhatsappTemplateMessage { sid: "HX1".into(), variables: vec!["Aziza".into(), "a \"b\"".into()] };
    let message = OutboundMessage {
        transport: Transport::Whatsapp,
        media: vec![linked("https://crm.example.uz/uploads/1")],
        whatsapp_template: Some(template.clone()),
        status_callback: None,
        ..sms()
    };
    assert_eq!(
        form_of(&message).unwrap(),
        [
            ("To", "whatsapp:+998901234567".to_owned()),
            ("From", "whatsapp:+998712000000".to_owned()),
            ("ContentSid", "HX1".to_owned()),
            ("ContentVariables", r#"{"1":"Aziza","2":"a \"b\""}"#.to_owned()),
        ]
    );
    let plain = WhatsappTemplateMessage { variables: vec![], ..template };
    let form = form_of(&OutboundMessage { whatsapp_template: Some(plain), ..message }).unwrap();
    assert!(form.iter().all(|(name, _)| *name != "ContentVariables"));
}

#[test]
fn all_published_statuses_are_known() {
    let published = published();
    let words = published["message_enum_status"]["enum"].as_array().unwrap();
    assert_eq!(words.len(), 13);
    for word in words.iter().filter_map(Value::as_str) {
        let form = [("MessageSid", "SM1"), ("AccountSid", "AC1"), ("MessageStatus", word)];
        let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let status = StatusCallback::parse(&form).unwrap().status;
        // Statuses of inbound messages never appear in reports about outbound ones.
        assert_eq!(status == TwilioStatus::Other, word.starts_with("receiv"), "{word}");
    }
}
