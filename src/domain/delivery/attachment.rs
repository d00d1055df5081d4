//! Files of messages: what they are called, what they are, and what each transport carries.

use crate::domain::{AttachmentId, Problem, Transport};

/// The most bytes that the files of a message have together, and the most that is fetched of one file.
pub const UPLOAD_LIMIT: u64 = 50 * MEGABYTE;
/// The most files of a message.
pub const MAX_FILES: usize = 10;
/// The longest file name, in characters.
const NAME_LIMIT: usize = 255;
const MEGABYTE: u64 = 1_000_000;

/// A file of a message. Inbound files stay at the provider until they are fetched.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// A name to show and to save under.
    pub name: String,
    /// The MIME type: what the content is, or what the provider claims until it is here.
    pub content_type: String,
    /// Bytes; none until the file was fetched.
    pub size: Option<i64>,
    /// Where its content is.
    pub state: FileState,
    /// Width and height of a picture that there is a thumbnail of.
    pub dimensions: Option<(i64, i64)>,
}

/// Where a file's content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Still at the provider.
    Pending,
    /// Here.
    Stored,
    /// It will not come.
    Unavailable(FetchFailure),
}

/// Why a file never came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchFailure {
    /// The provider does not have it, or did not answer for hours.
    Gone,
    /// More than is stored.
    TooLarge,
    /// It is where nothing is fetched from.
    Refused,
}

impl FetchFailure {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gone, Self::TooLarge, Self::Refused];

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::TooLarge => "too-large",
            Self::Refused => "refused",
        }
    }

    /// What the database says; anything unknown is gone.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).unwrap_or(Self::Gone)
    }
}

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A picture that browsers show.
    Image,
    /// Sound that browsers play.
    Audio,
    /// A film that browsers play.
    Video,
    /// Everything else: to be saved.
    Document,
}

/// Types that a browser may show in place. Nothing that can hold a script is among them: no SVG, no HTML, no PDF.
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
    /// The kind of a type, as it was found by looking at the content.
    pub fn of(content_type: &str) -> Self {
        let known = INLINE.iter().find(|(known, _)| *known == content_type);
        known.map_or(Self::Document, |(_, kind)| *kind)
    }
}

/// A name to save a file under: what was given, without folders, control characters and marks that turn the direction
/// of writing around (`exe.gpj` must not be read as `jpg.exe`). Long names keep their ending.
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

/// What a transport carries, as its provider documents it.
#[derive(Debug, Clone, Copy)]
pub struct FileLimits {
    /// The most files of a message.
    pub count: usize,
    /// The most bytes of all files of a message together.
    pub total: u64,
    /// Types, or their beginnings; everything when there are none.
    pub types: &'static [&'static str],
}

/// Documents that offices write.
macro_rules! with_office {
    ($($own:literal),*) => {
        &[$($own,)* "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.", "text/csv", "text/plain", "text/vcard"]
    };
}

impl FileLimits {
    /// The limits of a transport; none where nothing carries files. MMS and WhatsApp: Twilio's "Accepted content types for
    /// media" and "Send media messages", by which an MMS has ten media and a WhatsApp message one; Telegram: the Bot API's
    /// "Sending files".
    pub fn of(transport: Transport) -> Option<Self> {
        match transport {
            Transport::Sms => Some(Self {
                count: MAX_FILES,
                total: 5 * MEGABYTE,
                types: with_office!(
                    "image/jpeg",
                    "image/png",
                    "image/gif",
                    "image/bmp",
                    "image/tiff",
                    "image/heif",
                    "image/heic",
                    "audio/",
                    "video/",
                    "text/calendar",
                    "text/rtf",
                    "application/rtf"
                ),
            }),
            Transport::Whatsapp => Some(Self {
                count: 1,
                total: 16 * MEGABYTE,
                types: with_office!(
                    "image/jpeg",
                    "image/png",
                    "image/webp",
                    "audio/",
                    "video/mp4",
                    "video/3gpp"
                ),
            }),
            Transport::Telegram => Some(Self { count: MAX_FILES, total: UPLOAD_LIMIT, types: &[] }),
            _ => None,
        }
    }

    /// Whether it carries this type.
    pub fn accepts(&self, content_type: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|known| content_type.starts_with(known))
    }

    /// What keeps these files, by name, type and size, from travelling so.
    pub fn problem<'a>(
        transport: Transport,
        files: impl IntoIterator<Item = (&'a str, &'a str, u64)>,
    ) -> Option<Problem> {
        let Some(limits) = Self::of(transport) else { return Some(Problem::NoFiles) };
        let (mut total, mut count) = (0, 0);
        for (name, content_type, size) in files {
            if !limits.accepts(content_type) {
                return Some(Problem::FileType { transport, name: name.to_owned() });
            }
            total += size;
            count += 1;
        }
        if count > limits.count {
            return Some(limits.too_many(transport));
        }
        (total > limits.total).then(|| limits.too_large(transport))
    }

    /// That there are more files than it carries.
    pub fn too_many(&self, transport: Transport) -> Problem {
        Problem::TooManyFiles { transport: Some(transport), max: self.count }
    }

    /// That they are larger than it carries.
    pub fn too_large(&self, transport: Transport) -> Problem {
        Problem::FilesTooLarge { transport, megabytes: self.total / MEGABYTE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_to_save_under() {
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
    fn each_transport_has_its_own_limits() {
        let problem = |transport, kind, size| FileLimits::problem(transport, [("a", kind, size)]);
        assert_eq!(problem(Transport::Sms, "image/jpeg", 5_000_000), None);
        assert_eq!(
            problem(Transport::Sms, "image/jpeg", 5_000_001),
            Some(Problem::FilesTooLarge { transport: Transport::Sms, megabytes: 5 })
        );
        assert_eq!(problem(Transport::Whatsapp, "application/pdf", 15_000_000), None);
        assert_eq!(problem(Transport::Telegram, "application/zip", 50_000_000), None);
        assert_eq!(problem(Transport::Email, "image/jpeg", 1), Some(Problem::NoFiles));
        for kind in ["text/html", "image/svg+xml", "application/zip", "application/octet-stream"] {
            for transport in [Transport::Sms, Transport::Whatsapp] {
                assert_eq!(
                    problem(transport, kind, 1),
                    Some(Problem::FileType { transport, name: "a".to_owned() })
                );
            }
        }
        let together = [("a", "image/png", 3_000_000), ("b", "image/png", 3_000_000)];
        assert!(FileLimits::problem(Transport::Sms, together).is_some());
        let many = [("a", "image/png", 1); MAX_FILES + 1];
        for (transport, max) in [(Transport::Sms, 10), (Transport::Whatsapp, 1), (Transport::Telegram, 10)] {
            let too_many = Some(Problem::TooManyFiles { transport: Some(transport), max });
            assert_eq!(FileLimits::problem(transport, many[..max].iter().copied()), None);
            assert_eq!(FileLimits::problem(transport, many[..=max].iter().copied()), too_many);
        }
    }

    #[test]
    fn what_can_hold_a_script_is_a_document() {
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
