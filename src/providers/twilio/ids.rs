//! The formats of Twilio's ids and sender addresses.

use crate::domain::{Country, PhoneNumber, Problem};

/// The length of every id of Twilio.
const SID_LENGTH: usize = 34;
/// The longest alphanumeric sender name.
const MAX_NAME_LENGTH: usize = 11;
/// The longest token that is accepted. Twilio's have 32 characters.
const MAX_TOKEN_LENGTH: usize = 255;

/// Parses an id of Twilio: two letters that name the resource (`AC`, `MG`, `HX`) and 32 hexadecimal
/// digits.
///
/// # Errors
/// [`Problem::NotASid`].
pub fn parse_sid(prefix: &'static str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let digits = text.strip_prefix(prefix).ok_or(Problem::NotASid { prefix })?;
    let fine = text.len() == SID_LENGTH && digits.chars().all(|c| c.is_ascii_alphanumeric());
    if fine { Ok(text.to_owned()) } else { Err(Problem::NotASid { prefix }) }
}

/// Parses the Content SID of a WhatsApp template.
///
/// # Errors
/// [`Problem::NotASid`].
pub fn parse_content_sid(text: &str) -> Result<String, Problem> {
    let sid = parse_sid("HX", text)?;
    let is_hexadecimal = sid.bytes().skip(2).all(|byte| byte.is_ascii_hexdigit());
    if is_hexadecimal { Ok(sid) } else { Err(Problem::NotASid { prefix: "HX" }) }
}

/// Parses a sender of SMS: a phone number, a short code of three to eight digits, or an
/// alphanumeric name of at most eleven characters.
///
/// # Errors
/// [`Problem::NotASender`].
pub fn parse_sms_sender(text: &str, country: Country) -> Result<String, Problem> {
    let text = text.trim();
    let short_code = (3..=8).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit());
    if short_code || is_sender_name(text) {
        return Ok(text.to_owned());
    }
    PhoneNumber::parse(text, country).map(|number| number.to_string()).map_err(|_| Problem::NotASender)
}

/// Parses a WhatsApp sender, with or without Twilio's `whatsapp:` prefix.
///
/// # Errors
/// [`Problem::NotAPhone`].
pub fn parse_whatsapp_sender(text: &str, country: Country) -> Result<PhoneNumber, Problem> {
    let text = text.trim();
    PhoneNumber::parse(text.strip_prefix("whatsapp:").unwrap_or(text), country)
}

/// Parses an auth token.
///
/// # Errors
/// [`Problem::TooLong`], [`Problem::BadCharacters`].
pub fn parse_auth_token(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.len() > MAX_TOKEN_LENGTH {
        return Err(Problem::TooLong { max: MAX_TOKEN_LENGTH });
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Problem::BadCharacters);
    }
    Ok(text.to_owned())
}

/// True if the address is an alphanumeric sender name, to which nobody can reply.
pub fn is_sender_name(address: &str) -> bool {
    address.len() <= MAX_NAME_LENGTH
        && address.chars().any(|c| c.is_ascii_alphabetic())
        && address.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_sid_checks_prefix_and_length() {
        let sid = "AC0123456789abcdef0123456789abcdef";
        assert_eq!(parse_sid("AC", &format!(" {sid}\n")), Ok(sid.to_owned()));
        let wrong = Err(Problem::NotASid { prefix: "AC" });
        for text in ["", "AC", "AC1", &sid[..33], "MG0123456789abcdef0123456789abcdef", &format!("{sid}0")] {
            assert_eq!(parse_sid("AC", text), wrong, "{text}");
        }
        assert_eq!(
            parse_sid("AC", "AC0123456789abcdef0123456789abcd/."),
            wrong,
            "it becomes a part of a path"
        );
        assert_eq!(parse_sid("AC", &"ў".repeat(17)), wrong);
    }

    #[test]
    fn sms_senders_are_numbers_short_codes_and_names() {
        let sender = |text: &str| parse_sms_sender(text, Country::UZ);
        assert_eq!(sender(" 71 200 00 00").as_deref(), Ok("+998712000000"));
        assert_eq!(sender("33777").as_deref(), Ok("33777"));
        assert_eq!(sender("Aloqa 24").as_deref(), Ok("Aloqa 24"));
        for text in ["", "12", "Aloqa Support Team", "Алоқа", "+1", "whatsapp:+998712000000"] {
            assert_eq!(sender(text), Err(Problem::NotASender), "{text}");
        }
        assert!(is_sender_name("Uzum") && !is_sender_name("33777") && !is_sender_name("+998712000000"));
        assert!(!is_sender_name(""));
    }

    #[test]
    fn whatsapp_senders_parse_with_or_without_the_prefix() {
        for text in ["whatsapp:+998712000001", "+998 71 200 00 01", "71 200 00 01"] {
            let number = parse_whatsapp_sender(text, Country::UZ).map(|number| number.to_string());
            assert_eq!(number.as_deref(), Ok("+998712000001"), "{text}");
        }
        assert!(parse_whatsapp_sender("Aloqa", Country::UZ).is_err());
    }
}
