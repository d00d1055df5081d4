//! Compares our parser of updates with teloxide's types on every payload that both support.

use std::{collections::BTreeSet, fs, iter, path::Path};

use teloxide_core::types::{
    self as teloxide, ChatMemberKind, FileMeta, MediaKind, MessageEntityKind, MessageKind, UpdateKind,
};

use super::*;

/// The payloads of the fixtures with their file names.
fn payloads() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/telegram");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let payloads = files.filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    let mut payloads: Vec<_> = payloads
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    payloads.sort();
    payloads
}

#[test]
fn parsed_updates_agree_with_teloxide() {
    let mut compared = BTreeSet::new();
    for (name, body) in payloads() {
        let ours = Update::parse(&body).unwrap();
        let Ok(theirs) = serde_json::from_slice::<teloxide::Update>(&body) else { continue };
        assert_eq!(ours.id, i64::from(theirs.id.0), "{name}");
        match (&theirs.kind, &ours.content) {
            (UpdateKind::Error(_), _) => continue,
            (UpdateKind::Message(theirs), Content::Message(ours))
            | (UpdateKind::EditedMessage(theirs), Content::Edit(ours)) => compare(&name, ours, theirs),
            (UpdateKind::Message(message), Content::Ignored) => {
                assert!(!message.chat.is_private() || message.pinned_message().is_some(), "{name}");
            }
            (UpdateKind::MyChatMember(change), Content::Membership { user, may_write }) => {
                compare_person(&name, user, &change.from);
                let is_banned = matches!(change.new_chat_member.kind, ChatMemberKind::Banned(_));
                assert_eq!(*may_write, !is_banned && change.new_chat_member.is_present(), "{name}");
            }
            (
                UpdateKind::ChannelPost(_) | UpdateKind::CallbackQuery(_) | UpdateKind::MessageReaction(_),
                Content::Ignored,
            )
            | (UpdateKind::MessageReaction(_), Content::Reaction { .. }) => {}
            (kind, _) => panic!("{name} is something else to teloxide: {kind:?}"),
        }
        compared.insert(name);
    }
    let all: BTreeSet<_> = payloads().into_iter().map(|(name, _)| name).collect();
    assert_eq!(compared, all, "teloxide knows all of these; what it does not know has tests of its own");
}

/// Compares a parsed message with teloxide's.
fn compare(name: &str, ours: &IncomingMessage, theirs: &teloxide::Message) {
    assert_eq!(ours.provider_id, format!("{}.{}", theirs.chat.id.0, theirs.id.0), "{name}");
    compare_person(name, &ours.from, theirs.from.as_ref().unwrap());
    assert_eq!(ours.date, theirs.date.timestamp(), "{name}");
    assert_eq!(ours.edited, theirs.edit_date().map(chrono::DateTime::timestamp), "{name}");
    assert_eq!(ours.album, theirs.media_group_id().map(|id| id.0.clone()), "{name}");
    assert_eq!(ours.text, text_of(theirs), "{name}");
    let files: Vec<_> = ours.files.iter().map(|file| file.id.clone()).collect();
    assert_eq!(files, file_of(theirs).into_iter().map(|file| file.id.0).collect::<Vec<_>>(), "{name}");
    if let Some((file_name, content_type)) = named(theirs) {
        let file = &ours.files[0];
        assert!(file_name.is_none_or(|name| name == file.name), "{name}: {}", file.name);
        assert!(content_type.is_none_or(|kind| kind == file.content_type), "{name}: {}", file.content_type);
    }
    let shared = ours.contact.as_ref().map(|contact| (contact.phone.clone(), contact.own));
    let contact = theirs.contact().map(|contact| {
        (
            contact.phone_number.clone(),
            contact.user_id.map(|id| id.0) == theirs.from.as_ref().map(|from| from.id.0),
        )
    });
    assert_eq!(shared, contact, "{name}");
    let command = theirs.entities().unwrap_or_default().first();
    let is_command = command.is_some_and(|entity| entity.kind == MessageEntityKind::BotCommand);
    assert_eq!(ours.start.is_some(), is_command, "{name}");
    let moves = theirs.location().is_some_and(|location| location.live_period.is_some());
    assert_eq!(ours.is_live_location, moves, "{name}");
}

fn compare_person(name: &str, ours: &TelegramUser, theirs: &teloxide::User) {
    let theirs = TelegramUser {
        id: theirs.id.0.try_into().unwrap(),
        first_name: theirs.first_name.clone(),
        last_name: theirs.last_name.clone(),
        username: theirs.username.clone(),
        language: theirs.language_code.clone(),
    };
    assert_eq!(*ours, theirs, "{name}");
}

/// The text of a message from teloxide's fields.
fn text_of(message: &teloxide::Message) -> String {
    let place = |name: &str, location: &teloxide::Location| {
        let (north, east) = (location.latitude, location.longitude);
        format!("{name}({north}, {east})\nhttps://maps.google.com/?q={north},{east}")
    };
    if let Some(text) = message.text().or(message.caption()) {
        let entities = message.entities().or(message.caption_entities()).unwrap_or_default();
        let mut units: Vec<u16> = text.encode_utf16().collect();
        // Backwards, so that earlier offsets stay valid.
        for entity in entities.iter().rev() {
            if let MessageEntityKind::TextLink { url } = &entity.kind {
                let end = entity.offset + entity.length;
                units.splice(end..end, format!(" ({url})").encode_utf16());
            }
        }
        return String::from_utf16(&units).unwrap();
    }
    if let Some(venue) = message.venue() {
        return place(&format!("{}, {} ", venue.title, venue.address), &venue.location);
    }
    if let Some(location) = message.location() {
        return place("", location);
    }
    if let Some(contact) = message.contact() {
        let name: Vec<_> = iter::once(&contact.first_name).chain(&contact.last_name).cloned().collect();
        return format!("{}\n{}", name.join(" "), contact.phone_number);
    }
    message.sticker().and_then(|sticker| sticker.emoji.clone()).unwrap_or_default()
}

/// The file of a message that is downloaded.
fn file_of(message: &teloxide::Message) -> Option<FileMeta> {
    let MessageKind::Common(common) = &message.kind else { return None };
    Some(match &common.media_kind {
        MediaKind::Animation(media) => media.animation.file.clone(),
        MediaKind::Audio(media) => media.audio.file.clone(),
        MediaKind::Document(media) => media.document.file.clone(),
        MediaKind::Photo(media) => {
            media.photo.iter().max_by_key(|size| size.width * size.height)?.file.clone()
        }
        MediaKind::Sticker(media) if media.sticker.is_animated() => {
            media.sticker.thumbnail.as_ref()?.file.clone()
        }
        MediaKind::Sticker(media) => media.sticker.file.clone(),
        MediaKind::Video(media) => media.video.file.clone(),
        MediaKind::VideoNote(media) => media.video_note.file.clone(),
        MediaKind::Voice(media) => media.voice.file.clone(),
        _ => return None,
    })
}

/// The name and the type of a message's file.
fn named(message: &teloxide::Message) -> Option<(Option<String>, Option<String>)> {
    fn kind(kind: Option<&impl ToString>) -> Option<String> {
        kind.map(ToString::to_string)
    }
    let MessageKind::Common(common) = &message.kind else { return None };
    Some(match &common.media_kind {
        MediaKind::Animation(media) => {
            (media.animation.file_name.clone(), kind(media.animation.mime_type.as_ref()))
        }
        MediaKind::Audio(media) => (media.audio.file_name.clone(), kind(media.audio.mime_type.as_ref())),
        MediaKind::Document(media) => {
            (media.document.file_name.clone(), kind(media.document.mime_type.as_ref()))
        }
        MediaKind::Video(media) => (media.video.file_name.clone(), kind(media.video.mime_type.as_ref())),
        MediaKind::Voice(media) => (None, kind(media.voice.mime_type.as_ref())),
        _ => return None,
    })
}

#[test]
fn fields_unknown_to_teloxide_do_not_lose_the_text() {
    for part in [
        r#""entities":[{"type":"glow","offset":0,"length":5}]"#,
        r#""via_bot":"new""#,
        r#""reply_markup":{"inline_keyboard":[[{"text":"a"}]]}"#,
    ] {
        let body = format!(
            r#"{{"update_id":1,"message":{{"message_id":1,"date":1,"chat":{{"id":7,"type":"private","first_name":"A"}},"text":"Salom",{part}}}}}"#
        );
        let theirs = serde_json::from_str::<teloxide::Update>(&body).unwrap();
        let text = match &theirs.kind {
            UpdateKind::Message(message) => message.text(),
            UpdateKind::Error(rest) => rest["text"].as_str(),
            kind => panic!("{kind:?}"),
        };
        assert_eq!(text, None, "{part}: what ADR 17 says of teloxide is no longer so");
        let Content::Message(ours) = Update::parse(body.as_bytes()).unwrap().content else {
            panic!("{body}")
        };
        assert_eq!(ours.text, "Salom");
    }
}
