//! vCards (RFC 6350 and 2426). Telegram accepts the name and the first phone number of a contact.

/// The maximum size of a vCard to parse, in bytes. A larger one, for example with a photo, is sent
/// as a document.
pub(super) const LONGEST: u64 = 2048;

/// A contact to send.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Card {
    /// The full name.
    pub(super) name: String,
    /// The phone number as written in the vCard.
    pub(super) phone: String,
}

/// Parses a vCard; `None` if the text is not one, or has no name or number.
pub(super) fn read(text: &str) -> Option<Card> {
    let (mut name, mut parts, mut phone) = (None, None, None);
    // A line that begins with a blank continues the previous one.
    let lines = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    for line in lines.lines() {
        let Some((property, value)) = line.split_once(':') else { continue };
        // `item1.TEL;TYPE=cell` is the property `TEL` with a group and a parameter.
        let property = property.split(';').next().unwrap_or_default();
        let property = property.rsplit('.').next().unwrap_or_default();
        let found = match property.to_ascii_uppercase().as_str() {
            "FN" => &mut name,
            "N" => &mut parts,
            "TEL" => &mut phone,
            _ => continue,
        };
        found.get_or_insert_with(|| value.trim().trim_start_matches("tel:").to_owned());
    }
    let full = || {
        let parts = parts?;
        let mut words: Vec<_> = parts.split(';').take(2).filter(|word| !word.is_empty()).collect();
        words.reverse();
        Some(words.join(" "))
    };
    let name = name.filter(|name| !name.is_empty()).or_else(full)?.replace("\\,", ",").replace("\\;", ";");
    let phone = phone?;
    (!name.is_empty() && phone.contains(|c: char| c.is_ascii_digit())).then_some(Card { name, phone })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_first_number_are_parsed() {
        let card = |name: &str| Some(Card { name: name.into(), phone: "+998901234567".into() });
        for (text, name) in [
            (
                "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Aziza Karimova\r\nTEL;VALUE=uri:tel:+998901234567\r\nEND:VCARD\r\n",
                "Aziza Karimova",
            ),
            (
                "BEGIN:VCARD\nVERSION:3.0\nN:Каримова;Азиза;;;\nitem1.TEL;TYPE=cell:+998901234567\nTEL:1\nEND:VCARD",
                "Азиза Каримова",
            ),
            (
                "begin:vcard\nfn:Registon\\, Samarqand\n  ofisi\ntel:+99890\n 1234567\nend:vcard",
                "Registon, Samarqand ofisi",
            ),
        ] {
            assert_eq!(read(text), card(name), "{text}");
        }
    }

    #[test]
    fn incomplete_vcards_are_rejected() {
        for text in [
            "",
            "BEGIN:VCARD\nFN:Aziza\nEND:VCARD",
            "BEGIN:VCARD\nTEL:+998901234567\nEND:VCARD",
            "FN:A\nTEL:none",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
