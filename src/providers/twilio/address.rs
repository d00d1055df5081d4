//! How Twilio writes addresses: a number alone is SMS, a prefix names another transport.

use crate::domain::Transport;

const WHATSAPP: &str = "whatsapp:";

/// Splits an address into its transport and the part that is the same on every transport.
///
/// Prefixes other than WhatsApp's (`messenger:`, `rcs:`) stay, for without them nobody could
/// answer, and are [`Transport::Other`]. What follows WhatsApp's prefix need not be a number
/// (`whatsapp:US.1234`).
pub(super) fn parse(address: &str) -> (Transport, &str) {
    match address.split_at_checked(WHATSAPP.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(WHATSAPP) => (Transport::Whatsapp, rest),
        _ if address.contains(':') => (Transport::Other, address),
        _ => (Transport::Sms, address),
    }
}

/// Writes an address for a transport; none when Twilio does not carry it for us.
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
    fn the_prefix_names_the_transport() {
        assert_eq!(parse("+998901234567"), (Transport::Sms, "+998901234567"));
        assert_eq!(parse("whatsapp:+998901234567"), (Transport::Whatsapp, "+998901234567"));
        assert_eq!(parse("WhatsApp:US.1234"), (Transport::Whatsapp, "US.1234"));
        assert_eq!(parse("messenger:1234"), (Transport::Other, "messenger:1234"));
        assert_eq!(parse("ALOQA"), (Transport::Sms, "ALOQA"));
        assert_eq!(parse("Алоқа хизмати"), (Transport::Sms, "Алоқа хизмати"));
        assert_eq!(parse(""), (Transport::Sms, ""));
    }

    #[test]
    fn an_address_is_prefixed_once() {
        assert_eq!(format(Transport::Whatsapp, "+1").as_deref(), Some("whatsapp:+1"));
        assert_eq!(format(Transport::Whatsapp, "whatsapp:+1").as_deref(), Some("whatsapp:+1"));
        assert_eq!(format(Transport::Sms, "+1").as_deref(), Some("+1"));
        assert_eq!(format(Transport::Telegram, "+1"), None);
    }
}
