//! The format of Twilio's addresses: SMS addresses have no prefix, those of other transports do.

use crate::domain::Transport;

const WHATSAPP: &str = "whatsapp:";

/// Splits an address into its transport and the part without the prefix.
///
/// Prefixes other than WhatsApp's (`messenger:`, `rcs:`) are kept, since replies need them, and are
/// [`Transport::Other`]. The part after WhatsApp's prefix is not always a number
/// (`whatsapp:US.1234`).
pub(super) fn parse(address: &str) -> (Transport, &str) {
    match address.split_at_checked(WHATSAPP.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(WHATSAPP) => (Transport::Whatsapp, rest),
        _ if address.contains(':') => (Transport::Other, address),
        _ => (Transport::Sms, address),
    }
}

/// Formats an address for a transport; `None` if Twilio does not carry it for us.
pub(super) fn format(transport: Transport, address: &str) -> Option<String> {
    match transport {
        Transport::Sms => Some(address.to_owned()),
        Transport::Whatsapp => Some(format!("{WHATSAPP}{}", parse(address).1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_determine_the_transport() {
        assert_eq!(parse("+998901234567"), (Transport::Sms, "+998901234567"));
        assert_eq!(parse("whatsapp:+998901234567"), (Transport::Whatsapp, "+998901234567"));
        assert_eq!(parse("WhatsApp:US.1234"), (Transport::Whatsapp, "US.1234"));
        assert_eq!(parse("messenger:1234"), (Transport::Other, "messenger:1234"));
        assert_eq!(parse("ALOQA"), (Transport::Sms, "ALOQA"));
        assert_eq!(parse("Алоқа хизмати"), (Transport::Sms, "Алоқа хизмати"));
        assert_eq!(parse(""), (Transport::Sms, ""));
    }

    #[test]
    fn addresses_are_prefixed_once() {
        assert_eq!(format(Transport::Whatsapp, "+1").as_deref(), Some("whatsapp:+1"));
        assert_eq!(format(Transport::Whatsapp, "whatsapp:+1").as_deref(), Some("whatsapp:+1"));
        assert_eq!(format(Transport::Sms, "+1").as_deref(), Some("+1"));
        assert_eq!(format(Transport::Telegram, "+1"), None);
    }
}
