//! Files of messages: their names, types and states, and the limits for them.

use strum::{EnumString, IntoStaticStr};

use crate::domain::{AttachmentId, Problem, Transport};

/// The size limit of all files of one message together, and of a single file that is fetched, in
/// bytes.
pub const UPLOAD_LIMIT: u64 = 50 * MEGABYTE;
/// The maximum number of files in one message.
pub const MAX_FILES: usize = 10;
/// The longest file name, in characters.
const NAME_LIMIT: usize = 255;
const MEGABYTE: u64 = 1_000_000;

/// A file of a message. The content of an inbound file stays at the provider until it is fetched.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// The attachment's id.
    pub id: AttachmentId,
    /// The name for display and for saving the file.
    pub name: String,
    /// The MIME type: detected from the content, or as the provider declares it until the content
    /// is fetched.
    pub content_type: String,
    /// The size in bytes; `None` until the content is fetched.
    pub size: Option<i64>,
    /// The state of the file's content.
    pub state: FileState,
    /// Width and height of a picture that has a thumbnail.
    pub dimensions: Option<(i64, i64)>,
}

/// The state of a file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// The content is still at the provider.
    Pending,
    /// The content is stored.
    Stored,
    /// The content could not be fetched and will not be tried again.
    Unavailable(FetchFailure),
}

/// The reason why a file could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum FetchFailure {
    /// The provider does not have the file, or has not answered for hours.
    Gone,
    /// The file exceeds the size limit.
    TooLarge,
    /// The file's URL points to an address that must not be requested.
    Refused,
    /// The workspace has stored as much as it may.
    StorageFull,
}

impl FetchFailure {
    /// All variants.
    pub const ALL: [Self; 4] = [Self::Gone, Self::TooLarge, Self::Refused, Self::StorageFull];

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Reads the name in the database; unknown names are read as [`Gone`](Self::Gone).
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).unwrap_or(Self::Gone)
    }
}

/// The way in which pages present a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A picture that browsers display.
    Image,
    /// Audio that browsers play.
    Audio,
    /// Video that browsers play.
    Video,
    /// Any other file, which is offered as a download.
    Document,
}

/// Types that a browser may display in the page. Types that can contain scripts are excluded: no
/// SVG, HTML or PDF.
const INLINE: &[(&str, FileKind)] = &[
    ("image/jpeg", FileKind::Image),
    ("image/png", FileKind::Image),
    ("image/gif", FileKind::Image),
    ("image/webp", FileKind::Image),
    ("video/mp4", FileKind::Video),
    ("video/webm", FileKind::Video),
    ("audio/mpeg", FileKind::Audio),
    ("audio/mp4", FileKind::Audio),
    ("audio/m4a", FileKind::Audio),
    ("audio/aac", FileKind::Audio),
    ("audio/ogg", FileKind::Audio),
    ("audio/opus", FileKind::Audio),
    ("audio/wav", FileKind::Audio),
];

impl FileKind {
    /// The kind of a MIME type that was detected from the content.
    pub fn of(content_type: &str) -> Self {
        let known = INLINE.iter().find(|(known, _)| *known == content_type);
        known.map_or(Self::Document, |(_, kind)| *kind)
    }
}

/// The endings of file names by MIME type, by which computers open the files.
const ENDINGS: &[(&str, &str)] = &[
    ("application/epub+zip", "epub"),
    ("application/gzip", "gz"),
    ("application/json", "json"),
    ("application/msword", "doc"),
    ("application/pdf", "pdf"),
    ("application/rtf", "rtf"),
    ("application/vnd.android.package-archive", "apk"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.rar", "rar"),
    ("application/x-7z-compressed", "7z"),
    ("application/x-rar-compressed", "rar"),
    ("application/xml", "xml"),
    ("application/zip", "zip"),
    ("audio/3gpp", "3gp"),
    ("audio/aac", "aac"),
    ("audio/amr", "amr"),
    ("audio/flac", "flac"),
    ("audio/m4a", "m4a"),
    ("audio/mp3", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "opus"),
    ("audio/wav", "wav"),
    ("audio/webm", "webm"),
    ("audio/x-m4a", "m4a"),
    ("audio/x-wav", "wav"),
    ("image/bmp", "bmp"),
    ("image/gif", "gif"),
    ("image/heic", "heic"),
    ("image/heif", "heif"),
    ("image/jpeg", "jpeg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tiff"),
    ("image/webp", "webp"),
    ("text/calendar", "ics"),
    ("text/csv", "csv"),
    ("text/directory", "vcf"),
    ("text/html", "html"),
    ("text/plain", "txt"),
    ("text/rtf", "rtf"),
    ("text/vcard", "vcf"),
    ("text/x-vcard", "vcf"),
    ("text/xml", "xml"),
    ("video/3gpp", "3gp"),
    ("video/mp4", "mp4"),
    ("video/mpeg", "mpeg"),
    ("video/quicktime", "mov"),
    ("video/webm", "webm"),
    ("video/x-matroska", "mkv"),
];

/// The ending of the name of a file with this MIME type, whose parameters are ignored; `None` for an unknown type.
pub fn file_ending(content_type: &str) -> Option<&'static str> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let found = ENDINGS.iter().find(|(known, _)| *known == essence);
    found.map(|(_, ending)| *ending)
}

/// Makes a file name safe to save under: without folders, control characters and characters that
/// change the writing direction (`exe.gpj` must not be displayed as `jpg.exe`). A long name keeps
/// its extension.
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}');
    let kept: String = last
        .chars()
        .map(|c| if c.is_control() || turns(c) { ' ' } else { c })
        .filter(|c| !r#""<>|?*:"#.contains(*c))
        .collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = kept.trim_matches(['.', ' ']);
    if name.is_empty() {
        return "file".to_owned();
    }
    let length = name.chars().count();
    if length <= NAME_LIMIT {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending =
        if (1..=16).contains(&ending.chars().count()) { format!(".{ending}") } else { String::new() };
    name.chars().take(NAME_LIMIT - ending.chars().count()).collect::<String>() + &ending
}

/// The limits of a transport for files, as its provider documents them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// The maximum number of files in one message.
    pub count: usize,
    /// The size limit of all files of one message together, in bytes.
    pub total: u64,
    /// Accepted MIME types or prefixes of them; an empty list accepts every type.
    pub types: &'static [&'static str],
}

impl FileLimits {
    /// True if the transport carries files of this type.
    pub fn accepts(&self, content_type: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|known| content_type.starts_with(known))
    }

    /// The first limit of a transport that these files (name, type and size) exceed, if any.
    pub fn problem<'a>(
        &self,
        transport: Transport,
        files: impl IntoIterator<Item = (&'a str, &'a str, u64)>,
    ) -> Option<Problem> {
        let (mut total, mut count) = (0, 0);
        for (name, content_type, size) in files {
            if size == 0 {
                return Some(Problem::EmptyFile { name: name.to_owned() });
            }
            if !self.accepts(content_type) {
                return Some(Problem::FileType { transport, name: name.to_owned() });
            }
            total += size;
            count += 1;
        }
        if count > self.count {
            return Some(self.too_many(transport));
        }
        (total > self.total).then(|| self.too_large(transport))
    }

    /// The problem of a message with more files than the transport carries.
    pub fn too_many(&self, transport: Transport) -> Problem {
        Problem::TooManyFiles { transport: Some(transport), max: self.count }
    }

    /// The problem of files that are larger than the transport carries.
    pub fn too_large(&self, transport: Transport) -> Problem {
        Problem::FilesTooLarge { transport, megabytes: self.total / MEGABYTE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_sanitised() {
        for (given, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\a\\Шартнома №1.pdf", "Шартнома №1.pdf"),
            ("photo\u{202e}gpj.exe", "photo gpj.exe"),
            ("a\r\nb\0.txt", "a b .txt"),
            ("\"><script>.html", "script.html"),
            (".htaccess", "htaccess"),
            ("..", "file"),
            ("", "file"),
            (" \u{200f} ", "file"),
        ] {
            assert_eq!(file_name(given), kept, "{given:?}");
        }
        let long = file_name(&format!("{}.docx", "ў".repeat(400)));
        assert_eq!((long.chars().count(), long.ends_with("ў.docx")), (NAME_LIMIT, true));
        assert_eq!(file_name(&"x".repeat(400)).len(), NAME_LIMIT);
    }

    #[test]
    fn the_first_limit_that_is_exceeded_is_reported() {
        let (count, transport) = (2, Transport::Sms);
        let limits = FileLimits { count, total: 5 * MEGABYTE, types: &["image/", "text/plain"] };
        let problem =
            |files: &[(&'static str, &'static str, u64)]| limits.problem(transport, files.iter().copied());
        assert_eq!(problem(&[("a", "image/jpeg", 5_000_000)]), None);
        let too_large = Some(Problem::FilesTooLarge { transport, megabytes: 5 });
        assert_eq!(problem(&[("a", "image/jpeg", 5_000_001)]), too_large);
        assert_eq!(problem(&[("a", "image/png", 3_000_000), ("b", "image/png", 3_000_000)]), too_large);
        for kind in ["text/html", "application/zip", ""] {
            let name = "a".to_owned();
            assert_eq!(problem(&[("a", kind, 1)]), Some(Problem::FileType { transport, name }));
        }
        let too_many = Some(Problem::TooManyFiles { transport: Some(transport), max: count });
        assert_eq!(problem(&[("a", "text/plain", 1); 3]), too_many);
        let everything = FileLimits { types: &[], ..limits };
        assert_eq!(everything.problem(transport, [("a", "application/zip", 1)]), None);
    }

    #[test]
    fn types_that_can_contain_scripts_are_documents() {
        for kind in [
            "text/html",
            "image/svg+xml",
            "application/pdf",
            "application/xhtml+xml",
            "text/xml",
            "",
            "IMAGE/PNG",
        ] {
            assert_eq!(FileKind::of(kind), FileKind::Document, "{kind}");
        }
        assert_eq!(FileKind::of("image/png"), FileKind::Image);
    }
}
