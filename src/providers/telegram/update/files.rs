//! Files of a message. Each message has at most one; an album arrives as several messages.

use serde_json::Value;

use crate::domain::file_ending;

/// A file that is still at Telegram.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IncomingFile {
    /// The file's id in the Bot API.
    pub id: String,
    /// The name for display.
    pub name: String,
    /// The MIME type as Telegram declares it.
    pub content_type: String,
    /// The id of the content, which is the same in every update.
    pub unique_id: Option<String>,
}

/// Fields that contain a file, with a default name and type. An animation also has a `document`
/// field with the same file, so it is first.
const KINDS: [(&str, &str, &str); 6] = [
    ("animation", "animation.mp4", "video/mp4"),
    ("document", "file", "application/octet-stream"),
    ("voice", "voice.ogg", "audio/ogg"),
    ("audio", "audio.mp3", "audio/mpeg"),
    ("video", "video.mp4", "video/mp4"),
    ("video_note", "video.mp4", "video/mp4"),
];

pub(super) fn files(message: &Value) -> Vec<IncomingFile> {
    let known = KINDS.into_iter().find(|(kind, ..)| message[kind].is_object());
    let found = match known {
        Some((kind, name, content_type)) => file(&message[kind], name, content_type),
        None if message["sticker"].is_object() => sticker(&message["sticker"]),
        None => photo(&message["photo"]),
    };
    found.into_iter().collect()
}

/// A non-empty text, trimmed and without NUL, which PostgreSQL does not store.
pub(super) fn word(value: &Value) -> Option<String> {
    let text = value.as_str()?.replace('\0', "");
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The largest of a photo's sizes.
fn photo(sizes: &Value) -> Option<IncomingFile> {
    let size = |photo: &Value| photo["width"].as_i64().unwrap_or(0) * photo["height"].as_i64().unwrap_or(0);
    let largest =
        sizes.as_array()?.iter().filter(|photo| photo["file_id"].is_string()).max_by_key(|p| size(p))?;
    file(largest, "photo.jpg", "image/jpeg")
}

/// A sticker in a format that browsers display. For an animated one (`.tgs`), which they do not,
/// its thumbnail is used.
fn sticker(sticker: &Value) -> Option<IncomingFile> {
    if sticker["is_video"].as_bool() == Some(true) {
        return file(sticker, "sticker.webm", "video/webm");
    }
    if sticker["is_animated"].as_bool() == Some(true) {
        let picture = ["thumbnail", "thumb"].into_iter().find(|name| sticker[name].is_object())?;
        return file(&sticker[picture], "sticker.webp", "image/webp");
    }
    file(sticker, "sticker.webp", "image/webp")
}

fn file(file: &Value, name: &str, content_type: &str) -> Option<IncomingFile> {
    let declared = word(&file["mime_type"]);
    let (stem, default_ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let ending = declared.as_deref().and_then(file_ending).unwrap_or(default_ending);
    let named = |stem: &str| if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") };
    let title = || {
        let parts: Vec<_> = [&file["performer"], &file["title"]].into_iter().filter_map(word).collect();
        (!parts.is_empty()).then(|| named(&parts.join(" - ")))
    };
    Some(IncomingFile {
        id: word(&file["file_id"])?,
        name: word(&file["file_name"]).or_else(title).unwrap_or_else(|| named(stem)),
        content_type: declared.unwrap_or_else(|| content_type.to_owned()),
        unique_id: word(&file["file_unique_id"]),
    })
}
