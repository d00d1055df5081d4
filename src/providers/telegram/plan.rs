//! The sequence of calls that sends a message. The Bot API accepts either a text or files of one
//! kind with a short caption.

use crate::providers::telegram::{
    location::{self, Location},
    split::{MAX_CAPTION, length, split},
    vcard,
};
use crate::providers::{OutboundFile, OutboundMessage};

/// The maximum size of a photo; a larger one is sent as a document.
const MAX_PHOTO: u64 = 10_000_000;
/// The maximum number of files in an album.
const MAX_ALBUM: usize = 10;

/// One call of the sequence.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// `sendMessage`.
    Text(String),
    /// Files, by their indices in the message, with a caption for the first.
    Files { kind: FileKind, files: Vec<usize>, caption: String },
    /// `sendLocation`.
    Location(Location),
}

/// The kind of a file in the Bot API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Photo,
    Video,
    Animation,
    Audio,
    Voice,
    Document,
    /// A vCard, which cannot have a caption; `sendContact` if it has a name and a number.
    Card,
}

impl FileKind {
    fn of(file: &OutboundFile) -> Self {
        match file.content_type.as_str() {
            "image/jpeg" | "image/png" | "image/webp" if file.size <= MAX_PHOTO => Self::Photo,
            "image/gif" => Self::Animation,
            "video/mp4" => Self::Video,
            "audio/ogg" | "audio/opus" => Self::Voice,
            "audio/mpeg" | "audio/mp4" | "audio/m4a" | "audio/aac" => Self::Audio,
            "text/vcard" if file.size <= vcard::LONGEST => Self::Card,
            _ => Self::Document,
        }
    }

    /// True if files of the two kinds can be in one album.
    fn goes_with(self, other: Self) -> bool {
        use FileKind::{Audio, Document, Photo, Video};
        matches!((self, other), (Photo | Video, Photo | Video) | (Audio, Audio) | (Document, Document))
    }
}

/// All calls of a message, in order. The result depends on the message alone, so that an
/// interrupted sequence can be resumed.
pub(super) fn plan(message: &OutboundMessage) -> Vec<Step> {
    let mut groups: Vec<(FileKind, Vec<usize>)> = Vec::new();
    for (index, file) in message.media.iter().enumerate() {
        let kind = FileKind::of(file);
        match groups.last_mut() {
            Some((first, files)) if first.goes_with(kind) && files.len() < MAX_ALBUM => files.push(index),
            _ => groups.push((kind, vec![index])),
        }
    }
    let (body, place) = location::split_location(&message.body);
    let takes_text = groups.first().is_some_and(|(kind, _)| *kind != FileKind::Card);
    let is_caption = takes_text && length(body) <= MAX_CAPTION;
    let mut caption = if is_caption { body.to_owned() } else { String::new() };
    let files = groups.into_iter().map(|(kind, files)| Step::Files {
        kind,
        files,
        caption: std::mem::take(&mut caption),
    });
    let mut steps: Vec<_> = files.collect();
    if !is_caption {
        steps.extend(split(body).into_iter().map(|piece| Step::Text(piece.to_owned())));
    }
    steps.extend(place.map(Step::Location));
    steps
}

/// The kind of a single file.
pub(super) fn kind_of(file: &OutboundFile) -> FileKind {
    FileKind::of(file)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{domain::Transport, providers::SendFrom};

    fn file(content_type: &str, size: u64) -> OutboundFile {
        OutboundFile {
            name: "a".into(),
            content_type: content_type.into(),
            size,
            link: "https://crm.example.uz/uploads/1".parse().unwrap(),
            content: Arc::new(|| Box::pin(async { Err(std::io::ErrorKind::NotFound.into()) })),
        }
    }

    fn message(body: &str, kinds: &[&str]) -> OutboundMessage {
        OutboundMessage {
            reference: "1.0".into(),
            transport: Transport::Telegram,
            to: "7".into(),
            from: SendFrom::Number("1".into()),
            body: body.into(),
            media: kinds.iter().map(|kind| file(kind, 1000)).collect(),
            whatsapp_template: None,
            parts: vec![],
            status_callback: None,
        }
    }

    fn files(kind: FileKind, files: &[usize], caption: &str) -> Step {
        Step::Files { kind, files: files.to_vec(), caption: caption.into() }
    }

    #[test]
    fn long_texts_are_sent_in_several_calls() {
        assert_eq!(plan(&message("Salom", &[])), [Step::Text("Salom".into())]);
        assert_eq!(plan(&message(&"😀".repeat(3000), &[])).len(), 2);
    }

    #[test]
    fn texts_are_captions_unless_they_are_too_long() {
        let photo = &["image/jpeg"];
        assert_eq!(plan(&message("Mana", photo)), [files(FileKind::Photo, &[0], "Mana")]);
        let long = "я".repeat(1025);
        assert_eq!(
            plan(&message(&long, photo)),
            [files(FileKind::Photo, &[0], ""), Step::Text(long.clone())]
        );
        assert_eq!(plan(&message("", photo)), [files(FileKind::Photo, &[0], "")]);
    }

    #[test]
    fn compatible_files_form_albums() {
        let kinds =
            ["image/jpeg", "video/mp4", "application/pdf", "application/zip", "audio/ogg", "image/png"];
        assert_eq!(
            plan(&message("Mana", &kinds)),
            [
                files(FileKind::Photo, &[0, 1], "Mana"),
                files(FileKind::Document, &[2, 3], ""),
                files(FileKind::Voice, &[4], ""),
                files(FileKind::Photo, &[5], ""),
            ]
        );
    }

    #[test]
    fn locations_follow_the_text_and_vcards_have_no_caption() {
        let place = Step::Location(Location { latitude: 41.3, longitude: 69.25 });
        assert_eq!(plan(&message("geo:41.3,69.25", &[])), [place]);
        let text = "Bizning ofis\nhttps://maps.google.com/?q=41.3,69.25";
        let place = Step::Location(Location { latitude: 41.3, longitude: 69.25 });
        assert_eq!(plan(&message(text, &[])), [Step::Text("Bizning ofis".into()), place]);
        let place = Step::Location(Location { latitude: 41.3, longitude: 69.25 });
        assert_eq!(
            plan(&message(text, &["image/jpeg"])),
            [files(FileKind::Photo, &[0], "Bizning ofis"), place]
        );
        let card = files(FileKind::Card, &[0], "");
        assert_eq!(plan(&message("Gid", &["text/vcard"])), [card, Step::Text("Gid".into())]);
        assert_eq!(FileKind::of(&file("text/vcard", vcard::LONGEST + 1)), FileKind::Document);
    }

    #[test]
    fn large_photos_are_documents() {
        assert_eq!(FileKind::of(&file("image/jpeg", MAX_PHOTO + 1)), FileKind::Document);
        assert_eq!(FileKind::of(&file("image/svg+xml", 10)), FileKind::Document);
    }
}
