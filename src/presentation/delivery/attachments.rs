//! View models of the files of messages.

use serde::Serialize;

use crate::domain::{Attachment, AttachmentId, FetchFailure, FileKind, FileState, Locale};
use crate::presentation::{http::routes, ui::i18n::I18n};

/// A file of a message.
#[derive(Debug, Clone, Serialize)]
pub struct AttachmentView {
    id: AttachmentId,
    /// The file's name, or a name for its type.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    size: Option<i64>,
    /// The download address; `None` while the content is at the provider and if it is unavailable.
    pub url: Option<String>,
    /// The presentation of the file: picture, player or link.
    #[serde(skip)]
    rendering: Rendering,
    /// The size in words, or the reason why there is no content.
    #[serde(skip)]
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rendering {
    Picture { width: i64, height: i64 },
    Player(&'static str),
    Document,
    Coming,
    Lost,
}

/// A picture's thumbnail, with the size that the page reserves for it.
pub struct PictureView<'a> {
    /// The address of the full-size picture.
    pub url: &'a str,
    /// The address of the thumbnail.
    pub thumbnail: String,
    /// The width on the page, in CSS pixels.
    pub width: i64,
    /// The height on the page, in CSS pixels.
    pub height: i64,
}

/// The longest side of a picture in a chat, in CSS pixels.
const MAX_PREVIEW_SIDE: i64 = 320;

impl AttachmentView {
    /// Creates the view of a file in the reader's language.
    pub fn new(file: Attachment, i18n: I18n) -> Self {
        let url = (file.state == FileState::Stored).then(|| routes::Upload(file.id).to_string());
        let kind = FileKind::of(&file.content_type);
        let rendering = match (file.state, kind, file.dimensions) {
            (FileState::Pending, ..) => Rendering::Coming,
            (FileState::Unavailable(_), ..) => Rendering::Lost,
            (FileState::Stored, FileKind::Image, Some((width, height))) => {
                Rendering::Picture { width, height }
            }
            (FileState::Stored, FileKind::Audio, _) => Rendering::Player("audio"),
            (FileState::Stored, FileKind::Video, _) => Rendering::Player("video"),
            (FileState::Stored, ..) => Rendering::Document,
        };
        let note = match file.state {
            FileState::Pending => i18n.get("file-coming").into_owned(),
            FileState::Unavailable(FetchFailure::Gone) => i18n.get("file-lost-gone").into_owned(),
            FileState::Unavailable(FetchFailure::TooLarge) => i18n.get("file-lost-too-large").into_owned(),
            FileState::Unavailable(FetchFailure::Refused) => i18n.get("file-lost-refused").into_owned(),
            FileState::Unavailable(FetchFailure::StorageFull) => {
                i18n.get("file-lost-storage-full").into_owned()
            }
            FileState::Stored => size(file.size.unwrap_or(0), i18n),
        };
        Self {
            id: file.id,
            name: file.name,
            content_type: file.content_type,
            size: file.size,
            url,
            rendering,
            note,
        }
    }
}

/// Accessors for templates.
impl AttachmentView {
    /// The picture, if the file is one.
    pub fn picture(&self) -> Option<PictureView<'_>> {
        let (Rendering::Picture { width, height }, Some(url)) = (&self.rendering, &self.url) else {
            return None;
        };
        let longest = (*width).max(*height);
        let side = |side: i64| {
            if longest > MAX_PREVIEW_SIDE { (side * MAX_PREVIEW_SIDE / longest).max(1) } else { side }
        };
        Some(PictureView {
            url,
            thumbnail: format!("{url}?thumbnail"),
            width: side(*width),
            height: side(*height),
        })
    }

    /// The source of an `audio` or `video` element, if the file is of that kind.
    pub fn player(&self, kind: &str) -> Option<&str> {
        self.url.as_deref().filter(|_| matches!(self.rendering, Rendering::Player(player) if player == kind))
    }

    /// The state of a file without content in one word: `lost` or `coming`.
    pub fn state(&self) -> &'static str {
        if self.rendering == Rendering::Lost { "lost" } else { "coming" }
    }
}

/// Formats a size in the reader's number format.
fn size(bytes: i64, i18n: I18n) -> String {
    if bytes < 1_000_000 {
        return i18n.with("file-size-kilobytes", "size", ((bytes + 999) / 1_000).to_string()).into_owned();
    }
    let tenths = (bytes + 50_000) / 100_000;
    let point = match i18n.locale {
        Locale::En => '.',
        Locale::Ru | Locale::Uz => ',',
    };
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let shown = if tenth == 0 { whole.to_string() } else { format!("{whole}{point}{tenth}") };
    i18n.with("file-size-megabytes", "size", shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_the_reader_writes_numbers() {
        let shown = |bytes| Locale::ALL.map(|locale| size(bytes, I18n::new(locale)));
        assert_eq!(shown(1), ["1 KB", "1 КБ", "1 KB"]);
        assert_eq!(shown(999_999), ["1000 KB", "1000 КБ", "1000 KB"]);
        assert_eq!(shown(15_000_000), ["15 MB", "15 МБ", "15 MB"]);
        assert_eq!(shown(2_345_678), ["2.3 MB", "2,3 МБ", "2,3 MB"]);
    }
}
