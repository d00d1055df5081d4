//! Address books of telephones and mail programs (vCard 2.1, RFC 2426 and RFC 6350), read as a table of clients.

use std::io::{BufRead, Result, Write};

use chrono::{Datelike as _, NaiveDate};
use encoding_rs::Encoding;

use crate::domain::clients::table::Charset;

/// The longest line that is kept, in bytes; longer ones are pictures.
const MAX_LINE: usize = 16 * 1024;
/// The titles of the table, which the columns are recognised by.
const TITLES: [&str; 12] = [
    "Full name",
    "First name",
    "Last name",
    "Middle name",
    "Phone",
    "Other phones",
    "E-mail",
    "Other e-mails",
    "Other contacts",
    "Address",
    "Date of birth",
    "Comments",
];

/// True if the beginning of a file is that of an address book and no table.
pub fn is_vcard(beginning: &[u8]) -> bool {
    let begins = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning).trim_ascii_start();
    begins.get(..11).is_some_and(|word| word.eq_ignore_ascii_case(b"BEGIN:VCARD"))
}

/// Writes an address book as a table with commas, a row for each card. Values are UTF-8, or in the encoding that their
/// property names, or else in `charset`.
///
/// # Errors
/// Those of the input and the output.
pub fn write_vcard_as_table(input: impl BufRead, charset: Charset, output: impl Write) -> Result<()> {
    let mut table = csv::Writer::from_writer(output);
    table.write_record(TITLES)?;
    let mut card = Card::default();
    let mut lines = Lines { input, next: None };
    while let Some(line) = lines.read()? {
        let Some(property) = Property::parse(&line, charset) else { continue };
        // Some programs leave out the end of a card.
        if matches!(property.name.as_str(), "BEGIN" | "END") && card != Card::default() {
            table.write_record(std::mem::take(&mut card).cells())?;
        }
        card.take(&property);
    }
    if card != Card::default() {
        table.write_record(card.cells())?;
    }
    table.flush()
}

/// The lines of a file, of which continued ones are joined. They are bytes, because a line may be broken inside a character
/// (RFC 6350, section 3.2).
struct Lines<R> {
    input: R,
    next: Option<Vec<u8>>,
}

impl<R: BufRead> Lines<R> {
    fn read(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(mut line) = self.next.take().map_or_else(|| self.physical(), |line| Ok(Some(line)))? else {
            return Ok(None);
        };
        let head = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let is_quoted_printable =
            String::from_utf8_lossy(head).to_ascii_uppercase().contains("QUOTED-PRINTABLE");
        while let Some(next) = self.physical()? {
            let continued = match next.as_slice() {
                [b' ' | b'\t', rest @ ..] => rest,
                // In version 2.1 an equals sign at the end continues a line.
                all if is_quoted_printable && line.last() == Some(&b'=') => {
                    line.pop();
                    all
                }
                _ => {
                    self.next = Some(next);
                    break;
                }
            };
            if line.len() + continued.len() <= MAX_LINE {
                line.extend_from_slice(continued);
            }
        }
        Ok(Some(line))
    }

    /// One line of the file, of which the beginning is kept.
    fn physical(&mut self) -> Result<Option<Vec<u8>>> {
        let (mut kept, mut is_any) = (Vec::new(), false);
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                break;
            }
            is_any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            kept.extend_from_slice(&part[..part.len().min(MAX_LINE - kept.len())]);
            let consumed = end.map_or(available.len(), |end| end + 1);
            self.input.consume(consumed);
            if end.is_some() {
                break;
            }
        }
        kept.truncate(kept.trim_ascii_end().len());
        Ok(is_any.then_some(kept))
    }
}

/// A property of a card, such as `item1.TEL;TYPE=cell:+998901234567`.
struct Property {
    name: String,
    value: String,
    has_no_year: bool,
}

impl Property {
    fn parse(line: &[u8], charset: Charset) -> Option<Self> {
        let mut is_quoted = false;
        let colon = line.iter().position(|byte| {
            is_quoted ^= *byte == b'"';
            *byte == b':' && !is_quoted
        })?;
        let head = String::from_utf8_lossy(&line[..colon]).to_ascii_uppercase();
        let mut parts = head.split(';');
        let name = parts.next()?.rsplit('.').next()?.trim().to_owned();
        let parameters: Vec<&str> = parts.collect();
        let is_encoded = parameters.iter().any(|parameter| parameter.contains("QUOTED-PRINTABLE"));
        let named = parameters.iter().find_map(|parameter| parameter.strip_prefix("CHARSET="));
        let value = &line[colon + 1..];
        let bytes = if is_encoded { decode_quoted_printable(value) } else { value.to_vec() };
        let encoding = named.and_then(|label| Encoding::for_label(label.trim_matches('"').as_bytes()));
        let value = match (encoding, str::from_utf8(&bytes)) {
            (Some(encoding), _) => encoding.decode(&bytes).0.into_owned(),
            (None, Ok(text)) => text.to_owned(),
            (None, Err(_)) => charset.decode(&bytes),
        };
        // Telephones of Apple write a year that means none.
        let has_no_year = parameters.iter().any(|parameter| parameter.starts_with("X-APPLE-OMIT-YEAR"));
        Some(Self { name, value, has_no_year })
    }

    /// The components of the value, without the backslashes of escaped characters.
    fn components(&self) -> Vec<String> {
        let (mut components, mut escaped) = (vec![String::new()], false);
        for c in self.value.chars() {
            let last = components.len() - 1;
            match c {
                '\\' if !escaped => {
                    escaped = true;
                    continue;
                }
                'n' | 'N' if escaped => components[last].push('\n'),
                ';' if !escaped => components.push(String::new()),
                c => components[last].push(c),
            }
            escaped = false;
        }
        components.iter().map(|component| component.trim().to_owned()).collect()
    }

    fn text(&self) -> String {
        self.components().join("; ").trim().to_owned()
    }

    /// The value of a phone or e-mail address, without the scheme of its link.
    fn address(&self) -> String {
        let whole = self.components().into_iter().next().unwrap_or_default();
        let bare = whole.strip_prefix("tel:").or_else(|| whole.strip_prefix("mailto:")).unwrap_or(&whole);
        bare.trim().to_owned()
    }

    /// A phone number, without what is dialled after a pause.
    fn phone(&self) -> String {
        self.address().split([';', ',']).next().unwrap_or_default().trim().to_owned()
    }

    /// The filled components on one line.
    fn line(&self) -> String {
        let parts: Vec<_> = self.components().into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ").replace('\n', ", ")
    }
}

/// Decodes `=D0=90` (RFC 2045).
fn decode_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let (mut decoded, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    while let [byte, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
        if let (b'=', Some(value)) = (byte, hex) {
            decoded.push(value);
            rest = &after[2..];
        } else {
            decoded.push(*byte);
            rest = after;
        }
    }
    decoded
}

#[derive(Default, PartialEq)]
struct Card {
    full_name: String,
    names: [String; 3],
    phones: Vec<String>,
    emails: Vec<String>,
    others: Vec<String>,
    address: String,
    birthday: String,
    notes: Vec<String>,
}

impl Card {
    fn take(&mut self, property: &Property) {
        match property.name.as_str() {
            "FN" if self.full_name.is_empty() => self.full_name = property.text(),
            "N" => {
                let mut components = property.components().into_iter();
                let mut next = || components.next().unwrap_or_default();
                let (last, first, middle) = (next(), next(), next());
                self.names = [first, last, middle];
            }
            "TEL" => self.phones.push(property.phone()),
            "EMAIL" => self.emails.push(property.address()),
            "IMPP" | "URL" | "X-SOCIALPROFILE" => self.others.push(property.text()),
            "ADR" if self.address.is_empty() => self.address = property.line(),
            "ADR" => self.notes.push(property.line()),
            "BDAY" => match birthday(&property.value).filter(|_| !property.has_no_year) {
                Some(date) => self.birthday = date,
                // A birthday that is no date is kept as it stands.
                None => self.notes.push(property.text()),
            },
            "NOTE" | "ORG" | "TITLE" | "NICKNAME" => self.notes.push(property.text()),
            _ => {}
        }
    }

    fn cells(mut self) -> [String; 12] {
        let [first, last, middle] = self.names;
        let one_and_others = |mut values: Vec<String>| {
            values.retain(|value| !value.is_empty());
            values.dedup();
            let others = values.split_off(values.len().min(1)).join("\n");
            (values.pop().unwrap_or_default(), others)
        };
        let ((phone, phones), (email, emails)) = (one_and_others(self.phones), one_and_others(self.emails));
        for texts in [&mut self.others, &mut self.notes] {
            texts.retain(|text| !text.is_empty());
        }
        let (others, notes) = (self.others.join("\n"), self.notes.join("\n"));
        // The whole name is needed only without its parts.
        let full = if first.is_empty() && last.is_empty() { self.full_name } else { String::new() };
        // A person with a last name only is still named.
        let (first, last) = if first.is_empty() { (last, first) } else { (first, last) };
        [full, first, last, middle, phone, phones, email, emails, others, self.address, self.birthday, notes]
    }
}

/// A birthday as `1990-05-17`; `None` without a year, month or day.
fn birthday(text: &str) -> Option<String> {
    let date = text.split(['T', ' ']).next().unwrap_or_default().trim();
    let date =
        ["%Y%m%d", "%Y-%m-%d"].into_iter().find_map(|form| NaiveDate::parse_from_str(date, form).ok())?;
    // The year that Apple writes for none.
    (date.year() != 1604).then(|| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: impl AsRef<[u8]>) -> Vec<Vec<String>> {
        let mut table = Vec::new();
        write_vcard_as_table(text.as_ref(), Charset::Windows1251, &mut table).unwrap();
        let mut reader = csv::Reader::from_reader(table.as_slice());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn cards_of_telephones_are_rows() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Каримова;Азиза;Ботировна;;\r\nFN:Азиза Каримова\r\n\
            item1.TEL;TYPE=pref:+998 90 123 45 67\r\nTEL;TYPE=WORK:+998917654321\r\n\
            EMAIL;TYPE=\"a:b\":aziza@example.uz\r\nADR;TYPE=HOME:;;Registon 1\\, 2;Samarqand;;140100;Oʻzbekiston\r\n\
            BDAY:19900517\r\nNOTE:Bir\\nikki\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Botir\r\nTEL;VALUE=uri:tel:+998935554433\r\nBDAY:--0517\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D0=B5=D1=82=\r\n\
            =D1=80=D0=BE=D0=B2;=D0=98=D0=B2=D0=B0=D0=BD;;;\r\nTEL;CELL:+79161234567\r\nEND:VCARD\r\n";
        assert!(is_vcard(text.as_bytes()) && is_vcard("\u{feff}begin:vcard\n".as_bytes()));
        assert!(!is_vcard("Имя;Телефон\n".as_bytes()));
        let rows = rows(text);
        assert_eq!(
            rows[0],
            [
                "",
                "Азиза",
                "Каримова",
                "Ботировна",
                "+998 90 123 45 67",
                "+998917654321",
                "aziza@example.uz",
                "",
                "",
                "Registon 1, 2, Samarqand, 140100, Oʻzbekiston",
                "1990-05-17",
                "Bir\nikki"
            ]
        );
        assert_eq!(rows[1][..6], ["Botir", "", "", "", "+998935554433", ""]);
        assert_eq!(rows[2][1..5], ["Иван", "Петров", "", "+79161234567"]);
    }

    #[test]
    fn nothing_of_a_card_is_lost() {
        let windows = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        let mut folded = b"BEGIN:VCARD\nFN:".to_vec();
        folded.extend_from_slice(&"Ж".as_bytes()[..1]);
        folded.extend_from_slice(b"\r\n ");
        folded.extend_from_slice(&"Ж".as_bytes()[1..]);
        folded.extend_from_slice(b"\r\nEND:VCARD\n");
        assert_eq!(rows(folded)[0][0], "Ж", "a line that is broken inside a character");
        assert_eq!(rows(windows("BEGIN:VCARD\nFN:Азиза\nEND:VCARD\n"))[0][0], "Азиза");
        let named =
            "BEGIN:VCARD\nFN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=C0=E7=E8=E7=E0\nEND:VCARD\n";
        assert_eq!(rows(named)[0][0], "Азиза");
        let open = "BEGIN:VCARD\nFN:Aziza\nBEGIN:VCARD\nFN:Botir\nTEL:1\n";
        let names: Vec<_> = rows(open).into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(names, ["Aziza", "Botir"], "cards without an end");
        let card = rows(
            "BEGIN:VCARD\nFN:A\nTEL:+998901234567\\;12\nTEL;VALUE=uri:tel:+998917654321;ext=5\nEMAIL:mailto:a@x.uz\n\
             IMPP:telegram:aziza\nURL:https\\://aziza.uz\nNICKNAME:Aza\nADR:;;One;;;;\nADR:;;Two;;;;\nBDAY:1990\n\
             END:VCARD\n",
        );
        assert_eq!(
            card[0][4..],
            [
                "+998901234567",
                "+998917654321",
                "a@x.uz",
                "",
                "telegram:aziza\nhttps://aziza.uz",
                "One",
                "",
                "Aza\nTwo\n1990"
            ]
        );
        for (line, born, note) in [
            ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17", "", "1604-05-17"),
            ("BDAY:--0517", "", "--0517"),
            ("BDAY:19900517T000000Z", "1990-05-17", ""),
        ] {
            let row = &rows(format!("BEGIN:VCARD\nFN:A\n{line}\nEND:VCARD"))[0];
            assert_eq!((row[10].as_str(), row[11].as_str()), (born, note), "{line}");
        }
    }

    #[test]
    fn broken_cards_do_no_harm() {
        let long = format!("BEGIN:VCARD\nPHOTO:{}\nFN:Aziza\nEND:VCARD", "A".repeat(1_000_000));
        assert_eq!(rows(&long)[0][0], "Aziza");
        for broken in [
            "BEGIN:VCARD",
            "BEGIN:VCARD\nFN\nN:\\\nTEL;;;:\nEND:VCARD",
            "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=ы=\n=\nEND:VCARD\n\n",
        ] {
            rows(broken);
        }
    }
}
