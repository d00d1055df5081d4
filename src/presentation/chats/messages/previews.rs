//! What stands for a message of files alone, where a chat is one line.

use std::{borrow::Cow, collections::HashMap};

use crate::{
    domain::{Attachment, Chat, ChatId},
    error::Result,
    presentation::{AppState, http::extract::SignedIn, ui::i18n::Texts},
};

/// Files in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::presentation) struct FilesPreview {
    pub(in crate::presentation) icon: &'static str,
    pub(in crate::presentation) text: Cow<'static, str>,
}

/// Those of the chats whose last message has no words.
pub(in crate::presentation) async fn of(
    state: &AppState,
    signed_in: &SignedIn,
    chats: &[Chat],
    texts: Texts,
) -> Result<HashMap<ChatId, FilesPreview>> {
    let wordless = |chat: &&Chat| chat.last_message.as_ref().is_some_and(|last| last.preview.is_empty());
    let wordless: Vec<_> = chats.iter().filter(wordless).cloned().collect();
    if wordless.is_empty() {
        return Ok(HashMap::new());
    }
    let messages = state.services.chats.last_messages(&signed_in.actor, &wordless).await?;
    let shown = messages.into_iter().filter_map(|message| {
        let preview = FilesPreview::new(&message.attachments, texts)?;
        Some((message.chat, preview))
    });
    Ok(shown.collect())
}

/// What people call a kind of files, and its sign.
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
            // What phones record is sent so; music is not.
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

impl FilesPreview {
    fn new(files: &[Attachment], texts: Texts) -> Option<Self> {
        let first = files.first()?;
        let kind = Kind::of(first);
        let alike = files.iter().all(|file| Kind::of(file) == kind);
        let count = i64::try_from(files.len()).unwrap_or(i64::MAX);
        let text = match kind {
            _ if !alike => texts.count("count-files", count),
            Kind::Photo => texts.count("preview-photos", count),
            Kind::Voice => texts.count("preview-voice", count),
            Kind::Audio => texts.count("preview-audio", count),
            Kind::Video => texts.count("preview-videos", count),
            Kind::Document if count == 1 => Cow::Owned(first.name.clone()),
            Kind::Document => texts.count("count-files", count),
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
            state: FileState::Coming,
            dimensions: None,
        };
        let shown = |types: &[&str], locale| {
            let files: Vec<_> = types.iter().map(|content_type| file(content_type)).collect();
            FilesPreview::new(&files, Texts::new(locale))
                .map(|preview| (preview.icon, preview.text.into_owned()))
        };
        for (types, icon, texts) in [
            (&["image/jpeg"][..], "photo", ["Photo", "Фото", "Surat"]),
            (&["image/png", "image/heic"], "photo", ["2 photos", "2 фото", "2 ta surat"]),
            (&["audio/ogg"], "sound", ["Voice message", "Голосовое сообщение", "Ovozli xabar"]),
            (&["audio/mpeg"], "sound", ["Audio", "Аудио", "Audio"]),
            (&["video/mp4"], "film", ["Video", "Видео", "Video"]),
            (&["application/pdf"], "doc", ["шартнома.pdf"; 3]),
            (&["image/svg+xml"], "doc", ["шартнома.pdf"; 3]),
            (&["image/png", "text/plain"], "doc", ["2 files", "2 файла", "2 ta fayl"]),
        ] {
            for (locale, text) in Locale::ALL.into_iter().zip(texts) {
                assert_eq!(shown(types, locale), Some((icon, text.to_owned())), "{types:?}");
            }
        }
        assert_eq!(shown(&[], Locale::En), None);
    }
}
