//! Detection of MIME types from the content of a file. The declared type is ignored.

/// Beginnings of text that browsers would run as scripts.
const SCRIPTED: &[(&str, &str)] = &[
    ("<!doctype html", "text/html"),
    ("<html", "text/html"),
    ("<head", "text/html"),
    ("<body", "text/html"),
    ("<script", "text/html"),
    ("<iframe", "text/html"),
    ("<svg", "image/svg+xml"),
    ("<!doctype svg", "image/svg+xml"),
];

/// Office documents, which are zip files and are told apart by their names.
const OFFICE: &[(&str, &str)] = &[
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
];

/// The MIME type of a file with these first bytes and this name. The name decides only between
/// types that are equally harmless.
pub(in crate::services) fn content_type(head: &[u8], name: &str) -> &'static str {
    let name = name.to_lowercase();
    if let Some(text) = text(head) {
        return text_type(text, &name);
    }
    if head.get(4..8) == Some(b"ftyp") && head.get(8..11) == Some(b"3gp") {
        return "video/3gpp";
    }
    match infer::get(head).map(|kind| kind.mime_type()) {
        Some("application/zip") => OFFICE
            .iter()
            .find(|(ending, _)| name.ends_with(ending))
            .map_or("application/zip", |(_, kind)| kind),
        Some("audio/m4a") => "audio/mp4",
        Some("audio/x-wav") => "audio/wav",
        // Both are text formats, and the content is not text.
        None | Some("text/html" | "text/xml") => "application/octet-stream",
        Some(known) => known,
    }
}

fn text_type(text: &str, name: &str) -> &'static str {
    let start = text.trim_start_matches('\u{feff}').trim_start().get(..).unwrap_or_default().to_lowercase();
    let found = SCRIPTED.iter().find(|(beginning, _)| start.starts_with(beginning));
    // A comment or an XML declaration may come first.
    let hidden = || SCRIPTED.iter().find(|(tag, _)| start.starts_with('<') && start.contains(tag));
    if let Some((_, kind)) = found.or_else(hidden) {
        return kind;
    }
    match () {
        () if start.starts_with("%pdf-") => "application/pdf",
        () if start.starts_with("{\\rtf") => "text/rtf",
        () if start.starts_with("begin:vcard") => "text/vcard",
        () if start.starts_with("begin:vcalendar") => "text/calendar",
        () if name.rsplit('.').next() == Some("csv") => "text/csv",
        () => "text/plain",
    }
}

/// The beginning as text, if it is text; a character that is cut off at its end is ignored.
fn text(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    (!text.is_empty() && !text.contains(odd)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_determines_the_type() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
        for (head, name, kind) in [
            (&png[..], "page.html", "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a.pdf", "image/jpeg"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "photo.jpg", "application/pdf"),
            (b"%PDF-1.4\n1 0 obj", "photo.jpg", "application/pdf"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "photo.jpg", "text/html"),
            (b"\xef\xbb\xbf \n<HTML>", "photo.jpg", "text/html"),
            (b"<!-- x --><html>", "photo.jpg", "text/html"),
            (b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\">", "a.png", "image/svg+xml"),
            (b"<svg onload=alert(1)>", "a.png", "image/svg+xml"),
            (b"PK\x03\x04\x14\0\x06\0", "report.docx", OFFICE[0].1),
            (b"PK\x03\x04\x14\0\x06\0", "files.zip", "application/zip"),
            ("salom, ўзбек".as_bytes(), "a.exe", "text/plain"),
            (b"a;b\n1;2\n", "a.csv", "text/csv"),
            (b"BEGIN:VCARD\r\nVERSION:3.0", "a.jpg", "text/vcard"),
            (b"\0\x01\x02", "a.jpg", "application/octet-stream"),
            (b"", "a.jpg", "application/octet-stream"),
            (b"\0\0\0\x18ftyp3gp5", "a.mp4", "video/3gpp"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "a.jpg", "video/mp4"),
            (b"OggS\0\x02", "a", "audio/ogg"),
        ] {
            assert_eq!(content_type(head, name), kind, "{name}: {:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn truncated_characters_are_ignored() {
        assert_eq!(content_type(&"ў".as_bytes()[..1], "a"), "application/octet-stream");
        assert_eq!(content_type(&"xў".as_bytes()[..2], "a"), "text/plain");
    }
}
