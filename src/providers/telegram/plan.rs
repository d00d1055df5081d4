//! In which calls a message goes out: the Bot API takes a text, or files of one kind with a short text.

use crate::providers::telegram::{
    card,
    place::{self, Location},
    split::{MAX_CAPTION, length, split},
};
use crate::providers::{OutboundFile, OutboundMessage};

/// The largest photo that is shown as one; a larger one goes as a document.
const MAX_PHOTO: u64 = 10_000_000;
/// The most files of an album.
const MAX_ALBUM: usize = 10;

/// One call.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// `sendMessage`.
    Text(String),
    /// Files, by their places in the message, with a text below the first.
    Files { kind: FileKind, files: Vec<usize>, caption: String },
    /// `sendLocation`.
    Location(Location),
}

/// What a file is to Telegram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Photo,
    Video,
    Animation,
    Audio,
    Voice,
    Document,
    /// A visiting card, which has no text below it; `sendContact` where it has a name and a number.
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
            "text/vcard" if file.size <= card::LONGEST => Self::Card,
            _ => Self::Document,
        }
    }

    /// Whether the two may be in one album.
    fn goes_with(self, other: Self) -> bool {
        use FileKind::{Audio, Document, Photo, Video};
        matches!((self, other), (Photo | Video, Photo | Video) | (Audio, Audio) | (Document, Document))
    }
}

/// All calls of a message, in their order. The same message gives the same calls, so that one that broke off between two
/// goes on where it was.
pub(super) fn plan(message: &OutboundMessage) -> Vec<Step> {
    let mut groups: Vec<(FileKind, Vec<usize>)> = Vec::new();
    for (index, file) in message.media.iter().enumerate() {
        let kind = FileKind::of(file);
        match groups.last_mut() {
            Some((first, files)) if first.goes_with(kind) && files.len() < MAX_ALBUM => files.push(index),
            _ => groups.push((kind, vec![index])),
        }
    }
    let (body, place) = place::split_location(&message.body);
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

/// What a file is, wherever it is in an album.
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
            approved: None,
            parts: vec![],
            status_callback: None,
        }
    }

    fn files(kind: FileKind, files: &[usize], caption: &str) -> Step {
        Step::Files { kind, files: files.to_vec(), caption: caption.into() }
    }

    #[test]
    fn a_text_is_one_call_and_a_long_one_several() {
        assert_eq!(plan(&message("Salom", &[])), [Step::Text("Salom".into())]);
        assert_eq!(plan(&message(&"😀".repeat(3000), &[])).len(), 2);
    }

    #[test]
    fn a_file_has_the_text_below_it_unless_that_is_too_long() {
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
    fn files_that_go_together_are_an_album_and_the_others_follow() {
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
    fn a_place_follows_what_is_said_of_it_and_a_card_has_no_text_below() {
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
        assert_eq!(FileKind::of(&file("text/vcard", card::LONGEST + 1)), FileKind::Document);
    }

    #[test]
    fn a_photo_too_large_to_be_shown_is_a_document() {
        assert_eq!(FileKind::of(&file("image/jpeg", MAX_PHOTO + 1)), FileKind::Document);
        assert_eq!(FileKind::of(&file("image/svg+xml", 10)), FileKind::Document);
    }
}
