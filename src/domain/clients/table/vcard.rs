//! Address books of telephones and mail programs (vCard 2.1, RFC 2426 and RFC 6350), read as a table of clients.

use std::io::{BufRead, Result, Write};

/// The longest line that is kept, in bytes; longer ones are pictures.
const MAX_LINE: usize = 16 * 1024;
/// The titles of the table, which the columns are recognised by.
const TITLES: [&str; 11] = [
    "Full name",
    "First name",
    "Last name",
    "Middle name",
    "Phone",
    "Other phones",
    "E-mail",
    "Other e-mails",
    "Address",
    "Date of birth",
    "Comments",
];

/// True if a text is an address book and no table.
pub fn is_vcard(beginning: &str) -> bool {
    let begins = beginning.trim_start_matches('\u{feff}').trim_start();
    begins.get(..11).is_some_and(|word| word.eq_ignore_ascii_case("BEGIN:VCARD"))
}

/// Writes an address book as a table with commas, a row for each card.
///
/// # Errors
/// Those of the input and the output.
pub fn write_vcard_as_table(input: impl BufRead, output: impl Write) -> Result<()> {
    let mut table = csv::Writer::from_writer(output);
    table.write_record(TITLES)?;
    let mut card = Card::default();
    let mut lines = Lines { input, next: None };
    while let Some(line) = lines.read()? {
        let Some(property) = Property::parse(&line) else { continue };
        match property.name.as_str() {
            "BEGIN" => card = Card::default(),
            "END" => table.write_record(std::mem::take(&mut card).cells())?,
            _ => card.take(&property),
        }
    }
    table.flush()
}

/// The lines of a file, of which continued ones are joined.
struct Lines<R> {
    input: R,
    next: Option<String>,
}

impl<R: BufRead> Lines<R> {
    fn read(&mut self) -> Result<Option<String>> {
        let Some(mut line) = self.next.take().map_or_else(|| self.physical(), |line| Ok(Some(line)))? else {
            return Ok(None);
        };
        let is_quoted_printable = {
            let head = line.split(':').next().unwrap_or_default().to_ascii_uppercase();
            head.contains("QUOTED-PRINTABLE")
        };
        while let Some(next) = self.physical()? {
            let continued = match next.strip_prefix([' ', '\t']) {
                Some(rest) => Some(rest.to_owned()),
                // In version 2.1 an equals sign at the end continues a line.
                None if is_quoted_printable && line.ends_with('=') => {
                    line.pop();
                    Some(next.clone())
                }
                None => None,
            };
            let Some(continued) = continued else {
                self.next = Some(next);
                break;
            };
            if line.len() + continued.len() <= MAX_LINE {
                line.push_str(&continued);
            }
        }
        Ok(Some(line))
    }

    /// One line of the file, of which the beginning is kept.
    fn physical(&mut self) -> Result<Option<String>> {
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
        let line = || String::from_utf8_lossy(&kept).trim_end_matches('\r').to_owned();
        Ok(is_any.then(line))
    }
}

/// A property of a card, such as `item1.TEL;TYPE=cell:+998901234567`.
struct Property {
    name: String,
    value: String,
}

impl Property {
    fn parse(line: &str) -> Option<Self> {
        let mut is_quoted = false;
        let colon = line.find(|c| {
            is_quoted ^= c == '"';
            c == ':' && !is_quoted
        })?;
        let (head, value) = (&line[..colon], &line[colon + 1..]);
        let mut parts = head.split(';');
        let name = parts.next()?.rsplit('.').next()?.trim().to_ascii_uppercase();
        let is_encoded = parts.any(|parameter| parameter.to_ascii_uppercase().contains("QUOTED-PRINTABLE"));
        let value = if is_encoded { decode_quoted_printable(value) } else { value.to_owned() };
        Some(Self { name, value })
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
}

/// Decodes `=D0=90` (RFC 2045).
fn decode_quoted_printable(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'=', Some(value)) = (byte, hex) {
            decoded.push(value);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[derive(Default)]
struct Card {
    full_name: String,
    names: [String; 3],
    phones: Vec<String>,
    emails: Vec<String>,
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
            "TEL" => self.phones.push(property.value.trim_start_matches("tel:").trim().to_owned()),
            "EMAIL" => self.emails.push(property.value.trim().to_owned()),
            "ADR" if self.address.is_empty() => {
                let parts: Vec<_> =
                    property.components().into_iter().filter(|part| !part.is_empty()).collect();
                self.address = parts.join(", ").replace('\n', ", ");
            }
            "BDAY" => self.birthday = birthday(&property.value),
            "NOTE" | "ORG" | "TITLE" => self.notes.push(property.text()),
            _ => {}
        }
    }

    fn cells(self) -> [String; 11] {
        let [first, last, middle] = self.names;
        let one_and_others = |mut values: Vec<String>| {
            values.retain(|value| !value.is_empty());
            values.dedup();
            let others = values.split_off(values.len().min(1)).join("\n");
            (values.pop().unwrap_or_default(), others)
        };
        let ((phone, phones), (email, emails)) = (one_and_others(self.phones), one_and_others(self.emails));
        let notes = self.notes.join("\n");
        // The whole name is needed only without its parts.
        let full = if first.is_empty() && last.is_empty() { self.full_name } else { String::new() };
        // A person with a last name only is still named.
        let (first, last) = if first.is_empty() { (last, first) } else { (first, last) };
        [full, first, last, middle, phone, phones, email, emails, self.address, self.birthday, notes]
    }
}

/// A birthday as `1990-05-17`; empty without a year.
fn birthday(text: &str) -> String {
    let date = text.split('T').next().unwrap_or_default().trim();
    match date.as_bytes() {
        digits if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) => {
            format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..])
        }
        [b'-', ..] => String::new(),
        _ => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut table = Vec::new();
        write_vcard_as_table(text.as_bytes(), &mut table).unwrap();
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
        assert!(is_vcard(text) && is_vcard("\u{feff}begin:vcard\n") && !is_vcard("Имя;Телефон\n"));
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
                "Registon 1, 2, Samarqand, 140100, Oʻzbekiston",
                "1990-05-17",
                "Bir\nikki"
            ]
        );
        assert_eq!(rows[1][..6], ["Botir", "", "", "", "+998935554433", ""]);
        assert_eq!(rows[2][1..5], ["Иван", "Петров", "", "+79161234567"]);
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
