//! Previews of messages that consist of files only, for lists with one line per chat.

use std::borrow::Cow;

use crate::{domain::Attachment, presentation::ui::i18n::I18n};

/// A short description of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::presentation) struct AttachmentPreview {
    pub(in crate::presentation) icon: &'static str,
    pub(in crate::presentation) text: Cow<'static, str>,
}

/// The kind of a file as people name it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Photo,
    Voice,
    Audio,
    Video,
    Document,
}

impl Kind {
    fn of(file: &Attachment) -> Self {
        match file.content_type.split_once('/') {
            Some(("image", kind)) if kind != "svg+xml" => Self::Photo,
            // Phones record voice messages in these formats, music has others.
            Some(("audio", "ogg" | "opus" | "amr")) => Self::Voice,
            Some(("audio", _)) => Self::Audio,
            Some(("video", _)) => Self::Video,
            _ => Self::Document,
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Voice | Self::Audio => "sound",
            Self::Video => "film",
            Self::Document => "doc",
        }
    }
}

impl AttachmentPreview {
    pub(in crate::presentation) fn new(files: &[Attachment], i18n: I18n) -> Option<Self> {
        let first = files.first()?;
        let kind = Kind::of(first);
        let alike = files.iter().all(|file| Kind::of(file) == kind);
        let count = i64::try_from(files.len()).unwrap_or(i64::MAX);
        let text = match kind {
            _ if !alike => i18n.count("count-files", count),
            Kind::Photo => i18n.count("preview-photos", count),
            Kind::Voice => i18n.count("preview-voice", count),
            Kind::Audio => i18n.count("preview-audio", count),
            Kind::Video => i18n.count("preview-videos", count),
            Kind::Document if count == 1 => Cow::Owned(first.name.clone()),
            Kind::Document => i18n.count("count-files", count),
        };
        Some(Self { icon: if alike { kind.icon() } else { "doc" }, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AttachmentId, FileState, Locale};

    #[test]
    fn files_are_called_what_people_call_them() {
        let file = |content_type: &str| Attachment {
            id: AttachmentId(1),
            name: "шартнома.pdf".into(),
            content_type: content_type.into(),
            size: None,
            state: FileState::Pending,
            dimensions: None,
        };
        let shown = |types: &[&str], locale| {
            let files: Vec<_> = types.iter().map(|content_type| file(content_type)).collect();
            AttachmentPreview::new(&files, I18n::new(locale))
                .map(|preview| (preview.icon, preview.text.into_owned()))
        };
        for (types, icon, i18n) in [
            (&["image/jpeg"][..], "photo", ["Photo", "Фото", "Surat"]),
            (&["image/png", "image/heic"], "photo", ["2 photos", "2 фото", "2 ta surat"]),
            (&["audio/ogg"], "sound", ["Voice message", "Голосовое сообщение", "Ovozli xabar"]),
            (&["audio/mpeg"], "sound", ["Audio", "Аудио", "Audio"]),
            (&["video/mp4"], "film", ["Video", "Видео", "Video"]),
            (&["application/pdf"], "doc", ["шартнома.pdf"; 3]),
            (&["image/svg+xml"], "doc", ["шартнома.pdf"; 3]),
            (&["image/png", "text/plain"], "doc", ["2 files", "2 файла", "2 ta fayl"]),
        ] {
            for (locale, text) in Locale::ALL.into_iter().zip(i18n) {
                assert_eq!(shown(types, locale), Some((icon, text.to_owned())), "{types:?}");
            }
        }
        assert_eq!(shown(&[], Locale::En), None);
    }
}
