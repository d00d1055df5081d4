//! A payload of every kind, as Telegram posts it.

use super::*;

macro_rules! payload {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/telegram/", $name, ".json")).as_slice()
    };
}

fn incoming(body: &[u8]) -> IncomingMessage {
    match Update::parse(body).unwrap().content {
        Content::Message(message) | Content::Edit(message) => *message,
        _ => panic!("no message"),
    }
}

fn is_ignored(body: &[u8]) -> bool {
    matches!(Update::parse(body).unwrap().content, Content::Ignored)
}

fn file(id: &str, name: &str, content_type: &str) -> Vec<IncomingFile> {
    vec![IncomingFile {
        id: id.into(),
        name: name.into(),
        content_type: content_type.into(),
        unique_id: None,
    }]
}

#[test]
fn texts_are_parsed_with_their_sender() {
    let update = Update::parse(payload!("text")).unwrap();
    assert_eq!(update.id, 748_201_331);
    let Content::Message(message) = update.content else { panic!("a message") };
    assert_eq!(message.provider_id, "5123456789.41");
    assert_eq!(message.text, "Assalomu alaykum! Narxi qancha?");
    assert_eq!(
        message.from,
        TelegramUser {
            id: 5_123_456_789,
            first_name: "Азиза".into(),
            last_name: Some("Каримова".into()),
            username: Some("aziza_k".into()),
            language: Some("uz".into()),
        }
    );
    assert!(message.files.is_empty() && message.album.is_none() && message.start.is_none());
    assert_eq!((message.date, message.edited), (1_772_442_000, None));
}

#[test]
fn edits_have_the_id_of_the_edited_message() {
    let Content::Edit(edit) = Update::parse(payload!("edited_text")).unwrap().content else {
        panic!("an edit")
    };
    assert_eq!(
        (edit.provider_id.as_str(), edit.text.as_str()),
        ("5123456789.41", "Assalomu alaykum! Narxlari qancha?")
    );
    assert_eq!(edit.edited, Some(1_772_442_060));
    let Content::Edit(edit) = Update::parse(payload!("edited_caption")).unwrap().content else {
        panic!("an edit")
    };
    assert_eq!((edit.text.as_str(), edit.files.len()), ("Registon, kechqurun", 1));
}

#[test]
fn files_of_every_kind_are_parsed() {
    for (body, text, expected) in [
        (payload!("photo"), "Shu joymi?", file("AgACAgIAAxkBAAMqbig", "photo.jpg", "image/jpeg")),
        (payload!("document"), "", file("BQACAgIAAxkBAAMr", "Шартнома №1.pdf", "application/pdf")),
        (payload!("voice"), "", file("AwACAgIAAxkBAAMs", "voice.ogg", "audio/ogg")),
        (payload!("audio"), "", file("CQACAgIAAxkBAAMt", "Sevara - Bahor.mp3", "audio/mpeg")),
        (payload!("video"), "Hovli", file("BAACAgIAAxkBAAMu", "IMG_2201.MP4", "video/mp4")),
        (payload!("video_note"), "", file("DQACAgIAAxkBAAMv", "video.mp4", "video/mp4")),
        (payload!("animation"), "", file("CgACAgIAAxkBAAMw", "giphy.mp4", "video/mp4")),
        (payload!("sticker"), "👍", file("CAACAgIAAxkBAAMx", "sticker.webp", "image/webp")),
        (payload!("sticker_animated"), "😂", file("AAMCAgADGQEAAzJ", "sticker.webp", "image/webp")),
        (payload!("sticker_video"), "🔥", file("CAACAgIAAxkBAAMz", "sticker.webm", "video/webm")),
    ] {
        let mut message = incoming(body);
        for file in &mut message.files {
            file.unique_id = None;
        }
        assert_eq!((message.text.as_str(), message.files), (text, expected));
    }
}

#[test]
fn pictures_of_an_album_share_an_id() {
    let (first, second) = (incoming(payload!("album_1")), incoming(payload!("album_2")));
    assert_eq!(first.album.as_deref(), Some("13905437712839411"));
    assert_eq!(first.album, second.album);
    assert_ne!(first.provider_id, second.provider_id);
    assert_eq!((first.text.as_str(), second.text.as_str()), ("Uchta xona", ""));
}

#[test]
fn locations_are_formatted_as_text() {
    assert_eq!(
        incoming(payload!("location")).text,
        "(39.6547, 66.9758)\nhttps://maps.google.com/?q=39.6547,66.9758"
    );
    assert_eq!(
        incoming(payload!("venue")).text,
        "Registon, Samarqand (39.6547, 66.9758)\nhttps://maps.google.com/?q=39.6547,66.9758"
    );
    assert!(incoming(payload!("location_live")).is_live_location);
}

#[test]
fn contacts_are_own_only_with_the_senders_id() {
    let own = incoming(payload!("contact_own"));
    let contact = own.contact.unwrap();
    assert_eq!((contact.phone.as_str(), contact.own), ("998901234567", true));
    assert_eq!(own.text, "Азиза Каримова\n998901234567");
    let other = incoming(payload!("contact_other")).contact.unwrap();
    assert_eq!((other.name.as_str(), other.own), ("Bobur", false));
}

#[test]
fn start_parameters_are_parsed() {
    assert_eq!(incoming(payload!("start")).start.as_deref(), Some("spring-sale"));
    assert_eq!(incoming(payload!("start_bare")).start.as_deref(), Some(""));
    assert_eq!(incoming(payload!("text")).start, None);
    let typed = r#"{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"/started late"}}"#;
    assert_eq!(incoming(typed.as_bytes()).start, None, "only Telegram says what a command is");
}

#[test]
fn blocking_the_bot_is_parsed() {
    for (body, expected) in [(payload!("blocked"), false), (payload!("unblocked"), true)] {
        let Content::Membership { user, may_write } = Update::parse(body).unwrap().content else {
            panic!("a membership")
        };
        assert_eq!((user.id, may_write), (5_123_456_789, expected));
    }
}

#[test]
fn reactions_are_parsed() {
    let reaction = |body: &[u8]| match Update::parse(body).unwrap().content {
        Content::Reaction { message, emoji, date } => (message, emoji, date),
        _ => panic!("a reaction"),
    };
    let thumb = ("5123456789.41".to_owned(), vec!["👍".to_owned()], 1_772_442_000);
    assert_eq!(reaction(payload!("message_reaction")), thumb);
    let others =
        br#"{"update_id":1,"message_reaction":{"chat":{"id":7,"type":"private"},"message_id":1,"date":5,
        "user":{"id":7},"new_reaction":[{"type":"paid"},{"type":"custom_emoji","custom_emoji_id":"9"}]}}"#;
    assert_eq!(reaction(others).1, ["⭐", "🙂"]);
    let group = br#"{"update_id":1,"message_reaction":{"chat":{"id":-7,"type":"group"},"message_id":1,"new_reaction":[]}}"#;
    assert!(is_ignored(group));
}

#[test]
fn irrelevant_updates_are_ignored() {
    for body in [
        payload!("group"),
        payload!("channel_post"),
        payload!("callback_query"),
        payload!("pinned"),
        br#"{"update_id":1}"#,
        br#"{"update_id":1,"message":null}"#,
        br#"{"update_id":1,"message":[]}"#,
        br#"{"update_id":1,"message":{}}"#,
        br#"{"update_id":1,"message":{"message_id":1,"chat":{"id":-7,"type":"private"}}}"#,
        br#"{"update_id":1,"message":{"message_id":"1","chat":{"id":7,"type":"private"}}}"#,
        br#"{"update_id":1,"something_new":{"chat":{"id":7,"type":"private"}}}"#,
    ] {
        assert!(is_ignored(body), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn unknown_content_is_a_message() {
    for (fields, text) in [
        (r#""hologram":{"file_id":"x"}"#, "∅"),
        (r#""text":"Salom","entities":[{"type":"glow","offset":0,"length":5}]"#, "Salom"),
        (r#""text":7,"photo":"none","location":{"latitude":"north"}"#, "∅"),
        (r#""photo":[],"caption":"Mana""#, "Mana"),
        (r#""dice":{"emoji":"🎲","value":4}"#, "🎲"),
        (
            r#""poll":{"question":"Qachon?","options":[{"text":"Bugun"},{"text":"Ertaga"}]}"#,
            "Qachon?\n– Bugun\n– Ertaga",
        ),
    ] {
        let body = format!(
            r#"{{"update_id":1,"message":{{"message_id":1,"date":1,"chat":{{"id":7,"type":"private","first_name":"A"}},{fields}}}}}"#
        );
        assert_eq!(incoming(body.as_bytes()).text, text, "{fields}");
    }
}

#[test]
fn text_links_are_expanded() {
    assert_eq!(
        incoming(payload!("text_link")).text,
        "😀 bu yerda (https://example.com/a?b=c) va shu (tg://user?id=1)!"
    );
}

#[test]
fn invalid_updates_are_malformed() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{\"update_id\":\"1\"}",
        "{\"update_id\":1.5}",
        "\u{feff}{}",
        "{\"update_id\":1",
    ] {
        assert!(Update::parse(body.as_bytes()).is_err(), "{body}");
    }
}
