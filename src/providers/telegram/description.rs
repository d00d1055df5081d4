//! Checks every call that we make against the published description of the Bot API.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::providers::telegram::{Bot, Telegram};
use crate::{
    domain::Transport,
    providers::{
        OutboundFile, OutboundMessage, Outcome, Provider as _, SendFrom, http_client, upload_client,
    },
    simulator::{BotSimulator, Call, CallFile},
};

const TOKEN: &str = "123456:a-token";

/// The parameters of a method, or the fields of a type: their types, and a flag for required ones.
type Parameters = BTreeMap<&'static str, (Vec<&'static str>, bool)>;

/// The published description, by method or type.
fn description() -> BTreeMap<&'static str, Parameters> {
    let mut all = BTreeMap::<_, Parameters>::new();
    let lines = include_str!("../../../tests/fixtures/telegram/bot-api.tsv").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let [owner, name, types, necessity] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let parameters = all.entry(owner).or_default();
        if !name.is_empty() {
            parameters.insert(name, (types.split(" | ").collect(), necessity == "required"));
        }
    }
    all
}

/// Checks a call against the description.
fn check(call: &Call) -> Result<(), String> {
    let all = description();
    let known = all.get(call.method.as_str()).ok_or_else(|| format!("{} is no method", call.method))?;
    let mut given = BTreeSet::new();
    let mut attached = BTreeSet::new();
    let json = call.json.as_ref().and_then(Value::as_object);
    for (name, text) in &call.fields {
        let (types, _) = known.get(name.as_str()).ok_or_else(|| format!("{name} is no parameter"))?;
        // In a form, numbers are digits, and values other than numbers and text are JSON.
        let value = match json {
            Some(json) => json[name].clone(),
            None => serde_json::from_str(text).unwrap_or_else(|_| text.clone().into()),
        };
        let is_text = json.is_none() && types.contains(&"String");
        if !is_text && !types.iter().any(|kind| is(&value, kind, &mut attached)) {
            return Err(format!("{name} is none of {types:?}: {value}"));
        }
        given.insert(name.as_str());
    }
    for CallFile { field, .. } in &call.files {
        match known.get(field.as_str()) {
            Some((types, _)) if types.contains(&"InputFile") => {
                given.insert(field.as_str());
            }
            None if attached.remove(field) => {}
            _ => return Err(format!("{field} is no file")),
        }
    }
    if !attached.is_empty() {
        return Err(format!("{attached:?} are not there"));
    }
    let missing: Vec<_> =
        known.iter().filter(|(name, (_, required))| *required && !given.contains(*name)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?} must be there")) }
}

/// True if a value has the given type; adds the names of referenced files to `attached`.
fn is(value: &Value, kind: &str, attached: &mut BTreeSet<String>) -> bool {
    match kind {
        "Integer" => value.is_i64(),
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "String" => {
            let file = value.as_str().and_then(|text| text.strip_prefix("attach://"));
            attached.extend(file.map(str::to_owned));
            value.is_string()
        }
        _ if kind.starts_with("Array of InputMedia") => value.as_array().is_some_and(|items| {
            items.iter().all(|item| {
                ["photo", "video", "audio", "document"].iter().any(|kind| is_media(item, kind, attached))
            })
        }),
        _ => match kind.strip_prefix("Array of ") {
            Some(kind) => {
                value.as_array().is_some_and(|items| items.iter().all(|item| is(item, kind, attached)))
            }
            None => false,
        },
    }
}

/// True if a value is an item of an album.
fn is_media(item: &Value, kind: &str, attached: &mut BTreeSet<String>) -> bool {
    let all = description();
    let name = format!("InputMedia{}{}", kind[..1].to_uppercase(), &kind[1..]);
    let fields = &all[name.as_str()];
    let Some(object) = item.as_object().filter(|_| item["type"] == kind) else { return false };
    let known = object.iter().all(|(name, value)| {
        fields.get(name.as_str()).is_some_and(|(types, _)| types.iter().any(|kind| is(value, kind, attached)))
    });
    known && fields.iter().all(|(name, (_, required))| !required || object.contains_key(*name))
}

fn file(name: &str, content_type: &str) -> OutboundFile {
    let text = match content_type {
        "text/vcard" => "BEGIN:VCARD\nFN:Aziza\nTEL:+998901234567\nEND:VCARD",
        _ => "content",
    };
    let content = || stream::iter([Ok(text.into())]).boxed();
    OutboundFile {
        name: name.into(),
        content_type: content_type.into(),
        size: text.len() as u64,
        link: "https://crm.example.uz/uploads/1".parse().unwrap(),
        content: Arc::new(move || async move { Ok(content()) }.boxed()),
    }
}

/// Sends all parts of a message.
async fn send(bot: &Telegram, body: &str, kinds: &[&str]) {
    let mut message = OutboundMessage {
        reference: "1.0".into(),
        transport: Transport::Telegram,
        to: "5123456789".into(),
        from: SendFrom::Number("123456".into()),
        body: body.into(),
        media: kinds.iter().map(|kind| file("a file", kind)).collect(),
        whatsapp_template: None,
        parts: vec![],
        status_callback: None,
    };
    loop {
        match bot.send(&message).await {
            Outcome::PartAccepted { provider_id } => message.parts.push(provider_id),
            Outcome::Accepted { .. } => return,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn all_calls_conform_to_the_published_description() {
    let simulator = BotSimulator::default();
    simulator.add_bot(TOKEN, "a_bot");
    simulator.store_file("a-file", "documents/a", "content", 0);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let serving = simulator.clone();
    tokio::spawn(async move { serving.serve(listener, CancellationToken::new()).await });
    let bot = Bot::new(http_client().unwrap(), url, &TOKEN.into());

    bot.get_me().await.unwrap();
    let webhook = "https://crm.example.uz/tg/webhook".parse().unwrap();
    bot.set_webhook(&webhook, &"a-secret".into()).await.unwrap();
    bot.webhook_info().await.unwrap();
    bot.delete_webhook().await.unwrap();
    let telegram = Telegram::new(bot, upload_client().unwrap());
    telegram.fetch("a-file").await.unwrap();
    send(&telegram, "Salom", &[]).await;
    send(&telegram, &"Салом ".repeat(1_000), &[]).await;
    send(&telegram, "Registon\nhttps://maps.google.com/?q=39.6547,66.9758", &[]).await;
    send(&telegram, "", &["text/vcard"]).await;
    // Each kind by itself, with and without a text, and those that form an album together.
    let kinds = ["image/jpeg", "image/gif", "video/mp4", "audio/ogg", "audio/mpeg", "application/pdf"];
    for kind in kinds {
        for body in ["", "Mana"] {
            send(&telegram, body, &[kind]).await;
            send(&telegram, body, &[kind, kind]).await;
        }
    }
    send(&telegram, "Mana", &["image/png", "video/mp4", "image/webp", "text/plain", "audio/aac"]).await;

    let calls = simulator.calls();
    for call in &calls {
        check(call).unwrap_or_else(|wrong| panic!("{wrong} in {call:?}"));
    }
    let made: BTreeSet<_> = calls.iter().map(|call| call.method.as_str()).collect();
    let described: BTreeSet<_> =
        description().into_keys().filter(|name| !name.starts_with("InputMedia")).collect();
    assert_eq!(made, described, "the fixture has what is called, and all of it is called here");
}

#[test]
fn violations_of_the_description_are_detected() {
    let call = |method: &str, json: Value| {
        let fields = json.as_object().unwrap().iter();
        let fields = fields.map(|(name, value)| (name.clone(), value.to_string())).collect();
        check(&Call { method: method.into(), fields, json: Some(json), files: Vec::new() })
    };
    assert_eq!(call("sendMessage", json!({ "chat_id": 7, "text": "Salom" })), Ok(()));
    for wrong in [
        json!({ "chat_id": 7 }),
        json!({ "text": "Salom" }),
        json!({ "chat_id": 7, "text": 7 }),
        json!({ "chat_id": null, "text": "Salom" }),
        json!({ "chat_id": 7, "text": "Salom", "reply_to": 1 }),
        json!({ "chat_id": 7, "text": "Salom", "disable_notification": "true" }),
    ] {
        assert!(call("sendMessage", wrong.clone()).is_err(), "{wrong}");
    }
    assert!(call("sendMesage", json!({ "chat_id": 7, "text": "Salom" })).is_err());
    assert!(call("setWebhook", json!({ "url": "https://a.uz", "allowed_updates": [1] })).is_err());
    assert!(call("sendPhoto", json!({ "chat_id": 7 })).is_err());

    let album = |media: Value, file: &str| {
        let fields = vec![("chat_id".into(), "7".into()), ("media".into(), media.to_string())];
        let file = CallFile { field: file.into(), name: "a".into(), size: 1, sha256: [0; 32] };
        check(&Call { method: "sendMediaGroup".into(), fields, json: None, files: vec![file] })
    };
    let photo = json!([{ "type": "photo", "media": "attach://file0" }]);
    assert_eq!(album(photo.clone(), "file0"), Ok(()));
    assert!(album(photo, "file1").is_err(), "another file is named");
    assert!(album(json!([{ "type": "picture", "media": "attach://file0" }]), "file0").is_err());
    assert!(album(json!([{ "type": "photo", "media": "attach://file0", "captoin": "x" }]), "file0").is_err());
    assert!(album(json!([{ "type": "photo" }]), "file0").is_err());
}
